//! How a decision came about: for explanations, never digested.

use serde::Serialize;

/// What happened on the way to a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Trace {
    /// Names of the knock-out rules that fired, in declared order.
    pub knockouts: Vec<String>,
    /// Names of the review rules that fired, in declared order.
    pub reviews: Vec<String>,
    /// Names of the rules of an early warning that fired, in declared order.
    pub alerts: Vec<String>,
    /// The bin of each characteristic; empty after a knock-out.
    pub bins: Vec<BinHit>,
}

/// The bin that a characteristic fell into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct BinHit {
    /// The characteristic.
    pub characteristic: String,
    /// The bin's index, in declared order.
    pub bin: u16,
    /// Its points.
    pub points: i32,
    /// The points of the characteristic's best bin.
    pub best: i32,
}
