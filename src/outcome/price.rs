//! What a product costs, and what can be paid back of it.

use crate::loan::{Capacity, Cost, Fee, Leeway, LoanTerms, largest_principal};
use crate::policy::{Change, Discount, NodeId, Policy, Price, Product};
use crate::{Date, LARGEST, Money, Ratio, Rounding};

impl Policy {
    /// A nominal rate less those discounts that are given.
    pub(super) fn discounted(&self, rate: Ratio, given: impl Fn(NodeId) -> bool) -> Ratio {
        let discounts = self.body().discounts.iter();
        let given = discounts.filter(|discount| given(discount.when));
        given.fold(rate, |rate, discount| discount.of(rate))
    }

    /// What of the months can go to instalments; `None` where nothing is asked
    /// of it.
    pub(super) fn capacity(&self, money: impl Fn(NodeId) -> Money) -> Option<Capacity> {
        match self.body().limit.affordability.as_slice() {
            [] => None,
            [level] => Some(Capacity::Level(money(*level))),
            months => {
                let mut seasonal = [Money::ZERO; 12];
                for (month, node) in seasonal.iter_mut().zip(months) {
                    *month = money(*node);
                }
                Some(Capacity::Seasonal(seasonal))
            }
        }
    }
}

impl Discount {
    /// The rate that it leaves.
    fn of(&self, rate: Ratio) -> Ratio {
        let rate = rate.millionths();
        Ratio::new(match self.change {
            Change::Less(by) => rate.saturating_sub(by.millionths()).max(0),
            Change::Times(share) => share.of(rate, Rounding::Up).unwrap_or(rate),
        })
    }
}

impl Price {
    /// A nominal rate and a share of it on top, rounded half up to the
    /// millionth and no more than the ceiling, unless the rate itself is.
    pub(super) fn raised(&self, rate: Ratio, beyond: Ratio) -> Ratio {
        let on_top = beyond.of(rate.millionths(), Rounding::HalfUp);
        let raised = Ratio::new(rate.millionths().saturating_add(on_top.unwrap_or(0)));
        raised.min(self.ceiling.unwrap_or(raised)).max(rate)
    }
}

impl Product {
    fn fee_terms(&self) -> Vec<Fee> {
        self.fees.iter().map(|fee| fee.fee).collect()
    }

    /// What one loan of it costs; `None` where it has no schedule or no annual
    /// rate.
    pub(crate) fn cost(&self, terms: &LoanTerms) -> Option<Cost> {
        Cost::of(terms, &self.fee_terms())
    }

    /// Whether an offer at this nominal rate or a lower one is made for certain:
    /// fees may take all that is lent, or go beyond the ceiling.
    pub(super) fn is_surely_priced(
        &self,
        rate: Ratio,
        months: u16,
        ceiling: Option<Ratio>,
    ) -> bool {
        let repayment = self.repayment;
        let most = || repayment.most_simple_rate(rate, months, self.minimum);
        self.fees.is_empty()
            && ceiling.is_none_or(|ceiling| most().is_some_and(|most| most <= ceiling))
    }

    /// The most of it that can be paid back, a multiple of the step.
    pub(super) fn affordable(
        &self,
        capacity: &Capacity,
        rate: Ratio,
        (months, start): (u16, Date),
        leeway: Leeway,
        step: Money,
    ) -> Money {
        let terms = self
            .repayment
            .terms(Money::new(LARGEST), rate, months, start);
        largest_principal(&terms, &self.fee_terms(), capacity, leeway, step)
    }
}
