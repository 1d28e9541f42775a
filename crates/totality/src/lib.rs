//! A policy that compiles never fails at assessment: random policies, compiled
//! and assessed by the engine and by a second, naive interpreter.

mod author;
mod compare;
mod compiled;
mod coverage;
mod generate;
mod model;
mod naive;
mod run;
mod summaries;

pub use run::{BUG_BUDGET, Options, Report, run};
