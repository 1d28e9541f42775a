//! What is wrong with a stream, by entry.

use core::fmt;

/// The first thing that is wrong with a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamError {
    /// The entry, from 0; none where it is the whole.
    pub entry: Option<usize>,
    /// What is wrong.
    pub fault: StreamFault,
}

/// What can be wrong with a stream; each has its stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFault {
    /// No advance.
    NothingAdvanced,
    /// No payment.
    NothingPaid,
    /// An amount of zero or below.
    AmountNotPositive,
    /// More in all, of advances or of payments, than amounts hold exactly.
    AmountTooLarge,
    /// A count of zero.
    CountZero,
    /// More than 10 000 advances and payments.
    TooMany,
    /// Several without a distance between them.
    EveryMissing,
    /// A distance of nothing.
    EveryZero,
    /// Counted in days or weeks, and apart by months; or the other way round.
    EveryOtherUnit,
    /// Dates beside counted periods, or days and weeks beside months.
    MixedTimes,
    /// A time outside the calendar.
    OutOfCalendar,
    /// A day of the month that the first date does not stand for.
    DayNotMeant,
}

impl StreamFault {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            StreamFault::NothingAdvanced => "nothing_advanced",
            StreamFault::NothingPaid => "nothing_paid",
            StreamFault::AmountNotPositive => "amount_not_positive",
            StreamFault::AmountTooLarge => "amount_too_large",
            StreamFault::CountZero => "count_zero",
            StreamFault::TooMany => "too_many",
            StreamFault::EveryMissing => "every_missing",
            StreamFault::EveryZero => "every_zero",
            StreamFault::EveryOtherUnit => "every_other_unit",
            StreamFault::MixedTimes => "mixed_times",
            StreamFault::OutOfCalendar => "out_of_calendar",
            StreamFault::DayNotMeant => "day_not_meant",
        }
    }
}

impl fmt::Display for StreamFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StreamFault::NothingAdvanced => "a stream has at least one advance",
            StreamFault::NothingPaid => "a stream has at least one payment",
            StreamFault::AmountNotPositive => {
                "an amount is above zero; who pays it is said by its kind"
            }
            StreamFault::AmountTooLarge => {
                "the advances, and likewise the payments, come to at most 2^53 - 1 minor units"
            }
            StreamFault::CountZero => "a count is at least 1",
            StreamFault::TooMany => "a stream has at most 10000 advances and payments",
            StreamFault::EveryMissing => "a count above 1 needs `every`: how far apart they are",
            StreamFault::EveryZero => "`every` is at least 1 of its unit",
            StreamFault::EveryOtherUnit => {
                "times counted in days or weeks are days or weeks apart; those counted in \
                 half-months, months or years are half-months, months or years apart"
            }
            StreamFault::MixedTimes => {
                "all times of a stream are dates, or all are counted in days and weeks, or all in \
                 half-months, months and years"
            }
            StreamFault::OutOfCalendar => {
                "dates are from 0001-01-01 to 9999-12-31, and counted times within ten thousand \
                 years"
            }
            StreamFault::DayNotMeant => {
                "`day` goes with a first date that is the last of its month and with months \
                 between; it is 29, 30 or 31, on or after that date's own"
            }
        })
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: {}", self.fault),
            None => self.fault.fmt(f),
        }
    }
}

impl core::error::Error for StreamError {}
