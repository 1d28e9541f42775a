//! Questions as they are declared, one after the other.

use prequal::policy::{Blank, Group, Id, Kind, List as Records, Node, NodeId, Question, Source};

use super::{Asked, MAX_QUESTIONS, Origin, Role};
use crate::declare::{self, Answered, Declared, Form, ListSource, QuestionSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::elaborate::{self, Name, Scope, Typed};
use crate::list::{Entry, List};
use crate::source::{At, Quoted, Span};
use crate::suggest;

/// A boolean step that is never missing; none where it always holds.
type Condition = Option<NodeId>;

impl Asked {
    /// Gives every question its index and formulas its name.
    pub(crate) fn elaborate(scope: &mut Scope<'_>, declared: &Declared) -> Asked {
        let places = places(scope, declared);
        let mut asking = Asking {
            scope,
            declared,
            asked: Asked::default(),
            pages: declared.pages.iter().map(|_| None).collect(),
        };
        asking.forbid_names();
        for supplied in &declared.supplied {
            let origin = origin(&supplied.id, Role::Supplied, None);
            let index = asking.push(
                &supplied.id.it,
                &supplied.answered,
                None,
                Source::Lender,
                origin,
            );
            asking.name(&supplied.id, &supplied.answered, index, None);
        }
        for (question, place) in declared.questions.iter().zip(places) {
            asking.question(question, place);
        }
        for page in 0..declared.pages.len() {
            asking.page(page);
        }
        asking.asked.groups(declared, asking.pages)
    }

    fn groups(mut self, declared: &Declared, shown: Vec<Option<Option<Shown>>>) -> Asked {
        for (index, (page, shown)) in declared.pages.iter().zip(shown).enumerate() {
            let shown = shown.flatten();
            let mut asked: Vec<(usize, u16)> = Vec::new();
            for (question, origin) in (0..).zip(&self.origins) {
                if let (Role::Question, Some((page, place))) = (origin.role, origin.place)
                    && page == index
                {
                    asked.push((place, question));
                }
            }
            asked.sort();
            self.groups.push(Group {
                id: page.id.it.clone(),
                questions: asked.into_iter().map(|(_, question)| question).collect(),
                asked: shown.and_then(|shown| shown.when),
                opener: shown.and_then(|shown| shown.opener),
            });
        }
        self
    }
}

/// The page and the place on it of each question. Every question is asked
/// once.
fn places(scope: &mut Scope<'_>, declared: &Declared) -> Vec<Option<(usize, usize)>> {
    let mut places: Vec<Option<(usize, usize)>> = vec![None; declared.questions.len()];
    for (number, page) in declared.pages.iter().enumerate() {
        for (place, name) in page.questions.iter().enumerate() {
            let named = |question: &QuestionSource| question.id.it.as_str() == name.text;
            let index = declared.questions.iter().position(named);
            let Some(index) = index else {
                if declared.broken.contains(&name.text) {
                    continue;
                }
                let message = format!("there is no question `{}`", name.text);
                let supplied = declared
                    .supplied
                    .iter()
                    .any(|s| s.id.it.as_str() == name.text);
                let known = declared.questions.iter().map(|q| q.id.it.as_str());
                let help = match supplied {
                    true => "the lender supplies it: no page asks it".to_owned(),
                    false => suggest::help(&name.text, known),
                };
                let unknown = Diagnostic::new(Code::UnknownName, &name.span, message);
                scope.sink.push(unknown.help(help));
                continue;
            };
            if let Some(slot) = places.get_mut(index)
                && slot.replace((number, place)).is_some()
            {
                let twice = declare::duplicate("question", &name.text, &name.span);
                scope.sink.push(twice);
            }
        }
    }
    for (question, place) in declared.questions.iter().zip(&places) {
        if place.is_none() {
            let id = &question.id;
            let message = format!("no `[[group]]` asks the question `{}`", id.it);
            scope
                .sink
                .push(Diagnostic::new(Code::NotAsked, &id.span, message));
        }
    }
    for page in declared.pages.iter().filter(|page| page.optional) {
        if page.questions.is_empty() {
            let message = format!("nothing is asked on the optional page `{}`", page.id.it);
            let help = "`questions` names what it asks";
            scope
                .sink
                .push(Diagnostic::new(Code::MissingKey, &page.id.span, message).help(help));
        }
    }
    places
}

/// The page of a question, once its condition is known.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    /// Where it is shown.
    when: Condition,
    /// The question with which it is opened.
    opener: Option<u16>,
    /// Where its questions are asked.
    open: Condition,
}

struct Asking<'a, 's> {
    scope: &'a mut Scope<'s>,
    declared: &'a Declared,
    asked: Asked,
    /// The pages so far; of a wrong condition, none.
    pages: Vec<Option<Option<Shown>>>,
}

fn origin(id: &At<Id>, role: Role, place: Option<(usize, usize)>) -> Origin {
    Origin {
        declared: id.it.to_string(),
        span: id.span.clone(),
        role,
        place,
    }
}

impl Asking<'_, '_> {
    /// Until it is asked, a question has no value; a feature has none before
    /// all questions are answered.
    fn forbid_names(&mut self) {
        let names = &mut self.scope.names;
        for feature in &self.declared.features {
            let id = &feature.id.it;
            let why = "a condition reads questions; a feature is worked out after them".to_owned();
            names.insert(id.to_string(), Name::Elsewhere(why));
        }
        for statement in &self.declared.statements {
            let id = &statement.id.it;
            let why =
                "a condition reads questions; a statement is worked out after them".to_owned();
            names.insert(id.to_string(), Name::Elsewhere(why));
        }
        let openers = self.declared.pages.iter().filter(|page| page.optional);
        let openers = openers.map(|page| &page.id.it);
        for id in self
            .declared
            .questions
            .iter()
            .map(|q| &q.id.it)
            .chain(openers)
        {
            let why = "a condition reads only what is declared before it".to_owned();
            names.insert(id.to_string(), Name::Elsewhere(why));
        }
        for name in &self.declared.broken {
            names.insert(name.clone(), Name::Broken);
        }
    }

    /// The next question.
    fn push(
        &mut self,
        id: &Id,
        answered: &Answered,
        asked: Condition,
        source: Source,
        origin: Origin,
    ) -> u16 {
        let index = self.asked.questions.len();
        if index == MAX_QUESTIONS {
            let message = format!("more than {MAX_QUESTIONS} questions");
            let help = "each field of each entry of a list is one, and so is an optional page";
            let too_many = Diagnostic::new(Code::TooMany, &origin.span, message);
            self.scope.sink.push(too_many.help(help));
        }
        let blank = match answered.optional {
            true => Blank::Missing,
            false => Blank::Refused,
        };
        self.asked.questions.push(Question {
            id: id.clone(),
            kind: answered.kind.clone(),
            low: answered.low,
            high: answered.high,
            step: answered.step,
            unit: answered.unit,
            blank,
            asked,
            source,
        });
        self.asked.origins.push(origin);
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// What no answer to the last question means.
    fn blank(&mut self, value: i64) {
        if let Some(question) = self.asked.questions.last_mut() {
            question.blank = Blank::Means(value);
        }
    }

    fn input(&mut self, index: u16, site: &Span) -> NodeId {
        self.scope.arena.add(Node::Input(index), site)
    }

    /// A question's value: missing where it is not asked.
    fn name(&mut self, id: &At<Id>, answered: &Answered, index: u16, asked: Condition) {
        let input = self.input(index, &id.span);
        let typed = self.value(input, answered, asked, &id.span);
        self.ready(id, typed);
    }

    /// An answer where it is asked for.
    fn value(
        &mut self,
        input: NodeId,
        answered: &Answered,
        asked: Condition,
        site: &Span,
    ) -> Typed {
        let node = match asked {
            Some(asked) => self.scope.arena.add(Node::When(asked, input), site),
            None => input,
        };
        let optional = answered.optional || asked.is_some();
        if optional {
            let when = asked.filter(|_| !answered.optional);
            let low = answered.low;
            self.scope
                .is_optional(node, elaborate::Optional { when, low });
        }
        Typed {
            kind: answered.kind.clone(),
            optional,
            node,
        }
    }

    fn ready(&mut self, id: &At<Id>, typed: Typed) {
        self.scope
            .names
            .insert(id.it.to_string(), Name::Ready(typed));
    }

    fn both(&mut self, a: Condition, b: Condition, site: &Span) -> Condition {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.scope.arena.add(Node::And(a, b), site)),
            (one, other) => one.or(other),
        }
    }

    /// A step that is missing where a condition does not hold, or 0 then.
    fn or_zero(&mut self, input: NodeId, condition: Condition, site: &Span) -> NodeId {
        let Some(condition) = condition else {
            return input;
        };
        let arena = &mut self.scope.arena;
        let when = arena.add(Node::When(condition, input), site);
        let zero = arena.constant(0, site);
        arena.add(Node::Else(when, zero), site)
    }

    /// A declared condition, which counts only behind another; none where it
    /// is wrong.
    fn condition(&mut self, when: Option<&Quoted>, open: Condition) -> Option<Condition> {
        match when {
            Some(text) => {
                let read = |scope: &mut Scope<'_>| scope.formula_of(text, &Kind::Boolean);
                self.scope.behind(open, true, read).map(Some)
            }
            None => Some(None),
        }
    }

    /// A page, with the question that opens it.
    fn page(&mut self, number: usize) -> Option<Shown> {
        if let Some(Some(known)) = self.pages.get(number) {
            return *known;
        }
        let page = self.declared.pages.get(number)?;
        let shown = self.condition(page.when.as_ref(), None).map(|when| Shown {
            when,
            opener: None,
            open: when,
        });
        let shown = match page.optional {
            true => self.opener(number, shown),
            false => shown,
        };
        if let Some(slot) = self.pages.get_mut(number) {
            *slot = Some(shown);
        }
        shown
    }

    fn opener(&mut self, number: usize, shown: Option<Shown>) -> Option<Shown> {
        let id = &self.declared.pages.get(number)?.id;
        let answered = Answered {
            kind: Kind::Boolean,
            low: 0,
            high: 1,
            step: 1,
            unit: None,
            optional: false,
        };
        let when = shown.and_then(|shown| shown.when);
        let origin = origin(id, Role::Opener, None);
        let index = self.push(&id.it, &answered, when, Source::Borrower, origin);
        self.blank(0);
        if shown.is_none() {
            self.scope.names.insert(id.it.to_string(), Name::Broken);
            return None;
        }
        let input = self.input(index, &id.span);
        let node = self.or_zero(input, when, &id.span);
        let kind = Kind::Boolean;
        let optional = false;
        self.ready(
            id,
            Typed {
                kind,
                optional,
                node,
            },
        );
        Some(Shown {
            when,
            opener: Some(index),
            open: Some(node),
        })
    }

    fn question(&mut self, question: &QuestionSource, place: Option<(usize, usize)>) {
        let id = &question.id;
        let open = match place {
            Some((page, _)) => self.page(page).map(|page| page.open),
            None => Some(None),
        };
        let when = self.condition(question.when.as_ref(), open.flatten());
        let known = open.zip(when);
        let (open, when) = known.unwrap_or_default();
        let asked = self.both(open, when, &id.span);
        match &question.form {
            Form::One(answered) => {
                let origin = origin(id, Role::Question, place);
                let index = self.push(&id.it, answered, asked, Source::Borrower, origin);
                self.name(id, answered, index, asked);
            }
            Form::List(list) => self.list(id, list, asked, place),
        }
        if known.is_none() {
            self.scope.names.insert(id.it.to_string(), Name::Broken);
        }
    }

    fn list(
        &mut self,
        id: &At<Id>,
        list: &ListSource,
        asked: Condition,
        place: Option<(usize, usize)>,
    ) {
        let (least, most) = (i64::from(list.least), i64::from(list.most));
        let counted = Answered {
            kind: Kind::Integer,
            low: least,
            high: most,
            step: 1,
            unit: None,
            optional: false,
        };
        let origin = origin(id, Role::Question, place);
        let count = self.push(&id.it, &counted, asked, Source::Borrower, origin);
        if least == most || least == 0 {
            self.blank(least);
        }
        let input = self.input(count, &id.span);
        let node = self.or_zero(input, asked, &id.span);
        let mut known = List {
            least: if asked.is_some() { 0 } else { list.least },
            count: Typed {
                kind: Kind::Integer,
                optional: false,
                node,
            },
            entries: Vec::new(),
        };
        let first = u16::try_from(self.asked.questions.len()).unwrap_or(u16::MAX);
        for number in 1..=list.most {
            let there = (number > known.least).then(|| {
                let number = self.scope.arena.constant(i64::from(number), &id.span);
                self.scope.arena.add(Node::Le(number, node), &id.span)
            });
            let entry = self.entry(id, list, number, there, place);
            known.entries.push(entry);
        }
        self.asked.lists.push(Records {
            id: id.it.clone(),
            count,
            first,
            fields: u16::try_from(list.fields.len()).unwrap_or(u16::MAX),
            entries: list.most,
        });
        self.scope
            .names
            .insert(id.it.to_string(), Name::List(known));
    }

    /// The questions of an entry, counted from 1. In a field's condition, the
    /// bare names of the fields before it are those of the same entry.
    fn entry(
        &mut self,
        list: &At<Id>,
        source: &ListSource,
        number: u16,
        there: Condition,
        place: Option<(usize, usize)>,
    ) -> Entry {
        let outside = self.scope.names.clone();
        let mut fields: Vec<(Id, Typed)> = Vec::new();
        for field in &source.fields {
            let site = &field.id.span;
            let when = self.condition(field.when.as_ref(), there);
            let asked = self.both(there, when.flatten(), site);
            let answered = &field.answered;
            let origin = Origin {
                declared: format!("{}.{}", list.it, field.id.it),
                ..origin(&field.id, Role::Field, place)
            };
            let name = declare::entry_name(&list.it, number, &field.id.it);
            // A name that is too long was reported where it is declared.
            let name = Id::try_from(name).unwrap_or_else(|_| field.id.it.clone());
            let index = self.push(&name, answered, asked, Source::Borrower, origin);
            let input = self.input(index, site);
            let typed = match there {
                // Missing only with its entry, behind which it is read.
                Some(_) if field.when.is_none() && !answered.optional => {
                    let low = self.scope.arena.constant(answered.low, site);
                    Typed {
                        kind: answered.kind.clone(),
                        optional: false,
                        node: self.scope.arena.add(Node::Else(input, low), site),
                    }
                }
                _ => self.value(input, answered, asked, site),
            };
            match when {
                Some(_) => self.ready(&field.id, typed.clone()),
                None => {
                    let name = field.id.it.to_string();
                    self.scope.names.insert(name, Name::Broken);
                }
            }
            fields.push((field.id.it.clone(), typed));
        }
        self.scope.names = outside;
        let there = there.unwrap_or_else(|| self.scope.arena.constant(1, &list.span));
        Entry { there, fields }
    }
}
