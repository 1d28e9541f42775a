//! Trees and constants as text: no more brackets than the grammar needs.

use prequal::Date;
use prequal::policy::Kind;

use super::tree::{Expr, Operator, Range, Tree};

const LOOSEST: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const ELSE: u8 = 5;
const SUM: u8 = 6;
const PRODUCT: u8 = 7;
const NEGATIVE: u8 = 8;
const ATOM: u8 = 9;

/// A formula's text.
pub(crate) fn formula(tree: &Tree) -> String {
    part(tree, LOOSEST)
}

/// A part that has to bind at least so tightly.
fn part(tree: &Tree, least: u8) -> String {
    let (text, binds) = bare(tree);
    if binds < least {
        format!("({text})")
    } else {
        text
    }
}

fn bare(tree: &Tree) -> (String, u8) {
    let infix = |a: &Tree, word: &str, b: &Tree, level: u8| {
        // A comparison of a comparison has brackets on either side.
        let left = if level == COMPARISON {
            level + 1
        } else {
            level
        };
        (
            format!("{} {word} {}", part(a, left), part(b, level + 1)),
            level,
        )
    };
    match &tree.it {
        Expr::Constant(value) if *value < 0 => (constant(*value, &tree.kind), NEGATIVE),
        Expr::Constant(value) => (constant(*value, &tree.kind), ATOM),
        Expr::Name(name) => (name.clone(), ATOM),
        Expr::Negative(inner) => (format!("-{}", part(inner, ATOM)), NEGATIVE),
        Expr::Not(inner) => (format!("not {}", part(inner, NOT)), NOT),
        Expr::Binary(operator, a, b) => {
            let level = match operator {
                Operator::Or => OR,
                Operator::And => AND,
                Operator::Equal
                | Operator::NotEqual
                | Operator::Less
                | Operator::AtMost
                | Operator::Greater
                | Operator::AtLeast => COMPARISON,
                Operator::Plus | Operator::Minus => SUM,
                Operator::Times => PRODUCT,
            };
            infix(a, operator.name(), b, level)
        }
        Expr::Quotient(a, b, None) => infix(a, "/", b, PRODUCT),
        // Between `then` and its `else` only brackets keep this one apart.
        Expr::Quotient(a, b, Some(otherwise)) => {
            let (quotient, _) = infix(a, "/", b, PRODUCT);
            (
                format!("{quotient} else {}", part(otherwise, ELSE + 1)),
                LOOSEST,
            )
        }
        Expr::Else(a, b) => (
            format!("{} else {}", part(a, ELSE + 1), part(b, ELSE + 1)),
            LOOSEST,
        ),
        Expr::If(condition, then, otherwise) => {
            let (condition, then) = (part(condition, OR), part(then, OR));
            (
                format!("if {condition} then {then} else {}", part(otherwise, OR)),
                LOOSEST,
            )
        }
        Expr::Within(inner, range) => {
            let range = self::range(range, &inner.kind);
            (format!("{} in {range}", part(inner, ELSE)), COMPARISON)
        }
        Expr::Among(inner, values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| constant(*value, &inner.kind))
                .collect();
            (
                format!("{} in ({})", part(inner, ELSE), values.join(", ")),
                COMPARISON,
            )
        }
        Expr::Call(function, arguments) => (call(function.name(), arguments), ATOM),
        Expr::Over(fold, entry, list, body) => {
            let over = format!("{}({entry} in {list}", fold.name());
            let body = body.as_ref().map(|body| format!(", {}", formula(body)));
            (format!("{over}{})", body.unwrap_or_default()), ATOM)
        }
        Expr::Weighted(entry, list, value, weight) => {
            let (value, weight) = (formula(value), formula(weight));
            let text = format!("weighted_mean({entry} in {list}, {value}, {weight})");
            (text, ATOM)
        }
        Expr::Best(entry, list, body, best) => {
            let body = formula(body);
            let text = format!("share_of_best({entry} in {list}, {body}, {best})");
            (text, ATOM)
        }
        Expr::Table(name, arguments) => (call(name, arguments), ATOM),
        Expr::Holds(value, figure) => (format!("{} in {figure}", part(value, ELSE)), COMPARISON),
        Expr::Of(function, figure) => (format!("{}({figure})", function.name()), ATOM),
    }
}

fn call(name: &str, arguments: &[Tree]) -> String {
    let arguments: Vec<String> = arguments.iter().map(formula).collect();
    format!("{name}({})", arguments.join(", "))
}

pub(crate) fn range(range: &Range, kind: &Kind) -> String {
    let open = if range.low_in { '[' } else { '(' };
    let close = if range.high_in { ']' } else { ')' };
    let (low, high) = (constant(range.low, kind), constant(range.high, kind));
    format!("{open}{low}..{high}{close}")
}

/// A constant in a formula or a table.
pub(crate) fn constant(value: i128, kind: &Kind) -> String {
    match kind {
        Kind::Integer => value.to_string(),
        Kind::Money => {
            // Minor units stand apart.
            let (whole, minor) = (value.abs() / 100, value.abs() % 100);
            let sign = if value < 0 { "-" } else { "" };
            match whole {
                0 => format!("{sign}{minor}"),
                _ => format!("{sign}{whole}_{minor:02}"),
            }
        }
        Kind::Ratio | Kind::Real => {
            if *kind == Kind::Ratio && value % 10_000 == 0 && value % 30_000 == 0 {
                return format!("{}%", value / 10_000);
            }
            let sign = if value < 0 { "-" } else { "" };
            let (whole, rest) = (value.abs() / 1_000_000, value.abs() % 1_000_000);
            let rest = format!("{rest:06}");
            let rest = rest.trim_end_matches('0');
            format!("{sign}{whole}.{}", if rest.is_empty() { "0" } else { rest })
        }
        Kind::Boolean => if value == 1 { "true" } else { "false" }.to_owned(),
        Kind::Date => quoted(&date(value)),
        Kind::Period => quoted(&period(value)),
        Kind::Choice(options) => {
            let option = usize::try_from(value)
                .ok()
                .and_then(|index| options.get(index));
            quoted(option.map_or("", |option| option.as_str()))
        }
    }
}

/// A number in `policy.toml`: of a range, a step, an edge.
pub(crate) fn number(value: i128, kind: &Kind) -> String {
    match kind {
        Kind::Ratio if value % 1_000_000 == 0 => format!("{}.0", value / 1_000_000),
        Kind::Ratio => {
            let text = constant(value, &Kind::Real);
            text.to_string()
        }
        other => constant(value, other),
    }
}

pub(crate) fn date(days: i128) -> String {
    let date = i64::try_from(days).ok().and_then(Date::from_days);
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// Whole months, in years where it can be.
fn period(months: i128) -> String {
    let (years, left) = (months / 12, months % 12);
    let count = |count: i128, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    match (years, left) {
        (0, _) => count(left, "month"),
        (_, 0) => count(years, "year"),
        _ if months % 5 == 0 => count(months, "month"),
        _ => format!("{} {}", count(years, "year"), count(left, "month")),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
