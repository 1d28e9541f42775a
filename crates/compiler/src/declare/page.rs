//! Pages of questions.

use prequal::policy::Id;

use super::names::{formula_name, placed_id};
use crate::document::{Section, Sink};
use crate::source::{At, Quoted};

/// A page of questions.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) id: At<Id>,
    pub(crate) questions: Vec<Quoted>,
    /// Where it is shown; everywhere if absent.
    pub(crate) when: Option<Quoted>,
    /// Whether the borrower chooses to open it.
    pub(crate) optional: bool,
}

pub(super) fn page(mut section: Section, sink: &mut Sink) -> Option<Page> {
    let optional = section
        .truth("optional", sink)
        .is_some_and(|truth| truth.it);
    let id = section.need_text("id", sink).and_then(|text| {
        if !optional {
            return placed_id(&text, sink);
        }
        // Formulas read whether it was opened.
        let name = At {
            it: text.text,
            span: text.span,
        };
        formula_name(name, sink)
    });
    let questions = section.texts("questions", sink).unwrap_or_default();
    let when = section.text("when", sink);
    section.finish(sink);
    Some(Page {
        id: id?,
        questions,
        when,
        optional,
    })
}
