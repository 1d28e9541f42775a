//! Times of a stream, and the periods between them.

use core::cmp::{Ordering, Reverse};
use core::fmt;
use core::iter::once;
use std::collections::BTreeMap;

use super::stream::{Event, Kind, Unit};
use crate::Date;

/// A date, and the day of the month that is meant by it: the last day of a
/// short month may stand for the 29th, 30th or 31st.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) of_month: u8,
    /// Months since the year 0, kept since every measure in months asks it.
    month: i64,
}

/// Days after a beginning without a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days(pub(super) u32);

/// Half-months after a beginning without a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HalfMonths(pub(super) u32);

/// A length of time, in days or in half-months. A month has 30 days where it
/// is compared with days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// So many days.
    Days(u32),
    /// So many half-months.
    HalfMonths(u32),
}

/// Half-months in a year.
const YEAR: u32 = 24;

impl Period {
    /// One month.
    pub const MONTH: Period = Period::HalfMonths(2);

    /// One year.
    pub const YEAR: Period = Period::HalfMonths(YEAR);

    pub(super) fn whole_weeks(self) -> bool {
        matches!(self, Period::Days(days) if days % 7 == 0)
    }

    fn days(self) -> u32 {
        match self {
            Period::Days(days) => days,
            Period::HalfMonths(halves) => halves.saturating_mul(15),
        }
    }
}

impl fmt::Display for Period {
    /// `month`, `2 weeks`, `10 days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match *self {
            Period::Days(days) if days % 7 == 0 => (days / 7, "week"),
            Period::Days(days) => (days, "day"),
            Period::HalfMonths(halves) if halves % YEAR == 0 => (halves / YEAR, "year"),
            Period::HalfMonths(halves) if halves % 2 == 0 => (halves / 2, "month"),
            Period::HalfMonths(halves) => (halves, "semimonth"),
        };
        match number {
            1 => f.write_str(unit),
            _ => write!(f, "{number} {unit}s"),
        }
    }
}

impl Day {
    /// A date that means its own day of the month.
    pub(super) fn new(date: Date) -> Day {
        let (year, month, day) = date.ymd();
        Day {
            date,
            of_month: day as u8,
            month: year * 12 + month - 1,
        }
    }

    /// A date that stands for a day of the month: its own, or a later one up
    /// to 31 where the date is the last of its month.
    pub(super) fn meant(date: Date, of_month: u8) -> Option<Day> {
        let day = Day::new(date);
        let meant = Day { of_month, ..day };
        let stands = of_month == day.of_month
            || (day.of_month < of_month && of_month <= 31 && meant.after_months(0)? == meant);
        stands.then_some(meant)
    }

    /// So many units later; by months, on the day of the month that is meant.
    pub(super) fn after(self, number: u32, unit: Unit) -> Option<Day> {
        let number = i64::from(number);
        match unit {
            Unit::Day => self.after_days(number),
            Unit::Week => self.after_days(number * 7),
            Unit::Month => self.after_months(number),
            Unit::Year => self.after_months(number * 12),
            Unit::Semimonth if number % 2 == 0 => self.after_months(number / 2),
            Unit::Semimonth => {
                let late = self.of_month > 15;
                let of_month = if late {
                    self.of_month - 15
                } else {
                    self.of_month + 15
                };
                Day { of_month, ..self }.after_months(number / 2 + i64::from(late))
            }
        }
    }

    fn after_days(self, days: i64) -> Option<Day> {
        Date::from_days(self.date.days() + days).map(Day::new)
    }

    /// On the same day of the month, or the last of a shorter month.
    fn after_months(self, months: i64) -> Option<Day> {
        let month = self.month + months;
        let (year, of_year) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        // At most three days are missing in February.
        let days = (0..4).map(|short| i64::from(self.of_month) - short);
        let date = days
            .into_iter()
            .find_map(|day| Date::from_ymd(year, of_year, day))?;
        Some(Day {
            date,
            month,
            ..self
        })
    }
}

/// A time of a stream. All times of a stream are of one kind, so each is
/// measured only against its own.
pub(super) trait Instant: Copy {
    /// Whether they are counted in months.
    const MONTHS: bool;

    fn order(self, other: Self) -> Ordering;

    /// Days from this to a time not before it; none where they are not
    /// counted in days.
    fn days_until(self, later: Self) -> Option<u32>;

    /// The full months measured back from a time not before this, and the
    /// days that remain: half a month is 15. None where they are not counted
    /// in months.
    fn months_until(self, later: Self) -> Option<(u32, u32)>;

    /// So many months earlier.
    fn back(self, months: u32) -> Option<Self>;

    /// What period it is to a later time: whole months, and days.
    fn period(self, later: Self) -> [Option<Period>; 2] {
        let months = match self.months_until(later) {
            Some((months, 0)) if months > 0 => months.checked_mul(2).map(Period::HalfMonths),
            _ => None,
        };
        [months, self.days_until(later).map(Period::Days)]
    }
}

impl Instant for Day {
    const MONTHS: bool = true;

    fn order(self, other: Day) -> Ordering {
        self.date.cmp(&other.date)
    }

    fn days_until(self, later: Day) -> Option<u32> {
        u32::try_from(later.date.days() - self.date.days()).ok()
    }

    fn months_until(self, later: Day) -> Option<(u32, u32)> {
        let most = u32::try_from(later.month - self.month).ok()?;
        // In this month the full months may begin before this day.
        for months in [most, most.saturating_sub(1)] {
            if let Some(days) = later.back(months).and_then(|begin| self.days_until(begin)) {
                return Some((months, days));
            }
        }
        None
    }

    fn back(self, months: u32) -> Option<Day> {
        self.after_months(-i64::from(months))
    }
}

impl Instant for Days {
    const MONTHS: bool = false;

    fn order(self, other: Days) -> Ordering {
        self.0.cmp(&other.0)
    }

    fn days_until(self, later: Days) -> Option<u32> {
        later.0.checked_sub(self.0)
    }

    fn months_until(self, _: Days) -> Option<(u32, u32)> {
        None
    }

    fn back(self, _: u32) -> Option<Days> {
        None
    }
}

impl Instant for HalfMonths {
    const MONTHS: bool = true;

    fn order(self, other: HalfMonths) -> Ordering {
        self.0.cmp(&other.0)
    }

    fn days_until(self, _: HalfMonths) -> Option<u32> {
        None
    }

    fn months_until(self, later: HalfMonths) -> Option<(u32, u32)> {
        let halves = later.0.checked_sub(self.0)?;
        Some((halves / 2, halves % 2 * 15))
    }

    fn back(self, months: u32) -> Option<HalfMonths> {
        self.0.checked_sub(months.checked_mul(2)?).map(HalfMonths)
    }

    fn period(self, later: HalfMonths) -> [Option<Period>; 2] {
        let halves = later.0.checked_sub(self.0);
        [halves.map(Period::HalfMonths), None]
    }
}

/// The times of a stream's advances and of its payments, each in order from
/// the stream's beginning on and each once. What is paid at the beginning
/// beside an advance begins no period: it lessens the advance.
pub(super) fn tracks<T: Instant>(events: &[Event<T>]) -> [Vec<T>; 2] {
    [Kind::Advance, Kind::Payment].map(|kind| {
        let begin = events.first().into_iter();
        let own = events.iter().filter(|event| event.kind == kind);
        let mut track: Vec<T> = begin.chain(own).map(|event| event.at).collect();
        track.dedup_by(|one, other| one.order(*other) == Ordering::Equal);
        track
    })
}

/// All that a period may be: whole months, half a month, and days.
type Readings = [Option<Period>; 3];

/// The period that occurs most often in the tracks and more than once; of
/// several, the shortest (12 CFR 1026, Appendix J, (b)(3)(ii) and (b)(4)(i)).
///
/// A period between dates may be whole months and also so many days; it
/// counts as what more of the stream's periods are, in doubt as months.
pub(super) fn common_period<T: Instant>(tracks: &[Vec<T>]) -> Option<Period> {
    let readings = readings(tracks);
    let counts = counted(readings.iter().flatten().flatten().copied());
    let count = |period: &Period| counts.get(period).copied().unwrap_or(0);
    let chosen = readings.iter().filter_map(|readings| {
        // The last of equal ones is taken; months come first.
        readings.iter().rev().flatten().copied().max_by_key(count)
    });
    let common = counted(chosen).into_iter().filter(|(_, count)| *count > 1);
    common
        .min_by_key(|(period, count)| (Reverse(*count), period.days()))
        .map(|(period, _)| period)
}

fn counted(periods: impl Iterator<Item = Period>) -> BTreeMap<Period, u32> {
    let mut counts = BTreeMap::new();
    for period in periods {
        *counts.entry(period).or_insert(0_u32) += 1;
    }
    counts
}

/// What each period of the tracks may be.
fn readings<T: Instant>(tracks: &[Vec<T>]) -> Vec<Readings> {
    let mut all = Vec::new();
    for track in tracks {
        let halved: Vec<bool> = track.windows(3).map(halved).collect();
        let before = once(&false).chain(&halved);
        let after = halved.iter().chain(once(&false));
        for ((pair, before), after) in track.windows(2).zip(before).zip(after) {
            if let [one, two] = pair {
                let [months, days] = one.period(*two);
                let half = (*before || *after).then_some(Period::HalfMonths(1));
                all.push([months, half, days]);
            }
        }
    }
    all
}

/// Whether three times are a month, and the second about half way.
fn halved<T: Instant>(three: &[T]) -> bool {
    let [one, two, three] = three else {
        return false;
    };
    let half = |one: &T, two: &T| {
        let days = one.days_until(*two);
        days.is_some_and(|days| (13..=18).contains(&days))
    };
    half(one, two) && half(two, three) && one.months_until(*three) == Some((1, 0))
}

/// The average of all periods of the tracks, rounded to the nearest standard
/// interval up to a year, the shorter of two as near: a day, a half-month,
/// weeks or months ((b)(3)(iii) and (b)(4)(i)(B)). Only half-months and months
/// where every period is of these.
pub(super) fn average_period<T: Instant>(tracks: &[Vec<T>]) -> Period {
    let readings = readings(tracks);
    let in_months = readings.iter().all(|[months, ..]| months.is_some());
    let length = |[months, _, days]: &Readings| if in_months { *months } else { *days };
    let lengths = readings.iter().filter_map(length).map(Period::days);
    let (sum, count) = lengths.fold((0_u64, 0_u64), |(sum, count), days| {
        (sum + u64::from(days), count + 1)
    });
    let months = (1..=12).map(|months| Period::HalfMonths(2 * months));
    let weeks = (1..=52).map(|weeks| Period::Days(7 * weeks));
    let halves = once(Period::HalfMonths(1)).chain(months);
    let days = once(Period::Days(1)).chain(weeks);
    let standard = halves
        .filter(|_| T::MONTHS)
        .chain(days.filter(|_| !in_months));
    let off = |period: &Period| {
        let days = period.days();
        ((u64::from(days) * count).abs_diff(sum), days)
    };
    standard.min_by_key(off).unwrap_or(Period::MONTH)
}
