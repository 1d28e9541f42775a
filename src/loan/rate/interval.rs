//! Intervals of time: as whole units and days, and in periods.

use core::cmp::Ordering;
use core::fmt;

use super::stream::Unit;

/// An interval: whole units, and the days that remain over those of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Whether it runs back from where the others begin.
    pub before: bool,
    /// How many whole units.
    pub count: u32,
    /// Which unit.
    pub unit: Unit,
    /// The days that remain.
    pub days: u32,
    /// Days of the year that they are a part of.
    pub year: u32,
}

impl Interval {
    /// Whole units and nothing else.
    pub(super) fn whole(count: u32, unit: Unit) -> Interval {
        Interval {
            before: false,
            count,
            unit,
            days: 0,
            year: 365,
        }
    }

    /// Its length in a unit, by how many make a year.
    pub(super) fn time(&self, unit: Unit) -> Time {
        // Counts are of at most ten thousand years.
        let (number, per_year) = (unit.per_year(), self.unit.per_year());
        let count = self.count.saturating_mul(number);
        let rest = f64::from(count % per_year) / f64::from(per_year);
        let days = f64::from(self.days * number) / f64::from(self.year);
        Time::new(count / per_year, rest + days)
    }
}

impl fmt::Display for Interval {
    /// In years: `2/12 + 3/365`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.before { "-" } else { "" };
        let per_year = self.unit.per_year();
        let whole = match (self.count, per_year) {
            (0, _) => String::new(),
            (count, 1) => format!("{sign}{count}"),
            (count, per_year) => format!("{sign}{count}/{per_year}"),
        };
        match (whole.is_empty(), self.days) {
            (true, 0) => f.write_str("0"),
            (false, 0) => f.write_str(&whole),
            (true, days) => write!(f, "{sign}{days}/{}", self.year),
            (false, days) => {
                let plus = if self.before { '-' } else { '+' };
                write!(f, "{whole} {plus} {days}/{}", self.year)
            }
        }
    }
}

/// A time since the beginning in periods: whole ones, and a part of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Time {
    pub(super) whole: u32,
    pub(super) part: f64,
}

impl Time {
    /// The beginning.
    pub(super) const ZERO: Time = Time {
        whole: 0,
        part: 0.0,
    };

    /// Whole periods and any part from 0 up.
    pub(super) fn new(whole: u32, part: f64) -> Time {
        let more = part.floor();
        Time {
            whole: whole.saturating_add(more as u32),
            part: part - more,
        }
    }

    pub(super) fn plus(self, other: Time) -> Time {
        let whole = self.whole.saturating_add(other.whole);
        Time::new(whole, self.part + other.part)
    }

    /// Less a time that is not longer.
    pub(super) fn minus(self, other: Time) -> Time {
        let (whole, part) = (
            self.whole.saturating_sub(other.whole),
            self.part - other.part,
        );
        if part < 0.0 {
            Time::new(whole.saturating_sub(1), part + 1.0)
        } else {
            Time::new(whole, part)
        }
    }

    pub(super) fn order(self, other: Time) -> Ordering {
        self.whole
            .cmp(&other.whole)
            .then(self.part.total_cmp(&other.part))
    }
}
