//! The shipped module in Node, fed with cases.

use std::io::{BufWriter, Write};
use std::process::{ChildStdin, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{build, project, tools};

/// What the harness found.
pub(crate) struct Found {
    pub(crate) cases: u64,
    pub(crate) mismatches: u64,
    /// The first mismatches, in full.
    pub(crate) shown: Vec<String>,
}

/// Holds the module against the cases of a policy that `write` writes, a line each.
pub(crate) fn compare(
    policy: &str,
    write: impl FnOnce(&mut BufWriter<ChildStdin>) -> Result<()>,
) -> Result<Found> {
    let mut harness = tools::node_command()?
        .arg(project::path("tests/js/parity.mjs"))
        .arg(build::folder().join(format!("{policy}.policy")))
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
    let answer: Value =
        serde_json::from_slice(&output.stdout).context("the harness printed no result")?;
    let number = |member: &str| {
        answer
            .get(member)
            .and_then(Value::as_u64)
            .with_context(|| format!("no `{member}` in the harness's result"))
    };
    let shown = answer
        .get("shown")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    Ok(Found {
        cases: number("cases")?,
        mismatches: number("mismatches")?,
        shown: shown.filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}
