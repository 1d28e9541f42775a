//! Where things are: the checkout, its output folders, its policies.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout that this binary was compiled from.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// A path inside the checkout.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo's output folder: `CARGO_TARGET_DIR`, else `target/` in the checkout.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => path("target"),
    }
}

/// The cargo that runs us.
pub(crate) fn cargo() -> std::process::Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(program);
    command.current_dir(root());
    command
}

/// The source folders of all policies, in order of their names.
pub(crate) fn policies() -> Result<Vec<PathBuf>> {
    let folder = path("policies");
    prequal_compiler::policy_folders(&folder)
        .with_context(|| format!("cannot read `{}`", folder.display()))
}

/// The source folders of all policies and catalogues, in order of their names.
pub(crate) fn sources() -> Result<Vec<PathBuf>> {
    let folder = path("policies");
    let mut found = policies()?;
    for entry in
        fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))?
    {
        let candidate = entry?.path();
        if candidate.join("catalogue.toml").is_file() {
            found.push(candidate);
        }
    }
    found.sort();
    Ok(found)
}

/// The files of a policy's own cases, in order of their names.
pub(crate) fn cases(policy: &str) -> Result<Vec<PathBuf>> {
    let folder = path("policies").join(policy).join("cases");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    Ok(files)
}

/// The last part of a path, for people to read.
pub(crate) fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// The version that `Cargo.lock` holds for a package.
pub(crate) fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(path("Cargo.lock")).context("cannot read `Cargo.lock`")?;
    let heading = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != heading);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("`Cargo.lock` holds no package `{package}`"))
}
