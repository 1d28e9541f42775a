//! `bench-browser`: one assessment in Chromium, by both ways across the boundary and beside JavaScript by hand.

use std::process::Command;

use anyhow::Result;

use crate::{build, npm, project, step, tools};

/// Builds the module and the policies and times them.
pub(crate) fn run() -> Result<()> {
    let chromium = tools::chromium()?;
    build::engine()?;
    npm::install(&project::path("tests"))?;
    let mut command = Command::new("node");
    command
        .arg(project::path("tests/js/bench/run.mjs"))
        .current_dir(project::root())
        .env("CHROMIUM", chromium)
        .env("PREQUAL_POLICIES", build::folder());
    step::say(step::answer("bench in Chromium", &mut command)?.trim_end());
    Ok(())
}
