//! `serve`: the whole product on this machine.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::{build, project, step};

/// Where to serve and what to keep.
#[derive(Args)]
pub(crate) struct Options {
    /// The lender's address: the borrower's page and the interface
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The partner's address: a web shop with the widget in it
    #[arg(long, default_value = "127.0.0.1:8081")]
    shop: SocketAddr,
    /// The folder of the database and the keys; created when missing
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

/// Builds everything and becomes the service.
pub(crate) fn run(options: &Options) -> Result<()> {
    build::all()?;
    let mut command = Command::new(build::binary()?);
    command
        .current_dir(project::root())
        .arg("serve")
        .arg("--site")
        .arg(project::path("www/dist"))
        .arg("--policies")
        .arg(build::folder())
        .arg("--data")
        .arg(&options.data)
        .arg("--listen")
        .arg(options.listen.to_string())
        .arg("--shop")
        .arg(options.shop.to_string());
    step::say("");
    step::say(&format!(
        "  the borrower's page  http://{}/",
        options.listen
    ));
    step::say(&format!("  the partner's shop   http://{}/", options.shop));
    step::say("  Ctrl-C stops both");
    step::say("");
    become_command(&mut command)
}

/// Hands this process over, so that Ctrl-C and signals reach the service itself and its exit code is ours.
#[cfg(unix)]
fn become_command(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(anyhow::Error::new(command.exec()).context("cannot start the service"))
}

/// Waits for the service; the console sends Ctrl-C to both.
#[cfg(not(unix))]
fn become_command(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    anyhow::ensure!(status.success(), "the service ended with {status}");
    Ok(())
}
