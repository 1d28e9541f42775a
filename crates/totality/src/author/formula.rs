//! Formulas: a tree is worth what its words say.

use std::collections::BTreeMap;

use prequal::Rounding;
use prequal::policy::Kind;

use super::Names;
use super::cross_check::{mean_by_weight, share_of_best};
use crate::model::policy::Figure;
use crate::model::tree::{Expr, Fold, Function, ListFunction, Operator, Range, Tree};
use crate::naive::number::{Fraction, Value, countable, round};
use crate::naive::{Bug, Bugs, Fault, Found, calendar, loan, variation};

const MILLION: i128 = 1_000_000;

/// How many of what it is kept in make one of a kind's unit.
pub(super) fn unit(kind: &Kind) -> i128 {
    match kind {
        Kind::Ratio | Kind::Real => MILLION,
        Kind::Integer
        | Kind::Money
        | Kind::Boolean
        | Kind::Date
        | Kind::Period
        | Kind::Choice(_) => 1,
    }
}

/// A quantity in what its kind is kept in, halves up.
pub(super) fn kept(quantity: Fraction, kind: &Kind) -> i128 {
    round(quantity * unit(kind), Rounding::HalfUp, Bugs::NONE)
}

impl Names<'_> {
    /// What a tree is worth.
    pub(crate) fn worth(&self, tree: &Tree) -> Found<Value> {
        let value = self.expression(tree)?;
        value.map(countable).transpose()
    }

    /// What a tree that is never missing is worth.
    pub(crate) fn number(&self, tree: &Tree) -> Found<i128> {
        self.worth(tree)?.ok_or(Fault::Missing)
    }

    /// Whether a condition holds.
    pub(crate) fn holds(&self, tree: &Tree) -> Found<bool> {
        match self.number(tree)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Fault::NotBoolean),
        }
    }

    /// How a policy is misread.
    pub(super) fn misread(&self, bug: Bug) -> bool {
        self.policy.is_some_and(|policy| policy.misread.has(bug))
    }

    /// A quantity in units, not in what it is kept in.
    fn quantity(&self, tree: &Tree) -> Found<Fraction> {
        let whole = tree.kind == Kind::Real && self.misread(Bug::RealsAreWhole);
        let unit = if whole { 1 } else { unit(&tree.kind) };
        Ok(Fraction::new(self.number(tree)?, unit))
    }

    fn expression(&self, tree: &Tree) -> Found<Value> {
        Ok(Some(match &tree.it {
            Expr::Constant(value) => *value,
            Expr::Name(name) => return self.named(name),
            Expr::Negative(inner) => -self.number(inner)?,
            Expr::Not(inner) => i128::from(!self.holds(inner)?),
            Expr::Binary(operator, a, b) => self.binary(*operator, a, b, &tree.kind)?,
            Expr::Quotient(a, b, otherwise) => {
                let (dividend, divisor) = (self.quantity(a)?, self.quantity(b)?);
                match (*divisor.numer(), otherwise) {
                    (0, Some(otherwise)) => return self.worth(otherwise),
                    (0, None) => return Err(Fault::DivisionByZero),
                    _ => kept(dividend / divisor, &tree.kind),
                }
            }
            Expr::Else(a, b) => match self.worth(a)? {
                Some(value) => value,
                None => return self.worth(b),
            },
            Expr::If(condition, then, otherwise) => {
                return self.worth(if self.holds(condition)? {
                    then
                } else {
                    otherwise
                });
            }
            Expr::Within(inner, range) => i128::from(within(self.number(inner)?, range)),
            Expr::Among(inner, values) => i128::from(values.contains(&self.number(inner)?)),
            Expr::Call(Function::IsMissing, parts) => {
                let part = parts.first().ok_or(Fault::NotThere)?;
                i128::from(self.worth(part)?.is_none())
            }
            Expr::Call(function, parts) => {
                if let Some(value) = self.cross_check(*function, parts, &tree.kind) {
                    return value;
                }
                self.call(*function, parts, &tree.kind)?
            }
            Expr::Over(fold, entry, list, body) => {
                return self.over(*fold, entry, list, body.as_deref(), &tree.kind);
            }
            Expr::Weighted(entry, list, value, weight) => {
                let values = self.of_each(entry, list, Some(value))?;
                let weights = self.of_each(entry, list, Some(weight))?;
                let quantities = |worth: Vec<i128>, kind: &Kind| {
                    let unit = unit(kind);
                    worth
                        .into_iter()
                        .map(move |worth| Fraction::new(worth, unit))
                };
                let values = quantities(values, &value.kind);
                let pairs = values.zip(quantities(weights, &weight.kind));
                return Ok(mean_by_weight(pairs).map(|mean| kept(mean, &tree.kind)));
            }
            Expr::Best(entry, list, body, best) => {
                let worth = self.of_each(entry, list, Some(body))?;
                share_of_best(worth, *best as usize)
            }
            Expr::Table(name, arguments) => {
                let arguments: Vec<Value> = arguments
                    .iter()
                    .map(|part| self.worth(part))
                    .collect::<Found<_>>()?;
                let mut tables = self.policy.into_iter().flat_map(|policy| &policy.tables);
                let (_, table) = tables
                    .find(|(known, _)| known == name)
                    .ok_or(Fault::NotThere)?;
                return table.figure(&arguments, self.misread(Bug::OrderLeftOut));
            }
            Expr::Holds(value, name) => {
                let value = self.number(value)?;
                i128::from(self.listing(name)?.contains(&value))
            }
            Expr::Of(function, name) => {
                let outputs = self.listing(name)?;
                return Ok(match function {
                    ListFunction::Count => Some(outputs.len() as i128),
                    ListFunction::Sum => Some(outputs.iter().sum()),
                    ListFunction::First => outputs.first().copied(),
                    ListFunction::Min => outputs.iter().min().copied(),
                    ListFunction::Max => outputs.iter().max().copied(),
                });
            }
        }))
    }

    fn binary(&self, operator: Operator, a: &Tree, b: &Tree, kind: &Kind) -> Found<i128> {
        // The second part is not asked where the first one settles it.
        match operator {
            Operator::And => {
                return Ok(i128::from(if self.holds(a)? {
                    self.holds(b)?
                } else {
                    false
                }));
            }
            Operator::Or => {
                return Ok(i128::from(if self.holds(a)? {
                    true
                } else {
                    self.holds(b)?
                }));
            }
            _ => {}
        }
        if operator == Operator::Times {
            return Ok(kept(self.quantity(a)? * self.quantity(b)?, kind));
        }
        let (x, y) = (self.number(a)?, self.number(b)?);
        let later = a.kind == Kind::Date && b.kind == Kind::Period;
        Ok(match operator {
            Operator::Plus if later => calendar::shift(x, y, Bugs::NONE)?,
            Operator::Minus if later => calendar::shift(x, -y, Bugs::NONE)?,
            Operator::Plus => x + y,
            Operator::Minus => x - y,
            Operator::Equal => i128::from(x == y),
            Operator::NotEqual => i128::from(x != y),
            Operator::Less => i128::from(x < y),
            Operator::AtMost => i128::from(x <= y),
            Operator::Greater => i128::from(x > y),
            Operator::AtLeast => i128::from(x >= y),
            Operator::Times | Operator::And | Operator::Or => return Err(Fault::NotThere),
        })
    }

    fn call(&self, function: Function, parts: &[Tree], kind: &Kind) -> Found<i128> {
        let bugs = Bugs::NONE;
        let values: Vec<i128> = parts
            .iter()
            .map(|part| self.number(part))
            .collect::<Found<_>>()?;
        let least = values.iter().min().copied().ok_or(Fault::NotThere)?;
        let most = values.iter().max().copied().ok_or(Fault::NotThere)?;
        let to_steps = |rounding: Rounding| match values.as_slice() {
            [value, step] => Ok(round(Fraction::new(*value, *step), rounding, bugs) * step),
            _ => Err(Fault::NotThere),
        };
        match (function, values.as_slice()) {
            (Function::Min, _) => Ok(least),
            (Function::Max, _) => Ok(most),
            (Function::Abs, [value]) => Ok(value.abs()),
            (Function::Round, _) => to_steps(Rounding::HalfUp),
            (Function::Floor, _) => to_steps(Rounding::Down),
            (Function::Ceil, _) => to_steps(Rounding::Up),
            (Function::Years, [from, to]) => calendar::years(*from, *to, bugs),
            (Function::Months | Function::Period, [from, to]) => calendar::months(*from, *to, bugs),
            (Function::Month, [day]) => Ok(calendar::day(*day)?.month),
            (Function::Year, [day]) => Ok(calendar::day(*day)?.year),
            (Function::Spread, _) if most == 0 => Ok(0),
            (Function::Spread, _) => Ok(kept(Fraction::new(most - least, most), kind)),
            (Function::Mean, _) => self.mean(parts.iter().map(|part| self.quantity(part)), kind),
            (Function::Variation, values) => {
                let values: Vec<Value> = values.iter().copied().map(Some).collect();
                variation(&values, bugs)
            }
            (Function::Instalment, [principal, rate, months]) => {
                loan::instalment(*principal, *rate, *months, bugs)
            }
            _ => Err(Fault::NotThere),
        }
    }

    fn mean(&self, parts: impl Iterator<Item = Found<Fraction>>, kind: &Kind) -> Found<i128> {
        let parts: Vec<Fraction> = parts.collect::<Found<_>>()?;
        let mean = parts.iter().sum::<Fraction>() / parts.len() as i128;
        if self.misread(Bug::MeanCutOff) {
            return Ok((mean * unit(kind)).trunc().to_integer());
        }
        Ok(kept(mean, kind))
    }

    /// What a body is worth for each entry that a list has; 1 without one.
    fn of_each(&self, name: &str, list: &str, body: Option<&Tree>) -> Found<Vec<i128>> {
        let entries = self.lists.get(list).ok_or(Fault::NotThere)?;
        let mut worth = Vec::new();
        for entry in entries {
            let fields = entry
                .iter()
                .map(|(field, value)| (format!("{name}.{field}"), *value));
            let inner = Names {
                values: fields.collect(),
                policy: self.policy,
                ..Names::default()
            };
            worth.push(match body {
                Some(body) => inner.number(body)?,
                None => 1,
            });
        }
        Ok(worth)
    }

    /// A function over the entries that a list has.
    fn over(
        &self,
        fold: Fold,
        name: &str,
        list: &str,
        body: Option<&Tree>,
        kind: &Kind,
    ) -> Found<Value> {
        let worth = self.of_each(name, list, body)?;
        let count = worth.iter().filter(|worth| **worth == 1).count() as i128;
        Ok(match fold {
            Fold::Sum => Some(worth.iter().sum()),
            Fold::Min => worth.iter().min().copied(),
            Fold::Max => worth.iter().max().copied(),
            Fold::Mean if worth.is_empty() => None,
            Fold::Mean => {
                let of = body.map_or(1, |body| unit(&body.kind));
                let parts = worth.iter().map(|worth| Ok(Fraction::new(*worth, of)));
                Some(self.mean(parts, kind)?)
            }
            Fold::Variation => {
                let worth: Vec<Value> = worth.iter().copied().map(Some).collect();
                Some(variation(&worth, Bugs::NONE)?)
            }
            Fold::Count => Some(count),
            Fold::Any => Some(i128::from(count > 0)),
            Fold::All if worth.is_empty() && self.misread(Bug::AllOfNothingIsFalse) => Some(0),
            Fold::All => Some(i128::from(count == worth.len() as i128)),
        })
    }

    /// What a name stands for; figures are worked out where they are read.
    pub(crate) fn named(&self, name: &str) -> Found<Value> {
        if let Some(value) = self.values.get(name) {
            return Ok(*value);
        }
        if let Some(value) = self.figures.borrow().get(name) {
            return Ok(*value);
        }
        let mut values = self.policy.into_iter().flat_map(|policy| &policy.values);
        let named = values
            .find(|value| value.name == name)
            .ok_or(Fault::NotThere)?;
        let value = self.figure(&named.figure)?;
        self.figures.borrow_mut().insert(name.to_owned(), value);
        Ok(value)
    }

    /// What a figure comes to.
    pub(crate) fn figure(&self, figure: &Figure) -> Found<Value> {
        match figure {
            Figure::Formula(tree) => self.worth(tree),
            Figure::Table(table) => {
                let inputs = self.columns(&table.columns)?;
                table.figure(&inputs, self.misread(Bug::OrderLeftOut))
            }
            Figure::Constant(value) => Ok(Some(*value)),
            Figure::Share(tree, share) => {
                let share = Fraction::new(self.number(tree)? * share, MILLION);
                let rounding = match self.misread(Bug::ShareToTheNearest) {
                    true => Rounding::HalfUp,
                    false => Rounding::Down,
                };
                Ok(Some(round(share, rounding, Bugs::NONE)))
            }
        }
    }

    /// The values of a table's columns.
    pub(crate) fn columns(&self, columns: &[(String, Kind)]) -> Found<Vec<Value>> {
        columns.iter().map(|(name, _)| self.named(name)).collect()
    }

    /// A list-valued figure.
    fn listing(&self, name: &str) -> Found<Vec<i128>> {
        let mut values = self.policy.into_iter().flat_map(|policy| &policy.values);
        match values
            .find(|value| value.name == name)
            .map(|value| &value.figure)
        {
            Some(Figure::Table(table)) => Ok(table.listing(&self.columns(&table.columns)?)),
            _ => Err(Fault::NotThere),
        }
    }

    /// Adds a name, or gives it another value.
    pub(crate) fn put(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// The same names and the fields of an entry, by their bare names.
    pub(crate) fn with_fields(&self, fields: &BTreeMap<String, Value>) -> Self {
        let mut names = self.clone();
        names
            .values
            .extend(fields.iter().map(|(name, value)| (name.clone(), *value)));
        names
    }
}

pub(super) fn within(value: i128, range: &Range) -> bool {
    let from = if range.low_in {
        value >= range.low
    } else {
        value > range.low
    };
    let to = if range.high_in {
        value <= range.high
    } else {
        value < range.high
    };
    from && to
}
