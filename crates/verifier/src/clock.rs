//! The server's time.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use prequal::Date;

/// A moment: whole seconds since 1970-01-01T00:00:00Z. Its text is RFC 3339 in
/// UTC, like `2026-11-22T09:30:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub i64);

impl Time {
    /// The calendar day of a place whose clocks are this many minutes ahead of
    /// UTC, or `None` outside years 1 to 9999.
    pub fn day_at(self, minutes_ahead: i64) -> Option<Date> {
        Date::from_days(self.0.saturating_add(minutes_ahead * 60).div_euclid(86_400))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.rem_euclid(86_400);
        let day = self.day_at(0).ok_or(fmt::Error)?;
        write!(
            f,
            "{day}T{:02}:{:02}:{:02}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

/// Where the time comes from: the system's clock, or a test's.
pub trait Clock: Send + Sync {
    /// The time now. Only this clock counts; no client is asked for the time.
    fn now(&self) -> Time;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Time(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_day() {
        let time = Time(1_795_366_800);
        assert_eq!(time.to_string(), "2026-11-22T17:00:00Z");
        assert_eq!(time.day_at(0).expect("a day").to_string(), "2026-11-22");
        assert_eq!(
            time.day_at(8 * 60).expect("a day").to_string(),
            "2026-11-23"
        );
        assert_eq!(Time(-1).to_string(), "1969-12-31T23:59:59Z");
        assert_eq!(Time(i64::MAX).day_at(600), None);
    }
}
