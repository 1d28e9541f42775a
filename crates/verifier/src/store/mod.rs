//! What is kept: decisions and the policies they were made by.
//!
//! One trait, so that the service does not know which database it runs on;
//! one test suite is written against it (`tests/store.rs`).

mod sqlite;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use prequal::Digest;

use crate::clock::Time;

pub use sqlite::{OpenError, OpenProblem, SqliteStore};

/// A challenge's nonce: what identifies a submission.
pub type Nonce = [u8; 16];

/// A decided submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The challenge that the submission answered.
    pub nonce: Nonce,
    /// The short id under which people speak of it.
    pub reference: String,
    /// The partner's site key.
    pub partner: String,
    /// The policy that decided.
    pub policy: Digest,
    /// The version of the engine that decided.
    pub engine: String,
    /// The request's body, byte for byte as received.
    pub body: Vec<u8>,
    /// The decision core, in canonical JSON.
    pub decision: String,
    /// The server's time of the decision.
    pub received_at: Time,
}

/// What became of a submission that the store was asked to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The challenge was free; it is consumed and the decision is stored.
    Stored,
    /// The same body was decided before; here is that decision.
    Duplicate(Box<Record>),
    /// The challenge was consumed by another body.
    Replayed,
}

impl Verdict {
    /// What a body means for a challenge that this record has consumed.
    pub fn of(stored: Record, body: &[u8]) -> Verdict {
        if stored.body == body {
            Verdict::Duplicate(Box::new(stored))
        } else {
            Verdict::Replayed
        }
    }
}

/// A compiled policy as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRecord {
    /// The SHA-256 of the bytes.
    pub hash: Digest,
    /// The policy's id.
    pub id: String,
    /// The policy's version, as its author numbers it.
    pub version: String,
    /// The compiled bytes.
    pub bytes: Vec<u8>,
}

/// An answer of the store, in time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Where decisions are kept.
pub trait Store: Send + Sync {
    /// The decision that consumed this challenge, if one did.
    fn find(&self, nonce: Nonce) -> Answer<'_, Option<Record>>;

    /// Consumes the record's challenge and stores its decision, both or
    /// neither, and answers when that is durable.
    ///
    /// Holds ONCE: of all records with one nonce, whatever their order and
    /// however many arrive at a time, exactly one is [`Verdict::Stored`].
    fn decide(&self, record: Record) -> Answer<'_, Verdict>;

    /// Makes these the current policies from `now` on and answers the
    /// superseded ones, each with the time at which it stopped being current.
    /// Bytes are kept for good: a decision can be recomputed years later.
    fn publish(
        &self,
        current: Vec<PolicyRecord>,
        now: Time,
    ) -> Answer<'_, Vec<(PolicyRecord, Time)>>;

    /// Whether the store can read and write now.
    fn ready(&self) -> Answer<'_, ()>;

    /// Finishes what was accepted and closes; later calls fail with
    /// [`StoreError::Closed`].
    fn close(&self) -> Answer<'_, ()>;
}

/// Why the store could not answer. Nothing was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// More is waiting to be written than the queue holds.
    Busy,
    /// The store is closed.
    Closed,
    /// The database refused; its message is for the operator.
    Failed(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Busy => f.write_str("the queue of the store is full"),
            StoreError::Closed => f.write_str("the store is closed"),
            StoreError::Failed(message) => write!(f, "the database failed: {message}"),
        }
    }
}

impl std::error::Error for StoreError {}
