//! The policies, compiled by the product's own command line.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};
use prequal::Policy;

use crate::{project, step};

/// Compiles every policy to `target/policies`.
pub(super) fn build() -> Result<()> {
    let binary = binary()?;
    let sources = project::policies()?;
    ensure!(
        !sources.is_empty(),
        "`policies` holds no folder with a policy.toml"
    );
    for source in sources {
        let mut command = Command::new(&binary);
        command
            .arg("build")
            .arg(&source)
            .arg("--out")
            .arg(folder())
            .current_dir(project::root());
        step::run(&format!("policy {}", project::name(&source)), &mut command)?;
    }
    Ok(())
}

/// Where compiled policies go.
pub(crate) fn folder() -> PathBuf {
    project::target().join("policies")
}

/// Builds the command line and returns the path of its binary, `prequal`.
pub(crate) fn binary() -> Result<PathBuf> {
    step::run(
        "prequal",
        project::cargo().args(["build", "--package", "prequal-cli"]),
    )?;
    Ok(project::target()
        .join("debug")
        .join(format!("prequal{}", std::env::consts::EXE_SUFFIX)))
}

/// Every compiled policy with its name, in order of their names.
pub(crate) fn compiled() -> Result<Vec<(String, Policy)>> {
    let load = |source: PathBuf| {
        let name = project::name(&source);
        let path = folder().join(format!("{name}.policy"));
        let bytes = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let policy =
            Policy::decode(&bytes).map_err(|error| anyhow!("`{}`: {error}", path.display()))?;
        Ok((name, policy))
    };
    project::policies()?.into_iter().map(load).collect()
}
