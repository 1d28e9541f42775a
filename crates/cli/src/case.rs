//! A policy's case: answers, and what is expected of them.

use std::collections::BTreeMap;
use std::fmt::Display;

use prequal::{
    Answers, Date, Decision, FeatureValue, Money, Offer, Outcome, Policy, Ratio, Refusal, Request,
    Summary,
};
use serde::Deserialize;

/// A case file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What it shows.
    pub(crate) name: String,
    pub(crate) as_of: Date,
    pub(crate) request: Request,
    answers: Answers,
    /// What the lender supplies.
    #[serde(default)]
    supplied: Answers,
    expect: Expect,
}

/// What is expected; what is not named may be anything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    eligibility: Option<String>,
    reasons: Option<Vec<String>>,
    /// The gravest alert of an early warning, or `none`.
    alert: Option<String>,
    score: Option<i64>,
    probability: Option<Millionths>,
    grade: Option<String>,
    limit: Option<i64>,
    binding: Option<String>,
    features: Option<BTreeMap<String, Told>>,
    #[serde(default)]
    offer: Vec<ExpectedOffer>,
    #[serde(default)]
    refused: Vec<ExpectedRefusal>,
}

/// An offer, looked up by product and term.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedOffer {
    product: String,
    term: u16,
    annual_rate: Option<Millionths>,
    amount: Option<i64>,
    limit: Option<i64>,
    binding: Option<String>,
    received: Option<i64>,
    instalment: Option<i64>,
    largest_instalment: Option<i64>,
    last_instalment: Option<i64>,
    interest: Option<i64>,
    total: Option<i64>,
    simple_rate: Option<Millionths>,
    compound_rate: Option<Millionths>,
}

/// An offer that is not made, looked up by product and term.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedRefusal {
    product: String,
    term: u16,
    reason: Option<String>,
    binding: Option<String>,
}

/// A ratio, written as a decimal number or in whole millionths.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Millionths {
    Whole(i64),
    Decimal(f64),
}

/// A feature as a summary tells it; a boolean is 1 or 0.
#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    Flag(bool),
    Number(i64),
    Text(String),
}

impl Case {
    /// The borrower's answers and what the lender supplies.
    pub(crate) fn answers(&self) -> Answers {
        let mut answers = self.answers.clone();
        answers.join(self.supplied.clone());
        answers
    }

    /// Every difference between what is expected and what the policy does;
    /// none is a pass.
    pub(crate) fn differences(&self, policy: &Policy) -> Vec<String> {
        match policy.summarise(&self.answers(), &self.request, self.as_of) {
            Ok(summary) => self.compared(&summary, &policy.assess(&summary)),
            Err(errors) => errors
                .iter()
                .map(|error| format!("wrong answer {error}"))
                .collect(),
        }
    }

    fn compared(&self, summary: &Summary, outcome: &Outcome) -> Vec<String> {
        let (expect, decision) = (&self.expect, &outcome.decision);
        let mut found = Differences::default();
        let limit = decision.limit.as_ref();
        let text = |text: &Option<String>| text.clone();
        found.hold(
            "eligibility",
            &expect.eligibility,
            Some(decision.eligibility.code().to_owned()),
        );
        let reasons = expect.reasons.as_ref().map(|reasons| reasons.join(", "));
        found.hold("reasons", &reasons, Some(decision.reasons.join(", ")));
        let alert = decision.alert.map_or("none", |level| level.code());
        found.hold("alert", &expect.alert, Some(alert.to_owned()));
        found.hold("score", &expect.score, decision.score);
        found.hold_ratio("probability", expect.probability, decision.probability);
        found.hold("grade", &expect.grade, text(&decision.grade));
        found.hold(
            "limit",
            &expect.limit,
            limit.map(|limit| limit.amount.minor()),
        );
        found.hold(
            "binding",
            &expect.binding,
            limit.map(|limit| limit.binding.clone()),
        );
        for (name, told) in expect.features.iter().flatten() {
            let told = match told {
                Told::Flag(flag) => i64::from(*flag).to_string(),
                Told::Number(number) => number.to_string(),
                Told::Text(text) => text.clone(),
            };
            let sent = summary
                .fields()
                .features
                .get(name)
                .map(|value| match value {
                    FeatureValue::Number(number) => number.to_string(),
                    FeatureValue::Text(text) => text.clone(),
                });
            found.hold(&format!("feature {name}"), &Some(told), sent);
        }
        for expected in &expect.offer {
            expected.compare(decision, &mut found);
        }
        for expected in &expect.refused {
            expected.compare(decision, &mut found);
        }
        found.0
    }
}

impl ExpectedOffer {
    fn compare(&self, decision: &Decision, found: &mut Differences) {
        let name = format!("offer {} for {} months", self.product, self.term);
        let same = |offer: &&Offer| offer.product == self.product && offer.term == self.term;
        let Some(offer) = decision.offers.iter().find(same) else {
            found.0.push(format!("{name} is not made"));
            return;
        };
        let amounts: [(&str, Option<i64>, Money); 8] = [
            ("amount", self.amount, offer.amount),
            ("limit", self.limit, offer.limit),
            ("received", self.received, offer.received),
            ("instalment", self.instalment, offer.instalment),
            (
                "largest_instalment",
                self.largest_instalment,
                offer.largest_instalment,
            ),
            (
                "last_instalment",
                self.last_instalment,
                offer.last_instalment,
            ),
            ("interest", self.interest, offer.interest),
            ("total", self.total, offer.total),
        ];
        for (member, expected, got) in amounts {
            found.hold(&format!("{name}: {member}"), &expected, Some(got.minor()));
        }
        let rates = [
            ("annual_rate", self.annual_rate, offer.annual_rate),
            ("simple_rate", self.simple_rate, offer.simple_rate),
            ("compound_rate", self.compound_rate, offer.compound_rate),
        ];
        for (member, expected, got) in rates {
            found.hold_ratio(&format!("{name}: {member}"), expected, Some(got));
        }
        found.hold(
            &format!("{name}: binding"),
            &self.binding,
            Some(offer.binding.clone()),
        );
    }
}

impl ExpectedRefusal {
    fn compare(&self, decision: &Decision, found: &mut Differences) {
        let name = format!("{} for {} months", self.product, self.term);
        let same =
            |refusal: &&Refusal| refusal.product == self.product && refusal.term == self.term;
        let Some(refusal) = decision.refused.iter().find(same) else {
            found.0.push(format!("{name} is not refused"));
            return;
        };
        let reason = Some(refusal.reason.code().to_owned());
        found.hold(&format!("{name}: reason"), &self.reason, reason);
        found.hold(
            &format!("{name}: binding"),
            &self.binding,
            refusal.binding.clone(),
        );
    }
}

#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn hold<T: PartialEq + Display>(&mut self, name: &str, expected: &Option<T>, got: Option<T>) {
        match (expected, got) {
            (Some(expected), Some(got)) if *expected != got => {
                self.0
                    .push(format!("{name}: expected {expected}, got {got}"));
            }
            (Some(expected), None) => self
                .0
                .push(format!("{name}: expected {expected}, got none")),
            _ => {}
        }
    }

    fn hold_ratio(&mut self, name: &str, expected: Option<Millionths>, got: Option<Ratio>) {
        let expected = expected.map(|expected| match expected {
            Millionths::Whole(millionths) => millionths,
            Millionths::Decimal(value) => Ratio::nearest(value).map_or(i64::MAX, Ratio::millionths),
        });
        self.hold(name, &expected, got.map(Ratio::millionths));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prequal_compiler::{SourceKind, schema};
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use super::*;

    /// The keys that a reader names when it meets one that is none.
    fn accepted<T: DeserializeOwned>() -> BTreeSet<String> {
        let error = toml::from_str::<T>("no_such_key = 1")
            .err()
            .map(|e| e.to_string());
        let error = error.expect("no such key");
        let (_, listed) = error.split_once("expected one of").expect("a list of keys");
        listed
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_schema_has_the_keys_that_a_case_accepts() {
        let schema = schema(SourceKind::Case);
        let known = |place: &str| -> BTreeSet<String> {
            let keys = schema.pointer(place).and_then(Value::as_object);
            keys.expect("properties").keys().cloned().collect()
        };
        assert_eq!(known("/properties"), accepted::<Case>());
        assert_eq!(known("/properties/expect/properties"), accepted::<Expect>());
        assert_eq!(
            known("/definitions/offer/properties"),
            accepted::<ExpectedOffer>()
        );
        assert_eq!(
            known("/definitions/refused/properties"),
            accepted::<ExpectedRefusal>()
        );
    }
}
