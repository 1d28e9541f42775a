//! Cells: how far a feature is known after it is reduced.

use super::body::{Precision, Representative};
use super::value::{Domain, Value};

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

    /// The domain of the reduced feature where it keeps to a part of its range.
    pub fn narrowed(&self, part: Domain, range: Domain) -> Domain {
        if part.is_empty() {
            return part;
        }
        let told = |value| self.reduce(Value::new(value), range).get().unwrap_or(value);
        let (low, high) = match self {
            // Options of a group need not be neighbours.
            Precision::Groups(_) => {
                let told = || (part.low..=part.high).map(told);
                (told().min(), told().max())
            }
            _ => (Some(told(part.low)), Some(told(part.high))),
        };
        Domain {
            low: low.unwrap_or(part.low),
            high: high.unwrap_or(part.high),
            optional: part.optional,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::body::{Id, OptionGroup};
    use proptest::prelude::*;

    const RANGE: Domain = Domain {
        low: -5_000,
        high: 5_000,
        optional: false,
    };

    fn precision() -> impl Strategy<Value = Precision> {
        let representative = prop_oneof![
            Just(Representative::Low),
            Just(Representative::High),
            Just(Representative::Middle)
        ];
        let edges = proptest::collection::btree_set(-4_999i64..=5_000, 1..8);
        prop_oneof![
            Just(Precision::Exact),
            (2i64..700).prop_map(Precision::Floor),
            (2i64..700).prop_map(Precision::Ceil),
            (edges, representative).prop_map(|(edges, value)| Precision::Bands {
                edges: edges.into_iter().collect(),
                value
            }),
        ]
    }

    proptest! {
        /// What EXACT rests on: a threshold at the low end of a cell holds of
        /// a value if and only if it holds of what stands for the value.
        #[test]
        fn cell_edges_are_sharp(precision in precision(), x in -5_000i64..=5_000, y in -5_000i64..=5_000) {
            let threshold = precision.cell(y, RANGE).low;
            let told = precision.reduce(Value::new(x), RANGE).get().unwrap();
            prop_assert_eq!(x >= threshold, told >= threshold);
        }

        /// What CONSERVATIVE rests on.
        #[test]
        fn rounding_goes_one_way(precision in precision(), x in -5_000i64..=5_000) {
            let told = precision.reduce(Value::new(x), RANGE).get().unwrap();
            match precision {
                Precision::Exact => prop_assert_eq!(told, x),
                Precision::Ceil(step) => prop_assert!(told >= x && told < x + step),
                Precision::Floor(step) => prop_assert!(told <= x && told > x - step),
                Precision::Bands { value: Representative::High, .. } => prop_assert!(told >= x),
                Precision::Bands { value: Representative::Low, .. } => prop_assert!(told <= x),
                _ => {}
            }
        }

        #[test]
        fn a_summary_holds_what_stands_for_a_cell(precision in precision(), x in -5_000i64..=5_000) {
            let told = precision.reduce(Value::new(x), RANGE);
            let cell = precision.cell(x, RANGE);
            prop_assert!((cell.low..=cell.high).contains(&x));
            prop_assert!((cell.low..=cell.high).contains(&told.get().unwrap()));
            prop_assert!(precision.stands_for_a_cell(told, RANGE));
            let reduced = precision.reduced(RANGE);
            prop_assert!((reduced.low..=reduced.high).contains(&told.get().unwrap()));
            // Any other number of the cell is refused.
            if Value::new(x) != told {
                prop_assert!(!precision.stands_for_a_cell(Value::new(x), RANGE));
            }
        }
    }

    #[test]
    fn options_are_told_by_group() {
        let group = |id: &str, options: &[u16]| OptionGroup {
            id: Id::try_from(id.to_owned()).unwrap(),
            options: options.to_vec(),
        };
        let groups = Precision::Groups(vec![group("own", &[0, 2]), group("rent", &[1])]);
        let range = Domain {
            low: 0,
            high: 2,
            optional: true,
        };
        let told = [0, 1, 2].map(|option| groups.reduce(Value::new(option), range).get());
        assert_eq!(told, [Some(0), Some(1), Some(0)]);
        assert_eq!(groups.reduce(Value::MISSING, range), Value::MISSING);
        assert!(groups.stands_for_a_cell(Value::MISSING, range));
        assert!(!groups.stands_for_a_cell(Value::new(2), range));
    }
}
