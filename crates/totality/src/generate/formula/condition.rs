//! Conditions.

use prequal::policy::Kind;

use super::Formulas;
use crate::generate::scope::{Entry, between, once_in};
use crate::model::tree::{Expr, Function, Operator, Range, Tree};

impl Formulas<'_> {
    /// A condition.
    pub(super) fn truth(&mut self, depth: u32) -> Option<Tree> {
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

    pub(super) fn comparison(&mut self, ordered: bool) -> Option<Operator> {
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
    pub(super) fn test(&mut self) -> Option<Tree> {
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
    pub(super) fn among(&mut self, entry: &Entry, part: Tree) -> Option<Tree> {
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
