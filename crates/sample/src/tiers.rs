//! How close decisions on summaries are to decisions on answers.

use prequal::{Features, Outcome, Policy};

/// What a policy decides on a summary, and on the features that it was reduced
/// from.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// On the summary.
    pub reduced: Outcome,
    /// On the features.
    pub whole: Outcome,
}

impl Comparison {
    /// Decides both ways.
    pub fn of(policy: &Policy, features: &Features) -> Comparison {
        Comparison {
            reduced: policy.assess(&policy.reduce(features)),
            whole: policy.assess_unreduced(features),
        }
    }

    /// EXACT: the same rules fire, the same bins are hit, the score is the same.
    pub fn is_exact(&self) -> bool {
        let score = |outcome: &Outcome| (outcome.decision.score, outcome.decision.grade.clone());
        self.reduced.trace == self.whole.trace && score(&self.reduced) == score(&self.whole)
    }

    /// By how much the limit is lower on the summary, in minor units.
    /// CONSERVATIVE: it is not negative.
    pub fn shortfall(&self) -> i64 {
        limit(&self.whole) - limit(&self.reduced)
    }
}

/// The limit in minor units; 0 where there is none.
pub(crate) fn limit(outcome: &Outcome) -> i64 {
    let limit = outcome.decision.limit.as_ref();
    limit.map_or(0, |limit| limit.amount.minor())
}
