//! Features and how precisely they leave the device.

use prequal::policy::{Id, Kind, OptionGroup};

use super::names::{bounded, duplicate, id, unknown_option};
use super::offer::figure;
use super::{FeatureSource, Figure, StatementSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted};

pub(super) fn feature(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<FeatureSource> {
    let tabled = ["table", "hit", "kind"].iter().any(|key| section.has(key));
    let (figure, sound) = if tabled {
        let figure = figure(&mut section, true, sink);
        (figure.clone(), figure.is_some())
    } else {
        let formula = section.text("formula", sink);
        (formula.map(Figure::Formula), true)
    };
    let when = section.text("when", sink);
    let precisions = ["exact", "bands", "floor", "ceil", "groups"]
        .into_iter()
        .filter_map(|key| section.take(key).map(|item| (key, item)))
        .collect();
    let value = section.text("value", sink);
    let cells = section
        .number("cells", &Kind::Integer, sink)
        .and_then(|cells| bounded(cells, 2, 256, "cells number", sink));
    section.finish(sink);
    sound.then_some(FeatureSource {
        cells,
        id,
        figure,
        when,
        precisions,
        value,
    })
}

pub(super) fn statement(
    id: At<Id>,
    mut section: Section,
    sink: &mut Sink,
) -> Option<StatementSource> {
    let figure = figure(&mut section, true, sink);
    let when = section.text("when", sink);
    section.finish(sink);
    let figure = figure.map(|figure| match when {
        Some(when) => Figure::When(when, Box::new(figure)),
        None => figure,
    });
    Some(StatementSource { id, figure })
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
