//! Random applicants of a policy, the same ones for the same seed; and random ways to pay back, with their fees.
//!
//! Whatever a policy compares with is stood upon: answers lie on the ends of their ranges, on edges of bands, bins,
//! cells and constants, a step to either side, and anywhere between, so that a few thousand applicants reach nearly all
//! that a policy tells apart. Some answers are moved so that a feature comes to lie on an edge, whatever else was answered.
//!
//! ```
//! use prequal_sample::Applicants;
//!
//! let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../compiler/tests/base");
//! let policy = prequal_compiler::compile(folder.as_ref()).map_err(|e| e.to_string())?.loaded;
//! for applicant in Applicants::new(&policy, 7).take(100) {
//!     let summary = applicant.summarise(&policy).map_err(|errors| format!("{errors:?}"))?;
//!     assert_eq!(summary.policy(), policy.hash());
//! }
//! # Ok::<(), String>(())
//! ```

mod applicant;
mod chase;
pub mod construct;
mod draw;
mod goal;
mod number;
mod pages;
mod repayment;
mod steer;
mod thresholds;
mod tiers;

pub use applicant::Applicant;
pub use draw::Applicants;
pub use goal::can_bind;
pub use number::{between, once_in};
pub use pages::Opened;
pub use repayment::{fees, repayment};
pub use tiers::Comparison;
