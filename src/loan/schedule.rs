//! Repayment schedules in exact minor units.

use serde::Serialize;

use super::calendar::Calendar;
use super::course::{Course, Portion, bisect};
use super::{Annuity, LoanError, LoanTerms};
use crate::{Date, LARGEST, Money, Ratio};

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
    /// The interest that is paid.
    pub interest: Money,
    /// What is still owed afterwards, interest that was deferred with it.
    pub balance: Money,
}

/// A whole repayment schedule. Its principal parts add up to the loan exactly,
/// no part of it is negative, and its last balance is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    calendar: Calendar,
    portions: Vec<Portion>,
}

impl Schedule {
    /// The schedule of a loan. The interest of each period is rounded half up
    /// to the minor unit; the last row takes the remainder, which of level
    /// instalments that are rounded up is never more than one of them.
    ///
    /// # Errors
    /// What is wrong with the terms, as a [`LoanError`].
    ///
    /// ```
    /// use prequal::{Money, Ratio, loan::{LoanTerms, Schedule}};
    /// let start = "2026-01-31".parse()?;
    /// let terms = LoanTerms::monthly(Money::new(100_000_00), Ratio::new(60_000), 12, start);
    /// let rows: Vec<_> = Schedule::of(&terms)?.installments().collect();
    /// assert_eq!(rows[0].payment, Money::new(8_606_65));
    /// assert_eq!(rows[0].due.to_string(), "2026-02-28");
    /// assert_eq!(rows[11].payment, Money::new(8_606_57));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(terms: &LoanTerms) -> Result<Schedule, LoanError> {
        let calendar = calendar(terms)?;
        let portions = Course::new(terms, &calendar)?.run(terms.principal)?;
        Ok(Schedule { calendar, portions })
    }

    /// The rows, in order.
    pub fn installments(&self) -> impl Iterator<Item = Installment> {
        (1..)
            .zip(&self.portions)
            .map(|(number, portion)| Installment {
                number,
                due: self.calendar.due(number),
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

fn calendar(terms: &LoanTerms) -> Result<Calendar, LoanError> {
    Calendar::new(terms.start, terms.first_due, terms.every, terms.instalments)
}

/// The largest multiple of `step` whose level instalments are at most
/// `capacity` a month; zero where none is.
///
/// Found by bisection of the step grid, which is exact since instalments are
/// monotone in the principal; a principal beyond `capacity × months` cannot
/// fit, since they pay it back. The formula alone comes first, being cheap;
/// what the rounding of interest leaves to the last row is then a matter of
/// few steps.
pub fn largest_principal(capacity: Money, annual_rate: Ratio, months: u16, step: Money) -> Money {
    let terms = LoanTerms::monthly(Money::ZERO, annual_rate, months, Date::EPOCH_2000);
    let course = calendar(&terms).and_then(|calendar| Course::new(&terms, &calendar));
    let (Some(annuity), Ok(course)) = (Annuity::new(annual_rate, months), course) else {
        return Money::ZERO;
    };
    let principal = |steps: i64| Money::new(steps.saturating_mul(step.minor()));
    let formula_fits = |steps: i64| {
        let instalment = annuity.instalment(principal(steps));
        instalment.is_some_and(|instalment| instalment <= capacity)
    };
    let pays_back = |steps: i64| steps <= 0 || course.pays_back(principal(steps), capacity);
    let most = i128::from(capacity.minor()) * i128::from(months);
    let most = most.min(i128::from(LARGEST)) / i128::from(step.minor().max(1));
    let most = i64::try_from(most).unwrap_or(0).max(0);
    let near = bisect(0, most + 1, formula_fits);
    // Rounding may help as well as hurt.
    let (mut down, mut up) = (0, 0);
    while !pays_back(near - down) {
        down = (2 * down).max(1);
    }
    while down == 0 && near + up < most && pays_back(near + up + 1) {
        up = 2 * up + 1;
    }
    let (passes, fails) = match down {
        0 => (near + up / 2, near + up + 1),
        _ => (near - down, near - down / 2),
    };
    principal(bisect(passes, fails, pays_back).max(0))
}
