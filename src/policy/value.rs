//! What a step of a formula yields, and what it can yield.

use crate::LARGEST;

/// A value during evaluation: an integer within ±[`LARGEST`], or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(i64);

impl Value {
    /// No value: an optional question left open.
    pub const MISSING: Value = Value(i64::MIN);

    /// A value, moved into ±[`LARGEST`] if it is beyond; in a checked program
    /// none is (TOTAL).
    pub fn new(value: i64) -> Value {
        Value(value.clamp(-LARGEST, LARGEST))
    }

    /// A truth value as 0 or 1.
    pub const fn of(truth: bool) -> Value {
        Value(truth as i64)
    }

    /// The integer, unless it is missing.
    pub fn get(self) -> Option<i64> {
        (self != Value::MISSING).then_some(self.0)
    }

    /// The integer where a checked program proves that there is one.
    pub(super) fn present(self) -> i64 {
        self.get().unwrap_or(0)
    }

    /// Whether it is 1.
    pub fn is_true(self) -> bool {
        self.0 == 1
    }
}

/// What a value can be: an interval, and whether it can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The least value.
    pub low: i64,
    /// The largest value.
    pub high: i64,
    /// Whether it can be missing.
    pub optional: bool,
}

impl Domain {
    /// Of values from one to another, never missing.
    pub const fn between(low: i64, high: i64) -> Domain {
        Domain {
            low,
            high,
            optional: false,
        }
    }

    /// Of what is certainly missing: it holds no value.
    pub const MISSING: Domain = Domain {
        low: 1,
        high: 0,
        optional: true,
    };

    /// Of one value.
    pub fn of(value: Value) -> Domain {
        value.get().map_or(Domain::MISSING, |number| Domain {
            low: number,
            high: number,
            optional: false,
        })
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.low > self.high
    }
}
