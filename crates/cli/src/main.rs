//! `prequal`: what authors and operators of policies type.
//!
//! Exit codes: 0 yes, 1 the answer is no, 2 bad use or input.

mod build;
mod check;
mod output;
mod source;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks, builds, tests and serves pre-screening policies.
///
/// Exit codes: 0 yes, 1 the answer is no, 2 bad use or input.
#[derive(Parser, Debug)]
#[command(name = "prequal", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Check policies and show what their summaries reveal
    Check(check::Arguments),
    /// Compile policies into a folder
    Build(build::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
    };
    match result {
        Ok(answer) => answer.code(),
        Err(failure) => {
            output::complain(&failure.to_string());
            ExitCode::from(2)
        }
    }
}
