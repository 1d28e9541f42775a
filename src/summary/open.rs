//! A summary's members as they travel, and the check that admits them.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Facts, Summary};
use crate::canonical::Json;
use crate::policy::{Policy, Value};
use crate::{Date, Digest, LARGEST, Members, Request};

/// The members of a summary, not yet held against a policy.
///
/// Canonical JSON of it: `{"as_of":"2026-11-22","features":{"age":25},
/// "policy":"…","request":{"amount":299900,"product":"basket","term":12}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[serde(deny_unknown_fields)]
pub struct SummaryFields {
    /// The date of the decision.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string"))]
    pub as_of: Date,
    /// Each feature by its name: a number in the unit of its kind, or a name.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, FeatureValue>"))]
    pub features: Members<FeatureValue>,
    /// The policy's hash.
    #[serde(with = "digest_text")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string"))]
    pub policy: Digest,
    /// What is asked for.
    pub request: Request,
}

/// What a summary tells of a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(untagged)]
pub enum FeatureValue {
    /// A number in the unit of the feature's kind.
    Number(i64),
    /// An option, a group of options, or `missing`.
    Text(String),
}

impl FeatureValue {
    /// What stands for a missing value.
    pub fn missing() -> FeatureValue {
        FeatureValue::Text("missing".to_owned())
    }
}

mod digest_text {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    use crate::Digest;

    pub(super) fn serialize<S: Serializer>(digest: &Digest, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(digest)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(from)?;
        Digest::from_hex(&text)
            .ok_or_else(|| D::Error::custom("a hash is 64 lower-case hex digits"))
    }
}

impl SummaryFields {
    /// As a JSON value; its canonical text is what is sent.
    pub fn to_json(&self) -> Json {
        // It has objects, whole numbers and strings only.
        Json::of(self).unwrap_or(Json::Bool(false))
    }

    /// From a JSON value with exactly the members of a summary.
    ///
    /// # Errors
    /// [`SummaryError::Malformed`].
    pub fn from_json(json: &Json) -> Result<SummaryFields, SummaryError> {
        fields_of(json).ok_or(SummaryError::Malformed)
    }
}

fn fields_of(json: &Json) -> Option<SummaryFields> {
    let [as_of, features, policy, request] =
        json.members(["as_of", "features", "policy", "request"])?;
    let mut told = Members::default();
    for (name, value) in features.as_object()?.iter() {
        let value = match value {
            Json::Integer(number) => FeatureValue::Number(*number),
            Json::String(text) => FeatureValue::Text(text.clone()),
            _ => return None,
        };
        told.insert(name.clone(), value);
    }
    Some(SummaryFields {
        as_of: as_of.as_str()?.parse().ok()?,
        features: told,
        policy: Digest::from_hex(policy.as_str()?)?,
        request: Request::from_json(request)?,
    })
}

/// Why something is not a summary for a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SummaryError {
    /// Not canonical JSON with exactly the members of a summary.
    Malformed,
    /// A summary for another policy.
    OtherPolicy,
    /// A date, product, amount or term that the policy does not have.
    Request,
    /// A feature that is absent, unknown, or not at its declared precision.
    Feature(String),
}

impl SummaryError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SummaryError::Malformed => "summary_malformed",
            SummaryError::OtherPolicy => "summary_of_other_policy",
            SummaryError::Request => "summary_request_invalid",
            SummaryError::Feature(_) => "summary_feature_invalid",
        }
    }
}

impl fmt::Display for SummaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SummaryError::Malformed => f.write_str("not a summary in canonical JSON"),
            SummaryError::OtherPolicy => f.write_str("a summary for another policy"),
            SummaryError::Request => {
                f.write_str("a date, product, amount or term that the policy does not have")
            }
            SummaryError::Feature(name) => {
                let text = "feature `".to_owned() + name;
                f.write_str(&(text + "` is not at the precision that the policy declares"))
            }
        }
    }
}

impl core::error::Error for SummaryError {}

impl Policy {
    /// Reads a summary from its canonical JSON.
    ///
    /// # Errors
    /// Whatever [`Policy::summarise`] of this policy could not have made.
    pub fn parse_summary(&self, text: &str) -> Result<Summary, SummaryError> {
        let json = Json::parse_canonical(text).map_err(|_| SummaryError::Malformed)?;
        self.admit(SummaryFields::from_json(&json)?)
    }

    /// Holds the members of a summary against the policy.
    ///
    /// # Errors
    /// Another policy's hash, a request that the policy does not have, a
    /// feature too many or too few, or one that is not the number that stands
    /// for a cell.
    pub fn admit(&self, fields: SummaryFields) -> Result<Summary, SummaryError> {
        if fields.policy != self.hash() {
            return Err(SummaryError::OtherPolicy);
        }
        let product = self
            .admit_request(&fields.request, fields.as_of)
            .map_err(|_| SummaryError::Request)?;
        let declared = &self.body().features;
        let known = |name: &str| declared.iter().any(|feature| feature.id.as_str() == name);
        if let Some((unknown, _)) = fields.features.iter().find(|(name, _)| !known(name)) {
            return Err(SummaryError::Feature(unknown.clone()));
        }
        let features = declared
            .iter()
            .zip(&self.feature_ranges)
            .map(|(feature, range)| {
                fields
                    .features
                    .get(feature.id.as_str())
                    .filter(|told| in_range(told))
                    .and_then(|told| feature.untold(told))
                    .filter(|value| feature.precision.stands_for_a_cell(*value, *range))
                    .ok_or_else(|| SummaryError::Feature(feature.id.to_string()))
            });
        let facts = Facts {
            as_of: fields.as_of,
            product,
            amount: fields.request.amount.minor(),
            term: fields.request.term,
            features: features.collect::<Result<Vec<Value>, SummaryError>>()?,
        };
        Ok(Summary { facts, fields })
    }
}

/// Whether a number is within what a [`Value`] holds.
fn in_range(told: &FeatureValue) -> bool {
    match told {
        FeatureValue::Number(number) => (-LARGEST..=LARGEST).contains(number),
        FeatureValue::Text(_) => true,
    }
}
