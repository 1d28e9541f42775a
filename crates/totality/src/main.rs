//! `totality --policies N --seed S`: prints what was tried, reached and found,
//! and fails if anything is not as it should be.

use std::process::ExitCode;

use clap::Parser;
use prequal_totality::{Options, run};

/// Random policies against a second, naive interpreter.
#[derive(Parser)]
struct Arguments {
    /// How many policies to generate
    #[arg(long, default_value_t = 10_000)]
    policies: u64,
    /// The first policy's seed; each following one has the next
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let Arguments { policies, seed } = Arguments::parse();
    let report = run(Options { policies, seed });
    match report.verdict() {
        Ok(()) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprintln!("{report}\nerror: {wrong}");
            ExitCode::FAILURE
        }
    }
}
