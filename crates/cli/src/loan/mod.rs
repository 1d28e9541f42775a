//! `prequal loan`: a loan's figures, without a policy.

mod rate;
mod schedule;
mod stream;
mod told;

use clap::Subcommand;

use crate::output::{Answer, Failure};

/// Check a loan's figures: JSON in, JSON out
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Rate(rate::Arguments),
    Schedule(schedule::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    match &arguments.command {
        Command::Rate(arguments) => rate::run(arguments),
        Command::Schedule(arguments) => schedule::run(arguments),
    }
}
