//! A policy that compiles never fails at assessment, and means the same to a
//! second interpreter; `cargo xtask totality` tries more.

#![allow(clippy::panic, reason = "a test")]

use prequal_totality::{Options, run};

/// Enough for every construct to be reached.
const POLICIES: u64 = 400;

#[test]
fn what_compiles_is_decided_alike_by_a_second_interpreter() {
    let report = run(Options {
        policies: POLICIES,
        seed: 1,
    });
    if let Err(wrong) = report.verdict() {
        panic!("{report}\n{wrong}");
    }
}
