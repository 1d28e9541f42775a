//! Numbers, days and lengths of time by what makes them.

use prequal::policy::Kind;

use super::{Formulas, MILLION, ends, held};
use crate::generate::scope::{between, once_in};
use crate::model::tree::{Expr, Function, Operator, Tree};

impl Formulas<'_> {
    pub(super) fn branch(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
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

    pub(super) fn sum(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let (a, b) = (self.any(kind, depth)?, self.any(kind, depth)?);
        let anchored = a.anchored || b.anchored;
        let (operator, bounds) = match self.random.bool() {
            true => (Operator::Plus, (a.low + b.low, a.high + b.high)),
            false => (Operator::Minus, (a.low - b.high, a.high - b.low)),
        };
        let it = Expr::Binary(operator, a.boxed(), b.boxed());
        anchored.then(|| Tree::of(it, kind.clone(), bounds))
    }

    pub(super) fn product(&mut self, a: &Kind, b: &Kind, kind: &Kind, depth: u32) -> Option<Tree> {
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

    pub(super) fn quotient(&mut self, a: &Kind, b: &Kind, kind: &Kind, depth: u32) -> Option<Tree> {
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
    pub(super) fn with_real(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        if !self.entries.iter().any(|entry| entry.kind == Kind::Real) {
            return self.leaf(kind);
        }
        match self.random.bool() {
            true => self.product(kind, &Kind::Real, kind, depth),
            false => self.quotient(kind, &Kind::Real, kind, depth),
        }
    }

    pub(super) fn several(&mut self, kind: &Kind, depth: u32) -> Option<Vec<Tree>> {
        let count = 2 + usize::from(once_in(self.random, 3));
        let mut parts = vec![self.of(kind, depth)?];
        while parts.len() < count {
            parts.push(self.any(kind, depth)?);
        }
        self.random.shuffle(&mut parts);
        Some(parts)
    }

    pub(super) fn extreme(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
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

    pub(super) fn magnitude(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let part = self.of(kind, depth)?;
        let bounds = (0, part.low.abs().max(part.high.abs()));
        Some(Tree::of(
            Expr::Call(Function::Abs, vec![part]),
            kind.clone(),
            bounds,
        ))
    }

    pub(super) fn negative(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let part = self.of(kind, depth)?;
        let bounds = (-part.high, -part.low);
        Some(Tree::of(Expr::Negative(part.boxed()), kind.clone(), bounds))
    }

    pub(super) fn rounded(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
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
    pub(super) fn apart(&mut self, depth: u32) -> Option<Tree> {
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

    pub(super) fn days_between(&mut self, depth: u32) -> Option<Tree> {
        let (to, from) = (self.of(&Kind::Date, depth)?, self.of(&Kind::Date, depth)?);
        let bounds = (to.low - from.high, to.high - from.low);
        let it = Expr::Binary(Operator::Minus, to.boxed(), from.boxed());
        Some(Tree::of(it, Kind::Integer, bounds))
    }

    /// The month or year of a day.
    pub(super) fn calendar(&mut self, depth: u32) -> Option<Tree> {
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
    pub(super) fn shifted(&mut self, depth: u32) -> Option<Tree> {
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
    pub(super) fn span(&mut self, depth: u32) -> Option<Tree> {
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
    pub(super) fn mean(&mut self, of: &Kind, kind: &Kind, depth: u32) -> Option<Tree> {
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
    pub(super) fn instalment(&mut self, depth: u32) -> Option<Tree> {
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

    /// How far numbers lie apart.
    pub(super) fn dispersion(&mut self, depth: u32) -> Option<Tree> {
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
}
