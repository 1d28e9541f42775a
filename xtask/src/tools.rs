//! Programs that are not Rust's: found, or asked for in words.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The oldest Node that the package supports.
const NODE: u32 = 20;

/// Where Chromium is looked for, in this order, after `CHROMIUM`.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Checks Node and npm.
///
/// # Errors
/// When Node is missing or older than 20, or npm is missing.
pub(crate) fn node() -> Result<()> {
    let how = "install Node 20 or later with npm (https://nodejs.org, or `apt-get install nodejs npm` on Debian 13)";
    let version =
        output("node", &["--version"]).with_context(|| format!("node is missing; {how}"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|digits| digits.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("node is {version}, too old; {how}");
    }
    output("npm", &["--version"]).with_context(|| format!("npm is missing; {how}"))?;
    Ok(())
}

/// Node, to be given a program that uses the engine heavily.
///
/// The V8 of Node 20 now and then aborts ("unreachable code" in its deoptimizer) where it has inlined calls from
/// JavaScript into wasm, so there that optimisation is off. Call it after [`node`] has found Node.
pub(crate) fn node_command() -> Result<Command> {
    let mut command = Command::new("node");
    if output("node", &["--version"])?.starts_with("v20.") {
        command.arg("--no-turbo-inline-js-wasm-calls");
    }
    Ok(command)
}

/// Python, without leaving its caches beside the sources.
///
/// # Errors
/// When Python is missing or has no TOML reader of its own.
pub(crate) fn python() -> Result<Command> {
    let how = "install Python 3.11 or later (`apt-get install python3`)";
    output("python3", &["-c", "import tomllib"])
        .with_context(|| format!("python3 is missing or older than 3.11; {how}"))?;
    let mut command = Command::new("python3");
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

/// Checks that the compiler has the wasm target.
///
/// # Errors
/// When the target's standard library is not installed.
pub(crate) fn wasm_target() -> Result<()> {
    let folder = output(
        "rustc",
        &[
            "--print",
            "target-libdir",
            "--target",
            "wasm32-unknown-unknown",
        ],
    )?;
    if !Path::new(&folder).is_dir() {
        bail!("the wasm target is missing; run `rustup target add wasm32-unknown-unknown`");
    }
    Ok(())
}

/// The system's Chromium: `CHROMIUM` when set, else the first of the usual names on `PATH`.
///
/// # Errors
/// When there is none.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    let folders: Vec<PathBuf> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    CHROMIUM
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
        .context(
            "chromium is missing; run `apt-get install chromium fonts-noto-cjk`, or set CHROMIUM to the path of one",
        )
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output()?;
    if !output.status.success() {
        bail!(
            "`{program} {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
