//! Loans from their definitions: the annuity formula in 160 binary digits, the
//! schedule month by month, the annual rate as the root of its equation.

use std::cell::RefCell;
use std::collections::BTreeMap;

use prequal::Rounding;

use super::bug::{Bug, Bugs};
use super::fault::{Fault, Found};
use super::number::{Fixed, Fraction, round};

const MILLION: i128 = 1_000_000;

thread_local! {
    /// Instalments per unit of principal, by yearly rate and months.
    static FACTORS: RefCell<BTreeMap<(i128, i128), Fixed>> = const { RefCell::new(BTreeMap::new()) };
}

/// The level instalment by the formula, rounded up: `P · r / (1 − (1 + r)^−n)`.
pub(crate) fn instalment(principal: i128, rate: i128, months: i128, bugs: Bugs) -> Found<i128> {
    let sound = principal >= 0 && (0..=10 * MILLION).contains(&rate) && (1..=480).contains(&months);
    if !sound {
        return Err(Fault::NotALoan);
    }
    if rate == 0 {
        return Ok(round(Fraction::new(principal, months), Rounding::Up, bugs));
    }
    let level = factor(rate, months).times(&Fixed::of(principal, 1));
    if bugs.has(Bug::InstalmentToTheNearest) {
        return level.nearest();
    }
    if principal == 0 {
        return Ok(0);
    }
    // A double of 1 + r is off by 2^−53, which n multiplications add up, and
    // which weighs the more the less r is.
    let share = Fixed::of(months, 1 << 50).plus(&Fixed::of(12 * MILLION, rate << 50));
    level.ceil(&share)
}

fn factor(rate: i128, months: i128) -> Fixed {
    FACTORS.with_borrow_mut(|known| {
        let entry = known.entry((rate, months));
        let compute = || {
            let monthly = Fixed::of(rate, 12 * MILLION);
            let grown = Fixed::one().plus(&monthly).power(months as u32);
            monthly.times(&grown).over(&grown.minus(&Fixed::one()))
        };
        entry.or_insert_with(compute).clone()
    })
}

/// Interest of a month: a twelfth of the yearly rate, halves up.
fn interest(balance: i128, rate: i128, bugs: Bugs) -> i128 {
    let exact = Fraction::new(balance * rate, 12 * MILLION);
    if bugs.has(Bug::InterestRoundedDown) {
        return exact.floor().to_integer();
    }
    round(exact, Rounding::HalfUp, bugs)
}

/// The rows of a loan with this level instalment: what is paid each month, and
/// of it the interest.
fn rows(principal: i128, rate: i128, months: i128, level: i128, bugs: Bugs) -> Vec<(i128, i128)> {
    let mut balance = principal;
    let mut rows = Vec::new();
    for month in 1..=months {
        let interest = interest(balance, rate, bugs);
        let back = match month == months {
            true => balance,
            false => balance.min(level - interest),
        };
        balance -= back;
        rows.push((back + interest, interest));
    }
    rows
}

/// Whether no row of a loan is more than this.
fn pays_back(principal: i128, rate: i128, months: i128, level: i128, bugs: Bugs) -> bool {
    let rows = rows(principal, rate, months, level, bugs);
    rows.iter().all(|(payment, _)| *payment <= level)
}

/// What a loan comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loan {
    pub(crate) first: i128,
    pub(crate) last: i128,
    pub(crate) interest: i128,
    pub(crate) total: i128,
    pub(crate) simple: i128,
    pub(crate) compound: i128,
}

/// A loan by its terms; `None` where its payments have no annual rate from 0
/// to 100 % a month.
pub(crate) fn loan(principal: i128, rate: i128, months: i128, bugs: Bugs) -> Found<Option<Loan>> {
    let mut level = instalment(principal, rate, months, bugs)?;
    // The least that the last row does not exceed.
    if !bugs.has(Bug::LastRowIsABalloon) {
        let pays = |level| pays_back(principal, rate, months, level, bugs);
        while !pays(level) {
            level += 1;
        }
        while pays(level - 1) {
            level -= 1;
        }
    }
    let rows = rows(principal, rate, months, level, bugs);
    let payments: Vec<i128> = rows.iter().map(|row| row.0).collect();
    let interest: i128 = rows.iter().map(|row| row.1).sum();
    let (Some(first), Some(last)) = (payments.first(), payments.last()) else {
        return Err(Fault::NotALoan);
    };
    let Some((simple, compound)) = annual_rate(principal, &payments)? else {
        return Ok(None);
    };
    Ok(Some(Loan {
        first: *first,
        last: if bugs.has(Bug::LastRowIsLevel) {
            *first
        } else {
            *last
        },
        interest,
        total: payments.iter().sum(),
        simple: if bugs.has(Bug::SimpleRateIsNominal) {
            rate
        } else {
            simple
        },
        compound: if bugs.has(Bug::CompoundRateIsSimple) {
            simple
        } else {
            compound
        },
    }))
}

/// The simple and compound yearly rate in millionths.
fn annual_rate(received: i128, payments: &[i128]) -> Found<Option<(i128, i128)>> {
    let total: i128 = payments.iter().sum();
    if received <= 0 || total < received {
        return Ok(None);
    }
    if total == received {
        return Ok(Some((0, 0)));
    }
    // A start in doubles, from which a few of Newton's steps have all digits.
    let (mut low, mut high) = (0.0_f64, 2.0_f64);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let worth = payments.iter().rev().fold(0.0, |worth, payment| {
            (worth + *payment as f64) / (1.0 + middle)
        });
        if worth > received as f64 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut monthly = Fixed::near(low);
    for _ in 0..3 {
        let discount = Fixed::one().over(&Fixed::one().plus(&monthly));
        let (mut worth, mut slope) = (Fixed::of(0, 1), Fixed::of(0, 1));
        let mut factor = Fixed::one();
        for (number, payment) in (1..).zip(payments) {
            factor = factor.times(&discount);
            let now = factor.times(&Fixed::of(*payment, 1));
            slope = slope.plus(&now.times(&Fixed::of(number, 1)));
            worth = worth.plus(&now);
        }
        let above = worth.minus(&Fixed::of(received, 1));
        monthly = monthly.plus(&above.over(&slope.times(&discount)));
    }
    // What the smallest amounts cost is exactly 100 % a month.
    let highest = Fixed::one().plus(&Fixed::of(1, 1 << 40));
    if !monthly.minus(&highest).is_negative() {
        return Ok(None);
    }
    let simple = monthly.times(&Fixed::of(12 * MILLION, 1)).nearest()?;
    let grown = Fixed::one().plus(&monthly).power(12);
    let compound = grown.minus(&Fixed::one()).times(&Fixed::of(MILLION, 1));
    Ok(Some((simple, compound.nearest()?)))
}

/// The largest multiple of a step whose instalments are within a capacity.
pub(crate) fn affordable(
    capacity: i128,
    rate: i128,
    months: i128,
    step: i128,
    bugs: Bugs,
) -> Found<i128> {
    let fits = |steps: i128| pays_back(steps * step, rate, months, capacity, bugs);
    if capacity <= 0 {
        return Ok(0);
    }
    // Nobody pays back more than everything that they can pay.
    let (mut low, mut high) = (0, (capacity * months).div_euclid(step) + 1);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    if bugs.has(Bug::AffordableStepRoundsUp) {
        return Ok((low + 1) * step);
    }
    Ok(low * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the announcement of the People's Bank: 100 000 at 6 %
    /// over a year, without its fee.
    #[test]
    fn a_known_loan() {
        let loan = loan(10_000_000, 60_000, 12, Bugs::NONE).unwrap().unwrap();
        assert_eq!(loan.first, 860_665);
        assert_eq!(loan.total, 10_000_000 + loan.interest);
        assert_eq!(
            affordable(860_664, 60_000, 12, 100, Bugs::NONE),
            Ok(9_999_900)
        );
    }
}
