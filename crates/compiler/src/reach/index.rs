//! A table that is asked often: for each value of a column that came, the rows
//! that take it in, as bits.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use prequal::policy::{Collect, Row, Table, Value};

/// Rows, one bit each, 64 to a word.
type Rows = Rc<[u64]>;

pub(super) struct Index<'a> {
    table: &'a Table,
    /// The rows of each column and value that came.
    known: RefCell<BTreeMap<(usize, Value), Rows>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(table: &'a Table) -> Index<'a> {
        Index {
            table,
            known: RefCell::default(),
        }
    }

    /// How many words a look-up goes through at most, for each input.
    pub(super) fn words(&self) -> usize {
        self.table.rows.len().div_ceil(64)
    }

    /// The output of the first row that takes these in; zero where none does,
    /// as in the engine.
    pub(super) fn first(&self, inputs: &[Value]) -> Value {
        Value::new(self.taking(inputs, |outputs| outputs.next()).unwrap_or(0))
    }

    /// What the outputs of all rows that take these in come to.
    pub(super) fn collected(&self, how: Collect, inputs: &[Value]) -> Value {
        self.taking(inputs, |outputs| match how {
            Collect::Sum => Value::new(outputs.fold(0, i64::saturating_add)),
            Collect::Count => Value::new(i64::try_from(outputs.count()).unwrap_or(0)),
            Collect::Min => outputs.min().map_or(Value::MISSING, Value::new),
            Collect::Max => outputs.max().map_or(Value::MISSING, Value::new),
        })
    }

    /// Shows the outputs of the rows that take these in, in order.
    fn taking<T>(
        &self,
        inputs: &[Value],
        see: impl FnOnce(&mut dyn Iterator<Item = i64>) -> T,
    ) -> T {
        let columns = inputs.iter().enumerate();
        let columns: Vec<Rows> = columns
            .map(|(column, value)| self.rows(column, *value))
            .collect();
        let words = (0..self.words()).map(|word| {
            let column = |rows: &Rows| rows.get(word).copied().unwrap_or(0);
            columns
                .iter()
                .map(column)
                .fold(u64::MAX, |all, bits| all & bits)
        });
        let chunks = self.table.rows.chunks(64).zip(words);
        let mut outputs = chunks
            .filter(|(_, bits)| *bits != 0)
            .flat_map(|(rows, bits)| {
                let taken = rows
                    .iter()
                    .enumerate()
                    .filter(move |(bit, _)| bits >> bit & 1 == 1);
                taken.map(|(_, row)| row.output)
            });
        see(&mut outputs)
    }

    fn rows(&self, column: usize, value: Value) -> Rows {
        let mut known = self.known.borrow_mut();
        let rows = known.entry((column, value)).or_insert_with(|| {
            let takes = |row: &Row| {
                row.cells
                    .get(column)
                    .is_some_and(|cells| cells.contains(value))
            };
            let words = self.table.rows.chunks(64).map(|rows| {
                let bits = rows
                    .iter()
                    .enumerate()
                    .map(|(bit, row)| u64::from(takes(row)) << bit);
                bits.fold(0, |all, bit| all | bit)
            });
            words.collect()
        });
        Rc::clone(rows)
    }
}
