//! What a compiled policy's names, formulas, rows and bins are in its source:
//! for tools that explain, never for the engine.

use std::collections::BTreeMap;

use prequal::policy::{Bin, Kind, NodeId, Table};
use serde::Serialize;

use crate::decide::{Decided, Root, figure_span};
use crate::declare::{AlertSource, Declared, Figure};
use crate::features::Derived;
use crate::number::show;
use crate::questions::Origin;
use crate::source::{At, Quoted, Sources, Span};
use crate::tables::BuiltTable;
use crate::trail::{Trace, Traces};

/// Everything of a policy that has a name, and where it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explained {
    /// Questions, statements, features, values, rules, characteristics, grades, products, limits and rates, each kind in declared
    /// order.
    pub names: Vec<Named>,
    /// The tables, by their index in the compiled policy.
    pub tables: Vec<TableText>,
    /// The scorecards, by their index in the compiled policy.
    pub cards: Vec<CardText>,
}

/// A place in a policy's source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file's path from the policy's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A question.
    Question,
    /// A line of the statements rebuilt from answers, which stays on the device.
    Statement,
    /// A feature, before it is reduced.
    Feature,
    /// A figure after the waist.
    Value,
    /// A knock-out rule.
    Knockout,
    /// A review rule.
    Review,
    /// A rule of an early warning.
    Alert,
    /// Whether a scorecard counts.
    Card,
    /// A characteristic of a scorecard.
    Characteristic,
    /// What may go to instalments.
    Affordability,
    /// A further upper bound of the limit.
    Cap,
    /// A grade.
    Grade,
    /// A product, and who can have it.
    Product,
    /// The yearly rate of a product.
    Rate,
    /// Whom a product suits.
    Suits,
    /// Who gets a discount.
    Discount,
}

/// Something with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// What it is.
    pub role: Role,
    /// Its name; a rate has its product's.
    pub name: String,
    /// Its index among its kind, as in the compiled policy.
    pub index: usize,
    /// Where it is declared.
    pub place: Place,
    /// How it is put together; none for questions, grades and products.
    pub definition: Option<Part>,
    /// Where it is asked, for a question that is not always; its page's
    /// condition where it has none of its own.
    pub condition: Option<Part>,
    /// The rows of a value that is a list.
    pub list: Option<ListText>,
}

/// A part of a formula and the step that it became: one before the waist for features, after it for all else.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its source.
    pub text: String,
    /// What it became; none where no decision needs it.
    pub step: Option<Step>,
    /// The parts that are no constants, in the order in which they are written.
    pub parts: Vec<Part>,
}

/// A step of a program, and what it yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its index.
    pub node: NodeId,
    /// The kind of its values.
    pub kind: Kind,
}

/// A table's source.
#[derive(Clone, Debug, PartialEq)]
pub struct TableText {
    /// Its file.
    pub file: String,
    /// Its inputs, by name, with their kinds.
    pub columns: Vec<(String, Kind)>,
    /// Its rows, in the order in which they are tried.
    pub rows: Vec<RowText>,
}

/// A list-valued table: all of its rows, in the order in which they are told.
/// The compiled policy holds those that formulas ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct ListText {
    /// What the rows take in and yield.
    pub table: Table,
    /// What its outputs are.
    pub kind: Kind,
    /// The steps after the waist that fall into its columns.
    pub inputs: Vec<NodeId>,
    /// Its source, row by row.
    pub text: TableText,
}

/// A row's source.
#[derive(Clone, Debug, PartialEq)]
pub struct RowText {
    /// Where it stands.
    pub place: Place,
    /// Its line, as it is written.
    pub text: String,
    /// Whether it stands in no file: what the compiler adds for an input that
    /// no other row takes in. Its place and text are then the header's.
    pub completes: bool,
}

/// A scorecard's source: its characteristics in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardText {
    /// The bins of each characteristic, in order.
    pub characteristics: Vec<Vec<BinText>>,
}

/// A bin's source.
#[derive(Clone, Debug, PartialEq)]
pub struct BinText {
    /// Where it stands.
    pub place: Place,
    /// What falls in, as it is written.
    pub text: String,
}

impl Explained {
    pub(crate) fn new(
        declared: &Declared,
        derived: &Derived,
        decided: &Decided,
        sources: &Sources,
    ) -> Explained {
        let reader = Reader::new(sources);
        Explained {
            names: reader.names(declared, derived, decided),
            tables: reader.tables(derived.tables.iter().chain(&decided.built)),
            cards: reader.cards(decided),
        }
    }

    /// What has this name, in the order of the roles.
    pub fn find<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Named> {
        self.names.iter().filter(move |named| named.name == name)
    }
}

/// Turns spans into text.
struct Reader<'a> {
    sources: &'a Sources,
    /// Where the lines of each file end.
    ends: BTreeMap<&'a str, Vec<usize>>,
}

impl<'s> Reader<'s> {
    fn new(sources: &'s Sources) -> Reader<'s> {
        let ends = |path| {
            let text = sources.get(path).unwrap_or_default();
            text.match_indices('\n').map(|(end, _)| end).collect()
        };
        let ends = sources.paths().map(|path| (path, ends(path))).collect();
        Reader { sources, ends }
    }

    fn names(&self, declared: &Declared, derived: &Derived, decided: &Decided) -> Vec<Named> {
        let mut names = Vec::new();
        let mut name = |role, index, name: &str, span: &Span, definition| {
            names.push(Named {
                role,
                name: name.to_owned(),
                index,
                place: self.place(span),
                definition,
                condition: None,
                list: None,
            });
        };
        let questions = derived.asked.questions.iter();
        for (index, (question, origin)) in questions.zip(&derived.asked.origins).enumerate() {
            name(
                Role::Question,
                index,
                question.id.as_str(),
                &origin.span,
                None,
            );
        }
        for (index, statement) in declared.statements.iter().enumerate() {
            let At { it: id, span } = &statement.id;
            let step = derived.statements.get(id).map(|typed| Step {
                node: typed.node,
                kind: typed.kind.clone(),
            });
            let figure = statement.figure.as_ref();
            let definition = figure.and_then(|figure| self.figure(figure, &derived.traces, step));
            name(Role::Statement, index, id.as_str(), span, definition);
        }
        for (index, built) in derived.features.iter().enumerate() {
            let feature = &built.feature;
            let mut sources = declared.features.iter();
            let source = sources.find(|source| source.id.it == feature.id);
            let figure = source.and_then(|source| source.figure());
            let step = || Step {
                node: feature.node,
                kind: feature.kind.clone(),
            };
            let definition =
                figure.and_then(|figure| self.figure(&figure, &derived.traces, Some(step())));
            let definition = definition.unwrap_or_else(|| Part {
                text: feature.id.to_string(),
                step: Some(step()),
                parts: Vec::new(),
            });
            name(
                Role::Feature,
                index,
                feature.id.as_str(),
                &built.span,
                Some(definition),
            );
        }
        for (index, value) in declared.values.iter().enumerate() {
            let figure = value.figure.as_ref();
            let definition = figure.and_then(|figure| self.figure(figure, &decided.traces, None));
            name(
                Role::Value,
                index,
                value.id.it.as_str(),
                &value.id.span,
                definition,
            );
        }
        let roots = &decided.roots;
        let mut conditions: Vec<(Role, &Root, &str, &Span, &Span)> = Vec::new();
        for (role, rules, roots) in [
            (Role::Knockout, &declared.knockouts, &roots.knockouts),
            (Role::Review, &declared.reviews, &roots.reviews),
        ] {
            for root in roots {
                if let Some(rule) = rules.get(root.index) {
                    let id = rule.id.it.as_str();
                    conditions.push((role, root, id, &rule.id.span, rule.when.span()));
                }
            }
        }
        for root in &roots.alerts {
            if let Some(AlertSource { rule, .. }) = declared.alerts.get(root.index) {
                let id = rule.id.it.as_str();
                conditions.push((Role::Alert, root, id, &rule.id.span, rule.when.span()));
            }
        }
        for root in roots.cards.iter().filter_map(|card| card.when.as_ref()) {
            let score = declared.scores.get(root.index);
            let parts = score.and_then(|score| Some((score.card.as_ref()?, score.when.as_ref()?)));
            if let Some((card, when)) = parts {
                conditions.push((Role::Card, root, &card.text, &card.span, &when.span));
            }
        }
        for (role, root, id, span, when) in conditions {
            let trace = decided.traces.get(when);
            let definition = trace.map(|trace| self.part(trace));
            name(role, root.index, id, span, definition);
        }
        for (index, characteristic) in roots.characteristics().enumerate() {
            let column = &characteristic.column;
            let part = Part {
                text: column.name.clone(),
                step: Some(Step {
                    node: column.node,
                    kind: column.kind.clone(),
                }),
                parts: Vec::new(),
            };
            name(
                Role::Characteristic,
                index,
                &column.name,
                &characteristic.span,
                Some(part),
            );
        }
        for (index, grade) in declared.grades.iter().enumerate() {
            name(Role::Grade, index, grade.it.id.as_str(), &grade.span, None);
        }
        for (index, product) in declared.products.iter().enumerate() {
            let At { it, span } = &product.id;
            let when = product.when.as_ref();
            let trace = when.and_then(|when| decided.traces.get(&when.span));
            let definition = trace.map(|trace| self.part(trace));
            name(Role::Product, index, it.as_str(), span, definition);
            if let Some(suits) = &product.suits {
                let trace = decided.traces.get(&suits.span);
                let definition = trace.map(|trace| self.part(trace));
                name(Role::Suits, index, it.as_str(), &suits.span, definition);
            }
        }
        for (index, discount) in declared.discounts.iter().enumerate() {
            let At { it, span } = &discount.id;
            let when = discount.when.as_ref();
            let trace = when.and_then(|when| decided.traces.get(&when.span));
            let definition = trace.map(|trace| self.part(trace));
            name(Role::Discount, index, it.as_str(), span, definition);
        }
        let mut rooted = |role, id: &str, root: &Root, figure: Option<&Figure>, kind: &Kind| {
            let step = Step {
                node: root.node,
                kind: kind.clone(),
            };
            let figure = figure.and_then(|figure| self.figure(figure, &decided.traces, Some(step)));
            name(role, root.index, id, &root.span, figure);
        };
        if let (Some(limit), Some(root)) = (&declared.limit, roots.affordability.first()) {
            let figure = limit.affordability.as_ref();
            rooted(
                Role::Affordability,
                "affordability",
                root,
                figure,
                &Kind::Money,
            );
        }
        for root in &roots.caps {
            let mut caps = declared.limit.iter().flat_map(|limit| &limit.caps);
            if let Some((id, figure)) = caps.nth(root.index) {
                rooted(Role::Cap, id.it.as_str(), root, Some(figure), &Kind::Money);
            }
        }
        for root in &roots.rates {
            if let Some(product) = declared.products.get(root.index) {
                let figure = product.rate.as_ref();
                rooted(
                    Role::Rate,
                    product.id.it.as_str(),
                    root,
                    figure,
                    &Kind::Ratio,
                );
            }
        }
        let questions = names.iter_mut().zip(&derived.asked.origins);
        for (named, origin) in questions {
            let condition = condition(declared, origin);
            let trace = condition.and_then(|when| derived.traces.get(&when.span));
            named.condition = trace.map(|trace| self.part(trace));
        }
        for listed in &decided.lists {
            let mut values = names.iter_mut().filter(|named| named.role == Role::Value);
            if let Some(named) = values.find(|named| named.index == listed.value) {
                named.list = Some(ListText {
                    table: listed.table.table.clone(),
                    kind: listed.table.kind.clone(),
                    inputs: listed.inputs.clone(),
                    text: self.table(&listed.table),
                });
            }
        }
        names
    }

    /// A figure; `root` is the step of one that the decision rests on.
    fn figure(&self, figure: &Figure, traces: &Traces, root: Option<Step>) -> Option<Part> {
        let trace = traces
            .get(figure_span(figure))
            .map(|trace| self.part(trace));
        let whole = |text, parts| {
            let step = Some(root?);
            Some(Part { text, step, parts })
        };
        match figure {
            Figure::Formula(_) | Figure::Table(_) => trace,
            Figure::Constant(constant) => whole(self.slice(&constant.span).to_owned(), Vec::new()),
            Figure::Share(from, share) => {
                let text = format!("({}) * {}", from.text, show(&Kind::Ratio, share.it));
                whole(text, trace.into_iter().collect())
            }
            Figure::When(condition, figure) => {
                let what = self.figure(figure, traces, None);
                let when = traces.get(&condition.span).map(|trace| self.part(trace));
                let text = what.as_ref().map_or("", |part| part.text.as_str());
                let text = format!("{text} when {}", condition.text);
                whole(text, what.into_iter().chain(when).collect())
            }
        }
    }

    fn part(&self, trace: &Trace) -> Part {
        let step = trace.typed.as_ref().map(|typed| Step {
            node: typed.node,
            kind: typed.kind.clone(),
        });
        Part {
            text: self.slice(&trace.span).trim().to_owned(),
            step,
            parts: trace.parts.iter().map(|part| self.part(part)).collect(),
        }
    }

    fn tables<'a>(&self, built: impl Iterator<Item = &'a BuiltTable>) -> Vec<TableText> {
        built.map(|built| self.table(built)).collect()
    }

    fn table(&self, built: &BuiltTable) -> TableText {
        let columns = built.columns.iter();
        let row = |span: &Span| RowText {
            place: self.place(span),
            text: self.slice(span).trim().to_owned(),
            completes: *span == built.header,
        };
        TableText {
            file: built.header.file.to_string(),
            columns: columns
                .map(|column| (column.name.clone(), column.kind.clone()))
                .collect(),
            rows: built.rows.iter().map(row).collect(),
        }
    }

    fn cards(&self, decided: &Decided) -> Vec<CardText> {
        let bin = |bin: &At<Bin>| BinText {
            place: self.place(&bin.span),
            text: self.slice(&bin.span).trim().to_owned(),
        };
        let cards = decided.roots.cards.iter().map(|card| CardText {
            characteristics: card
                .characteristics
                .iter()
                .map(|characteristic| characteristic.bins.iter().map(bin).collect())
                .collect(),
        });
        cards.collect()
    }

    fn slice(&self, span: &Span) -> &str {
        let text = self.sources.get(&span.file).unwrap_or_default();
        text.get(span.start..span.end).unwrap_or_default()
    }

    fn place(&self, span: &Span) -> Place {
        let ends = self.ends.get(span.file.as_ref());
        let before = ends.map_or(0, |ends| ends.partition_point(|end| *end < span.start));
        Place {
            file: span.file.to_string(),
            line: before + 1,
        }
    }
}

/// The condition that is written of a question, or else of its page.
fn condition<'a>(declared: &'a Declared, origin: &Origin) -> Option<&'a Quoted> {
    let mut questions = declared.questions.iter();
    let own = questions.find(|question| question.id.it.as_str() == origin.declared);
    let asks = |name: &Quoted| name.text == origin.declared;
    let mut pages = declared.pages.iter();
    let page = pages.find(|page| page.questions.iter().any(asks));
    let own = own.and_then(|question| question.when.as_ref());
    own.or_else(|| page.and_then(|page| page.when.as_ref()))
}
