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
mod commitment;
mod key;
mod open;
mod rejection;
mod submission;

pub use challenge::{Challenge, ChallengeKey, ChallengeKeys, MAX_PARTNER};
pub use commitment::{Disclosure, Salts, check};
pub use key::PublicKey;
pub use open::{Expected, Opened, SignatureVerifier, Unsealed, open, unseal};
pub use rejection::Rejection;
pub use submission::{Content, Draft, ENGINE, Recipient, SealError, Sealed, attach, seal};

/// The most bytes of a submission.
pub const MAX_TOKEN: usize = 16 * 1024;
