//! Repayment schedules in exact minor units.

use serde::Serialize;

use super::amortisation::{Amortisation, Portion};
use super::calendar::Calendar;
use super::{LoanError, LoanTerms};
use crate::{Date, Money};

/// One row of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Instalment {
    /// Which one, from 1.
    pub number: u16,
    /// When it is due.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string"))]
    pub due: Date,
    /// What is paid: principal, interest and fees.
    pub payment: Money,
    /// The part that pays the loan back.
    pub principal: Money,
    /// The interest that is paid.
    pub interest: Money,
    /// Fees that are charged with it.
    pub fee: Money,
    /// What is still owed afterwards, interest that was deferred with it.
    pub balance: Money,
}

/// A whole repayment schedule. Its principal parts add up to the loan exactly,
/// no part of it is negative, and its last balance is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    calendar: Calendar,
    portions: Vec<Portion>,
    charges: u16,
}

/// How the instalments of a schedule compare, fees with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Whether all but the last are the same.
    pub level: bool,
    /// The first one.
    pub first: Money,
    /// The largest one.
    pub largest: Money,
    /// The last one, which takes the remainder.
    pub last: Money,
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
        Schedule::charged(terms, Money::ZERO, Money::ZERO)
    }

    /// The same with a fee at each instalment but those of nothing, and one at
    /// the end.
    pub(super) fn charged(
        terms: &LoanTerms,
        each: Money,
        at_end: Money,
    ) -> Result<Schedule, LoanError> {
        let calendar = calendar(terms)?;
        let amortisation = Amortisation::new(terms, &calendar)?;
        let mut portions = amortisation.run(terms.principal)?;
        let charge = |portion: &mut Portion, fee| {
            portion.fee = portion.fee.plus(fee)?;
            portion.payment = portion.payment.plus(fee)?;
            Some(())
        };
        let mut paying = portions
            .iter_mut()
            .zip(amortisation.pays())
            .filter(|(_, pays)| *pays);
        let charges = paying.try_fold(0_u16, |charges, (portion, _)| {
            charge(portion, each)?;
            charges.checked_add(1)
        });
        let end = portions.last_mut().and_then(|last| charge(last, at_end));
        let charges = end.and(charges).ok_or(LoanError::TooLarge)?;
        Ok(Schedule {
            calendar,
            portions,
            charges,
        })
    }

    /// How many instalments a fee comes with that is charged with each: all
    /// but those of nothing.
    pub fn charges(&self) -> u16 {
        self.charges
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
                fee: portion.fee,
                balance: portion.balance,
            })
    }

    /// The sum of all interest; `None` beyond [`LARGEST`](crate::LARGEST).
    pub fn interest(&self) -> Option<Money> {
        self.sum(|portion| portion.interest)
    }

    /// The sum of all fees that are charged with instalments; `None` beyond
    /// [`LARGEST`](crate::LARGEST).
    pub fn fees(&self) -> Option<Money> {
        self.sum(|portion| portion.fee)
    }

    fn sum(&self, part: impl Fn(&Portion) -> Money) -> Option<Money> {
        let mut portions = self.portions.iter();
        portions.try_fold(Money::ZERO, |sum, portion| sum.plus(part(portion)))
    }

    /// How the instalments compare.
    pub fn shape(&self) -> Shape {
        let mut shape = Shape {
            level: true,
            first: self.payments().next().unwrap_or_default(),
            largest: Money::ZERO,
            last: Money::ZERO,
        };
        for (number, payment) in (0_u16..).zip(self.payments()) {
            shape.level &= number == 0 || shape.last == shape.first;
            shape.largest = shape.largest.max(payment);
            shape.last = payment;
        }
        shape
    }

    /// The payments, in order.
    pub fn payments(&self) -> impl DoubleEndedIterator<Item = Money> + Clone {
        self.portions.iter().map(|portion| portion.payment)
    }
}

pub(super) fn calendar(terms: &LoanTerms) -> Result<Calendar, LoanError> {
    Calendar::new(
        terms.start,
        terms.first_due,
        terms.frequency,
        terms.instalments,
    )
}
