//! Arithmetic of the naive interpreter: exact fractions, and one rounding at
//! the end, by the definition of each direction.

use std::cell::RefCell;
use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_rational::Ratio;
use num_traits::{One as _, Signed as _, ToPrimitive as _};
use prequal::Rounding;

use super::bug::{Bug, Bugs};
use super::fault::{Fault, Found};

/// The largest magnitude of any value: 2^53 − 1.
pub(crate) const LARGEST: i128 = 9_007_199_254_740_991;

/// A value: an integer in the unit of its kind, or missing.
pub(crate) type Value = Option<i128>;

/// An exact fraction of what fits a machine's integers.
pub(crate) type Fraction = Ratio<i128>;

/// Rounds a fraction.
pub(crate) fn round(fraction: Fraction, rounding: Rounding, bugs: Bugs) -> i128 {
    match rounding {
        Rounding::Down if bugs.has(Bug::DownTowardZero) => fraction.trunc().to_integer(),
        Rounding::Down => fraction.floor().to_integer(),
        Rounding::Up if bugs.has(Bug::UpAddsOneAlways) => fraction.floor().to_integer() + 1,
        Rounding::Up => fraction.ceil().to_integer(),
        Rounding::HalfUp if bugs.has(Bug::HalvesAwayFromZero) => fraction.round().to_integer(),
        Rounding::HalfUp if bugs.has(Bug::HalvesToEven) => {
            let (below, half) = (fraction.floor(), Fraction::new(1, 2));
            let up = fraction - below > half
                || (fraction - below == half && below.to_integer().is_odd());
            below.to_integer() + i128::from(up)
        }
        Rounding::HalfUp if bugs.has(Bug::HalvesCutOff) => fraction.trunc().to_integer(),
        Rounding::HalfUp => (fraction + Fraction::new(1, 2)).floor().to_integer(),
    }
}

/// A value that every number has to keep to.
pub(crate) fn countable(value: i128) -> Found<i128> {
    if value.abs() <= LARGEST {
        Ok(value)
    } else {
        Err(Fault::Overflow)
    }
}

/// Bits after the binary point of [`Fixed`].
const BITS: u64 = 160;

/// A real number, known to far more digits than a double has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fixed(BigInt);

impl Fixed {
    pub(crate) fn of(numerator: i128, denominator: i128) -> Fixed {
        Fixed((BigInt::from(numerator) << BITS) / BigInt::from(denominator))
    }

    pub(crate) fn one() -> Fixed {
        Fixed(BigInt::one() << BITS)
    }

    /// From a double, which is a fraction of a power of two.
    pub(crate) fn near(value: f64) -> Fixed {
        const SCALE: f64 = (1_u64 << 60) as f64;
        Fixed(BigInt::from((value * SCALE) as i128) << (BITS - 60))
    }

    pub(crate) fn plus(&self, other: &Fixed) -> Fixed {
        Fixed(&self.0 + &other.0)
    }

    pub(crate) fn minus(&self, other: &Fixed) -> Fixed {
        Fixed(&self.0 - &other.0)
    }

    pub(crate) fn times(&self, other: &Fixed) -> Fixed {
        Fixed((&self.0 * &other.0) >> BITS)
    }

    pub(crate) fn over(&self, other: &Fixed) -> Fixed {
        Fixed((&self.0 << BITS) / &other.0)
    }

    /// One multiplication after another.
    pub(crate) fn power(&self, count: u32) -> Fixed {
        (0..count).fold(Fixed::one(), |product, _| product.times(self))
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Whether the number is no further from zero than this.
    pub(crate) fn is_within(&self, distance: &Fixed) -> bool {
        self.0.abs() <= distance.0
    }

    /// To the power of a fraction, by the series of logarithm and exponential
    /// function. The number is above zero.
    pub(crate) fn power_of(&self, numerator: i128, denominator: i128) -> Fixed {
        let exponent = Fixed::of(numerator, denominator);
        self.logarithm().times(&exponent).exponential()
    }

    /// The natural logarithm: `2 Σ y^(2n+1) / (2n + 1)` with
    /// `y = (x − 1) / (x + 1)`, of a number halved until it is below 2.
    fn logarithm(&self) -> Fixed {
        let (mut left, mut halvings) = (self.clone(), 0);
        while !left.minus(&Fixed::of(2, 1)).is_negative() {
            left = Fixed(left.0 >> 1);
            halvings += 1;
        }
        let part = left.minus(&Fixed::one()).over(&left.plus(&Fixed::one()));
        let square = part.times(&part);
        let (mut sum, mut power) = (Fixed::of(0, 1), part);
        for n in 0..64 {
            sum = sum.plus(&power.over(&Fixed::of(2 * n + 1, 1)));
            power = power.times(&square);
        }
        let whole = ln2().times(&Fixed::of(halvings, 1));
        sum.plus(&sum).plus(&whole)
    }

    /// `e` to this power, which is within 0 and some dozens: by the series, of
    /// the number without its whole multiples of `ln 2`.
    fn exponential(&self) -> Fixed {
        let ln2 = ln2();
        let (mut left, mut doublings) = (self.clone(), 0_u64);
        while !left.minus(&ln2).is_negative() {
            left = left.minus(&ln2);
            doublings += 1;
        }
        let (mut sum, mut term) = (Fixed::one(), Fixed::one());
        for n in 1..=60 {
            term = term.times(&left).over(&Fixed::of(n, 1));
            sum = sum.plus(&term);
        }
        Fixed(sum.0 << doublings)
    }

    /// The integer at or above. `Err` where the number, off by this share of
    /// itself, could have another: there nothing can be said of doubles.
    pub(crate) fn ceil(&self, share: &Fixed) -> Found<i128> {
        let tolerance = self.times(share).plus(&Fixed(BigInt::one() << (BITS - 40)));
        let (low, high) = (self.minus(&tolerance), self.plus(&tolerance));
        let above = |number: &Fixed| whole(&-(-&number.0).div_floor(&(BigInt::one() << BITS)));
        match above(&low) == above(&high) {
            true => Ok(above(self)),
            false => Err(Fault::TooNear),
        }
    }

    /// The nearest integer. `Err` where the number is so near to a half that
    /// doubles may differ.
    pub(crate) fn nearest(&self) -> Found<i128> {
        let half = BigInt::one() << (BITS - 1);
        let tolerance = (BigInt::one() << (BITS - 20)) + (self.0.abs() >> 40);
        let below = |number: BigInt| whole(&number.div_floor(&(BigInt::one() << BITS)));
        let near = &self.0 + half;
        match below(&near - &tolerance) == below(&near + &tolerance) {
            true => Ok(below(near)),
            false => Err(Fault::TooNear),
        }
    }
}

fn whole(number: &BigInt) -> i128 {
    number.to_i128().unwrap_or(i128::MAX)
}

thread_local! {
    /// Powers of two by exponent, as numerator and denominator.
    static POWERS: RefCell<BTreeMap<(i128, i128), Fixed>> = const { RefCell::new(BTreeMap::new()) };
}

/// 2 to the power of a fraction: whole powers by doubling, the rest by the
/// series of the exponential function.
pub(crate) fn two_to(numerator: i128, denominator: i128) -> Fixed {
    POWERS.with_borrow_mut(|known| {
        let power = known.entry((numerator, denominator));
        power
            .or_insert_with(|| power_of_two(numerator, denominator))
            .clone()
    })
}

fn power_of_two(numerator: i128, denominator: i128) -> Fixed {
    let whole = numerator.div_euclid(denominator);
    let part = numerator.rem_euclid(denominator);
    let sum = ln2().times(&Fixed::of(part, denominator)).exponential();
    let doublings = whole.unsigned_abs().min(4_096) as u64;
    Fixed(if whole < 0 {
        sum.0 >> doublings
    } else {
        sum.0 << doublings
    })
}

/// The natural logarithm of 2: `Σ 1 / (n · 2^n)`.
fn ln2() -> Fixed {
    let parts = (1..=BITS).map(|n| Fixed(Fixed::of(1, i128::from(n)).0 >> n));
    parts.fold(Fixed::of(0, 1), |sum, part| sum.plus(&part))
}

/// The largest integer whose square is not above.
pub(crate) fn root(square: &BigInt) -> BigInt {
    // Digit by digit in base 2.
    let mut found = BigInt::from(0);
    for bit in (0..=square.bits() / 2).rev() {
        let more = &found + (BigInt::one() << bit);
        if &more * &more <= *square {
            found = more;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_fractions() {
        // 4^(5/2) = 32 and 10^(1/2), to far more digits than these.
        let millions = |fixed: Fixed| fixed.times(&Fixed::of(1_000_000, 1)).nearest();
        assert_eq!(millions(Fixed::of(4, 1).power_of(5, 2)), Ok(32_000_000));
        assert_eq!(millions(Fixed::of(10, 1).power_of(1, 2)), Ok(3_162_278));
        assert_eq!(
            millions(Fixed::of(1_001, 1_000).power_of(365, 12)),
            Ok(1_030_868)
        );
    }
}
