//! What is paid out and paid back, and when.

use core::cmp::Ordering;

use super::fault::{StreamError, StreamFault};
use super::period::{Day, Days, HalfMonths, Instant};
use crate::{Date, LARGEST, Money};

/// The most advances and payments of a stream.
const MOST: u32 = 10_000;

/// The latest of counted times in their base, days or half-months: ten
/// thousand years of days.
const LATEST: u32 = 3_652_500;

/// Who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The lender pays out.
    Advance,
    /// The borrower pays: instalments, and costs that the standard counts.
    Payment,
}

/// A unit in which times are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A day; 365 a year where they are counted without dates.
    Day,
    /// Seven days; 52 a year.
    Week,
    /// Half a month; 24 a year. By dates: 15 days of the month on, then the
    /// first day of the month again.
    Semimonth,
    /// A month; 12 a year.
    Month,
    /// Twelve months.
    Year,
}

impl Unit {
    /// How many make a year.
    pub const fn per_year(self) -> u32 {
        match self {
            Unit::Day => 365,
            Unit::Week => 52,
            Unit::Semimonth => 24,
            Unit::Month => 12,
            Unit::Year => 1,
        }
    }

    /// How many days, or how many half-months, it is.
    const fn base(self) -> Base {
        match self {
            Unit::Day => Base::Days(1),
            Unit::Week => Base::Days(7),
            Unit::Semimonth => Base::HalfMonths(1),
            Unit::Month => Base::HalfMonths(2),
            Unit::Year => Base::HalfMonths(24),
        }
    }
}

/// What a unit is made of. Days and half-months are never turned into each
/// other without dates.
#[derive(Clone, Copy)]
enum Base {
    Days(u32),
    HalfMonths(u32),
}

impl Base {
    fn alike(self, other: Base) -> bool {
        matches!(
            (self, other),
            (Base::Days(_), Base::Days(_)) | (Base::HalfMonths(_), Base::HalfMonths(_))
        )
    }

    fn size(self) -> u32 {
        match self {
            Base::Days(size) | Base::HalfMonths(size) => size,
        }
    }
}

/// So many units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Every {
    /// How many; at least 1.
    pub number: u16,
    /// Of what.
    pub unit: Unit,
}

/// When something is paid, or for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// On a day.
    Date(Date),
    /// So many units after a beginning that has no date.
    Period(u32, Unit),
}

/// Equal advances or payments at equal distances, or a single one. The order
/// of entries has no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who pays.
    pub kind: Kind,
    /// Each of them, above zero.
    pub amount: Money,
    /// The first.
    pub at: At,
    /// The day of the month that is meant, 29 to 31, where the first date is
    /// the last day of a shorter month; 31 is always the last day. Without it
    /// a series falls on the first date's own day, and a single date at the
    /// end of its month on the latest day of the month in the stream.
    pub day: Option<u8>,
    /// How far apart; needed for more than one.
    pub every: Option<Every>,
    /// How many; at least 1.
    pub count: u32,
}

/// A single advance or payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<T> {
    /// When.
    pub at: T,
    /// Who pays.
    pub kind: Kind,
    /// How much; above zero.
    pub amount: Money,
}

impl<T> Event<T> {
    /// What is paid in minor units; advances are below zero.
    pub(super) fn paid(&self) -> i64 {
        match self.kind {
            Kind::Advance => -self.amount.minor(),
            Kind::Payment => self.amount.minor(),
        }
    }
}

/// When an event of a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On a day.
    Date(Date),
    /// So many days after the beginning.
    Days(u32),
    /// So many half-months after the beginning.
    HalfMonths(u32),
}

/// Advances and payments in the order of time, by dates or by counted
/// periods: at least one of each, each above zero, at most 10 000 of them and
/// at most [`LARGEST`] minor units in all of either.
///
/// ```
/// use prequal::Money;
/// use prequal::loan::rate::{At, Entry, Every, Kind, Stream, Unit, eu_aprc};
/// let month = Every { number: 1, unit: Unit::Month };
/// let entry = |kind, amount, at, count| Entry {
///     kind, amount: Money::new(amount), at: At::Period(at, Unit::Month), day: None, every: Some(month), count,
/// };
/// let stream = Stream::new(&[
///     entry(Kind::Advance, 200_000_00, 0, 1),
///     entry(Kind::Payment, 4_000_00, 0, 1),
///     entry(Kind::Payment, 1_432_86, 1, 240),
/// ])?;
/// // The Commission's example 1: 6.434412 %.
/// let aprc = eu_aprc(&stream, None)?;
/// assert_eq!(format!("{:.8}", aprc.rate), "0.06434412");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    pub(super) times: Times,
}

/// Events in the order of time, at times of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Dates(Vec<Event<Day>>),
    Days(Vec<Event<Days>>),
    HalfMonths(Vec<Event<HalfMonths>>),
}

impl Stream {
    /// The stream of these entries.
    ///
    /// # Errors
    /// The first thing that is wrong, and with which entry.
    pub fn new(entries: &[Entry]) -> Result<Stream, StreamError> {
        let whole = |fault| StreamError { entry: None, fault };
        let mut sums = [Money::ZERO; 2];
        let mut count = 0_u32;
        for (index, entry) in entries.iter().enumerate() {
            let wrong = |fault| StreamError {
                entry: Some(index),
                fault,
            };
            entry.check().map_err(wrong)?;
            count = count
                .checked_add(entry.count)
                .filter(|count| *count <= MOST)
                .ok_or(wrong(StreamFault::TooMany))?;
            let [advanced, paid] = &mut sums;
            let sum = match entry.kind {
                Kind::Advance => advanced,
                Kind::Payment => paid,
            };
            *sum = entry
                .amount
                .minor()
                .checked_mul(i64::from(entry.count))
                .and_then(|added| sum.plus(Money::new(added)))
                .ok_or(wrong(StreamFault::AmountTooLarge))?;
        }
        let [advanced, paid] = sums;
        if advanced == Money::ZERO {
            return Err(whole(StreamFault::NothingAdvanced));
        }
        if paid == Money::ZERO {
            return Err(whole(StreamFault::NothingPaid));
        }
        let times = Times::of(entries)?;
        Ok(Stream { times })
    }

    /// The advances and payments in the order of time, of one time the
    /// advances first.
    pub fn events(&self) -> Vec<Event<When>> {
        match &self.times {
            Times::Dates(events) => told(events, |day| When::Date(day.date)),
            Times::Days(events) => told(events, |days| When::Days(days.0)),
            Times::HalfMonths(events) => told(events, |halves| When::HalfMonths(halves.0)),
        }
    }
}

fn told<T: Copy>(events: &[Event<T>], when: impl Fn(T) -> When) -> Vec<Event<When>> {
    let told = |event: &Event<T>| Event {
        at: when(event.at),
        kind: event.kind,
        amount: event.amount,
    };
    events.iter().map(told).collect()
}

impl Entry {
    /// What can be wrong with an entry by itself.
    fn check(&self) -> Result<(), StreamFault> {
        if self.amount <= Money::ZERO {
            return Err(StreamFault::AmountNotPositive);
        }
        if self.amount.minor() > LARGEST {
            return Err(StreamFault::AmountTooLarge);
        }
        match (self.count, self.every) {
            (0, _) => Err(StreamFault::CountZero),
            (_, Some(Every { number: 0, .. })) => Err(StreamFault::EveryZero),
            (2.., None) => Err(StreamFault::EveryMissing),
            _ => Ok(()),
        }
    }

    /// All of it, each at its time.
    fn events<T>(
        &self,
        at: impl Fn(u32) -> Option<T>,
    ) -> impl Iterator<Item = Result<Event<T>, StreamFault>> {
        let (kind, amount) = (self.kind, self.amount);
        (0..self.count).map(move |index| {
            let at = at(index).ok_or(StreamFault::OutOfCalendar)?;
            Ok(Event { at, kind, amount })
        })
    }

    fn dates(&self, first: Date) -> Result<Vec<Event<Day>>, StreamFault> {
        let step = self.every.unwrap_or(Every {
            number: 1,
            unit: Unit::Month,
        });
        let day = match (self.day, step.unit.base()) {
            (None, _) => Day::new(first),
            (Some(_), Base::Days(_)) => return Err(StreamFault::DayNotMeant),
            (Some(meant), _) => Day::meant(first, meant).ok_or(StreamFault::DayNotMeant)?,
        };
        self.events(|index| day.after(index.checked_mul(u32::from(step.number))?, step.unit))
            .collect()
    }

    /// Counted times, in the base of their unit.
    fn counted<T>(
        &self,
        first: u32,
        unit: Unit,
        time: fn(u32) -> T,
    ) -> Result<Vec<Event<T>>, StreamFault> {
        if self.day.is_some() {
            return Err(StreamFault::DayNotMeant);
        }
        let step = match self.every {
            Some(every) if !every.unit.base().alike(unit.base()) => {
                return Err(StreamFault::EveryOtherUnit);
            }
            Some(every) => u32::from(every.number) * every.unit.base().size(),
            None => 0,
        };
        let first = first.checked_mul(unit.base().size());
        self.events(|index| {
            first?
                .checked_add(index.checked_mul(step)?)
                .filter(|at| *at <= LATEST)
                .map(time)
        })
        .collect()
    }
}

impl Times {
    /// The times of entries that are right by themselves.
    fn of(entries: &[Entry]) -> Result<Times, StreamError> {
        let (mut dates, mut days, mut halves) = (Vec::new(), Vec::new(), Vec::new());
        for (index, entry) in entries.iter().enumerate() {
            let wrong = |fault| StreamError {
                entry: Some(index),
                fault,
            };
            match entry.at {
                At::Date(first) => {
                    let alone = entry.count == 1 && entry.day.is_none();
                    let events = entry.dates(first).map_err(wrong)?;
                    dates.extend(events.into_iter().map(|event| (event, alone)));
                }
                At::Period(number, unit) => match unit.base() {
                    Base::Days(_) => {
                        days.append(&mut entry.counted(number, unit, Days).map_err(wrong)?);
                    }
                    Base::HalfMonths(_) => {
                        halves.append(&mut entry.counted(number, unit, HalfMonths).map_err(wrong)?);
                    }
                },
            }
            let kinds = [dates.is_empty(), days.is_empty(), halves.is_empty()];
            if kinds.into_iter().filter(|empty| !empty).count() > 1 {
                return Err(wrong(StreamFault::MixedTimes));
            }
        }
        let latest = dates.iter().map(|(event, _)| event.at.of_month).max();
        let dates: Vec<Event<Day>> = dates
            .into_iter()
            .map(|(event, alone)| Event {
                at: match latest {
                    Some(latest) if alone => Day::meant(event.at.date, latest).unwrap_or(event.at),
                    _ => event.at,
                },
                ..event
            })
            .collect();
        Ok(match (dates.is_empty(), days.is_empty()) {
            (false, _) => Times::Dates(sorted(dates)),
            (_, false) => Times::Days(sorted(days)),
            _ => Times::HalfMonths(sorted(halves)),
        })
    }
}

fn sorted<T: Instant>(mut events: Vec<Event<T>>) -> Vec<Event<T>> {
    events.sort_by(|one, other| match one.at.order(other.at) {
        Ordering::Equal => one.kind.cmp(&other.kind),
        order => order,
    });
    events
}
