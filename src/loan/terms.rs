//! What a loan is made from.

use core::fmt;

use super::day_count::YearPart;
use super::{DayCount, Frequency, Plan, Schedule};
use crate::{Date, Money, Ratio, Rounding};

/// The most instalments of a loan: twenty years of weeks.
pub const MOST_INSTALMENTS: u16 = 1_040;

/// The highest nominal yearly rate: 1 000 %.
pub const HIGHEST_RATE: Ratio = Ratio::new(10_000_000);

/// What a schedule is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoanTerms {
    /// What is lent, in minor units; positive.
    pub principal: Money,
    /// The nominal yearly rate: 0 to [`HIGHEST_RATE`].
    pub annual_rate: Ratio,
    /// How many instalments there are: 1 to [`MOST_INSTALMENTS`].
    pub instalments: u16,
    /// The day the money is paid out.
    pub start: Date,
    /// The day the first instalment is due, after the start; without one it is
    /// a period later.
    pub first_due: Option<Date>,
    /// How often an instalment is due.
    pub frequency: Frequency,
    /// How the interest of a period is counted.
    pub day_count: DayCount,
    /// How the loan is paid back.
    pub plan: Plan,
    /// What level instalments, or equal parts of the principal, are rounded to.
    pub rounding: InstalmentRounding,
    /// What is paid on top of an instalment; the others stay as they were, and
    /// the schedule ends with the one that leaves nothing owed.
    pub extra: Option<ExtraPayment>,
}

/// A payment on top of an instalment, which pays principal back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtraPayment {
    /// With which instalment, from 1 to the last but one.
    pub with: u16,
    /// How much, in minor units: positive. No more is taken than is left of
    /// the principal.
    pub amount: Money,
}

impl LoanTerms {
    /// Level monthly instalments, each month a twelfth of a year, rounded up to
    /// the minor unit.
    pub fn monthly(principal: Money, annual_rate: Ratio, months: u16, start: Date) -> LoanTerms {
        Repayment::LEVEL.terms(principal, annual_rate, months, start)
    }
}

/// How loans of a product are paid back, whatever is lent and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repayment {
    /// By which plan.
    pub plan: Plan,
    /// How often an instalment is due.
    pub frequency: Frequency,
    /// How the interest of a period is counted.
    pub day_count: DayCount,
    /// What instalments are rounded to.
    pub rounding: InstalmentRounding,
}

impl Repayment {
    /// Level monthly instalments, each month a twelfth of a year, rounded up to
    /// the minor unit.
    pub const LEVEL: Repayment = Repayment {
        plan: Plan::EqualInstalment,
        frequency: Frequency::Monthly,
        day_count: DayCount::Periods,
        rounding: InstalmentRounding::MINOR,
    };

    /// How many instalments there are within so many months: a year has twelve
    /// months, 52 weeks or 365 days.
    pub fn instalments(&self, months: u16) -> u16 {
        let of_year = match self.frequency {
            Frequency::Monthly => return months,
            Frequency::Days(days) => YearPart::of_days(i64::from(days)),
        };
        let months = i64::from(months) * of_year.denominator;
        let count = months.checked_div(12 * of_year.numerator).unwrap_or(0);
        u16::try_from(count).unwrap_or(u16::MAX)
    }

    /// Whether a loan over so many months has a place for all of it, and
    /// whether instalments of at least this loan are not rounded to nothing.
    ///
    /// # Errors
    /// What is wrong, whenever it begins; a larger loan at a higher rate has
    /// larger instalments.
    pub fn fits(&self, months: u16, least: Money) -> Result<(), LoanError> {
        let terms = self.terms(least, Ratio::ZERO, months, Date::EPOCH_2000);
        // Whenever a season begins, it has no more level instalments than that.
        let plan = match self.plan {
            Plan::Seasonal { .. } => Plan::EqualInstalment,
            plan => plan,
        };
        Schedule::of(&LoanTerms { plan, ..terms }).map(|_| ())
    }

    /// The most that the simple annual rate of a loan without fees can be, of
    /// at least this much, over so many months at this nominal rate or a lower
    /// one; `None` but for whole months of interest on what is owed.
    ///
    /// Row k of n bears a twelfth of the nominal rate on what is owed, b(k), and
    /// half a minor unit of rounding at most. At the monthly rate j of the
    /// payments the sum over k of (interest(k) − j b(k)) vᵏ with v = 1 / (1 + j)
    /// is zero, so that j is above that twelfth by no more than half of
    /// Σvᵏ / Σb(k)vᵏ. Since b falls with k as vᵏ does, this is n / Σb(k) at most,
    /// and Σb(k) is no less than b(1), the loan.
    pub fn most_simple_rate(&self, rate: Ratio, months: u16, least: Money) -> Option<Ratio> {
        let on_what_is_owed = self.plan != Plan::Flat
            && self.frequency == Frequency::Monthly
            && self.day_count == DayCount::Periods;
        let rounding = (6 * Ratio::SCALE * i64::from(months)).checked_div(least.minor())?;
        let most = rate.millionths().checked_add(rounding)?.checked_add(1)?;
        on_what_is_owed.then_some(Ratio::new(most))
    }

    /// The terms of one loan.
    pub fn terms(
        &self,
        principal: Money,
        annual_rate: Ratio,
        months: u16,
        start: Date,
    ) -> LoanTerms {
        LoanTerms {
            principal,
            annual_rate,
            instalments: self.instalments(months),
            start,
            first_due: None,
            frequency: self.frequency,
            day_count: self.day_count,
            plan: self.plan,
            rounding: self.rounding,
            extra: None,
        }
    }
}

/// What instalments are rounded to; the last one takes what that leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstalmentRounding {
    /// The multiple, in minor units: at least 1.
    pub multiple: Money,
    /// The direction.
    pub direction: Rounding,
}

impl InstalmentRounding {
    /// Up to the minor unit.
    pub const MINOR: InstalmentRounding = InstalmentRounding {
        multiple: Money::new(1),
        direction: Rounding::Up,
    };

    /// An exact quotient of minor units, rounded.
    pub(super) fn round(&self, numerator: i128, denominator: i128) -> Option<Money> {
        let multiple = i128::from(self.multiple.minor());
        let multiples = self
            .direction
            .divide(numerator, denominator.checked_mul(multiple)?)?;
        let minor = i64::try_from(multiples.checked_mul(multiple)?).ok()?;
        Money::ZERO.plus(Money::new(minor))
    }
}

/// Why terms make no loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoanError {
    /// A principal of zero or less.
    NothingLent,
    /// A principal, or what it comes to with its interest, beyond
    /// [`LARGEST`](crate::LARGEST).
    TooLarge,
    /// A nominal rate below zero or above [`HIGHEST_RATE`].
    Rate,
    /// No instalments, or more than [`MOST_INSTALMENTS`].
    Instalments,
    /// Instalments less than a day or more than 366 days apart.
    Period,
    /// A first instalment on the day of the loan or before it.
    DueTooEarly,
    /// A first instalment more than ten years after the loan.
    DueTooLate,
    /// Instalments after the year 9999.
    BeyondCalendar,
    /// A plan that has no place in so many instalments, or a share or a step
    /// outside its range.
    Plan,
    /// A multiple below 1, or one that leaves nothing of an instalment.
    Rounding,
    /// An extra payment of nothing, or not with an instalment before the last.
    Extra,
}

impl LoanError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            LoanError::NothingLent => "nothing_lent",
            LoanError::TooLarge => "loan_too_large",
            LoanError::Rate => "rate_out_of_range",
            LoanError::Instalments => "instalments_out_of_range",
            LoanError::Period => "period_out_of_range",
            LoanError::DueTooEarly => "due_too_early",
            LoanError::DueTooLate => "due_too_late",
            LoanError::BeyondCalendar => "beyond_calendar",
            LoanError::Plan => "plan_does_not_fit",
            LoanError::Rounding => "rounding_out_of_range",
            LoanError::Extra => "extra_out_of_range",
        }
    }
}

impl fmt::Display for LoanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LoanError::NothingLent => "a loan is more than zero",
            LoanError::TooLarge => {
                "a loan and its interest stay within 2^53 − 1 minor units"
            }
            LoanError::Rate => "a nominal yearly rate is 0 to 10 (1 000 %)",
            LoanError::Instalments => "a loan has 1 to 1 040 instalments",
            LoanError::Period => "instalments are 1 to 366 days apart, or a month",
            LoanError::DueTooEarly => "the first instalment is due after the day of the loan",
            LoanError::DueTooLate => "the first instalment is due within ten years of the loan",
            LoanError::BeyondCalendar => "the last instalment is due by the year 9999",
            LoanError::Plan => {
                "a balloon is a share of 0 to 1; grace leaves an instalment to pay back; steps come after 1 or more instalments and keep them between a thousandth and a thousand times the first"
            }
            LoanError::Rounding => {
                "instalments are rounded to a multiple of at least one minor unit that leaves them more than zero"
            }
            LoanError::Extra => {
                "an extra payment is more than zero and comes with an instalment before the last"
            }
        })
    }
}

impl core::error::Error for LoanError {}
