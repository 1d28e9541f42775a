//! Tables: columns trimmed, cells spaced, quotes where RFC 4180 needs them.

use std::sync::Arc;

use super::spacing::spaced;
use crate::cell;
use crate::csv::{self, Csv};
use crate::document::Sink;
use crate::source::Quoted;

/// The columns of a scorecard that hold no cell.
const PLAIN: [&str; 3] = ["characteristic", "points", "reason"];

pub(super) fn formatted(file: &Arc<str>, text: &str, sink: &mut Sink) -> Option<String> {
    let Csv { header, rows } = csv::read(file, text, sink)?;
    let card = header
        .iter()
        .any(|name| name.text.trim() == "characteristic");
    let mut formatted = String::with_capacity(text.len());
    line(
        &mut formatted,
        header.iter().map(|name| trimmed(&name.text)),
    );
    for row in rows {
        let cells = header.iter().zip(&row.fields).map(|(name, field)| {
            let name = name.text.trim();
            let plain = name.starts_with('=') || (card && PLAIN.contains(&name));
            self::cell(field, !plain, sink)
        });
        line(&mut formatted, cells);
    }
    Some(formatted)
}

/// A cell that takes inputs in has to be one; an output may be a bare word.
fn cell(field: &Quoted, takes_in: bool, sink: &mut Sink) -> String {
    match cell::parse(field).and_then(|_| spaced(&field.text, false)) {
        Ok(spaced) => spaced,
        Err(diagnostic) => {
            if takes_in {
                sink.push(diagnostic);
            }
            trimmed(&field.text)
        }
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        if field.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push('\n');
}
