//! Pages, questions and features.

use prequal::LARGEST;
use prequal::policy::{Blank, Id, Kind, OptionGroup, Question, Source, Unit};

use super::names::{bounded, duplicate, id, placed_id, unknown_option};
use super::{FeatureSource, Page};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted};
use crate::suggest;

pub(super) fn page(mut section: Section, sink: &mut Sink) -> Option<Page> {
    let id = section
        .need_text("id", sink)
        .and_then(|t| placed_id(&t, sink));
    let questions = section.texts("questions", sink).unwrap_or_default();
    section.finish(sink);
    Some(Page { id: id?, questions })
}

const KINDS: [&str; 6] = ["integer", "money", "ratio", "choice", "boolean", "date"];

/// The kind of a name; a choice without its options.
pub(crate) fn kind(text: &Quoted, allowed: &[&'static str], sink: &mut Sink) -> Option<Kind> {
    match text.text.as_str() {
        known if !allowed.contains(&known) => {
            let message = format!("`{known}` is no kind here");
            let help = suggest::help(known, allowed.iter().copied());
            sink.push(Diagnostic::new(Code::BadValue, &text.span, message).help(help));
            None
        }
        "integer" => Some(Kind::Integer),
        "money" => Some(Kind::Money),
        "ratio" => Some(Kind::Ratio),
        "boolean" => Some(Kind::Boolean),
        "date" => Some(Kind::Date),
        _ => Some(Kind::Choice(Vec::new())),
    }
}

pub(super) fn question(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<At<Question>> {
    let kind = section
        .need_text("kind", sink)
        .and_then(|t| self::kind(&t, &KINDS, sink));
    let optional = section
        .truth("optional", sink)
        .is_some_and(|truth| truth.it);
    let unit = section
        .text("unit", sink)
        .and_then(|t| match t.text.as_str() {
            "day" => Some(Unit::Day),
            "month" => Some(Unit::Month),
            "year" => Some(Unit::Year),
            other => {
                let message = format!("`{other}` is no unit of time");
                let help = suggest::help(other, ["day", "month", "year"].into_iter());
                sink.push(Diagnostic::new(Code::BadValue, &t.span, message).help(help));
                None
            }
        });
    let (kind, low, high, step) = match kind {
        Some(Kind::Choice(_)) => {
            let options = options(&mut section, sink)?;
            let last = i64::try_from(options.len()).unwrap_or(1) - 1;
            (Kind::Choice(options), 0, last, 1)
        }
        Some(Kind::Boolean) => (Kind::Boolean, 0, 1, 1),
        Some(kind) => {
            let (low, high) = range(&mut section, &kind, sink)?;
            let step_kind = if kind == Kind::Date {
                Kind::Integer
            } else {
                kind.clone()
            };
            let step = section
                .number("step", &step_kind, sink)
                .and_then(|step| bounded(step, 1, LARGEST, "a step is", sink));
            if let Some(step) = step.as_ref().filter(|step| (high - low) % step.it != 0) {
                let message = "the range ends between two steps";
                let help = "answers are the least one plus a multiple of the step";
                sink.push(Diagnostic::new(Code::BadValue, &step.span, message).help(help));
            }
            (kind, low, high, step.map_or(1, |step| step.it))
        }
        None => {
            // Whatever belongs to some kind is not unknown.
            for key in ["range", "step", "options"] {
                section.take(key);
            }
            section.finish(sink);
            return None;
        }
    };
    section.finish(sink);
    Some(At {
        span: id.span,
        it: Question {
            id: id.it,
            kind,
            low,
            high,
            step,
            unit,
            blank: if optional {
                Blank::Missing
            } else {
                Blank::Refused
            },
            asked: None,
            source: Source::Borrower,
        },
    })
}

fn options(section: &mut Section, sink: &mut Sink) -> Option<Vec<Id>> {
    let item = section.need("options", sink)?;
    let span = item.span.clone();
    let texts: Vec<Quoted> = document::list(item, sink)?
        .into_iter()
        .filter_map(|item| document::text(item, sink))
        .collect();
    let mut options: Vec<Id> = Vec::new();
    for text in texts {
        let Some(id) = id(&text, sink) else { continue };
        if id.as_str() == "missing" {
            let message = "`missing` is what a summary says of a blank";
            sink.push(
                Diagnostic::new(Code::BadName, &text.span, message).help("take another name"),
            );
        } else if options.contains(&id) {
            sink.push(duplicate("option", id.as_str(), &text.span));
        } else {
            options.push(id);
        }
    }
    if options.is_empty() || options.len() > 256 {
        let message = "a choice has 1 to 256 options";
        sink.push(Diagnostic::new(Code::BadValue, &span, message));
        return None;
    }
    Some(options)
}

fn range(section: &mut Section, kind: &Kind, sink: &mut Sink) -> Option<(i64, i64)> {
    let item = section.need("range", sink)?;
    let span = item.span.clone();
    let ends: Vec<At<i64>> = document::list(item, sink)?
        .into_iter()
        .filter_map(|item| document::value(item, kind, sink))
        .collect();
    match ends.as_slice() {
        [low, high] if low.it <= high.it => Some((low.it, high.it)),
        _ => {
            let message = "a range is the least and the largest answer, in this order";
            sink.push(Diagnostic::new(Code::BadValue, &span, message));
            None
        }
    }
}

pub(super) fn feature(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<FeatureSource> {
    let formula = section.text("formula", sink);
    let precisions = ["exact", "bands", "floor", "ceil", "groups"]
        .into_iter()
        .filter_map(|key| section.take(key).map(|item| (key, item)))
        .collect();
    let value = section.text("value", sink);
    let cells = section
        .number("cells", &Kind::Integer, sink)
        .and_then(|cells| bounded(cells, 2, 256, "cells number", sink));
    section.finish(sink);
    Some(FeatureSource {
        cells,
        id,
        formula,
        precisions,
        value,
    })
}

/// The groups of options of a choice, as `{ name = ["option"] }`.
pub(crate) fn option_groups(
    item: At<Item>,
    options: &[Id],
    sink: &mut Sink,
) -> Option<Vec<OptionGroup>> {
    let span = item.span.clone();
    let Item::Table(entries) = item.it else {
        let message = "groups are written `{ name = [\"option\", …] }`";
        sink.push(Diagnostic::new(Code::WrongType, &span, message));
        return None;
    };
    let mut groups = Vec::new();
    let mut grouped: Vec<&Id> = Vec::new();
    for (name, members) in entries {
        let text = Quoted::new(name.it, Vec::new(), name.span);
        let id = id(&text, sink);
        if id.as_ref().is_some_and(|id| id.as_str() == "missing") {
            let message = "`missing` is what a summary says of a blank";
            sink.push(
                Diagnostic::new(Code::BadName, &text.span, message).help("take another name"),
            );
        }
        let mut indices = Vec::new();
        for member in document::list(members, sink).unwrap_or_default() {
            let Some(member) = document::text(member, sink) else {
                continue;
            };
            let Some(index) = options.iter().position(|o| o.as_str() == member.text) else {
                sink.push(unknown_option(&member.text, options, &member.span));
                continue;
            };
            if let Some(option) = options.get(index) {
                if grouped.contains(&option) {
                    sink.push(duplicate("option", &member.text, &member.span));
                }
                grouped.push(option);
            }
            indices.push(u16::try_from(index).unwrap_or(u16::MAX));
        }
        groups.extend(id.map(|id| OptionGroup {
            id,
            options: indices,
        }));
    }
    let left: Vec<&Id> = options.iter().filter(|o| !grouped.contains(o)).collect();
    if let Some(first) = left.first() {
        let message = format!("`{first}` is in no group");
        let help = "every option belongs to one group";
        sink.push(Diagnostic::new(Code::Gap, &span, message).help(help));
    }
    Some(groups)
}
