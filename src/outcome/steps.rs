//! What each step of a decision came to: for explanations, never digested.

use super::evaluate::{Evaluation, Terms};
use super::trace::BinHit;
use crate::policy::{Policy, Value};
use crate::summary::Summary;
use crate::{Money, Ratio, Request};

/// One look at a summary on given terms, step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// What each node of [`Body::decide`](crate::policy::Body::decide) came to.
    pub values: Vec<Value>,
    /// The score, where there is a card.
    pub score: Option<i64>,
    /// The probability of going bad that it stands for.
    pub probability: Option<Ratio>,
    /// Its grade, by index.
    pub grade: Option<usize>,
    /// The card that counts, by index.
    pub card: Option<usize>,
    /// The bin of each of its characteristics.
    pub bins: Vec<BinHit>,
    /// The nominal yearly rate, discounts taken off.
    pub annual_rate: Ratio,
    /// What can be paid back of the product; absent where nothing is asked of
    /// it.
    pub affordable: Option<Money>,
}

impl Policy {
    /// Looks at a summary on these terms, whatever it asks for itself. An
    /// assessment looks so at what is asked for and at every offer.
    ///
    /// `None` for a summary of another policy or a product that there is not.
    pub fn steps(&self, summary: &Summary, terms: &Request) -> Option<Steps> {
        let mut products = self.body().products.iter().enumerate();
        let (product, lent) = products.find(|(_, p)| p.id.as_str() == terms.product)?;
        if summary.policy() != self.hash() {
            return None;
        }
        let terms = Terms {
            product,
            term: terms.term,
            amount: terms.amount.minor(),
        };
        let evaluation = Evaluation::of(self, summary.facts(), terms);
        let annual_rate = self.rate(lent, &evaluation);
        let mut cards = self.body().cards.iter();
        let holds = |when| evaluation.value(when).is_true();
        let bins = self.bins_of(&evaluation).map(BinHit::from).collect();
        Some(Steps {
            score: evaluation.score.map(|score| score.points),
            probability: evaluation.score.map(|score| score.probability),
            grade: evaluation.score.map(|score| score.grade),
            card: cards.position(|card| card.when.is_none_or(holds)),
            bins,
            annual_rate,
            affordable: self.affordable(lent, terms.term, &evaluation),
            values: evaluation.into_values(),
        })
    }
}
