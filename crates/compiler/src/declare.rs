//! What `policy.toml` declares, before formulas and tables are looked into.

mod catalogue;
mod feature;
mod list;
mod names;
mod offer;
mod page;
mod price;
mod product;
mod question;
mod rule;
mod table;

use prequal::Currency;
use prequal::loan::Repayment;
use prequal::policy::{Change, Grade, Id, Kind, Level, MAX_ITEMS, Price, ProductFee, Stage};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted, Sources, Span};

pub(crate) use catalogue::catalogue;
pub(crate) use feature::option_groups;
pub(crate) use list::{ListSource, entry_name};
pub(crate) use names::{duplicate, id, reason, unknown_option};
pub(crate) use page::Page;
pub(crate) use question::{Answered, Form, QuestionSource, SuppliedSource};
pub(crate) use table::{Hit, NamedTable, TableSource, in_order};

use feature::{feature, statement};
use names::{bad_value, bounded, formula_name, offset};
use offer::{grades, limit, scores, value};
use page::page;
use price::{discount, price};
use product::product;
use question::{question, supplied};

/// Names that the request, the date, the score and the month of an instalment
/// have in formulas.
pub(crate) const CONTEXT: [&str; 8] = [
    "as_of",
    "amount",
    "term",
    "product",
    "score",
    "probability",
    "grade",
    "due_month",
];

/// A policy as declared. What could not be read is absent and reported.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) id: Option<Id>,
    pub(crate) version: Option<Id>,
    pub(crate) stage: Stage,
    pub(crate) currency: Option<Currency>,
    pub(crate) utc_offset: Option<i16>,
    pub(crate) commitments: Option<At<u16>>,
    pub(crate) quote_grade: Option<Quoted>,
    /// The folder of the catalogue, from the policy's.
    pub(crate) catalogue: Option<String>,
    pub(crate) policy_span: Span,
    pub(crate) pages: Vec<Page>,
    pub(crate) questions: Vec<QuestionSource>,
    pub(crate) supplied: Vec<SuppliedSource>,
    pub(crate) statements: Vec<StatementSource>,
    pub(crate) features: Vec<FeatureSource>,
    pub(crate) values: Vec<ValueSource>,
    pub(crate) tables: Vec<NamedTable>,
    pub(crate) knockouts: Vec<RuleSource>,
    pub(crate) reviews: Vec<RuleSource>,
    /// What an early warning says.
    pub(crate) alerts: Vec<AlertSource>,
    /// The first one whose condition holds counts.
    pub(crate) scores: Vec<ScoreSource>,
    pub(crate) grades: Vec<At<Grade>>,
    pub(crate) limit: Option<LimitSource>,
    pub(crate) discounts: Vec<DiscountSource>,
    pub(crate) price: Price,
    pub(crate) products: Vec<ProductSource>,
    /// Names of questions, statements, features, values and tables that could not be read: to
    /// miss them would be a second complaint about one slip.
    pub(crate) broken: Vec<String>,
}

/// A line of the statements rebuilt from answers: a named figure before the
/// waist, which stays on the device.
#[derive(Debug)]
pub(crate) struct StatementSource {
    pub(crate) id: At<Id>,
    /// Missing where its `when` does not hold.
    pub(crate) figure: Option<Figure>,
}

/// A feature; its precision waits for its kind.
#[derive(Debug)]
pub(crate) struct FeatureSource {
    pub(crate) id: At<Id>,
    /// The question of its name if absent.
    pub(crate) figure: Option<Figure>,
    /// Where it is worked out; missing elsewhere.
    pub(crate) when: Option<Quoted>,
    pub(crate) precisions: Vec<(&'static str, At<Item>)>,
    pub(crate) value: Option<Quoted>,
    /// The most cells of a partition that the compiler chooses.
    pub(crate) cells: Option<At<i64>>,
}

/// A named figure after the waist.
#[derive(Debug)]
pub(crate) struct ValueSource {
    pub(crate) id: At<Id>,
    pub(crate) figure: Option<Figure>,
    /// Whether it is declared APPROXIMATE.
    pub(crate) approximate: bool,
}

/// Where a figure comes from.
#[derive(Clone, Debug)]
pub(crate) enum Figure {
    Formula(Quoted),
    Table(TableSource),
    /// A share of a formula.
    Share(Quoted, At<i64>),
    /// A figure where a condition holds; missing elsewhere.
    When(Quoted, Box<Figure>),
    Constant(At<i64>),
}

impl Figure {
    /// The table, if it yields a list.
    pub(crate) fn list_table(&self) -> Option<&TableSource> {
        match self {
            Figure::Table(table) if table.hit.is_list() => Some(table),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct RuleSource {
    pub(crate) id: At<Id>,
    pub(crate) when: Condition,
    pub(crate) reason: At<Id>,
}

/// When a rule fires.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Formula(Quoted),
    /// Where every cell of a table's row takes in the column of that name.
    Row(Span, Vec<(Quoted, Quoted)>),
}

impl Condition {
    /// Where it stands.
    pub(crate) fn span(&self) -> &Span {
        match self {
            Condition::Formula(text) => &text.span,
            Condition::Row(span, _) => span,
        }
    }
}

#[derive(Debug)]
pub(crate) struct AlertSource {
    pub(crate) rule: RuleSource,
    pub(crate) level: Level,
}

#[derive(Debug)]
pub(crate) struct ScoreSource {
    pub(crate) when: Option<Quoted>,
    pub(crate) card: Option<Quoted>,
    pub(crate) base: Option<i32>,
    pub(crate) odds: Option<u32>,
    pub(crate) pdo: Option<u32>,
    pub(crate) start: i32,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct LimitSource {
    pub(crate) affordability: Option<Figure>,
    pub(crate) caps: Vec<(At<Id>, Figure)>,
    pub(crate) step: Option<At<i64>>,
    pub(crate) reason: Option<At<Id>>,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct ProductSource {
    pub(crate) id: At<Id>,
    pub(crate) repayment: Option<Repayment>,
    pub(crate) fees: Vec<ProductFee>,
    pub(crate) terms: Vec<u16>,
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) rate: Option<Figure>,
    pub(crate) when: Option<Quoted>,
    pub(crate) suits: Option<Quoted>,
}

#[derive(Debug)]
pub(crate) struct DiscountSource {
    pub(crate) id: At<Id>,
    pub(crate) when: Option<Quoted>,
    pub(crate) change: Option<Change>,
}

impl FeatureSource {
    /// What it is worked out from; none where it is the question of its name.
    pub(crate) fn figure(&self) -> Option<Figure> {
        let Some(when) = &self.when else {
            return self.figure.clone();
        };
        let question = || {
            let At { it, span } = &self.id;
            let places = (span.start..=span.end).collect();
            Figure::Formula(Quoted::new(it.to_string(), places, span.clone()))
        };
        let figure = self.figure.clone().unwrap_or_else(question);
        Some(Figure::When(when.clone(), Box::new(figure)))
    }
}

impl Declared {
    /// The names that formulas before the waist read answers by: questions,
    /// values that the lender supplies, and pages that may be opened.
    pub(crate) fn asked(&self) -> impl Iterator<Item = &At<Id>> {
        let questions = self.questions.iter().map(|question| &question.id);
        let supplied = self.supplied.iter().map(|supplied| &supplied.id);
        let openers = self.pages.iter().filter(|page| page.optional);
        questions
            .chain(supplied)
            .chain(openers.map(|page| &page.id))
    }

    /// Whether an answer has this name.
    pub(crate) fn asks(&self, name: &str) -> bool {
        self.asked().any(|id| id.it.as_str() == name)
    }
}

/// Reads the declarations.
pub(crate) fn declare(mut file: Section, sources: &Sources, sink: &mut Sink) -> Declared {
    let policy = file.need("policy", sink);
    let policy_span = policy
        .as_ref()
        .map_or_else(|| file.span.clone(), |p| p.span.clone());
    let mut policy = policy.and_then(|item| {
        let span = item.span.clone();
        document::section("`[policy]`".to_owned(), item, &span, sink)
    });
    let mut text = |key: &'static str, sink: &mut Sink| {
        policy
            .as_mut()
            .and_then(|section| section.need_text(key, sink))
    };
    let id = text("id", sink).and_then(|t| id(&t, sink));
    let version = text("version", sink).and_then(|t| self::id(&t, sink));
    let currency = text("currency", sink)
        .and_then(|t| bad_value(Currency::try_from(t.text.clone()), &t.span, sink));
    let utc_offset = text("time_zone", sink).and_then(|t| {
        let help = "an offset from UTC in quotes, such as \"+08:00\"";
        bad_value(offset(&t.text).ok_or(help), &t.span, sink)
    });
    let commitments = policy
        .as_mut()
        .and_then(|section| section.need_number("commitments", &Kind::Integer, sink))
        .and_then(|n| bounded(n, 1, 256, "commitments number", sink))
        .map(|n| At {
            it: n.it as u16,
            span: n.span,
        });
    let quote_grade = policy
        .as_mut()
        .and_then(|section| section.text("quote_grade", sink));
    let stage = policy
        .as_mut()
        .and_then(|section| section.text("stage", sink))
        .and_then(|text| rule::stage(&text, sink))
        .unwrap_or(Stage::PreScreen);
    let folder = policy
        .as_mut()
        .and_then(|section| section.text("catalogue", sink));
    if let Some(section) = policy {
        section.finish(sink);
    }

    let pages = file
        .listed("group", sink)
        .into_iter()
        .filter_map(|s| page(s, sink))
        .collect();
    let mut broken = Vec::new();
    let shared = folder
        .as_ref()
        .and_then(|folder| catalogue::beside(folder, sources, sink));
    let questions = each(
        file.named("question", sink),
        &mut broken,
        sink,
        |id, section, sink| question(id, section, shared.as_ref(), sink),
    );
    let supplied = each(file.named("supplied", sink), &mut broken, sink, supplied);
    let statements = each(file.named("statement", sink), &mut broken, sink, statement);
    let features = each(file.named("feature", sink), &mut broken, sink, feature);
    let values = each(file.named("value", sink), &mut broken, sink, value);
    let tables = each(file.named("table", sink), &mut broken, sink, table::named);
    let knockouts = rule::rules(file.listed("knockout", sink), sources, sink);
    let reviews = rule::rules(file.listed("review", sink), sources, sink);
    let alerts = rule::alerts(file.listed("alert", sink), sources, sink);
    let scores = scores(file.one_or_several("score", sink), sink);
    let grades = grades(file.listed("grade", sink), sink);
    // An early warning offers nothing, so that nothing bounds it.
    let offers = stage != Stage::EarlyWarning;
    let bounds = match offers {
        true => file.need("limit", sink),
        false => file.take("limit"),
    };
    let limit = bounds.and_then(|item| {
        let span = item.span.clone();
        document::section("`[limit]`".to_owned(), item, &span, sink).map(|s| limit(s, sink))
    });
    let products: Vec<ProductSource> = file
        .listed("product", sink)
        .into_iter()
        .filter_map(|s| product(s, offers, sink))
        .collect();
    if products.is_empty() {
        let message = "a policy is about at least one `[[product]]`";
        sink.push(Diagnostic::new(Code::MissingKey, &policy_span, message));
    }
    let discounts = file
        .listed("discount", sink)
        .into_iter()
        .filter_map(|s| discount(s, sink))
        .collect();
    let price = file.take("price").and_then(|item| {
        let span = item.span.clone();
        document::section("`[price]`".to_owned(), item, &span, sink).map(|s| price(s, sink))
    });
    file.finish(sink);
    let declared = Declared {
        id,
        version,
        stage,
        currency,
        utc_offset,
        commitments,
        quote_grade,
        catalogue: folder.map(|folder| folder.text),
        policy_span,
        pages,
        questions,
        supplied,
        statements,
        features,
        values,
        tables,
        knockouts,
        reviews,
        alerts,
        scores,
        grades,
        limit,
        discounts,
        price: price.unwrap_or_default(),
        products,
        broken,
    };
    distinct(&declared, sink);
    rule::staged(&declared, sink);
    declared
}

fn each<T>(
    sections: Vec<(At<String>, Section)>,
    broken: &mut Vec<String>,
    sink: &mut Sink,
    read: impl Fn(At<Id>, Section, &mut Sink) -> Option<T>,
) -> Vec<T> {
    let mut all = Vec::new();
    for (name, section) in sections {
        let text = name.it.clone();
        match formula_name(name, sink).and_then(|id| read(id, section, sink)) {
            Some(declared) => all.push(declared),
            None => broken.push(text),
        }
    }
    all
}

fn distinct(declared: &Declared, sink: &mut Sink) {
    let mut check = |what: &str, names: Vec<(&Id, &Span)>| {
        for (index, (name, span)) in names.iter().enumerate() {
            let before = names.iter().take(index).find(|(other, _)| other == name);
            if let Some((_, first)) = before {
                sink.push(duplicate(what, name.as_str(), span).other(first, "first here"));
            }
        }
        if let Some((_, span)) = names.get(MAX_ITEMS) {
            let message = format!("more than {MAX_ITEMS} of the kind: {what}");
            sink.push(Diagnostic::new(Code::TooMany, span, message));
        }
    };
    fn at(id: &At<Id>) -> (&Id, &Span) {
        (&id.it, &id.span)
    }
    check("page", declared.pages.iter().map(|p| at(&p.id)).collect());
    check("question", declared.asked().map(at).collect());
    let features = declared.features.iter().map(|f| at(&f.id));
    check(
        "name",
        features
            .chain(declared.values.iter().map(|v| at(&v.id)))
            .chain(declared.tables.iter().map(|t| at(&t.id)))
            .chain(declared.statements.iter().map(|s| at(&s.id)))
            .collect(),
    );
    check(
        "knock-out",
        declared.knockouts.iter().map(|r| at(&r.id)).collect(),
    );
    check(
        "review",
        declared.reviews.iter().map(|r| at(&r.id)).collect(),
    );
    check(
        "alert",
        declared.alerts.iter().map(|a| at(&a.rule.id)).collect(),
    );
    check(
        "discount",
        declared.discounts.iter().map(|d| at(&d.id)).collect(),
    );
    check(
        "grade",
        declared
            .grades
            .iter()
            .map(|g| (&g.it.id, &g.span))
            .collect(),
    );
    check(
        "product",
        declared.products.iter().map(|p| at(&p.id)).collect(),
    );
    if let Some(limit) = &declared.limit {
        check("cap", limit.caps.iter().map(|(id, _)| at(id)).collect());
    }
    // A feature may have the name of a question, which it reduces.
    let tables = declared.tables.iter().map(|table| &table.id);
    let statements = declared.statements.iter().map(|statement| &statement.id);
    for named in tables.chain(statements) {
        if let Some(question) = declared.asked().find(|id| id.it == named.it) {
            let told = duplicate("name", named.it.as_str(), &named.span);
            sink.push(told.other(&question.span, "first here"));
        }
    }
}
