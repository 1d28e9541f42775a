//! What the cases of a comparison reached: every outcome, rule, bin, grade, plan and bound that a policy declares is
//! counted, and none may stay at zero.

use std::collections::{BTreeMap, BTreeSet};

use prequal::policy::{Body, Level, Policy, Stage};
use prequal::{FeatureValue, Outcome, Request, Summary};
use prequal_sample::can_bind;

use super::counts::Counts;

/// Counts by kind and name, with every name that could be reached.
pub(super) struct Reached {
    pub(super) counts: Counts,
    /// Which rules fired together.
    together: BTreeSet<Vec<String>>,
    /// How often each band of each feature was told.
    bands: BTreeMap<(String, String), u64>,
    /// The lowest and the highest score.
    scores: Option<(i64, i64)>,
}

const OUTCOME: &str = "outcomes";
const KNOCKOUT: &str = "knock-outs";
const REVIEW: &str = "reviews";
const ALERT: &str = "alerts";
const LEVEL: &str = "levels";
const BIN: &str = "bins";
const GRADE: &str = "grades";
const PLAN: &str = "plans";
const BINDING: &str = "bindings";
const REFUSAL: &str = "refusals";
const REFUSED_BY: &str = "refused by";
const REASON: &str = "reasons";

/// What was reached by fewer cases than this is rare.
const RARE: u64 = 4;

impl Reached {
    /// Nothing reached yet of all that the policy declares.
    pub(super) fn new(body: &Body) -> Self {
        let mut reached = Self {
            counts: Counts::default(),
            together: BTreeSet::new(),
            bands: BTreeMap::new(),
            scores: None,
        };
        reached.expect_outcomes(body);
        for rule in &body.knockouts {
            reached.expect(KNOCKOUT, rule.id.to_string());
        }
        for rule in &body.reviews {
            reached.expect(REVIEW, rule.id.to_string());
        }
        for alert in &body.alerts {
            reached.expect(ALERT, alert.rule.id.to_string());
            reached.expect(LEVEL, alert.level.code().to_owned());
        }
        for (at, card) in body.cards.iter().enumerate() {
            for characteristic in &card.characteristics {
                for index in 0..characteristic.bins.len() {
                    reached.expect(BIN, bin(body, Some(at), characteristic.id.as_str(), index));
                }
            }
        }
        for grade in &body.grades {
            reached.expect(GRADE, grade.id.to_string());
        }
        for reason in &body.reasons {
            reached.expect(REASON, reason.to_string());
        }
        // An early warning offers nothing.
        if body.stage != Stage::EarlyWarning {
            reached.expect_offers(body);
        }
        reached
    }

    fn expect_outcomes(&mut self, body: &Body) {
        let warns = |level| body.alerts.iter().any(|alert| alert.level == level);
        let (declines, asks) = match body.stage {
            Stage::EarlyWarning => (warns(Level::Stop), warns(Level::Warn)),
            _ => (true, !body.reviews.is_empty()),
        };
        let possible = [
            ("answers refused", true),
            ("not_eligible", declines),
            ("review", asks),
            ("eligible", true),
        ];
        for (outcome, _) in possible.iter().filter(|(_, possible)| *possible) {
            self.expect(OUTCOME, (*outcome).to_owned());
        }
    }

    fn expect_offers(&mut self, body: &Body) {
        for product in &body.products {
            for term in &product.terms {
                self.expect(PLAN, format!("{} × {term}", product.id));
            }
        }
        if !body.limit.affordability.is_empty() {
            self.expect(BINDING, "affordability".to_owned());
        }
        for cap in &body.limit.caps {
            let bound = if can_bind(body, cap) {
                BINDING
            } else {
                REFUSED_BY
            };
            self.expect(bound, cap.id.to_string());
        }
    }

    fn expect(&mut self, kind: &'static str, name: String) {
        self.counts.expect(kind, name);
    }

    /// Counts one more; whether that is rare.
    fn count(&mut self, kind: &'static str, name: &str) -> bool {
        self.counts.count(kind, name) < RARE
    }

    /// Counts a case whose answers were refused.
    pub(super) fn refused(&mut self) {
        self.count(OUTCOME, "answers refused");
    }

    /// Counts a decided case; whether it reached or told what few did, rules fired together that did not before, or no score
    /// was so low or so high.
    pub(super) fn decided(
        &mut self,
        policy: &Policy,
        summary: &Summary,
        request: &Request,
        outcome: &Outcome,
    ) -> bool {
        let body = policy.body();
        let (decision, trace) = (&outcome.decision, &outcome.trace);
        let mut rare = self.count(OUTCOME, decision.eligibility.code());
        for (kind, rules) in [
            (KNOCKOUT, &trace.knockouts),
            (REVIEW, &trace.reviews),
            (ALERT, &trace.alerts),
            (GRADE, &decision.grade.iter().cloned().collect()),
            (REASON, &decision.reasons),
        ] {
            for name in rules {
                rare |= self.count(kind, name);
            }
        }
        if let Some(level) = decision.alert {
            rare |= self.count(LEVEL, level.code());
        }
        if let Some(score) = decision.score {
            let (low, high) = self.scores.unwrap_or((i64::MAX, i64::MIN));
            rare |= score < low || score > high;
            self.scores = Some((low.min(score), high.max(score)));
        }
        // Two cards may have characteristics of the same name.
        let card = (body.cards.len() > 1)
            .then(|| policy.steps(summary, request)?.card)
            .flatten();
        for hit in &trace.bins {
            let name = bin(body, card, &hit.characteristic, usize::from(hit.bin));
            rare |= self.count(BIN, &name);
        }
        for offer in &decision.offers {
            rare |= self.count(PLAN, &format!("{} × {}", offer.product, offer.term));
            rare |= self.count(BINDING, &offer.binding);
        }
        for refusal in &decision.refused {
            rare |= self.count(REFUSAL, refusal.reason.code());
            if let Some(bound) = &refusal.binding {
                rare |= self.count(REFUSED_BY, bound);
            }
        }
        for (feature, value) in summary.fields().features.iter() {
            if let FeatureValue::Text(band) = value {
                let told = (feature.clone(), band.clone());
                let count = self.bands.entry(told).or_default();
                *count += 1;
                rare |= *count < RARE;
            }
        }
        let fired = [&trace.knockouts, &trace.reviews, &trace.alerts];
        rare | self
            .together
            .insert(fired.into_iter().flatten().cloned().collect())
    }
}

/// The name of a bin, with the card's where there are several.
fn bin(body: &Body, card: Option<usize>, characteristic: &str, index: usize) -> String {
    match card {
        Some(card) if body.cards.len() > 1 => format!("{card}.{characteristic}[{index}]"),
        _ => format!("{characteristic}[{index}]"),
    }
}
