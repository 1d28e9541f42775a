//! The order of a decision: rules, score, grade, offers, reasons.

use prequal::policy::{Alert, Level, Rule, Stage};
use serde_json::{Map, Value as Json, json};

use super::bug::Bug;
use super::card::{Facts, Hit, Look};
use super::fault::{Fault, Found};
use super::{Naive, Terms};

const MOST_REASONS: usize = 4;

/// A decision and how it came about, as JSON tells them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decided {
    pub(crate) decision: Json,
    pub(crate) trace: Json,
}

impl Naive {
    /// Decides on told features.
    pub(crate) fn decide(&self, facts: &Facts, asked: Terms) -> Found<Decided> {
        let look = self.look(facts, asked)?;
        // What a decision does not come to must not fail either.
        for index in 0..self.body.decide.nodes.len() {
            look.walk.value(index as u16)?;
        }
        if self.body.stage == Stage::EarlyWarning {
            return self.warn(&look);
        }
        let knockouts = self.fired(&look, self.body.knockouts.iter())?;
        let reviews = self.fired(&look, self.body.reviews.iter())?;
        let codes = |rules: &[&Rule]| rules.iter().map(|rule| rule.reason).collect::<Vec<u16>>();
        let rules = match self.bugs.has(Bug::ReviewsFirst) {
            true => [codes(&reviews), codes(&knockouts)].concat(),
            false => [codes(&knockouts), codes(&reviews)].concat(),
        };
        if !knockouts.is_empty() && !self.bugs.has(Bug::KnockoutGoesOn) {
            return Ok(Decided {
                decision: json!({
                    "eligibility": "not_eligible",
                    "offers": [],
                    "reasons": self.reasons(&rules)?,
                    "refused": [],
                }),
                trace: trace(&knockouts, &reviews, &[], &[]),
            });
        }
        let (mut offers, mut refused) = (Vec::new(), Vec::new());
        let mut made = Vec::new();
        for (index, product) in self.body.products.iter().enumerate() {
            if let Some(when) = product.when
                && !self.bugs.has(Bug::ProductForEveryone)
                && !look.walk.truth(when)?
            {
                continue;
            }
            for term in &product.terms {
                let looked = self.offer(facts, asked, (index, *term))?;
                let Some(offer) = looked.made else {
                    refused.push(looked.json);
                    continue;
                };
                offers.push(looked.json);
                made.push(offer);
            }
        }
        let mut best: Option<&(i128, String, bool)> = None;
        for limit in made.iter().map(|made| &made.limit) {
            let larger = best.is_none_or(|best| {
                limit.0 > best.0 || limit.0 == best.0 && self.bugs.has(Bug::LastOfEqualLimits)
            });
            if larger {
                best = Some(limit);
            }
        }
        let mut reasons = Vec::new();
        if offers.is_empty() && !self.bugs.has(Bug::LimitReasonLeftOut) {
            reasons.push(self.body.limit.reason);
        }
        reasons.extend(rules);
        reasons.extend(self.reasons_of_bins(&look.bins));
        let eligibility = match (offers.is_empty(), reviews.is_empty()) {
            (true, _) => "not_eligible",
            (false, false) => "review",
            (false, true) => "eligible",
        };
        let mut decision = self.scored(&look, eligibility, &reasons)?;
        decision.insert("offers".to_owned(), Json::Array(offers));
        decision.insert("refused".to_owned(), Json::Array(refused));
        if let Some((amount, binding, review)) = best {
            let limit = json!({ "amount": *amount as i64, "binding": binding, "review": review });
            decision.insert("limit".to_owned(), limit);
        }
        if let Some(recommended) = self.recommended(&made) {
            decision.insert("recommended".to_owned(), recommended);
        }
        Ok(Decided {
            decision: Json::Object(decision),
            trace: trace(&knockouts, &reviews, &[], &look.bins),
        })
    }

    fn warn(&self, look: &Look<'_>) -> Found<Decided> {
        let mut fired: Vec<&Alert> = Vec::new();
        for alert in &self.body.alerts {
            if look.walk.truth(alert.rule.when)? {
                fired.push(alert);
            }
        }
        let of = |level: Level| fired.iter().filter(move |alert| alert.level == level);
        let gravest = [Level::Stop, Level::Warn, Level::Watch]
            .into_iter()
            .find(|level| of(*level).next().is_some());
        let eligibility = match gravest {
            Some(Level::Stop) => "not_eligible",
            Some(Level::Warn) if !self.bugs.has(Bug::WarningsPass) => "review",
            Some(Level::Warn | Level::Watch) | None => "eligible",
        };
        let mut reasons: Vec<u16> = Vec::new();
        if self.bugs.has(Bug::AlertsAsDeclared) {
            reasons.extend(fired.iter().map(|alert| alert.rule.reason));
        } else {
            for level in [Level::Stop, Level::Warn, Level::Watch] {
                reasons.extend(of(level).map(|alert| alert.rule.reason));
            }
        }
        reasons.extend(self.reasons_of_bins(&look.bins));
        let mut decision = self.scored(look, eligibility, &reasons)?;
        if let Some(level) = gravest {
            let name = match level {
                Level::Watch => "watch",
                Level::Warn => "warn",
                Level::Stop => "stop",
            };
            decision.insert("alert".to_owned(), json!(name));
        }
        let rules: Vec<&Rule> = fired.iter().map(|alert| &alert.rule).collect();
        Ok(Decided {
            decision: Json::Object(decision),
            trace: trace(&[], &[], &rules, &look.bins),
        })
    }

    fn fired<'a>(
        &self,
        look: &Look<'_>,
        rules: impl Iterator<Item = &'a Rule>,
    ) -> Found<Vec<&'a Rule>> {
        let mut fired = Vec::new();
        for rule in rules {
            if look.walk.truth(rule.when)? {
                fired.push(rule);
            }
        }
        Ok(fired)
    }

    fn scored(
        &self,
        look: &Look<'_>,
        eligibility: &str,
        reasons: &[u16],
    ) -> Found<Map<String, Json>> {
        let mut decision = Map::new();
        decision.insert("eligibility".to_owned(), json!(eligibility));
        decision.insert("offers".to_owned(), json!([]));
        decision.insert("refused".to_owned(), json!([]));
        decision.insert("reasons".to_owned(), json!(self.reasons(reasons)?));
        if let Some(score) = look.score {
            let grade = self.body.grades.get(score.grade).ok_or(Fault::NotThere)?;
            decision.insert("grade".to_owned(), json!(grade.id.as_str()));
            decision.insert("probability".to_owned(), json!(score.probability as i64));
            decision.insert("score".to_owned(), json!(score.points as i64));
        }
        Ok(decision)
    }

    /// Reasons by their codes, each but once, the first four.
    fn reasons(&self, indices: &[u16]) -> Found<Vec<String>> {
        let mut codes: Vec<String> = Vec::new();
        for index in indices {
            let code = self
                .body
                .reasons
                .get(usize::from(*index))
                .ok_or(Fault::NotThere)?;
            let code = code.to_string();
            if self.bugs.has(Bug::ReasonsNotMerged) || !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.truncate(MOST_REASONS + usize::from(self.bugs.has(Bug::FiveReasons)));
        Ok(codes)
    }

    /// The reasons of bins below the best, by what they cost together.
    fn reasons_of_bins(&self, hits: &[Hit<'_>]) -> Vec<u16> {
        let mut costs: Vec<(u16, i128)> = Vec::new();
        for hit in hits {
            let cost = i128::from(hit.best()) - i128::from(hit.bin.points);
            let Some(reason) = hit.bin.reason else {
                continue;
            };
            if cost <= 0 && !self.bugs.has(Bug::BestBinHasAReason) {
                continue;
            }
            match costs.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, known)) if self.bugs.has(Bug::ReasonsOfBinsApart) => {
                    *known = cost.max(*known);
                }
                Some((_, known)) => *known += cost,
                None => costs.push((reason, cost)),
            }
        }
        if !self.bugs.has(Bug::ReasonsInTheCardsOrder) {
            costs.sort_by_key(|(reason, cost)| (-cost, *reason));
        }
        costs.into_iter().map(|(reason, _)| reason).collect()
    }

    /// The price of a request on a day before any answer, as JSON; `None`
    /// where its payments have no annual rate.
    pub(crate) fn quote(&self, asked: Terms, as_of: i128) -> Found<Option<Json>> {
        let product = self
            .body
            .products
            .get(asked.product)
            .ok_or(Fault::NotThere)?;
        let as_of = match self.bugs.has(Bug::QuoteOfTheFirstDay) {
            true => 0,
            false => as_of,
        };
        // A price reads no feature.
        let facts = Facts {
            features: vec![None; self.body.features.len()],
            as_of,
        };
        let look = self.quoted(&facts, asked);
        let mut rate = look.walk.number(product.rate)?;
        if self.bugs.has(Bug::QuoteWithDiscounts) {
            (rate, _) = self.rate(product, &look).unwrap_or((rate, Vec::new()));
        }
        let conditions = self.conditions(product, rate, (asked.term, as_of));
        let Some(cost) = conditions.cost(asked.amount)? else {
            return Ok(None);
        };
        let mut quote = json!({
            "amount": asked.amount as i64,
            "term": asked.term as i64,
            "annual_rate": rate as i64,
            "instalment": cost.first as i64,
            "received": cost.received as i64,
            "fee_total": (cost.total - asked.amount - cost.interest) as i64,
            "instalments": conditions.instalments() as i64,
            "largest_instalment": cost.largest as i64,
            "level": cost.level,
            "last_instalment": cost.last as i64,
            "interest": cost.interest as i64,
            "total": cost.total as i64,
            "simple_rate": cost.simple as i64,
            "compound_rate": cost.compound as i64,
        });
        let grade = look
            .score
            .and_then(|score| self.body.grades.get(score.grade));
        if let (Some(grade), Some(members)) = (grade, quote.as_object_mut()) {
            members.insert("grade".to_owned(), json!(grade.id.as_str()));
        }
        Ok(Some(quote))
    }
}

fn trace(knockouts: &[&Rule], reviews: &[&Rule], alerts: &[&Rule], hits: &[Hit<'_>]) -> Json {
    let names =
        |rules: &[&Rule]| -> Vec<String> { rules.iter().map(|rule| rule.id.to_string()).collect() };
    let bins: Vec<Json> = hits
        .iter()
        .map(|hit| {
            json!({
                "characteristic": hit.characteristic.id.as_str(),
                "bin": hit.index,
                "points": hit.bin.points,
                "best": hit.best(),
            })
        })
        .collect();
    json!({
        "knockouts": names(knockouts),
        "reviews": names(reviews),
        "alerts": names(alerts),
        "bins": bins,
    })
}
