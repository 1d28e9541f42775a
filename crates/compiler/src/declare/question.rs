//! Questions, their kinds and ranges.

use prequal::LARGEST;
use prequal::policy::{Id, Kind, MAX_ITEMS, Unit};

use super::catalogue::{self, Catalogue};
use super::list::{ListSource, list};
use super::names::{bounded, duplicate, id};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Section, Sink};
use crate::source::{At, Quoted};
use crate::suggest;

/// A question to the borrower.
#[derive(Clone, Debug)]
pub(crate) struct QuestionSource {
    pub(crate) id: At<Id>,
    pub(crate) form: Form,
    /// Where it is asked; everywhere if absent.
    pub(crate) when: Option<Quoted>,
    /// Whether the catalogue declares it.
    pub(crate) shared: bool,
}

/// What a question takes.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    One(Answered),
    List(ListSource),
}

/// The answers that one question takes.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) kind: Kind,
    pub(crate) low: i64,
    pub(crate) high: i64,
    pub(crate) step: i64,
    pub(crate) unit: Option<Unit>,
    /// Whether it may be left blank.
    pub(crate) optional: bool,
}

/// A value that the lender supplies.
#[derive(Debug)]
pub(crate) struct SuppliedSource {
    pub(crate) id: At<Id>,
    pub(crate) answered: Answered,
}

/// The kinds of values.
pub(super) const KINDS: [&str; 8] = [
    "integer", "money", "ratio", "real", "choice", "boolean", "date", "period",
];

/// The kinds of questions.
const QUESTION_KINDS: [&str; 9] = [
    "integer", "money", "ratio", "real", "choice", "boolean", "date", "period", "list",
];

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
        "real" => Some(Kind::Real),
        "boolean" => Some(Kind::Boolean),
        "date" => Some(Kind::Date),
        "period" => Some(Kind::Period),
        _ => Some(Kind::Choice(Vec::new())),
    }
}

pub(super) fn question(
    id: At<Id>,
    mut section: Section,
    catalogue: Option<&Catalogue>,
    sink: &mut Sink,
) -> Option<QuestionSource> {
    let shared = section.truth("shared", sink).is_some_and(|truth| truth.it);
    let when = section.text("when", sink);
    let form = if shared {
        catalogue::narrowed(&id, &mut section, catalogue, sink)
    } else {
        form(&id, &mut section, sink)
    };
    section.finish(sink);
    Some(QuestionSource {
        id,
        form: form?,
        when,
        shared,
    })
}

/// What a question takes, by its kind.
pub(super) fn form(id: &At<Id>, section: &mut Section, sink: &mut Sink) -> Option<Form> {
    let kind = section.need_text("kind", sink);
    if kind.as_ref().is_some_and(|kind| kind.text == "list") {
        return list(id, section, sink).map(Form::List);
    }
    let kind = kind.and_then(|text| self::kind(&text, &QUESTION_KINDS, sink));
    if kind.is_none() {
        section.take("fields");
    }
    answered(kind, section, sink).map(Form::One)
}

pub(super) fn supplied(
    id: At<Id>,
    mut section: Section,
    sink: &mut Sink,
) -> Option<SuppliedSource> {
    let kind = section
        .need_text("kind", sink)
        .and_then(|text| self::kind(&text, &KINDS, sink));
    let answered = answered(kind, &mut section, sink);
    section.finish(sink);
    Some(SuppliedSource {
        id,
        answered: answered?,
    })
}

/// The answers that a question of a kind takes.
pub(super) fn answered(
    kind: Option<Kind>,
    section: &mut Section,
    sink: &mut Sink,
) -> Option<Answered> {
    let optional = section
        .truth("optional", sink)
        .is_some_and(|truth| truth.it);
    let unit = section.text("unit", sink).and_then(|t| unit(&t, sink));
    let (kind, low, high, step) = match kind {
        Some(Kind::Choice(_)) => {
            let options = options(section, sink)?.into_iter().map(|option| option.it);
            let options: Vec<Id> = options.collect();
            let last = i64::try_from(options.len()).unwrap_or(1) - 1;
            (Kind::Choice(options), 0, last, 1)
        }
        Some(Kind::Boolean) => (Kind::Boolean, 0, 1, 1),
        Some(kind) => {
            let range = range(section, &kind, sink);
            let step = step(section, &kind, sink);
            let (low, high) = range?.it;
            if let Some(step) = &step {
                whole_steps(low, high, step, sink);
            }
            (kind, low, high, step.map_or(1, |step| step.it))
        }
        None => {
            // Whatever belongs to some kind is not unknown.
            for key in ["range", "step", "options"] {
                section.take(key);
            }
            return None;
        }
    };
    Some(Answered {
        kind,
        low,
        high,
        step,
        unit,
        optional,
    })
}

fn unit(text: &Quoted, sink: &mut Sink) -> Option<Unit> {
    match text.text.as_str() {
        "day" => Some(Unit::Day),
        "month" => Some(Unit::Month),
        "year" => Some(Unit::Year),
        other => {
            let message = format!("`{other}` is no unit of time");
            let help = suggest::help(other, ["day", "month", "year"].into_iter());
            sink.push(Diagnostic::new(Code::BadValue, &text.span, message).help(help));
            None
        }
    }
}

/// What steps between values of a kind are counted in: days between dates.
pub(super) fn step_kind(kind: &Kind) -> &Kind {
    match kind {
        Kind::Date => &Kind::Integer,
        other => other,
    }
}

pub(super) fn step(section: &mut Section, kind: &Kind, sink: &mut Sink) -> Option<At<i64>> {
    section
        .number("step", step_kind(kind), sink)
        .and_then(|step| bounded(step, 1, LARGEST, "a step is", sink))
}

/// That a range holds whole steps.
pub(super) fn whole_steps(low: i64, high: i64, step: &At<i64>, sink: &mut Sink) {
    if (high - low) % step.it != 0 {
        let message = "the range ends between two steps";
        let help = "answers are the least one plus a multiple of the step";
        sink.push(Diagnostic::new(Code::BadValue, &step.span, message).help(help));
    }
}

pub(super) fn options(section: &mut Section, sink: &mut Sink) -> Option<Vec<At<Id>>> {
    let item = section.need("options", sink)?;
    let span = item.span.clone();
    let texts: Vec<Quoted> = document::list(item, sink)?
        .into_iter()
        .filter_map(|item| document::text(item, sink))
        .collect();
    let mut options: Vec<At<Id>> = Vec::new();
    for text in texts {
        let Some(id) = id(&text, sink) else { continue };
        if id.as_str() == "missing" {
            let message = "`missing` is what a summary says of a blank";
            sink.push(
                Diagnostic::new(Code::BadName, &text.span, message).help("take another name"),
            );
        } else if options.iter().any(|option| option.it == id) {
            sink.push(duplicate("option", id.as_str(), &text.span));
        } else {
            let span = text.span;
            options.push(At { it: id, span });
        }
    }
    if options.is_empty() || options.len() > MAX_ITEMS {
        let message = format!("a choice has 1 to {MAX_ITEMS} options");
        sink.push(Diagnostic::new(Code::BadValue, &span, message));
        return None;
    }
    Some(options)
}

pub(super) fn range(section: &mut Section, kind: &Kind, sink: &mut Sink) -> Option<At<(i64, i64)>> {
    let item = section.need("range", sink)?;
    let span = item.span.clone();
    let items = document::list(item, sink)?;
    let count = items.len();
    let ends: Vec<At<i64>> = items
        .into_iter()
        .filter_map(|item| document::value(item, kind, sink))
        .collect();
    if ends.len() < count {
        // An end that is no value was reported.
        return None;
    }
    match ends.as_slice() {
        [low, high] if low.it <= high.it => Some(At {
            it: (low.it, high.it),
            span,
        }),
        _ => {
            let message = "a range is the least and the largest answer, in this order";
            sink.push(Diagnostic::new(Code::BadValue, &span, message));
            None
        }
    }
}
