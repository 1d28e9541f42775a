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

/// The square root, rounded down, of a whole number from 0 to 2^52: its root
/// differs from every whole number below by more than doubles are apart.
pub(crate) fn whole_root(number: i64) -> i64 {
    (number as f64).sqrt() as i64
}

/// The root of this degree of a number from 1 up, to a few units in the last
/// place. Newton's steps fall to it from anything above; `pow` weighs ten
/// times as much on the wire.
pub(crate) fn root(number: f64, degree: u32) -> f64 {
    let count = f64::from(degree);
    // (1 + x)^n is at least 1 + n x (Bernoulli), and above 2 nearly any number.
    let (linear, far) = (
        1.0 + (number - 1.0) / count,
        2.0 + number / power(2.0, degree),
    );
    let mut root = if linear < far { linear } else { far };
    loop {
        let next = root - (root - number / power(root, degree - 1)) / count;
        // Whatever is not a number ends it too.
        if next.partial_cmp(&root) != Some(core::cmp::Ordering::Less) {
            return root;
        }
        root = next;
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_root_is_a_power_of_a_fraction(number in 1.0f64..1e12, degree in 12u32..4_400) {
            let expected = pow(number, 1.0 / f64::from(degree));
            prop_assert!((root(number, degree) - expected).abs() <= 1e-13);
        }
    }

    proptest! {
        #[test]
        fn whole_roots(root in 0i64..67_108_864, less in 0i64..3) {
            for number in [root * root, (root * root - less).max(0)] {
                prop_assert_eq!(whole_root(number), number.isqrt());
            }
        }
    }

    #[test]
    fn what_has_no_root_ends() {
        assert!(!root(f64::INFINITY, 12).is_finite());
        assert!(root(f64::NAN, 12).is_nan());
        assert_eq!(root(1.0, 12), 1.0);
    }
}
