//! Formulas: a recursive walk from a step to what it reads.

use std::cell::RefCell;

use num_bigint::BigInt;
use num_traits::{ToPrimitive as _, Zero as _};
use prequal::Rounding;
use prequal::policy::{Cells, Collect, Node, NodeId, Program, Row, Table};

use super::bug::{Bug, Bugs};
use super::calendar;
use super::fault::{Fault, Found};
use super::loan;
use super::number::{Fraction, Value, countable, root, round};

/// A program with its inputs, and what was found of its steps so far.
pub(crate) struct Walk<'a> {
    program: &'a Program,
    tables: &'a [Table],
    inputs: Vec<Value>,
    known: RefCell<Vec<Option<Value>>>,
    bugs: Bugs,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        program: &'a Program,
        tables: &'a [Table],
        inputs: Vec<Value>,
        bugs: Bugs,
    ) -> Walk<'a> {
        let known = RefCell::new(vec![None; program.nodes.len()]);
        Walk {
            program,
            tables,
            inputs,
            known,
            bugs,
        }
    }

    /// Sets an input that becomes known later; what was found stays found.
    pub(crate) fn put(&mut self, values: impl IntoIterator<Item = Value>) {
        self.inputs.extend(values);
    }

    /// The value of a step.
    pub(crate) fn value(&self, id: NodeId) -> Found<Value> {
        let index = usize::from(id);
        if let Some(known) = self.known.borrow().get(index).copied().flatten() {
            return Ok(known);
        }
        let node = self.program.nodes.get(index).ok_or(Fault::NotThere)?;
        let value = self.step(node)?;
        value.map(countable).transpose()?;
        if let Some(slot) = self.known.borrow_mut().get_mut(index) {
            *slot = Some(value);
        }
        Ok(value)
    }

    /// The value of a step that is never missing.
    pub(crate) fn number(&self, id: NodeId) -> Found<i128> {
        self.value(id)?.ok_or(Fault::Missing)
    }

    /// The value of a step that is true or false.
    pub(crate) fn truth(&self, id: NodeId) -> Found<bool> {
        match self.number(id)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Fault::NotBoolean),
        }
    }

    fn step(&self, node: &Node) -> Found<Value> {
        let bugs = self.bugs;
        let found = match node {
            Node::Const(constant) => i128::from(*constant),
            Node::Input(index) => {
                return self
                    .inputs
                    .get(usize::from(*index))
                    .copied()
                    .ok_or(Fault::NotThere);
            }
            Node::Add(a, b) => self.number(*a)? + self.number(*b)?,
            Node::Sub(a, b) => self.number(*a)? - self.number(*b)?,
            Node::Mul {
                a,
                b,
                scale,
                rounding,
            } => {
                let (a, b, scale) = (self.number(*a)?, self.number(*b)?, i128::from(*scale));
                if bugs.has(Bug::SmallProductsVanish) && (a * b).abs() < scale {
                    return Ok(Some(0));
                }
                round(Fraction::new(a * b, scale), *rounding, bugs)
            }
            Node::Div {
                a,
                b,
                scale,
                rounding,
                otherwise,
            } => {
                let (a, b) = (self.number(*a)?, self.number(*b)?);
                match (b, otherwise) {
                    (0, Some(_)) if bugs.has(Bug::DivisionByZeroIsZero) => 0,
                    (0, Some(otherwise)) => return self.value(*otherwise),
                    (0, None) => return Err(Fault::DivisionByZero),
                    _ => round(Fraction::new(a * i128::from(*scale), b), *rounding, bugs),
                }
            }
            Node::Round { a, step, rounding } => {
                let step = i128::from(*step);
                round(Fraction::new(self.number(*a)?, step), *rounding, bugs) * step
            }
            Node::Min(a, b) | Node::Max(a, b) => {
                let (a, b) = (self.number(*a)?, self.number(*b)?);
                let least = matches!(node, Node::Min(..)) != bugs.has(Bug::MinIsMax);
                if (a < b) == least { a } else { b }
            }
            Node::Abs(a) => match self.number(*a)? {
                negative @ ..0 if !bugs.has(Bug::MagnitudeCutsOff) => -negative,
                ..0 => 0,
                other => other,
            },
            Node::Not(a) => i128::from(!self.truth(*a)?),
            Node::And(a, b) => {
                let (a, b) = (self.truth(*a)?, self.truth(*b)?);
                i128::from(if a { b } else { false })
            }
            Node::Or(a, b) => {
                let (a, b) = (self.truth(*a)?, self.truth(*b)?);
                let both = a && b && bugs.has(Bug::OrIsExclusive);
                i128::from(if a { !both } else { b })
            }
            Node::Eq(a, b) => i128::from(self.number(*a)? == self.number(*b)?),
            Node::Lt(a, b) => {
                let (a, b) = (self.number(*a)?, self.number(*b)?);
                i128::from(a < b || a == b && bugs.has(Bug::LessTakesEqualIn))
            }
            Node::Le(a, b) => {
                let (a, b) = (self.number(*a)?, self.number(*b)?);
                i128::from(a < b || a == b && !bugs.has(Bug::AtMostLeavesEqualOut))
            }
            Node::Within(a, cells) => i128::from(takes(cells, self.value(*a)?, bugs)),
            Node::IsMissing(a) => i128::from(self.value(*a)?.is_none()),
            Node::Else(a, b) => {
                return match self.value(*a)? {
                    None => self.value(*b),
                    Some(0) if bugs.has(Bug::ZeroIsMissing) => self.value(*b),
                    present => Ok(present),
                };
            }
            Node::If(condition, then, otherwise) => {
                let then_counts = self.truth(*condition)? != bugs.has(Bug::BranchesSwapped);
                return self.value(if then_counts { *then } else { *otherwise });
            }
            Node::Months(from, to) => {
                calendar::months(self.number(*from)?, self.number(*to)?, bugs)?
            }
            Node::Years(from, to) => calendar::years(self.number(*from)?, self.number(*to)?, bugs)?,
            Node::Lookup(table, operands) => {
                let mut rows = self.rows(*table, operands)?;
                let row = if bugs.has(Bug::LastRowWins) {
                    rows.pop()
                } else {
                    rows.into_iter().next()
                };
                i128::from(row.ok_or(Fault::Gap)?.output)
            }
            Node::Collect {
                how,
                table,
                operands,
            } => {
                let rows = self.rows(*table, operands)?;
                return Ok(collect(*how, rows, bugs));
            }
            Node::When(condition, a) => {
                return match self.truth(*condition)? != bugs.has(Bug::WhenInverted) {
                    true => self.value(*a),
                    false => Ok(None),
                };
            }
            Node::Month(a) => {
                calendar::day(self.number(*a)?)?.month - i128::from(bugs.has(Bug::MonthsFromZero))
            }
            Node::Year(a) => calendar::day(self.number(*a)?)?.year,
            Node::Shift(a, months) => {
                calendar::shift(self.number(*a)?, self.number(*months)?, bugs)?
            }
            Node::Instalment {
                principal,
                rate,
                months,
            } => {
                let (rate, months) = (self.number(*rate)?, self.number(*months)?);
                loan::instalment(self.number(*principal)?, rate, months, bugs)?
            }
            Node::Variation(operands) => {
                let operands: Vec<Value> = operands
                    .iter()
                    .map(|id| self.value(*id))
                    .collect::<Found<_>>()?;
                variation(&operands, bugs)?
            }
        };
        Ok(Some(found))
    }

    /// Every row of a table that takes these in.
    fn rows(&self, table: u16, operands: &[NodeId]) -> Found<Vec<&'a Row>> {
        let table = self.tables.get(usize::from(table)).ok_or(Fault::NotThere)?;
        let inputs: Vec<Value> = operands
            .iter()
            .map(|id| self.value(*id))
            .collect::<Found<_>>()?;
        if inputs.len() != usize::from(table.columns) {
            return Err(Fault::NotThere);
        }
        let fits = |row: &&Row| {
            row.cells.len() == inputs.len()
                && row
                    .cells
                    .iter()
                    .zip(&inputs)
                    .all(|(cells, input)| takes(cells, *input, self.bugs))
        };
        Ok(table.rows.iter().filter(fits).collect())
    }
}

/// Whether a cell takes a value in.
pub(crate) fn takes(cells: &Cells, value: Value, bugs: Bugs) -> bool {
    match (cells, value) {
        (Cells::Any, None) => !bugs.has(Bug::AnyLeavesMissingOut),
        (Cells::Any, Some(_)) => true,
        (Cells::Of { missing, .. }, None) => *missing,
        (Cells::Of { intervals, .. }, Some(value)) => intervals.iter().any(|(low, high)| {
            let (low, high) = (i128::from(*low), i128::from(*high));
            let apart = high > low;
            let from = value > low || value == low && !(apart && bugs.has(Bug::LowerEndLeftOut));
            from && (value < high || value == high && !(apart && bugs.has(Bug::UpperEndLeftOut)))
        }),
    }
}

fn collect(how: Collect, rows: Vec<&Row>, bugs: Bugs) -> Value {
    let mut outputs: Vec<i128> = rows.iter().map(|row| i128::from(row.output)).collect();
    if bugs.has(Bug::CollectStopsAtTheFirst) {
        outputs.truncate(1);
    }
    let nothing = bugs.has(Bug::LeastOfNothingIsZero).then_some(0);
    match how {
        Collect::Sum => Some(outputs.iter().sum()),
        Collect::Count if bugs.has(Bug::CountAddsUp) => Some(outputs.iter().sum()),
        Collect::Count => Some(outputs.len() as i128),
        Collect::Min => outputs.into_iter().min().or(nothing),
        Collect::Max => outputs.into_iter().max().or(nothing),
    }
}

/// The standard deviation of a population over its mean, in millionths rounded
/// down: with the mean m of n values, √(Σ(x − m)² / n) / m.
pub(crate) fn variation(operands: &[Value], bugs: Bugs) -> Found<i128> {
    let mut values: Vec<i128> = operands.iter().copied().flatten().collect();
    if bugs.has(Bug::VariationCountsMissing) {
        values.resize(operands.len(), 0);
    }
    if values.iter().any(|value| *value < 0) {
        return Err(Fault::NotALoan);
    }
    let sum: i128 = values.iter().sum();
    if sum == 0 {
        return Ok(0);
    }
    let count = values.len() as i128;
    let mean = num_rational::BigRational::new(BigInt::from(sum), BigInt::from(count));
    let mut squares = num_rational::BigRational::zero();
    for value in &values {
        let off = num_rational::BigRational::from(BigInt::from(*value)) - &mean;
        squares += &off * &off;
    }
    let of = if bugs.has(Bug::VariationOfASample) {
        (count - 1).max(1)
    } else {
        count
    };
    let relative = squares / BigInt::from(of) / (&mean * &mean);
    let scaled = relative * BigInt::from(1_000_000_000_000_i64);
    let found = root(&scaled.floor().to_integer());
    let up = bugs.has(Bug::VariationRoundsUp)
        && num_rational::BigRational::from(&found * &found) < scaled;
    found
        .to_i128()
        .map(|root| root + i128::from(up))
        .ok_or(Fault::Overflow)
}

/// Rounds a share of something down to a multiple of a step.
pub(crate) fn floor_to(value: i128, step: i128, bugs: Bugs) -> i128 {
    round(Fraction::new(value, step), Rounding::Down, bugs) * step
}
