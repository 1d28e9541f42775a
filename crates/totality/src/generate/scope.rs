//! What formulas can read, and where it may be cut.

use fastrand::Rng;
use prequal::policy::Kind;
pub(crate) use prequal_sample::{between, once_in};

use crate::model::tree::{Expr, Tree};

/// A name that a formula can read.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    pub(crate) low: i128,
    pub(crate) high: i128,
    pub(crate) cuts: Cuts,
    /// Which way it was rounded: up to where a limit reads it with this sign.
    pub(crate) rounded: Rounded,
}

/// Where a comparison may cut an entry: `x >= t` for these `t`.
#[derive(Clone, Debug)]
pub(crate) enum Cuts {
    /// Anywhere.
    Anywhere,
    /// At these.
    At(Vec<i128>),
    /// At multiples of a step and so much.
    Every(i128, i128),
}

/// Whether an entry is told as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounded {
    /// As it is.
    Not,
    /// Down: a limit may rise with it.
    Down,
    /// Up: a limit may fall with it.
    Up,
    /// To the middle: no limit may read it.
    Otherwise,
    /// As what reads it needs: something has to.
    Chosen,
}

impl Entry {
    /// An entry that is told as it is.
    pub(crate) fn exact(name: &str, kind: Kind, optional: bool, low: i128, high: i128) -> Entry {
        let (name, cuts, rounded) = (name.to_owned(), Cuts::Anywhere, Rounded::Not);
        Entry {
            name,
            kind,
            optional,
            low,
            high,
            cuts,
            rounded,
        }
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.rounded == Rounded::Not
    }

    /// Its name as a part of a formula.
    pub(crate) fn tree(&self) -> Tree {
        Tree {
            it: Expr::Name(self.name.clone()),
            kind: self.kind.clone(),
            optional: self.optional,
            low: self.low,
            high: self.high,
            anchored: true,
        }
    }

    /// A place to cut it, inside of its range.
    pub(crate) fn cut(&self, random: &mut Rng) -> Option<i128> {
        match &self.cuts {
            Cuts::Anywhere => {
                (self.low < self.high).then(|| between(random, self.low + 1, self.high))
            }
            Cuts::At(places) => random.choice(places).copied(),
            Cuts::Every(step, offset) => {
                let first = (self.low - offset).div_euclid(*step) + 1;
                let last = (self.high - offset).div_euclid(*step);
                (first <= last).then(|| between(random, first, last) * step + offset)
            }
        }
    }
}
