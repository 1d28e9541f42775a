//! Before the waist: questions, formulas of features, and how each is reduced.

use std::collections::{BTreeMap, BTreeSet};

use prequal::Date;
use prequal::policy::{
    DeriveContext, Domain, Feature, Id, Kind, NodeId, Offered, Precision, Program, Representative,
    Table,
};

use crate::decide;
use crate::declare::{self, Declared, FeatureSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Sink};
use crate::elaborate::{Name, Scope, Typed};
use crate::number::{kind_name, show};
use crate::proof;
use crate::questions::Asked;
use crate::source::{At, Sources, Span};
use crate::suggest;
use crate::tables::BuiltTable;
use crate::trail::{self, Traces};

/// A feature with what the other side of the waist has to know of it.
#[derive(Clone, Debug)]
pub(crate) struct BuiltFeature {
    pub(crate) feature: Feature,
    /// Its values before it is reduced.
    pub(crate) range: Domain,
    /// Its kind after the waist: groups of options are a choice of their own.
    pub(crate) reduced_kind: Kind,
    pub(crate) span: Span,
    /// Where its precision is declared.
    pub(crate) precision_span: Span,
    /// The most cells, where the compiler chooses the partition; until then
    /// the precision is exact.
    pub(crate) auto: Option<i64>,
}

impl BuiltFeature {
    /// Whether the compiler chooses its bands.
    pub(crate) fn has_chosen_bands(&self) -> bool {
        self.auto.is_some() && !matches!(self.feature.kind, Kind::Choice(_))
    }

    /// Settles the precision.
    pub(crate) fn reduce_by(&mut self, precision: Precision) {
        self.reduced_kind = reduced_kind(&self.feature.kind, &precision);
        self.feature.precision = precision;
    }
}

/// The most cells of a partition that the compiler chooses, unless `cells`
/// says otherwise.
const AUTO_CELLS: i64 = 16;

/// The features and the program that derives them. A feature that is wrong is absent.
pub(crate) struct Derived {
    pub(crate) features: Vec<BuiltFeature>,
    pub(crate) asked: Asked,
    /// The statements that a feature reads, by name.
    pub(crate) statements: BTreeMap<Id, Typed>,
    pub(crate) program: Program,
    /// The tables that the program looks up.
    pub(crate) tables: Vec<BuiltTable>,
    /// The named tables that are called.
    pub(crate) calls: BTreeSet<String>,
    /// How the formulas are put together.
    pub(crate) traces: Traces,
}

/// The days that `as_of` can be: 2000-01-01 to 2199-12-31.
pub(crate) fn as_of() -> Domain {
    let day = |year, month, day| Date::from_ymd(year, month, day).map_or(0, Date::days);
    Domain {
        low: day(2000, 1, 1),
        high: day(2199, 12, 31),
        optional: false,
    }
}

/// What amount, term and product can be.
pub(crate) fn request(declared: &Declared) -> [Domain; 3] {
    let domain = |low: Option<i64>, high: Option<i64>| {
        let low = low.unwrap_or(0);
        Domain {
            low,
            high: high.unwrap_or(low).max(low),
            optional: false,
        }
    };
    let products = &declared.products;
    let terms = || {
        products
            .iter()
            .flat_map(|p| &p.terms)
            .map(|term| i64::from(*term))
    };
    let last = i64::try_from(products.len()).unwrap_or(1) - 1;
    [
        domain(
            products.iter().filter_map(|p| p.minimum).min(),
            products.iter().filter_map(|p| p.maximum).max(),
        ),
        domain(terms().min(), terms().max()),
        domain(Some(0), Some(last.max(0))),
    ]
}

/// The products as a choice.
pub(crate) fn product_kind(declared: &Declared) -> Kind {
    Kind::Choice(declared.products.iter().map(|p| p.id.it.clone()).collect())
}

/// Derives the features.
pub(crate) fn derive(declared: &Declared, sources: &Sources, sink: &mut Sink) -> Derived {
    let mut scope = Scope::new(sources, sink);
    let day = Asked::count(declared) + DeriveContext::AsOf as usize;
    scope.input("as_of", day, Kind::Date, false, &declared.policy_span);
    for name in ["amount", "term", "product"] {
        let why = "a feature is derived once, and offers look at other terms; read it in a rule, a table or a value".to_owned();
        scope.names.insert(name.to_owned(), Name::Elsewhere(why));
    }
    for name in ["score", "probability", "grade"] {
        let why = "a feature is derived before anything is scored".to_owned();
        scope.names.insert(name.to_owned(), Name::Elsewhere(why));
    }
    scope.named_tables(declared);
    let mut asked = Asked::elaborate(&mut scope, declared);
    for statement in &declared.statements {
        let name = match &statement.figure {
            Some(figure) => Name::Figure(figure.clone()),
            None => Name::Broken,
        };
        scope.names.insert(statement.id.it.to_string(), name);
    }
    for feature in &declared.features {
        let name = feature.id.it.as_str();
        if declared.asks(name) {
            continue;
        }
        match feature.figure() {
            Some(figure) => scope.names.insert(name.to_owned(), Name::Figure(figure)),
            None => scope.names.remove(name),
        };
    }
    for value in &declared.values {
        let why = "a `[value]` is worked out after features are reduced".to_owned();
        scope
            .names
            .entry(value.id.it.to_string())
            .or_insert(Name::Elsewhere(why));
    }
    for name in &declared.broken {
        scope.names.entry(name.clone()).or_insert(Name::Broken);
    }
    let typed: Vec<(&FeatureSource, Option<Typed>)> = declared
        .features
        .iter()
        .map(|f| (f, typed(&mut scope, declared, f)))
        .collect();

    // Looked into for errors, whether anything reads them or not.
    for statement in &declared.statements {
        scope.look_into(&statement.id);
    }

    let Scope {
        arena,
        names,
        trail,
        tables,
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
    let derived = typed.iter().filter_map(|(_, t)| t.as_ref().map(|t| t.node));
    let roots: Vec<NodeId> = derived.chain(asked.nodes()).collect();
    let mut finished = arena.finish(&roots, |_| false);
    asked.renumber(&finished);
    asked.check_order(&finished.program, sink);
    let mut statements = BTreeMap::new();
    for At { it: id, span } in declared.statements.iter().map(|statement| &statement.id) {
        let Some(Name::Ready(typed)) = names.get(id.as_str()) else {
            continue;
        };
        match finished.id(typed.node) {
            Some(node) => {
                let typed = Typed {
                    node,
                    ..typed.clone()
                };
                statements.insert(id.clone(), typed);
            }
            None => {
                let message = format!("nothing reads the statement `{id}`");
                sink.push(Diagnostic::new(Code::Unused, span, message));
            }
        }
    }
    let tables = decide::kept(&mut finished, tables);
    let mut traces = trail.finish();
    trail::renumber(&mut traces, &|node| finished.id(node));
    let inputs: Vec<Domain> = asked.domains().chain([as_of()]).collect();
    let raw_tables: Vec<Table> = tables.iter().map(|built| built.table.clone()).collect();
    let offered = Offered::default();
    let proof = proof::prove(&finished.program, &inputs, &raw_tables, &offered);
    proof::report(&proof, &finished, sources, sink);
    let noted = |steps: Vec<(u16, Span)>| -> Vec<(u16, Span)> {
        let steps = steps.into_iter();
        let kept = steps.filter_map(|(node, span)| Some((finished.id(node)?, span)));
        kept.collect()
    };
    let (not_negative, divisors) = (noted(not_negative), noted(divisors));
    proof::not_negative(&proof, &not_negative, sources, sink);
    proof::divisors(&proof, &divisors, sink);
    decide::complete_tables(
        &proof, &finished, &tables, &offered, &arguments, sources, sink,
    );

    let mut features = Vec::new();
    for (source, typed) in typed {
        let Some(typed) = typed else { continue };
        let Some(node) = finished.id(typed.node) else {
            continue;
        };
        let Some(range) = proof.domain(node) else {
            continue;
        };
        if let Some((precision, precision_span)) = precision(source, &typed.kind, range, sink) {
            let auto = precision
                .is_none()
                .then(|| source.cells.as_ref().map_or(AUTO_CELLS, |cells| cells.it));
            let precision = precision.unwrap_or(Precision::Exact);
            features.push(BuiltFeature {
                auto,
                reduced_kind: reduced_kind(&typed.kind, &precision),
                feature: Feature {
                    id: source.id.it.clone(),
                    kind: typed.kind,
                    node,
                    precision,
                },
                range,
                span: source.id.span.clone(),
                precision_span,
            });
        }
    }
    Derived {
        features,
        asked,
        statements,
        program: finished.program,
        tables,
        calls,
        traces,
    }
}

/// A feature's formula; without one, the question of its name.
fn typed(scope: &mut Scope<'_>, declared: &Declared, feature: &FeatureSource) -> Option<Typed> {
    let name = feature.id.it.as_str();
    if feature.figure.is_none() && !declared.asks(name) {
        if !declared.broken.iter().any(|broken| broken == name) {
            let message = format!("the feature `{name}` needs a formula: no question has its name");
            let asked = declared.asked().map(|id| id.it.as_str());
            let help = suggest::help(name, asked);
            let diagnostic = Diagnostic::new(Code::MissingKey, &feature.id.span, message);
            scope.sink.push(diagnostic.help(help));
        }
        return None;
    }
    match feature.figure() {
        // A formula under a question's name: there, the name is the question.
        Some(figure) if declared.asks(name) => scope.figure(&figure, None),
        _ => scope.resolve(name, &feature.id.span),
    }
}

fn reduced_kind(kind: &Kind, precision: &Precision) -> Kind {
    match precision {
        Precision::Groups(groups) => Kind::Choice(groups.iter().map(|g| g.id.clone()).collect()),
        _ => kind.clone(),
    }
}

/// The precision, or none where the compiler is to choose it.
fn precision(
    source: &FeatureSource,
    kind: &Kind,
    range: Domain,
    sink: &mut Sink,
) -> Option<(Option<Precision>, Span)> {
    let name = &source.id.it;
    let [(key, item)] = source.precisions.as_slice() else {
        let message = match source.precisions.get(1) {
            None => format!("`[feature.{name}]` does not say how precisely it leaves the device"),
            Some(_) => format!("`[feature.{name}]` has more than one precision"),
        };
        let help = "one of `bands`, `floor`, `ceil`, `groups`, or `exact = true`";
        sink.push(Diagnostic::new(Code::MissingKey, &source.id.span, message).help(help));
        return None;
    };
    let span = item.span.clone();
    if range.is_empty() {
        let message = format!("the feature `{name}` is never there");
        let help = "its condition never holds, whatever is answered: leave the feature out";
        sink.push(Diagnostic::new(Code::BadValue, &source.id.span, message).help(help));
        return None;
    }
    let numeric = !matches!(kind, Kind::Choice(_) | Kind::Boolean);
    if let Some(value) = source.value.as_ref().filter(|_| *key != "bands") {
        let message = "`value` says which number stands for a band, and there are no bands";
        sink.push(Diagnostic::new(Code::BadValue, &value.span, message));
    }
    let chosen = matches!(&item.it, Item::Text(text) if text.text == "auto");
    if let Some(cells) = source.cells.as_ref().filter(|_| !chosen) {
        let message = "`cells` bounds a partition that the compiler chooses, and there is none";
        let help = "it stands beside `bands = \"auto\"` or `groups = \"auto\"`";
        sink.push(Diagnostic::new(Code::BadValue, &cells.span, message).help(help));
    }
    let unfit = |sink: &mut Sink| {
        let message = format!("{} cannot be reduced by `{key}`", kind_name(kind));
        let help = match kind {
            Kind::Choice(_) => {
                "`groups = { name = [\"option\", …] }`, `groups = \"auto\"` or `exact = true`"
            }
            Kind::Boolean => "`exact = true`",
            _ => "`bands`, `floor`, `ceil`, or `exact = true`",
        };
        sink.push(Diagnostic::new(Code::WrongType, &span, message).help(help));
        None
    };
    let precision = match (*key, kind) {
        ("bands", _) if numeric && chosen => {
            if let Some(value) = &source.value {
                let message = "bands that the compiler chooses are read by comparisons only: no number stands for them";
                let help = "leave `value` out, or name the edges";
                sink.push(Diagnostic::new(Code::BadValue, &value.span, message).help(help));
            }
            return Some((None, span));
        }
        ("groups", Kind::Choice(_)) if chosen => return Some((None, span)),
        ("exact", _) => match item.it {
            Item::Boolean(true) => Some(Precision::Exact),
            _ => {
                let message = "`exact` is `true`, or not there";
                sink.push(Diagnostic::new(Code::BadValue, &span, message));
                None
            }
        },
        ("groups", Kind::Choice(options)) => {
            declare::option_groups(item.clone(), options, sink).map(Precision::Groups)
        }
        ("floor" | "ceil", _) if numeric => {
            let unit = if *kind == Kind::Date {
                &Kind::Integer
            } else {
                kind
            };
            let step = document::value(item.clone(), unit, sink)?;
            if step.it < 2 {
                let message = "a step of 1 or less rounds nothing";
                sink.push(
                    Diagnostic::new(Code::BadValue, &span, message).help("write `exact = true`"),
                );
                return None;
            }
            Some(if *key == "floor" {
                Precision::Floor(step.it)
            } else {
                Precision::Ceil(step.it)
            })
        }
        ("bands", _) if numeric => bands(source, item, kind, range, sink),
        _ => unfit(sink),
    };
    precision.map(|precision| (Some(precision), span.clone()))
}

fn bands(
    source: &FeatureSource,
    item: &At<Item>,
    kind: &Kind,
    range: Domain,
    sink: &mut Sink,
) -> Option<Precision> {
    let declared: Vec<At<i64>> = document::list(item.clone(), sink)?
        .into_iter()
        .filter_map(|edge| document::value(edge, kind, sink))
        .collect();
    let mut edges: Vec<i64> = Vec::new();
    for edge in &declared {
        if declared
            .iter()
            .take_while(|before| *before != edge)
            .any(|before| before.it >= edge.it)
        {
            let message = "edges stand in ascending order";
            sink.push(Diagnostic::new(Code::BadValue, &edge.span, message));
            return None;
        }
        if edge.it <= range.low || range.high < edge.it {
            let value = show(kind, edge.it);
            let message = format!("the edge {value} divides nothing and is left out");
            let label = format!(
                "from {} to {}",
                show(kind, range.low),
                show(kind, range.high)
            );
            let diagnostic = Diagnostic::new(Code::EdgeOutOfRange, &edge.span, message);
            sink.push(diagnostic.other(&source.id.span, label));
        } else {
            edges.push(edge.it);
        }
    }
    if edges.is_empty() {
        let message = "bands need an edge inside of the feature's range";
        let help = format!(
            "it goes from {} to {}",
            show(kind, range.low),
            show(kind, range.high)
        );
        sink.push(Diagnostic::new(Code::BadValue, &item.span, message).help(help));
        return None;
    }
    let value = match source
        .value
        .as_ref()
        .map(|value| (value.text.as_str(), &value.span))
    {
        None | Some(("low", _)) => Representative::Low,
        Some(("high", _)) => Representative::High,
        Some(("middle", _)) => Representative::Middle,
        Some((other, span)) => {
            let message = format!("no number called `{other}` stands for a band");
            let help = suggest::help(other, ["low", "high", "middle"].into_iter());
            sink.push(Diagnostic::new(Code::BadValue, span, message).help(help));
            return None;
        }
    };
    Some(Precision::Bands { edges, value })
}
