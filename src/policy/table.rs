//! Decision tables: cells, look-up, and the proof that nothing falls between.

use super::program::{Domain, Value};

/// The values that a cell of a table or a bin of a scorecard takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Every value, and a missing one.
    Any,
    /// These.
    Of {
        /// Closed intervals, ascending and apart.
        intervals: Vec<(i64, i64)>,
        /// Whether a missing value falls in.
        missing: bool,
    },
}

impl Cells {
    /// Whether a value falls in.
    pub fn contains(&self, value: Value) -> bool {
        match (self, value.get()) {
            (Cells::Any, _) => true,
            (Cells::Of { missing, .. }, None) => *missing,
            (Cells::Of { intervals, .. }, Some(v)) => {
                intervals.iter().any(|&(low, high)| low <= v && v <= high)
            }
        }
    }
}

impl Cells {
    /// Whether some value of a domain falls in.
    pub fn meet(&self, domain: Domain) -> bool {
        match self {
            Cells::Any => true,
            Cells::Of { intervals, missing } => {
                let met = |&(low, high): &(i64, i64)| {
                    !domain.is_empty() && low <= domain.high && domain.low <= high
                };
                (*missing && domain.optional) || intervals.iter().any(met)
            }
        }
    }

    /// Whether every value of a domain falls in; where several intervals
    /// together take it in, that is not seen.
    pub fn take_in(&self, domain: Domain) -> bool {
        match self {
            Cells::Any => true,
            Cells::Of { intervals, missing } => {
                let whole = |&(low, high): &(i64, i64)| low <= domain.low && domain.high <= high;
                (*missing || !domain.optional) && (domain.is_empty() || intervals.iter().any(whole))
            }
        }
    }
}

/// A decision table: the first row all of whose cells take the inputs in
/// gives the output. A table with the hit policy "unique" is proven by the
/// compiler to have no two such rows, so the first is the only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub id: super::Id,
    /// How many inputs each row has.
    pub columns: u16,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a decision table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A cell for each column.
    pub cells: Vec<Cells>,
    /// The output.
    pub output: i64,
}

impl Row {
    /// Whether every cell takes its input in.
    pub fn takes(&self, inputs: impl Iterator<Item = Value>) -> bool {
        self.cells
            .iter()
            .zip(inputs)
            .all(|(cell, value)| cell.contains(value))
    }
}

impl Table {
    /// The index of the first row that takes the inputs in.
    pub fn hit(&self, inputs: impl Iterator<Item = Value> + Clone) -> Option<usize> {
        self.rows.iter().position(|row| row.takes(inputs.clone()))
    }

    /// Inputs within these domains that no row takes in, if there are any.
    /// `None` is the proof of TOTAL for this table. `Err` when the search
    /// would take more than `steps`.
    pub fn gap(&self, domains: &[Domain], steps: &mut u32) -> Result<Option<Vec<Value>>, TooWide> {
        let rows: Vec<&[Cells]> = self.rows.iter().map(|row| row.cells.as_slice()).collect();
        uncovered(&rows, domains, steps)
    }
}

/// A table or characteristic has so many distinct cells that the proof of
/// completeness was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooWide;

/// A point of the product of domains that none of the rows covers.
///
/// Column by column: the edges of all rows' cells cut the column's domain
/// into segments on which every row is constant; on each segment the rows
/// that take it in must cover the remaining columns.
pub fn uncovered(
    rows: &[&[Cells]],
    domains: &[Domain],
    steps: &mut u32,
) -> Result<Option<Vec<Value>>, TooWide> {
    let Some((domain, rest_of_domains)) = domains.split_first() else {
        return Ok(rows.is_empty().then(Vec::new));
    };
    let looked_at = u32::try_from(rows.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    for point in segment_starts(rows, domain) {
        *steps = steps.checked_sub(looked_at).ok_or(TooWide)?;
        let rest: Vec<&[Cells]> = rows
            .iter()
            .filter_map(|row| row.split_first())
            .filter(|(cell, _)| cell.contains(point))
            .map(|(_, rest)| rest)
            .collect();
        if let Some(mut gap) = uncovered(&rest, rest_of_domains, steps)? {
            gap.insert(0, point);
            return Ok(Some(gap));
        }
    }
    Ok(None)
}

/// The first value of each segment of a domain on which the first cell of
/// every row is constant; and missing, where it may be.
fn segment_starts(rows: &[&[Cells]], domain: &Domain) -> Vec<Value> {
    let mut starts = Vec::new();
    starts.extend((!domain.is_empty()).then_some(Value::new(domain.low)));
    for cell in rows.iter().filter_map(|row| row.first()) {
        if let Cells::Of { intervals, .. } = cell {
            for &(low, high) in intervals {
                for start in [low, high.saturating_add(1)] {
                    if domain.low < start && start <= domain.high {
                        put_in_order(Value::new(start), &mut starts);
                    }
                }
            }
        }
    }
    if domain.optional {
        starts.push(Value::MISSING);
    }
    starts
}

/// Puts an item into an ascending list that holds each but once. A sort of the
/// standard library would be a fiftieth of the module that a borrower downloads.
pub(super) fn put_in_order<T: Ord>(item: T, ascending: &mut Vec<T>) {
    if let Err(place) = ascending.binary_search(&item) {
        ascending.insert(place, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells() -> impl Strategy<Value = Cells> {
        let interval = (0i64..6, 0i64..4).prop_map(|(low, width)| (low, low + width));
        prop_oneof![
            1 => Just(Cells::Any),
            4 => (interval, any::<bool>())
                .prop_map(|(interval, missing)| Cells::Of { intervals: vec![interval], missing }),
        ]
    }

    proptest! {
        /// Against every point of the domains.
        #[test]
        fn a_gap_is_found_if_there_is_one(
            rows in proptest::collection::vec([cells(), cells()], 0..12),
            optional: [bool; 2],
        ) {
            let domains = optional.map(|optional| Domain { low: 0, high: 7, optional });
            let points = |optional: bool| {
                (0..=7).map(Value::new).chain(optional.then_some(Value::MISSING))
            };
            let taken = |point: [Value; 2]| {
                rows.iter().any(|[a, b]| a.contains(point[0]) && b.contains(point[1]))
            };
            let complete = points(optional[0])
                .all(|x| points(optional[1]).all(|y| taken([x, y])));
            let slices: Vec<&[Cells]> = rows.iter().map(|row| row.as_slice()).collect();
            let gap = uncovered(&slices, &domains, &mut 1_000_000).unwrap();
            prop_assert_eq!(gap.is_none(), complete);
            if let Some(gap) = gap {
                prop_assert!(!taken([gap[0], gap[1]]));
            }
        }
    }

    #[test]
    fn the_search_is_bounded() {
        let wide: Vec<Cells> = (0..200)
            .map(|k| Cells::Of {
                intervals: vec![(k, k)],
                missing: false,
            })
            .collect();
        let rows: Vec<Vec<Cells>> = wide.iter().map(|cell| vec![cell.clone(); 4]).collect();
        let any = vec![Cells::Any; 4];
        let slices: Vec<&[Cells]> = rows.iter().chain([&any]).map(Vec::as_slice).collect();
        let domains = [Domain {
            low: 0,
            high: 199,
            optional: false,
        }; 4];
        assert_eq!(uncovered(&slices, &domains, &mut 1_000), Err(TooWide));
        assert_eq!(uncovered(&slices, &domains, &mut 1_000_000), Ok(None));
    }
}
