#![doc = include_str!("../README.md")]

mod answers;
mod applicant;
mod canonical;
mod date;
mod digest;
pub mod loan;
mod math;
mod members;
mod money;
mod outcome;
pub mod policy;
mod ratio;
mod request;
pub mod seal;
mod serialize;
mod summary;
#[cfg(all(target_arch = "wasm32", any(feature = "estimate", feature = "sealing")))]
pub mod wasm;

pub use answers::{Answer, AnswerError, AnswerFault, AnswerSteps, Answers, Features};
pub use applicant::Applicant;
pub use canonical::{Json, NotCanonical};
pub use date::{Date, DateError};
pub use digest::Digest;
pub use members::Members;
pub use money::{Currency, LARGEST, Money};
pub use outcome::{
    BinHit, Constraint, Decision, Eligibility, Limit, Offer, OfferFee, Outcome, Outlook, Quote,
    Recommended, Refusal, RefusalReason, Repayments, Steps, Trace, Why,
};
pub use policy::{Policy, PolicyError};
pub use ratio::{Ratio, Rounding};
pub use request::Request;
pub use summary::{FeatureCell, FeatureValue, KindName, Summary, SummaryError, SummaryFields};
