//! Bindings for JavaScript: conversions and nothing else.
//!
//! Two ways across. *Objects* for what happens once: every function takes and
//! gives plain objects whose TypeScript types are generated from the Rust
//! types, and answers with a union tagged by `status`; nothing is thrown but a
//! policy that cannot be loaded, as an object with a stable `code`. *A handle*
//! for every keystroke: plain numbers in, packed numbers out.
//!
//! Two modules, each behind a feature of its name, so that a borrower waits
//! for the first one only: `estimate` holds all up to the outcome, `sealing`
//! writes and opens submissions and is fetched when something is sent.

#[cfg(feature = "estimate")]
pub mod applicant;
#[cfg(feature = "estimate")]
pub mod estimate;
#[cfg(feature = "estimate")]
mod inputs;
mod read;
#[cfg(feature = "sealing")]
pub mod sealing;
#[cfg(feature = "estimate")]
pub mod views;
#[cfg(feature = "estimate")]
mod write;

use serde::Serialize;
use tsify::Tsify;

/// Two-level segregated fit: constant time, and a fifth of the code of what the
/// standard library brings for this target.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Something that went wrong, with a stable code.
#[derive(Serialize, Tsify)]
pub struct Fault {
    /// A stable code.
    pub code: String,
    /// What is wrong and what would be right, for developers.
    pub message: String,
}
