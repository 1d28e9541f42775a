//! Loans: schedules to the minor unit, and annual rates of what is really
//! paid.

mod amortisation;
mod annuity;
mod calendar;
mod cost;
mod day_count;
mod fee;
mod fit;
mod plan;
pub mod rate;
mod schedule;
mod terms;
#[cfg(test)]
mod tests;

pub use annuity::Annuity;
pub use calendar::Frequency;
pub use cost::Cost;
pub use day_count::DayCount;
pub use fee::{Charged, Fee};
pub use fit::{Capacity, Leeway, largest_principal};
pub use plan::{Deferred, Months, Plan};
pub use rate::{AnnualRate, annual_rate};
pub use schedule::{Instalment, Schedule, Shape};
pub use terms::{
    ExtraPayment, HIGHEST_RATE, InstalmentRounding, LoanError, LoanTerms, MOST_INSTALMENTS,
    Repayment,
};
