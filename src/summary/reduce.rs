//! From features to a summary: the one place where precision is given up.

use serde::Serialize;

use super::{Facts, FeatureValue, Summary, SummaryFields};
use crate::policy::{Feature, Kind, Policy, Precision, Value};
use crate::{Features, Members};

/// How precisely a feature is told: its value lies between `lowest` and
/// `highest`, and `sent` is what the summary holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FeatureCell {
    /// The feature.
    pub feature: String,
    /// What its numbers mean.
    pub kind: KindName,
    /// The least value that is told the same, in the kind's unit; absent for
    /// choices, missing values and the lowest band, which has no lower end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub lowest: Option<i64>,
    /// The largest value that is told the same; absent for choices, missing
    /// values and the highest band, which has no upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub highest: Option<i64>,
    /// What the summary holds.
    pub sent: FeatureValue,
}

/// The name of a [`Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum KindName {
    /// A count.
    Integer,
    /// Minor units.
    Money,
    /// Millionths of a whole.
    Ratio,
    /// Millionths of a measured quantity.
    Real,
    /// 0 or 1.
    Boolean,
    /// Days since 1970-01-01.
    Date,
    /// Whole months.
    Period,
    /// An option.
    Choice,
}

impl From<&Kind> for KindName {
    fn from(kind: &Kind) -> KindName {
        match kind {
            Kind::Integer => KindName::Integer,
            Kind::Money => KindName::Money,
            Kind::Ratio => KindName::Ratio,
            Kind::Real => KindName::Real,
            Kind::Boolean => KindName::Boolean,
            Kind::Date => KindName::Date,
            Kind::Period => KindName::Period,
            Kind::Choice(_) => KindName::Choice,
        }
    }
}

impl Policy {
    /// Reduces each feature to the number that stands for its cell.
    ///
    /// RAW STAYS HOME: what leaves here depends on the answers only through
    /// the cells.
    pub fn reduce(&self, features: &Features) -> Summary {
        let facts = self.reduce_values(features);
        let mut told = Members::default();
        for (feature, value) in self.body().features.iter().zip(&facts.features) {
            told.insert(feature.id.to_string(), feature.told(*value));
        }
        let fields = SummaryFields {
            policy: self.hash(),
            as_of: features.as_of,
            request: features.request.clone(),
            features: told,
        };
        Summary { facts, fields }
    }

    /// The facts of a summary without its names.
    pub(crate) fn reduce_values(&self, features: &Features) -> Facts {
        let parts = self
            .body()
            .features
            .iter()
            .zip(&self.feature_ranges)
            .zip(&features.values);
        Facts {
            as_of: features.as_of,
            product: features.product,
            amount: features.request.amount.minor(),
            term: features.request.term,
            features: parts
                .map(|((f, range), value)| f.precision.reduce(*value, *range))
                .collect(),
        }
    }

    /// How precisely each feature is told, in the order of the summary's
    /// declaration: for the list of what will be sent.
    pub fn cells(&self, features: &Features) -> Vec<FeatureCell> {
        let body = self.body().features.iter();
        let parts = body.zip(&self.feature_ranges).zip(&features.values);
        parts
            .map(|((feature, range), value)| {
                let numeric = !matches!(feature.kind, Kind::Choice(_));
                let number = value.get().filter(|_| numeric);
                let cell = number.map(|number| feature.precision.cell(number, *range));
                // The range that a formula is proven to keep to is nobody's
                // answer: an outer band reads "or less", "or more".
                let banded = matches!(feature.precision, Precision::Bands { .. });
                let end =
                    |value: i64, outermost: i64| (!banded || value != outermost).then_some(value);
                FeatureCell {
                    feature: feature.id.to_string(),
                    kind: KindName::from(&feature.kind),
                    lowest: cell.and_then(|cell| end(cell.low, range.low)),
                    highest: cell.and_then(|cell| end(cell.high, range.high)),
                    sent: feature.told(feature.precision.reduce(*value, *range)),
                }
            })
            .collect()
    }
}

impl Feature {
    /// A reduced value as a summary tells it.
    pub(super) fn told(&self, value: Value) -> FeatureValue {
        let Some(number) = value.get() else {
            return FeatureValue::missing();
        };
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        let name = match (&self.precision, &self.kind) {
            (Precision::Groups(groups), _) => groups.get(index).map(|group| &group.id),
            (_, Kind::Choice(options)) => options.get(index),
            _ => return FeatureValue::Number(number),
        };
        name.map_or_else(FeatureValue::missing, |name| {
            FeatureValue::Text(name.to_string())
        })
    }

    /// The reduced value that a summary tells, if it tells one of this feature.
    pub(super) fn untold(&self, told: &FeatureValue) -> Option<Value> {
        let text = match told {
            FeatureValue::Number(_) if self.is_named() => return None,
            FeatureValue::Number(number) => return Some(Value::new(*number)),
            told if *told == FeatureValue::missing() => return Some(Value::MISSING),
            FeatureValue::Text(text) => text.as_str(),
        };
        let index = match (&self.precision, &self.kind) {
            (Precision::Groups(groups), _) => groups.iter().position(|g| g.id.as_str() == text),
            (_, Kind::Choice(options)) => options.iter().position(|o| o.as_str() == text),
            _ => None,
        };
        index
            .and_then(|index| i64::try_from(index).ok())
            .map(Value::new)
    }

    /// Whether its values are told by name.
    fn is_named(&self) -> bool {
        matches!(self.kind, Kind::Choice(_))
    }
}
