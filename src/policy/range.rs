//! The ranges that values keep to: the proof of TOTAL for single formula steps.

use super::evaluate::instalment;
use super::program::{Collect, Flaw, LARGEST_VARIED, MOST_VARIED, Node, NodeId};
use super::table::{Cells, Row, Table};
use super::value::Domain;
use crate::math::whole_root;
use crate::{Date, LARGEST};

/// The highest nominal yearly rate in millionths: 1 000 %.
pub(super) const MAX_RATE: i64 = 10_000_000;

/// The longest term in months.
pub(super) const MAX_TERM: i64 = 480;

/// The domain of a node, given those of the nodes before it. Of a table it is
/// that of the outputs; whether there is one, [`complete`](super::gap::complete)
/// proves.
pub(super) fn domain_of(
    node: &Node,
    domains: &[Domain],
    inputs: &[Domain],
    tables: &[Table],
) -> Result<Domain, Flaw> {
    let any = |id: &NodeId| domains.get(usize::from(*id)).copied().ok_or(Flaw::NotThere);
    let number = |id: &NodeId| match any(id)? {
        Domain { optional: true, .. } => Err(Flaw::MayBeMissing),
        domain => Ok(domain),
    };
    let truth = |id: &NodeId| match number(id)? {
        Domain {
            low: 0..,
            high: ..=1,
            ..
        } => Ok(number(id)?),
        _ => Err(Flaw::NotBoolean),
    };
    let date = |id: &NodeId| {
        let domain = number(id)?;
        Date::from_days(domain.low)
            .zip(Date::from_days(domain.high))
            .ok_or(Flaw::NotADate)
    };
    match node {
        Node::Const(constant) => interval(*constant, *constant),
        Node::Input(index) => inputs
            .get(usize::from(*index))
            .copied()
            .ok_or(Flaw::NotThere),
        Node::Add(a, b)
        | Node::Sub(a, b)
        | Node::Min(a, b)
        | Node::Max(a, b)
        | Node::Eq(a, b)
        | Node::Lt(a, b)
        | Node::Le(a, b) => of_two(node, number(a)?, number(b)?),
        Node::And(a, b) | Node::Or(a, b) => of_two(node, truth(a)?, truth(b)?),
        Node::Mul {
            a,
            b,
            scale,
            rounding,
        } => {
            let (a, b) = (number(a)?, number(b)?);
            corners([a.low, a.high], [b.low, b.high], &|x, y| {
                rounding.divide(x.checked_mul(y)?, i128::from(*scale))
            })
        }
        Node::Div {
            a,
            b,
            scale,
            rounding,
            otherwise,
        } => {
            if *scale == 0 {
                return Err(Flaw::Malformed);
            }
            let (a, b) = (number(a)?, number(b)?);
            let zero = b.low <= 0 && 0 <= b.high;
            let alternative = match (zero, otherwise) {
                (true, None) => return Err(Flaw::DivisionByZero),
                (_, Some(otherwise)) => Some(any(otherwise)?),
                (false, None) => None,
            };
            // The divisor apart from zero: the ends of its negative and positive parts.
            let negative = (b.low < 0).then_some([b.low, b.high.min(-1)]);
            let positive = (b.high > 0).then_some([b.low.max(1), b.high]);
            let mut result = alternative;
            for part in [negative, positive].into_iter().flatten() {
                let quotient = corners([a.low, a.high], part, &|x, y| {
                    rounding.divide(x.checked_mul(i128::from(*scale))?, y)
                })?;
                result = Some(result.map_or(quotient, |other| union(other, quotient)));
            }
            result.ok_or(Flaw::DivisionByZero)
        }
        Node::Round { a, step, rounding } => {
            let a = number(a)?;
            corners([a.low, a.high], [*step, *step], &|x, step| {
                rounding.divide(x, step)?.checked_mul(step)
            })
            .and_then(|domain| {
                if *step < 1 {
                    Err(Flaw::Malformed)
                } else {
                    Ok(domain)
                }
            })
        }
        Node::Abs(a) => {
            let a = number(a)?;
            let (p, q) = (a.low.abs(), a.high.abs());
            let least = if a.low <= 0 && 0 <= a.high {
                0
            } else {
                p.min(q)
            };
            interval(least, p.max(q))
        }
        Node::Not(a) => {
            let a = truth(a)?;
            interval(1 - a.high, 1 - a.low)
        }
        Node::Within(a, cells) => {
            well_formed(cells)?;
            let a = any(a)?;
            decided(cells.take_in(a), cells.meet(a))
        }
        Node::IsMissing(a) => {
            let a = any(a)?;
            decided(a.is_empty(), a.optional)
        }
        Node::Else(a, b) => match (any(a)?, any(b)?) {
            (a, _) if !a.optional => Ok(a),
            (a, b) => Ok(Domain {
                optional: b.optional,
                ..union(a, b)
            }),
        },
        Node::If(condition, then, otherwise) => {
            let (then, otherwise) = (any(then)?, any(otherwise)?);
            Ok(match truth(condition)? {
                Domain { low: 1, .. } => then,
                Domain { high: 0, .. } => otherwise,
                _ => union(then, otherwise),
            })
        }
        Node::Months(from, to) | Node::Years(from, to) => {
            let ((from_low, from_high), (to_low, to_high)) = (date(from)?, date(to)?);
            let count = match node {
                Node::Months(..) => Date::months_until,
                _ => Date::years_until,
            };
            interval(count(from_high, to_low), count(from_low, to_high))
        }
        Node::Lookup(table, operands)
        | Node::Collect {
            table, operands, ..
        } => {
            let operands: Vec<Domain> = operands.iter().map(any).collect::<Result<_, _>>()?;
            let table = tables.get(usize::from(*table)).ok_or(Flaw::NotThere)?;
            let outputs = outputs(table, &operands);
            let Node::Collect { how, .. } = node else {
                return outputs;
            };
            let outputs = outputs.or_else(|_| interval(0, 0))?;
            let rows = i64::try_from(table.rows.len()).map_err(|_| Flaw::Malformed)?;
            match how {
                Collect::Count => interval(0, rows),
                Collect::Sum => {
                    let all = |output: i64| output.checked_mul(rows).ok_or(Flaw::Overflow);
                    interval(all(outputs.low.min(0))?, all(outputs.high.max(0))?)
                }
                Collect::Min | Collect::Max => Ok(Domain {
                    optional: true,
                    ..outputs
                }),
            }
        }
        Node::When(condition, a) => {
            let a = any(a)?;
            Ok(match truth(condition)? {
                Domain { high: 0, .. } => Domain::MISSING,
                Domain { low, .. } => Domain {
                    optional: a.optional || low == 0,
                    ..a
                },
            })
        }
        Node::Month(a) => date(a).and(interval(1, 12)),
        Node::Year(a) => date(a).and_then(|(low, high)| interval(low.ymd().0, high.ymd().0)),
        Node::Shift(a, months) => {
            let ((low, high), months) = (date(a)?, number(months)?);
            let shifted = |date: Date, months: i64| {
                let shifted = date.plus_months(months).ok_or(Flaw::NotADate);
                shifted.map(Date::days)
            };
            interval(shifted(low, months.low)?, shifted(high, months.high)?)
        }
        Node::Instalment {
            principal,
            rate,
            months,
        } => {
            let (principal, rate, months) = (number(principal)?, number(rate)?, number(months)?);
            if principal.low < 0
                || !(0..=MAX_RATE).contains(&rate.low)
                || rate.high > MAX_RATE
                || !(1..=MAX_TERM).contains(&months.low)
                || months.high > MAX_TERM
            {
                return Err(Flaw::NotALoan);
            }
            let least = instalment(principal.low, rate.low, months.high).ok_or(Flaw::Overflow)?;
            let most = instalment(principal.high, rate.high, months.low).ok_or(Flaw::Overflow)?;
            // It rises with principal and rate and falls with months, but for
            // the last digits of the binary64 factor.
            let slack = |level: i64| level / 1_000_000 + 1;
            interval((least - slack(least)).max(0), most + slack(most))
        }
        Node::Variation(operands) => {
            for operand in operands {
                let domain = any(operand)?;
                if !domain.is_empty() && (domain.low < 0 || domain.high > LARGEST_VARIED) {
                    return Err(Flaw::NotVaried);
                }
            }
            let count = i64::try_from(operands.len()).unwrap_or(i64::MAX);
            if operands.len() > MOST_VARIED {
                return Err(Flaw::NotVaried);
            }
            // At most √(n − 1), where all but one value are zero.
            let squared = (count - 1).max(0) * crate::Ratio::SCALE * crate::Ratio::SCALE;
            interval(0, whole_root(squared))
        }
    }
}

/// The domain of a node that reads two numbers.
fn of_two(node: &Node, a: Domain, b: Domain) -> Result<Domain, Flaw> {
    match node {
        Node::Add(..) => interval(a.low + b.low, a.high + b.high),
        Node::Sub(..) => interval(a.low - b.high, a.high - b.low),
        Node::Min(..) | Node::And(..) => interval(a.low.min(b.low), a.high.min(b.high)),
        Node::Max(..) | Node::Or(..) => interval(a.low.max(b.low), a.high.max(b.high)),
        Node::Eq(..) => {
            let apart = a.high < b.low || b.high < a.low;
            let same = a.low == a.high && a == b;
            decided(same, !apart)
        }
        Node::Lt(..) => decided(a.high < b.low, a.low < b.high),
        Node::Le(..) => decided(a.high <= b.low, a.low <= b.high),
        _ => Err(Flaw::Malformed),
    }
}

/// The range of the outputs of the rows that inputs of these domains can fall
/// into.
fn outputs(table: &Table, inputs: &[Domain]) -> Result<Domain, Flaw> {
    let met = |row: &&Row| {
        let mut cells = row.cells.iter().zip(inputs);
        cells.all(|(cells, input)| cells.meet(*input))
    };
    let outputs = || table.rows.iter().filter(met).map(|row| row.output);
    match (outputs().min(), outputs().max()) {
        (Some(low), Some(high)) => interval(low, high),
        _ => Err(Flaw::Gap),
    }
}

/// The domain of a truth value that is certainly, or possibly, 1.
fn decided(certain: bool, possible: bool) -> Result<Domain, Flaw> {
    interval(i64::from(certain), i64::from(possible))
}

/// Cells whose intervals are in order, apart and within ±[`LARGEST`].
pub(super) fn well_formed(cells: &Cells) -> Result<(), Flaw> {
    let Cells::Of { intervals, .. } = cells else {
        return Ok(());
    };
    let mut above = -LARGEST - 1;
    for &(low, high) in intervals {
        if low <= above || high < low || high > LARGEST {
            return Err(Flaw::Malformed);
        }
        above = high;
    }
    Ok(())
}

fn interval(low: i64, high: i64) -> Result<Domain, Flaw> {
    Ok(Domain {
        low,
        high,
        optional: false,
    })
}

fn union(a: Domain, b: Domain) -> Domain {
    let optional = a.optional || b.optional;
    let (low, high) = match (a.is_empty(), b.is_empty()) {
        (true, _) => (b.low, b.high),
        (_, true) => (a.low, a.high),
        _ => (a.low.min(b.low), a.high.max(b.high)),
    };
    Domain {
        low,
        high,
        optional,
    }
}

/// The least and largest of an operation that is monotone in each operand:
/// they are at the corners.
fn corners(
    a: [i64; 2],
    b: [i64; 2],
    op: &dyn Fn(i128, i128) -> Option<i128>,
) -> Result<Domain, Flaw> {
    let mut domain: Option<Domain> = None;
    for x in a {
        for y in b {
            let result = op(i128::from(x), i128::from(y))
                .and_then(|result| i64::try_from(result).ok())
                .ok_or(Flaw::Overflow)?;
            let corner = Domain {
                low: result,
                high: result,
                optional: false,
            };
            domain = Some(domain.map_or(corner, |other| union(other, corner)));
        }
    }
    domain.ok_or(Flaw::Malformed)
}
