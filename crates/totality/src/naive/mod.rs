//! A second interpreter of compiled policies, written for this test alone: it
//! takes definitions at their word, looks at every row and every amount, knows
//! no bounds beforehand and gives up where the engine promises never to fail.
//! It shares nothing with the engine but the types that a policy is told in.

mod answer;
pub(crate) mod bug;
pub(crate) mod calendar;
mod card;
mod cost;
mod decide;
mod decode;
pub(crate) mod fault;
mod fit;
mod formula;
pub(crate) mod loan;
pub(crate) mod number;
mod offer;
mod period;
mod recommend;

use prequal::Money;
use prequal::policy::Body;

pub(crate) use answer::Told;
pub(crate) use bug::{Bug, Bugs};
pub(crate) use card::{Facts, probability};
pub(crate) use fault::{Fault, Found};
pub(crate) use fit::Capacity;
pub(crate) use formula::variation;
pub(crate) use offer::Made;
pub(crate) use period::Conditions;

/// A policy as this interpreter has read it.
pub(crate) struct Naive {
    pub(crate) body: Body,
    pub(crate) bugs: Bugs,
}

/// What is looked at, besides the features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) product: usize,
    pub(crate) amount: i128,
    pub(crate) term: i128,
}

impl Naive {
    /// Reads compiled bytes.
    pub(crate) fn read(bytes: &[u8]) -> Option<Naive> {
        decode::decode(bytes).map(|body| Naive {
            body,
            bugs: Bugs::NONE,
        })
    }
}

fn minor(amount: Money) -> i128 {
    i128::from(amount.minor())
}
