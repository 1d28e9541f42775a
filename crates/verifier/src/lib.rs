//! The lender's service: it issues challenges, verifies submissions by
//! computing their outcomes again, stores each decision once, and serves the
//! pages and the policies.
//!
//! [`serve`] runs it from a [`Config`] until the process is told to stop;
//! [`Service`] is the same in parts, for tests and for programs of others.
//!
//! What a submission proves, and what it does not: the holder of a key signed
//! exactly these bytes, for this partner, policy and challenge, in this window.
//! Not that the answers are true. The service recomputes every number that the
//! borrower was shown, so its answer is an invitation to apply, never an
//! approval.

mod api;
mod asset;
mod clock;
mod config;
mod folder;
mod headers;
mod listen;
mod origin;
mod pages;
mod partner;
mod refusal;
mod request;
mod secrets;
mod serve;
mod service;
mod shelf;
mod site;
mod start;
pub mod store;
mod verify;
mod watch;

pub use clock::{Clock, SystemClock, Time};
pub use config::{Config, Limits};
pub use origin::{Origin, OriginError};
pub use partner::{DEMO_PARTNER, Partner, Registry};
pub use refusal::Refusal;
pub use secrets::SecretsError;
pub use serve::serve;
pub use service::{Addresses, Service};
pub use shelf::ShelfError;
pub use start::StartError;
