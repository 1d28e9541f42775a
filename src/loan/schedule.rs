//! Repayment schedules in exact minor units.

use serde::Serialize;

use super::amortisation::{Amortisation, Portion};
use super::calendar::Calendar;
use super::{LoanError, LoanTerms};
use crate::{Date, LARGEST, Money, Ratio};

/// One row of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Instalment {
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
    /// instalments that are rounded up is never more than one of them. Where
    /// one unit a month grows to more than all that is left at the end, as over
    /// decades at hundreds of per cent, the debt ends early, and the rows that
    /// remain are zero.
    ///
    /// # Errors
    /// What is wrong with the terms, as a [`LoanError`].
    ///
    /// ```
    /// use prequal::{Money, Ratio, loan::{LoanTerms, Schedule}};
    /// let start = "2026-01-31".parse()?;
    /// let terms = LoanTerms::monthly(Money::new(100_000_00), Ratio::new(60_000), 12, start);
    /// let rows: Vec<_> = Schedule::of(&terms)?.instalments().collect();
    /// assert_eq!(rows[0].payment, Money::new(8_606_65));
    /// assert_eq!(rows[0].due.to_string(), "2026-02-28");
    /// assert_eq!(rows[11].payment, Money::new(8_606_57));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(terms: &LoanTerms) -> Result<Schedule, LoanError> {
        let calendar = calendar(terms)?;
        let portions = Amortisation::new(terms, &calendar)?.run(terms.principal)?;
        Ok(Schedule { calendar, portions })
    }

    /// The rows, in order.
    pub fn instalments(&self) -> impl Iterator<Item = Instalment> {
        (1..)
            .zip(&self.portions)
            .map(|(number, portion)| Instalment {
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
    Calendar::new(
        terms.start,
        terms.first_due,
        terms.frequency,
        terms.instalments,
    )
}

/// The largest multiple of `step` whose level monthly instalments are at most
/// `capacity`; zero where none is.
///
/// Found by bisection of the step grid, which is exact since instalments are
/// monotone in the principal; a principal beyond `capacity × months` cannot
/// fit, since they pay it back.
pub fn largest_principal(capacity: Money, annual_rate: Ratio, months: u16, step: Money) -> Money {
    let terms = LoanTerms::monthly(Money::ZERO, annual_rate, months, Date::EPOCH_2000);
    let amortisation = calendar(&terms).and_then(|calendar| Amortisation::new(&terms, &calendar));
    let (Ok(amortisation), 1.., 1..) = (amortisation, capacity.minor(), step.minor()) else {
        return Money::ZERO;
    };
    let all = i128::from(capacity.minor()) * i128::from(months);
    let most = all.min(i128::from(LARGEST)) / i128::from(step.minor());
    amortisation.largest(capacity, step, i64::try_from(most).unwrap_or(0))
}
