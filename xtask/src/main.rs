//! Build, serve, test, size, fuzzing, parity, benchmarks and peers: one command each.
//!
//! `cargo xtask --help` lists them. Whatever a command needs beyond Rust, Node and npm it brings itself, or says how to
//! get it.

mod bench_browser;
mod build;
mod fuzz;
mod npm;
mod parity;
mod peers;
mod pieces;
mod project;
mod serve;
mod size;
mod step;
mod test;
mod tiers;
mod tools;
mod totality;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the wasm package, the policies and the front end
    Build(build::Options),
    /// Build everything, then run the service on this machine with its demo pages
    Serve(serve::Options),
    /// Run every test; ends with `N passed, N failed`
    Test(test::Options),
    /// Give every parser and the decoder of policies inputs that reach ever more of them; needs a C++ compiler
    Fuzz(fuzz::Options),
    /// Compare the native engine with the shipped module over random applicants and random plans
    Parity(parity::Options),
    /// Compare decisions on summaries with decisions on answers over random applicants, for every policy
    Tiers(tiers::Options),
    /// Hold random loans against numpy-financial; run the 1 000 applications of the Statlog German data through
    /// `german-credit`, natively and in wasm, and measure the recipe of its card
    Peers(peers::Options),
    /// Time one assessment in Chromium: as objects, through the handle, and by hand in JavaScript; and the page that follows
    /// keys and sliders on a processor slowed down to a phone's
    BenchBrowser,
    /// Compare the engine with a naive interpreter over random policies, and find every planted bug
    Totality(totality::Options),
    /// Print what is delivered, raw and compressed; fails above a budget
    Size,
}

fn main() -> std::process::ExitCode {
    let result = match Arguments::parse().command {
        Command::Build(options) => build::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Parity(options) => parity::run(&options),
        Command::Tiers(options) => tiers::run(&options),
        Command::Peers(options) => peers::run(&options),
        Command::BenchBrowser => bench_browser::run(),
        Command::Totality(options) => totality::run(&options),
        Command::Size => size::run(),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
