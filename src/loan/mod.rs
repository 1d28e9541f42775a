//! Loans: schedules to the minor unit, and annual rates of what is really
//! paid.

mod rate;
mod schedule;

pub use rate::{AnnualRate, annual_rate};
pub use schedule::{Annuity, Installment, LoanTerms, Schedule, largest_principal};
