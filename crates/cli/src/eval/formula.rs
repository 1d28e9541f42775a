//! Formulas part by part, with the values of the parts.

use std::collections::BTreeMap;

use prequal::policy::{Kind, Node, NodeId, Table, Value};
use prequal_compiler::{Named, Part, Role, RowText, TableText};
use serde_json::Value as Json;

use super::look::{Look, Side};
use super::told::{CellTold, RowTold, Told};
use crate::{figure, steps};

impl<'a> Look<'a> {
    /// A formula with the tree of its parts.
    pub(super) fn tree(&self, side: Side, part: &Part) -> Told {
        let (program, values) = self.program(side);
        let roots = part.step.iter().map(|step| step.node);
        let live = steps::live(program, values, roots);
        self.part(side, part, &live)
    }

    /// A part of a formula.
    fn part(&self, side: Side, part: &Part, live: &[bool]) -> Told {
        let Some((value, kind)) = self.value(side, part) else {
            return Told::words(&part.text, "not worked out".to_owned());
        };
        if !is_live(part, live) {
            // What stands there for a branch that is not taken means nothing.
            return Told {
                value: Json::Null,
                ..Told::words(unbracketed(&part.text), "not needed".to_owned())
            };
        }
        if let Some(named) = self.name_in(side, &part.text) {
            return self.leaf(side, named, value, &kind);
        }
        let mut told = Told::of(unbracketed(&part.text), value, &kind, self.currency());
        let (program, _) = self.program(side);
        let node = part.step.as_ref().map(|step| usize::from(step.node));
        if let Some(node) = node.and_then(|node| program.nodes.get(node)) {
            told.rows = self.rows(side, node);
        }
        let filled = self.filled(side, part, live);
        told.filled = filled.map(|filled| unbracketed(&filled).to_owned());
        told.parts = self.parts(side, part, live);
        told
    }

    /// The parts of a formula. What stands once and comes several times is
    /// worked out for each entry of a list; entries that are not there are
    /// left out.
    fn parts(&self, side: Side, part: &Part, live: &[bool]) -> Vec<Told> {
        let entries = |text: &str| part.parts.iter().filter(|other| other.text == text).count();
        let mut told: Vec<Told> = Vec::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for inner in &part.parts {
            let entry = seen.entry(&inner.text).or_default();
            *entry += 1;
            if entries(&inner.text) == 1 || self.name_in(side, &inner.text).is_some() {
                told.push(self.part(side, inner, live));
            } else if is_live(inner, live) {
                let inner = self.part(side, inner, live);
                told.push(inner.note(format!("entry {entry}")));
            }
        }
        told
    }

    /// A name inside of a formula, with its own tree below it.
    fn leaf(&self, side: Side, named: &Named, value: Value, kind: &Kind) -> Told {
        let told = self.named(named);
        if side == Side::After && named.role == Role::Feature {
            // After the waist a feature is what is told of it.
            let reduced = Told::of(&named.name, value, kind, self.currency());
            let before = format!("reduced from {}", told.shown);
            return Told {
                notes: vec![before],
                value: reduced.value,
                shown: reduced.shown,
                ..told
            };
        }
        told
    }

    /// What a name stands for in formulas of a side.
    fn name_in(&self, side: Side, name: &str) -> Option<&'a Named> {
        let of = |role: Role| {
            let mut names = self.explained.names.iter();
            names.find(|named| named.role == role && named.name == name)
        };
        match side {
            Side::Before => of(Role::Question)
                .or_else(|| of(Role::Statement))
                .or_else(|| of(Role::Feature)),
            Side::After => of(Role::Feature).or_else(|| of(Role::Value)),
        }
    }

    /// A formula with the values of its parts put in, those that are not needed
    /// as they are written; none where it has no parts.
    fn filled(&self, side: Side, part: &Part, live: &[bool]) -> Option<String> {
        if part.parts.is_empty() || self.is_table(side, part) {
            return None;
        }
        let mut filled = String::new();
        let mut rest = part.text.as_str();
        for inner in &part.parts {
            let at = find_word(rest, &inner.text)?;
            let (before, after) = rest.split_at_checked(at)?;
            filled.push_str(before);
            if !is_live(inner, live) {
                filled.push_str(&inner.text);
            } else if let Some(text) = self.filled(side, inner, live) {
                filled.push_str(&text);
            } else {
                let (value, kind) = self.value(side, inner)?;
                filled.push_str(&figure::value(value, &kind, self.currency()));
            }
            rest = after.get(inner.text.len()..)?;
        }
        filled.push_str(rest);
        Some(filled)
    }

    fn is_table(&self, side: Side, part: &Part) -> bool {
        let node = part.step.as_ref().map(|step| usize::from(step.node));
        let node = node.and_then(|node| self.program(side).0.nodes.get(node));
        node.is_some_and(|node| steps::look_up(node).is_some())
    }

    /// The rows that decide a look-up, and how the inputs fell into their cells.
    pub(super) fn rows(&self, side: Side, node: &Node) -> Vec<RowTold> {
        let Some((table, operands)) = steps::look_up(node) else {
            return Vec::new();
        };
        let (Some(compiled), Some(text)) = (
            self.body.tables.get(table),
            self.explained.tables.get(table),
        ) else {
            return Vec::new();
        };
        let (_, values) = self.program(side);
        let hits = steps::rows_hit(node, values, &self.body.tables);
        self.rows_of(side, (compiled, text), operands, hits)
    }

    /// These rows of a table, and how the inputs fell into their cells.
    pub(super) fn rows_of(
        &self,
        side: Side,
        (compiled, text): (&Table, &TableText),
        operands: &[NodeId],
        hits: Vec<usize>,
    ) -> Vec<RowTold> {
        let (_, values) = self.program(side);
        let row = |index: usize| {
            let row = text.rows.get(index).filter(|row| !row.completes);
            let RowText {
                place, text: line, ..
            } = row?;
            let cells = compiled.rows.get(index)?.cells.iter().zip(operands);
            let cells = cells
                .zip(&text.columns)
                .map(|((cell, operand), (column, kind))| {
                    let value = values.get(usize::from(*operand)).copied();
                    CellTold {
                        column: column.clone(),
                        value: figure::value(
                            value.unwrap_or(Value::MISSING),
                            kind,
                            self.currency(),
                        ),
                        takes: figure::cells(cell, kind, self.currency()),
                    }
                });
            Some(RowTold {
                place: place.clone(),
                text: line.clone(),
                cells: cells.collect(),
            })
        };
        hits.into_iter().filter_map(row).collect()
    }
}

/// Whether the value looked at rests on a part of its formula.
fn is_live(part: &Part, live: &[bool]) -> bool {
    let step = part.step.as_ref();
    step.is_none_or(|step| live.get(usize::from(step.node)) != Some(&false))
}

/// A text without the brackets that enclose all of it.
fn unbracketed(text: &str) -> &str {
    let Some(inner) = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    else {
        return text;
    };
    // `(a) + (b)` begins and ends with brackets that are not one pair.
    let mut depth = 0_i32;
    let closes = |c: char| {
        depth += match c {
            '(' | '[' => 1,
            ')' | ']' => -1,
            _ => 0,
        };
        depth < 0
    };
    if inner.chars().any(closes) {
        text
    } else {
        inner
    }
}

/// Where a text stands in another as a word of its own.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let letter = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let ends = |c: Option<char>| !c.is_some_and(letter);
    let edge = |c: Option<char>| c.is_some_and(letter);
    let (starts_word, ends_word) = (edge(word.chars().next()), edge(word.chars().next_back()));
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text
            .get(..*at)
            .and_then(|before| before.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        (!starts_word || ends(before)) && (!ends_word || ends(after))
    })
}
