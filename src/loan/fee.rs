//! What a loan costs beside its interest.

use serde::Serialize;

use crate::{Money, Ratio};

/// A cost of a loan beside its interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// When it is paid, and by whom.
    pub charged: Charged,
    /// A part that is the same whatever is lent, in minor units; not negative.
    pub fixed: Money,
    /// A share of what is asked for, 0 to 1.
    pub share: Ratio,
}

/// When a fee is paid, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Charged {
    /// By the borrower, when the money is paid out.
    UpFront,
    /// Kept back from what is paid out.
    Deducted,
    /// Lent on top of what is paid out.
    Financed,
    /// By the borrower, with each instalment.
    EachInstalment,
    /// By the borrower, with the last instalment.
    AtEnd,
    /// By the partner, in the borrower's stead.
    ByPartner,
}

impl Charged {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Charged::UpFront => "up_front",
            Charged::Deducted => "deducted",
            Charged::Financed => "financed",
            Charged::EachInstalment => "each_instalment",
            Charged::AtEnd => "at_end",
            Charged::ByPartner => "by_partner",
        }
    }
}

impl Fee {
    /// What it comes to each time that it is paid: the share rounded half up
    /// to the minor unit. `None` beyond [`LARGEST`](crate::LARGEST).
    pub fn amount(&self, lent: Money) -> Option<Money> {
        lent.share(self.share)?.plus(self.fixed)
    }
}

/// The sum of these fees that are charged in one way.
pub(super) fn sum(fees: &[Fee], charged: Charged, lent: Money) -> Option<Money> {
    let mut fees = fees.iter().filter(|fee| fee.charged == charged);
    fees.try_fold(Money::ZERO, |sum, fee| sum.plus(fee.amount(lent)?))
}
