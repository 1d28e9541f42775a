//! The floating-point functions that are the same on every target.
//!
//! SAME BITS: transcendental functions come from the pinned `libm` on every
//! target; `+ - * /`, `sqrt` and `floor` are exact by IEEE 754 and need no
//! wrapper.

/// 2 to the power of `x`.
pub(crate) fn exp2(x: f64) -> f64 {
    libm::exp2(x)
}
