//! What comes of a summary, on policies compiled for the test.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test")]

mod conditions;
mod offers;
mod outlook;
mod policies;
