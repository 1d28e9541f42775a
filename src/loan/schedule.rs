//! Repayment schedules in exact minor units.

use serde::Serialize;

use crate::{Date, LARGEST, Money, Ratio, Rounding};

/// What a schedule is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoanTerms {
    /// What is lent, in minor units; positive.
    pub principal: Money,
    /// The nominal yearly rate.
    pub annual_rate: Ratio,
    /// The number of monthly instalments, at least 1.
    pub months: u16,
    /// The day the money is paid out; instalments are due on the same day of
    /// the following months, or the last day of a shorter month.
    pub start: Date,
}

/// One row of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Installment {
    /// Which one, from 1.
    pub number: u16,
    /// When it is due.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string"))]
    pub due: Date,
    /// What is paid: principal and interest.
    pub payment: Money,
    /// The part that pays the loan back.
    pub principal: Money,
    /// The interest of the month.
    pub interest: Money,
    /// What is still owed afterwards.
    pub balance: Money,
}

/// A whole repayment schedule. Its principal parts add up to the loan exactly
/// and its last balance is zero: the last row takes the remainder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    start: Date,
    portions: Vec<Portion>,
}

/// A payment in its parts. The day it is due is worked out where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Portion {
    payment: Money,
    principal: Money,
    interest: Money,
    balance: Money,
}

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
        let grown = compound(1.0 + monthly, months);
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

/// `base` to the power of a count, by squaring: the same multiplications on
/// every target (SAME BITS).
pub(super) fn compound(base: f64, count: u16) -> f64 {
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

/// The level instalment that pays a loan back: the least whole one, from the
/// formula's on, that leaves no more than itself to the last row.
///
/// Each month's interest is rounded by at most half a unit, which compounds
/// as a payment does, so one unit more nearly always does. Monotone in the
/// principal, since the formula's is and a larger loan leaves more to the end.
fn level(terms: &LoanTerms) -> Option<Money> {
    let formula = Annuity::new(terms.annual_rate, terms.months)?.instalment(terms.principal)?;
    let pays = |more: i64| pays_back(terms, formula.plus(Money::new(more))?);
    if pays(0)? {
        return Some(formula);
    }
    let mut enough = 1;
    while !pays(enough)? {
        enough *= 2;
    }
    let least = bisect(enough, enough / 2, |more| pays(more) == Some(true));
    formula.plus(Money::new(least))
}

/// Of the numbers from one that passes a test toward one that fails it, the
/// last that passes; exact where they pass up to some number and fail beyond.
fn bisect(mut passes: i64, mut fails: i64, test: impl Fn(i64) -> bool) -> i64 {
    while passes.abs_diff(fails) > 1 {
        let middle = passes.midpoint(fails);
        *(if test(middle) {
            &mut passes
        } else {
            &mut fails
        }) = middle;
    }
    passes
}

/// Whether the last row of a loan with this instalment is no more than it.
fn pays_back(terms: &LoanTerms, level: Money) -> Option<bool> {
    let mut balance = terms.principal;
    for _ in 1..terms.months {
        let portion = portion(balance, terms.annual_rate, level)?;
        balance = portion.balance;
    }
    let interest = monthly_interest(balance, terms.annual_rate)?;
    Some(balance.plus(interest)? <= level)
}

/// The part of a month: an instalment, or what is left where that is less.
fn portion(balance: Money, annual_rate: Ratio, level: Money) -> Option<Portion> {
    let interest = monthly_interest(balance, annual_rate)?;
    let principal = level.minus(interest)?.min(balance);
    Some(Portion {
        payment: principal.plus(interest)?,
        principal,
        interest,
        balance: balance.minus(principal)?,
    })
}

/// The largest multiple of `step` whose instalments are at most `capacity` a
/// month; zero where none is.
///
/// Found by bisection of the step grid, which is exact since instalments are
/// monotone in the principal; a principal beyond `capacity × months` cannot
/// fit, since they pay it back. The formula alone comes first, being cheap;
/// what the rounding of interest leaves to the last row is then a matter of
/// few steps.
pub fn largest_principal(capacity: Money, annual_rate: Ratio, months: u16, step: Money) -> Money {
    let Some(annuity) = Annuity::new(annual_rate, months) else {
        return Money::ZERO;
    };
    let principal = |steps: i64| Money::new(steps.saturating_mul(step.minor()));
    let formula_fits = |steps: i64| {
        let instalment = annuity.instalment(principal(steps));
        instalment.is_some_and(|instalment| instalment <= capacity)
    };
    let pays_back = |steps: i64| {
        let terms = LoanTerms {
            principal: principal(steps),
            annual_rate,
            months,
            start: Date::EPOCH_2000,
        };
        steps <= 0 || pays_back(&terms, capacity) == Some(true)
    };
    let most = i128::from(capacity.minor()) * i128::from(months);
    let most = most.min(i128::from(LARGEST)) / i128::from(step.minor().max(1));
    let most = i64::try_from(most).unwrap_or(0).max(0);
    let near = bisect(0, most + 1, formula_fits);
    let mut down = 0;
    while !pays_back(near - down) {
        down = (2 * down).max(1);
    }
    let fits = bisect(near - down, near - down / 2, pays_back);
    principal(fits.max(0))
}

impl Schedule {
    /// Equal monthly instalments; the last row takes the remainder, which is
    /// never more than an instalment. The interest of a month is a twelfth of
    /// the yearly rate on the balance, rounded half up to the minor unit.
    /// `None` where the terms make no loan: nothing lent, no months, a
    /// negative rate, amounts beyond [`LARGEST`], or days after the year 9999.
    pub fn equal_instalments(terms: &LoanTerms) -> Option<Schedule> {
        terms.start.plus_months(i64::from(terms.months))?;
        if terms.principal <= Money::ZERO {
            return None;
        }
        let level = level(terms)?;
        let mut portions = Vec::with_capacity(usize::from(terms.months));
        let mut balance = terms.principal;
        for _ in 0..terms.months {
            let portion = portion(balance, terms.annual_rate, level)?;
            balance = portion.balance;
            portions.push(portion);
        }
        Some(Schedule {
            start: terms.start,
            portions,
        })
    }

    /// The rows, in order.
    pub fn installments(&self) -> impl Iterator<Item = Installment> {
        (1..)
            .zip(&self.portions)
            .map(|(number, portion)| Installment {
                number,
                // The last of these days was found when the schedule was made.
                due: self
                    .start
                    .plus_months(i64::from(number))
                    .unwrap_or(self.start),
                payment: portion.payment,
                principal: portion.principal,
                interest: portion.interest,
                balance: portion.balance,
            })
    }

    /// The sum of all interest; `None` beyond [`LARGEST`].
    pub fn interest(&self) -> Option<Money> {
        let mut portions = self.portions.iter();
        portions.try_fold(Money::ZERO, |sum, portion| sum.plus(portion.interest))
    }

    /// The payments, in order.
    pub fn payments(&self) -> impl DoubleEndedIterator<Item = Money> + Clone {
        self.portions.iter().map(|portion| portion.payment)
    }
}

/// A twelfth of a year's interest on a balance, rounded half up.
fn monthly_interest(balance: Money, annual_rate: Ratio) -> Option<Money> {
    let product = i128::from(balance.minor()) * i128::from(annual_rate.millionths());
    let interest = Rounding::HalfUp.divide(product, 12 * i128::from(Ratio::SCALE))?;
    i64::try_from(interest).ok().map(Money::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(principal: i64, rate: i64, months: u16) -> LoanTerms {
        LoanTerms {
            principal: Money::new(principal),
            annual_rate: Ratio::new(rate),
            months,
            start: "2026-01-31".parse().unwrap(),
        }
    }

    /// The announcement's own loan without its fee: 100 000 at 6 % over a
    /// year is 8 606.64 a month (the annuity formula in decimal arithmetic).
    #[test]
    fn a_known_annuity() {
        let schedule = Schedule::equal_instalments(&terms(100_000_00, 60_000, 12)).unwrap();
        let rows: Vec<Installment> = schedule.installments().collect();
        assert_eq!(rows[0].payment, Money::new(8_606_65));
        assert_eq!(rows[0].interest, Money::new(500_00));
        assert_eq!(rows[0].due, "2026-02-28".parse().unwrap());
        assert_eq!(rows[1].due, "2026-03-31".parse().unwrap());
    }

    /// Loans whose interest, rounded up month after month, would leave more
    /// than an instalment to the last row.
    #[test]
    fn the_last_row_is_no_balloon() {
        for (principal, rate, months) in [
            (9_999_999, 344_738, 480),
            (123_456, 216_132, 480),
            (1_000_001, 228_571, 360),
            (20_000_000, 88_188, 24),
        ] {
            let terms = terms(principal, rate, months);
            let formula = Annuity::new(terms.annual_rate, months).unwrap();
            let formula = formula.instalment(terms.principal).unwrap();
            assert_eq!(pays_back(&terms, formula), Some(false));
            assert_eq!(level(&terms), formula.plus(Money::new(1)));
        }
    }

    #[test]
    fn what_is_no_loan() {
        assert_eq!(Schedule::equal_instalments(&terms(0, 60_000, 12)), None);
        assert_eq!(Schedule::equal_instalments(&terms(-1, 60_000, 12)), None);
        assert_eq!(Schedule::equal_instalments(&terms(1, -1, 12)), None);
        assert_eq!(Schedule::equal_instalments(&terms(1, 0, 0)), None);
    }

    proptest! {
        #[test]
        fn principal_adds_up(principal in 1i64..1_000_000_000_000, rate in 0i64..=10_000_000, months in 1u16..=480) {
            let schedule = Schedule::equal_instalments(&terms(principal, rate, months)).unwrap();
            let rows: Vec<Installment> = schedule.installments().collect();
            let paid: i64 = rows.iter().map(|row| row.principal.minor()).sum();
            prop_assert_eq!(paid, principal);
            prop_assert_eq!(rows.last().unwrap().balance, Money::ZERO);
            prop_assert_eq!(rows.len(), usize::from(months));
            let level = rows[0].payment;
            for row in &rows {
                prop_assert!(row.payment <= level);
                prop_assert!(row.principal >= Money::ZERO && row.interest >= Money::ZERO);
                prop_assert_eq!(row.principal.plus(row.interest), Some(row.payment));
            }
        }

        #[test]
        fn nothing_larger_fits(capacity in 0i64..2_000_000, rate in 0i64..=500_000, months in 1u16..=60, step in 1i64..100_000) {
            let (capacity, annual_rate, step) = (Money::new(capacity), Ratio::new(rate), Money::new(step));
            let found = largest_principal(capacity, annual_rate, months, step);
            let instalment = |principal: Money| {
                let schedule = Schedule::equal_instalments(&terms(principal.minor(), rate, months));
                schedule.unwrap().payments().max().unwrap()
            };
            prop_assert!(found == Money::ZERO || instalment(found) <= capacity);
            prop_assert!(instalment(found.plus(step).unwrap()) > capacity);
        }

        #[test]
        fn a_larger_loan_has_no_smaller_instalment(principal in 1i64..10_000_000, more in 0i64..2_000, rate in 0i64..=500_000, months in 1u16..=480) {
            let instalment = |principal| level(&terms(principal, rate, months)).unwrap();
            prop_assert!(instalment(principal) <= instalment(principal + more));
        }

        #[test]
        fn any_input_is_answered(principal: i64, rate: i64, months: u16, step: i64, shift in 0u32..64) {
            let loan = terms(principal >> shift, rate >> shift, months);
            let _ = Schedule::equal_instalments(&loan);
            let _ = largest_principal(loan.principal, loan.annual_rate, months, Money::new(step));
        }
    }
}
