//! Lists of records: questions that are asked again for each entry.

use prequal::policy::{Id, Kind};

use super::names::{duplicate, formula_name};
use super::question::{Answered, KINDS, answered, kind, range};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Section, Sink};
use crate::source::{At, Quoted};

/// The most entries of a list.
const MAX_ENTRIES: i64 = 24;

/// A list of records.
#[derive(Clone, Debug)]
pub(crate) struct ListSource {
    /// How many entries it has at least.
    pub(crate) least: u16,
    /// How many entries it has at most; at least 1.
    pub(crate) most: u16,
    pub(crate) fields: Vec<FieldSource>,
}

/// A question about each entry.
#[derive(Clone, Debug)]
pub(crate) struct FieldSource {
    pub(crate) id: At<Id>,
    pub(crate) answered: Answered,
    /// In which entries it is asked; in all if absent.
    pub(crate) when: Option<Quoted>,
}

/// The name of the question about a field of an entry, which counts from 1.
pub(crate) fn entry_name(list: &Id, entry: u16, field: &Id) -> String {
    format!("{list}.{entry}.{field}")
}

/// How many entries a list has: `[least, most]`.
pub(super) fn entries(range: &At<(i64, i64)>, sink: &mut Sink) -> Option<(u16, u16)> {
    let (least, most) = range.it;
    if least < 0 || !(1..=MAX_ENTRIES).contains(&most) {
        let message = format!("a list has from 0 up to at most {MAX_ENTRIES} entries");
        let help = "`range` is how few and how many there can be";
        sink.push(Diagnostic::new(Code::BadValue, &range.span, message).help(help));
        return None;
    }
    u16::try_from(least).ok().zip(u16::try_from(most).ok())
}

pub(super) fn list(id: &At<Id>, section: &mut Section, sink: &mut Sink) -> Option<ListSource> {
    let range = range(section, &Kind::Integer, sink);
    let bounds = range.and_then(|range| entries(&range, sink));
    let mut fields: Vec<FieldSource> = Vec::new();
    let mut sound = section.has("fields");
    if !sound {
        let message = format!("{} needs the key `fields`", section.name);
        let help = format!(
            "what is asked of each entry: `[question.{}.fields.NAME]`",
            id.it
        );
        sink.push(Diagnostic::new(Code::MissingKey, &section.span, message).help(help));
    }
    let title = format!("question.{}.fields", id.it);
    for (name, part) in section.titled("fields", &title, sink) {
        match formula_name(name, sink).and_then(|id| field(id, part, sink)) {
            Some(field) => fields.push(field),
            None => sound = false,
        }
    }
    let (least, most) = bounds?;
    for (index, field) in fields.iter().enumerate() {
        let longest = entry_name(&id.it, most, &field.id.it);
        if longest.len() > Id::MAX_LEN {
            let message = format!("`{longest}` has more than {} characters", Id::MAX_LEN);
            let help = "an answer is named after list, entry and field: shorten a name";
            sink.push(Diagnostic::new(Code::BadName, &field.id.span, message).help(help));
        }
        let first = fields.iter().take(index).find(|f| f.id.it == field.id.it);
        if let Some(first) = first {
            let twice = duplicate("field", field.id.it.as_str(), &field.id.span);
            sink.push(twice.other(&first.id.span, "first here"));
        }
    }
    sound.then_some(ListSource {
        least,
        most,
        fields,
    })
}

fn field(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<FieldSource> {
    let when = section.text("when", sink);
    let kind = section
        .need_text("kind", sink)
        .and_then(|text| kind(&text, &KINDS, sink));
    let answered = answered(kind, &mut section, sink);
    section.finish(sink);
    Some(FieldSource {
        id,
        answered: answered?,
        when,
    })
}
