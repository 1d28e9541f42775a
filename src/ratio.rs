//! Fixed-point ratios and rates, and the one place where integers are divided.

use serde::{Deserialize, Serialize};

/// A dimensionless number in millionths: a share, a margin, a yearly rate,
/// a probability. 7.2 % a year is `Ratio::new(72_000)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(transparent)]
pub struct Ratio(i64);

impl Ratio {
    /// Millionths in a whole.
    pub const SCALE: i64 = 1_000_000;

    /// Nothing.
    pub const ZERO: Ratio = Ratio(0);

    /// So many millionths.
    pub const fn new(millionths: i64) -> Ratio {
        Ratio(millionths)
    }

    /// The number of millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The nearest ratio to a finite number, halves up; `None` if it is not
    /// finite or beyond ±2^53 millionths.
    pub fn nearest(value: f64) -> Option<Ratio> {
        let scaled = (value * Ratio::SCALE as f64 + 0.5).floor();
        (scaled.abs() <= crate::LARGEST as f64).then_some(Ratio(scaled as i64))
    }

    /// So much of a number, rounded; `None` beyond 64 bits.
    pub fn of(self, number: i64, rounding: Rounding) -> Option<i64> {
        let product = i128::from(number) * i128::from(self.0);
        let part = rounding.divide(product, i128::from(Ratio::SCALE))?;
        i64::try_from(part).ok()
    }

    /// The ratio as a floating-point number.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Ratio::SCALE as f64
    }
}

/// The direction in which a quotient is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Toward minus infinity.
    Down,
    /// Toward plus infinity.
    Up,
    /// To the nearest integer, halves toward plus infinity.
    HalfUp,
}

impl Rounding {
    /// `numerator / denominator` as an integer; `None` for a denominator of
    /// zero and where the doubling that finds the half would leave `i128`.
    ///
    /// Monotone in the numerator for a positive denominator, whatever the
    /// direction: the CONSERVATIVE tier rests on it.
    pub fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        self.divide_narrow(numerator, denominator)
            .map(i128::from)
            .or_else(|| self.divide_wide(numerator, denominator))
    }

    /// The same where it can be done in 64 bits, as almost always, and
    /// several times faster where 128 are not the machine's own.
    fn divide_narrow(self, numerator: i128, denominator: i128) -> Option<i64> {
        let n = i64::try_from(numerator).ok()?;
        let d = i64::try_from(denominator).ok().filter(|d| *d > 0)?;
        match self {
            Rounding::Down => Some(n.div_euclid(d)),
            Rounding::Up => Some(-(n.checked_neg()?.div_euclid(d))),
            Rounding::HalfUp => {
                let (doubled, d) = (n.checked_mul(2)?, d.checked_mul(2)?);
                Some(doubled.checked_add(d / 2)?.div_euclid(d))
            }
        }
    }

    fn divide_wide(self, numerator: i128, denominator: i128) -> Option<i128> {
        let (n, d) = if denominator < 0 {
            (numerator.checked_neg()?, denominator.checked_neg()?)
        } else {
            (numerator, denominator)
        };
        match self {
            Rounding::Down => n.checked_div_euclid(d),
            Rounding::Up => n.checked_neg()?.checked_div_euclid(d)?.checked_neg(),
            Rounding::HalfUp => n
                .checked_mul(2)?
                .checked_add(d)?
                .checked_div_euclid(d.checked_mul(2)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Both ways of dividing are one.
        #[test]
        fn narrow_is_wide(n: i64, d in 1i64.., shift in 0u32..63) {
            let (n, d) = (i128::from(n >> shift), i128::from(d >> (shift / 2)).max(1));
            for rounding in [Rounding::Down, Rounding::Up, Rounding::HalfUp] {
                if let Some(narrow) = rounding.divide_narrow(n, d) {
                    prop_assert_eq!(Some(i128::from(narrow)), rounding.divide_wide(n, d));
                }
            }
        }

        /// Against the definitions: the nearest integers below and above.
        #[test]
        fn quotients_are_rounded_as_named(n in -1_000_000i128..1_000_000, d in -1_000i128..1_000) {
            let rounded = |rounding: Rounding| rounding.divide(n, d);
            if d == 0 {
                prop_assert_eq!([Rounding::Down, Rounding::Up, Rounding::HalfUp].map(rounded), [None; 3]);
                return Ok(());
            }
            let exact = n as f64 / d as f64;
            prop_assert_eq!(rounded(Rounding::Down), Some(exact.floor() as i128));
            prop_assert_eq!(rounded(Rounding::Up), Some(exact.ceil() as i128));
            prop_assert_eq!(rounded(Rounding::HalfUp), Some((exact + 0.5).floor() as i128));
        }

        #[test]
        fn any_integers_are_answered(n: i128, d: i128) {
            for rounding in [Rounding::Down, Rounding::Up, Rounding::HalfUp] {
                let _ = rounding.divide(n, d);
            }
        }
    }

    #[test]
    fn what_has_no_ratio() {
        assert_eq!(Ratio::nearest(f64::NAN), None);
        assert_eq!(Ratio::nearest(f64::INFINITY), None);
        assert_eq!(Ratio::nearest(1e12), None);
        assert_eq!(Ratio::nearest(0.072_000_5), Some(Ratio::new(72_001)));
        assert_eq!(Ratio::nearest(-0.000_000_5), Some(Ratio::ZERO));
    }
}
