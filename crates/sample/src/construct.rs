//! The names of constructs, to count what was reached.

use prequal::Rounding;
use prequal::loan::{Charged, DayCount, Deferred, Frequency, Plan};

/// Functions that name what a value is, and the list of all their names.
///
/// Every `match` names each variant: what an enumeration gains does not build
/// until it is counted.
#[macro_export]
macro_rules! named {
    ($vis:vis $names:ident $($function:ident($type:ty) { $($pattern:pat => $name:literal,)* })*) => {
        $(
            /// What it is called.
            $vis fn $function(of: &$type) -> &'static str {
                match of {
                    $($pattern => $name,)*
                }
            }
        )*

        /// Every construct of these enumerations.
        $vis const $names: &[&[&str]] = &[$(&[$($name,)*],)*];
    };
}

named! {
    pub NAMES
    plan(Plan) {
        Plan::EqualInstalment => "plan equal_instalment",
        Plan::EqualPrincipal => "plan equal_principal",
        Plan::Bullet => "plan bullet",
        Plan::Flat => "plan flat",
        Plan::Balloon { .. } => "plan balloon",
        Plan::Grace { deferred: Deferred::CaughtUp, .. } => "plan grace, caught up",
        Plan::Grace { deferred: Deferred::Capitalised, .. } => "plan grace, capitalised",
        Plan::Stepped { .. } => "plan stepped",
        Plan::Seasonal { deferred: Deferred::CaughtUp, .. } => "plan seasonal, caught up",
        Plan::Seasonal { deferred: Deferred::Capitalised, .. } => "plan seasonal, capitalised",
    }
    frequency(Frequency) {
        Frequency::Monthly => "every month",
        Frequency::Days(7) => "every week",
        Frequency::Days(14) => "every fortnight",
        Frequency::Days(_) => "every so many days",
    }
    day_count(DayCount) {
        DayCount::Periods => "day count periods",
        DayCount::Thirty360 => "day count 30/360",
        DayCount::Actual365 => "day count actual/365",
        DayCount::Actual360 => "day count actual/360",
        DayCount::ActualActual => "day count actual/actual",
    }
    direction(Rounding) {
        Rounding::Down => "instalments rounded down",
        Rounding::Up => "instalments rounded up",
        Rounding::HalfUp => "instalments rounded half up",
    }
    charged(Charged) {
        Charged::UpFront => "fee up front",
        Charged::Deducted => "fee deducted",
        Charged::Financed => "fee financed",
        Charged::EachInstalment => "fee with each instalment",
        Charged::AtEnd => "fee at the end",
        Charged::ByPartner => "fee by the partner",
    }
}
