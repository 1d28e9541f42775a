//! Loans: schedules to the minor unit, and annual rates of what is really
//! paid.

mod amortisation;
mod annuity;
mod calendar;
mod day_count;
mod plan;
pub mod rate;
mod schedule;
mod terms;
#[cfg(test)]
mod tests;

pub use annuity::Annuity;
pub use calendar::Frequency;
pub use day_count::DayCount;
pub use plan::{Deferred, Months, Plan};
pub use rate::{AnnualRate, annual_rate};
pub use schedule::{Instalment, Schedule, largest_principal};
pub use terms::{HIGHEST_RATE, InstalmentRounding, LoanError, LoanTerms, MOST_INSTALMENTS};
