//! The floating-point functions that are the same on every target.
//!
//! SAME BITS: transcendental functions come from the pinned `libm` on every
//! target; `+ - * /`, `sqrt` and `floor` are exact by IEEE 754 and need no
//! wrapper.

use core::f64::consts::LN_2;

/// 2 to the power of `x`, to about `|x|` units in the last place; `libm::exp2` is
/// closer by a table that weighs 2.5 KB on the wire.
pub(crate) fn exp2(x: f64) -> f64 {
    libm::exp(x * LN_2)
}
