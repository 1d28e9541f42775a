//! Cross-checks of figures, and what they compare.

use prequal::policy::Kind;

use super::{Formulas, MILLION, ends, held};
use crate::generate::scope::{between, once_in};
use crate::model::tree::{Expr, Function, Tree};

/// What is compared stays within this, so that its quotients have room.
const COMPARED: i128 = 100_000_000;

impl Formulas<'_> {
    /// A cross-check or what one compares, of this kind.
    pub(super) fn cross_check(&mut self, kind: &Kind, depth: u32) -> Option<Tree> {
        let tree = match (kind, self.random.u8(..4)) {
            (Kind::Ratio, 0) => self.turnover_overstated(depth),
            (Kind::Ratio, 1) => self.margin_overstated(depth),
            (Kind::Ratio, 2) => self.equity_deviation(depth),
            (Kind::Money, 0) => self.sales_from_purchases(depth),
            (Kind::Money, 1 | 2) => self.takings(depth),
            (Kind::Real, _) => self.weighted_mean(&Kind::Integer, kind, depth),
            (Kind::Ratio | Kind::Money, _) => self.weighted_mean(kind, kind, depth),
            _ => None,
        };
        tree.map(|tree| self.filled(tree))
    }

    /// A figure between two ends that may be missing.
    fn possible(&mut self, kind: &Kind, (low, high): (i128, i128), depth: u32) -> Option<Tree> {
        let fits = |entry: &&super::Entry| {
            entry.kind == *kind && entry.is_exact() && low <= entry.low && entry.high <= high
        };
        let alike: Vec<Tree> = self.entries.iter().filter(fits).map(|e| e.tree()).collect();
        match self.random.choice(alike) {
            Some(tree) if self.random.bool() => Some(tree),
            _ => Some(held(self.of(kind, depth)?, low, high)),
        }
    }

    /// What is declared, and what it may be inferred to be.
    fn compared(
        &mut self,
        kind: &Kind,
        bounds: (i128, i128),
        depth: u32,
    ) -> Option<(Tree, Vec<Tree>)> {
        let declared = held(self.of(kind, depth)?, bounds.0, bounds.1);
        let mut inferred = Vec::new();
        for _ in 0..between(self.random, 1, 3) {
            let derived = match kind {
                _ if !once_in(self.random, 3) => None,
                Kind::Money => self.sales_from_purchases(depth),
                _ => self.weighted_mean(kind, kind, depth),
            };
            inferred.push(match derived {
                Some(tree) => tree,
                None => self.possible(kind, bounds, depth)?,
            });
        }
        Some((declared, inferred))
    }

    fn turnover_overstated(&mut self, depth: u32) -> Option<Tree> {
        let (declared, inferred) = self.compared(&Kind::Money, (0, COMPARED), depth)?;
        Some(overstated(
            Function::TurnoverOverstated,
            declared,
            inferred,
            MILLION,
        ))
    }

    fn margin_overstated(&mut self, depth: u32) -> Option<Tree> {
        let bounds = (-COMPARED, COMPARED);
        let (declared, inferred) = self.compared(&Kind::Ratio, bounds, depth)?;
        Some(overstated(
            Function::MarginOverstated,
            declared,
            inferred,
            2 * COMPARED,
        ))
    }

    fn equity_deviation(&mut self, depth: u32) -> Option<Tree> {
        let bounds = (-COMPARED, COMPARED);
        let parts: Option<Vec<Tree>> = (0..6)
            .map(|_| self.possible(&Kind::Money, bounds, depth))
            .collect();
        Some(together(
            Function::EquityDeviation,
            parts?,
            Kind::Ratio,
            (0, 2 * MILLION),
        ))
    }

    fn sales_from_purchases(&mut self, depth: u32) -> Option<Tree> {
        let purchases = self.possible(&Kind::Money, (0, MILLION), depth)?;
        let margin = self.possible(&Kind::Ratio, (-MILLION, MILLION + 200_000), depth)?;
        let bounds = (0, MILLION * MILLION);
        let parts = vec![purchases, margin];
        let tree = together(Function::SalesFromPurchases, parts, Kind::Money, bounds);
        Some(Tree {
            optional: true,
            ..tree
        })
    }

    fn takings(&mut self, depth: u32) -> Option<Tree> {
        let open = match self.random.bool() {
            true => Some(self.possible(&Kind::Integer, (0, 31), depth)?),
            false => None,
        };
        let often = match open {
            Some(_) if self.random.bool() => (Kind::Ratio, (0, MILLION)),
            _ => (Kind::Integer, (0, 31)),
        };
        let mut parts = Vec::new();
        for _ in 0..between(self.random, 1, 3) {
            parts.push(self.possible(&Kind::Money, (0, COMPARED), depth)?);
            parts.push(self.possible(&often.0, often.1, depth)?);
        }
        parts.extend(open);
        let bounds = (0, 31 * COMPARED);
        Some(together(Function::Takings, parts, Kind::Money, bounds))
    }

    /// The mean by weight; that of integers is a measured quantity.
    fn weighted_mean(&mut self, of: &Kind, kind: &Kind, depth: u32) -> Option<Tree> {
        let (most, scale) = match of {
            Kind::Integer => (10_000, MILLION),
            _ => (COMPARED, 1),
        };
        let mut parts = Vec::new();
        let mut values = Vec::new();
        for _ in 0..between(self.random, 2, 3) {
            let value = self.possible(of, (-most, most), depth)?;
            values.extend([value.low, value.high]);
            parts.push(value);
            parts.push(self.possible(&Kind::Integer, (0, 60), depth)?);
        }
        let (low, high) = ends(values);
        let bounds = (low * scale, high * scale);
        let tree = together(Function::WeightedMean, parts, kind.clone(), bounds);
        Some(Tree {
            optional: true,
            ..tree
        })
    }

    /// The mean of a list's entries by weight.
    pub(super) fn weighted_over(
        &mut self,
        kind: &Kind,
        entry: &str,
        list: &str,
        depth: u32,
    ) -> Option<Tree> {
        let value = held(self.of(kind, depth)?, -COMPARED, COMPARED);
        let weight = match self.random.bool() {
            true => held(self.of(&Kind::Ratio, depth)?, 0, MILLION),
            false => held(self.of(&Kind::Integer, depth)?, 0, 60),
        };
        let bounds = (value.low, value.high);
        let (entry, list) = (entry.to_owned(), list.to_owned());
        let it = Expr::Weighted(entry, list, value.boxed(), weight.boxed());
        Some(Tree {
            optional: true,
            ..Tree::of(it, kind.clone(), bounds)
        })
    }

    /// What the largest of a list's at most so many entries are of all.
    pub(super) fn best_of(
        &mut self,
        entry: &str,
        list: &str,
        entries: i128,
        depth: u32,
    ) -> Option<Tree> {
        if entries < 2 {
            return None;
        }
        let kind = self.random.choice([Kind::Money, Kind::Integer])?;
        let body = held(self.of(&kind, depth)?, 0, COMPARED);
        let best = between(self.random, 1, entries - 1);
        let it = Expr::Best(entry.to_owned(), list.to_owned(), body.boxed(), best);
        Some(Tree::of(it, Kind::Ratio, (0, MILLION)))
    }
}

/// Missing where every inference is.
fn overstated(function: Function, declared: Tree, inferred: Vec<Tree>, most: i128) -> Tree {
    let optional = inferred.iter().all(|tree| tree.optional);
    let parts = [declared].into_iter().chain(inferred).collect();
    Tree {
        optional,
        ..Tree::of(Expr::Call(function, parts), Kind::Ratio, (0, most))
    }
}

/// Missing where an argument is.
fn together(function: Function, parts: Vec<Tree>, kind: Kind, bounds: (i128, i128)) -> Tree {
    let optional = parts.iter().any(|tree| tree.optional);
    Tree {
        optional,
        ..Tree::of(Expr::Call(function, parts), kind, bounds)
    }
}
