//! When instalments are due.

use super::LoanError;
use crate::Date;

/// How often an instalment is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// On the same day of each month, or the last day of a shorter one.
    Monthly,
    /// So many days apart, 1 to 366: 7 is weekly, 14 fortnightly.
    Days(u16),
}

/// The most days from paying out to the first instalment: ten years and the
/// leap days that they can hold.
const LONGEST_FIRST_PERIOD: i64 = 3_653;

/// The days on which instalments are due: ascending, all within the years 1 to
/// 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Calendar {
    /// Instalments are counted from here.
    anchor: Date,
    /// How many periods after the anchor the first one is due.
    first: u16,
    frequency: Frequency,
}

impl Calendar {
    /// For so many instalments of a loan that is paid out at `start`: the
    /// first a period later, or on the day that is named. Months are counted
    /// from that day, else from the start, so that a loan of the 31st comes
    /// back to the 31st after a shorter month.
    pub(super) fn new(
        start: Date,
        first_due: Option<Date>,
        frequency: Frequency,
        count: u16,
    ) -> Result<Calendar, LoanError> {
        if !matches!(frequency, Frequency::Monthly | Frequency::Days(1..=366)) {
            return Err(LoanError::Period);
        }
        let (anchor, first) = match first_due {
            None => (start, 1),
            Some(due) if due <= start => return Err(LoanError::DueTooEarly),
            Some(due) if due.days() - start.days() > LONGEST_FIRST_PERIOD => {
                return Err(LoanError::DueTooLate);
            }
            Some(due) => (due, 0),
        };
        let calendar = Calendar {
            anchor,
            first,
            frequency,
        };
        match calendar.day(count) {
            Some(_) => Ok(calendar),
            None => Err(LoanError::BeyondCalendar),
        }
    }

    /// The day on which the instalment of this number, from 1, is due. The
    /// last of the days was found to be one when the calendar was made.
    pub(super) fn due(&self, number: u16) -> Date {
        self.day(number).unwrap_or(self.anchor)
    }

    fn day(&self, number: u16) -> Option<Date> {
        let periods = i64::from(self.first) + i64::from(number) - 1;
        match self.frequency {
            Frequency::Monthly => self.anchor.plus_months(periods),
            Frequency::Days(days) => {
                Date::from_days(self.anchor.days() + periods * i64::from(days))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn dues(start: &str, first: Option<&str>, frequency: Frequency, count: u16) -> Vec<String> {
        let calendar = Calendar::new(date(start), first.map(date), frequency, count).unwrap();
        (1..=count).map(|n| calendar.due(n).to_string()).collect()
    }

    /// The month ends of Apache Fineract's LoanApplicationScheduleMonthlyTest.
    #[test]
    fn month_ends_come_back() {
        let first = [
            "2023-01-31",
            "2023-02-28",
            "2023-03-31",
            "2023-04-30",
            "2023-05-31",
        ];
        assert_eq!(
            dues("2022-12-31", Some("2023-01-31"), Frequency::Monthly, 5),
            first
        );
        assert_eq!(dues("2022-12-31", None, Frequency::Monthly, 5), first);
        assert_eq!(
            dues("2024-01-31", None, Frequency::Monthly, 1),
            ["2024-02-29"]
        );
    }

    #[test]
    fn weeks_and_days() {
        assert_eq!(
            dues("2024-02-20", None, Frequency::Days(7), 3),
            ["2024-02-27", "2024-03-05", "2024-03-12"]
        );
        assert_eq!(
            dues("2026-01-01", Some("2026-01-20"), Frequency::Days(10), 2),
            ["2026-01-20", "2026-01-30"]
        );
    }

    #[test]
    fn what_is_no_calendar() {
        let new = |start, first: Option<&str>, frequency, count| {
            Calendar::new(date(start), first.map(date), frequency, count).unwrap_err()
        };
        let (day, month) = ("2026-01-31", Frequency::Monthly);
        assert_eq!(new(day, None, Frequency::Days(0), 1), LoanError::Period);
        assert_eq!(new(day, None, Frequency::Days(367), 1), LoanError::Period);
        assert_eq!(new(day, Some(day), month, 1), LoanError::DueTooEarly);
        assert_eq!(
            new(day, Some("2036-02-02"), month, 1),
            LoanError::DueTooLate
        );
        assert_eq!(new("9999-12-01", None, month, 1), LoanError::BeyondCalendar);
    }

    proptest! {
        #[test]
        fn days_ascend(start in 0i64..30_000, days in 1u16..=366, monthly: bool, wait in 1i64..400, named: bool, count in 1u16..100) {
            let start = Date::from_days(start).unwrap();
            let first = named.then(|| Date::from_days(start.days() + wait).unwrap());
            let frequency = if monthly { Frequency::Monthly } else { Frequency::Days(days) };
            let calendar = Calendar::new(start, first, frequency, count).unwrap();
            let mut before = start;
            for number in 1..=count {
                prop_assert!(before < calendar.due(number));
                before = calendar.due(number);
            }
        }
    }
}
