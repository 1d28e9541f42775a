//! A compiled policy: what it holds, its bytes, and the check that turns the
//! one into the other.

mod body;
mod check;
mod codec;
mod evaluate;
mod gap;
mod inputs;
mod offered;
mod precision;
mod program;
mod range;
mod table;
mod value;
mod work;

use core::fmt;

pub use body::*;
pub use check::{MAX_ITEMS, MAX_OFFERS, MAX_ROWS, Place};
pub use gap::{GAP_STEPS, TooWide, uncovered};
pub(crate) use inputs::AS_OF;
pub use offered::Offered;
pub use precision::Cell;
pub use program::{Collect, Flaw, LARGEST_VARIED, MOST_VARIED, Node, NodeId, Program};
pub use table::{Cells, Row, Table};
pub use value::{Domain, Value};
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
/// for every summary of its own. The proof ([`Program::proven`] and the
/// checks beside it) is made when the policy is decoded, whoever wrote the
/// bytes; only the borrower's module relies on the one that the compiler made.
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
}

impl Policy {
    /// Decodes and proves a compiled policy.
    ///
    /// # Errors
    /// Whatever is not a policy of this version, whole and consistent, is
    /// refused with its [`PolicyError`]; no bytes make it panic.
    pub fn decode(bytes: &[u8]) -> Result<Policy, PolicyError> {
        Policy::proven(unpack(bytes)?, Digest::of(bytes))
    }

    /// Decodes a policy that comes from whoever serves this module too: what
    /// could send it a wrong policy could send a wrong module. The proof stays
    /// with the compiler and the lender's server; on a phone it would be a
    /// tenth of the module. Other bytes than a compiler's can end in a trap or
    /// in figures that mean nothing: arithmetic is not checked there.
    ///
    /// # Errors
    /// Whatever cannot be read as a policy of this version.
    #[cfg(any(all(target_arch = "wasm32", feature = "estimate"), test))]
    pub(crate) fn decode_trusted(bytes: &[u8]) -> Result<Policy, Unreadable> {
        let body = unpack(bytes)?;
        let derived = body
            .derive
            .domains(&inputs::derive_inputs(&body), &body.tables)
            .map_err(|_| Unreadable::Malformed)?;
        Policy::of(body, Digest::of(bytes), &derived)
    }

    /// A body with what an assessment has to know beside it, given the domains
    /// of what is derived.
    fn of(body: Body, hash: Digest, derived: &[Domain]) -> Result<Policy, Unreadable> {
        let domain = |feature: &Feature| derived.get(usize::from(feature.node)).copied();
        let feature_ranges: Option<Vec<Domain>> = body.features.iter().map(domain).collect();
        let conditions = body.questions.iter().map(|question| match question.asked {
            Some(node) => questions_read(&body, node),
            None => Vec::new(),
        });
        use DecideContext::{Grade, Probability, Score};
        let scored = body.decide.readers(|input| {
            [Score, Probability, Grade]
                .iter()
                .any(|c| usize::from(input) == body.features.len() + *c as usize)
        });
        Ok(Policy {
            hash,
            feature_ranges: feature_ranges.ok_or(Unreadable::Malformed)?,
            score_inputs: inputs::score_inputs(&body),
            conditions: conditions.collect(),
            unscored: scored.iter().position(|s| *s).unwrap_or(scored.len()),
            amount_cuts: work::cuts_of(&body),
            body,
        })
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
        questions_read(&self.body, feature.node)
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

    /// The amounts of a product in at most [`MOST_SEGMENTS`] parts, the largest
    /// first, cut where what the decision reads of an amount changes for all
    /// applicants alike.
    pub(crate) fn segments(&self, product: &Product) -> Vec<(Money, Money)> {
        let (least, mut most) = (product.minimum.minor(), product.maximum.minor());
        let cuts = self.amount_cuts.iter().flat_map(AmountCuts::constants);
        let within = cuts.filter(|cut| least < *cut && *cut <= most);
        let cuts: Vec<i64> = within.take(MOST_SEGMENTS - 1).collect();
        let mut segments = Vec::with_capacity(cuts.len() + 1);
        for cut in cuts.into_iter().rev() {
            segments.push((Money::new(cut), Money::new(most)));
            most = cut - 1;
        }
        segments.push((product.minimum, Money::new(most)));
        segments
    }

    /// What the policy holds.
    pub fn body(&self) -> &Body {
        &self.body
    }
}

/// How many parts of a product's amounts are looked at apart: an outlook is
/// for every keystroke.
const MOST_SEGMENTS: usize = 16;

impl Body {
    /// The compiled form, which [`Policy::decode`] reads.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = [&MAGIC[..], &[FORMAT, SEMANTICS]].concat();
        self.put(&mut bytes);
        bytes
    }
}

/// The questions that a step before the waist reads.
fn questions_read(body: &Body, node: NodeId) -> Vec<u16> {
    let mut inputs = body.derive.inputs_of(node);
    inputs.retain(|input| usize::from(*input) < body.questions.len());
    inputs
}

/// A body out of its compiled form.
fn unpack(bytes: &[u8]) -> Result<Body, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let rest = bytes.strip_prefix(&MAGIC).ok_or(Unreadable::NotAPolicy)?;
    let (&format, rest) = rest.split_first().ok_or(Unreadable::Malformed)?;
    if format != FORMAT {
        return Err(Unreadable::UnsupportedFormat(format));
    }
    let (&semantics, rest) = rest.split_first().ok_or(Unreadable::Malformed)?;
    if semantics != SEMANTICS {
        return Err(Unreadable::UnsupportedSemantics(semantics));
    }
    decode(rest).ok_or(Unreadable::Malformed)
}

/// Why bytes are not a policy that this crate computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyError {
    /// Bytes that hold no policy of this version.
    Unreadable(Unreadable),
    /// A part that contradicts another or cannot be proven total.
    Inconsistent(Place),
}

impl PolicyError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PolicyError::Unreadable(why) => why.code(),
            PolicyError::Inconsistent(_) => "policy_inconsistent",
        }
    }
}

impl From<Unreadable> for PolicyError {
    fn from(why: Unreadable) -> Self {
        PolicyError::Unreadable(why)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::Unreadable(why) => why.fmt(f),
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

/// Why bytes hold no policy of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// They do not begin like a compiled policy.
    NotAPolicy,
    /// A layout of another version.
    UnsupportedFormat(u8),
    /// Compiled for other semantics.
    UnsupportedSemantics(u8),
    /// Cut off, or otherwise not what a compiler wrote.
    Malformed,
}

impl Unreadable {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Unreadable::TooLarge => "policy_too_large",
            Unreadable::NotAPolicy => "not_a_policy",
            Unreadable::UnsupportedFormat(_) => "unsupported_format",
            Unreadable::UnsupportedSemantics(_) => "unsupported_semantics",
            Unreadable::Malformed => "policy_malformed",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut unknown = |what: &str, number: u8| {
            let number = i64::from(number).to_string();
            f.write_str(
                &(what.to_owned() + &number + ", which this engine does not know; build it again"),
            )
        };
        match self {
            Unreadable::TooLarge => f.write_str("a compiled policy has at most 256 KiB"),
            Unreadable::NotAPolicy => {
                f.write_str("not a compiled policy; `prequal build` writes one")
            }
            Unreadable::UnsupportedFormat(found) => unknown("compiled form of version ", *found),
            Unreadable::UnsupportedSemantics(found) => unknown("compiled for semantics ", *found),
            Unreadable::Malformed => {
                f.write_str("a compiled policy that was cut off or altered; build it again")
            }
        }
    }
}

impl core::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_is_trusted_is_what_was_proven() {
        let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        for folder in prequal_compiler::policy_folders(&policies).unwrap() {
            let bytes = prequal_compiler::compile(&folder).unwrap().policy;
            let [proven, trusted] = [
                Policy::decode(&bytes).unwrap(),
                Policy::decode_trusted(&bytes).unwrap(),
            ];
            assert_eq!(format!("{proven:?}"), format!("{trusted:?}"));
        }
        let malformed = Policy::decode_trusted(b"PRQL\x01\x01").unwrap_err();
        assert_eq!(malformed, Unreadable::Malformed);
    }
}
