//! What a loan costs: its fees, and the annual rate as the root of its
//! equation.

use std::cell::RefCell;
use std::collections::BTreeMap;

use num_traits::ToPrimitive as _;
use prequal::loan::{Charged, Fee, Frequency};

use super::bug::Bug;
use super::fault::Found;
use super::loan::{Course, Row};
use super::number::{Fixed, LARGEST};
use super::period::{Conditions, equal_period, half_up};

const MILLION: i128 = 1_000_000;
/// As many loans are kept.
const KEPT: usize = 20_000;

thread_local! {
    /// What loans cost, by all that they are made from.
    static COSTS: RefCell<BTreeMap<String, Found<Option<Cost>>>> = const { RefCell::new(BTreeMap::new()) };
}

/// What a loan comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) level: bool,
    pub(crate) first: i128,
    pub(crate) largest: i128,
    pub(crate) last: i128,
    pub(crate) received: i128,
    pub(crate) interest: i128,
    pub(crate) total: i128,
    /// How many instalments come with a fee that comes with each.
    pub(crate) charges: i128,
    pub(crate) simple: i128,
    pub(crate) compound: i128,
}

impl Conditions {
    /// What a fee comes to, each time, of what is asked for.
    pub(crate) fn fee(&self, fee: &Fee, asked: i128) -> i128 {
        let share = asked * i128::from(fee.share.millionths());
        let share = match self.bugs.has(Bug::FeesRoundedDown) {
            true => share.div_euclid(MILLION),
            false => half_up(share, MILLION),
        };
        share + i128::from(fee.fixed.minor())
    }

    /// All fees that are charged in one way.
    pub(super) fn charged(&self, charged: Charged, asked: i128) -> i128 {
        let taken_as = |fee: &&Fee| {
            let is = match fee.charged {
                Charged::Deducted if self.bugs.has(Bug::DeductedIsFinanced) => Charged::Financed,
                Charged::Financed if self.bugs.has(Bug::FinancedIsDeducted) => Charged::Deducted,
                Charged::ByPartner if self.bugs.has(Bug::PartnersFeeIsTheBorrowers) => {
                    Charged::UpFront
                }
                Charged::AtEnd if self.bugs.has(Bug::EndFeeWithEach) => Charged::EachInstalment,
                other => other,
            };
            is == charged
        };
        let fees = self.fees.iter().filter(taken_as);
        fees.map(|fee| self.fee(fee, asked)).sum()
    }

    /// The fees of each row: with each instalment, and at the end.
    pub(super) fn fees_of(&self, rows: &[Row], asked: i128) -> Vec<i128> {
        let each = self.charged(Charged::EachInstalment, asked);
        let at_end = self.charged(Charged::AtEnd, asked);
        let always = self.bugs.has(Bug::FeeOnNothing);
        let rows = rows.iter().enumerate().map(|(index, row)| {
            let each = if row.pays || always { each } else { 0 };
            each + if index + 1 == rows.len() { at_end } else { 0 }
        });
        rows.collect()
    }

    /// What a loan of these conditions costs; `None` where there is none, or
    /// where its payments have no annual rate from 0 to 100 % a month.
    pub(crate) fn cost(&self, asked: i128) -> Found<Option<Cost>> {
        let key = format!("{asked} {self:?}");
        if let Some(known) = COSTS.with_borrow(|known| known.get(&key).cloned()) {
            return known;
        }
        let cost = self.cost_of(asked);
        COSTS.with_borrow_mut(|known| {
            if known.len() >= KEPT {
                known.clear();
            }
            known.insert(key, cost.clone());
        });
        cost
    }

    fn cost_of(&self, asked: i128) -> Found<Option<Cost>> {
        let course = Course::new(self)?;
        let financed = self.charged(Charged::Financed, asked);
        let at_once =
            self.charged(Charged::UpFront, asked) + self.charged(Charged::Deducted, asked);
        let count = course.periods.len().max(1) as i128;
        let Some(rows) = course.run(asked + financed, (asked + financed) / count) else {
            return Ok(None);
        };
        let fees = self.fees_of(&rows, asked);
        let payments = rows.iter().zip(&fees).map(|(row, fee)| row.payment + fee);
        let payments: Vec<i128> = payments.collect();
        let interest: i128 = rows.iter().map(|row| row.interest).sum();
        let total = asked + interest + financed + at_once + fees.iter().sum::<i128>();
        let received = asked - at_once;
        let paid: i128 = payments.iter().sum();
        let (Some(first), Some(last)) = (payments.first(), payments.last()) else {
            return Ok(None);
        };
        if interest.max(total).max(paid) > LARGEST {
            return Ok(None);
        }
        let frequency = self.repayment.frequency;
        let rate = match self.bugs.has(Bug::RateWithoutFees) {
            true => {
                let rows: Vec<i128> = rows.iter().map(|row| row.payment).collect();
                self.annual_rate(asked, &rows, frequency)?
            }
            false => self.annual_rate(received, &payments, frequency)?,
        };
        let Some((simple, compound)) = rate else {
            return Ok(None);
        };
        let or = |bug: Bug, wrong: i128, right: i128| match self.bugs.has(bug) {
            true => wrong,
            false => right,
        };
        let largest = payments.iter().copied().max().unwrap_or(0);
        let before_last = payments.iter().take(payments.len() - 1);
        Ok(Some(Cost {
            level: before_last.collect::<std::collections::BTreeSet<_>>().len() <= 1,
            first: *first,
            largest: or(Bug::LargestIsTheFirst, *first, largest),
            last: or(Bug::LastRowIsLevel, *first, *last),
            received: or(Bug::AllIsReceived, asked, received),
            interest,
            total,
            charges: rows.iter().filter(|row| row.pays).count() as i128,
            simple: or(Bug::SimpleRateIsNominal, self.rate, simple),
            compound: or(Bug::CompoundRateIsSimple, simple, compound),
        }))
    }

    /// The simple and compound yearly rate in millionths.
    fn annual_rate(
        &self,
        received: i128,
        payments: &[i128],
        frequency: Frequency,
    ) -> Found<Option<(i128, i128)>> {
        let total: i128 = payments.iter().sum();
        if received <= 0 || total < received {
            return Ok(None);
        }
        if total == received {
            return Ok(Some((0, 0)));
        }
        let Some(near) = near_rate(received, payments) else {
            return Ok(None);
        };
        let of_period = refined(received, payments, near);
        let months = equal_period(frequency) * 12;
        let monthly = match frequency {
            Frequency::Monthly => of_period,
            Frequency::Days(_) if self.bugs.has(Bug::MonthlyRateByTheRuleOfThree) => {
                of_period.over(&Fixed::of(*months.numer(), *months.denom()))
            }
            Frequency::Days(_) => {
                let grown = Fixed::one().plus(&of_period);
                let grown = grown.power_of(*months.denom(), *months.numer());
                grown.minus(&Fixed::one())
            }
        };
        // 100 % a month, and what rounding adds to what is exactly that.
        let highest = Fixed::one().plus(&Fixed::of(1, 1_000_000_000));
        let above = monthly.minus(&highest);
        if above.is_within(&Fixed::of(1, 1 << 40)) {
            return Err(super::Fault::TooNear);
        }
        if !above.is_negative() {
            return Ok(None);
        }
        let simple = monthly.times(&Fixed::of(12 * MILLION, 1)).nearest()?;
        let grown = Fixed::one().plus(&monthly).power(12);
        let compound = grown.minus(&Fixed::one()).times(&Fixed::of(MILLION, 1));
        Ok(Some((simple, compound.nearest()?)))
    }
}

/// In doubles, the rate of a period at which payments are worth what was
/// received; `None` for one beyond 100 % a month of the longest period.
fn near_rate(received: i128, payments: &[i128]) -> Option<f64> {
    let received = received.to_f64()?;
    let is_worth_more = |rate: f64| {
        let worth = payments.iter().rev().fold(0.0, |worth, payment| {
            (worth + *payment as f64) / (1.0 + rate)
        });
        worth > received
    };
    let (mut low, mut high) = (0.0_f64, 2.0_f64);
    while is_worth_more(high) {
        if high > 16_384.0 {
            return None;
        }
        high *= 2.0;
    }
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        match is_worth_more(middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(low)
}

/// The same with all digits, by a few of Newton's steps.
fn refined(received: i128, payments: &[i128], near: f64) -> Fixed {
    let mut rate = Fixed::near(near);
    for _ in 0..3 {
        let discount = Fixed::one().over(&Fixed::one().plus(&rate));
        let (mut worth, mut slope) = (Fixed::of(0, 1), Fixed::of(0, 1));
        let mut factor = Fixed::one();
        for (number, payment) in (1..).zip(payments) {
            factor = factor.times(&discount);
            let now = factor.times(&Fixed::of(*payment, 1));
            slope = slope.plus(&now.times(&Fixed::of(number, 1)));
            worth = worth.plus(&now);
        }
        let above = worth.minus(&Fixed::of(received, 1));
        rate = rate.plus(&above.over(&slope.times(&discount)));
    }
    rate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naive::Bugs;
    use crate::naive::fit::Capacity;
    use prequal::loan::Repayment;

    fn plain(rate: i128, months: i128) -> Conditions {
        Conditions {
            repayment: Repayment::LEVEL,
            fees: Vec::new(),
            rate,
            months,
            start: 20_000,
            bugs: Bugs::NONE,
        }
    }

    /// The example of the announcement of the People's Bank: 100 000 at 6 %
    /// over a year, without its fee.
    #[test]
    fn a_known_loan() {
        let conditions = plain(60_000, 12);
        let cost = conditions.cost(10_000_000).unwrap().unwrap();
        assert_eq!(cost.first, 860_665);
        assert_eq!(cost.total, 10_000_000 + cost.interest);
        let capacity = Capacity::Level(860_664);
        assert_eq!(conditions.affordable(&capacity, 100), Ok(9_999_900));
    }

    /// The same with its fee: 12.80 % simple and 13.58 % compound.
    #[test]
    fn a_known_rate() {
        let payments = [883_330; 12];
        let rate = plain(0, 12).annual_rate(9_900_000, &payments, Frequency::Monthly);
        let (simple, compound) = rate.unwrap().unwrap();
        assert_eq!((simple / 100, compound / 100), (1_280, 1_358));
    }
}
