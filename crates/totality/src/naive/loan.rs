//! Loans from their definitions: the schedule row by row, and the level
//! instalment as the least that pays the loan back.

use std::cell::RefCell;
use std::collections::BTreeMap;

use prequal::Rounding;
use prequal::loan::Plan;

use super::bug::{Bug, Bugs};
use super::fault::{Fault, Found};
use super::number::{Fixed, Fraction, LARGEST, round};
use super::period::{Conditions, Part, Period, half_up};

const MILLION: i128 = 1_000_000;

thread_local! {
    /// Instalments per unit of principal, by yearly rate and months.
    static FACTORS: RefCell<BTreeMap<(i128, i128), Fixed>> = const { RefCell::new(BTreeMap::new()) };
}

/// The level instalment by the formula, rounded up: `P · r / (1 − (1 + r)^−n)`.
pub(crate) fn instalment(principal: i128, rate: i128, months: i128, bugs: Bugs) -> Found<i128> {
    let sound = principal >= 0 && (0..=10 * MILLION).contains(&rate) && (1..=480).contains(&months);
    if !sound {
        return Err(Fault::NotALoan);
    }
    if rate == 0 {
        return Ok(round(Fraction::new(principal, months), Rounding::Up, bugs));
    }
    let level = factor(rate, months).times(&Fixed::of(principal, 1));
    if bugs.has(Bug::InstalmentToTheNearest) {
        return level.nearest();
    }
    if principal == 0 {
        return Ok(0);
    }
    // A double of 1 + r is off by 2^−53, which n multiplications add up, and
    // which weighs the more the less r is.
    let share = Fixed::of(months, 1 << 50).plus(&Fixed::of(12 * MILLION, rate << 50));
    level.ceil(&share)
}

fn factor(rate: i128, months: i128) -> Fixed {
    FACTORS.with_borrow_mut(|known| {
        let entry = known.entry((rate, months));
        let compute = || {
            let monthly = Fixed::of(rate, 12 * MILLION);
            let grown = Fixed::one().plus(&monthly).power(months as u32);
            monthly.times(&grown).over(&grown.minus(&Fixed::one()))
        };
        entry.or_insert_with(compute).clone()
    })
}

/// How a loan on some conditions runs.
pub(super) struct Course<'a> {
    pub(super) of: &'a Conditions,
    pub(super) periods: Vec<Period>,
}

/// A row of a schedule, without fees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) payment: i128,
    pub(super) interest: i128,
    pub(super) balance: i128,
    /// Of the interest, what earlier periods left to be caught up.
    late: i128,
    /// Whether something is due at all.
    pub(super) pays: bool,
}

/// What sets the rows that pay back.
#[derive(Clone, Copy)]
enum Pay {
    /// The level instalment.
    Level(i128),
    /// The part of the principal.
    Back(i128),
}

impl<'a> Course<'a> {
    pub(super) fn new(of: &'a Conditions) -> Found<Course<'a>> {
        Ok(Course {
            of,
            periods: of.periods()?,
        })
    }

    /// A quotient of minor units, rounded to the product's multiple.
    fn to_multiple(&self, dividend: i128, divisor: i128) -> i128 {
        let bugs = self.of.bugs;
        let rounding = self.of.repayment.rounding;
        let multiple = match bugs.has(Bug::MultipleLeftOut) {
            true => 1,
            false => i128::from(rounding.multiple.minor()),
        };
        let divisor = divisor * multiple;
        let multiples = match rounding.direction {
            Rounding::Down if !bugs.has(Bug::InstalmentsRoundedUp) => dividend.div_euclid(divisor),
            Rounding::HalfUp if !bugs.has(Bug::InstalmentsRoundedUp) => half_up(dividend, divisor),
            _ => -(-dividend).div_euclid(divisor),
        };
        multiples * multiple
    }

    /// A part of the level instalment.
    fn weighed(&self, level: i128, part: Part) -> i128 {
        match part {
            Part::Level(weight) if weight != MILLION => self.to_multiple(level * weight, MILLION),
            _ => level,
        }
    }

    /// What is left to the last row beside a level one.
    fn balloon(&self, lent: i128) -> i128 {
        match self.of.repayment.plan {
            Plan::Balloon { share } if !self.of.bugs.has(Bug::BalloonForgotten) => {
                half_up(lent * i128::from(share.millionths()), MILLION)
            }
            _ => 0,
        }
    }

    fn interest(&self, bearing: i128, period: &Period) -> Option<i128> {
        let (numerator, denominator) = period.interest;
        let exact = bearing.checked_mul(numerator)?;
        if self.of.bugs.has(Bug::InterestRoundedDown) {
            return Some(exact.div_euclid(denominator));
        }
        Some(half_up(exact, denominator))
    }

    /// The rows of a loan; `None` where something outgrows what can be counted.
    fn rows(&self, lent: i128, pay: Pay) -> Option<Vec<Row>> {
        let capitalises = self.of.capitalises();
        let on_what_was_lent =
            self.of.repayment.plan == Plan::Flat && !self.of.bugs.has(Bug::FlatOnWhatIsLeft);
        let (mut principal, mut deferred) = (lent, 0);
        let mut rows = Vec::with_capacity(self.periods.len());
        for (number, period) in self.periods.iter().enumerate() {
            let bearing = match (on_what_was_lent, capitalises) {
                (true, _) => lent,
                (_, true) => principal + deferred,
                _ => principal,
            };
            let interest = self.interest(bearing, period)?;
            let caught_up = if capitalises { 0 } else { deferred };
            let (mut back, mut late, mut pays) = (0, caught_up, true);
            match (period.part, pay) {
                _ if number + 1 == self.periods.len() => {
                    (back, late) = (principal, deferred);
                }
                (Part::Nothing, _) => {
                    (late, pays) = (0, false);
                    deferred += interest;
                }
                (Part::Interest, _) => {}
                (Part::Level(_), Pay::Back(part)) => back = part.min(principal),
                (part @ Part::Level(_), Pay::Level(level)) => {
                    let mut beyond = (self.weighed(level, part) - interest).max(0);
                    if capitalises {
                        late = deferred.min(beyond);
                        beyond -= late;
                    }
                    back = beyond.min(principal);
                }
            }
            principal -= back;
            deferred -= late;
            let interest_paid = if pays { interest + late } else { 0 };
            let row = Row {
                payment: back + interest_paid,
                interest: interest_paid,
                balance: principal + deferred,
                late: caught_up,
                pays,
            };
            if row.payment > LARGEST || row.balance > LARGEST || interest > LARGEST {
                return None;
            }
            rows.push(row);
        }
        Some(rows)
    }

    /// Whether this level instalment leaves no more than itself to the last.
    fn pays_back(&self, lent: i128, level: i128) -> bool {
        let meant = |last: &Row| {
            let part = self.periods.last().map_or(Part::Interest, |p| p.part);
            self.weighed(level, part) + self.balloon(lent) + last.late
        };
        let rows = self.rows(lent, Pay::Level(level)).unwrap_or_default();
        rows.last().is_some_and(|last| last.payment <= meant(last))
    }

    /// The least level instalment of at least one unit that pays back, looked
    /// for around this one.
    pub(super) fn least_level(&self, lent: i128, near: i128) -> Option<i128> {
        let (mut low, mut high, mut apart) = (near.max(1) - 1, near.max(1), 1);
        while low > 0 && self.pays_back(lent, low) {
            (high, low) = (low, (low - apart).max(0));
            apart *= 2;
        }
        while !self.pays_back(lent, high) {
            if high > LARGEST {
                return None;
            }
            (low, high) = (high, high + apart);
            apart *= 2;
        }
        while high - low > 1 {
            let middle = (low + high) / 2;
            match self.pays_back(lent, middle) {
                true => high = middle,
                false => low = middle,
            }
        }
        (high <= LARGEST).then_some(high)
    }

    /// Whether there is a level instalment.
    pub(super) fn is_level(&self) -> bool {
        let plan = self.of.repayment.plan;
        !matches!(plan, Plan::EqualPrincipal | Plan::Flat | Plan::Bullet)
    }

    /// The rows of a loan whose level instalment is about this; `None` where
    /// there is no such loan.
    pub(super) fn run(&self, lent: i128, near: i128) -> Option<Vec<Row>> {
        if !(1..=LARGEST).contains(&lent) || self.periods.is_empty() {
            return None;
        }
        let pay = if self.of.repayment.plan == Plan::Bullet {
            Pay::Back(0)
        } else if self.is_level() {
            let mut level = self.least_level(lent, near)?;
            if self.of.bugs.has(Bug::LastRowIsABalloon) {
                level -= 1;
            }
            let level = self.to_multiple(level, 1);
            // What is rounded to nothing is no instalment.
            if level == 0 {
                return None;
            }
            Pay::Level(level)
        } else {
            Pay::Back(self.to_multiple(lent, self.periods.len() as i128))
        };
        self.rows(lent, pay)
    }
}
