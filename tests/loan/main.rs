//! Loans against published figures.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]

mod faults;
mod properties;
mod rates;
mod streams;
