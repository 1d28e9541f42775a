//! Cells: their meaning.

use prequal::policy::{Cells, Id, Kind};
use prequal::{Date, LARGEST};

use crate::cell::{Cell, Part};
use crate::declare::unknown_option;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::number::{self, kind_name, show};
use crate::source::{At, Span};
use crate::syntax::Literal;

/// A constant in the unit of a kind.
pub(crate) fn constant(literal: &Literal, kind: &Kind, span: &Span) -> Result<i64, Diagnostic> {
    let mismatch = |help: &str| {
        let found = match literal {
            Literal::Whole(_) => "a whole number",
            Literal::Ratio(_) => "a ratio",
            Literal::Text(_) => "a word in quotes",
            Literal::Truth(_) => "a boolean",
        };
        let message = format!("{} belongs here, not {found}", kind_name(kind));
        let diagnostic = Diagnostic::new(Code::UnitMismatch, span, message);
        Err(if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        })
    };
    match (literal, kind) {
        (Literal::Whole(value), Kind::Integer | Kind::Money) => Ok(*value),
        (Literal::Whole(value), Kind::Ratio | Kind::Real) => value
            .checked_mul(prequal::Ratio::SCALE)
            .filter(|value| value.abs() <= LARGEST)
            .ok_or_else(|| {
                Diagnostic::new(
                    Code::BadValue,
                    span,
                    format!("{} is at most 2^53 − 1 millionths", kind_name(kind)),
                )
            }),
        (Literal::Ratio(value), Kind::Ratio | Kind::Real) => Ok(*value),
        (Literal::Ratio(_), Kind::Money) => {
            mismatch("money is written in whole minor units: 1_500_00 is 1 500 yuan")
        }
        (Literal::Truth(truth), Kind::Boolean) => Ok(i64::from(*truth)),
        (Literal::Text(text), Kind::Choice(options)) => options
            .iter()
            .position(|option| option.as_str() == text)
            .and_then(|index| i64::try_from(index).ok())
            .ok_or_else(|| unknown_option(text, options, span)),
        (Literal::Text(text), Kind::Date) => text
            .parse::<Date>()
            .map(Date::days)
            .map_err(|error| Diagnostic::new(Code::BadValue, span, error.to_string())),
        (Literal::Text(text), Kind::Period) => number::period(text)
            .map_err(|error| Diagnostic::new(Code::BadValue, span, error.words())),
        (_, Kind::Choice(options)) => {
            let first = options.first().map_or("", Id::as_str);
            mismatch(&format!("an option stands in quotes: \"{first}\""))
        }
        (_, Kind::Boolean) => mismatch("write `true` or `false`"),
        (_, Kind::Date) => mismatch("a date stands in quotes: \"2026-11-22\""),
        (_, Kind::Period) => mismatch("a period stands in quotes: \"18 months\""),
        _ => mismatch(""),
    }
}

/// The kind of a word in quotes that meets nothing with a kind of its own.
pub(crate) fn own_kind(text: &str) -> Option<Kind> {
    if number::period(text).is_ok() {
        return Some(Kind::Period);
    }
    text.parse::<Date>().is_ok().then_some(Kind::Date)
}

/// What a cell takes in. `seen` are the values that `unseen` leaves out; where
/// there are none to know of, `unseen` has no meaning.
pub(crate) fn cells(
    cell: &Cell,
    kind: &Kind,
    optional: bool,
    seen: Option<&[(i64, i64)]>,
    sink: &mut Sink,
) -> Option<Cells> {
    let mut intervals = Vec::new();
    let mut missing = false;
    let mut sound = true;
    for part in &cell.parts {
        match intervals_of(part, kind, optional, seen) {
            Ok(Some(found)) => intervals.extend(found),
            Ok(None) if matches!(part.it, Part::Any) => return Some(Cells::Any),
            Ok(None) => missing = true,
            Err(diagnostic) => {
                sink.push(diagnostic);
                sound = false;
            }
        }
    }
    sound.then(|| Cells::Of {
        intervals: joined(intervals),
        missing,
    })
}

/// The intervals of a part; `None` for what is no interval.
fn intervals_of(
    part: &At<Part>,
    kind: &Kind,
    optional: bool,
    seen: Option<&[(i64, i64)]>,
) -> Result<Option<Vec<(i64, i64)>>, Diagnostic> {
    let at = |literal: &At<Literal>| constant(&literal.it, kind, &literal.span);
    let ordered = |span: &Span| match kind {
        Kind::Choice(_) | Kind::Boolean => {
            let message = format!("{} has no order", kind_name(kind));
            Err(Diagnostic::new(Code::UnitMismatch, span, message)
                .help("name the values, with commas between them"))
        }
        _ => Ok(()),
    };
    let one = |low: i64, high: i64| {
        if low <= high {
            return Ok(Some(vec![(low, high)]));
        }
        Err(Diagnostic::new(
            Code::BadValue,
            &part.span,
            "a range that takes in nothing",
        ))
    };
    match &part.it {
        Part::Any => Ok(None),
        Part::Missing if optional => Ok(None),
        Part::Missing => {
            let message = "this is never missing";
            let help =
                "only what `optional` or `when` lets be missing can be, and what comes from it";
            Err(Diagnostic::new(Code::BadValue, &part.span, message).help(help))
        }
        Part::Unseen => match (seen, kind) {
            (Some(seen), Kind::Choice(options)) => Ok(Some(unseen(seen, options.len()))),
            _ => {
                let message = "`unseen` is for bins of a card whose characteristic is a choice";
                Err(Diagnostic::new(Code::BadFormula, &part.span, message))
            }
        },
        Part::Is(literal) => at(literal).and_then(|value| one(value, value)),
        Part::Beyond(sign, literal) => {
            ordered(&part.span)?;
            let value = at(literal)?;
            match *sign {
                "<" => one(-LARGEST, value - 1),
                "<=" => one(-LARGEST, value),
                ">" => one(value + 1, LARGEST),
                _ => one(value, LARGEST),
            }
        }
        Part::Range {
            low,
            low_in,
            high,
            high_in,
        } => {
            ordered(&part.span)?;
            let (low, high) = (at(low)?, at(high)?);
            one(low + i64::from(!low_in), high - i64::from(!high_in))
        }
    }
}

/// The options that no interval holds.
fn unseen(seen: &[(i64, i64)], options: usize) -> Vec<(i64, i64)> {
    let count = i64::try_from(options).unwrap_or(0);
    let left = (0..count).filter(|option| {
        !seen
            .iter()
            .any(|(low, high)| low <= option && option <= high)
    });
    left.map(|option| (option, option)).collect()
}

/// Ascending and apart; what touches is one.
pub(crate) fn joined(mut intervals: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    intervals.sort();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (low, high) in intervals {
        match joined.last_mut() {
            Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
            _ => joined.push((low, high)),
        }
    }
    joined
}

/// Some value that both take in within a domain; `None` stands for missing.
pub(crate) fn common(
    a: &Cells,
    b: &Cells,
    domain: &prequal::policy::Domain,
) -> Option<Option<i64>> {
    let whole = [(domain.low, domain.high)];
    let parts = |cells| match cells {
        &Cells::Any => (&whole[..], true),
        Cells::Of { intervals, missing } => (intervals.as_slice(), *missing),
    };
    let ((a, a_missing), (b, b_missing)) = (parts(a), parts(b));
    for (a_low, a_high) in a {
        for (b_low, b_high) in b {
            let low = *a_low.max(b_low).max(&domain.low);
            if low <= *a_high.min(b_high).min(&domain.high) {
                return Some(Some(low));
            }
        }
    }
    (domain.optional && a_missing && b_missing).then_some(None)
}

/// An input in words: a value, or that it is missing.
pub(crate) fn input(name: &str, kind: &Kind, value: Option<i64>) -> String {
    match (value, kind) {
        (None, _) => format!("{name} missing"),
        (Some(value), Kind::Choice(_)) => format!("{name} {}", show(kind, value).replace('"', "`")),
        (Some(value), _) => format!("{name} {}", show(kind, value)),
    }
}

/// The cell for an input that takes these ascending values only: each of them
/// that is taken in reaches to just below the next, so that what lies between
/// them belongs to some cell too.
pub(crate) fn between(cells: Cells, values: &[i64]) -> Cells {
    let Cells::Of { intervals, missing } = cells else {
        return cells;
    };
    let holds = |value: &i64| {
        intervals
            .iter()
            .any(|(low, high)| low <= value && value <= high)
    };
    let nexts = values.iter().skip(1).map(|next| next - 1).chain([LARGEST]);
    let reaching = values
        .iter()
        .copied()
        .zip(nexts)
        .filter(|(value, _)| holds(value));
    Cells::Of {
        intervals: joined(reaching.collect()),
        missing,
    }
}

/// The cell without what lies outside of a domain.
pub(crate) fn within(cells: &Cells, domain: &prequal::policy::Domain) -> Cells {
    match cells {
        Cells::Any => Cells::Any,
        Cells::Of { intervals, missing } => Cells::Of {
            intervals: intervals
                .iter()
                .map(|(low, high)| (*low.max(&domain.low), *high.min(&domain.high)))
                .filter(|(low, high)| low <= high)
                .collect(),
            missing: *missing,
        },
    }
}
