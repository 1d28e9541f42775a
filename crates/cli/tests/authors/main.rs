//! The tools of whoever writes policies: coverage, `eval`, `explain` and `diff`.

#![allow(
    clippy::expect_used,
    clippy::inconsistent_digit_grouping,
    clippy::indexing_slicing,
    reason = "tests stop where something is not as it has to be"
)]

mod coverage;
mod diff;
mod eval;
mod explain;
#[path = "../support/mod.rs"]
mod support;
