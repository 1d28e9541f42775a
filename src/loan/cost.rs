//! What a loan comes to with everything that it costs.

use super::fee::{Charged, Fee, sum};
use super::rate::{AnnualRate, annual_rate};
use super::{LoanTerms, Schedule};
use crate::Money;

/// A loan with everything that it costs the borrower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What is paid when, fees with it.
    pub schedule: Schedule,
    /// What is paid out and not paid back at once, in minor units.
    pub received: Money,
    /// All interest.
    pub interest: Money,
    /// All fees that the borrower pays.
    pub fees: Money,
    /// All that is paid: what was asked for, interest and fees.
    pub total: Money,
    /// What it costs a year, all in, by PBOC announcement [2021] No. 3.
    pub rate: AnnualRate,
}

impl Cost {
    /// What a loan of these terms comes to, whose principal is what is asked
    /// for: fees that are financed are lent on top of it.
    ///
    /// `None` where there is no such loan, or where what is paid has no annual
    /// rate between 0 and 100 % a month.
    pub fn of(terms: &LoanTerms, fees: &[Fee]) -> Option<Cost> {
        let asked = terms.principal;
        let charged = |charged| sum(fees, charged, asked);
        let financed = charged(Charged::Financed)?;
        let at_once = charged(Charged::UpFront)?.plus(charged(Charged::Deducted)?)?;
        let lent = LoanTerms {
            principal: asked.plus(financed)?,
            ..*terms
        };
        let (each, at_end) = (charged(Charged::EachInstalment)?, charged(Charged::AtEnd)?);
        let schedule = Schedule::charged(&lent, each, at_end).ok()?;
        let (interest, received) = (schedule.interest()?, asked.minus(at_once)?);
        let fees = financed.plus(at_once)?.plus(schedule.fees()?)?;
        Some(Cost {
            received,
            interest,
            fees,
            total: asked.plus(interest)?.plus(fees)?,
            rate: annual_rate(received, schedule.payments(), terms.frequency)?,
            schedule,
        })
    }
}
