//! From a summary to an outcome.

use super::Outcome;
use super::decision::{Decision, Eligibility, Limit, Offer};
use super::evaluate::{Evaluation, Terms};
use super::recommend::recommended;
use super::trace::{BinHit, Trace};
use crate::policy::{Alert, Bin, Characteristic, Level, Policy, Product, Stage};
use crate::summary::{Facts, Summary};

/// The most reasons of an outcome.
const MAX_REASONS: usize = 4;

impl Policy {
    /// Decides on a summary.
    ///
    /// SUFFICIENT SUMMARY: reads nothing but the policy and the summary.
    /// TOTAL: every summary that this policy admits has an outcome. A summary
    /// for another policy, of which nothing can be said, is not eligible,
    /// without reasons and offers.
    pub fn assess(&self, summary: &Summary) -> Outcome {
        if summary.policy() != self.hash() {
            return Outcome {
                decision: declined(Vec::new()),
                trace: Trace::default(),
            };
        }
        self.assess_facts(summary.facts())
    }

    /// Decides on facts of this policy.
    pub(crate) fn assess_facts(&self, facts: &Facts) -> Outcome {
        let asked = Terms {
            product: facts.product,
            term: facts.term,
            amount: facts.amount,
        };
        let evaluation = Evaluation::of(self, facts, asked);
        let body = self.body();
        if body.stage == Stage::EarlyWarning {
            return self.warn(&evaluation);
        }
        let knockouts: Vec<_> = evaluation.fired(&body.knockouts).collect();
        let reviews: Vec<_> = evaluation.fired(&body.reviews).collect();
        let mut rules: Vec<u16> = Vec::new();
        for fired in [&knockouts, &reviews] {
            rules.extend(fired.iter().map(|rule| rule.reason));
        }
        let mut trace = Trace {
            knockouts: knockouts.iter().map(|rule| rule.id.to_string()).collect(),
            reviews: reviews.iter().map(|rule| rule.id.to_string()).collect(),
            ..Trace::default()
        };
        if !knockouts.is_empty() {
            return Outcome {
                decision: declined(self.reasons(&rules)),
                trace,
            };
        }

        trace.bins = self.bins_of(&evaluation).map(BinHit::from).collect();
        let (mut made, mut refused) = (Vec::new(), Vec::new());
        let products = body.products.iter().enumerate();
        let open = |product: &Product| {
            let holds = |when| evaluation.value(when).is_true();
            product.when.is_none_or(holds)
        };
        for (index, product) in products.filter(|(_, product)| open(product)) {
            for term in &product.terms {
                match self.offer(facts, index, *term) {
                    Ok(offer) => made.push(offer),
                    Err(refusal) => refused.push(refusal),
                }
            }
        }
        let recommended = recommended(&made);
        let offers: Vec<Offer> = made.into_iter().map(|made| made.offer).collect();
        // The first of equal limits: `max_by_key` would take the last.
        let largest = offers.iter().rev().max_by_key(|offer| offer.limit);
        let limit = largest.map(|offer| Limit {
            amount: offer.limit,
            binding: offer.binding.clone(),
            review: offer.limit_review,
        });
        let eligibility = match (offers.is_empty(), reviews.is_empty()) {
            (true, _) => Eligibility::NotEligible,
            (false, false) => Eligibility::Review,
            (false, true) => Eligibility::Eligible,
        };
        let mut reasons = Vec::new();
        reasons.extend(offers.is_empty().then_some(body.limit.reason));
        reasons.extend(rules);
        reasons.extend(self.costly_reasons(&evaluation));
        let decision = Decision {
            limit,
            offers,
            refused,
            recommended,
            ..self.scored(&evaluation, eligibility, self.reasons(&reasons))
        };
        Outcome { decision, trace }
    }

    /// An early warning: the gravest alert, and no offers. Its reasons are
    /// those of the alerts, the gravest first, then of the card.
    fn warn(&self, evaluation: &Evaluation) -> Outcome {
        let body = self.body();
        let fired = || {
            let fires = |alert: &&Alert| evaluation.value(alert.rule.when).is_true();
            body.alerts.iter().filter(fires)
        };
        let alert = fired().map(|alert| alert.level).max();
        let eligibility = match alert {
            Some(Level::Stop) => Eligibility::NotEligible,
            Some(Level::Warn) => Eligibility::Review,
            Some(Level::Watch) | None => Eligibility::Eligible,
        };
        let mut reasons = Vec::new();
        for level in [Level::Stop, Level::Warn, Level::Watch] {
            let graded = fired().filter(|alert| alert.level == level);
            reasons.extend(graded.map(|alert| alert.rule.reason));
        }
        reasons.extend(self.costly_reasons(evaluation));
        let trace = Trace {
            alerts: fired().map(|alert| alert.rule.id.to_string()).collect(),
            bins: self.bins_of(evaluation).map(BinHit::from).collect(),
            ..Trace::default()
        };
        let decision = Decision {
            alert,
            ..self.scored(evaluation, eligibility, self.reasons(&reasons))
        };
        Outcome { decision, trace }
    }

    /// A decision with the score and grade of an evaluation, and no offers.
    fn scored(
        &self,
        evaluation: &Evaluation,
        eligibility: Eligibility,
        reasons: Vec<String>,
    ) -> Decision {
        let score = evaluation.score;
        let grade = score.and_then(|score| self.body().grades.get(score.grade));
        Decision {
            score: score.map(|score| score.points),
            probability: score.map(|score| score.probability),
            grade: grade.map(|grade| grade.id.to_string()),
            ..unscored(eligibility, reasons)
        }
    }

    /// Reason codes, the same ones merged, the first four.
    fn reasons(&self, indices: &[u16]) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let declared = |index: &u16| self.body().reasons.get(usize::from(*index));
        for code in indices.iter().filter_map(declared) {
            if codes.len() < MAX_REASONS && !codes.iter().any(|known| known == code.as_str()) {
                codes.push(code.to_string());
            }
        }
        codes
    }

    /// The reasons of the bins that are not the best of their characteristic:
    /// those that cost the most points first, the points of the same reason
    /// added up, ties in the declared order of reasons.
    fn costly_reasons(&self, evaluation: &Evaluation) -> Vec<u16> {
        let mut costs = vec![0_i64; self.body().reasons.len()];
        for (characteristic, _, bin) in self.bins_of(evaluation) {
            let below = i64::from(best(characteristic)) - i64::from(bin.points);
            if let Some(cost) = bin
                .reason
                .and_then(|reason| costs.get_mut(usize::from(reason)))
            {
                *cost += below;
            }
        }
        let mut reasons = Vec::new();
        while reasons.len() < MAX_REASONS {
            let Some(most) = costs.iter().copied().max().filter(|most| *most > 0) else {
                break;
            };
            let worst = (0..).zip(&mut costs).find(|(_, cost)| **cost == most);
            if let Some((reason, cost)) = worst {
                reasons.push(reason);
                *cost = 0;
            }
        }
        reasons
    }
}

fn declined(reasons: Vec<String>) -> Decision {
    unscored(Eligibility::NotEligible, reasons)
}

/// A decision that says no more than this.
fn unscored(eligibility: Eligibility, reasons: Vec<String>) -> Decision {
    Decision {
        eligibility,
        alert: None,
        reasons,
        score: None,
        probability: None,
        grade: None,
        limit: None,
        offers: Vec::new(),
        refused: Vec::new(),
        recommended: None,
    }
}

/// The points of a characteristic's best bin.
fn best(characteristic: &Characteristic) -> i32 {
    characteristic
        .bins
        .iter()
        .map(|bin| bin.points)
        .max()
        .unwrap_or(0)
}

impl From<(&Characteristic, usize, &Bin)> for BinHit {
    fn from((characteristic, index, bin): (&Characteristic, usize, &Bin)) -> BinHit {
        BinHit {
            characteristic: characteristic.id.to_string(),
            bin: u16::try_from(index).unwrap_or(u16::MAX),
            points: bin.points,
            best: best(characteristic),
        }
    }
}
