//! A compiled policy: what it holds, its bytes, and the check that turns the
//! one into the other.

mod body;
mod check;
mod codec;
mod evaluate;
mod inputs;
mod offered;
mod precision;
mod program;
mod range;
mod table;
mod work;

use core::fmt;

pub use body::*;
pub use check::{MAX_ITEMS, MAX_OFFERS, MAX_ROWS, Place};
pub(crate) use inputs::AS_OF;
pub use offered::Offered;
pub use precision::Cell;
pub use program::{
    Collect, Domain, Flaw, LARGEST_VARIED, MOST_VARIED, Node, NodeId, Program, Value,
};
pub use range::GAP_STEPS;
pub use table::{Cells, Row, Table, TooWide, uncovered};
pub use work::{AmountCuts, MAX_GRID, amount_cuts};

use crate::{Digest, Money};
use codec::{Wire as _, decode};

/// The version of the compiled form's layout that this crate reads.
pub const FORMAT: u8 = 1;

/// The version of the meaning of compiled policies that this crate computes.
/// A change of any number that any policy yields makes a new version, and the
/// old one is kept beside it.
pub const SEMANTICS: u8 = 1;

/// The most bytes of a compiled policy.
pub const MAX_BYTES: usize = 256 * 1024;

const MAGIC: [u8; 4] = *b"PRQL";

/// A checked policy. Load once, assess many times.
///
/// Invariant TOTAL: a value of this type has been proven to yield an outcome
/// for every summary of its own. The proof ([`Program::domains`] and the
/// checks beside it) is made when the policy is decoded, whoever wrote the
/// bytes.
#[derive(Clone, Debug)]
pub struct Policy {
    body: Body,
    hash: Digest,
    /// The domains of the features before they are reduced.
    pub(crate) feature_ranges: Vec<Domain>,
    /// The questions that the condition of each question reads.
    conditions: Vec<Vec<u16>>,
    /// The domains of score, probability and grade.
    pub(crate) score_inputs: [Domain; 3],
    /// How many nodes of `decide` do not read score, probability or grade:
    /// they come first, and the card reads only them.
    pub(crate) unscored: usize,
    /// Where what the decision reads of the amount looked at can change;
    /// `None` where it can change anywhere.
    amount_cuts: Option<AmountCuts>,
    /// The terms that each product is offered for.
    pub(crate) offered: Offered,
}

impl Policy {
    /// Decodes and checks a compiled policy.
    ///
    /// # Errors
    /// Whatever is not a policy of this version, whole and consistent, is
    /// refused with its [`PolicyError`]; no bytes make it panic.
    pub fn decode(bytes: &[u8]) -> Result<Policy, PolicyError> {
        if bytes.len() > MAX_BYTES {
            return Err(PolicyError::TooLarge);
        }
        let rest = bytes.strip_prefix(&MAGIC).ok_or(PolicyError::NotAPolicy)?;
        let (&format, rest) = rest.split_first().ok_or(PolicyError::Malformed)?;
        if format != FORMAT {
            return Err(PolicyError::UnsupportedFormat(format));
        }
        let (&semantics, rest) = rest.split_first().ok_or(PolicyError::Malformed)?;
        if semantics != SEMANTICS {
            return Err(PolicyError::UnsupportedSemantics(semantics));
        }
        let body = decode(rest).ok_or(PolicyError::Malformed)?;
        Policy::check(body, Digest::of(bytes))
    }

    /// SHA-256 of the compiled bytes: the policy's identity.
    pub fn hash(&self) -> Digest {
        self.hash
    }

    /// Whether it takes values that the lender supplies: then only where those
    /// are held can it decide, and a borrower's word for them counts for
    /// nothing.
    pub fn takes_supplied(&self) -> bool {
        let mut questions = self.body.questions.iter();
        questions.any(|question| question.source == Source::Lender)
    }

    /// The questions that a feature is derived from, by index.
    pub fn questions_of(&self, feature: &Feature) -> Vec<u16> {
        let mut inputs = self.body.derive.inputs_of(feature.node);
        inputs.retain(|input| usize::from(*input) < self.body.questions.len());
        inputs
    }

    /// The questions that decide whether the question with this index is asked.
    pub(crate) fn condition_reads(&self, question: usize) -> &[u16] {
        self.conditions.get(question).map_or(&[], Vec::as_slice)
    }

    /// The least amount from which on up to this one rules, score, price and
    /// caps are all the same, given the values of the decision's steps at it.
    pub(crate) fn same_from(&self, amount: Money, value: impl Fn(NodeId) -> Value) -> Money {
        let from = self.amount_cuts.as_ref();
        from.map_or(amount, |cuts| {
            Money::new(cuts.last_up_to(amount.minor(), value))
        })
    }

    /// What the policy holds.
    pub fn body(&self) -> &Body {
        &self.body
    }
}

impl Body {
    /// The compiled form, which [`Policy::decode`] reads.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = [&MAGIC[..], &[FORMAT, SEMANTICS]].concat();
        self.put(&mut bytes);
        bytes
    }
}

/// Why bytes are not a policy that this crate computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyError {
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// The bytes do not begin like a compiled policy.
    NotAPolicy,
    /// A layout of another version.
    UnsupportedFormat(u8),
    /// Compiled for other semantics.
    UnsupportedSemantics(u8),
    /// Cut off, or otherwise not what a compiler wrote.
    Malformed,
    /// A part that contradicts another or cannot be proven total.
    Inconsistent(Place),
}

impl PolicyError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PolicyError::TooLarge => "policy_too_large",
            PolicyError::NotAPolicy => "not_a_policy",
            PolicyError::UnsupportedFormat(_) => "unsupported_format",
            PolicyError::UnsupportedSemantics(_) => "unsupported_semantics",
            PolicyError::Malformed => "policy_malformed",
            PolicyError::Inconsistent(_) => "policy_inconsistent",
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::TooLarge => {
                write!(f, "a compiled policy has at most {MAX_BYTES} bytes")
            }
            PolicyError::NotAPolicy => {
                f.write_str("not a compiled policy; `prequal build` writes one")
            }
            PolicyError::UnsupportedFormat(found) => {
                write!(
                    f,
                    "compiled form of version {found}; this engine reads version {FORMAT}"
                )
            }
            PolicyError::UnsupportedSemantics(found) => write!(
                f,
                "compiled for semantics {found}; this engine computes semantics {SEMANTICS}"
            ),
            PolicyError::Malformed => {
                f.write_str("a compiled policy that was cut off or altered; build it again")
            }
            PolicyError::Inconsistent(place) => {
                write!(
                    f,
                    "a compiled policy that contradicts itself at {place}; build it again"
                )
            }
        }
    }
}

impl core::error::Error for PolicyError {}
