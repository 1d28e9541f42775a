//! Decision tables: cells, look-up, and the proof that nothing falls between.

use super::value::{Domain, Value};

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
}

/// Puts an item into an ascending list that holds each but once. A sort of the
/// standard library would be a fiftieth of the module that a borrower downloads.
pub(super) fn put_in_order<T: Ord>(item: T, ascending: &mut Vec<T>) {
    if let Err(place) = ascending.binary_search(&item) {
        ascending.insert(place, item);
    }
}
