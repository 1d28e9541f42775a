//! Formulas by kind and need.

mod condition;
mod cross_check;
mod number;

use fastrand::Rng;
use prequal::policy::Kind;

use super::scope::{Entry, between, once_in};
use crate::model::tree::{Expr, Fold, Function, ListFunction, Tree};

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
        if once_in(self.random, 9)
            && let Some(tree) = self.cross_check(kind, depth)
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

    /// What a list-valued figure comes to.
    pub(super) fn of_list_value(&mut self, kind: &Kind) -> Option<Tree> {
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
            Kind::Ratio if once_in(inner.random, 4) => {
                inner.best_of(&entry, &list.name, list.most, depth)
            }
            Kind::Ratio | Kind::Money if once_in(inner.random, 4) => {
                let tree = inner.weighted_over(kind, &entry, &list.name, depth)?;
                Some(self.filled(tree))
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
