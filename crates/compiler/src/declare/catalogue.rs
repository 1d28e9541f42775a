//! Questions that several policies share, and what a policy may change of them.

use std::sync::Arc;

use prequal::policy::{Id, Kind};

use super::each;
use super::list::{ListSource, entries};
use super::names::unknown_option;
use super::question::{
    Answered, Form, QuestionSource, form, options, range, step, step_kind, whole_steps,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Section, Sink};
use crate::number::show;
use crate::source::{At, Quoted, Sources, Span};
use crate::suggest;

/// A catalogue's questions.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) questions: Vec<QuestionSource>,
    /// Names of questions that could not be read.
    broken: Vec<String>,
}

/// The catalogue that a policy names.
pub(super) fn beside(folder: &Quoted, sources: &Sources, sink: &mut Sink) -> Option<Catalogue> {
    if !document::is_beside(&folder.text) {
        let message = format!("`{}` is no folder beside this one", folder.text);
        let help = "a catalogue is named as \"../catalogue\"";
        sink.push(Diagnostic::new(Code::BadValue, &folder.span, message).help(help));
        return None;
    }
    let path = format!("{}/catalogue.toml", folder.text);
    let found = catalogue(&path, sources, sink);
    if found.is_none() {
        let message = format!("there is no file `{path}`");
        sink.push(Diagnostic::new(Code::MissingFile, &folder.span, message));
    }
    found
}

/// Reads a catalogue's file.
pub(crate) fn catalogue(path: &str, sources: &Sources, sink: &mut Sink) -> Option<Catalogue> {
    let file: Arc<str> = path.into();
    let mut root = document::read(&file, sources.get(path)?, sink);
    let mut broken = Vec::new();
    let named = root.named("question", sink);
    root.finish(sink);
    let questions = each(named, &mut broken, sink, |id, mut section, sink| {
        let form = form(&id, &mut section, sink);
        section.finish(sink);
        Some(QuestionSource {
            id,
            form: form?,
            when: None,
            shared: false,
        })
    });
    Some(Catalogue { questions, broken })
}

/// What a shared question takes: what the catalogue says, narrowed by what the
/// policy says.
pub(super) fn narrowed(
    id: &At<Id>,
    section: &mut Section,
    catalogue: Option<&Catalogue>,
    sink: &mut Sink,
) -> Option<Form> {
    let found = catalogue.and_then(|c| c.questions.iter().find(|q| q.id.it == id.it));
    let Some(shared) = found else {
        for key in ["range", "step", "options", "optional"] {
            section.take(key);
        }
        let unread = catalogue.is_some_and(|c| c.broken.iter().any(|b| b == id.it.as_str()));
        if !unread {
            let message = format!("the catalogue has no question `{}`", id.it);
            let names = catalogue.iter().flat_map(|catalogue| &catalogue.questions);
            let help = match catalogue {
                Some(_) => suggest::help(id.it.as_str(), names.map(|q| q.id.it.as_str())),
                None => "name it in `[policy]`: `catalogue = \"../catalogue\"`".to_owned(),
            };
            sink.push(Diagnostic::new(Code::UnknownName, &id.span, message).help(help));
        }
        return None;
    };
    for key in ["kind", "unit", "fields"] {
        if let Some(item) = section.take(key) {
            let message = format!("the catalogue says the `{key}` of a shared question");
            let help =
                "a policy narrows `range`, `step`, `options` and `optional`, and adds `when`";
            sink.push(
                Diagnostic::new(Code::BadValue, &item.span, message)
                    .other(&shared.id.span, "declared here")
                    .help(help),
            );
        }
    }
    let there = &shared.id.span;
    match &shared.form {
        Form::One(answered) => narrowed_answers(answered, there, section, sink).map(Form::One),
        Form::List(list) => narrowed_list(list, there, section, sink).map(Form::List),
    }
}

fn narrowed_list(
    list: &ListSource,
    there: &Span,
    section: &mut Section,
    sink: &mut Sink,
) -> Option<ListSource> {
    if !section.has("range") {
        return Some(list.clone());
    }
    let narrower = range(section, &Kind::Integer, sink)?;
    let (least, most) = entries(&narrower, sink)?;
    if least < list.least || list.most < most {
        let label = format!("from {} to {} entries", list.least, list.most);
        sink.push(wider("range", &narrower.span, there, label));
    }
    Some(ListSource {
        least,
        most,
        ..list.clone()
    })
}

fn narrowed_answers(
    shared: &Answered,
    there: &Span,
    section: &mut Section,
    sink: &mut Sink,
) -> Option<Answered> {
    let mut narrow = shared.clone();
    if let Some(optional) = section.truth("optional", sink) {
        if optional.it && !shared.optional {
            sink.push(wider("optional", &optional.span, there, "needs an answer"));
        }
        narrow.optional = optional.it;
    }
    match &shared.kind {
        Kind::Choice(known) if section.has("options") => {
            let chosen = options(section, sink)?;
            for option in &chosen {
                if !known.contains(&option.it) {
                    let unknown = unknown_option(option.it.as_str(), known, &option.span);
                    sink.push(unknown.other(there, "declared here"));
                }
            }
            narrow.high = i64::try_from(chosen.len()).unwrap_or(1) - 1;
            narrow.kind = Kind::Choice(chosen.into_iter().map(|option| option.it).collect());
        }
        Kind::Choice(_) | Kind::Boolean => {}
        kind => narrow_range(&mut narrow, kind, there, section, sink)?,
    }
    Some(narrow)
}

fn narrow_range(
    narrow: &mut Answered,
    kind: &Kind,
    there: &Span,
    section: &mut Section,
    sink: &mut Sink,
) -> Option<()> {
    let (least, most, every) = (narrow.low, narrow.high, narrow.step);
    let unit = step_kind(kind);
    let steps = || {
        let (least, every) = (show(kind, least), show(unit, every));
        format!("from {least} in steps of {every}")
    };
    let declared = step(section, kind, sink);
    if let Some(step) = &declared {
        if step.it % every != 0 {
            sink.push(wider("step", &step.span, there, steps()));
        }
        narrow.step = step.it;
    }
    let mut place = declared.as_ref().map(|step| step.span.clone());
    if section.has("range") {
        let range = range(section, kind, sink)?;
        (narrow.low, narrow.high) = range.it;
        if narrow.low < least || most < narrow.high {
            let label = format!("from {} to {}", show(kind, least), show(kind, most));
            sink.push(wider("range", &range.span, there, label));
        } else if (narrow.low - least) % every != 0 {
            sink.push(wider("range", &range.span, there, steps()));
        }
        place = place.or(Some(range.span));
    }
    if let Some(span) = place {
        let it = narrow.step;
        whole_steps(narrow.low, narrow.high, &At { it, span }, sink);
    }
    Some(())
}

/// A key of a shared question that lets in what the catalogue does not.
fn wider(key: &str, span: &Span, there: &Span, label: impl Into<String>) -> Diagnostic {
    let message = format!("this `{key}` takes more than the catalogue's");
    let help = "a policy may narrow a shared question, never widen it";
    Diagnostic::new(Code::BadValue, span, message)
        .other(there, label)
        .help(help)
}
