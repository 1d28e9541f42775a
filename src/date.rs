//! Calendar dates without a clock or a time zone.

use core::fmt;
use serde::{Deserialize, Serialize};

/// A day of the proleptic Gregorian calendar, 0001-01-01 to 9999-12-31,
/// counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(try_from = "String", into = "String")]
pub struct Date(#[cfg_attr(target_arch = "wasm32", tsify(type = "string"))] i32);

/// Days of 0001-01-01 and 9999-12-31 relative to 1970-01-01.
const FIRST: i64 = -719_162;
const LAST: i64 = 2_932_896;

impl Date {
    /// 2000-01-01, the first day on which a decision can be dated.
    pub const EPOCH_2000: Date = Date(10_957);

    /// The day so many days after 1970-01-01, or `None` outside years 1 to 9999.
    pub fn from_days(days: i64) -> Option<Date> {
        (FIRST..=LAST).contains(&days).then_some(Date(days as i32))
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        i64::from(self.0)
    }

    /// The day with this year, month and day of the month, if there is one.
    ///
    /// The count of days follows the civil-calendar identity in which years
    /// begin in March, so that the leap day is the last of its year.
    pub fn from_ymd(year: i64, month: i64, day: i64) -> Option<Date> {
        let in_range = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        if !in_range {
            return None;
        }
        let (y, m) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let before_year = 365 * y + y / 4 - y / 100 + y / 400;
        let before_month = (153 * m + 2) / 5;
        Date::from_days(before_year + before_month + day - 1 - 719_468)
    }

    /// Year, month and day of the month.
    pub fn ymd(self) -> (i64, i64, i64) {
        let z = self.days() + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let m = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * m + 2) / 5 + 1;
        let month = if m < 10 { m + 3 } else { m - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        (year, month, day)
    }

    /// The same day of the month so many months later; the last day of a
    /// shorter month. `None` outside years 1 to 9999.
    ///
    /// ```
    /// use prequal::Date;
    /// let day: Date = "2024-01-31".parse()?;
    /// assert_eq!(day.plus_months(1), Some("2024-02-29".parse()?));
    /// # Ok::<(), prequal::DateError>(())
    /// ```
    pub fn plus_months(self, months: i64) -> Option<Date> {
        let (year, month, day) = self.ymd();
        let count = (year * 12 + month - 1).checked_add(months)?;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        Date::from_ymd(year, month, day.min(days_in_month(year, month)))
    }

    /// Whole months from this day to `later`, negative if it is earlier: the
    /// largest `n` with `self.plus_months(n) <= later`.
    pub fn months_until(self, later: Date) -> i64 {
        let ((y1, m1, d1), (y2, m2, d2)) = (self.ymd(), later.ymd());
        let months = (y2 - y1) * 12 + m2 - m1;
        let reached = d2 >= d1.min(days_in_month(y2, m2));
        if reached { months } else { months - 1 }
    }

    /// Whole years from this day to `later`: an age. Someone born on 29
    /// February is a year older on 28 February of a common year.
    pub fn years_until(self, later: Date) -> i64 {
        self.months_until(later).div_euclid(12)
    }
}

/// Days in a month of 1 to 12.
fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What is not a date in the form `YYYY-MM-DD` of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateError;

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date is a day of the calendar in the form 2026-11-22")
    }
}

impl core::error::Error for DateError {}

impl core::str::FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
            return Err(DateError);
        };
        let number = |digits: &[u8]| {
            let mut number = 0;
            for digit in digits {
                if !digit.is_ascii_digit() {
                    return Err(DateError);
                }
                number = number * 10 + i64::from(digit - b'0');
            }
            Ok(number)
        };
        let (year, month, day) = (
            number(&[y1, y2, y3, y4])?,
            number(&[m1, m2])?,
            number(&[d1, d2])?,
        );
        Date::from_ymd(year, month, day).ok_or(DateError)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        let digit = |number: i64| b'0' + (number % 10) as u8;
        let text = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ];
        f.write_str(core::str::from_utf8(&text).unwrap_or_default())
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;

    fn try_from(text: String) -> Result<Date, DateError> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Day by day through 400 years, the whole cycle, with the calendar's own
    /// rule as the oracle.
    #[test]
    fn every_day_of_a_cycle() {
        let (mut year, mut month, mut day) = (1900, 1, 1);
        let mut date = Date::from_ymd(1900, 1, 1).unwrap();
        assert_eq!(date.days(), -25_567);
        while year < 2300 {
            assert_eq!(date.ymd(), (year, month, day));
            assert_eq!(date.to_string().parse(), Ok(date));
            date = Date::from_days(date.days() + 1).unwrap();
            day += 1;
            if Date::from_ymd(year, month, day).is_none() {
                (day, month) = (1, month + 1);
            }
            if month == 13 {
                (month, year) = (1, year + 1);
            }
        }
    }

    #[test]
    fn the_calendar_ends() {
        assert_eq!(
            "0001-01-01".parse(),
            Date::from_days(FIRST).ok_or(DateError)
        );
        assert_eq!("9999-12-31".parse(), Date::from_days(LAST).ok_or(DateError));
        assert_eq!(Date::from_days(FIRST - 1), None);
        assert_eq!(Date::from_days(LAST + 1), None);
        assert_eq!(Date::from_days(LAST).unwrap().plus_months(1), None);
    }

    #[test]
    fn what_is_not_a_date() {
        for text in [
            "",
            "2026-11",
            "2026-11-31",
            "2026-02-29",
            "2026-1-01",
            "+026-01-01",
            "2026-01-01-",
            "0000-01-01",
            "２026-01-01",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DateError), "{text}");
        }
    }

    #[test]
    fn ages() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let age = |born: &str, on: &str| date(born).years_until(date(on));
        assert_eq!(age("2004-11-22", "2026-11-21"), 21);
        assert_eq!(age("2004-11-22", "2026-11-22"), 22);
        assert_eq!(age("2004-02-29", "2025-02-28"), 21);
        assert_eq!(age("2026-11-22", "2026-11-21"), -1);
    }

    proptest! {
        #[test]
        fn months_are_the_most_that_fit(from in FIRST..LAST - 400, to in FIRST..LAST - 400) {
            let (from, to) = (Date::from_days(from).unwrap(), Date::from_days(to).unwrap());
            let months = from.months_until(to);
            prop_assert!(from.plus_months(months).is_none_or(|reached| reached <= to));
            prop_assert!(from.plus_months(months + 1).is_some_and(|next| next > to));
        }
    }
}
