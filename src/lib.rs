#![doc = include_str!("../README.md")]

mod canonical;
mod date;
mod digest;
mod math;
mod money;
pub mod policy;
mod ratio;

pub use canonical::{Json, Members, NotCanonical};
pub use date::{Date, DateError};
pub use digest::Digest;
pub use money::{Currency, LARGEST, Money};
pub use policy::{Policy, PolicyError};
pub use ratio::{Ratio, Rounding};
