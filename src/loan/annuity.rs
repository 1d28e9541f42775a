//! The annuity formula.

use crate::math::power;
use crate::{LARGEST, Money, Ratio, Rounding};

/// The level monthly instalment (等额本息) of any principal at one rate and
/// term.
#[derive(Clone, Copy, Debug)]
pub struct Annuity {
    months: u16,
    /// The instalment per unit of principal; absent without interest.
    factor: Option<f64>,
}

impl Annuity {
    /// For a nominal yearly rate over a number of months. `None` for a rate
    /// below zero or no months.
    pub fn new(annual_rate: Ratio, months: u16) -> Option<Annuity> {
        let monthly = annual_rate.to_f64() / 12.0;
        let grown = power(1.0 + monthly, u32::from(months));
        let bears_interest = annual_rate > Ratio::ZERO;
        (annual_rate >= Ratio::ZERO && months > 0).then_some(Annuity {
            months,
            factor: bears_interest.then_some(monthly * grown / (grown - 1.0)),
        })
    }

    /// The instalment in minor units, rounded up: `P · r / (1 − (1 + r)^−n)`
    /// with the monthly rate `r = annual / 12`, and `P / n` without interest.
    /// `None` for a principal below zero or an instalment beyond [`LARGEST`].
    ///
    /// Monotone in the principal: the factor does not depend on it, and
    /// multiplication and rounding of binary64 are monotone.
    pub fn instalment(&self, principal: Money) -> Option<Money> {
        let minor = principal.minor();
        if minor < 0 {
            return None;
        }
        let Some(factor) = self.factor else {
            let level = Rounding::Up.divide(i128::from(minor), i128::from(self.months))?;
            return i64::try_from(level).ok().map(Money::new);
        };
        let level = (minor as f64 * factor).ceil();
        (level <= LARGEST as f64).then_some(Money::new(level as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The announcement's own loan without its fee: 100 000 at 6 % over a
    /// year is 8 606.64 a month (the annuity formula in decimal arithmetic).
    #[test]
    fn a_known_annuity() {
        let annuity = Annuity::new(Ratio::new(60_000), 12).unwrap();
        let instalment = annuity.instalment(Money::new(100_000_00));
        assert_eq!(instalment, Some(Money::new(8_606_65)));
    }
}
