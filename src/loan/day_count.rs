//! How much of a year lies between two days.

use crate::Date;

/// A convention by which the part of a year between two days is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayCount {
    /// Equal periods: a month is a twelfth, seven days are a 52nd, other days
    /// a 365th each; odd days of a first period are counted as by
    /// [`Thirty360`](DayCount::Thirty360) behind whole months.
    Periods,
    /// 30/360, the "bond basis" of the 2006 ISDA Definitions, section 4.16(f).
    Thirty360,
    /// Actual/365 (Fixed), section 4.16(d).
    Actual365,
    /// Actual/360, section 4.16(e).
    Actual360,
    /// Actual/Actual, section 4.16(b): days of leap years over 366, others
    /// over 365.
    ActualActual,
}

/// An exact part of a year. The denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct YearPart {
    pub(super) numerator: i64,
    pub(super) denominator: i64,
}

impl YearPart {
    pub(super) const fn new(numerator: i64, denominator: i64) -> YearPart {
        YearPart {
            numerator,
            denominator,
        }
    }

    /// A month of a year of equal months.
    pub(super) const MONTH: YearPart = YearPart::new(1, 12);

    /// So many days of equal periods.
    pub(super) fn of_days(days: i64) -> YearPart {
        match days % 7 {
            0 => YearPart::new(days / 7, 52),
            _ => YearPart::new(days, 365),
        }
    }
}

impl DayCount {
    /// The part of a year from one day to a later one, the first day counted
    /// and the last not.
    pub(super) fn between(self, from: Date, to: Date) -> YearPart {
        let days = to.days() - from.days();
        match self {
            DayCount::Periods => {
                let months = from.months_until(to);
                let reached = from.plus_months(months).unwrap_or(to);
                let odd = to.days() - reached.days();
                YearPart::new(months * 30 + odd, 360)
            }
            DayCount::Thirty360 => YearPart::new(thirty_days_each(from, to), 360),
            DayCount::Actual365 => YearPart::new(days, 365),
            DayCount::Actual360 => YearPart::new(days, 360),
            DayCount::ActualActual => {
                let leap = leap_days_until(to) - leap_days_until(from);
                YearPart::new(leap * 365 + (days - leap) * 366, 365 * 366)
            }
        }
    }
}

/// Days between where each month has 30: a 31st is a 30th, at the end only
/// where the beginning is one.
fn thirty_days_each(from: Date, to: Date) -> i64 {
    let ((y1, m1, d1), (y2, m2, d2)) = (from.ymd(), to.ymd());
    let d1 = d1.min(30);
    let d2 = if d1 == 30 { d2.min(30) } else { d2 };
    360 * (y2 - y1) + 30 * (m2 - m1) + d2 - d1
}

/// How many days of leap years lie before a day, counted from the year 1.
fn leap_days_until(day: Date) -> i64 {
    let (year, ..) = day.ymd();
    let before = year - 1;
    let leap_years = before / 4 - before / 100 + before / 400;
    let is_leap = Date::from_ymd(year, 2, 29).is_some();
    let into_year = Date::from_ymd(year, 1, 1).map_or(0, |first| day.days() - first.days());
    leap_years * 366 + if is_leap { into_year } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn between(convention: DayCount, from: &str, to: &str) -> (i64, i64) {
        let part = convention.between(from.parse().unwrap(), to.parse().unwrap());
        (part.numerator, part.denominator)
    }

    /// The examples that ISDA worked out for EMU and Market Conventions (1998):
    /// 1 November 2003 to 1 May 2004 is 61/365 + 121/366, 1 February 1999 to
    /// 1 July 1999 is 150/365.
    #[test]
    fn actual_actual() {
        let both = |common: i64, leap: i64| (common * 366 + leap * 365, 365 * 366);
        let count = |from, to| between(DayCount::ActualActual, from, to);
        assert_eq!(count("2003-11-01", "2004-05-01"), both(61, 121));
        assert_eq!(count("1999-02-01", "1999-07-01"), both(150, 0));
        assert_eq!(count("2000-01-01", "2001-01-01"), both(0, 366));
    }

    #[test]
    fn thirty_days_in_a_month() {
        for (from, to, days) in [
            ("2006-08-31", "2007-02-28", 178),
            ("2007-01-15", "2007-01-30", 15),
            ("2007-01-15", "2007-01-31", 16),
            ("2007-01-30", "2007-01-31", 0),
            ("2007-02-28", "2007-03-31", 33),
            ("2007-03-31", "2007-04-30", 30),
        ] {
            assert_eq!(
                between(DayCount::Thirty360, from, to),
                (days, 360),
                "{from} {to}"
            );
        }
    }

    #[test]
    fn equal_periods() {
        assert_eq!(
            between(DayCount::Periods, "2024-01-31", "2024-02-29"),
            (30, 360)
        );
        assert_eq!(
            between(DayCount::Periods, "2024-01-31", "2024-04-10"),
            (70, 360)
        );
        assert_eq!(YearPart::of_days(14), YearPart::new(2, 52));
        assert_eq!(YearPart::of_days(10), YearPart::new(10, 365));
    }

    proptest! {
        /// Day by day.
        #[test]
        fn days_of_leap_years(from in -700_000i64..2_900_000, days in 0i64..3_000) {
            let date = |day| Date::from_days(day).unwrap();
            let is_leap = |day: &i64| {
                let year = date(*day).ymd().0;
                Date::from_ymd(year, 2, 29).is_some()
            };
            let leap = (from..from + days).filter(is_leap).count() as i64;
            let part = DayCount::ActualActual.between(date(from), date(from + days));
            prop_assert_eq!(part.numerator, leap * 365 + (days - leap) * 366);
        }
    }
}
