//! What is asked: every question with its index, the condition under which it
//! is asked, and the name that formulas read it by.

mod asking;

use prequal::policy::{
    Blank, Domain, Group, List as Records, MAX_ITEMS, NodeId, Program, Question,
};

use crate::arena::Finished;
use crate::declare::{Declared, Form};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::source::Span;

/// The most questions, those of all entries and the openers of pages counted.
pub(crate) const MAX_QUESTIONS: usize = MAX_ITEMS;

/// The questions of a policy by index. What the lender supplies stands first,
/// so that every condition can read it; then each question after those that
/// its condition may read.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) questions: Vec<Question>,
    /// Where each question comes from.
    pub(crate) origins: Vec<Origin>,
    pub(crate) lists: Vec<Records>,
    pub(crate) groups: Vec<Group>,
}

/// Where a question comes from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// Its declaration: one for a field of all entries.
    pub(crate) declared: String,
    pub(crate) span: Span,
    pub(crate) role: Role,
    /// Its page and its place there, unless the lender supplies it.
    place: Option<(usize, usize)>,
}

impl Origin {
    /// The question that it belongs to: a field's list.
    pub(crate) fn question(&self) -> &str {
        let name = self.declared.as_str();
        name.split_once('.').map_or(name, |(list, _)| list)
    }
}

/// What a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A question of its own, or how many entries a list has.
    Question,
    /// A value that the lender supplies.
    Supplied,
    /// A field of a list's entries.
    Field,
    /// Whether the borrower opened a page.
    Opener,
}

impl Asked {
    /// How many questions there will be.
    pub(crate) fn count(declared: &Declared) -> usize {
        let forms = declared
            .questions
            .iter()
            .map(|question| match &question.form {
                Form::One(_) => 1,
                Form::List(list) => 1 + usize::from(list.most) * list.fields.len(),
            });
        let openers = declared.pages.iter().filter(|page| page.optional);
        declared.supplied.len() + openers.count() + forms.sum::<usize>()
    }

    /// What each question can yield.
    pub(crate) fn domains(&self) -> impl Iterator<Item = Domain> {
        self.questions.iter().map(|question| Domain {
            low: question.low,
            high: question.high,
            optional: question.blank == Blank::Missing || question.asked.is_some(),
        })
    }

    /// The steps that conditions rest on.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let questions = self.questions.iter().filter_map(|question| question.asked);
        questions.chain(self.groups.iter().filter_map(|group| group.asked))
    }

    /// Conditions as steps of the finished program.
    pub(crate) fn renumber(&mut self, finished: &Finished) {
        let at = |node: NodeId| finished.id(node);
        for question in &mut self.questions {
            question.asked = question.asked.and_then(at);
        }
        for group in &mut self.groups {
            group.asked = group.asked.and_then(at);
        }
    }

    /// Reports conditions that read what is asked after them.
    pub(crate) fn check_order(&self, program: &Program, sink: &mut Sink) {
        for (question, origin) in self.questions.iter().zip(&self.origins) {
            let (Some(node), Some(place)) = (question.asked, origin.place) else {
                continue;
            };
            let late = program.inputs_of(node).into_iter().find_map(|input| {
                let read = self.origins.get(usize::from(input))?;
                read.place.filter(|other| *other > place).map(|_| read)
            });
            if let Some(late) = late {
                let message = format!(
                    "`{}` is asked before `{}`, which its condition reads",
                    origin.declared, late.declared
                );
                let help = "pages are shown in order, and their questions too: move one of them";
                sink.push(
                    Diagnostic::new(Code::BadValue, &origin.span, message)
                        .other(&late.span, "asked later")
                        .help(help),
                );
            }
        }
    }

    /// Which questions the features need: a condition of a needed one is
    /// needed too.
    pub(crate) fn needed(&self, program: &Program, features: &[NodeId]) -> Vec<bool> {
        let mut needed = vec![false; self.questions.len()];
        let mark = |node: NodeId, needed: &mut Vec<bool>| {
            for input in program.inputs_of(node) {
                if let Some(flag) = needed.get_mut(usize::from(input)) {
                    *flag = true;
                }
            }
        };
        features.iter().for_each(|node| mark(*node, &mut needed));
        // A condition reads questions of lower index only.
        for (index, question) in self.questions.iter().enumerate().rev() {
            if let (Some(node), Some(true)) = (question.asked, needed.get(index).copied()) {
                mark(node, &mut needed);
            }
        }
        needed
    }
}
