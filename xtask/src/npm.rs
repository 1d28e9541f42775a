//! npm: exact installs from a committed lock, and scripts.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{project, step};

/// Where an install writes the lock that it was made from.
const STAMP: &str = "node_modules/.installed-from";

/// Installs what `package-lock.json` in a folder names, unless that very lock is installed already.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read `{}`", lock.display()))?;
    let stamp = folder.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let name = format!("npm ci in {}", project::name(folder));
    step::run(
        &name,
        npm(folder).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]),
    )?;
    // Last: `npm ci` empties node_modules first, so an install that broke off leaves no stamp.
    fs::write(stamp, wanted)?;
    Ok(())
}

/// npm in a folder, to be given its arguments.
pub(crate) fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// A script of a package in `tests/node_modules`, run by node.
pub(crate) fn tool(script: &str) -> Command {
    let mut command = Command::new("node");
    command
        .arg(project::path("tests/node_modules").join(script))
        .current_dir(project::root());
    command
}
