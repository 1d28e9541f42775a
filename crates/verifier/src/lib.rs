//! The HTTP service.
#![allow(dead_code, unused, reason = "x")]
mod asset;
mod clock;
mod config;
mod folder;
mod listen;
mod origin;
mod partner;
mod secrets;
mod shelf;
mod site;
mod start;
pub mod store;
pub use clock::*;
pub use config::*;
pub use origin::*;
pub use partner::*;
pub use start::*;
