//! Proofs that a table leaves nothing out.

use super::offered::Offered;
use super::program::{Flaw, Node};
use super::range::well_formed;
use super::table::{Cells, Table};
use super::value::{Domain, Value};

/// The intervals of cells that proofs of completeness of a program's tables,
/// or of a card, look at together before they are given up.
pub const GAP_STEPS: u32 = 16_000_000;

/// Whether a node's table, if it reads one, has well-formed cells for its
/// inputs, and where it is looked up a row for all of them.
pub(super) fn complete(
    node: &Node,
    nodes: &[Node],
    domains: &[Domain],
    tables: &[Table],
    offered: &Offered,
    steps: &mut u32,
) -> Result<(), Flaw> {
    let (Node::Lookup(table, operands)
    | Node::Collect {
        table, operands, ..
    }) = node
    else {
        return Ok(());
    };
    let table = tables.get(usize::from(*table)).ok_or(Flaw::NotThere)?;
    formed(table, operands.len())?;
    if !matches!(node, Node::Lookup(..)) {
        return Ok(());
    }
    let domains = operands
        .iter()
        .map(|id| domains.get(usize::from(*id)).copied());
    let domains: Option<Vec<Domain>> = domains.collect();
    let domains = domains.ok_or(Flaw::NotThere)?;
    let left_out = offered.left_out(nodes, operands);
    match table.gap(&domains, &left_out, steps) {
        Ok(None) => Ok(()),
        Ok(Some(_)) | Err(TooWide) => Err(Flaw::Gap),
    }
}

/// Whether a table has well-formed cells for so many inputs.
fn formed(table: &Table, inputs: usize) -> Result<(), Flaw> {
    let fits = |cells: &Vec<Cells>| cells.len() == inputs;
    if inputs != usize::from(table.columns) || !table.rows.iter().all(|row| fits(&row.cells)) {
        return Err(Flaw::Malformed);
    }
    let mut cells = table.rows.iter().flat_map(|row| &row.cells);
    cells.try_for_each(well_formed)
}

impl Table {
    /// Inputs within these domains that neither a row nor what is left out
    /// takes in, if there are any. `None` is the proof of TOTAL for this table.
    /// `Err` when the search would take more than `steps`.
    pub fn gap(
        &self,
        domains: &[Domain],
        left_out: &[Vec<Cells>],
        steps: &mut u32,
    ) -> Result<Option<Vec<Value>>, TooWide> {
        let rows = self.rows.iter().map(|row| &row.cells).chain(left_out);
        let rows: Vec<&[Cells]> = rows.map(Vec::as_slice).collect();
        uncovered(&rows, domains, steps)
    }
}

/// A table or characteristic has so many distinct cells that the proof of
/// completeness was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooWide;

/// The first point of the product of domains that none of the rows takes in:
/// the least value of the first column, of the second, and so on; a missing
/// value stands last. `steps` counts the intervals that are looked at.
///
/// The domains are a box. A box that a row takes in whole holds no such point;
/// one that no row meets begins with one; any other is cut in two at the edge
/// of a row, and both halves are looked at with the rows that meet them. Half
/// way is where a box is cut, so that of `n` rows with `d` columns few are
/// looked at together.
pub fn uncovered(
    rows: &[&[Cells]],
    domains: &[Domain],
    steps: &mut u32,
) -> Result<Option<Vec<Value>>, TooWide> {
    let Some(sides) = domains.iter().map(side).collect::<Option<Vec<Side>>>() else {
        // No value, and not missing either: nothing can come.
        return Ok(None);
    };
    let mut spans = Vec::with_capacity(rows.len());
    for row in rows {
        let columns = row.iter().zip(domains).zip(&sides);
        let row: Vec<Vec<Side>> = columns
            .map(|((cells, d), side)| taken(cells, d, *side))
            .collect();
        // A row that takes in nothing of a column meets no box.
        if row.iter().all(|spans| !spans.is_empty()) {
            spans.push(row);
        }
    }
    let mut found: Option<Vec<i64>> = None;
    let mut waiting = vec![(sides, spans.iter().collect::<Vec<_>>())];
    while let Some((sides, rows)) = waiting.pop() {
        let start = || sides.iter().map(|side| side.0);
        if found.iter().any(|found| start().ge(found.iter().copied())) {
            continue;
        }
        let mut cuts: Vec<Cut> = sides.iter().map(Cut::of).collect();
        let mut whole = false;
        for row in &rows {
            let looked_at: usize = row.iter().map(Vec::len).sum();
            let looked_at = u32::try_from(looked_at).unwrap_or(u32::MAX);
            *steps = steps
                .checked_sub(looked_at.saturating_add(1))
                .ok_or(TooWide)?;
            whole = true;
            for (cut, spans) in cuts.iter_mut().zip(row.iter()) {
                whole &= cut.look_at(spans);
            }
            if whole {
                break;
            }
        }
        if whole {
            continue;
        }
        // Of equal ones the first, so that what is found stands early.
        let cut = cuts
            .iter()
            .enumerate()
            .rev()
            .max_by_key(|(_, cut)| cut.edges);
        let cut = cut.and_then(|(column, cut)| Some((column, cut.side, cut.at?)));
        let Some((column, (low, high), at)) = cut else {
            found = Some(start().collect());
            continue;
        };
        for half in [(at, high), (low, at - 1)] {
            let mut sides = sides.clone();
            if let Some(side) = sides.get_mut(column) {
                *side = half;
            }
            let near = rows.iter().copied().filter(|row| {
                let mut spans = row.get(column).into_iter().flatten();
                spans.any(|(low, high)| *low <= half.1 && half.0 <= *high)
            });
            waiting.push((sides, near.collect()));
        }
    }
    let value = |(value, domain): (i64, &Domain)| match value > domain.high {
        true => Value::MISSING,
        false => Value::new(value),
    };
    Ok(found.map(|found| found.into_iter().zip(domains).map(value).collect()))
}

/// A closed interval of a column's values, where missing is the value after
/// the largest.
type Side = (i64, i64);

/// All of a domain; `None` where it is empty.
fn side(domain: &Domain) -> Option<Side> {
    let missing = domain.high.saturating_add(1);
    match (domain.is_empty(), domain.optional) {
        (true, false) => None,
        (true, true) => Some((missing, missing)),
        (false, false) => Some((domain.low, domain.high)),
        (false, true) => Some((domain.low, missing)),
    }
}

/// What cells take in of a side: intervals ascending and with something
/// between them.
fn taken(cells: &Cells, domain: &Domain, side: Side) -> Vec<Side> {
    let Cells::Of { intervals, missing } = cells else {
        return vec![side];
    };
    let within = intervals
        .iter()
        .map(|(low, high)| (*low.max(&side.0), *high.min(&domain.high)));
    let last = (*missing && domain.optional).then_some((side.1, side.1));
    let mut spans: Vec<Side> = Vec::new();
    for (low, high) in within.filter(|(low, high)| low <= high).chain(last) {
        match spans.last_mut() {
            Some(before) if low <= before.1.saturating_add(1) => before.1 = high,
            _ => spans.push((low, high)),
        }
    }
    spans
}

/// Where a side of a box may be cut.
struct Cut {
    side: Side,
    /// How many edges of rows lie inside.
    edges: usize,
    /// The one that is nearest to the middle.
    at: Option<i64>,
}

impl Cut {
    fn of(side: &Side) -> Cut {
        Cut {
            side: *side,
            edges: 0,
            at: None,
        }
    }

    /// Looks at what a row takes in, and whether that is the whole side.
    fn look_at(&mut self, spans: &[Side]) -> bool {
        let (low, high) = self.side;
        let middle = low + (high - low) / 2 + 1;
        let mut whole = false;
        for (from, to) in spans {
            whole |= *from <= low && high <= *to;
            for edge in [*from, to.saturating_add(1)] {
                if low < edge && edge <= high {
                    self.edges += 1;
                    let nearer = |at: i64| edge.abs_diff(middle) < at.abs_diff(middle);
                    if self.at.is_none_or(nearer) {
                        self.at = Some(edge);
                    }
                }
            }
        }
        whole
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

    /// As many rows as there may be, each of so many values in either column.
    #[test]
    fn the_most_rows_take_a_small_part_of_the_steps() {
        let domains = [Domain {
            low: 0,
            high: 90,
            optional: false,
        }; 2];
        for (width, gap) in [(0, Some(vec![Value::new(90), Value::new(2)])), (8, None)] {
            let cell = |low: i64| Cells::Of {
                intervals: vec![(low, low + width)],
                missing: false,
            };
            let rows: Vec<[Cells; 2]> = (0..8192)
                .map(|row| [cell(row / 91), cell(row % 91)])
                .collect();
            let rows: Vec<&[Cells]> = rows.iter().map(<[Cells; 2]>::as_slice).collect();
            assert_eq!(uncovered(&rows, &domains, &mut 1_000_000), Ok(gap));
        }
    }
}
