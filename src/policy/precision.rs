//! Cells: how far a feature is known after it is reduced.

use super::body::{Precision, Representative};
use super::program::{Domain, Value};

/// A closed interval of values that are the same after the waist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The least value.
    pub low: i64,
    /// The largest value.
    pub high: i64,
}

impl Precision {
    /// The cell that a value within `range` falls into. For groups of options
    /// a cell is a group, by index.
    pub fn cell(&self, value: i64, range: Domain) -> Cell {
        match self {
            Precision::Exact => Cell {
                low: value,
                high: value,
            },
            Precision::Floor(step) => {
                let low = value.saturating_sub(value.checked_rem_euclid(*step).unwrap_or(0));
                Cell {
                    low,
                    high: low.saturating_add(step - 1),
                }
            }
            Precision::Ceil(step) => {
                let above = value
                    .saturating_neg()
                    .checked_rem_euclid(*step)
                    .unwrap_or(0);
                let high = value.saturating_add(above);
                Cell {
                    low: high.saturating_sub(step - 1),
                    high,
                }
            }
            Precision::Bands { edges, .. } => Cell {
                low: edges
                    .iter()
                    .copied()
                    .rfind(|edge| *edge <= value)
                    .unwrap_or(range.low),
                high: edges
                    .iter()
                    .find(|edge| **edge > value)
                    .map_or(range.high, |edge| edge - 1),
            },
            Precision::Groups(groups) => {
                let holds = |option: &u16| i64::from(*option) == value;
                let group = groups
                    .iter()
                    .position(|group| group.options.iter().any(holds));
                let index = group
                    .and_then(|index| i64::try_from(index).ok())
                    .unwrap_or(0);
                Cell {
                    low: index,
                    high: index,
                }
            }
        }
    }

    /// The number that stands for the cell of a value: what the summary holds
    /// and the decision reads.
    pub fn reduce(&self, value: Value, range: Domain) -> Value {
        let Some(number) = value.get() else {
            return Value::MISSING;
        };
        let Cell { low, high } = self.cell(number, range);
        Value::new(match self {
            Precision::Ceil(_) => high,
            Precision::Bands {
                value: Representative::High,
                ..
            } => high,
            Precision::Bands {
                value: Representative::Middle,
                ..
            } => low + (high - low) / 2,
            _ => low,
        })
    }

    /// The domain of the reduced feature.
    pub fn reduced(&self, range: Domain) -> Domain {
        match self {
            Precision::Groups(groups) => {
                let last = i64::try_from(groups.len())
                    .unwrap_or(i64::MAX)
                    .saturating_sub(1);
                Domain {
                    low: 0,
                    high: last,
                    optional: range.optional,
                }
            }
            _ => {
                let end = |value| self.reduce(Value::new(value), range).get().unwrap_or(value);
                Domain {
                    low: end(range.low),
                    high: end(range.high),
                    optional: range.optional,
                }
            }
        }
    }

    /// Whether a number stands for a cell of the reduced feature, so that a
    /// summary may hold it.
    pub fn stands_for_a_cell(&self, value: Value, range: Domain) -> bool {
        let reduced = self.reduced(range);
        match (self, value.get()) {
            (_, None) => range.optional,
            (_, Some(v)) if v < reduced.low || v > reduced.high => false,
            (Precision::Groups(_), Some(_)) => true,
            (_, Some(_)) => self.reduce(value, range) == value,
        }
    }
}
