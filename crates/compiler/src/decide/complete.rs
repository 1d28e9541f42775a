//! Nothing falls between rows or bins, and nothing into two of them.

use std::collections::BTreeMap;

use prequal::LARGEST;
use prequal::policy::{Cells, Domain, Flaw, GAP_STEPS, Kind, Node, Row, Value, uncovered};

use super::Roots;
use crate::arena::Finished;
use crate::cells;
use crate::declare::Hit;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::number::show;
use crate::proof::{Proof, slice};
use crate::source::{Sources, Span};
use crate::tables::BuiltTable;

/// Gaps, overlaps and unreachable rows of tables. `arguments` are those of the
/// tables' calls.
pub(crate) fn tables(
    proof: &Proof,
    finished: &Finished,
    tables: &[BuiltTable],
    arguments: &BTreeMap<Span, Vec<Span>>,
    sources: &Sources,
    sink: &mut Sink,
) {
    // The inputs of every place where a table is asked.
    let mut uses: BTreeMap<u16, Vec<Vec<Domain>>> = BTreeMap::new();
    for (index, node) in finished.program.nodes.iter().enumerate() {
        let (Node::Lookup(table, operands)
        | Node::Collect {
            table, operands, ..
        }) = node
        else {
            continue;
        };
        let domains: Option<Vec<Domain>> =
            operands.iter().map(|node| proof.domain(*node)).collect();
        let (Some(built), Some(domains)) = (tables.get(usize::from(*table)), domains) else {
            continue;
        };
        let flawed = proof
            .flaws
            .iter()
            .any(|(node, flaw)| usize::from(*node) == index && *flaw == Flaw::Gap);
        if flawed || built.table.rows.is_empty() {
            let mut sites = finished.sites.get(index).into_iter().flatten();
            let call = sites.find_map(|site| {
                let arguments = arguments.get(site)?.iter().map(|span| slice(sources, span));
                Some((site, called(built, arguments)))
            });
            sink.push(gap(built, &domains, call));
        }
        uses.entry(*table).or_default().push(domains);
    }
    for (table, uses) in &uses {
        if let Some(built) = tables.get(usize::from(*table)) {
            unreached(built, uses, sink);
            overlaps(built, uses, sink);
        }
    }
}

/// What the columns of a call stand for.
fn called<'a>(built: &BuiltTable, arguments: impl Iterator<Item = &'a str>) -> String {
    let columns = built.columns.iter().zip(arguments);
    let columns = columns.map(|(column, argument)| format!("`{}` is `{argument}`", column.name));
    format!("here {}", columns.collect::<Vec<_>>().join(", "))
}

fn gap(built: &BuiltTable, domains: &[Domain], call: Option<(&Span, String)>) -> Diagnostic {
    let diagnostic = match built.table.gap(domains, &mut { GAP_STEPS }) {
        Ok(Some(input)) => {
            let message = format!("no row for {}", words(built, &input));
            let help = "add a row, or `-` where any value will do";
            Diagnostic::new(Code::Gap, &built.header, message).help(help)
        }
        Ok(None) => Diagnostic::new(Code::Gap, &built.header, "a table without rows"),
        Err(_) => {
            let message = "so many distinct cells that completeness cannot be proven";
            Diagnostic::new(Code::TooWide, &built.header, message)
                .help("split the table, or take fewer edges")
        }
    };
    match call {
        Some((site, label)) => diagnostic.other(site, label),
        None => diagnostic,
    }
}

fn words(built: &BuiltTable, input: &[Value]) -> String {
    let columns = built.columns.iter().zip(input);
    let parts: Vec<String> = columns
        .map(|(column, value)| cells::input(&column.name, &column.kind, value.get()))
        .collect();
    parts.join(", ")
}

/// Rows that no input reaches, wherever the table is asked: it lies outside of
/// what can come, or earlier rows hide it.
fn unreached(built: &BuiltTable, uses: &[Vec<Domain>], sink: &mut Sink) {
    let rows: Vec<(&Row, &Span)> = built.table.rows.iter().zip(&built.rows).collect();
    let mut steps = GAP_STEPS;
    for (index, (row, span)) in rows.iter().enumerate() {
        // The row that completes a list's first output stands in no file.
        if **span == built.header {
            continue;
        }
        let reached: Vec<&Vec<Domain>> = uses
            .iter()
            .filter(|domains| meet(&row.cells, &vec![Cells::Any; domains.len()], domains).is_some())
            .collect();
        if reached.is_empty() {
            let message = "no input reaches this row";
            sink.push(Diagnostic::new(Code::Unreachable, span, message));
            continue;
        }
        if !built.hit.hides() {
            continue;
        }
        let before = rows.get(..index).unwrap_or_default();
        let hidden = reached
            .iter()
            .all(|domains| hidden(row, before, domains, &mut steps));
        if hidden {
            let message = match built.hit {
                Hit::Priority => "rows of better outputs hide this row: it is never what counts",
                _ => "earlier rows hide this row: it is never the first that fits",
            };
            let mut diagnostic = Diagnostic::new(Code::Unreachable, span, message);
            let whole = before.iter().find(|one| {
                let one = std::slice::from_ref(*one);
                reached
                    .iter()
                    .all(|domains| self::hidden(row, one, domains, &mut steps))
            });
            if let Some((_, one)) = whole {
                diagnostic = diagnostic.other(one, "all that it takes in, this row does");
            }
            sink.push(diagnostic);
        }
    }
}

/// Whether the rows before take in all that a row does: then they and all
/// that the row leaves out are everything. Too many cells to tell is no.
fn hidden(row: &Row, before: &[(&Row, &Span)], domains: &[Domain], steps: &mut u32) -> bool {
    let near = before
        .iter()
        .filter(|(other, _)| meet(&row.cells, &other.cells, domains).is_some());
    let mut rows: Vec<Vec<Cells>> = near.map(|(other, _)| other.cells.clone()).collect();
    if rows.is_empty() {
        return false;
    }
    for (column, cell) in row.cells.iter().enumerate() {
        let Some(rest) = complement(cell) else {
            continue;
        };
        let mut outside = vec![Cells::Any; row.cells.len()];
        if let Some(slot) = outside.get_mut(column) {
            *slot = rest;
        }
        rows.push(outside);
    }
    let rows: Vec<&[Cells]> = rows.iter().map(Vec::as_slice).collect();
    uncovered(&rows, domains, steps) == Ok(None)
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

/// An input that two rows take in.
fn meet(a: &[Cells], b: &[Cells], domains: &[Domain]) -> Option<Vec<Value>> {
    let columns = a.iter().zip(b).zip(domains);
    columns
        .map(|((a, b), domain)| {
            let common = cells::common(a, b, domain)?;
            Some(common.map_or(Value::MISSING, Value::new))
        })
        .collect()
}

/// Rows that two inputs fall into where only one may, or where they have to
/// agree.
fn overlaps(built: &BuiltTable, uses: &[Vec<Domain>], sink: &mut Sink) {
    if !matches!(built.hit, Hit::Unique | Hit::Any) {
        return;
    }
    let rows: Vec<(&Row, &Span)> = built.table.rows.iter().zip(&built.rows).collect();
    for (index, (row, span)) in rows.iter().enumerate() {
        let clash = rows.iter().take(index).find_map(|(before, first)| {
            if built.hit == Hit::Any && before.output == row.output {
                return None;
            }
            let common = |domains: &Vec<Domain>| meet(&row.cells, &before.cells, domains);
            let input = uses.iter().find_map(common)?;
            Some((before, first, input))
        });
        let Some((before, first, input)) = clash else {
            continue;
        };
        let input = words(built, &input);
        let diagnostic = match built.hit {
            Hit::Any => {
                let shown = |output| show(&built.kind, output);
                let (a, b) = (shown(before.output), shown(row.output));
                let message = format!("two rows that do not agree for {input}: {a} and {b}");
                Diagnostic::new(Code::Overlap, span, message)
                    .help("with `hit = \"any\"`, rows that take in the same input yield the same")
            }
            _ => Diagnostic::new(Code::Overlap, span, format!("two rows for {input}")).help(
                "a table is `unique` unless `hit = \"first\"` says that the first row decides",
            ),
        };
        sink.push(diagnostic.other(first, "the other row"));
    }
}

/// Gaps, overlaps and unreachable bins of the card.
pub(super) fn card(proof: &Proof, roots: &Roots, sink: &mut Sink) {
    for characteristic in roots.characteristics() {
        let Some(domain) = proof.domain(characteristic.column.node) else {
            continue;
        };
        let (name, kind): (&str, &Kind) =
            (&characteristic.column.name, &characteristic.column.kind);
        let bins: Vec<&[Cells]> = characteristic
            .bins
            .iter()
            .map(|bin| std::slice::from_ref(&bin.it.cells))
            .collect();
        match uncovered(&bins, &[domain], &mut { GAP_STEPS }) {
            Ok(None) => {}
            Ok(Some(input)) => {
                let value = input.first().and_then(|value| value.get());
                let message = format!("no bin for {}", cells::input(name, kind, value));
                let help = match value {
                    None => "an optional question can be left blank: add a bin `missing`",
                    Some(_) => "every value falls into a bin",
                };
                sink.push(Diagnostic::new(Code::Gap, &characteristic.span, message).help(help));
            }
            Err(_) => {
                let message =
                    format!("so many bins of `{name}` that completeness cannot be proven");
                sink.push(Diagnostic::new(
                    Code::TooWide,
                    &characteristic.span,
                    message,
                ));
            }
        }
        for (index, bin) in characteristic.bins.iter().enumerate() {
            if cells::common(&bin.it.cells, &Cells::Any, &domain).is_none() {
                let message = format!("no answer reaches this bin of `{name}`");
                sink.push(Diagnostic::new(Code::Unreachable, &bin.span, message));
            }
            for before in characteristic.bins.iter().take(index) {
                if let Some(value) = cells::common(&bin.it.cells, &before.it.cells, &domain) {
                    let message = format!("two bins for {}", cells::input(name, kind, value));
                    sink.push(
                        Diagnostic::new(Code::Overlap, &bin.span, message)
                            .other(&before.span, "the other bin"),
                    );
                    break;
                }
            }
        }
    }
}
