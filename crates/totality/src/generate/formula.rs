//! Formulas by kind and need.

use fastrand::Rng;
use prequal::policy::Kind;

use super::scope::{Entry, between, once_in};
use crate::model::tree::{Expr, Fold, Function, ListFunction, Operator, Range, Tree};

/// Magnitudes that leave room for a few operations more.
pub(crate) const LARGE: i128 = 1 << 42;
const MILLION: i128 = 1_000_000;
const HOW_OFTEN: usize = 6;

/// The formulas of one side of the waist.
pub(crate) struct Formulas<'a> {
    pub(crate) random: &'a mut Rng,
    pub(crate) entries: &'a [Entry],
    pub(crate) lists: &'a [ListScope],
    pub(crate) tables: &'a [TableScope],
    pub(crate) list_values: &'a [ListValue],
}

/// A figure that is a list of outputs.
#[derive(Clone, Debug)]
pub(crate) struct ListValue {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// What can be in it.
    pub(crate) outputs: Vec<i128>,
    /// How many can be in it.
    pub(crate) rows: i128,
}

impl<'a> Formulas<'a> {
    /// Formulas that read these.
    pub(crate) fn new(random: &'a mut Rng, entries: &'a [Entry]) -> Formulas<'a> {
        Formulas {
            random,
            entries,
            lists: &[],
            tables: &[],
            list_values: &[],
        }
    }
}

/// A list that formulas can go over.
#[derive(Clone, Debug)]
pub(crate) struct ListScope {
    pub(crate) name: String,
    pub(crate) may_be_empty: bool,
    pub(crate) most: i128,
    /// By their bare names.
    pub(crate) fields: Vec<Entry>,
}

/// A named table that formulas can call.
#[derive(Clone, Debug)]
pub(crate) struct TableScope {
    pub(crate) name: String,
    /// What each argument has to be, by an entry of the same range.
    pub(crate) arguments: Vec<Entry>,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    pub(crate) low: i128,
    pub(crate) high: i128,
}

impl Formulas<'_> {
    /// A formula of this kind that is never missing and says its kind.
    pub(crate) fn of(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        for _ in 0..HOW_OFTEN {
            let tree = match kind {
                Kind::Boolean => self.truth(depth),
                kind => self.present(kind, depth),
            };
            if let Some(tree) = tree.filter(|tree| tree.anchored && fits(tree)) {
                return Some(tree);
            }
        }
        self.leaf(kind).filter(|tree| tree.anchored)
    }

    /// The same, or a constant.
    fn any(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let tree = match kind {
            Kind::Boolean => self.truth(depth),
            kind => self.present(kind, depth),
        };
        tree.filter(fits).or_else(|| self.leaf(kind))
    }

    /// A name of this kind, with a way out where it may be missing.
    fn leaf(&mut self, kind: &Kind) -> Option<Tree> {
        let alike: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.kind == *kind && entry.is_exact())
            .collect();
        let Some(entry) = self.random.choice(alike).cloned() else {
            return self.constant(kind);
        };
        Some(self.filled(entry.tree()))
    }

    /// A part that is never missing.
    fn filled(&mut self, tree: Tree) -> Tree {
        if !tree.optional {
            return tree;
        }
        let mut value = between(self.random, tree.low, tree.high);
        if tree.kind == Kind::Period {
            value = value.max(0);
        }
        let otherwise = Tree::constant(value, &tree.kind);
        let (low, high, kind) = (tree.low, tree.high.max(value), tree.kind.clone());
        Tree::of(
            Expr::Else(tree.boxed(), otherwise.boxed()),
            kind,
            (low, high),
        )
    }

    fn constant(&mut self, kind: &Kind) -> Option<Tree> {
        let value = match kind {
            Kind::Integer => between(self.random, -20, 60),
            Kind::Money => between(self.random, -1_000, 500_000),
            Kind::Ratio | Kind::Real => between(self.random, -MILLION, 3 * MILLION),
            Kind::Boolean => i128::from(self.random.bool()),
            Kind::Date => between(self.random, 8_000, 25_000),
            Kind::Period => between(self.random, 1, 60),
            Kind::Choice(options) => self.random.usize(..options.len()) as i128,
        };
        Some(Tree::constant(value, kind))
    }

    /// A number, day or option.
    fn present(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        if depth == 0 {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        if once_in(self.random, 7) {
            return self.branch(kind, depth);
        }
        if once_in(self.random, 9)
            && let Some(tree) = self.call_table(kind)
        {
            return Some(tree);
        }
        if once_in(self.random, 5)
            && let Some(tree) = self.of_list_value(kind)
        {
            return Some(tree);
        }
        if once_in(self.random, 4)
            && let Some(tree) = self.over_list(kind, depth)
        {
            return Some(tree);
        }
        match kind {
            Kind::Boolean => self.truth(depth),
            Kind::Choice(_) => self.leaf(kind),
            Kind::Date => match self.random.u8(..4) {
                0 => self.extreme(kind, depth),
                1 => self.shifted(depth),
                _ => self.leaf(kind),
            },
            Kind::Integer => match self.random.u8(..11) {
                0 | 1 => self.sum(kind, depth),
                2 => self.product(&Kind::Integer, &Kind::Integer, kind, depth),
                3 => self.extreme(kind, depth),
                4 => self.magnitude(kind, depth),
                5 => self.rounded(kind, depth),
                6 => self.apart(depth),
                7 => self.calendar(depth),
                8 => self.days_between(depth),
                9 => self.negative(kind, depth),
                _ => self.leaf(kind),
            },
            Kind::Money => match self.random.u8(..15) {
                13 => self.mean(kind, kind, depth),
                14 => self.instalment(depth),
                0..=2 => self.sum(kind, depth),
                3 => self.product(kind, &Kind::Ratio, kind, depth),
                4 => self.product(kind, &Kind::Integer, kind, depth),
                5 => self.quotient(kind, &Kind::Integer, kind, depth),
                6 => self.quotient(kind, &Kind::Ratio, kind, depth),
                7 => self.extreme(kind, depth),
                8 => self.magnitude(kind, depth),
                9 => self.rounded(kind, depth),
                10 => self.negative(kind, depth),
                11 => self.with_real(kind, depth),
                _ => self.leaf(kind),
            },
            Kind::Ratio => match self.random.u8(..17) {
                14 => self.quotient(&Kind::Real, &Kind::Real, kind, depth),
                15 => self.quotient(&Kind::Period, &Kind::Period, kind, depth),
                16 => self.mean(kind, kind, depth),
                0 | 1 => self.sum(kind, depth),
                2 => self.product(kind, kind, kind, depth),
                3 => self.product(kind, &Kind::Integer, kind, depth),
                4 => self.quotient(&Kind::Money, &Kind::Money, kind, depth),
                5 => self.quotient(&Kind::Integer, &Kind::Integer, kind, depth),
                6 => self.quotient(kind, &Kind::Integer, kind, depth),
                7 => self.quotient(&Kind::Integer, kind, kind, depth),
                8 => self.quotient(kind, kind, kind, depth),
                9 => self.extreme(kind, depth),
                10 => self.rounded(kind, depth),
                11 | 12 => self.dispersion(depth),
                _ => self.leaf(kind),
            },
            Kind::Real => match self.random.u8(..11) {
                0 | 1 => self.sum(kind, depth),
                2 => self.product(kind, kind, kind, depth),
                3 => self.product(kind, &Kind::Ratio, kind, depth),
                4 => self.product(kind, &Kind::Integer, kind, depth),
                5 => self.quotient(kind, &Kind::Integer, kind, depth),
                6 => self.quotient(kind, &Kind::Ratio, kind, depth),
                7 => self.quotient(&Kind::Integer, kind, kind, depth),
                8 => self.mean(&Kind::Integer, kind, depth),
                9 => self.extreme(kind, depth),
                _ => self.leaf(kind),
            },
            Kind::Period => match self.random.u8(..6) {
                0 | 1 => self.sum(kind, depth),
                2 => self.product(kind, &Kind::Integer, kind, depth),
                3 => self.span(depth),
                4 => self.extreme(kind, depth),
                _ => self.leaf(kind),
            },
        }
    }

    fn branch(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let condition = self.of(&Kind::Boolean, depth)?;
        let (a, b) = (self.any(kind, depth)?, self.any(kind, depth)?);
        let bounds = (a.low.min(b.low), a.high.max(b.high));
        let anchored = a.anchored || b.anchored;
        let it = Expr::If(condition.boxed(), a.boxed(), b.boxed());
        Some(Tree {
            anchored,
            ..Tree::of(it, kind.clone(), bounds)
        })
    }

    fn sum(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let (a, b) = (self.any(kind, depth)?, self.any(kind, depth)?);
        let anchored = a.anchored || b.anchored;
        let (operator, bounds) = match self.random.bool() {
            true => (Operator::Plus, (a.low + b.low, a.high + b.high)),
            false => (Operator::Minus, (a.low - b.high, a.high - b.low)),
        };
        let it = Expr::Binary(operator, a.boxed(), b.boxed());
        anchored.then(|| Tree::of(it, kind.clone(), bounds))
    }

    fn product(&mut self, a: &Kind, b: &Kind, kind: &Kind, depth: u32) -> Option<Tree> {
        let a = self.of(a, depth)?;
        let b = self.any(b, depth)?;
        let fractional = |kind: &Kind| matches!(kind, Kind::Ratio | Kind::Real);
        let scale = match (&a.kind, &b.kind) {
            (a, b) if fractional(a) && fractional(b) => MILLION,
            (Kind::Money, b) if fractional(b) => MILLION,
            (b, Kind::Money) if fractional(b) => MILLION,
            _ => 1,
        };
        let corners = [
            a.low * b.low,
            a.low * b.high,
            a.high * b.low,
            a.high * b.high,
        ];
        let (low, high) = ends(corners);
        let bounds = (low.div_euclid(scale) - 1, high.div_euclid(scale) + 1);
        let swapped = self.random.bool() && b.anchored;
        let (a, b) = if swapped { (b, a) } else { (a, b) };
        Some(Tree::of(
            Expr::Binary(Operator::Times, a.boxed(), b.boxed()),
            kind.clone(),
            bounds,
        ))
    }

    fn quotient(&mut self, a: &Kind, b: &Kind, kind: &Kind, depth: u32) -> Option<Tree> {
        let dividend = self.any(a, depth)?;
        let divisor = self.of(b, depth)?;
        let scale = match (a, b) {
            (Kind::Money | Kind::Ratio | Kind::Real, Kind::Integer) => 1,
            (Kind::Integer, Kind::Ratio | Kind::Real) => MILLION * MILLION,
            _ => MILLION,
        };
        // A bare whole number over a ratio or over money would be an integer.
        if !dividend.anchored {
            return None;
        }
        let zero = divisor.low <= 0 && divisor.high >= 0;
        let corner = |a: i128, b: i128| (a * scale).div_euclid(b);
        let mut bounds = if zero {
            let most = dividend.low.abs().max(dividend.high.abs()) * scale;
            let low = if dividend.low >= 0 && divisor.low >= 0 {
                0
            } else {
                -most
            };
            (low, most)
        } else {
            let (a, b) = ([dividend.low, dividend.high], [divisor.low, divisor.high]);
            let (low, high) = ends(
                a.into_iter()
                    .flat_map(|a| b.into_iter().map(move |b| corner(a, b))),
            );
            (low, high + 1)
        };
        let otherwise = match zero {
            true => Some(self.any(kind, 0)?),
            false => None,
        };
        if let Some(otherwise) = &otherwise {
            bounds = (bounds.0.min(otherwise.low), bounds.1.max(otherwise.high));
        }
        let it = Expr::Quotient(
            dividend.boxed(),
            divisor.boxed(),
            otherwise.map(Tree::boxed),
        );
        Some(Tree::of(it, kind.clone(), bounds))
    }

    /// Money times or over a measured quantity.
    fn with_real(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        if !self.entries.iter().any(|entry| entry.kind == Kind::Real) {
            return self.leaf(kind);
        }
        match self.random.bool() {
            true => self.product(kind, &Kind::Real, kind, depth),
            false => self.quotient(kind, &Kind::Real, kind, depth),
        }
    }

    fn several(&mut self, kind: &Kind, depth: u32) -> Option<Vec<Tree>> {
        let count = 2 + usize::from(once_in(self.random, 3));
        let mut parts = vec![self.of(kind, depth)?];
        while parts.len() < count {
            parts.push(self.any(kind, depth)?);
        }
        self.random.shuffle(&mut parts);
        Some(parts)
    }

    fn extreme(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let parts = self.several(kind, depth)?;
        let (least, lowest) = ends(parts.iter().map(|part| part.low));
        let (highest, most) = ends(parts.iter().map(|part| part.high));
        Some(match self.random.bool() {
            true => Tree::of(
                Expr::Call(Function::Min, parts),
                kind.clone(),
                (least, highest),
            ),
            false => Tree::of(
                Expr::Call(Function::Max, parts),
                kind.clone(),
                (lowest, most),
            ),
        })
    }

    fn magnitude(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let part = self.of(kind, depth)?;
        let bounds = (0, part.low.abs().max(part.high.abs()));
        Some(Tree::of(
            Expr::Call(Function::Abs, vec![part]),
            kind.clone(),
            bounds,
        ))
    }

    fn negative(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let part = self.of(kind, depth)?;
        let bounds = (-part.high, -part.low);
        Some(Tree::of(Expr::Negative(part.boxed()), kind.clone(), bounds))
    }

    fn rounded(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let part = self.of(kind, depth)?;
        let width = (part.high - part.low).clamp(2, MILLION);
        let step = between(self.random, 1, width / 2 + 1);
        let function = *self
            .random
            .choice(&[Function::Round, Function::Floor, Function::Ceil])?;
        let bounds = (part.low - step, part.high + step);
        let step = Tree::constant(step, kind);
        Some(Tree::of(
            Expr::Call(function, vec![part, step]),
            kind.clone(),
            bounds,
        ))
    }

    /// Whole months or years between two days.
    fn apart(&mut self, depth: u32) -> Option<Tree> {
        let (from, to) = (self.of(&Kind::Date, depth)?, self.of(&Kind::Date, depth)?);
        let days = (to.low - from.high, to.high - from.low);
        let (function, length) = match self.random.bool() {
            true => (Function::Years, 365),
            false => (Function::Months, 28),
        };
        let bounds = (days.0.div_euclid(length) - 1, days.1.div_euclid(length) + 1);
        Some(Tree::of(
            Expr::Call(function, vec![from, to]),
            Kind::Integer,
            bounds,
        ))
    }

    fn days_between(&mut self, depth: u32) -> Option<Tree> {
        let (to, from) = (self.of(&Kind::Date, depth)?, self.of(&Kind::Date, depth)?);
        let bounds = (to.low - from.high, to.high - from.low);
        let it = Expr::Binary(Operator::Minus, to.boxed(), from.boxed());
        Some(Tree::of(it, Kind::Integer, bounds))
    }

    /// The month or year of a day.
    fn calendar(&mut self, depth: u32) -> Option<Tree> {
        let day = self.of(&Kind::Date, depth)?;
        let (function, bounds) = match self.random.bool() {
            true => (Function::Month, (1, 12)),
            // Years count from 1970 as days do.
            false => (
                Function::Year,
                (
                    1969 + day.low.div_euclid(366),
                    1971 + day.high.div_euclid(365),
                ),
            ),
        };
        Some(Tree::of(
            Expr::Call(function, vec![day]),
            Kind::Integer,
            bounds,
        ))
    }

    /// A day so many months before or after another.
    fn shifted(&mut self, depth: u32) -> Option<Tree> {
        let day = self.leaf(&Kind::Date).filter(|day| day.anchored)?;
        let span = self.any(&Kind::Period, depth.min(1))?;
        if span.low.abs().max(span.high.abs()) > 1_200 {
            return None;
        }
        let (low, high) = (span.low * 31, span.high * 31);
        let (least, most) = (low.min(span.low * 28), high.max(span.high * 28));
        let (operator, bounds) = match self.random.bool() {
            true => (Operator::Plus, (day.low + least - 31, day.high + most)),
            false => (Operator::Minus, (day.low - most - 31, day.high - least)),
        };
        let it = Expr::Binary(operator, day.boxed(), span.boxed());
        Some(Tree::of(it, Kind::Date, bounds))
    }

    /// Whole months between two days, as a length of time.
    fn span(&mut self, depth: u32) -> Option<Tree> {
        let (from, to) = (self.of(&Kind::Date, depth)?, self.of(&Kind::Date, depth)?);
        let days = (to.low - from.high, to.high - from.low);
        let bounds = (days.0.div_euclid(28) - 1, days.1.div_euclid(28) + 1);
        Some(Tree::of(
            Expr::Call(Function::Period, vec![from, to]),
            Kind::Period,
            bounds,
        ))
    }

    /// The mean of several.
    fn mean(&mut self, of: &Kind, kind: &Kind, depth: u32) -> Option<Tree> {
        let parts = self.several(of, depth)?;
        let scale = if *of == Kind::Integer { MILLION } else { 1 };
        let (low, _) = ends(parts.iter().map(|part| part.low * scale));
        let (_, high) = ends(parts.iter().map(|part| part.high * scale));
        Some(Tree::of(
            Expr::Call(Function::Mean, parts),
            kind.clone(),
            (low, high),
        ))
    }

    /// The level instalment of a loan.
    fn instalment(&mut self, depth: u32) -> Option<Tree> {
        let principal = held(self.of(&Kind::Money, depth)?, 0, 10_000_000);
        let rate = match self.random.bool() {
            true => Tree::constant(between(self.random, 0, MILLION), &Kind::Ratio),
            false => held(self.of(&Kind::Ratio, depth)?, 0, MILLION),
        };
        let kind = if self.random.bool() {
            Kind::Integer
        } else {
            Kind::Period
        };
        let months = match self.random.bool() {
            true => Tree::constant(self.random.i128(2..60), &kind),
            false => held(self.of(&kind, depth)?, 2, 60),
        };
        let parts = vec![principal, rate, months];
        Some(Tree::of(
            Expr::Call(Function::Instalment, parts),
            Kind::Money,
            (0, 20_000_000),
        ))
    }

    /// What a list-valued figure comes to.
    fn of_list_value(&mut self, kind: &Kind) -> Option<Tree> {
        let value = self.random.choice(self.list_values.to_vec())?;
        if *kind == Kind::Boolean {
            let output = *self.random.choice(&value.outputs)?;
            let output = Tree::constant(output, &value.kind);
            return Some(Tree::truth(Expr::Holds(output.boxed(), value.name)));
        }
        if *kind == Kind::Integer && (value.kind != Kind::Integer || self.random.bool()) {
            let it = Expr::Of(ListFunction::Count, value.name);
            return Some(Tree::of(it, Kind::Integer, (0, value.rows)));
        }
        if value.kind != *kind {
            return None;
        }
        let (low, high) = ends(value.outputs.iter().copied());
        let function = *self.random.choice(&[
            ListFunction::First,
            ListFunction::Sum,
            ListFunction::Min,
            ListFunction::Max,
        ])?;
        if function == ListFunction::Sum {
            let bounds = ((low * value.rows).min(0), (high * value.rows).max(0));
            return Some(Tree::of(
                Expr::Of(function, value.name),
                kind.clone(),
                bounds,
            ));
        }
        let tree = Tree::of(Expr::Of(function, value.name), kind.clone(), (low, high));
        Some(self.filled(Tree {
            optional: true,
            ..tree
        }))
    }

    /// How far numbers lie apart.
    fn dispersion(&mut self, depth: u32) -> Option<Tree> {
        let kind = self.random.choice([Kind::Integer, Kind::Money])?;
        let parts = self.several(&kind, depth)?;
        if parts.iter().any(|part| part.low < 0 || part.high > 1 << 38) {
            return self.leaf(&Kind::Ratio);
        }
        Some(match self.random.bool() {
            true => Tree::of(
                Expr::Call(Function::Spread, parts),
                Kind::Ratio,
                (0, MILLION),
            ),
            false => {
                let most = 5 * MILLION;
                Tree::of(
                    Expr::Call(Function::Variation, parts),
                    Kind::Ratio,
                    (0, most),
                )
            }
        })
    }

    /// A call of a named table of this kind.
    fn call_table(&mut self, kind: &Kind) -> Option<Tree> {
        let tables: Vec<TableScope> = self
            .tables
            .iter()
            .filter(|table| table.kind == *kind)
            .cloned()
            .collect();
        let table = self.random.choice(tables)?;
        let mut arguments = Vec::new();
        for wanted in &table.arguments {
            let fits = |entry: &&Entry| {
                entry.kind == wanted.kind
                    && entry.is_exact()
                    && (wanted.optional || !entry.optional)
                    && wanted.low <= entry.low
                    && entry.high <= wanted.high
            };
            let alike: Vec<&Entry> = self.entries.iter().filter(fits).collect();
            arguments.push(self.random.choice(alike)?.tree());
        }
        let it = Expr::Table(table.name.clone(), arguments);
        let tree = Tree::of(it, kind.clone(), (table.low, table.high));
        Some(self.filled(Tree {
            optional: table.optional,
            ..tree
        }))
    }

    /// What the entries of a list come to.
    fn over_list(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let list = self.random.choice(self.lists.to_vec())?;
        let entry = "e".to_owned();
        let fields: Vec<Entry> = list
            .fields
            .iter()
            .map(|field| Entry {
                name: format!("{entry}.{}", field.name),
                ..field.clone()
            })
            .collect();
        let mut inner = Formulas::new(&mut *self.random, &fields);
        let over = |fold, body: Option<Tree>| {
            Expr::Over(
                fold,
                entry.clone(),
                list.name.clone(),
                body.map(Tree::boxed),
            )
        };
        match kind {
            Kind::Boolean => {
                let body = inner.of(kind, depth)?;
                let fold = if inner.random.bool() {
                    Fold::Any
                } else {
                    Fold::All
                };
                Some(Tree::truth(over(fold, Some(body))))
            }
            Kind::Integer if inner.random.bool() => {
                let body = if inner.random.bool() {
                    inner.of(&Kind::Boolean, depth)
                } else {
                    None
                };
                Some(Tree::of(
                    over(Fold::Count, body),
                    Kind::Integer,
                    (0, list.most),
                ))
            }
            Kind::Ratio if inner.random.bool() => {
                let of = inner.random.choice([Kind::Money, Kind::Integer])?;
                let body = inner.of(&of, depth).filter(|body| body.low >= 0)?;
                Some(Tree::of(
                    over(Fold::Variation, Some(body)),
                    Kind::Ratio,
                    (0, 24 * MILLION),
                ))
            }
            Kind::Integer | Kind::Money | Kind::Ratio | Kind::Real | Kind::Period => {
                let body = inner.of(kind, depth)?;
                let folds = [Fold::Sum, Fold::Min, Fold::Max, Fold::Mean];
                let fold = *inner.random.choice(&folds)?;
                // The mean of integers is a measured quantity.
                if fold == Fold::Mean && *kind == Kind::Integer {
                    return None;
                }
                let (low, high) = (body.low, body.high);
                if fold == Fold::Sum {
                    let bounds = ((low * list.most).min(0), (high * list.most).max(0));
                    return Some(Tree::of(over(fold, Some(body)), kind.clone(), bounds));
                }
                let tree = Tree::of(over(fold, Some(body)), kind.clone(), (low, high));
                let optional = list.may_be_empty;
                Some(self.filled(Tree { optional, ..tree }))
            }
            Kind::Date | Kind::Choice(_) => None,
        }
    }

    /// A condition.
    fn truth(&mut self, depth: u32) -> Option<Tree> {
        if depth == 0 {
            return self.test();
        }
        let depth = depth - 1;
        match self.random.u8(..8) {
            0 | 1 => {
                let operator = if self.random.bool() {
                    Operator::And
                } else {
                    Operator::Or
                };
                let (a, b) = (
                    self.of(&Kind::Boolean, depth)?,
                    self.of(&Kind::Boolean, depth)?,
                );
                Some(Tree::truth(Expr::Binary(operator, a.boxed(), b.boxed())))
            }
            2 => {
                let part = self.of(&Kind::Boolean, depth)?;
                Some(Tree::truth(Expr::Not(part.boxed())))
            }
            3 => {
                let kind = self.random.choice([
                    Kind::Integer,
                    Kind::Money,
                    Kind::Ratio,
                    Kind::Date,
                    Kind::Real,
                    Kind::Period,
                ])?;
                let (a, b) = (self.of(&kind, depth)?, self.any(&kind, depth)?);
                let operator = self.comparison(true)?;
                let (a, b) = if self.random.bool() { (a, b) } else { (b, a) };
                Some(Tree::truth(Expr::Binary(operator, a.boxed(), b.boxed())))
            }
            4 => self
                .over_list(&Kind::Boolean, depth)
                .or_else(|| self.of_list_value(&Kind::Boolean))
                .or_else(|| self.test()),
            _ => self.test(),
        }
    }

    fn comparison(&mut self, ordered: bool) -> Option<Operator> {
        let operators = match ordered {
            true => &[
                Operator::Less,
                Operator::AtMost,
                Operator::Greater,
                Operator::AtLeast,
                Operator::Equal,
                Operator::NotEqual,
            ][..],
            false => &[Operator::Equal, Operator::NotEqual][..],
        };
        self.random.choice(operators).copied()
    }

    /// A name held against constants, where it may be cut.
    fn test(&mut self) -> Option<Tree> {
        let entry = self.random.choice(self.entries)?.clone();
        if entry.optional && once_in(self.random, 3) {
            return Some(Tree::truth(Expr::Call(
                Function::IsMissing,
                vec![entry.tree()],
            )));
        }
        let part = self.filled(entry.tree());
        match &entry.kind {
            Kind::Boolean if self.random.bool() => return Some(part),
            Kind::Boolean | Kind::Choice(_) => return self.among(&entry, part),
            _ => {}
        }
        if entry.is_exact() && once_in(self.random, 5) {
            return self.among(&entry, part);
        }
        let cut = entry.cut(self.random)?;
        if once_in(self.random, 4)
            && let Some(other) = entry.cut(self.random).filter(|other| *other != cut)
        {
            let (low, high) = (cut.min(other), cut.max(other));
            let (low_in, high_in) = (self.random.bool(), self.random.bool());
            let range = Range {
                low: low - i128::from(!low_in),
                low_in,
                high: high - i128::from(high_in),
                high_in,
            };
            return Some(Tree::truth(Expr::Within(part.boxed(), range)));
        }
        // `x >= t` and `x > t - 1` are the same, and so are their contraries.
        let (operator, turned, value) = match self.random.u8(..4) {
            0 => (Operator::AtLeast, Operator::AtMost, cut),
            1 => (Operator::Less, Operator::Greater, cut),
            2 => (Operator::Greater, Operator::Less, cut - 1),
            _ => (Operator::AtMost, Operator::AtLeast, cut - 1),
        };
        let constant = Tree::constant(value, &entry.kind);
        Some(Tree::truth(match self.random.bool() {
            true => Expr::Binary(operator, part.boxed(), constant.boxed()),
            false => Expr::Binary(turned, constant.boxed(), part.boxed()),
        }))
    }

    /// A name that is one of some values.
    fn among(&mut self, entry: &Entry, part: Tree) -> Option<Tree> {
        let value = between(self.random, entry.low, entry.high);
        if self.random.bool() {
            let operator = self.comparison(false)?;
            let constant = Tree::constant(value, &entry.kind);
            return Some(Tree::truth(Expr::Binary(
                operator,
                part.boxed(),
                constant.boxed(),
            )));
        }
        let mut values = vec![value];
        for _ in 0..self.random.usize(..3) {
            values.push(between(self.random, entry.low, entry.high));
        }
        values.dedup();
        Some(Tree::truth(Expr::Among(part.boxed(), values)))
    }
}

/// A part moved between two ends.
pub(crate) fn held(tree: Tree, low: i128, high: i128) -> Tree {
    let kind = tree.kind.clone();
    let bounds = (tree.low.clamp(low, high), tree.high.clamp(low, high));
    let at_least = vec![tree, Tree::constant(low, &kind)];
    let at_least = Tree::of(
        Expr::Call(Function::Max, at_least),
        kind.clone(),
        (low, high),
    );
    let at_most = vec![Tree::constant(high, &kind), at_least];
    Tree::of(Expr::Call(Function::Min, at_most), kind, bounds)
}

fn fits(tree: &Tree) -> bool {
    -LARGE <= tree.low && tree.high <= LARGE
}

fn ends(values: impl IntoIterator<Item = i128>) -> (i128, i128) {
    let mut low = i128::MAX;
    let mut high = i128::MIN;
    for value in values {
        low = low.min(value);
        high = high.max(value);
    }
    (low, high)
}
