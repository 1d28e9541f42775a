//! The annual percentage rate of the United States, by the actuarial method
//! of Regulation Z: 12 CFR Part 1026, Appendix J.
//!
//! The rate of a unit-period times the unit-periods in a year, (b)(1). The
//! unit-period is taken from the stream, (b)(4); times are counted in it by
//! (b)(5); the equation is (b)(8), with simple interest in fractions of a
//! unit-period, (b)(6):
//! `Σ A / ((1 + e·i)(1 + i)^q) = Σ P / ((1 + f·i)(1 + i)^t)`.
//!
//! The term begins with the stream: with the first advance, or with a payment
//! before it, from which times are then counted.

use core::fmt;

use super::RateError;
use super::interval::Time;
use super::period::{Instant, Period, average_period, common_period, tracks};
use super::solve::{Equation, Growth};
use super::stream::{Event, Stream, Times};

/// Days of a year.
const YEAR: u32 = 365;

/// What a stream is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitPeriod {
    /// A common period, or the average of all.
    Period(Period),
    /// The term of a single advance and a single payment, of so many whole
    /// months and less than a year: (b)(5)(vi).
    TermMonths(u32),
    /// The same in days, where it is no whole number of months: (b)(5)(vii).
    TermDays(u32),
}

impl UnitPeriod {
    /// How many there are in a year, as a fraction: (b)(5)(ii) to (vii).
    pub fn per_year(self) -> (u32, u32) {
        match self {
            UnitPeriod::Period(Period::Days(days)) if days % 7 == 0 => reduced(52, days / 7),
            UnitPeriod::Period(Period::Days(days)) | UnitPeriod::TermDays(days) => {
                reduced(YEAR, days)
            }
            UnitPeriod::Period(Period::HalfMonths(halves)) => reduced(24, halves),
            UnitPeriod::TermMonths(months) => reduced(12, months),
        }
    }

    /// The length in months.
    fn months(self) -> f64 {
        match self {
            UnitPeriod::Period(Period::Days(days)) | UnitPeriod::TermDays(days) => {
                f64::from(days) * 12.0 / f64::from(YEAR)
            }
            UnitPeriod::Period(Period::HalfMonths(halves)) => f64::from(halves) / 2.0,
            UnitPeriod::TermMonths(months) => f64::from(months),
        }
    }
}

impl fmt::Display for UnitPeriod {
    /// `month`, `2 weeks`, `term of 255 days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            UnitPeriod::Period(period) => period.fmt(f),
            UnitPeriod::TermMonths(months) => {
                write!(f, "term of {}", Period::HalfMonths(2 * months))
            }
            UnitPeriod::TermDays(days) => write!(f, "term of {days} days"),
        }
    }
}

fn reduced(numerator: u32, denominator: u32) -> (u32, u32) {
    let (mut one, mut other) = (numerator, denominator);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    match one {
        0 => (numerator, 1),
        common => (numerator / common, denominator / common),
    }
}

/// A time in unit-periods: full ones, and a fraction of one as odd days, or
/// months of a year, over those of a unit-period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Units {
    /// Full unit-periods.
    pub full: u32,
    /// What is left, up to `of`.
    pub odd: u32,
    /// What makes a unit-period; above zero.
    pub of: u32,
}

impl Units {
    fn time(self) -> Time {
        Time::new(self.full, f64::from(self.odd) / f64::from(self.of))
    }
}

impl fmt::Display for Units {
    /// `1 + 19/30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.odd {
            0 => write!(f, "{}", self.full),
            odd => write!(f, "{} + {odd}/{}", self.full, self.of),
        }
    }
}

/// An annual percentage rate, and how it was counted.
#[derive(Clone, Debug, PartialEq)]
pub struct RegZ {
    /// The rate: 0.0969 is 9.69 % a year.
    pub rate: f64,
    /// What the stream was counted in.
    pub unit_period: UnitPeriod,
    /// The time of each of the stream's [events](Stream::events) from the
    /// beginning of the term.
    pub times: Vec<Units>,
}

/// The annual percentage rate of a stream. What is paid at the time of an
/// advance lessens it, as a prepaid finance charge lessens the amount
/// financed.
///
/// # Errors
/// That no rate, or not one alone, solves it.
pub fn reg_z(stream: &Stream) -> Result<RegZ, RateError> {
    match &stream.times {
        Times::Dates(events) => solved(events),
        Times::Days(events) => solved(events),
        Times::HalfMonths(events) => solved(events),
    }
}

fn solved<T: Instant>(events: &[Event<T>]) -> Result<RegZ, RateError> {
    let unit_period = unit_period(events);
    let Some(begin) = events.first().map(|event| event.at) else {
        return Err(RateError::LessPaid);
    };
    let times = events
        .iter()
        .map(|event| units(begin, event.at, unit_period));
    let times: Vec<Units> = times.collect();
    let flows = events.iter().zip(&times);
    let flows = flows.map(|(event, units)| (units.time(), event.paid()));
    let equation = Equation::new(Growth::Simple, flows.collect());
    let rate = equation.solve(unit_period.months())?;
    let (numerator, denominator) = unit_period.per_year();
    Ok(RegZ {
        rate: rate * f64::from(numerator) / f64::from(denominator),
        unit_period,
        times,
    })
}

/// The unit-period of a stream: (b)(4).
fn unit_period<T: Instant>(events: &[Event<T>]) -> UnitPeriod {
    let tracks = tracks(events);
    if let [advances, payments] = &tracks
        && let ([begin], [_, end]) = (advances.as_slice(), payments.as_slice())
    {
        return term(*begin, *end);
    }
    let period = common_period(&tracks).unwrap_or_else(|| average_period(&tracks));
    UnitPeriod::Period(match period {
        // Not to exceed a year.
        Period::Days(YEAR..) if T::MONTHS => Period::YEAR,
        Period::Days(YEAR..) => Period::Days(YEAR),
        Period::HalfMonths(25..) => Period::YEAR,
        Period::Days(0) | Period::HalfMonths(0) => Period::Days(1),
        period => period,
    })
}

/// The unit-period of a single advance and a single payment: (b)(4)(ii).
fn term<T: Instant>(begin: T, end: T) -> UnitPeriod {
    match (begin.months_until(end), begin.days_until(end)) {
        (Some((12.., _)), _) => UnitPeriod::Period(Period::YEAR),
        (Some((months, 0)), _) if months > 0 => UnitPeriod::TermMonths(months),
        (_, Some(YEAR..)) if !T::MONTHS => UnitPeriod::Period(Period::Days(YEAR)),
        (_, Some(days)) => UnitPeriod::TermDays(days),
        (Some((months, half)), None) => {
            let halves = 2 * months + half / 15;
            UnitPeriod::Period(Period::HalfMonths(halves))
        }
        (None, None) => UnitPeriod::Period(Period::MONTH),
    }
}

/// The unit-periods between two times: (b)(5)(ii) to (vii).
fn units<T: Instant>(begin: T, later: T, unit_period: UnitPeriod) -> Units {
    let days = begin.days_until(later).unwrap_or(0);
    let (months, odd) = begin.months_until(later).unwrap_or((0, 0));
    let divided = |days: u32, of: u32| Units {
        full: days / of,
        odd: days % of,
        of,
    };
    match unit_period {
        UnitPeriod::TermMonths(term) => divided(months, term),
        UnitPeriod::TermDays(term) => divided(days, term),
        UnitPeriod::Period(Period::Days(unit)) => divided(days, unit),
        UnitPeriod::Period(Period::MONTH) => Units {
            full: months,
            odd,
            of: 30,
        },
        UnitPeriod::Period(Period::YEAR) => years(begin, later, months, odd),
        UnitPeriod::Period(Period::HalfMonths(halves)) => divided(30 * months + odd, 15 * halves),
    }
}

/// Full years measured back from the later time; of the rest, whole months of
/// twelve, or else days of 365: (b)(5)(v).
fn years<T: Instant>(begin: T, later: T, months: u32, odd: u32) -> Units {
    let full = months / 12;
    let rest = later
        .back(full * 12)
        .and_then(|later| begin.days_until(later));
    match (odd, rest) {
        (0, _) => Units {
            full,
            odd: months % 12,
            of: 12,
        },
        (_, Some(days)) => Units {
            full,
            odd: days,
            of: YEAR,
        },
        // Half-months without dates, of which a year has 24.
        (_, None) => Units {
            full,
            odd: months % 12 * 2 + odd / 15,
            of: 24,
        },
    }
}
