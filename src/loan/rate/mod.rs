//! Annual rates by what is really paid.
//!
//! A [`Stream`] says what is paid out and paid back, and when. Each standard
//! counts the times between in its own way and states its rate in its own
//! way: [`pboc`], [`reg_z`], [`eu_aprc`]. All ask the same of it: the rate at
//! which everything paid is worth everything advanced.
//!
//! The rate is looked for from 0 up. Where every advance comes before every
//! payment there is at most one such rate (Descartes' rule of signs), and it
//! is looked for up to 500 % a month, compounded. Where they alternate there
//! may be several: the rate is then looked for up to 50 % a month, and is
//! given only where it is proven to be the only one. A fee long before its
//! loan, or a payment before the first advance, always has a second solution
//! at some rate beyond any lender's, which is why the range ends there.
//!
//! The borrower's offers need none of this: [`annual_rate`] is the People's
//! Bank's for equally spaced monthly payments.

mod eu_aprc;
mod fault;
mod interval;
mod pboc;
mod period;
mod reg_z;
mod solve;
mod stream;

use core::fmt;

pub use eu_aprc::{EuAprc, Whole, eu_aprc};
pub use fault::{StreamError, StreamFault};
pub use interval::Interval;
pub use pboc::{AnnualRate, Pboc, annual_rate, pboc};
pub use period::Period;
pub use reg_z::{RegZ, UnitPeriod, Units, reg_z};
pub use stream::{At, Entry, Event, Every, Kind, Stream, Unit, When};

/// Why a stream has no annual rate. Several have the code `no_solution`:
/// what is told differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// Less is paid than was advanced.
    LessPaid,
    /// More is paid than was advanced, but no rate in the range solves it.
    OutOfRange,
    /// More than one rate in the range solves it, or it cannot be shown that
    /// one is alone.
    Several,
}

impl RateError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            RateError::LessPaid | RateError::OutOfRange => "no_solution",
            RateError::Several => "several_solutions",
        }
    }
}

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RateError::LessPaid => {
                "no rate of 0 or more makes these payments worth the advances: they come to less \
                 in all, where a loan's come to as much or more"
            }
            RateError::OutOfRange => {
                "no rate makes these payments worth the advances, up to 500 % a month where every \
                 advance comes first and up to 50 % a month otherwise; a loan is advanced before \
                 most of it is paid"
            }
            RateError::Several => {
                "more than one rate up to 50 % a month makes these payments worth the advances, or \
                 two too close to tell apart; one rate is certain where every advance comes before \
                 every payment"
            }
        })
    }
}

impl core::error::Error for RateError {}
