//! The waist: all of a borrower that leaves the device, and the only input of
//! a decision.

mod open;
mod reduce;

pub use open::{FeatureValue, SummaryError, SummaryFields};
pub use reduce::{FeatureCell, KindName};

use crate::policy::{Policy, Value};
use crate::{AnswerError, Answers, Date, Digest, Request};

/// A summary that its policy admits: every feature is at its declared
/// precision.
///
/// SUFFICIENT SUMMARY: [`Policy::assess`] reads nothing but the policy and
/// this. It holds no salt, no key and nothing random, so equal cells make
/// equal bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    facts: Facts,
    fields: SummaryFields,
}

/// What a decision reads, with names resolved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    /// The date of the decision.
    pub(crate) as_of: Date,
    /// The product asked for, by index.
    pub(crate) product: usize,
    /// The amount asked for, in minor units.
    pub(crate) amount: i64,
    /// The term asked for, in months.
    pub(crate) term: u16,
    /// The reduced features, in declared order.
    pub(crate) features: Vec<Value>,
}

impl Summary {
    /// The canonical JSON text: what is sent, hashed and signed.
    pub fn canonical(&self) -> String {
        self.fields.to_json().to_canonical()
    }

    /// The policy it is a summary for.
    pub fn policy(&self) -> Digest {
        self.fields.policy
    }

    /// Its members, for reading.
    pub fn fields(&self) -> &SummaryFields {
        &self.fields
    }

    /// Its members, for taking away.
    pub fn into_fields(self) -> SummaryFields {
        self.fields
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl Policy {
    /// Answers to a summary: derived, then reduced to the declared precision.
    ///
    /// # Errors
    /// Every wrong answer at once, by field.
    pub fn summarise(
        &self,
        answers: &Answers,
        request: &Request,
        as_of: Date,
    ) -> Result<Summary, Vec<AnswerError>> {
        self.derive(answers, request, as_of)
            .map(|features| self.reduce(&features))
    }
}
