//! `peers`: real applications, and loans against another implementation.

mod applications;
mod loans;
mod python;

use anyhow::Result;

/// What to draw.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Draws the same loans again; told where it is not given
    #[arg(long)]
    seed: Option<u64>,
}

/// Compares with each.
pub(crate) fn run(options: &Options) -> Result<()> {
    loans::run(options.seed.unwrap_or_else(|| fastrand::u64(..)))?;
    applications::run()
}
