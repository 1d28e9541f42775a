//! Values, cards, grades and limit.

use prequal::LARGEST;
use prequal::policy::{Grade, Id, Kind};

use super::names::{bounded, placed_id, reason};
use super::table::{self, Hit};
use super::{Figure, LimitSource, ScoreSource, ValueSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted};
use crate::suggest;

pub(super) fn value(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<ValueSource> {
    let figure = figure(&mut section, true, sink);
    let approximate = section.truth("approximate", sink);
    section.finish(sink);
    Some(ValueSource {
        id,
        figure,
        approximate: approximate.is_some_and(|truth| truth.it),
    })
}

/// A formula or a table; within another section also (`from`, `share`) a share
/// of a formula. One with a name of its own says the kind of its table.
pub(super) fn figure(section: &mut Section, named: bool, sink: &mut Sink) -> Option<Figure> {
    let formula = section.text("formula", sink);
    let file = section.text("table", sink);
    let (from, share) = if named {
        (None, None)
    } else {
        let from = section.text("from", sink);
        (from, section.number("share", &Kind::Ratio, sink))
    };
    let table = table::source(section, file.clone(), Hit::Unique, named, sink);
    match (formula, file, from) {
        (Some(formula), None, None) => Some(Figure::Formula(formula)),
        (None, Some(_), None) => table.map(Figure::Table),
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
            let known = if named {
                "`formula` or `table`"
            } else {
                "`formula`, `table`, or `from` and `share`"
            };
            let message = format!("{} needs one of {known}", section.name);
            sink.push(Diagnostic::new(Code::MissingKey, &section.span, message));
            None
        }
    }
}

/// The cards: each but the last says when it counts.
pub(super) fn scores(sections: Vec<Section>, sink: &mut Sink) -> Vec<ScoreSource> {
    let count = sections.len();
    let mut scores = Vec::new();
    for (index, section) in sections.into_iter().enumerate() {
        let score = score(section, sink);
        let last = index + 1 == count;
        match &score.when {
            Some(when) if last => {
                let message = "the last card counts for everyone else: it has no `when`";
                sink.push(Diagnostic::new(Code::BadValue, &when.span, message));
            }
            None if !last => {
                let message = "every card but the last needs the key `when`";
                let help = "the first card whose `when` holds counts";
                sink.push(Diagnostic::new(Code::MissingKey, &score.span, message).help(help));
            }
            _ => {}
        }
        scores.push(score);
    }
    scores
}

fn score(mut section: Section, sink: &mut Sink) -> ScoreSource {
    let when = section.text("when", sink);
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
        when,
        card,
        base: base.map(|n| n as i32),
        odds: odds.map(|n| n as u32),
        pdo: pdo.map(|n| n as u32),
        start: start.map_or(0, |n| n.it as i32),
        span,
    }
}

pub(super) fn grades(sections: Vec<Section>, sink: &mut Sink) -> Vec<At<Grade>> {
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

pub(super) fn limit(mut section: Section, sink: &mut Sink) -> LimitSource {
    let step = section
        .need_number("step", &Kind::Money, sink)
        .and_then(|step| bounded(step, 1, LARGEST, "a step is", sink));
    let reason = section
        .need_text("reason", sink)
        .and_then(|t| reason(&t, sink));
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
