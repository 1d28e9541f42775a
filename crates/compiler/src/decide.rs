//! After the waist: rules, card, limit and rates, and the proofs about them.

mod clamp;
mod complete;
mod reached;
mod roots;
mod rows;

use std::collections::BTreeSet;

use prequal::Ratio;
use prequal::policy::{DecideContext, Domain, Kind, Node, NodeId, Offered, Program, Table};

use crate::arena::{Arena, Finished};
use crate::auto::{self, Choices};
use crate::declare::{Condition, Declared, Figure};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::elaborate::{DUE_MONTH, Name, Optional, Scope};
use crate::features::{self, BuiltFeature};
use crate::proof::{self, Proof};
use crate::reach::Reach;
use crate::report::Use;
use crate::source::{At, Quoted, Sources, Span};
use crate::tables::BuiltTable;
use crate::tier::{Finding, Waist};
use crate::trail::{self, Traces};
use clamp::{clamp_table, clamped, clamped_tables};

pub(crate) use clamp::cut;
pub(crate) use complete::tables as complete_tables;
pub(crate) use roots::{Root, Roots};

/// The decision's program and what rests on it.
pub(crate) struct Decided {
    pub(crate) roots: Roots,
    pub(crate) program: Program,
    /// The ranges of its steps, features reduced or not.
    pub(crate) domains: Vec<Option<Domain>>,
    pub(crate) tables: Vec<Table>,
    /// Where the tables come from, in the same order.
    pub(crate) built: Vec<BuiltTable>,
    /// How the figures are put together.
    pub(crate) traces: Traces,
    /// The values that are lists.
    pub(crate) lists: Vec<Listed>,
    pub(crate) uses: Vec<Use>,
    /// The thresholds that the decision asks for, feature by feature.
    pub(crate) needed: Vec<BTreeSet<i64>>,
    /// Which features the decision reads.
    pub(crate) read: Vec<bool>,
    /// The table files that are referred to.
    pub(crate) files: Vec<String>,
    /// The named tables that are called.
    pub(crate) calls: BTreeSet<String>,
}

/// A value that is a list, for explanations: its look-ups hold only the rows
/// that formulas ask for.
pub(crate) struct Listed {
    /// The index of the value's declaration.
    pub(crate) value: usize,
    /// All rows, in the order in which they are told.
    pub(crate) table: BuiltTable,
    /// The steps that fall into its columns.
    pub(crate) inputs: Vec<NodeId>,
}

/// Builds the decision's program and proves it. Features whose partition is
/// left to the compiler get it here.
pub(crate) fn decide(
    declared: &Declared,
    built: &mut [BuiltFeature],
    sources: &Sources,
    sink: &mut Sink,
) -> Decided {
    let mut scope = Scope::new(sources, sink);
    let terms = terms(declared);
    names(&mut scope, declared, built);
    if let Some(Name::Ready(term)) = scope.names.get("term") {
        scope.apart = Some((term.node, terms.clone()));
    }
    let mut roots = Roots::elaborate(&mut scope, declared);
    // Looked into for errors, whether anything reads them or not.
    for value in &declared.values {
        scope.look_into(&value.id);
    }
    let Scope {
        arena,
        names,
        tables,
        trail,
        not_negative,
        divisors,
        calls,
        arguments,
        ..
    } = scope;
    if let Some(span) = &arena.overflow {
        sink.push(Diagnostic::new(
            Code::TooMany,
            span,
            "formulas have more than 4 096 steps",
        ));
    }
    let (mut finished, mut tables) = finish(arena, &mut roots, tables, built.len());
    for value in &declared.values {
        let used = match names.get(value.id.it.as_str()) {
            Some(Name::Ready(typed)) => finished.id(typed.node).is_some(),
            Some(Name::Listing(listing)) => {
                let mut readers = listing.readers.iter();
                readers.any(|node| finished.id(*node).is_some())
            }
            _ => true,
        };
        if !used {
            let message = format!("nothing reads the value `{}`", value.id.it);
            sink.push(Diagnostic::new(Code::Unused, &value.id.span, message));
        }
    }

    let lists = declared
        .values
        .iter()
        .enumerate()
        .filter_map(|(value, source)| {
            let Some(Name::Listing(listing)) = names.get(source.id.it.as_str()) else {
                return None;
            };
            let (table, inputs) = listing.whole()?;
            Some(Listed {
                value,
                table,
                inputs,
            })
        });
    let mut notes = Notes {
        not_negative,
        divisors,
        traces: trail.finish(),
        lists: lists.collect(),
    };
    notes.renumber(|node| finished.id(node));
    if built.iter().any(|feature| feature.auto.is_some()) {
        let parts = (finished, tables);
        (finished, tables) = choose(
            parts, &mut roots, &mut notes, built, declared, &terms, sources, sink,
        );
    }

    let reduced: Vec<Domain> = built
        .iter()
        .map(|b| b.feature.precision.reduced(b.range))
        .collect();
    let inputs = inputs(declared, &roots, &reduced);
    let offered = offered(declared, built.len());
    let raw_tables: Vec<Table> = tables.iter().map(|built| built.table.clone()).collect();
    let proof = proof::prove(&finished.program, &inputs, &raw_tables, &offered);
    proof::report(&proof, &finished, sources, sink);
    proof::not_negative(&proof, &notes.not_negative, sources, sink);
    proof::divisors(&proof, &notes.divisors, sink);
    complete::tables(
        &proof, &finished, &tables, &offered, &arguments, sources, sink,
    );
    complete::card(&proof, &roots, sink);

    let domains: Vec<Option<Domain>> = all_domains(&proof, &finished.program);
    let waist = Waist::new(
        &finished,
        &tables,
        built,
        &domains,
        &terms,
        sources,
        Waist::rounded_inputs(built),
    );
    let findings = roots.findings(&waist);
    let mut needed = vec![BTreeSet::new(); built.len()];
    for finding in &findings {
        if let Finding::Demand {
            input, threshold, ..
        } = finding
            && let Some(needed) = needed.get_mut(usize::from(*input))
        {
            needed.insert(threshold.value);
        }
    }
    waist.check(findings, sink);
    // Every input by what is told apart of it, reduced or not.
    let apart = Waist::new(
        &finished,
        &tables,
        built,
        &domains,
        &terms,
        sources,
        |input| inputs.get(usize::from(input)).is_some_and(Reach::is_wide),
    );
    let term = built.len() + DecideContext::Term as usize;
    let findings = roots.findings(&apart);
    let reach = Reach::new(
        &finished,
        &raw_tables,
        &inputs,
        (term, &terms),
        &findings,
        apart.declared(),
    );
    let scores = scores(declared, &roots);
    reached::report(&reach, &domains, &roots, declared, scores, sink);

    let unreduced = built.iter().zip(&reduced).map(|(b, reduced)| Domain {
        low: b.range.low.min(reduced.low),
        high: b.range.high.max(reduced.high),
        optional: reduced.optional,
    });
    let wide: Vec<Domain> = unreduced
        .chain(inputs.iter().skip(built.len()).copied())
        .collect();
    let wide = proof::prove(&finished.program, &wide, &raw_tables, &offered);
    let wide = all_domains(&wide, &finished.program);
    let uses = roots.uses(&waist, &wide, sink);
    roots.check(
        &finished,
        &raw_tables,
        &domains,
        declared,
        built.len(),
        sink,
    );

    let read = (0..built.len()).map(|feature| {
        let readers = finished
            .program
            .readers(|input| usize::from(input) == feature);
        roots
            .nodes()
            .any(|node| readers.get(usize::from(node)) == Some(&true))
    });
    let read = read.collect();
    // Cut to what can come reduced or not, so that both can be compared.
    let program = clamped(&finished.program, &wide);
    let raw_tables = clamped_tables(&finished.program, raw_tables, &wide);
    for list in &mut notes.lists {
        clamp_table(&mut list.table.table, &list.inputs, &wide);
    }
    Decided {
        files: files(declared),
        calls,
        program,
        domains: wide,
        tables: raw_tables,
        built: tables,
        traces: notes.traces,
        lists: notes.lists,
        uses,
        needed,
        read,
        roots,
    }
}

/// What is known of steps beside the program: those that the formulas' own
/// checks look at, and how the figures are put together.
struct Notes {
    not_negative: Vec<(NodeId, Span)>,
    divisors: Vec<(NodeId, Span)>,
    traces: Traces,
    lists: Vec<Listed>,
}

impl Notes {
    /// The steps by their new indices, without those that nothing needs.
    fn renumber(&mut self, id: impl Fn(NodeId) -> Option<NodeId>) {
        for list in [&mut self.not_negative, &mut self.divisors] {
            list.retain_mut(|(node, _)| match id(*node) {
                Some(new) => {
                    *node = new;
                    true
                }
                None => false,
            });
        }
        trail::renumber(&mut self.traces, &id);
        // A list that nothing asks has no steps.
        self.lists.retain_mut(|list| {
            let inputs: Option<Vec<NodeId>> = list.inputs.iter().map(|node| id(*node)).collect();
            inputs.map(|inputs| list.inputs = inputs).is_some()
        });
    }
}

/// Chooses the partitions that are left to the compiler, and brings the
/// decision from options to the groups that it chose.
#[allow(
    clippy::too_many_arguments,
    reason = "the parts of one decision under construction"
)]
fn choose(
    (finished, mut tables): (Finished, Vec<BuiltTable>),
    roots: &mut Roots,
    notes: &mut Notes,
    built: &mut [BuiltFeature],
    declared: &Declared,
    terms: &[i64],
    sources: &Sources,
    sink: &mut Sink,
) -> (Finished, Vec<BuiltTable>) {
    let ranges: Vec<Domain> = built.iter().map(|b| b.range).collect();
    let raw_tables: Vec<Table> = tables.iter().map(|built| built.table.clone()).collect();
    let inputs = inputs(declared, roots, &ranges);
    let offered = offered(declared, built.len());
    let proof = proof::prove(&finished.program, &inputs, &raw_tables, &offered);
    let domains = all_domains(&proof, &finished.program);
    let (findings, numbers, mut choices) = {
        let rounded = Waist::rounded_inputs(built);
        let inexact = |input: u16| {
            let chosen = built.get(usize::from(input));
            rounded(input) || chosen.is_some_and(BuiltFeature::has_chosen_bands)
        };
        let waist = Waist::new(&finished, &tables, built, &domains, terms, sources, inexact);
        let choices = Choices::of(built, &finished, &tables, roots);
        (roots.findings(&waist), roots.numbers(&waist), choices)
    };
    auto::bands(built, &findings, &numbers, sink);
    choices.settle(built, sink);
    for finding in findings {
        if let Finding::Wrong { told, .. } = finding {
            sink.push(told);
        }
    }
    if choices.is_empty() {
        return (finished, tables);
    }
    trail::rekind(&mut notes.traces, &|node| choices.kind(node, built));
    for Listed { table, inputs, .. } in &mut notes.lists {
        *table = choices.grouped_table(table, inputs, built);
    }
    let (arena, ids) = choices.regroup(finished, &mut tables, roots, built);
    let id = |node: NodeId| ids.get(usize::from(node)).copied();
    roots.renumber(id);
    notes.renumber(id);
    let (finished, tables) = finish(arena, roots, tables, built.len());
    notes.renumber(|node| finished.id(node));
    (finished, tables)
}

/// The terms that can be asked for.
fn terms(declared: &Declared) -> Vec<i64> {
    let terms = declared.products.iter().flat_map(|product| &product.terms);
    let mut terms: Vec<i64> = terms.map(|term| i64::from(*term)).collect();
    terms.sort();
    terms.dedup();
    terms
}

/// The terms that each product is offered for.
fn offered(declared: &Declared, features: usize) -> Offered {
    let products = declared.products.iter();
    let terms = products.map(|product| {
        let terms = product.terms.iter().map(|term| i64::from(*term));
        terms.collect::<BTreeSet<i64>>().into_iter().collect()
    });
    Offered::new(features, terms.collect())
}

fn names(scope: &mut Scope<'_>, declared: &Declared, built: &[BuiltFeature]) {
    let site = &declared.policy_span;
    for At { it: id, .. } in declared.asked() {
        let why = format!(
            "`{id}` is a question, its answer stays on the device: declare `[feature.{id}]`"
        );
        scope.names.insert(id.to_string(), Name::Elsewhere(why));
    }
    for At { it: id, .. } in declared.supplied.iter().map(|supplied| &supplied.id) {
        let why = format!("`{id}` is supplied before the waist: declare `[feature.{id}]`");
        scope.names.insert(id.to_string(), Name::Elsewhere(why));
    }
    for At { it: id, .. } in declared.statements.iter().map(|statement| &statement.id) {
        let why = format!("`{id}` is a statement and stays on the device: make it a feature");
        scope.names.insert(id.to_string(), Name::Elsewhere(why));
    }
    for feature in &declared.features {
        scope.names.insert(feature.id.it.to_string(), Name::Broken);
    }
    for name in &declared.broken {
        scope.names.insert(name.clone(), Name::Broken);
    }
    for (index, built) in built.iter().enumerate() {
        let (kind, optional) = (built.reduced_kind.clone(), built.range.optional);
        let id = built.feature.id.as_str();
        let node = scope.input(id, index, kind, optional, &built.span);
        if optional {
            let (when, low) = (None, built.range.low);
            scope.is_optional(node, Optional { when, low });
        }
    }
    let context = [
        ("as_of", DecideContext::AsOf, Kind::Date),
        ("amount", DecideContext::Amount, Kind::Money),
        ("term", DecideContext::Term, Kind::Integer),
        (
            "product",
            DecideContext::Product,
            features::product_kind(declared),
        ),
        ("score", DecideContext::Score, Kind::Integer),
        ("probability", DecideContext::Probability, Kind::Ratio),
        ("grade", DecideContext::Grade, grade_kind(declared)),
    ];
    for (name, input, kind) in context {
        let scored = input as usize >= DecideContext::Score as usize;
        if scored && declared.scores.is_empty() {
            let why = "there is no `[score]`".to_owned();
            scope.names.insert(name.to_owned(), Name::Elsewhere(why));
        } else {
            scope.input(name, built.len() + input as usize, kind, false, site);
        }
    }
    let why = "the month in which an instalment is due is known to `affordability` alone, outside of the values that it reads";
    let due_month = Name::Elsewhere(why.to_owned());
    scope.names.insert(DUE_MONTH.to_owned(), due_month);
    for value in &declared.values {
        let name = value.figure.clone().map_or(Name::Broken, Name::Figure);
        scope.names.insert(value.id.it.to_string(), name);
        if value.approximate {
            scope.approximate.insert(value.id.it.to_string());
        }
    }
    scope.named_tables(declared);
}

fn grade_kind(declared: &Declared) -> Kind {
    Kind::Choice(
        declared
            .grades
            .iter()
            .map(|grade| grade.it.id.clone())
            .collect(),
    )
}

/// Orders the steps, those that read score, probability or grade last, and
/// keeps the tables that they look up.
fn finish(
    arena: Arena,
    roots: &mut Roots,
    tables: Vec<BuiltTable>,
    features: usize,
) -> (Finished, Vec<BuiltTable>) {
    let nodes: Vec<NodeId> = roots.nodes().collect();
    let scored = features + DecideContext::Score as usize;
    let mut finished = arena.finish(&nodes, |input| usize::from(input) >= scored);
    roots.renumber(|node| finished.id(node));
    let tables = kept(&mut finished, tables);
    (finished, tables)
}

/// The tables that a program looks up; it refers to them by their new index.
pub(crate) fn kept(finished: &mut Finished, tables: Vec<BuiltTable>) -> Vec<BuiltTable> {
    let mut kept: Vec<u16> = Vec::new();
    for node in &mut finished.program.nodes {
        if let Node::Lookup(table, _) | Node::Collect { table, .. } = node {
            let at = kept
                .iter()
                .position(|kept| kept == table)
                .unwrap_or_else(|| {
                    kept.push(*table);
                    kept.len() - 1
                });
            *table = u16::try_from(at).unwrap_or(u16::MAX);
        }
    }
    let tables = kept
        .iter()
        .filter_map(|index| tables.get(usize::from(*index)).cloned());
    tables.collect()
}

/// The least and the largest score of any card; zero without one.
fn scores(declared: &Declared, roots: &Roots) -> (i64, i64) {
    let starts = declared.scores.iter().map(|score| i64::from(score.start));
    let ranges = starts.zip(&roots.cards).map(|(start, card)| {
        let points = card.characteristics.iter().map(|c| c.points());
        points.fold((start, start), |(low, high), (least, most)| {
            (low + i64::from(least), high + i64::from(most))
        })
    });
    let widest = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    widest.unwrap_or((0, 0))
}

/// The domains of the reduced features and the context.
fn inputs(declared: &Declared, roots: &Roots, reduced: &[Domain]) -> Vec<Domain> {
    let domain = |low, high| Domain {
        low,
        high,
        optional: false,
    };
    let (low, high) = scores(declared, roots);
    let last_grade = i64::try_from(declared.grades.len()).unwrap_or(1) - 1;
    let [amount, term, product] = features::request(declared);
    let context = [
        features::as_of(),
        amount,
        term,
        product,
        domain(low, high),
        domain(0, Ratio::SCALE),
        domain(0, last_grade.max(0)),
    ];
    reduced.iter().copied().chain(context).collect()
}

fn all_domains(proof: &Proof, program: &Program) -> Vec<Option<Domain>> {
    let ids = (0..program.nodes.len()).map(|index| NodeId::try_from(index).ok());
    ids.map(|id| id.and_then(|id| proof.domain(id))).collect()
}

/// The table files that the policy refers to.
fn files(declared: &Declared) -> Vec<String> {
    let limit = declared.limit.iter();
    let caps = limit
        .clone()
        .flat_map(|limit| limit.caps.iter().map(|(_, figure)| figure));
    let figures = declared
        .values
        .iter()
        .filter_map(|value| value.figure.as_ref())
        .chain(
            declared
                .products
                .iter()
                .filter_map(|product| product.rate.as_ref()),
        )
        .chain(limit.filter_map(|limit| limit.affordability.as_ref()))
        .chain(caps);
    let features = declared.features.iter();
    let figures = figures.chain(features.filter_map(|feature| feature.figure.as_ref()));
    let alerts = declared.alerts.iter().map(|alert| &alert.rule);
    let rules = declared.knockouts.iter().chain(&declared.reviews);
    let rows = rules.chain(alerts).filter_map(|rule| match &rule.when {
        Condition::Row(span, _) => Some(span.file.to_string()),
        Condition::Formula(_) => None,
    });
    let named: Vec<&Quoted> = figures
        .filter_map(|figure| match figure {
            Figure::Table(table) => Some(&table.file),
            _ => None,
        })
        .chain(declared.tables.iter().map(|table| &table.source.file))
        .chain(
            declared
                .scores
                .iter()
                .filter_map(|score| score.card.as_ref()),
        )
        .collect();
    let named = named.into_iter().map(|file| file.text.clone());
    named.chain(rows).collect()
}

/// A span for what has none of its own.
pub(crate) fn figure_span(figure: &Figure) -> &Span {
    match figure {
        Figure::Formula(text) | Figure::Share(text, _) => &text.span,
        Figure::Table(table) => &table.file.span,
        Figure::When(_, figure) => figure_span(figure),
        Figure::Constant(constant) => &constant.span,
    }
}
