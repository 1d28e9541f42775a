//! How a loan is paid back, instalment by instalment.

use super::LoanError;
use crate::{Date, Ratio, Rounding};

/// A way to pay a loan back. Whatever it is, the last instalment takes what is
/// left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Level instalments (等额本息).
    EqualInstalment,
    /// Equal parts of the principal, with the interest on what is left (等额本金).
    EqualPrincipal,
    /// Interest only, and all of the principal at the end (先息后本).
    Bullet,
    /// Equal parts of the principal, and with each the interest on all that was
    /// lent (等本等息): a flat fee for each instalment.
    Flat,
    /// Level instalments, but for a share of the principal, 0 to 1, that is
    /// paid with the last one.
    Balloon {
        /// What is left to the end.
        share: Ratio,
    },
    /// Level instalments after a time of grace.
    Grace {
        /// How many instalments at first are nothing at all.
        nothing: u16,
        /// How many then are interest only.
        interest_only: u16,
        /// What becomes of the interest meanwhile.
        deferred: Deferred,
    },
    /// Instalments that change by a ratio, −0.99 to 10, after every so many.
    Stepped {
        /// After how many.
        every: u16,
        /// By how much of what they were.
        by: Ratio,
    },
    /// Level instalments, but for those due in named months of the year.
    Seasonal {
        /// When the interest alone is due.
        interest_only: Months,
        /// When nothing is.
        nothing: Months,
        /// What becomes of the interest meanwhile.
        deferred: Deferred,
    },
}

/// What becomes of the interest of a period in which nothing is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferred {
    /// It is paid on top of the next instalment, and bears none itself.
    CaughtUp,
    /// It bears interest as the principal does, and the instalments that follow
    /// pay it first.
    Capitalised,
}

/// Some of the months of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Months(u16);

impl Months {
    /// No month.
    pub const NONE: Months = Months(0);

    /// These months, 1 to 12; `None` if one is no month.
    pub fn of(months: &[u8]) -> Option<Months> {
        let mut set = 0;
        for month in months {
            if !(1..=12).contains(month) {
                return None;
            }
            set |= 1 << month;
        }
        Some(Months(set))
    }

    /// A bit for each of them, 1 for January to 12.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    /// Those whose bits these are; `None` if one is no month's.
    pub(crate) fn from_bits(bits: u16) -> Option<Months> {
        const ALL: u16 = 0b1_1111_1111_1110;
        (bits & !ALL == 0).then_some(Months(bits))
    }

    /// Whether a day is in one of them.
    pub fn hold(self, day: Date) -> bool {
        self.0 >> day.ymd().1 & 1 == 1
    }
}

/// What an instalment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// So much of the level instalment.
    Level(Ratio),
    /// The interest of the period.
    Interest,
    /// Nothing.
    Nothing,
}

const WHOLE: Ratio = Ratio::new(Ratio::SCALE);

/// The largest and the least of what an instalment of a stepped plan is to the
/// first.
const WEIGHTS: core::ops::RangeInclusive<i64> = 1_000..=1_000_000_000;

impl Plan {
    /// What each of so many instalments is, given the days on which they are
    /// due: at least the last one pays back.
    pub(super) fn parts(
        &self,
        count: u16,
        due: impl Fn(u16) -> Date,
    ) -> Result<Vec<Part>, LoanError> {
        let part: &dyn Fn(u16) -> Part = match *self {
            Plan::EqualInstalment | Plan::EqualPrincipal | Plan::Bullet | Plan::Flat => {
                &|_| Part::Level(WHOLE)
            }
            Plan::Balloon { share } => {
                if !(Ratio::ZERO..=WHOLE).contains(&share) {
                    return Err(LoanError::Plan);
                }
                &|_| Part::Level(WHOLE)
            }
            Plan::Grace {
                nothing,
                interest_only,
                ..
            } => {
                let after = nothing.checked_add(interest_only);
                if after.is_none_or(|after| after >= count) {
                    return Err(LoanError::Plan);
                }
                &move |number| match number {
                    _ if number <= nothing => Part::Nothing,
                    _ if number - nothing <= interest_only => Part::Interest,
                    _ => Part::Level(WHOLE),
                }
            }
            Plan::Seasonal {
                interest_only,
                nothing,
                ..
            } => &move |number| match due(number) {
                // Whatever the month, the last instalment ends the loan.
                _ if number == count => Part::Level(WHOLE),
                day if nothing.hold(day) => Part::Nothing,
                day if interest_only.hold(day) => Part::Interest,
                _ => Part::Level(WHOLE),
            },
            Plan::Stepped { every, by } => return stepped(count, every, by),
        };
        Ok((1..=count).map(part).collect())
    }

    /// What becomes of interest that is not paid when it falls due.
    pub(super) fn deferred(&self) -> Deferred {
        match self {
            Plan::Grace { deferred, .. } | Plan::Seasonal { deferred, .. } => *deferred,
            _ => Deferred::CaughtUp,
        }
    }
}

fn stepped(count: u16, every: u16, by: Ratio) -> Result<Vec<Part>, LoanError> {
    let growth = i128::from(by.millionths()) + i128::from(Ratio::SCALE);
    let mut weight = Ratio::SCALE;
    let mut parts = Vec::with_capacity(usize::from(count));
    for number in 0..count {
        let steps = number.checked_rem(every).ok_or(LoanError::Plan)?;
        if number > 0 && steps == 0 {
            let product = i128::from(weight).checked_mul(growth);
            let next = product
                .and_then(|product| Rounding::HalfUp.divide(product, i128::from(Ratio::SCALE)));
            weight = next
                .and_then(|next| i64::try_from(next).ok())
                .filter(|next| WEIGHTS.contains(next))
                .ok_or(LoanError::Plan)?;
        }
        parts.push(Part::Level(Ratio::new(weight)));
    }
    Ok(parts)
}
