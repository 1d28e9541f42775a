//! `prequal`: what authors and operators of policies type.
//!
//! Exit codes: 0 yes, 1 the answer is no, 2 bad use or input.

mod application;
mod assess;
mod build;
mod case;
mod check;
mod coverage;
mod diff;
mod eval;
mod explain;
mod figure;
mod fmt;
mod loan;
mod output;
mod schema;
mod serve;
mod source;
mod steps;
mod test;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks, tests, explains, compares, builds and serves pre-screening policies.
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
    Test(test::Arguments),
    /// Format policies' files
    Fmt(fmt::Arguments),
    /// Print the JSON Schema of a kind of file, for editors
    Schema(schema::Arguments),
    /// Decide on answers
    Assess(assess::Arguments),
    Eval(eval::Arguments),
    Explain(explain::Arguments),
    Diff(diff::Arguments),
    Loan(loan::Arguments),
    /// Open a submission and decide again
    Verify(verify::Arguments),
    /// Serve the pages, the policies and the interface
    Serve(serve::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Assess(arguments) => assess::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Loan(arguments) => loan::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Serve(arguments) => serve::run(arguments),
    };
    match result {
        Ok(answer) => answer.code(),
        Err(failure) => {
            output::complain(&failure.to_string());
            ExitCode::from(2)
        }
    }
}
