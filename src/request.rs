//! What is asked for.

use serde::{Deserialize, Serialize};

use crate::{Json, Money};

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

impl Request {
    /// From an object of exactly its members.
    pub(crate) fn from_json(json: &Json) -> Option<Request> {
        let [amount, product, term] = json.members(["amount", "product", "term"])?;
        Some(Request {
            product: product.as_str()?.to_owned(),
            amount: Money::new(amount.as_integer()?),
            term: u16::try_from(term.as_integer()?).ok()?,
        })
    }
}
