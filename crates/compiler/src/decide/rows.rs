//! Rows of a table against each other: what no input reaches, what others
//! hide, and where only one may apply.

use prequal::LARGEST;
use prequal::policy::{Cells, Domain, GAP_STEPS, Row, TooWide, Value, uncovered};

use super::complete::{Asked, words};
use crate::cells;
use crate::declare::Hit;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::number::show;
use crate::source::Span;
use crate::tables::BuiltTable;

/// What a missing value counts as: more than any other.
const MISSING: i64 = LARGEST + 1;

/// A row, and the least and the largest that each of its cells takes in: most
/// pairs of rows are apart by these alone.
struct Placed<'a> {
    row: &'a Row,
    span: &'a Span,
    hull: Vec<(i64, i64)>,
}

impl<'a> Placed<'a> {
    fn all(built: &'a BuiltTable) -> Vec<Placed<'a>> {
        let rows = built.table.rows.iter().zip(&built.rows);
        let placed = rows.map(|(row, span)| Placed {
            row,
            span,
            hull: row.cells.iter().map(hull).collect(),
        });
        placed.collect()
    }

    /// Whether the hulls meet.
    fn is_near(&self, other: &Placed<'_>) -> bool {
        let mut columns = self.hull.iter().zip(&other.hull);
        columns.all(|(a, b)| a.0 <= b.1 && b.0 <= a.1)
    }

    /// Whether the hull holds all of a part of the domains.
    fn holds(&self, part: &[Domain]) -> bool {
        let mut columns = self.hull.iter().zip(part);
        columns.all(|(hull, part)| {
            (part.is_empty() || (hull.0 <= part.low && part.high <= hull.1))
                && (!part.optional || hull.1 == MISSING)
        })
    }

    /// The domains cut down to what the row can take in.
    fn part_of(&self, domains: &[Domain]) -> Vec<Domain> {
        let columns = self.row.cells.iter().zip(domains);
        columns
            .map(|(cells, domain)| narrowed(domain, cells))
            .collect()
    }
}

/// A domain from the least to the largest of its values that cells take in.
fn narrowed(domain: &Domain, cells: &Cells) -> Domain {
    let Cells::Of { intervals, missing } = cells else {
        return *domain;
    };
    let mut within = intervals
        .iter()
        .filter(|(low, high)| *low <= domain.high && domain.low <= *high);
    let first = within.next();
    let last = within.next_back().or(first);
    Domain {
        low: first.map_or(MISSING, |first| domain.low.max(first.0)),
        high: last.map_or(-MISSING, |last| domain.high.min(last.1)),
        optional: domain.optional && *missing,
    }
}

fn hull(cells: &Cells) -> (i64, i64) {
    match cells {
        Cells::Any => (-LARGEST, MISSING),
        Cells::Of { intervals, missing } => {
            let low = intervals.first().map_or(MISSING, |first| first.0);
            let high = intervals.last().map_or(-MISSING, |last| last.1);
            (low, if *missing { MISSING } else { high })
        }
    }
}

/// Rows that no input reaches, wherever the table is asked: it lies outside of
/// what can come, or earlier rows hide it.
pub(super) fn unreached(built: &BuiltTable, uses: &[Asked], sink: &mut Sink) {
    let rows = Placed::all(built);
    let open = vec![Cells::Any; usize::from(built.table.columns)];
    let mut steps = GAP_STEPS;
    // The rows before that count: what they hide, they and others hide still.
    let mut counting: Vec<&Placed<'_>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        // The row that completes a list's first output stands in no file.
        if *row.span == built.header {
            continue;
        }
        let reached: Vec<&Asked> = uses
            .iter()
            .filter(|asked| meet(&row.row.cells, &open, asked, &mut steps) != Ok(None))
            .collect();
        if reached.is_empty() {
            let message = "no input reaches this row";
            sink.push(Diagnostic::new(Code::Unreachable, row.span, message));
            continue;
        }
        if !built.hit.hides() {
            continue;
        }
        let near = counting
            .iter()
            .copied()
            .filter(|before| row.is_near(before));
        let near: Vec<&Placed<'_>> = near.collect();
        let mut places = reached.iter();
        if !places.all(|asked| hidden(row, &near, asked, &mut steps)) {
            counting.push(row);
            continue;
        }
        let message = match built.hit {
            Hit::Priority => "rows of better outputs hide this row: it is never what counts",
            _ => "earlier rows hide this row: it is never the first that fits",
        };
        let mut diagnostic = Diagnostic::new(Code::Unreachable, row.span, message);
        let whole = rows.iter().take(index).find(|one| {
            let mut places = reached.iter();
            places.all(|asked| {
                one.holds(&row.part_of(&asked.domains)) && hidden(row, &[*one], asked, &mut steps)
            })
        });
        if let Some(one) = whole {
            diagnostic = diagnostic.other(one.span, "all that it takes in, this row does");
        }
        sink.push(diagnostic);
    }
}

/// Whether the rows before take in all that a row does: then they and all
/// that the row leaves out are everything. Too many cells to tell is no.
fn hidden(row: &Placed<'_>, before: &[&Placed<'_>], asked: &Asked, steps: &mut u32) -> bool {
    if before.is_empty() {
        return false;
    }
    let part = row.part_of(&asked.domains);
    let holes = holes(&row.row.cells);
    let before = before.iter().map(|before| &before.row.cells);
    let rows = before.chain(&asked.left_out).chain(&holes);
    let rows: Vec<&[Cells]> = rows.map(Vec::as_slice).collect();
    uncovered(&rows, &part, steps) == Ok(None)
}

/// Rows that together take in all that a row leaves out between what its cells
/// take in.
fn holes(cells: &[Cells]) -> Vec<Vec<Cells>> {
    let columns = cells.iter().enumerate().filter_map(|(column, cell)| {
        let Cells::Of { intervals, .. } = cell else {
            return None;
        };
        let pairs = intervals.windows(2);
        let between = pairs.filter_map(|pair| match pair {
            [before, after] => Some((before.1 + 1, after.0 - 1)),
            _ => None,
        });
        let between: Vec<(i64, i64)> = between.filter(|(low, high)| low <= high).collect();
        (!between.is_empty()).then_some((column, between))
    });
    let row = |(column, intervals)| {
        let missing = false;
        only(column, Cells::Of { intervals, missing }, cells.len())
    };
    columns.map(row).collect()
}

/// A row that cares for one column alone.
fn only(column: usize, cells: Cells, columns: usize) -> Vec<Cells> {
    let mut row = vec![Cells::Any; columns];
    if let Some(cell) = row.get_mut(column) {
        *cell = cells;
    }
    row
}

/// An input that two rows take in.
fn meet(
    a: &[Cells],
    b: &[Cells],
    asked: &Asked,
    steps: &mut u32,
) -> Result<Option<Vec<Value>>, TooWide> {
    let columns = a.iter().zip(b).zip(&asked.domains);
    let input: Option<Vec<Value>> = columns
        .map(|((a, b), domain)| {
            let common = cells::common(a, b, domain)?;
            Some(common.map_or(Value::MISSING, Value::new))
        })
        .collect();
    let left_out = |input: &Vec<Value>| {
        let mut rows = asked.left_out.iter();
        rows.any(|row| {
            row.iter()
                .zip(input)
                .all(|(cells, value)| cells.contains(*value))
        })
    };
    match input {
        Some(input) if left_out(&input) => {
            let outside = [a, b].into_iter().flat_map(|row| {
                let cells = row.iter().enumerate();
                cells.filter_map(|(at, cell)| Some(only(at, complement(cell)?, row.len())))
            });
            let outside: Vec<Vec<Cells>> = outside.collect();
            let rows = asked.left_out.iter().chain(&outside);
            let rows: Vec<&[Cells]> = rows.map(Vec::as_slice).collect();
            uncovered(&rows, &asked.domains, steps)
        }
        input => Ok(input),
    }
}

/// What a cell leaves out; nothing where it takes in everything.
fn complement(cell: &Cells) -> Option<Cells> {
    let Cells::Of { intervals, missing } = cell else {
        return None;
    };
    let mut left = Vec::new();
    let mut from = -LARGEST;
    for (low, high) in intervals {
        if from < *low {
            left.push((from, low - 1));
        }
        from = high + 1;
    }
    if from <= LARGEST {
        left.push((from, LARGEST));
    }
    Some(Cells::Of {
        intervals: left,
        missing: !missing,
    })
}

/// Rows that two inputs fall into where only one may, or where they have to
/// agree.
pub(super) fn overlaps(built: &BuiltTable, uses: &[Asked], sink: &mut Sink) {
    if !matches!(built.hit, Hit::Unique | Hit::Any) {
        return;
    }
    let rows = Placed::all(built);
    let mut steps = GAP_STEPS;
    for (index, row) in rows.iter().enumerate() {
        let clashes = |before: &&Placed<'_>| {
            let agree = built.hit == Hit::Any && before.row.output == row.row.output;
            !agree && row.is_near(before)
        };
        let mut near = rows.iter().take(index).filter(clashes);
        let clash = near.find_map(|before| {
            let input = uses.iter().find_map(|asked| {
                meet(&row.row.cells, &before.row.cells, asked, &mut steps).transpose()
            });
            Some((before, input?))
        });
        let (before, input) = match clash {
            None => continue,
            Some((before, Ok(input))) => (before, words(built, &input)),
            Some((_, Err(TooWide))) => {
                let message = "too many cells to prove that no two rows overlap";
                let told = Diagnostic::new(Code::TooWide, &built.header, message);
                sink.push(
                    told.help("split the table into several, or tell fewer values apart in it"),
                );
                return;
            }
        };
        let diagnostic = match built.hit {
            Hit::Any => {
                let shown = |output| show(&built.kind, output);
                let (a, b) = (shown(before.row.output), shown(row.row.output));
                let message = format!("two rows that do not agree for {input}: {a} and {b}");
                Diagnostic::new(Code::Overlap, row.span, message)
                    .help("with `hit = \"any\"`, rows that take in the same input yield the same")
            }
            _ => Diagnostic::new(Code::Overlap, row.span, format!("two rows for {input}")).help(
                "a table is `unique` unless `hit = \"first\"` says that the first row decides",
            ),
        };
        sink.push(diagnostic.other(before.span, "the other row"));
    }
}
