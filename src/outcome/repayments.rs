//! What is paid when for one loan of a product.

use serde::Serialize;

use crate::loan::{ExtraPayment, Instalment, LoanTerms};
use crate::policy::Policy;
use crate::{Date, Json, Money, Ratio};

/// What is paid when, fees with it, and what paying early costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repayments {
    /// A row for each instalment, in order.
    pub rows: Vec<Instalment>,
    /// All interest.
    pub interest: Money,
    /// What an extra payment costs by itself.
    pub prepayment_fee: Money,
}

impl Policy {
    /// What is paid when for an amount of a product over a term in months, paid
    /// out on a day at a nominal yearly rate, by the product's plan and fees;
    /// whether the policy offers this amount, term and rate is not looked at.
    ///
    /// `None` where the policy has no such product, where the terms have no
    /// schedule, and where what is paid has no annual rate between 0 and 100 %
    /// a month.
    pub fn repayments(
        &self,
        product: &str,
        amount: Money,
        annual_rate: Ratio,
        term: u16,
        start: Date,
        extra: Option<ExtraPayment>,
    ) -> Option<Repayments> {
        let mut products = self.body().products.iter();
        let product = products.find(|one| one.id.as_str() == product)?;
        let terms = LoanTerms {
            extra,
            ..product.repayment.terms(amount, annual_rate, term, start)
        };
        let cost = product.cost(&terms)?;
        let share = self.body().price.prepayment;
        let early = extra.map_or(Money::ZERO, |extra| extra.amount);
        Some(Repayments {
            rows: cost.schedule.instalments().collect(),
            interest: cost.interest,
            prepayment_fee: early.share(share)?,
        })
    }
}

impl Repayments {
    /// The canonical JSON text.
    pub fn canonical(&self) -> String {
        // It has objects, arrays, whole numbers and strings only.
        Json::of(self).unwrap_or(Json::Bool(false)).to_canonical()
    }
}
