//! The decision core: closed, without floats, and encoded canonically.

use serde::Serialize;

use crate::loan::Charged;
use crate::policy::Level;
use crate::{Money, Ratio};

/// The three-way result of a pre-screen (通过 / 人工复核 / 拒绝); never a final
/// approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Eligibility {
    /// Not now; the reasons say why.
    NotEligible,
    /// A person will look.
    Review,
    /// Invited to apply.
    Eligible,
}

/// The decision core of an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Decision {
    /// The result.
    pub eligibility: Eligibility,
    /// The gravest alert of an early warning; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub alert: Option<Level>,
    /// Why not better: at most four codes of the policy, knock-outs first,
    /// then reviews, then what costs the most points.
    pub reasons: Vec<String>,
    /// Points of the card; absent without a card or after a knock-out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub score: Option<i64>,
    /// The probability of going bad that the score stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub probability: Option<Ratio>,
    /// The grade of the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub grade: Option<String>,
    /// The largest limit of all offers, and what binds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub limit: Option<Limit>,
    /// What can be had, in the lender's order.
    pub offers: Vec<Offer>,
    /// What cannot, and why, in the same order.
    pub refused: Vec<Refusal>,
    /// The offer that is best for most who ask for this, and why; absent
    /// without offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub recommended: Option<Recommended>,
}

/// An offer that is recommended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Recommended {
    /// The product.
    pub product: String,
    /// The term in months.
    pub term: u16,
    /// What speaks for it before the others.
    pub why: Why,
}

/// What speaks for an offer before the best of those that are not its equal,
/// the first of these in which they differ; the names are stable codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// There is no other.
    Only,
    /// It gives more of what was asked for.
    Amount,
    /// No person needs to look.
    NoReview,
    /// The product suits whom and what it is for, by the policy.
    Suits,
    /// It takes up no more than four fifths of what could be lent on its
    /// terms, and so leaves something for a bad month.
    Headroom,
    /// It costs less in all.
    Cost,
    /// All others are its equals, and it is the lender's first.
    Order,
}

/// The most that may be lent (额度).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Limit {
    /// In minor units, a multiple of the policy's step.
    pub amount: Money,
    /// The constraint that makes it no larger.
    pub binding: String,
    /// Whether a person would look at a request for so much on these terms.
    pub review: bool,
}

/// An upper bound of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Constraint {
    /// `affordability`, a cap of the policy, or `maximum` of the product.
    pub name: String,
    /// The bound in minor units, before it is rounded down to the step.
    pub amount: Money,
}

/// A product and term that can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Offer {
    /// The product.
    pub product: String,
    /// The term in months.
    pub term: u16,
    /// The nominal yearly rate, discounts taken off.
    pub annual_rate: Ratio,
    /// The discounts that lowered it, in the order in which they count.
    pub discounts: Vec<String>,
    /// The amount offered: what was asked for, or the limit if that is less.
    pub amount: Money,
    /// Whether a person would look at a request for this amount on these
    /// terms: rules are held against each offer's own.
    pub review: bool,
    /// The most that may be lent on these terms.
    pub limit: Money,
    /// Whether a person would look at a request for that much.
    pub limit_review: bool,
    /// The constraint that makes the limit no larger.
    pub binding: String,
    /// Every constraint, in declared order.
    pub constraints: Vec<Constraint>,
    /// How many instalments there are.
    pub instalments: u16,
    /// Whether all of them but the last are the same.
    pub level: bool,
    /// The first instalment, fees with it as with all of them.
    pub instalment: Money,
    /// The largest one.
    pub largest_instalment: Money,
    /// The last one, which takes the remainder.
    pub last_instalment: Money,
    /// What is paid out, less what is paid back at once.
    pub received: Money,
    /// All interest.
    pub interest: Money,
    /// Every cost beside the interest, in declared order.
    pub fees: Vec<OfferFee>,
    /// All of them that the borrower pays.
    pub fee_total: Money,
    /// All that is paid.
    pub total: Money,
    /// The all-in annual rate, simple (年化利率, 单利), by PBOC announcement [2021] No. 3.
    pub simple_rate: Ratio,
    /// The same, compound (内部收益率).
    pub compound_rate: Ratio,
    /// What overdue money bears a year (罚息利率).
    pub overdue_rate: Ratio,
    /// What money bears a year that is used for something else than was
    /// agreed.
    pub misuse_rate: Ratio,
    /// What paying back early costs, as a share of what is paid early.
    pub prepayment_fee: Ratio,
}

/// A cost of an offer beside its interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OfferFee {
    /// Its name.
    pub name: String,
    /// When it is paid, and by whom.
    pub charged: Charged,
    /// Who receives it.
    pub payee: String,
    /// The part that is the same whatever is asked for.
    pub fixed: Money,
    /// The share of what is asked for.
    pub share: Ratio,
    /// What both come to each time.
    pub each: Money,
    /// How many times it is charged.
    pub times: u16,
    /// What it comes to in all.
    pub amount: Money,
}

/// A product and term that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Refusal {
    /// The product.
    pub product: String,
    /// The term in months.
    pub term: u16,
    /// Why.
    pub reason: RefusalReason,
    /// The constraint that made the limit too low.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub binding: Option<String>,
}

/// Why an offer is not made; the names are stable codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// The limit is below the product's minimum.
    BelowMinimum,
    /// Less was asked for than the product's minimum.
    AskedTooLittle,
    /// A knock-out rule fires on these terms.
    KnockedOut,
    /// There is no schedule, or its payments have no annual rate between 0 and
    /// 100 % a month.
    NoAnnualRate,
    /// It would cost more a year, all in, than the policy allows.
    AboveCeiling,
}

impl Eligibility {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Eligibility::NotEligible => "not_eligible",
            Eligibility::Review => "review",
            Eligibility::Eligible => "eligible",
        }
    }
}

impl Why {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Why::Only => "only",
            Why::Amount => "amount",
            Why::NoReview => "no_review",
            Why::Suits => "suits",
            Why::Headroom => "headroom",
            Why::Cost => "cost",
            Why::Order => "order",
        }
    }
}

impl RefusalReason {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            RefusalReason::BelowMinimum => "below_minimum",
            RefusalReason::AskedTooLittle => "asked_too_little",
            RefusalReason::KnockedOut => "knocked_out",
            RefusalReason::NoAnnualRate => "no_annual_rate",
            RefusalReason::AboveCeiling => "above_ceiling",
        }
    }
}
