//! What a step of a formula yields: in a checked program always something.

use super::program::{Collect, Node, NodeId};
use super::table::Table;
use super::value::Value;
use crate::loan::Annuity;
use crate::math::whole_root;
use crate::{Date, Money, Ratio};

/// The value of a node, given those of the nodes before it.
pub(super) fn evaluate(node: &Node, values: &[Value], inputs: &[Value], tables: &[Table]) -> Value {
    let value = |id: &NodeId| {
        values
            .get(usize::from(*id))
            .copied()
            .unwrap_or(Value::MISSING)
    };
    let number = |id: &NodeId| value(id).present();
    let wide = |id: &NodeId| i128::from(number(id));
    let whole = |quotient: Option<i128>| {
        Value::new(quotient.and_then(|q| i64::try_from(q).ok()).unwrap_or(0))
    };
    match node {
        Node::Const(constant) => Value::new(*constant),
        Node::Input(index) => inputs
            .get(usize::from(*index))
            .copied()
            .unwrap_or(Value::MISSING),
        Node::Add(a, b)
        | Node::Sub(a, b)
        | Node::Min(a, b)
        | Node::Max(a, b)
        | Node::Eq(a, b)
        | Node::Lt(a, b)
        | Node::Le(a, b) => of_two(node, number(a), number(b)),
        Node::Mul {
            a,
            b,
            scale,
            rounding,
        } => whole(rounding.divide(wide(a).saturating_mul(wide(b)), i128::from(*scale))),
        Node::Div {
            a,
            b,
            scale,
            rounding,
            otherwise,
        } => match (wide(b), otherwise) {
            (0, Some(otherwise)) => value(otherwise),
            (divisor, _) => {
                whole(rounding.divide(wide(a).saturating_mul(i128::from(*scale)), divisor))
            }
        },
        Node::Round { a, step, rounding } => {
            let step = i128::from(*step);
            whole(
                rounding
                    .divide(wide(a), step)
                    .and_then(|steps| steps.checked_mul(step)),
            )
        }
        Node::Abs(a) => Value::new(number(a).saturating_abs()),
        Node::Not(a) => Value::of(!value(a).is_true()),
        Node::And(a, b) => Value::of(value(a).is_true() && value(b).is_true()),
        Node::Or(a, b) => Value::of(value(a).is_true() || value(b).is_true()),
        Node::Within(a, cells) => Value::of(cells.contains(value(a))),
        Node::IsMissing(a) => Value::of(value(a) == Value::MISSING),
        Node::Else(a, b) => match value(a) {
            Value::MISSING => value(b),
            present => present,
        },
        Node::If(condition, then, otherwise) => value(if value(condition).is_true() {
            then
        } else {
            otherwise
        }),
        Node::Months(from, to) => between(number(from), number(to), Date::months_until),
        Node::Years(from, to) => between(number(from), number(to), Date::years_until),
        Node::Lookup(table, operands) => {
            let row = tables
                .get(usize::from(*table))
                .and_then(|table| table.rows.get(table.hit(operands.iter().map(value))?));
            Value::new(row.map_or(0, |row| row.output))
        }
        Node::Collect {
            how,
            table,
            operands,
        } => {
            let (mut sum, mut count) = (0i64, 0);
            let (mut least, mut most) = (None, None);
            for row in tables
                .get(usize::from(*table))
                .into_iter()
                .flat_map(|table| &table.rows)
            {
                if row.takes(operands.iter().map(value)) {
                    sum = sum.saturating_add(row.output);
                    count += 1;
                    least = Some(least.unwrap_or(row.output).min(row.output));
                    most = Some(most.unwrap_or(row.output).max(row.output));
                }
            }
            match how {
                Collect::Sum => Value::new(sum),
                Collect::Count => Value::new(count),
                Collect::Min => least.map_or(Value::MISSING, Value::new),
                Collect::Max => most.map_or(Value::MISSING, Value::new),
            }
        }
        Node::When(condition, a) => match value(condition).is_true() {
            true => value(a),
            false => Value::MISSING,
        },
        Node::Month(a) => Value::new(Date::from_days(number(a)).map_or(1, |date| date.ymd().1)),
        Node::Year(a) => Value::new(Date::from_days(number(a)).map_or(1, |date| date.ymd().0)),
        Node::Shift(a, months) => {
            let shifted =
                Date::from_days(number(a)).and_then(|date| date.plus_months(number(months)));
            Value::new(shifted.map_or(0, Date::days))
        }
        Node::Instalment {
            principal,
            rate,
            months,
        } => {
            let level = instalment(number(principal), number(rate), number(months));
            Value::new(level.unwrap_or(0))
        }
        Node::Variation(operands) => {
            let present: Vec<i64> = operands.iter().filter_map(|id| value(id).get()).collect();
            Value::new(variation(&present).unwrap_or(0))
        }
    }
}

/// The value of a node that reads two numbers.
fn of_two(node: &Node, a: i64, b: i64) -> Value {
    match node {
        Node::Add(..) => Value::new(a.saturating_add(b)),
        Node::Sub(..) => Value::new(a.saturating_sub(b)),
        Node::Min(..) => Value::new(a.min(b)),
        Node::Max(..) => Value::new(a.max(b)),
        Node::Eq(..) => Value::of(a == b),
        Node::Lt(..) => Value::of(a < b),
        Node::Le(..) => Value::of(a <= b),
        _ => Value::MISSING,
    }
}

/// The level instalment of a loan in minor units; `None` beyond what
/// [`Node::Instalment`] takes.
pub(super) fn instalment(principal: i64, rate: i64, months: i64) -> Option<i64> {
    let annuity = Annuity::new(Ratio::new(rate), u16::try_from(months).ok()?)?;
    annuity.instalment(Money::new(principal)).map(Money::minor)
}

/// The coefficient of variation of a population in millionths, rounded down:
/// √(n·Σx² − (Σx)²) / Σx. `None` beyond what [`Node::Variation`] takes.
pub(super) fn variation(values: &[i64]) -> Option<i64> {
    let (mut sum, mut squares) = (0_u128, 0_u128);
    for value in values {
        let value = u128::try_from(*value).ok()?;
        sum = sum.checked_add(value)?;
        squares = squares.checked_add(value.checked_mul(value)?)?;
    }
    if sum == 0 {
        return Some(0);
    }
    let count = u128::try_from(values.len()).ok()?;
    let spread = squares
        .checked_mul(count)?
        .checked_sub(sum.checked_mul(sum)?)?;
    // The root of the whole quotient, rounded down, is that of the exact one.
    const MILLIONTHS_SQUARED: u128 = 1_000_000_000_000;
    let squared = spread.checked_mul(MILLIONTHS_SQUARED)? / (sum * sum);
    i64::try_from(squared).ok().map(whole_root)
}

fn between(from: i64, to: i64, count: impl Fn(Date, Date) -> i64) -> Value {
    let dates = Date::from_days(from).zip(Date::from_days(to));
    Value::new(dates.map_or(0, |(from, to)| count(from, to)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{LARGEST_VARIED, MOST_VARIED};

    /// Against the definition, in floating point.
    #[test]
    fn variations() {
        assert_eq!(variation(&[]), Some(0));
        assert_eq!(variation(&[0, 0]), Some(0));
        assert_eq!(variation(&[7]), Some(0));
        // Mean 5, standard deviation 2: a textbook's example.
        assert_eq!(variation(&[2, 4, 4, 4, 5, 5, 7, 9]), Some(400_000));
        assert_eq!(variation(&[0, 1]), Some(1_000_000));
        let most = vec![LARGEST_VARIED; MOST_VARIED];
        assert_eq!(variation(&most), Some(0));
        let mut widest = vec![0; MOST_VARIED];
        widest[0] = LARGEST_VARIED;
        // √23
        assert_eq!(variation(&widest), Some(4_795_831));
    }
}
