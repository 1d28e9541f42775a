//! What the cases of a comparison reached: every outcome, rule, bin, grade, plan and binding constraint is counted, and
//! none may stay at zero.

use std::collections::BTreeMap;
use std::fmt;

use prequal::Outcome;
use prequal::policy::Body;

/// Counts by kind and name, with every name that could be reached.
pub(super) struct Reached(BTreeMap<&'static str, BTreeMap<String, u64>>);

const OUTCOME: &str = "outcomes";
const KNOCKOUT: &str = "knock-outs";
const REVIEW: &str = "reviews";
const BIN: &str = "bins";
const GRADE: &str = "grades";
const PLAN: &str = "plans";
const BINDING: &str = "bindings";
const REASON: &str = "reasons";

impl Reached {
    /// Nothing reached yet of all that the policy has.
    pub(super) fn new(body: &Body) -> Self {
        let mut reached = Self(BTreeMap::new());
        for outcome in ["eligible", "review", "not_eligible", "answers refused"] {
            reached.expect(OUTCOME, outcome.to_owned());
        }
        for rule in &body.knockouts {
            reached.expect(KNOCKOUT, rule.id.to_string());
        }
        for rule in &body.reviews {
            reached.expect(REVIEW, rule.id.to_string());
        }
        for characteristic in body.cards.iter().flat_map(|card| &card.characteristics) {
            for index in 0..characteristic.bins.len() {
                reached.expect(BIN, format!("{}[{index}]", characteristic.id));
            }
        }
        for grade in &body.grades {
            reached.expect(GRADE, grade.id.to_string());
        }
        for product in &body.products {
            for term in &product.terms {
                reached.expect(PLAN, format!("{} × {term}", product.id));
            }
        }
        if body.limit.affordability.is_some() {
            reached.expect(BINDING, "affordability".to_owned());
        }
        for cap in &body.limit.caps {
            reached.expect(BINDING, cap.id.to_string());
        }
        for reason in &body.reasons {
            reached.expect(REASON, reason.to_string());
        }
        reached
    }

    fn expect(&mut self, kind: &'static str, name: String) {
        self.0.entry(kind).or_default().insert(name, 0);
    }

    fn count(&mut self, kind: &'static str, name: &str) {
        let names = self.0.entry(kind).or_default();
        match names.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                names.insert(name.to_owned(), 1);
            }
        }
    }

    /// Counts a case whose answers were refused.
    pub(super) fn refused(&mut self) {
        self.count(OUTCOME, "answers refused");
    }

    /// Counts a decided case.
    pub(super) fn decided(&mut self, outcome: &Outcome) {
        let (decision, trace) = (&outcome.decision, &outcome.trace);
        self.count(OUTCOME, decision.eligibility.code());
        trace
            .knockouts
            .iter()
            .for_each(|rule| self.count(KNOCKOUT, rule));
        trace
            .reviews
            .iter()
            .for_each(|rule| self.count(REVIEW, rule));
        trace
            .bins
            .iter()
            .for_each(|hit| self.count(BIN, &format!("{}[{}]", hit.characteristic, hit.bin)));
        decision
            .grade
            .iter()
            .for_each(|grade| self.count(GRADE, grade));
        decision
            .reasons
            .iter()
            .for_each(|reason| self.count(REASON, reason));
        for offer in &decision.offers {
            self.count(PLAN, &format!("{} × {}", offer.product, offer.term));
            self.count(BINDING, &offer.binding);
        }
    }

    /// What was never reached.
    pub(super) fn never(&self) -> Vec<String> {
        let all = self
            .0
            .iter()
            .flat_map(|(kind, names)| names.iter().map(move |(name, count)| (kind, name, *count)));
        all.filter(|(_, _, count)| *count == 0)
            .map(|(kind, name, _)| format!("{kind} {name}"))
            .collect()
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (kind, names)) in self.0.iter().enumerate() {
            let counts: Vec<String> = names
                .iter()
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            let break_line = if index == 0 { "" } else { "\n" };
            write!(formatter, "{break_line}  {kind:<11} {}", counts.join(", "))?;
        }
        Ok(())
    }
}
