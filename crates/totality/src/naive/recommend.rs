//! Which offer is best for most who ask: by what was asked for, then without
//! a person's look, then by whom it suits, headroom and cost, then the
//! lender's order.

use std::cmp::Reverse;

use serde_json::{Value as Json, json};

use super::Naive;
use super::bug::Bug;
use super::offer::Made;

impl Naive {
    /// The best of the offers in the lender's order, and what speaks for it
    /// before the best of those that are not its equal.
    pub(crate) fn recommended(&self, offers: &[Made]) -> Option<Json> {
        let bugs = self.bugs;
        let marks = |made: &Made| {
            let (five, four) = (made.amount * 5, made.limit.0 * 4);
            let strict = bugs.has(Bug::HeadroomLeavesEqualOut);
            let roomy = if strict { five < four } else { five <= four };
            [
                ("amount", made.amount),
                ("no_review", i128::from(!made.review)),
                ("suits", i128::from(made.suits)),
                ("headroom", i128::from(roomy)),
                ("cost", -made.cost),
            ]
            .into_iter()
            .filter(|(mark, _)| match *mark {
                "no_review" => !bugs.has(Bug::ReviewIsNoMatter),
                "suits" => !bugs.has(Bug::SuitsIgnored),
                "headroom" => !bugs.has(Bug::HeadroomIgnored),
                _ => true,
            })
            .collect::<Vec<(&str, i128)>>()
        };
        let mut ranked: Vec<&Made> = offers.iter().collect();
        // Equal ones stay in the lender's order.
        if bugs.has(Bug::CheapestIsRecommended) {
            ranked.sort_by_key(|made| made.cost);
        } else if !bugs.has(Bug::FirstIsRecommended) {
            ranked.sort_by_key(|made| Reverse(marks(made)));
        }
        let best = ranked.first()?;
        let mut others = ranked.iter().skip(1).map(|next| marks(next));
        let why = match others.find(|other| *other != marks(best)) {
            None if ranked.len() == 1 => "only",
            None => "order",
            Some(next) => marks(best)
                .iter()
                .zip(next)
                .find(|(one, other)| **one != *other)
                .map_or("order", |((mark, _), _)| mark),
        };
        Some(json!({ "product": best.product, "term": best.term, "why": why }))
    }
}
