//! The shipped module in Node, fed with cases.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{ChildStdin, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::case::Form;
use crate::{project, tools};

/// What the harness found.
#[derive(Deserialize)]
pub(crate) struct Found {
    pub(crate) cases: u64,
    /// The numbers of cases that differ, from 0.
    pub(crate) mismatches: Vec<u64>,
    /// The first mismatches, in full.
    pub(crate) shown: Vec<String>,
}

/// Holds the module against the cases that `write` writes, a line each: decisions by a compiled policy, or plans of
/// policies that the lines bring.
pub(crate) fn compare(
    policy: Option<&Path>,
    form: Form,
    write: impl FnOnce(&mut BufWriter<ChildStdin>) -> Result<()>,
) -> Result<Found> {
    let mut harness = tools::node_command()?
        .arg(project::path("tests/js/parity.mjs"))
        .arg(form.name())
        .args(policy)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node")?;
    let mut input = BufWriter::new(harness.stdin.take().context("node has no standard input")?);
    let written = write(&mut input).and_then(|()| Ok(input.flush()?));
    // The end of its input is what the harness waits for.
    drop(input);
    let output = harness.wait_with_output()?;
    ensure!(
        output.status.success(),
        "the harness ended with {}",
        output.status
    );
    written?;
    serde_json::from_slice(&output.stdout).context("the harness printed no result")
}
