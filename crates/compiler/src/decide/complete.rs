//! Nothing falls between rows or bins, and nothing into two of them.

use std::collections::BTreeMap;

use prequal::policy::{Cells, Domain, Flaw, GAP_STEPS, Kind, Node, Offered, Value, uncovered};

use super::Roots;
use super::rows;
use crate::arena::Finished;
use crate::cells;
use crate::declare::Hit;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::proof::{Proof, slice};
use crate::source::{Sources, Span};
use crate::tables::BuiltTable;

/// What a table can be asked somewhere: its inputs, but for those that rows
/// which stand in no file take in.
pub(super) struct Asked {
    pub(super) domains: Vec<Domain>,
    pub(super) left_out: Vec<Vec<Cells>>,
}

/// Gaps, overlaps and unreachable rows of tables. `arguments` are those of the
/// tables' calls.
pub(crate) fn tables(
    proof: &Proof,
    finished: &Finished,
    tables: &[BuiltTable],
    offered: &Offered,
    arguments: &BTreeMap<Span, Vec<Span>>,
    sources: &Sources,
    sink: &mut Sink,
) {
    // The inputs of every place where a table is asked.
    let mut uses: BTreeMap<u16, Vec<Asked>> = BTreeMap::new();
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
        let left_out = offered.left_out(&finished.program.nodes, operands);
        let asked = Asked { domains, left_out };
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
            sink.push(gap(built, &asked, call));
        }
        uses.entry(*table).or_default().push(asked);
    }
    for (table, uses) in &uses {
        if let Some(built) = tables.get(usize::from(*table)) {
            rows::unreached(built, uses, sink);
            rows::overlaps(built, uses, sink);
        }
    }
}

/// What the columns of a call stand for.
fn called<'a>(built: &BuiltTable, arguments: impl Iterator<Item = &'a str>) -> String {
    let columns = built.columns.iter().zip(arguments);
    let columns = columns.map(|(column, argument)| format!("`{}` is `{argument}`", column.name));
    format!("here {}", columns.collect::<Vec<_>>().join(", "))
}

fn gap(built: &BuiltTable, asked: &Asked, call: Option<(&Span, String)>) -> Diagnostic {
    let mut steps = GAP_STEPS;
    let diagnostic = match built.table.gap(&asked.domains, &asked.left_out, &mut steps) {
        Ok(Some(input)) => {
            let message = format!("no row for {}", words(built, &input));
            let help = "add a row, or `-` where any value will do";
            Diagnostic::new(Code::Gap, &built.header, message).help(help)
        }
        Ok(None) if built.table.rows.is_empty() => {
            Diagnostic::new(Code::Gap, &built.header, "a table without rows")
        }
        // Or other tables left too few steps for this one.
        Ok(None) | Err(_) => {
            let message = "too many cells to prove that every input has a row";
            let help = match built.hit {
                Hit::First => "end the table with a row of `-` only, or split it into several",
                _ => "split the table into several, or tell fewer values apart in it",
            };
            Diagnostic::new(Code::TooWide, &built.header, message).help(help)
        }
    };
    match call {
        Some((site, label)) => diagnostic.other(site, label),
        None => diagnostic,
    }
}

pub(super) fn words(built: &BuiltTable, input: &[Value]) -> String {
    let columns = built.columns.iter().zip(input);
    let parts: Vec<String> = columns
        .map(|(column, value)| cells::input(&column.name, &column.kind, value.get()))
        .collect();
    parts.join(", ")
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
