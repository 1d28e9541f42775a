//! Tables and bins without gaps.

use fastrand::Rng;
use prequal::policy::Kind;

use super::scope::{Entry, between, once_in};
use crate::model::policy::{Cell, Hit, Part, Row, Table};
use crate::model::tree::Range;

/// Cells that take every value of an entry in, each but once.
pub(crate) fn partition(random: &mut Rng, entry: &Entry, most: usize) -> Vec<Cell> {
    let mut cells = match &entry.kind {
        Kind::Boolean => vec![vec![Part::Is(0)], vec![Part::Is(1)]],
        Kind::Choice(options) => choices(random, options.len(), most),
        _ => ranges(random, entry, most),
    };
    if entry.optional {
        match random.choice(&mut cells) {
            Some(cell) if random.bool() && cell.as_slice() != [Part::Any] => {
                cell.push(Part::Missing)
            }
            _ => cells.push(vec![Part::Missing]),
        }
    }
    cells
}

fn choices(random: &mut Rng, count: usize, most: usize) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![Vec::new(); most.min(count).max(1)];
    for option in 0..count {
        let at = if option < cells.len() {
            option
        } else {
            random.usize(..cells.len())
        };
        if let Some(cell) = cells.get_mut(at) {
            cell.push(Part::Is(option as i128));
        }
    }
    cells
}

fn ranges(random: &mut Rng, entry: &Entry, most: usize) -> Vec<Cell> {
    let mut cuts: Vec<i128> = (1..most.max(2)).filter_map(|_| entry.cut(random)).collect();
    cuts.sort();
    cuts.dedup();
    let (Some(first), Some(last)) = (cuts.first().copied(), cuts.last().copied()) else {
        // Nothing to cut at: both sides of a value out of reach.
        return vec![
            vec![Part::Below(entry.high + 1)],
            vec![Part::AtLeast(entry.high + 1)],
        ];
    };
    let mut cells = vec![vec![if random.bool() {
        Part::Below(first)
    } else {
        Part::AtMost(first - 1)
    }]];
    for (low, next) in cuts.iter().zip(cuts.iter().skip(1)) {
        let (low_in, high_in) = (random.bool(), random.bool());
        let single = next - low == 1 && random.bool();
        cells.push(vec![if single {
            Part::Is(*low)
        } else {
            Part::In(Range {
                low: low - i128::from(!low_in),
                low_in,
                high: next - i128::from(high_in),
                high_in,
            })
        }]);
    }
    cells.push(vec![if random.bool() {
        Part::AtLeast(last)
    } else {
        Part::Above(last - 1)
    }]);
    if cells.len() > 3 && once_in(random, 4) {
        let part = cells.remove(random.usize(1..cells.len() - 1));
        if let Some(cell) = cells.first_mut() {
            cell.extend(part);
        }
    }
    cells
}

/// Outputs that a table may have.
pub(crate) type Outputs<'a> = &'a mut dyn FnMut(&mut Rng) -> i128;

/// A table over some entries, for this hit policy.
pub(crate) fn table(
    random: &mut Rng,
    file: String,
    columns: &[Entry],
    kind: Kind,
    hit: Hit,
    outputs: Outputs<'_>,
) -> Table {
    // There is no sum of truth values.
    let numeric = !matches!(hit, Hit::Sum | Hit::Min | Hit::Max) || kind != Kind::Boolean;
    let hit = if numeric { hit } else { Hit::First };
    let mut rows = Vec::new();
    cross(random, columns, Vec::new(), outputs, &mut rows);
    random.shuffle(&mut rows);
    let mut order = Vec::new();
    match hit {
        Hit::Unique => {}
        Hit::First => {
            for _ in 0..random.usize(1..4) {
                let row = loose(random, columns, outputs);
                rows.insert(random.usize(..=rows.len()), row);
            }
            if random.bool() {
                let output = outputs(random);
                rows.push(Row {
                    cells: vec![vec![Part::Any]; columns.len()],
                    output,
                });
            }
        }
        Hit::Any => {
            // A row that says again what rows there say.
            if let Some(row) = random.choice(&rows).cloned() {
                rows.push(row);
            }
        }
        Hit::Priority | Hit::OutputOrder => {
            for _ in 0..random.usize(1..4) {
                rows.push(loose(random, columns, outputs));
            }
        }
        Hit::RuleOrder | Hit::Collect | Hit::Sum | Hit::Min | Hit::Max | Hit::Count => {
            for _ in 0..random.usize(1..4) {
                rows.push(loose(random, columns, outputs));
            }
            // Gaps are meant.
            for _ in 0..random.usize(..3) {
                if rows.len() > 2 {
                    rows.remove(random.usize(..rows.len()));
                }
            }
        }
    }
    if matches!(hit, Hit::Priority | Hit::OutputOrder) {
        order = rows.iter().map(|row| row.output).collect();
        order.sort();
        order.dedup();
        random.shuffle(&mut order);
    }
    let columns = columns
        .iter()
        .map(|entry| (entry.name.clone(), entry.kind.clone()))
        .collect();
    Table {
        file,
        columns,
        rows,
        hit,
        kind,
        order,
    }
}

/// Rows that take everything in once: each cell of a column with its own
/// partition of the columns after it.
fn cross(
    random: &mut Rng,
    columns: &[Entry],
    cells: Vec<Cell>,
    outputs: Outputs<'_>,
    rows: &mut Vec<Row>,
) {
    let Some((first, rest)) = columns.split_first() else {
        let output = outputs(random);
        rows.push(Row { cells, output });
        return;
    };
    let parts = match once_in(random, 4) {
        true => vec![vec![Part::Any]],
        false => partition(random, first, 3),
    };
    for part in parts {
        let cells = [cells.clone(), vec![part]].concat();
        cross(random, rest, cells, &mut *outputs, rows);
    }
}

fn loose(random: &mut Rng, columns: &[Entry], outputs: Outputs<'_>) -> Row {
    let cells = columns.iter().map(|entry| {
        let parts = partition(random, entry, 3);
        match random.u8(..3) {
            0 => vec![Part::Any],
            _ => random.choice(parts).unwrap_or_else(|| vec![Part::Any]),
        }
    });
    let cells = cells.collect();
    Row {
        cells,
        output: outputs(random),
    }
}

impl Table {
    /// The kind of the figure: how many rows there are is an integer.
    pub(crate) fn yields(&self) -> Kind {
        if self.hit == Hit::Count {
            Kind::Integer
        } else {
            self.kind.clone()
        }
    }

    /// Whether there may be no figure.
    pub(crate) fn may_be_missing(&self) -> bool {
        let whole = |row: &Row| row.cells.iter().all(|cell| cell.as_slice() == [Part::Any]);
        matches!(self.hit, Hit::Min | Hit::Max) && !self.rows.iter().any(whole)
    }

    /// The ends of the figure.
    pub(crate) fn ends(&self) -> (i128, i128) {
        let outputs = || self.rows.iter().map(|row| row.output);
        match self.hit {
            Hit::Count => (0, self.rows.len() as i128),
            Hit::Sum => (
                outputs().filter(|output| *output < 0).sum(),
                outputs().filter(|output| *output > 0).sum(),
            ),
            _ => (outputs().min().unwrap_or(0), outputs().max().unwrap_or(0)),
        }
    }
}

/// An output of this kind.
pub(crate) fn output(random: &mut Rng, kind: &Kind) -> i128 {
    match kind {
        Kind::Boolean => i128::from(random.bool()),
        Kind::Ratio | Kind::Real => between(random, 0, 2_000_000),
        Kind::Money => between(random, -1_000, 20_000_00),
        Kind::Period => between(random, 1, 60),
        _ => between(random, -30, 80),
    }
}

/// Points of a bin.
pub(crate) fn points(random: &mut Rng) -> i128 {
    match random.u8(..4) {
        0 => between(random, -50, 0),
        _ => random.i128(0..60),
    }
}
