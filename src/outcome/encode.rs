//! The canonical encoding of the decision core, and its digest.

use super::decision::{Constraint, Decision, Limit, Offer, Refusal};
use crate::canonical::Json;
use crate::{Digest, Money, Ratio};

impl Decision {
    /// The canonical JSON text, which is digested and stored.
    pub fn canonical(&self) -> String {
        self.to_json().to_canonical()
    }

    /// SHA-256 of the canonical text: what a submission says was shown.
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }

    /// As a JSON value; what is absent is left out.
    pub fn to_json(&self) -> Json {
        let reasons = self.reasons.iter().map(String::as_str);
        let offers = self.offers.iter().map(Offer::to_json);
        let refused = self.refused.iter().map(Refusal::to_json);
        object([
            ("alert", self.alert.map(|level| level.code().into())),
            ("eligibility", Some(self.eligibility.code().into())),
            ("grade", self.grade.as_deref().map(Json::from)),
            ("limit", self.limit.as_ref().map(Limit::to_json)),
            ("offers", Some(Json::array(offers))),
            ("probability", self.probability.map(ratio)),
            ("reasons", Some(Json::array(reasons))),
            ("refused", Some(Json::array(refused))),
            ("score", self.score.map(Json::from)),
        ])
    }
}

/// An object of the members that are there.
fn object<const N: usize>(members: [(&str, Option<Json>); N]) -> Json {
    let present = |(name, value): (_, Option<Json>)| Some((name, value?));
    Json::object(members.into_iter().filter_map(present))
}

fn money(amount: Money) -> Json {
    Json::from(amount.minor())
}

fn ratio(ratio: Ratio) -> Json {
    Json::from(ratio.millionths())
}

impl Limit {
    fn to_json(&self) -> Json {
        Json::object([
            ("amount", money(self.amount)),
            ("binding", Json::from(self.binding.as_str())),
            ("review", Json::from(self.review)),
        ])
    }
}

impl Constraint {
    fn to_json(&self) -> Json {
        Json::object([
            ("amount", money(self.amount)),
            ("name", Json::from(self.name.as_str())),
        ])
    }
}

impl Offer {
    fn to_json(&self) -> Json {
        Json::object([
            ("amount", money(self.amount)),
            ("annual_rate", ratio(self.annual_rate)),
            ("binding", Json::from(self.binding.as_str())),
            ("compound_rate", ratio(self.compound_rate)),
            (
                "constraints",
                Json::array(self.constraints.iter().map(Constraint::to_json)),
            ),
            ("instalment", money(self.instalment)),
            ("interest", money(self.interest)),
            ("last_instalment", money(self.last_instalment)),
            ("limit", money(self.limit)),
            ("limit_review", Json::from(self.limit_review)),
            ("review", Json::from(self.review)),
            ("product", Json::from(self.product.as_str())),
            ("simple_rate", ratio(self.simple_rate)),
            ("term", Json::from(i64::from(self.term))),
            ("total", money(self.total)),
        ])
    }
}

impl Refusal {
    fn to_json(&self) -> Json {
        object([
            ("binding", self.binding.as_deref().map(Json::from)),
            ("product", Some(self.product.as_str().into())),
            ("reason", Some(self.reason.code().into())),
            ("term", Some(i64::from(self.term).into())),
        ])
    }
}
