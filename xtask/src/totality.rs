//! `totality`: random policies, compiled and assessed by the engine and by a second, naive interpreter.

use anyhow::Result;
use clap::Args;

use crate::{project, step};

/// How many policies, and which.
#[derive(Args)]
pub(crate) struct Options {
    /// Policies to generate
    #[arg(long, default_value_t = 10_000)]
    policies: u64,
    /// The first policy's seed, each following one has the next; any number when left out
    #[arg(long)]
    seed: Option<u64>,
}

/// Builds the comparison with optimisation and runs it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let seed = options.seed.unwrap_or_else(|| u64::from(fastrand::u32(..)));
    let mut command = project::cargo();
    command
        .args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "prequal-totality",
            "--",
        ])
        .args(["--policies", &options.policies.to_string()])
        .args(["--seed", &seed.to_string()]);
    let report = step::answer("totality", &mut command)?;
    step::say(report.trim_end());
    Ok(())
}
