//! From answers to a signed submission and back, natively: what holds is
//! opened, and everything else is refused with its code.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where it stands on something else than it thought"
)]

mod fixture;
mod forged;
mod opened;
#[allow(dead_code, reason = "its `main` runs as a program only")]
#[path = "../../examples/reverify.rs"]
mod reverify;
mod tampered;
