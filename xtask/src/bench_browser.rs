//! `bench-browser`: one assessment in Chromium, by both ways across the boundary and beside JavaScript by hand; and what the
//! page takes to follow a key or a slider on a slow phone.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use crate::{build, npm, project, step, tools};

/// A policy that is made to be measured, with an applicant.
const MADE: &str = "benches/twelve-offers";

/// Builds everything and times it.
pub(crate) fn run() -> Result<()> {
    let chromium = tools::chromium()?;
    build::all()?;
    npm::install(&project::path("tests"))?;
    let made = make()?;
    let time = |name: &str, program: &str| {
        let mut command = tools::node_command()?;
        command
            .arg(project::path(program))
            .current_dir(project::root())
            .env("CHROMIUM", &chromium)
            .env("PREQUAL_BIN", build::binary()?)
            .env("PREQUAL_POLICIES", build::folder())
            .env("PREQUAL_MADE", &made);
        step::say(step::answer(name, &mut command)?.trim_end());
        anyhow::Ok(())
    };
    time("bench in Chromium", "tests/js/bench/run.mjs")?;
    time("bench of the page", "tests/browser/bench/recompute.mjs")
}

/// Compiles the policy that is made for this; the folder that has it.
fn make() -> Result<PathBuf> {
    let source = project::path(MADE);
    let folder = project::target().join("xtask/made");
    fs::create_dir_all(&folder)?;
    let compiled = prequal_compiler::compile(&source).map_err(|errors| anyhow!("{errors}"))?;
    let made = folder.join(source.file_name().unwrap_or_default());
    fs::write(made.with_extension("policy"), compiled.policy)?;
    let applicant: &Path = &source.join("applicant.json");
    fs::copy(applicant, made.with_extension("json"))?;
    Ok(folder)
}
