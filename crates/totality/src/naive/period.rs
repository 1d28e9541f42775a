//! The instalments of a loan: when each is due, how much of a year it ends,
//! and what it is meant to be.

use prequal::Date;
use prequal::loan::{DayCount, Deferred, Fee, Frequency, Months, Plan, Repayment};

use super::bug::{Bug, Bugs};
use super::calendar;
use super::fault::{Fault, Found};
use super::number::Fraction;

const MILLION: i128 = 1_000_000;

/// What a loan is made from, but what is lent.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    pub(crate) repayment: Repayment,
    pub(crate) fees: Vec<Fee>,
    /// The yearly rate in millionths.
    pub(crate) rate: i128,
    pub(crate) months: i128,
    /// The day it is paid out.
    pub(crate) start: i128,
    pub(crate) bugs: Bugs,
}

/// What an instalment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// So many millionths of the level instalment.
    Level(i128),
    Interest,
    Nothing,
}

/// An instalment and the time before it.
#[derive(Clone, Debug)]
pub(super) struct Period {
    pub(super) part: Part,
    /// The month of the year in which it is due.
    pub(super) month: i128,
    /// How much of a year of equal periods it ends.
    pub(super) equal: Fraction,
    /// The interest of a unit: a numerator and a denominator.
    pub(super) interest: (i128, i128),
}

/// So many days of equal periods: whole weeks are 52nds of a year.
fn of_days(days: i128) -> Fraction {
    match days % 7 {
        0 => Fraction::new(days / 7, 52),
        _ => Fraction::new(days, 365),
    }
}

/// The part of a year that equal periods are.
pub(super) fn equal_period(frequency: Frequency) -> Fraction {
    match frequency {
        Frequency::Monthly => Fraction::new(1, 12),
        Frequency::Days(days) => of_days(days.into()),
    }
}

impl Conditions {
    /// How many instalments there are: as many periods as the months hold.
    pub(crate) fn instalments(&self) -> i128 {
        let bug = self.bugs.has(Bug::FourWeeksAreAMonth);
        match self.repayment.frequency {
            Frequency::Days(days) if bug => self.months * 28 / i128::from(days),
            frequency => {
                let count = Fraction::new(self.months, 12) / equal_period(frequency);
                count.floor().to_integer()
            }
        }
    }

    /// The day on which an instalment is due.
    fn due(&self, number: i128) -> Found<i128> {
        match self.repayment.frequency {
            Frequency::Days(days) => Ok(self.start + number * i128::from(days)),
            Frequency::Monthly if self.bugs.has(Bug::MonthEndsStayShort) => {
                (0..number).try_fold(self.start, |day, _| calendar::shift(day, 1, Bugs::NONE))
            }
            Frequency::Monthly => calendar::shift(self.start, number, Bugs::NONE),
        }
    }

    /// Every instalment.
    pub(super) fn periods(&self) -> Found<Vec<Period>> {
        let count = self.instalments();
        let equal = equal_period(self.repayment.frequency);
        let mut periods = Vec::new();
        let mut before = self.start;
        for number in 1..=count {
            let due = self.due(number)?;
            let early = self.bugs.has(Bug::SeasonOfTheMonthBefore);
            let day = calendar::day(if early { before } else { due })?;
            let of_year = match self.repayment.day_count {
                DayCount::Periods => equal,
                other => self.of_year(other, before, due)?,
            };
            let rate = Fraction::new(self.rate, MILLION) * of_year;
            periods.push(Period {
                part: self.part(number, count, day.month)?,
                month: day.month,
                equal,
                interest: (*rate.numer(), *rate.denom()),
            });
            before = due;
        }
        Ok(periods)
    }

    /// The part of a year between two days, by the convention's own words.
    fn of_year(&self, convention: DayCount, from: i128, to: i128) -> Found<Fraction> {
        let bugs = self.bugs;
        Ok(match convention {
            DayCount::Periods => return Err(Fault::NotALoan),
            DayCount::Actual365 => Fraction::new(to - from, 365),
            DayCount::Actual360 if bugs.has(Bug::Actual360By365) => Fraction::new(to - from, 365),
            DayCount::Actual360 => Fraction::new(to - from, 360),
            DayCount::Thirty360 => {
                let (first, second) = (calendar::day(from)?, calendar::day(to)?);
                let (mut d1, mut d2) = (first.day, second.day);
                if d1 == 31 {
                    d1 = 30;
                }
                if d2 == 31 && d1 == 30 && !bugs.has(Bug::The31stCounts) {
                    d2 = 30;
                }
                let (years, months) = (second.year - first.year, second.month - first.month);
                Fraction::new(360 * years + 30 * months + d2 - d1, 360)
            }
            DayCount::ActualActual => {
                let mut sum = Fraction::new(0, 1);
                for year in calendar::day(from)?.year..=calendar::day(to)?.year {
                    let first = |year| {
                        let (month, day) = (1, 1);
                        calendar::days(calendar::Day { year, month, day })
                    };
                    let (begin, end) = (first(year)?, first(year + 1)?);
                    let length = match bugs.has(Bug::NoLeapYears) {
                        true => 365,
                        false => end - begin,
                    };
                    sum += Fraction::new(to.min(end) - from.max(begin), length);
                }
                sum
            }
        })
    }

    /// What an instalment is, of so many, due in this month.
    fn part(&self, number: i128, count: i128, month: i128) -> Found<Part> {
        let part = match self.repayment.plan {
            Plan::EqualInstalment
            | Plan::EqualPrincipal
            | Plan::Bullet
            | Plan::Flat
            | Plan::Balloon { .. } => Part::Level(MILLION),
            Plan::Grace {
                nothing,
                interest_only,
                ..
            } => {
                let (nothing, interest) = (i128::from(nothing), i128::from(interest_only));
                let longer = i128::from(self.bugs.has(Bug::GraceIsShort) && nothing > 0);
                if number <= nothing - longer {
                    Part::Nothing
                } else if number <= nothing + interest {
                    Part::Interest
                } else {
                    Part::Level(MILLION)
                }
            }
            Plan::Stepped { every, by } => {
                let (every, by) = (i128::from(every), i128::from(by.millionths()));
                let late = i128::from(self.bugs.has(Bug::StepsComeLate));
                let steps = (number - 1 - late).max(0) / every;
                let grown = |weight: i128, _| half_up(weight * (MILLION + by), MILLION);
                Part::Level((0..steps).fold(MILLION, grown))
            }
            Plan::Seasonal {
                interest_only,
                nothing,
                ..
            } => {
                if number == count {
                    Part::Level(MILLION)
                } else if holds(nothing, month)? {
                    Part::Nothing
                } else if holds(interest_only, month)? {
                    Part::Interest
                } else {
                    Part::Level(MILLION)
                }
            }
        };
        let pays = self.bugs.has(Bug::InterestOnlyPaysBack);
        Ok(match part {
            Part::Interest if pays => Part::Level(MILLION),
            other => other,
        })
    }

    /// Whether interest that is not paid bears interest.
    pub(super) fn capitalises(&self) -> bool {
        let deferred = match self.repayment.plan {
            Plan::Grace { deferred, .. } | Plan::Seasonal { deferred, .. } => deferred,
            _ => Deferred::CaughtUp,
        };
        match deferred {
            Deferred::CaughtUp => self.bugs.has(Bug::CaughtUpIsCapitalised),
            Deferred::Capitalised => !self.bugs.has(Bug::CapitalisedIsCaughtUp),
        }
    }
}

/// Whether a month is one of these: any day of it tells.
fn holds(months: Months, month: i128) -> Found<bool> {
    let month = i64::try_from(month).map_err(|_| Fault::NotADate)?;
    let day = Date::from_ymd(2001, month, 1).ok_or(Fault::NotADate)?;
    Ok(months.hold(day))
}

/// A quotient to the nearest integer, halves up. The divisor is positive.
pub(super) fn half_up(dividend: i128, divisor: i128) -> i128 {
    (2 * dividend + divisor).div_euclid(2 * divisor)
}
