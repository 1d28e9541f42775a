//! Products: how they are paid back and what they cost.

use prequal::loan::{
    Charged, DayCount, Deferred, Fee, Frequency, InstalmentRounding, Months, Plan, Repayment,
};
use prequal::policy::{Kind, ProductFee};
use prequal::{Money, Ratio, Rounding};

use super::names::{bounded, placed_id};
use super::offer::figure;
use super::{Figure, ProductSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted, Span};
use crate::suggest;

/// The largest amount of a product in minor units.
const MOST: i64 = 1_000_000_000_000;

/// A product; one that is never offered has neither plan nor rate.
pub(super) fn product(
    mut section: Section,
    offered: bool,
    sink: &mut Sink,
) -> Option<ProductSource> {
    let id = section
        .need_text("id", sink)
        .and_then(|t| placed_id(&t, sink));
    let when = section.text("when", sink);
    let suits = section.text("suits", sink);
    let mut wanted = |key, sink: &mut Sink| match offered {
        true => section.need(key, sink),
        false => section.take(key),
    };
    let plan = wanted("plan", sink);
    let rate = wanted("rate", sink).and_then(|item| rate(item, sink));
    let terms = section
        .need("terms", sink)
        .map(|item| terms(item, sink))
        .unwrap_or_default();
    let fees = section.take("fees").map(|item| fees(item, sink));
    let mut amount = |key, sink: &mut Sink| {
        section
            .need_number(key, &Kind::Money, sink)
            .and_then(|n| bounded(n, 1, MOST, "an amount in minor units is", sink))
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
    let least = minimum.as_ref().map_or(MOST, |minimum| minimum.it);
    let repayment = plan.and_then(|item| repayment(item, &mut section, (&terms, least), sink));
    section.finish(sink);
    Some(ProductSource {
        id: id?,
        repayment,
        fees: fees.unwrap_or_default(),
        terms,
        minimum: minimum.map(|n| n.it),
        maximum: maximum.map(|n| n.it),
        rate,
        when,
        suits,
    })
}

fn rate(item: At<Item>, sink: &mut Sink) -> Option<Figure> {
    match item.it {
        Item::Number(_) => document::value(item, &Kind::Ratio, sink).map(Figure::Constant),
        _ => {
            let span = item.span.clone();
            let mut table = document::section("`rate`".to_owned(), item, &span, sink)?;
            let figure = figure(&mut table, false, sink);
            table.finish(sink);
            figure
        }
    }
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

/// How the product is paid back, which every term has to have room for.
fn repayment(
    item: At<Item>,
    section: &mut Section,
    (terms, least): (&[u16], i64),
    sink: &mut Sink,
) -> Option<Repayment> {
    let span = item.span.clone();
    let plan = plan(item, sink);
    let every = section.take("every");
    let frequency = every.map_or(Some(Frequency::Monthly), |item| frequency(item, sink));
    let day_count = section.text("day_count", sink);
    let day_count = day_count.map_or(Some(DayCount::Periods), |t| {
        one_of(&t, "way to count days", &DAY_COUNTS, sink)
    });
    let rounding = section.take("rounding");
    let rounding = rounding.map_or(Some(InstalmentRounding::MINOR), |item| {
        rounding_of(item, sink)
    });
    let repayment = Repayment {
        plan: plan?,
        frequency: frequency?,
        day_count: day_count?,
        rounding: rounding?,
    };
    let fault = |term: &u16| Some((*term, repayment.fits(*term, Money::new(least)).err()?));
    if let Some((term, error)) = terms.iter().find_map(fault) {
        let message = format!("no loan of {term} months is paid back so: {error}");
        sink.push(Diagnostic::new(Code::BadValue, &span, message));
        return None;
    }
    Some(repayment)
}

const DAY_COUNTS: [(&str, DayCount); 5] = [
    ("periods", DayCount::Periods),
    ("30/360", DayCount::Thirty360),
    ("actual/365", DayCount::Actual365),
    ("actual/360", DayCount::Actual360),
    ("actual/actual", DayCount::ActualActual),
];

const CHARGED: [(&str, Charged); 6] = [
    ("up_front", Charged::UpFront),
    ("deducted", Charged::Deducted),
    ("financed", Charged::Financed),
    ("each_instalment", Charged::EachInstalment),
    ("at_end", Charged::AtEnd),
    ("by_partner", Charged::ByPartner),
];

const DIRECTIONS: [(&str, Rounding); 3] = [
    ("up", Rounding::Up),
    ("down", Rounding::Down),
    ("half_up", Rounding::HalfUp),
];

const DEFERRED: [(&str, Deferred); 2] = [
    ("caught_up", Deferred::CaughtUp),
    ("capitalised", Deferred::Capitalised),
];

const PLANS: [&str; 8] = [
    "equal_instalment",
    "equal_principal",
    "bullet",
    "flat",
    "balloon",
    "grace",
    "stepped",
    "seasonal",
];

/// What a word stands for.
fn one_of<T: Copy>(text: &Quoted, what: &str, known: &[(&str, T)], sink: &mut Sink) -> Option<T> {
    let found = known.iter().find(|(word, _)| *word == text.text);
    if found.is_none() {
        let message = format!("`{}` is no {what}", text.text);
        let help = suggest::help(&text.text, known.iter().map(|(word, _)| *word));
        sink.push(Diagnostic::new(Code::BadValue, &text.span, message).help(help));
    }
    found.map(|(_, it)| *it)
}

fn frequency(item: At<Item>, sink: &mut Sink) -> Option<Frequency> {
    const WORDS: [(&str, Frequency); 3] = [
        ("month", Frequency::Monthly),
        ("fortnight", Frequency::Days(14)),
        ("week", Frequency::Days(7)),
    ];
    if let Item::Text(text) = &item.it {
        return one_of(text, "time between instalments", &WORDS, sink);
    }
    let days = document::value(item, &Kind::Integer, sink)?;
    let days = bounded(days, 1, 366, "instalments are so many days apart:", sink)?;
    Some(Frequency::Days(days.it as u16))
}

fn rounding_of(item: At<Item>, sink: &mut Sink) -> Option<InstalmentRounding> {
    let span = item.span.clone();
    let mut section = document::section("`rounding`".to_owned(), item, &span, sink)?;
    let multiple = section
        .need_number("multiple", &Kind::Money, sink)
        .and_then(|n| bounded(n, 1, 1_000_000, "a multiple in minor units is", sink));
    let direction = section.text("direction", sink);
    section.finish(sink);
    let direction = direction.map_or(Some(Rounding::Up), |t| {
        one_of(&t, "direction to round in", &DIRECTIONS, sink)
    });
    Some(InstalmentRounding {
        multiple: Money::new(multiple?.it),
        direction: direction?,
    })
}

fn plan(item: At<Item>, sink: &mut Sink) -> Option<Plan> {
    let span = item.span.clone();
    let mut section = document::section("`plan`".to_owned(), item, &span, sink)?;
    let kind = section.need_text("kind", sink);
    let plan = kind.and_then(|kind| plan_of(&kind, &mut section, sink));
    section.finish(sink);
    plan
}

fn plan_of(kind: &Quoted, section: &mut Section, sink: &mut Sink) -> Option<Plan> {
    Some(match kind.text.as_str() {
        "equal_instalment" => Plan::EqualInstalment,
        "equal_principal" => Plan::EqualPrincipal,
        "bullet" => Plan::Bullet,
        "flat" => Plan::Flat,
        "balloon" => Plan::Balloon {
            share: share(section, "share", sink)?,
        },
        "grace" => Plan::Grace {
            nothing: count(section, "nothing", 0, sink)?,
            interest_only: count(section, "interest_only", 0, sink)?,
            deferred: deferred(section, sink)?,
        },
        "stepped" => Plan::Stepped {
            every: section
                .need_number("every", &Kind::Integer, sink)
                .and_then(|n| bounded(n, 1, 480, "instalments change after", sink))
                .map(|n| n.it as u16)?,
            by: section
                .need_number("by", &Kind::Ratio, sink)
                .and_then(|n| bounded(n, -990_000, 10_000_000, "a change in millionths is", sink))
                .map(|n| Ratio::new(n.it))?,
        },
        "seasonal" => Plan::Seasonal {
            interest_only: months(section, "interest_only", sink)?,
            nothing: months(section, "nothing", sink)?,
            deferred: deferred(section, sink)?,
        },
        other => {
            let message = format!("`{other}` is no plan");
            let help = suggest::help(other, PLANS.into_iter());
            sink.push(Diagnostic::new(Code::BadValue, &kind.span, message).help(help));
            return None;
        }
    })
}

fn share(section: &mut Section, key: &'static str, sink: &mut Sink) -> Option<Ratio> {
    let share = section.need_number(key, &Kind::Ratio, sink)?;
    let share = bounded(share, 0, Ratio::SCALE, "a share in millionths is", sink)?;
    Some(Ratio::new(share.it))
}

/// A count of instalments, or what it is where it is not told.
fn count(section: &mut Section, key: &'static str, without: u16, sink: &mut Sink) -> Option<u16> {
    let Some(item) = section.take(key) else {
        return Some(without);
    };
    let count = document::value(item, &Kind::Integer, sink)?;
    bounded(count, 0, 480, "a count of instalments is", sink).map(|n| n.it as u16)
}

fn deferred(section: &mut Section, sink: &mut Sink) -> Option<Deferred> {
    match section.text("deferred", sink) {
        Some(text) => one_of(&text, "way to defer interest", &DEFERRED, sink),
        None => Some(Deferred::CaughtUp),
    }
}

fn months(section: &mut Section, key: &'static str, sink: &mut Sink) -> Option<Months> {
    let Some(item) = section.take(key) else {
        return Some(Months::NONE);
    };
    let mut months = Vec::new();
    for item in document::list(item, sink)? {
        let month = document::value(item, &Kind::Integer, sink)?;
        months.push(bounded(month, 1, 12, "a month is", sink)?.it as u8);
    }
    Months::of(&months)
}

fn fees(item: At<Item>, sink: &mut Sink) -> Vec<ProductFee> {
    let items = document::list(item, sink).unwrap_or_default();
    let mut fees: Vec<ProductFee> = Vec::new();
    for item in items {
        let span = item.span.clone();
        let Some(fee) = fee(item, &span, sink) else {
            continue;
        };
        if fees.iter().any(|other| other.id == fee.id) {
            sink.push(super::duplicate("fee", fee.id.as_str(), &span));
        }
        fees.push(fee);
    }
    fees
}

fn fee(item: At<Item>, span: &Span, sink: &mut Sink) -> Option<ProductFee> {
    let mut section = document::section("a fee".to_owned(), item, span, sink)?;
    let mut id = |key, sink: &mut Sink| {
        let text = section.need_text(key, sink)?;
        placed_id(&text, sink).map(|id| id.it)
    };
    let (name, payee) = (id("id", sink), id("payee", sink));
    let charged = section.need_text("charged", sink);
    let charged = charged.and_then(|text| one_of(&text, "way to charge a fee", &CHARGED, sink));
    let fixed = section
        .number("fixed", &Kind::Money, sink)
        .map(|n| bounded(n, 1, MOST, "an amount in minor units is", sink));
    let share = section
        .number("share", &Kind::Ratio, sink)
        .map(|n| bounded(n, 1, Ratio::SCALE, "a share in millionths is", sink));
    section.finish(sink);
    if fixed.is_none() && share.is_none() {
        let message = "a fee needs `fixed`, `share` or both";
        sink.push(Diagnostic::new(Code::MissingKey, span, message));
        return None;
    }
    let value = |number: Option<Option<At<i64>>>| match number {
        None => Some(0),
        Some(number) => number.map(|n| n.it),
    };
    Some(ProductFee {
        id: name?,
        payee: payee?,
        fee: Fee {
            charged: charged?,
            fixed: Money::new(value(fixed)?),
            share: Ratio::new(value(share)?),
        },
    })
}
