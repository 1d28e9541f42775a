//! Policies before they are text.

pub(crate) mod policy;
mod repayment;
mod source;
pub(crate) mod text;
mod texts;
pub(crate) mod tree;
