//! How a debt falls, one instalment after the other.

use core::ops::RangeInclusive;

use super::calendar::Calendar;
use super::day_count::YearPart;
use super::plan::Part;
use super::terms::{HIGHEST_RATE, MOST_INSTALMENTS};
use super::{DayCount, Deferred, ExtraPayment, Frequency, LoanError, LoanTerms, Plan};
use crate::{LARGEST, Money, Ratio, Rounding};

/// How loans on the same terms are paid back, whatever is lent.
#[derive(Clone, Debug)]
pub(super) struct Amortisation {
    plan: Plan,
    rounding: super::InstalmentRounding,
    extra: Option<ExtraPayment>,
    periods: Vec<Period>,
}

/// A period and the instalment at its end.
#[derive(Clone, Copy, Debug)]
struct Period {
    /// The interest of a unit over the period.
    numerator: i128,
    denominator: i128,
    /// The same, nearly.
    growth: f64,
    part: Part,
}

/// What is owed.
#[derive(Clone, Copy, Debug)]
struct Debt {
    lent: Money,
    principal: Money,
    /// Interest that fell due and was not paid.
    deferred: Money,
}

/// A payment in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Portion {
    pub(super) payment: Money,
    pub(super) principal: Money,
    pub(super) interest: Money,
    pub(super) fee: Money,
    pub(super) balance: Money,
}

/// What sets an instalment that pays back.
#[derive(Clone, Copy, Debug)]
enum Measure {
    /// Principal and interest together.
    Payment(Money),
    /// The principal.
    Principal(Money),
}

impl Amortisation {
    pub(super) fn new(terms: &LoanTerms, calendar: &Calendar) -> Result<Amortisation, LoanError> {
        if !(Ratio::ZERO..=HIGHEST_RATE).contains(&terms.annual_rate) {
            return Err(LoanError::Rate);
        }
        if !(1..=MOST_INSTALMENTS).contains(&terms.instalments) {
            return Err(LoanError::Instalments);
        }
        if !(1..=LARGEST).contains(&terms.rounding.multiple.minor()) {
            return Err(LoanError::Rounding);
        }
        let in_range = |extra: ExtraPayment| {
            extra.amount > Money::ZERO && (1..terms.instalments).contains(&extra.with)
        };
        if !terms.extra.is_none_or(in_range) {
            return Err(LoanError::Extra);
        }
        let parts = terms
            .plan
            .parts(terms.instalments, |number| calendar.due(number))?;
        let mut periods = Vec::with_capacity(parts.len());
        for (number, part) in (1..).zip(parts) {
            let of_year = period(terms, calendar, number);
            let rate = i128::from(terms.annual_rate.millionths());
            let of_year_nearly = of_year.numerator as f64 / of_year.denominator as f64;
            periods.push(Period {
                numerator: rate * i128::from(of_year.numerator),
                denominator: i128::from(of_year.denominator) * i128::from(Ratio::SCALE),
                growth: terms.annual_rate.to_f64() * of_year_nearly,
                part,
            });
        }
        Ok(Amortisation {
            plan: terms.plan,
            rounding: terms.rounding,
            extra: terms.extra,
            periods,
        })
    }

    /// Every instalment of a loan.
    pub(super) fn run(&self, lent: Money) -> Result<Vec<Portion>, LoanError> {
        if lent <= Money::ZERO {
            return Err(LoanError::NothingLent);
        }
        let measure = self.measure(lent)?;
        let mut debt = Debt::of(lent);
        let mut portions = Vec::with_capacity(self.periods.len());
        let (last, others) = self.periods.split_last().ok_or(LoanError::Instalments)?;
        let mut extra = self.extra;
        for (number, period) in (1..).zip(others) {
            let portion = self.instalment(period, &mut debt, measure);
            let mut portion = portion.ok_or(LoanError::TooLarge)?;
            if let Some(paid) = extra.take_if(|extra| extra.with == number) {
                portion
                    .pay(paid.amount, &mut debt)
                    .ok_or(LoanError::TooLarge)?;
            }
            portions.push(portion);
            // Nothing is due any more once an extra payment has helped to pay it all.
            if extra != self.extra && debt.owed() == Some(Money::ZERO) {
                return Ok(portions);
            }
        }
        let portion = self.last(last, debt).ok_or(LoanError::TooLarge)?;
        portions.push(portion);
        Ok(portions)
    }

    /// Whether no instalment of a loan is more than this one, where instalments
    /// are level: the last one takes what is left.
    ///
    /// Monotone in both, since what is owed after each instalment is: it rises
    /// with what was owed before, and falls as the instalment rises.
    pub(super) fn pays_back(&self, lent: Money, level: Money) -> bool {
        self.excess(lent, level)
            .is_some_and(|excess| excess <= Money::ZERO)
    }

    /// What the last instalment is more than it is meant to be.
    fn excess(&self, lent: Money, level: Money) -> Option<Money> {
        let (last, others) = self.periods.split_last()?;
        let mut debt = Debt::of(lent);
        for period in others {
            self.instalment(period, &mut debt, Measure::Payment(level))?;
        }
        let caught_up = match self.plan.deferred() {
            Deferred::CaughtUp => debt.deferred,
            Deferred::Capitalised => Money::ZERO,
        };
        let left = self.last(last, debt)?.payment.minus(caught_up)?;
        let meant = self.weighed(level, last.part)?.plus(self.balloon(lent)?)?;
        left.minus(meant)
    }

    fn measure(&self, lent: Money) -> Result<Measure, LoanError> {
        match self.plan {
            Plan::Bullet => Ok(Measure::Principal(Money::ZERO)),
            Plan::EqualPrincipal | Plan::Flat => {
                let count = self.periods.len() as i128;
                let part = self.rounding.round(i128::from(lent.minor()), count);
                part.map(Measure::Principal).ok_or(LoanError::TooLarge)
            }
            _ => self.level(lent).map(Measure::Payment),
        }
    }

    /// The level instalment that pays a loan back: the least whole one that
    /// leaves no more than itself to the last, then rounded.
    fn level(&self, lent: Money) -> Result<Money, LoanError> {
        let near = (lent.minor() as f64 * self.level_of_unit()).ceil();
        let falls_short = |level| !self.pays_back(lent, Money::new(level));
        let least = last_passing(whole(near) - 1, 0..=LARGEST, falls_short) + 1;
        if least > LARGEST {
            return Err(LoanError::TooLarge);
        }
        match self.rounding.round(i128::from(least), 1) {
            Some(Money::ZERO) => Err(LoanError::Rounding),
            level => level.ok_or(LoanError::TooLarge),
        }
    }

    /// Whether something is due in each period.
    pub(super) fn pays(&self) -> impl Iterator<Item = bool> {
        let last = self.periods.len();
        let due = |part| part != Part::Nothing;
        (1..)
            .zip(&self.periods)
            .map(move |(number, period)| number == last || due(period.part))
    }

    /// How far what is paid of this loan up to each instalment, or of a
    /// smaller one on the same terms, can be from what is in proportion to the
    /// loan, in minor units.
    ///
    /// Each rounding moves what is owed: of interest by half a minor unit, of an
    /// instalment by less than what it is rounded to, and what is owed bears
    /// interest. A level instalment is moved by as much as all of that comes to
    /// by the end, spread over the instalments that pay back, and by one unit
    /// as the least whole one. What was paid is what was lent and its interest,
    /// less what is owed.
    pub(super) fn noise(&self, portions: &[Portion]) -> Vec<f64> {
        let multiple = self.rounding.multiple.minor() as f64;
        let is_level = !matches!(self.plan, Plan::EqualPrincipal | Plan::Bullet | Plan::Flat);
        let level = multiple
            + if is_level {
                self.level_noise(portions)
            } else {
                0.0
            };
        let (mut owed, mut interest) = (0.0, 0.0);
        let noise = |period: &Period| {
            let bears = match self.plan {
                Plan::Flat => 0.5,
                _ => owed * period.growth + 0.5,
            };
            interest += bears;
            match (period.part, self.plan) {
                (Part::Level(weight), _) if is_level => {
                    owed += bears + weight.to_f64() * level + self.weighing(weight);
                }
                (Part::Level(_), _) => owed += level,
                (Part::Nothing, _) => owed += bears,
                (Part::Interest, _) => {}
            }
            owed + interest
        };
        self.periods.iter().map(noise).collect()
    }

    /// How far the rounding of a level instalment's part moves it.
    fn weighing(&self, weight: Ratio) -> f64 {
        match weight.millionths() {
            Ratio::SCALE => 0.0,
            _ => self.rounding.multiple.minor() as f64,
        }
    }

    /// How far a level instalment can be from what is in proportion.
    fn level_noise(&self, portions: &[Portion]) -> f64 {
        // What is left to the end is rounded too.
        let (mut worth, mut noise, mut weights, mut before) = (1.0, 0.5, 0.0, LARGEST);
        for (period, portion) in self.periods.iter().zip(portions) {
            worth /= 1.0 + period.growth;
            let falls = portion.balance.minor() < before;
            before = portion.balance.minor();
            match period.part {
                Part::Level(weight) if falls => {
                    noise += (0.5 + self.weighing(weight)) * worth;
                    weights += weight.to_f64() * worth;
                }
                Part::Interest => {}
                _ => noise += worth,
            }
        }
        noise / weights
    }

    /// About the level instalment of one unit that is lent.
    fn level_of_unit(&self) -> f64 {
        // What is owed is `owed` less `paid` times the instalment.
        let (mut owed, mut paid) = (1.0, 0.0);
        for period in &self.periods {
            let grown = 1.0 + period.growth;
            match (period.part, self.plan.deferred()) {
                (Part::Level(weight), _) => {
                    owed *= grown;
                    paid = paid * grown + weight.to_f64();
                }
                (Part::Nothing, Deferred::Capitalised) => {
                    owed *= grown;
                    paid *= grown;
                }
                (Part::Nothing, Deferred::CaughtUp) | (Part::Interest, _) => {}
            }
        }
        let left = match self.plan {
            Plan::Balloon { share } => share.to_f64(),
            _ => 0.0,
        };
        (owed - left) / paid
    }

    /// What of a loan is left to the last instalment beside its level part.
    fn balloon(&self, lent: Money) -> Option<Money> {
        let Plan::Balloon { share } = self.plan else {
            return Some(Money::ZERO);
        };
        lent.share(share)
    }

    /// A level instalment's part.
    fn weighed(&self, level: Money, part: Part) -> Option<Money> {
        match part {
            Part::Level(weight) if weight.millionths() != Ratio::SCALE => {
                let product = i128::from(level.minor()) * i128::from(weight.millionths());
                self.rounding.round(product, i128::from(Ratio::SCALE))
            }
            _ => Some(level),
        }
    }

    /// The interest of a period, rounded half up.
    fn interest(&self, period: &Period, debt: &Debt) -> Option<Money> {
        let bearing = match (self.plan, self.plan.deferred()) {
            (Plan::Flat, _) => debt.lent,
            (_, Deferred::CaughtUp) => debt.principal,
            (_, Deferred::Capitalised) => debt.owed()?,
        };
        // 53 bits times 24 of the rate and 21 of the part of a year.
        let product = i128::from(bearing.minor()) * period.numerator;
        let interest = Rounding::HalfUp.divide(product, period.denominator)?;
        Money::ZERO.plus(Money::new(i64::try_from(interest).ok()?))
    }

    /// Any instalment but the last; what is owed falls by it.
    fn instalment(&self, period: &Period, debt: &mut Debt, measure: Measure) -> Option<Portion> {
        let interest = self.interest(period, debt)?;
        if period.part == Part::Nothing {
            debt.deferred = debt.deferred.plus(interest)?;
            return Portion::new(Money::ZERO, Money::ZERO, debt);
        }
        // Of what was deferred: what this instalment pays.
        let mut late = match self.plan.deferred() {
            Deferred::CaughtUp => debt.deferred,
            Deferred::Capitalised => Money::ZERO,
        };
        let mut principal = Money::ZERO;
        if let Part::Level(_) = period.part {
            principal = match measure {
                Measure::Principal(principal) => principal,
                Measure::Payment(level) => {
                    let beyond = self.weighed(level, period.part)?.minus(interest)?;
                    let beyond = beyond.max(Money::ZERO);
                    if self.plan.deferred() == Deferred::Capitalised {
                        late = debt.deferred.min(beyond);
                        beyond.minus(late)?
                    } else {
                        beyond
                    }
                }
            };
        }
        let principal = principal.min(debt.principal);
        debt.deferred = debt.deferred.minus(late)?;
        debt.principal = debt.principal.minus(principal)?;
        Portion::new(principal, interest.plus(late)?, debt)
    }

    /// The last instalment: all that is owed.
    fn last(&self, period: &Period, debt: Debt) -> Option<Portion> {
        let interest = self.interest(period, &debt)?.plus(debt.deferred)?;
        let settled = Debt {
            principal: Money::ZERO,
            deferred: Money::ZERO,
            ..debt
        };
        Portion::new(debt.principal, interest, &settled)
    }
}

impl Debt {
    fn of(lent: Money) -> Debt {
        Debt {
            lent,
            principal: lent,
            deferred: Money::ZERO,
        }
    }

    fn owed(&self) -> Option<Money> {
        self.principal.plus(self.deferred)
    }
}

impl Portion {
    /// Pays principal back on top; what is left of the debt is no longer what
    /// a flat fee is on.
    fn pay(&mut self, amount: Money, debt: &mut Debt) -> Option<()> {
        let paid = amount.min(debt.principal);
        debt.principal = debt.principal.minus(paid)?;
        debt.lent = debt.lent.minus(paid)?;
        self.principal = self.principal.plus(paid)?;
        self.payment = self.payment.plus(paid)?;
        self.balance = self.balance.minus(paid)?;
        Some(())
    }

    fn new(principal: Money, interest: Money, after: &Debt) -> Option<Portion> {
        Some(Portion {
            payment: principal.plus(interest)?,
            principal,
            interest,
            fee: Money::ZERO,
            balance: after.owed()?,
        })
    }
}

/// The part of a year that a period is.
pub(super) fn period(terms: &LoanTerms, calendar: &Calendar, number: u16) -> YearPart {
    let is_regular = number > 1 || terms.first_due.is_none();
    // Most loans are, and need no dates.
    if is_regular && (terms.day_count, terms.frequency) == (DayCount::Periods, Frequency::Monthly) {
        return YearPart::MONTH;
    }
    let due = calendar.due(number);
    let before = match number {
        1 => terms.start,
        _ => calendar.due(number - 1),
    };
    match (terms.day_count, terms.frequency) {
        (DayCount::Periods, Frequency::Days(_)) => YearPart::of_days(due.days() - before.days()),
        (day_count, _) => day_count.between(before, due),
    }
}

/// A whole number from 0 to [`LARGEST`]: zero for what is no number.
fn whole(number: f64) -> i64 {
    (number as i64).clamp(0, LARGEST)
}

/// Of a range of numbers the last that passes a test which all pass up to it
/// and none beyond; the first of the range is taken to pass.
///
/// It is looked for from a number that is near: this decides how soon it is
/// found and not which it is (SAME BITS).
fn last_passing(near: i64, range: RangeInclusive<i64>, test: impl Fn(i64) -> bool) -> i64 {
    let (first, last) = range.into_inner();
    let near = near.clamp(first, last.max(first));
    let mut apart = 1;
    let (mut passes, mut fails) = if near == first || test(near) {
        while near + apart <= last && test(near + apart) {
            apart *= 2;
        }
        (near + apart / 2, (near + apart).min(last + 1))
    } else {
        while near - apart > first && !test(near - apart) {
            apart *= 2;
        }
        ((near - apart).max(first), near - apart / 2)
    };
    while fails - passes > 1 {
        let middle = passes.midpoint(fails);
        if test(middle) {
            passes = middle;
        } else {
            fails = middle;
        }
    }
    passes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Wherever the search begins.
        #[test]
        fn the_last_that_passes(near: i64, first in -50i64..50, count in 0i64..200, passing in -1i64..250) {
            let last = first + count;
            let found = last_passing(near, first..=last, |number| number <= first + passing);
            prop_assert_eq!(found, (first + passing).clamp(first, last));
        }
    }
}
