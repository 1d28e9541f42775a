//! The price that a shop shows before anything was answered.

use serde::Serialize;

use super::evaluate::{Evaluation, Terms};
use crate::policy::{Policy, Value};
use crate::summary::Facts;
use crate::{AnswerError, Date, Money, Ratio, Request};

/// A representative price: what the policy's quoted grade would pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Quote {
    /// The grade that it stands for; absent without a card.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub grade: Option<String>,
    /// The amount asked for.
    pub amount: Money,
    /// The term in months.
    pub term: u16,
    /// The nominal yearly rate.
    pub annual_rate: Ratio,
    /// How many instalments there are.
    pub instalments: u16,
    /// Whether all of them but the last are the same.
    pub level: bool,
    /// The first instalment, fees with it as with all of them.
    pub instalment: Money,
    /// The largest one.
    pub largest_instalment: Money,
    /// The last one, which takes the remainder.
    pub last_instalment: Money,
    /// What is paid out, less what is paid back at once.
    pub received: Money,
    /// All interest.
    pub interest: Money,
    /// All fees that the borrower pays.
    pub fee_total: Money,
    /// All that is paid.
    pub total: Money,
    /// The all-in annual rate, simple.
    pub simple_rate: Ratio,
    /// The all-in annual rate, compound.
    pub compound_rate: Ratio,
}

impl Policy {
    /// The representative price of a request on a day, without discounts. It
    /// reads no answers: a checked policy's rates read no feature, so any
    /// number may stand for them.
    ///
    /// # Errors
    /// What is wrong with the request; or that its amount has no figures, as
    /// where a fee takes all of it.
    pub fn quote(&self, request: &Request, as_of: Date) -> Result<Quote, Vec<AnswerError>> {
        let product = self.admit_request(request, as_of)?;
        let facts = Facts {
            as_of,
            product,
            amount: request.amount.minor(),
            term: request.term,
            features: self
                .feature_ranges
                .iter()
                .map(|range| Value::new(range.low))
                .collect(),
        };
        let terms = Terms {
            product,
            term: request.term,
            amount: facts.amount,
        };
        let evaluation = Evaluation::with(self, &facts, terms, |_| self.quoted_score());
        let unpriced = || {
            vec![AnswerError::new(
                "request.amount",
                crate::AnswerFault::TooLarge,
            )]
        };
        let chosen = self.body().products.get(product).ok_or_else(unpriced)?;
        let annual_rate = evaluation.ratio(chosen.rate);
        let loan = chosen
            .repayment
            .terms(request.amount, annual_rate, request.term, as_of);
        let cost = chosen.cost(&loan).ok_or_else(unpriced)?;
        let shape = cost.schedule.shape();
        let grade = evaluation
            .score
            .and_then(|score| self.body().grades.get(score.grade));
        Ok(Quote {
            grade: grade.map(|grade| grade.id.to_string()),
            amount: request.amount,
            term: request.term,
            annual_rate,
            instalments: loan.instalments,
            level: shape.level,
            instalment: shape.first,
            largest_instalment: shape.largest,
            last_instalment: shape.last,
            received: cost.received,
            interest: cost.interest,
            fee_total: cost.fees,
            total: cost.total,
            simple_rate: cost.rate.simple,
            compound_rate: cost.rate.compound,
        })
    }
}
