//! After the waist: what the policy decides on a summary.
//!
//! Order of the decision: rules, score, grade; then for each product and
//! term the price, the limit at that price, and the offer.

mod assess;
mod decision;
mod encode;
mod evaluate;
mod offer;
mod outlook;
mod price;
mod quote;
mod recommend;
mod repayments;
mod steps;
mod trace;
mod unreduced;

pub use decision::{
    Constraint, Decision, Eligibility, Limit, Offer, OfferFee, Recommended, Refusal, RefusalReason,
    Why,
};
pub(crate) use outlook::Asked;
pub use outlook::Outlook;
pub use quote::Quote;
pub use repayments::Repayments;
pub use steps::Steps;
pub use trace::{BinHit, Trace};

/// What a policy decides on a summary.
///
/// SAME BITS: equal policy and summary give equal canonical bytes of
/// `decision` on every target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is decided, which is digested.
    pub decision: Decision,
    /// How it came about, which is not.
    pub trace: Trace,
}
