//! Tables by their hit policies: every row is looked at.

use super::formula::within;
use crate::model::policy::{Cell, Hit, Part, Row, Table};
use crate::naive::number::Value;
use crate::naive::{Fault, Found};

/// Whether a cell takes a value in. `unseen` is for whoever knows the others.
pub(super) fn takes(cell: &Cell, value: Value) -> bool {
    cell.iter().any(|part| match (part, value) {
        (Part::Any, _) => true,
        (Part::Missing, value) => value.is_none(),
        (Part::Unseen, _) | (_, None) => false,
        (Part::Is(is), Some(value)) => value == *is,
        (Part::Below(than), Some(value)) => value < *than,
        (Part::AtMost(most), Some(value)) => value <= *most,
        (Part::Above(than), Some(value)) => value > *than,
        (Part::AtLeast(least), Some(value)) => value >= *least,
        (Part::In(range), Some(value)) => within(value, range),
    })
}

impl Table {
    /// The rows that take these in, in the file's order.
    pub(super) fn hits<'a>(
        &'a self,
        inputs: &'a [Value],
    ) -> impl Iterator<Item = (usize, &'a Row)> {
        let fits = move |row: &Row| {
            let mut cells = row.cells.iter().zip(inputs);
            cells.all(|(cell, value)| takes(cell, *value))
        };
        self.rows
            .iter()
            .enumerate()
            .filter(move |(_, row)| fits(row))
    }

    /// Where an output stands in the declared order.
    pub(super) fn place(&self, output: i128) -> usize {
        self.order
            .iter()
            .position(|known| *known == output)
            .unwrap_or(usize::MAX)
    }

    /// The one figure that a table yields; `unordered` is a misreading.
    pub(super) fn figure(&self, inputs: &[Value], unordered: bool) -> Found<Value> {
        let outputs: Vec<i128> = self.hits(inputs).map(|(_, row)| row.output).collect();
        let first = outputs.first().copied();
        Ok(match self.hit {
            Hit::Unique if outputs.len() > 1 => return Err(Fault::TwoRows),
            Hit::Any if outputs.iter().any(|output| Some(*output) != first) => {
                return Err(Fault::TwoRows);
            }
            Hit::Unique | Hit::Any | Hit::First => Some(first.ok_or(Fault::Gap)?),
            Hit::Priority if unordered => first,
            Hit::Priority => {
                let best = outputs.into_iter().min_by_key(|output| self.place(*output));
                Some(best.ok_or(Fault::Gap)?)
            }
            Hit::Sum => Some(outputs.iter().sum()),
            Hit::Count => Some(outputs.len() as i128),
            Hit::Min => outputs.into_iter().min(),
            Hit::Max => outputs.into_iter().max(),
            Hit::RuleOrder | Hit::OutputOrder | Hit::Collect => return Err(Fault::NotThere),
        })
    }

    /// The list that a table yields.
    pub(super) fn listing(&self, inputs: &[Value]) -> Vec<i128> {
        let mut outputs: Vec<i128> = self.hits(inputs).map(|(_, row)| row.output).collect();
        if self.hit == Hit::OutputOrder {
            outputs.sort_by_key(|output| self.place(*output));
        }
        outputs
    }
}
