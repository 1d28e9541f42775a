//! What `policy.toml` declares, before formulas and tables are looked into.

use prequal::policy::{Grade, Id, Kind, OptionGroup, Plan, Question, Unit};
use prequal::{Currency, LARGEST};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted, Span};
use crate::suggest;
use crate::syntax::KEYWORDS;

/// Names that the request, the date and the score have in formulas.
pub(crate) const CONTEXT: [&str; 7] = [
    "as_of",
    "amount",
    "term",
    "product",
    "score",
    "probability",
    "grade",
];

/// A policy as declared. What could not be read is absent and reported.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) id: Option<Id>,
    pub(crate) version: Option<Id>,
    pub(crate) currency: Option<Currency>,
    pub(crate) utc_offset: Option<i16>,
    pub(crate) commitments: Option<At<u16>>,
    pub(crate) quote_grade: Option<Quoted>,
    pub(crate) policy_span: Span,
    pub(crate) pages: Vec<Page>,
    pub(crate) questions: Vec<At<Question>>,
    pub(crate) features: Vec<FeatureSource>,
    pub(crate) values: Vec<ValueSource>,
    pub(crate) knockouts: Vec<RuleSource>,
    pub(crate) reviews: Vec<RuleSource>,
    pub(crate) score: Option<ScoreSource>,
    pub(crate) grades: Vec<At<Grade>>,
    pub(crate) limit: Option<LimitSource>,
    pub(crate) products: Vec<ProductSource>,
    /// Names of questions, features and values that could not be read: to
    /// miss them would be a second complaint about one slip.
    pub(crate) broken: Vec<String>,
}

/// A page of questions.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) id: At<Id>,
    pub(crate) questions: Vec<Quoted>,
}

/// A feature; its precision waits for its kind.
#[derive(Debug)]
pub(crate) struct FeatureSource {
    pub(crate) id: At<Id>,
    pub(crate) formula: Option<Quoted>,
    pub(crate) precisions: Vec<(&'static str, At<Item>)>,
    pub(crate) value: Option<Quoted>,
}

/// A named figure after the waist.
#[derive(Debug)]
pub(crate) struct ValueSource {
    pub(crate) id: At<Id>,
    pub(crate) figure: Option<Figure>,
}

/// Where a figure comes from.
#[derive(Clone, Debug)]
pub(crate) enum Figure {
    Formula(Quoted),
    Table(TableSource),
    /// A share of a formula.
    Share(Quoted, At<i64>),
    Constant(At<i64>),
}

/// A table as it is referred to.
#[derive(Clone, Debug)]
pub(crate) struct TableSource {
    pub(crate) file: Quoted,
    /// Whether the first row that fits decides; else no two may fit.
    pub(crate) first: bool,
    pub(crate) kind: Option<Kind>,
}

#[derive(Debug)]
pub(crate) struct RuleSource {
    pub(crate) id: At<Id>,
    pub(crate) when: Quoted,
    pub(crate) reason: At<Id>,
}

#[derive(Debug)]
pub(crate) struct ScoreSource {
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
    pub(crate) plan: Option<Plan>,
    pub(crate) terms: Vec<u16>,
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) rate: Option<Figure>,
}

/// Reads the declarations.
pub(crate) fn declare(mut file: Section, sink: &mut Sink) -> Declared {
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
    if let Some(section) = policy {
        section.finish(sink);
    }

    let pages = file
        .listed("group", sink)
        .into_iter()
        .filter_map(|s| page(s, sink))
        .collect();
    let mut broken = Vec::new();
    let questions = each(file.named("question", sink), &mut broken, sink, question);
    let features = each(file.named("feature", sink), &mut broken, sink, feature);
    let values = each(file.named("value", sink), &mut broken, sink, value);
    let knockouts = rules(file.listed("knockout", sink), sink);
    let reviews = rules(file.listed("review", sink), sink);
    let score = file.section("score", sink).map(|s| score(s, sink));
    let grades = grades(file.listed("grade", sink), sink);
    let limit = file.need("limit", sink).and_then(|item| {
        let span = item.span.clone();
        document::section("`[limit]`".to_owned(), item, &span, sink).map(|s| limit(s, sink))
    });
    let products: Vec<ProductSource> = file
        .listed("product", sink)
        .into_iter()
        .filter_map(|s| product(s, sink))
        .collect();
    if products.is_empty() {
        let message = "a policy offers at least one `[[product]]`";
        sink.push(Diagnostic::new(Code::MissingKey, &policy_span, message));
    }
    file.finish(sink);
    let declared = Declared {
        id,
        version,
        currency,
        utc_offset,
        commitments,
        quote_grade,
        policy_span,
        pages,
        questions,
        features,
        values,
        knockouts,
        reviews,
        score,
        grades,
        limit,
        products,
        broken,
    };
    distinct(&declared, sink);
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

fn bad_value<T>(result: Result<T, &'static str>, span: &Span, sink: &mut Sink) -> Option<T> {
    result
        .map_err(|message| sink.push(Diagnostic::new(Code::BadValue, span, message)))
        .ok()
}

fn bounded(number: At<i64>, low: i64, high: i64, what: &str, sink: &mut Sink) -> Option<At<i64>> {
    if (low..=high).contains(&number.it) {
        return Some(number);
    }
    let message = format!("{what} {low} to {high}, not {}", number.it);
    sink.push(Diagnostic::new(Code::BadValue, &number.span, message));
    None
}

/// A declared name.
pub(crate) fn id(text: &Quoted, sink: &mut Sink) -> Option<Id> {
    Id::try_from(text.text.clone())
        .map_err(|message| {
            let message = format!("`{}` is no name: {message}", text.text);
            sink.push(Diagnostic::new(Code::BadName, &text.span, message));
        })
        .ok()
}

fn placed_id(text: &Quoted, sink: &mut Sink) -> Option<At<Id>> {
    id(text, sink).map(|it| At {
        it,
        span: text.span.clone(),
    })
}

/// A name that formulas can use.
fn formula_name(name: At<String>, sink: &mut Sink) -> Option<At<Id>> {
    let text = &name.it;
    let shaped = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !text.starts_with(|c: char| c.is_ascii_digit());
    let taken = KEYWORDS.contains(&text.as_str()) || CONTEXT.contains(&text.as_str());
    match Id::try_from(text.clone()) {
        Ok(it) if shaped && !taken => Some(At {
            it,
            span: name.span,
        }),
        _ => {
            let message = if taken {
                format!("`{text}` has a meaning of its own in formulas")
            } else {
                format!("`{text}` cannot stand in a formula")
            };
            let help = "a name is up to 40 letters, digits and `_`, and begins with no digit";
            sink.push(Diagnostic::new(Code::BadName, &name.span, message).help(help));
            None
        }
    }
}

/// A reason code: capital letters, digits and `_`.
pub(crate) fn reason(text: &Quoted, sink: &mut Sink) -> Option<At<Id>> {
    let shaped = text.text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !shaped {
        let message = format!("`{}` is no reason code", text.text);
        let help = "capital letters, digits and `_`, such as LOW_INCOME";
        sink.push(Diagnostic::new(Code::BadName, &text.span, message).help(help));
        return None;
    }
    placed_id(text, sink)
}

fn offset(text: &str) -> Option<i16> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())?
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours <= 18 && minutes < 60)
        .then_some(sign * (hours * 60 + minutes))
        .filter(|o| o.abs() <= 1080)
}

fn page(mut section: Section, sink: &mut Sink) -> Option<Page> {
    let id = section
        .need_text("id", sink)
        .and_then(|t| placed_id(&t, sink));
    let questions = section.texts("questions", sink).unwrap_or_default();
    section.finish(sink);
    Some(Page { id: id?, questions })
}

const KINDS: [&str; 6] = ["integer", "money", "ratio", "choice", "boolean", "date"];

/// The kind of a name; a choice without its options.
pub(crate) fn kind(text: &Quoted, allowed: &[&'static str], sink: &mut Sink) -> Option<Kind> {
    match text.text.as_str() {
        known if !allowed.contains(&known) => {
            let message = format!("`{known}` is no kind here");
            let help = suggest::help(known, allowed.iter().copied());
            sink.push(Diagnostic::new(Code::BadValue, &text.span, message).help(help));
            None
        }
        "integer" => Some(Kind::Integer),
        "money" => Some(Kind::Money),
        "ratio" => Some(Kind::Ratio),
        "boolean" => Some(Kind::Boolean),
        "date" => Some(Kind::Date),
        _ => Some(Kind::Choice(Vec::new())),
    }
}

fn question(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<At<Question>> {
    let kind = section
        .need_text("kind", sink)
        .and_then(|t| self::kind(&t, &KINDS, sink));
    let optional = section
        .truth("optional", sink)
        .is_some_and(|truth| truth.it);
    let unit = section
        .text("unit", sink)
        .and_then(|t| match t.text.as_str() {
            "day" => Some(Unit::Day),
            "month" => Some(Unit::Month),
            "year" => Some(Unit::Year),
            other => {
                let message = format!("`{other}` is no unit of time");
                let help = suggest::help(other, ["day", "month", "year"].into_iter());
                sink.push(Diagnostic::new(Code::BadValue, &t.span, message).help(help));
                None
            }
        });
    let (kind, low, high, step) = match kind {
        Some(Kind::Choice(_)) => {
            let options = options(&mut section, sink)?;
            let last = i64::try_from(options.len()).unwrap_or(1) - 1;
            (Kind::Choice(options), 0, last, 1)
        }
        Some(Kind::Boolean) => (Kind::Boolean, 0, 1, 1),
        Some(kind) => {
            let (low, high) = range(&mut section, &kind, sink)?;
            let step_kind = if kind == Kind::Date {
                Kind::Integer
            } else {
                kind.clone()
            };
            let step = section
                .number("step", &step_kind, sink)
                .and_then(|step| bounded(step, 1, LARGEST, "a step is", sink));
            if let Some(step) = step.as_ref().filter(|step| (high - low) % step.it != 0) {
                let message = "the range ends between two steps";
                let help = "answers are the least one plus a multiple of the step";
                sink.push(Diagnostic::new(Code::BadValue, &step.span, message).help(help));
            }
            (kind, low, high, step.map_or(1, |step| step.it))
        }
        None => {
            // Whatever belongs to some kind is not unknown.
            for key in ["range", "step", "options"] {
                section.take(key);
            }
            section.finish(sink);
            return None;
        }
    };
    section.finish(sink);
    Some(At {
        span: id.span,
        it: Question {
            id: id.it,
            kind,
            low,
            high,
            step,
            unit,
            optional,
        },
    })
}

fn options(section: &mut Section, sink: &mut Sink) -> Option<Vec<Id>> {
    let item = section.need("options", sink)?;
    let span = item.span.clone();
    let texts: Vec<Quoted> = document::list(item, sink)?
        .into_iter()
        .filter_map(|item| document::text(item, sink))
        .collect();
    let mut options: Vec<Id> = Vec::new();
    for text in texts {
        let Some(id) = id(&text, sink) else { continue };
        if id.as_str() == "missing" {
            let message = "`missing` is what a summary says of a blank";
            sink.push(
                Diagnostic::new(Code::BadName, &text.span, message).help("take another name"),
            );
        } else if options.contains(&id) {
            sink.push(duplicate("option", id.as_str(), &text.span));
        } else {
            options.push(id);
        }
    }
    if options.is_empty() || options.len() > 256 {
        let message = "a choice has 1 to 256 options";
        sink.push(Diagnostic::new(Code::BadValue, &span, message));
        return None;
    }
    Some(options)
}

fn range(section: &mut Section, kind: &Kind, sink: &mut Sink) -> Option<(i64, i64)> {
    let item = section.need("range", sink)?;
    let span = item.span.clone();
    let ends: Vec<At<i64>> = document::list(item, sink)?
        .into_iter()
        .filter_map(|item| document::value(item, kind, sink))
        .collect();
    match ends.as_slice() {
        [low, high] if low.it <= high.it => Some((low.it, high.it)),
        _ => {
            let message = "a range is the least and the largest answer, in this order";
            sink.push(Diagnostic::new(Code::BadValue, &span, message));
            None
        }
    }
}

fn feature(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<FeatureSource> {
    let formula = section.text("formula", sink);
    let precisions = ["exact", "bands", "floor", "ceil", "groups"]
        .into_iter()
        .filter_map(|key| section.take(key).map(|item| (key, item)))
        .collect();
    let value = section.text("value", sink);
    section.finish(sink);
    Some(FeatureSource {
        id,
        formula,
        precisions,
        value,
    })
}

fn value(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<ValueSource> {
    let figure = figure(&mut section, true, sink);
    section.finish(sink);
    Some(ValueSource { id, figure })
}

/// A formula, a table, or (`from`, `share`) a share of a formula.
fn figure(section: &mut Section, kinds: bool, sink: &mut Sink) -> Option<Figure> {
    let formula = section.text("formula", sink);
    let file = section.text("table", sink);
    let from = section.text("from", sink);
    let share = section.number("share", &Kind::Ratio, sink);
    let hit = section.text("hit", sink);
    let kind = if kinds {
        section.text("kind", sink)
    } else {
        None
    };
    let kind =
        kind.and_then(|t| self::kind(&t, &["integer", "money", "ratio", "boolean", "date"], sink));
    let first = match hit.as_ref().map(|hit| hit.text.as_str()) {
        None | Some("unique") => false,
        Some("first") => true,
        Some(other) => {
            let message = format!("`{other}` is no hit policy");
            let help = suggest::help(other, ["unique", "first"].into_iter());
            let span = hit.as_ref().map_or(&section.span, |hit| &hit.span);
            sink.push(Diagnostic::new(Code::BadValue, span, message).help(help));
            false
        }
    };
    match (formula, file, from) {
        (Some(formula), None, None) => Some(Figure::Formula(formula)),
        (None, Some(file), None) => Some(Figure::Table(TableSource { file, first, kind })),
        (None, None, Some(from)) => match share {
            Some(share) => bounded(share, 0, 1_000_000, "a share in millionths is", sink)
                .map(|share| Figure::Share(from, share)),
            None => {
                let message = format!("{} needs the key `share` beside `from`", section.name);
                sink.push(Diagnostic::new(Code::MissingKey, &section.span, message));
                None
            }
        },
        _ => {
            let message = format!(
                "{} needs one of `formula`, `table`, or `from` and `share`",
                section.name
            );
            sink.push(Diagnostic::new(Code::MissingKey, &section.span, message));
            None
        }
    }
}

fn rules(sections: Vec<Section>, sink: &mut Sink) -> Vec<RuleSource> {
    let mut rules = Vec::new();
    for mut section in sections {
        let id = section.text("id", sink).and_then(|t| placed_id(&t, sink));
        let when = section.need_text("when", sink);
        let reason = section
            .need_text("reason", sink)
            .and_then(|t| self::reason(&t, sink));
        section.finish(sink);
        if let (Some(when), Some(reason)) = (when, reason) {
            let default = || {
                let it = Id::try_from(reason.it.as_str().to_lowercase()).ok()?;
                let span = reason.span.clone();
                Some(At { it, span })
            };
            let id = id.or_else(default);
            rules.extend(id.map(|id| RuleSource { id, when, reason }));
        }
    }
    rules
}

fn score(mut section: Section, sink: &mut Sink) -> ScoreSource {
    let mut number = |key, low, high, sink: &mut Sink| {
        section
            .need_number(key, &Kind::Integer, sink)
            .and_then(|n| bounded(n, low, high, &format!("`{key}` is"), sink))
            .map(|n| n.it)
    };
    let base = number("base", -1_000_000, 1_000_000, sink);
    let odds = number("odds", 1, 1_000_000, sink);
    let pdo = number("pdo", 1, 1_000_000, sink);
    let start = section
        .number("start", &Kind::Integer, sink)
        .and_then(|n| bounded(n, -1_000_000, 1_000_000, "`start` is", sink));
    let card = section.need_text("card", sink);
    let span = section.span.clone();
    section.finish(sink);
    ScoreSource {
        card,
        base: base.map(|n| n as i32),
        odds: odds.map(|n| n as u32),
        pdo: pdo.map(|n| n as u32),
        start: start.map_or(0, |n| n.it as i32),
        span,
    }
}

fn grades(sections: Vec<Section>, sink: &mut Sink) -> Vec<At<Grade>> {
    let count = sections.len();
    let mut grades: Vec<At<Grade>> = Vec::new();
    let mut above: Option<i64> = None;
    for (index, mut section) in sections.into_iter().enumerate() {
        let id = section
            .need_text("id", sink)
            .and_then(|t| placed_id(&t, sink));
        let bound = section
            .number("at_least", &Kind::Integer, sink)
            .and_then(|n| bounded(n, -1_000_000_000, 1_000_000_000, "a score is", sink));
        let span = section.span.clone();
        section.finish(sink);
        let last = index + 1 == count;
        if last == bound.is_some() {
            let message = "every grade but the last has the key `at_least`";
            sink.push(
                Diagnostic::new(Code::BadValue, &span, message)
                    .help("the last grade takes the rest"),
            );
        }
        if let Some(bound) = &bound {
            if above.is_some_and(|above| bound.it >= above) {
                let message = "grades stand best first, each at a lower score than the one before";
                sink.push(Diagnostic::new(Code::BadValue, &bound.span, message));
            }
            above = Some(bound.it);
        }
        grades.extend(id.map(|id| At {
            span: id.span,
            it: Grade {
                id: id.it,
                at_least: bound.map(|bound| bound.it as i32),
            },
        }));
    }
    grades
}

fn limit(mut section: Section, sink: &mut Sink) -> LimitSource {
    let step = section
        .need_number("step", &Kind::Money, sink)
        .and_then(|step| bounded(step, 1, LARGEST, "a step is", sink));
    let reason = section
        .need_text("reason", sink)
        .and_then(|t| self::reason(&t, sink));
    let source = |name: &str, item: At<Item>, sink: &mut Sink| {
        let span = item.span.clone();
        let mut table = document::section(format!("`{name}`"), item, &span, sink)?;
        let figure = figure(&mut table, false, sink);
        table.finish(sink);
        figure
    };
    let affordability = section.take("affordability");
    let affordability = affordability.and_then(|item| source("affordability", item, sink));
    let mut caps = Vec::new();
    for (name, item) in section.rest() {
        let near = suggest::nearest(&name.it, section.asked());
        if near.is_some() || !matches!(item.it, Item::Table(_)) {
            let help = near.map_or_else(
                || {
                    "a further cap is written `name = { table = \"…\" }` or `{ formula = \"…\" }`"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`[limit]` has no key `{}`", name.it);
            sink.push(Diagnostic::new(Code::UnknownKey, &name.span, message).help(help));
            continue;
        }
        let figure = source(&name.it, item, sink);
        let text = Quoted::new(name.it, Vec::new(), name.span);
        if let (Some(id), Some(figure)) = (placed_id(&text, sink), figure) {
            caps.push((id, figure));
        }
    }
    LimitSource {
        affordability,
        caps,
        step,
        reason,
        span: section.span,
    }
}

fn product(mut section: Section, sink: &mut Sink) -> Option<ProductSource> {
    let id = section
        .need_text("id", sink)
        .and_then(|t| placed_id(&t, sink));
    let plan = section.need("plan", sink).and_then(|item| plan(item, sink));
    let terms = section
        .need("terms", sink)
        .map(|item| terms(item, sink))
        .unwrap_or_default();
    let mut amount = |key, sink: &mut Sink| {
        section
            .need_number(key, &Kind::Money, sink)
            .and_then(|n| bounded(n, 1, 1_000_000_000_000, "an amount in minor units is", sink))
    };
    let minimum = amount("minimum", sink);
    let maximum = amount("maximum", sink);
    if let (Some(least), Some(most)) = (&minimum, &maximum)
        && least.it > most.it
    {
        let message = "the minimum is above the maximum";
        sink.push(
            Diagnostic::new(Code::BadValue, &least.span, message).other(&most.span, "the maximum"),
        );
    }
    let rate = section.need("rate", sink).and_then(|item| match item.it {
        Item::Number(_) => document::value(item, &Kind::Ratio, sink).map(Figure::Constant),
        _ => {
            let span = item.span.clone();
            let mut table = document::section("`rate`".to_owned(), item, &span, sink)?;
            let figure = figure(&mut table, false, sink);
            table.finish(sink);
            figure
        }
    });
    section.finish(sink);
    Some(ProductSource {
        id: id?,
        plan,
        terms,
        minimum: minimum.map(|n| n.it),
        maximum: maximum.map(|n| n.it),
        rate,
    })
}

fn plan(item: At<Item>, sink: &mut Sink) -> Option<Plan> {
    let span = item.span.clone();
    let mut section = document::section("`plan`".to_owned(), item, &span, sink)?;
    let kind = section.need_text("kind", sink);
    section.finish(sink);
    let kind = kind?;
    if kind.text == "equal_instalment" {
        return Some(Plan::EqualInstalment);
    }
    let message = format!("`{}` is no plan", kind.text);
    let help = suggest::help(&kind.text, std::iter::once("equal_instalment"));
    sink.push(Diagnostic::new(Code::BadValue, &kind.span, message).help(help));
    None
}

fn terms(item: At<Item>, sink: &mut Sink) -> Vec<u16> {
    let span = item.span.clone();
    let terms: Vec<u16> = document::list(item, sink)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|item| {
            let term = document::value(item, &Kind::Integer, sink)?;
            bounded(term, 1, 480, "a term in months is", sink)
        })
        .map(|term| term.it as u16)
        .collect();
    let ascending = terms.windows(2).all(|pair| pair.first() < pair.last());
    if terms.is_empty() || !ascending {
        let message = "terms are months in ascending order, at least one";
        sink.push(Diagnostic::new(Code::BadValue, &span, message));
    }
    terms
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

pub(crate) fn unknown_option(word: &str, options: &[Id], span: &Span) -> Diagnostic {
    let message = format!("there is no option `{word}` here");
    let help = suggest::help(word, options.iter().map(Id::as_str));
    Diagnostic::new(Code::UnknownOption, span, message).help(help)
}

pub(crate) fn duplicate(what: &str, name: &str, span: &Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        span,
        format!("the {what} `{name}` stands twice"),
    )
}

fn distinct(declared: &Declared, sink: &mut Sink) {
    let mut check = |what: &str, names: Vec<(&Id, &Span)>| {
        for (index, (name, span)) in names.iter().enumerate() {
            let before = names.iter().take(index).find(|(other, _)| other == name);
            if let Some((_, first)) = before {
                sink.push(duplicate(what, name.as_str(), span).other(first, "first here"));
            }
        }
        if let Some((_, span)) = names.get(256) {
            let message = format!("more than 256 of the kind: {what}");
            sink.push(Diagnostic::new(Code::TooMany, span, message));
        }
    };
    fn at(id: &At<Id>) -> (&Id, &Span) {
        (&id.it, &id.span)
    }
    check("page", declared.pages.iter().map(|p| at(&p.id)).collect());
    check(
        "question",
        declared
            .questions
            .iter()
            .map(|q| (&q.it.id, &q.span))
            .collect(),
    );
    let features = declared.features.iter().map(|f| at(&f.id));
    check(
        "name",
        features
            .chain(declared.values.iter().map(|v| at(&v.id)))
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
}
