//! From a summary to a signed submission, and back: challenge, commitments,
//! the one strict form, opening, and the closed set of rejections.
//!
//! A submission proves that the holder of a key signed exactly these bytes,
//! for this partner, policy and challenge. It does not prove that the answers
//! are true; so whoever opens it recomputes.
//!
//! Pure: times, nonces, salts, keys and the check of a signature are
//! arguments.

mod challenge;
mod rejection;

pub use challenge::{Challenge, ChallengeKey, ChallengeKeys, MAX_PARTNER};
pub use rejection::Rejection;
