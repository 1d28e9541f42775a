//! Policies before they are text.

pub(crate) mod policy;
mod source;
pub(crate) mod text;
pub(crate) mod tree;
