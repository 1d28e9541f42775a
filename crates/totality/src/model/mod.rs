//! Policies before they are text.

pub(crate) mod policy;
mod repayment;
mod source;
pub(crate) mod text;
pub(crate) mod tree;
