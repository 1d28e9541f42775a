//! The policy language: what compiles, what it comes to, and what is refused.

#![allow(
    clippy::expect_used,
    clippy::inconsistent_digit_grouping,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test"
)]

mod after;
mod asked;
mod base;
mod catalogue;
mod cross_checks;
mod diagnostics;
mod explained;
mod formulas;
mod offers;
mod presence;
mod ranges;
mod robust;
mod rows;
mod schema;
mod tiers;
