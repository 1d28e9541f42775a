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
        let always = [
            ("eligibility", Json::from(self.eligibility.code())),
            (
                "offers",
                Json::array(self.offers.iter().map(Offer::to_json)),
            ),
            ("reasons", Json::array(reasons)),
            (
                "refused",
                Json::array(self.refused.iter().map(Refusal::to_json)),
            ),
        ];
        let sometimes = [
            ("score", self.score.map(Json::from)),
            ("probability", self.probability.map(ratio)),
            ("grade", self.grade.as_deref().map(Json::from)),
            ("limit", self.limit.as_ref().map(Limit::to_json)),
        ];
        let present = sometimes
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        Json::object(always.into_iter().chain(present))
    }
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
        let always = [
            ("product", Json::from(self.product.as_str())),
            ("reason", Json::from(self.reason.code())),
            ("term", Json::from(i64::from(self.term))),
        ];
        let binding = self
            .binding
            .as_deref()
            .map(|name| ("binding", Json::from(name)));
        Json::object(always.into_iter().chain(binding))
    }
}
