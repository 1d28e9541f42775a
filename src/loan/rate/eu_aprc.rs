//! The annual percentage rate of charge of the European Union.
//!
//! Directive 2008/48/EC, Annex I, part I, and (EU) 2023/2225, Annex III,
//! part I: the rate `X` with `Σ C / (1 + X)^t = Σ D / (1 + X)^s`, the times in
//! years from the first drawdown. Intervals by remark (c), as set out in
//! SWD(2012) 128 final, 4.1.1: a whole number of years, months or weeks as
//! such; otherwise whole ones counted back from the later date, then the days
//! that remain, without the first and with the last, over the 365 or 366 days
//! of the year that ends on the last of them.
//!
//! One unit is used for a stream: 63 days are two months and three days
//! between monthly payments, as there, and nine weeks between weekly ones.

use super::RateError;
use super::interval::{Interval, Time};
use super::period::{Day, Days, HalfMonths, Instant, Period, common_period, tracks};
use super::solve::{Equation, Growth};
use super::stream::{Event, Kind, Stream, Times, Unit};
use crate::Date;
use crate::math::power;

/// Units of which an interval has a whole number, before its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Years.
    Years,
    /// Months, of which 12 are a year.
    Months,
    /// Weeks, of which 52 are a year.
    Weeks,
}

impl Whole {
    /// The unit.
    pub fn unit(self) -> Unit {
        match self {
            Whole::Years => Unit::Year,
            Whole::Months => Unit::Month,
            Whole::Weeks => Unit::Week,
        }
    }

    /// That in which the stream's most common period is counted. Where none
    /// is common: weeks where all are whole weeks and not all whole months,
    /// otherwise months.
    fn of<T: Instant>(events: &[Event<T>]) -> Whole {
        let tracks = tracks(events);
        let period = common_period(&tracks);
        let all = |is: fn(&[Option<Period>; 2]) -> bool| {
            let mut pairs = tracks.iter().flat_map(|track| track.windows(2));
            pairs.all(|pair| matches!(pair, [one, two] if is(&one.period(*two))))
        };
        match period {
            Some(period) if period.whole_weeks() => Whole::Weeks,
            Some(Period::HalfMonths(halves)) if halves % 24 == 0 => Whole::Years,
            Some(_) => Whole::Months,
            None if all(|[months, _]| months.is_some()) => Whole::Months,
            None if all(|[_, days]| days.is_some_and(|period| period.whole_weeks())) => {
                Whole::Weeks
            }
            None => Whole::Months,
        }
    }
}

/// An annual percentage rate of charge, and how it was counted.
#[derive(Clone, Debug, PartialEq)]
pub struct EuAprc {
    /// The rate: 0.0643 is 6.43 % a year.
    pub rate: f64,
    /// What intervals are counted in.
    pub whole: Whole,
    /// The interval of each of the stream's [events](Stream::events) from the
    /// first drawdown.
    pub intervals: Vec<Interval>,
}

/// The annual percentage rate of charge of a stream: advances are drawdowns,
/// payments are repayments and charges, also those before the first
/// drawdown.
///
/// Intervals are counted in the units given; without them, in those of the
/// stream's most common period. Counted in years, whole months are as such.
///
/// # Errors
/// That no rate, or not one alone, solves it.
pub fn eu_aprc(stream: &Stream, whole: Option<Whole>) -> Result<EuAprc, RateError> {
    match &stream.times {
        Times::Dates(events) => solved(events, whole, between_dates),
        Times::Days(events) => solved(events, whole, between_days),
        Times::HalfMonths(events) => solved(events, whole, |one, two, _| between_halves(one, two)),
    }
}

fn solved<T: Instant>(
    events: &[Event<T>],
    whole: Option<Whole>,
    between: impl Fn(T, T, Whole) -> Interval,
) -> Result<EuAprc, RateError> {
    let whole = whole.unwrap_or_else(|| Whole::of(events));
    let unit = whole.unit();
    let mut advances = events.iter().filter(|event| event.kind == Kind::Advance);
    let Some(first) = advances.next().map(|event| event.at) else {
        return Err(RateError::LessPaid);
    };
    let interval = |event: &Event<T>| match event.at.order(first) {
        core::cmp::Ordering::Less => Interval {
            before: true,
            ..between(event.at, first, whole)
        },
        _ => between(first, event.at, whole),
    };
    let intervals: Vec<Interval> = events.iter().map(interval).collect();
    // The same equation, worth at the earliest of all times: none is below zero.
    let lead = match intervals.first() {
        Some(earliest) if earliest.before => earliest.time(unit),
        _ => Time::ZERO,
    };
    let flows = events.iter().zip(&intervals).map(|(event, interval)| {
        let time = interval.time(unit);
        let time = if interval.before {
            lead.minus(time)
        } else {
            lead.plus(time)
        };
        (time, event.paid())
    });
    let per_year = unit.per_year();
    let equation = Equation::new(Growth::Compound, flows.collect());
    let rate = equation.solve(12.0 / f64::from(per_year))?;
    Ok(EuAprc {
        rate: power(1.0 + rate, per_year) - 1.0,
        whole,
        intervals,
    })
}

/// The interval between two days, the first not after the other.
fn between_dates(first: Day, later: Day, whole: Whole) -> Interval {
    let between = || first.days_until(later).unwrap_or(0);
    let months = || first.months_until(later).unwrap_or((0, 0));
    let (count, unit, days) = match whole {
        Whole::Weeks => (between() / 7, Unit::Week, between() % 7),
        Whole::Months => {
            let (months, days) = months();
            (months, Unit::Month, days)
        }
        Whole::Years => match months() {
            (months, 0) if months % 12 > 0 => (months, Unit::Month, 0),
            (months, _) => {
                let begin = later.back(months / 12 * 12);
                let days = begin.and_then(|begin| first.days_until(begin));
                (months / 12, Unit::Year, days.unwrap_or(0))
            }
        },
    };
    let mut interval = Interval::whole(count, unit);
    if days > 0 {
        interval.days = days;
        interval.year = year_ending(first.date.days() + i64::from(days));
    }
    interval
}

/// Days of the year that ends on a day: 366 where a 29 February is among them.
fn year_ending(day: i64) -> u32 {
    let (year, month, day) = Date::from_days(day).map_or((1, 1, 1), Date::ymd);
    let february = if (month, day) >= (2, 29) {
        year
    } else {
        year - 1
    };
    if Date::from_ymd(february, 2, 29).is_some() {
        366
    } else {
        365
    }
}

/// The interval between counted days: weeks where it is whole ones.
fn between_days(first: Days, later: Days, whole: Whole) -> Interval {
    let days = later.0.saturating_sub(first.0);
    match (whole, days % 7) {
        (_, 0) => Interval::whole(days / 7, Unit::Week),
        (Whole::Weeks, rest) => Interval {
            days: rest,
            ..Interval::whole(days / 7, Unit::Week)
        },
        _ => Interval::whole(days, Unit::Day),
    }
}

/// The interval between counted half-months.
pub(super) fn between_halves(first: HalfMonths, later: HalfMonths) -> Interval {
    let halves = later.0.saturating_sub(first.0);
    match halves {
        whole if whole % 24 == 0 => Interval::whole(whole / 24, Unit::Year),
        whole if whole % 2 == 0 => Interval::whole(whole / 2, Unit::Month),
        halves => Interval::whole(halves, Unit::Semimonth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every day of a cycle of the calendar, against the same day a year before.
    #[test]
    fn years_end_on_any_day() {
        for day in 0..146_097 {
            let end = Day::new(Date::from_days(day).unwrap());
            let begin = end.back(12).unwrap();
            assert_eq!(begin.days_until(end), Some(year_ending(day)), "{end:?}");
        }
    }
}
