//! The calendar, counted month by month from the one day that is known.

use super::bug::{Bug, Bugs};
use super::fault::{Fault, Found};

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: i128,
    pub(crate) month: i128,
    pub(crate) day: i128,
}

/// Days from 1970-01-01 to 2000-03-01, from which four centuries are alike.
const MARCH_2000: i128 = 11_017;
/// Days of four centuries.
const CYCLE: i128 = 146_097;

pub(crate) fn days_in(year: i128, month: i128) -> i128 {
    let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    match month {
        2 => 28 + i128::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day so many days after 1970-01-01.
pub(crate) fn day(days: i128) -> Found<Day> {
    let since = days - MARCH_2000;
    let (mut year, mut left) = (
        2000 + 400 * since.div_euclid(CYCLE),
        since.rem_euclid(CYCLE),
    );
    // A year from March on has the leap day of the next.
    loop {
        let length = 337 + days_in(year + 1, 2);
        if left < length {
            break;
        }
        left -= length;
        year += 1;
    }
    let mut month = 3;
    while left >= days_in(year, month) {
        left -= days_in(year, month);
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
    let found = Day {
        year,
        month,
        day: left + 1,
    };
    if (1..=9999).contains(&found.year) {
        Ok(found)
    } else {
        Err(Fault::NotADate)
    }
}

/// Days from 1970-01-01 to a day.
pub(crate) fn days(of: Day) -> Found<i128> {
    if !(1..=9999).contains(&of.year) {
        return Err(Fault::NotADate);
    }
    let (mut year, mut month) = (2000, 3);
    let mut count = MARCH_2000;
    let cycles = (of.year - year).div_euclid(400);
    (year, count) = (year + 400 * cycles, count + CYCLE * cycles);
    if (of.year, of.month) < (year, month) {
        (year, count) = (year - 400, count - CYCLE);
    }
    while (year + 1, month) <= (of.year, of.month) {
        count += 337 + days_in(year + 1, 2);
        year += 1;
    }
    while (year, month) < (of.year, of.month) {
        count += days_in(year, month);
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
    Ok(count + of.day - 1)
}

/// A day and so many months, moved back into the month.
pub(crate) fn shift(from: i128, months: i128, bugs: Bugs) -> Found<i128> {
    let Day { year, month, day } = day(from)?;
    let count = year * 12 + month - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    if bugs.has(Bug::MonthEndRunsOver) {
        return Ok(days(Day {
            year,
            month,
            day: 1,
        })? + day
            - 1);
    }
    let day = day.min(days_in(year, month));
    days(Day { year, month, day })
}

/// Whole months between two days: the most that can be added to the first
/// without passing the second.
pub(crate) fn months(from: i128, to: i128, bugs: Bugs) -> Found<i128> {
    let (a, b) = (day(from)?, day(to)?);
    let about = (b.year - a.year) * 12 + b.month - a.month;
    if bugs.has(Bug::MonthsIgnoreTheDay) {
        return Ok(about);
    }
    if bugs.has(Bug::MonthsIgnoreShortMonths) {
        return Ok(about - i128::from(b.day < a.day));
    }
    let reached = |months: i128| -> Found<bool> {
        let count = a.year * 12 + a.month - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let day = a.day.min(days_in(year, month));
        Ok(Day { year, month, day } <= b)
    };
    let mut found = about + 2;
    while !reached(found)? {
        found -= 1;
    }
    Ok(found)
}

/// Whole years between two days.
pub(crate) fn years(from: i128, to: i128, bugs: Bugs) -> Found<i128> {
    if bugs.has(Bug::YearsByTheCalendar) {
        return Ok(day(to)?.year - day(from)?.year);
    }
    let months = months(from, to, bugs)?;
    Ok(if bugs.has(Bug::YearsTowardZero) {
        months / 12
    } else {
        months.div_euclid(12)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_are_known() {
        for (count, year, month, date) in [
            (0, 1970, 1, 1),
            (-719_162, 1, 1, 1),
            (2_932_896, 9999, 12, 31),
            (11_016, 2000, 2, 29),
            (20_779, 2026, 11, 22),
            (47_540, 2100, 2, 28),
            (47_541, 2100, 3, 1),
        ] {
            let known = Day {
                year,
                month,
                day: date,
            };
            assert_eq!(day(count), Ok(known));
            assert_eq!(days(known), Ok(count));
        }
        assert_eq!(day(2_932_897), Err(Fault::NotADate));
    }

    #[test]
    fn a_month_from_its_end() {
        let bugs = Bugs::NONE;
        let january = days(Day {
            year: 2023,
            month: 1,
            day: 31,
        })
        .unwrap();
        let february = days(Day {
            year: 2023,
            month: 2,
            day: 28,
        })
        .unwrap();
        assert_eq!(shift(january, 1, bugs), Ok(february));
        assert_eq!(months(january, february, bugs), Ok(1));
        assert_eq!(months(january, february - 1, bugs), Ok(0));
        assert_eq!(months(february, january, bugs), Ok(-1));
    }
}
