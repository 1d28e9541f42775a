//! An interval of time as whole units and days.

use core::fmt;

use super::solve::Time;
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
