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

/// `base` to the power of a real exponent.
pub(crate) fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// `base` to the power of a count, by squaring.
pub(crate) fn power(base: f64, count: u32) -> f64 {
    let (mut result, mut square, mut left) = (1.0, base, count);
    while left > 0 {
        if left & 1 == 1 {
            result *= square;
        }
        square *= square;
        left >>= 1;
    }
    result
}
