//! Nothing falls between rows or bins, and nothing into two of them.

use prequal::policy::{
    Cells, Domain, Flaw, GAP_STEPS, Kind, Node, Program, Table, Value, uncovered,
};

use super::Roots;
use crate::cells;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::proof::Proof;
use crate::tables::BuiltTable;

/// Gaps, overlaps and unreachable rows of tables.
pub(crate) fn tables(proof: &Proof, program: &Program, tables: &[BuiltTable], sink: &mut Sink) {
    let mut told: Vec<u16> = Vec::new();
    for (index, node) in program.nodes.iter().enumerate() {
        let Node::Lookup(table, operands) = node else {
            continue;
        };
        if told.contains(table) {
            continue;
        }
        told.push(*table);
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
            gap(built, &built.table, &domains, sink);
        }
        rows(built, &domains, sink);
    }
}

fn gap(built: &BuiltTable, table: &Table, domains: &[Domain], sink: &mut Sink) {
    sink.push(match table.gap(domains, &mut { GAP_STEPS }) {
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
    });
}

fn words(built: &BuiltTable, input: &[Value]) -> String {
    let columns = built.columns.iter().zip(input);
    let parts: Vec<String> = columns
        .map(|(column, value)| cells::input(&column.name, &column.kind, value.get()))
        .collect();
    parts.join(", ")
}

fn rows(built: &BuiltTable, domains: &[Domain], sink: &mut Sink) {
    let rows: Vec<_> = built.table.rows.iter().zip(&built.rows).collect();
    for (index, (row, span)) in rows.iter().enumerate() {
        let reachable = row
            .cells
            .iter()
            .zip(domains)
            .all(|(cell, domain)| cells::common(cell, &Cells::Any, domain).is_some());
        if !reachable {
            sink.push(Diagnostic::new(
                Code::Unreachable,
                span,
                "no input reaches this row",
            ));
        }
        if built.first {
            continue;
        }
        for (before, first) in rows.iter().take(index) {
            let pairs = row.cells.iter().zip(&before.cells).zip(domains);
            let common: Option<Vec<Option<i64>>> = pairs
                .map(|((cell, before), domain)| cells::common(cell, before, domain))
                .collect();
            if let Some(common) = common {
                let input: Vec<Value> = common
                    .iter()
                    .map(|v| v.map_or(Value::MISSING, Value::new))
                    .collect();
                let message = format!("two rows for {}", words(built, &input));
                let help =
                    "a table is `unique` unless `hit = \"first\"` says that the first row decides";
                sink.push(
                    Diagnostic::new(Code::Overlap, span, message)
                        .other(first, "the other row")
                        .help(help),
                );
                break;
            }
        }
    }
}

/// Gaps, overlaps and unreachable bins of the card.
pub(super) fn card(proof: &Proof, roots: &Roots, sink: &mut Sink) {
    for characteristic in &roots.characteristics {
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
