//! Cross-checks of figures, by their definitions.

use prequal::Rounding;
use prequal::policy::Kind;

use super::Names;
use super::formula::{kept, unit};
use crate::model::tree::{Function, Tree};
use crate::naive::number::{Fraction, Value, round};
use crate::naive::{Bugs, Fault, Found};

impl Names<'_> {
    /// What a cross-check, or what it compares, comes to; `None` for any other
    /// function.
    pub(super) fn cross_check(
        &self,
        function: Function,
        parts: &[Tree],
        kind: &Kind,
    ) -> Option<Found<Value>> {
        Some(match function {
            Function::TurnoverOverstated | Function::MarginOverstated => {
                self.overstated(function, parts, kind)
            }
            Function::EquityDeviation => self.given(parts, |parts| equity_deviation(parts, kind)),
            Function::SalesFromPurchases => self.given(parts, |parts| match parts {
                [purchases, margin] if *margin < one() => {
                    Ok(Some(kept(purchases / (one() - margin), kind)))
                }
                [_, _] => Ok(None),
                _ => Err(Fault::NotThere),
            }),
            Function::Takings => self.given(parts, |parts| takings(parts, kind)),
            Function::WeightedMean => self.given(parts, |parts| {
                Ok(mean_by_weight(pairs(parts)).map(|mean| kept(mean, kind)))
            }),
            _ => return None,
        })
    }

    /// What comes of arguments, none of which is missing; else nothing.
    fn given(
        &self,
        parts: &[Tree],
        comes: impl FnOnce(&[Fraction]) -> Found<Value>,
    ) -> Found<Value> {
        let values: Vec<Value> = parts
            .iter()
            .map(|part| self.worth(part))
            .collect::<Found<_>>()?;
        let values = values.into_iter().zip(parts);
        let quantities: Option<Vec<Fraction>> = values
            .map(|(value, part)| value.map(|value| Fraction::new(value, unit(&part.kind))))
            .collect();
        match quantities {
            Some(quantities) => comes(&quantities),
            None => Ok(None),
        }
    }

    fn overstated(&self, function: Function, parts: &[Tree], kind: &Kind) -> Found<Value> {
        let (declared, inferred) = parts.split_first().ok_or(Fault::NotThere)?;
        let declared = self.number(declared)?;
        let inferred: Vec<Value> = inferred
            .iter()
            .map(|part| self.worth(part))
            .collect::<Found<_>>()?;
        let Some(least) = inferred.into_iter().flatten().min() else {
            return Ok(None);
        };
        let excess = (declared - least).max(0);
        Ok(Some(match (function, declared) {
            (Function::MarginOverstated, _) => excess,
            (_, 0) => 0,
            _ => kept(Fraction::new(excess, declared), kind),
        }))
    }
}

fn one() -> Fraction {
    Fraction::from_integer(1)
}

/// Arguments two by two.
fn pairs(parts: &[Fraction]) -> impl Iterator<Item = (Fraction, Fraction)> {
    parts.chunks_exact(2).filter_map(|pair| match pair {
        [value, weight] => Some((*value, *weight)),
        _ => None,
    })
}

/// The mean of values by their weights, if any counts.
pub(super) fn mean_by_weight(
    pairs: impl Iterator<Item = (Fraction, Fraction)>,
) -> Option<Fraction> {
    let (mut total, mut weights) = (Fraction::from_integer(0), Fraction::from_integer(0));
    for (value, weight) in pairs {
        total += value * weight;
        weights += weight;
    }
    (weights != Fraction::from_integer(0)).then(|| total / weights)
}

fn takings(parts: &[Fraction], kind: &Kind) -> Found<Value> {
    let days: Fraction = pairs(parts).map(|(_, often)| often).sum();
    let mean = mean_by_weight(pairs(parts)).unwrap_or(Fraction::from_integer(0));
    let open = parts.chunks_exact(2).remainder();
    Ok(Some(match open {
        [open] => kept(mean, kind) * open.to_integer(),
        _ => kept(mean * days.min(Fraction::from_integer(31)), kind),
    }))
}

fn equity_deviation(parts: &[Fraction], kind: &Kind) -> Found<Value> {
    let [opening, profit, put_in, taken_out, revaluation, found] = *parts else {
        return Err(Fault::NotThere);
    };
    let expected = opening + profit + put_in - taken_out + revaluation;
    let size = |quantity: Fraction| quantity.max(-quantity);
    let apart = size(expected - found);
    let larger = size(expected).max(size(found));
    Ok(Some(kept(
        apart / larger.max(Fraction::from_integer(100)),
        kind,
    )))
}

/// What the largest of some numbers are of all, in millionths; 0 of nothing.
pub(super) fn share_of_best(mut numbers: Vec<i128>, best: usize) -> i128 {
    numbers.sort_by_key(|number| -number);
    let all: i128 = numbers.iter().sum();
    let largest: i128 = numbers.iter().take(best).sum();
    match all {
        0 => 0,
        _ => round(
            Fraction::new(largest * 1_000_000, all),
            Rounding::HalfUp,
            Bugs::NONE,
        ),
    }
}
