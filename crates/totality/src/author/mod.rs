//! A policy as its author reads it: trees with kinds, walked as they stand,
//! before a compiler has made steps of them.
//!
//! What the compiler does to a policy (units to scales, conditions to guards,
//! lists to one question for each field of each entry, tables sorted and cut,
//! bands chosen) is done nowhere here, so that a mistake in it shows.

mod after;
mod before;
mod cross_check;
mod formula;
mod table;

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::model::policy::Policy;
use crate::naive::number::Value;

pub(crate) use after::{Facts, Seen};
pub(crate) use before::Answers;

/// What names stand for in formulas.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names<'a> {
    /// Numbers, truths, days and options by name; of an entry of a list as
    /// `e.field`.
    pub(crate) values: BTreeMap<String, Value>,
    /// The entries of each list: their fields by bare name.
    pub(crate) lists: BTreeMap<String, Vec<BTreeMap<String, Value>>>,
    /// Whose tables and figures there are.
    pub(crate) policy: Option<&'a Policy>,
    /// Figures that were worked out.
    pub(crate) figures: RefCell<BTreeMap<String, Value>>,
}
