//! The service, over its own port on loopback.

#![allow(
    clippy::expect_used,
    clippy::inconsistent_digit_grouping,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test"
)]

mod bench;
mod limits;
mod log;
mod pages;
mod start;
mod store;
mod submissions;
