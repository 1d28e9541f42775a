//! What is asked for.

use serde::{Deserialize, Serialize};

use crate::Money;

/// What the borrower asks for. Public and exact: it stands in the summary as
/// it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The product's name.
    pub product: String,
    /// The amount in minor units, within the product's bounds.
    pub amount: Money,
    /// The term in months, one of the product's.
    pub term: u16,
}
