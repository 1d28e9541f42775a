//! Opening a submission: every check that needs no clock and no store, in a
//! fixed order, and the outcome computed anew.

use super::submission::{ENGINE, Parts};
use super::{Challenge, MAX_TOKEN, PublicKey, Rejection};
use crate::outcome::Outcome;
use crate::{Currency, Digest, Json, Money, Policy, Summary, SummaryFields};

/// Checks an ES256 signature `r ‖ s` (RFC 7518, section 3.4) over the bytes
/// of the message; false for a key that is not on the curve.
pub type SignatureVerifier<'a> = dyn Fn(&PublicKey, &[u8], &[u8; 64]) -> bool + 'a;

/// Whom and what a submission has to be for.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The lender's origin.
    pub audience: &'a str,
    /// The partner's name.
    pub partner: &'a str,
    /// The text of the challenge; `None` takes whichever it answers, for one
    /// who reads it afterwards.
    pub challenge: Option<&'a str>,
    /// What that challenge binds, for one who holds the keys to it
    /// ([`ChallengeKeys::verify`](super::ChallengeKeys::verify)).
    pub terms: Option<&'a Challenge>,
}

/// A submission that holds: signed, for this partner and challenge, and its
/// outcome recomputed and equal to the one shown.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What was sent of the borrower.
    pub summary: Summary,
    /// What the policy yields on it, computed here.
    pub outcome: Outcome,
    /// The text of the challenge that it answers.
    pub challenge: String,
    /// The version of the engine that computed the outcome shown.
    pub engine: String,
    /// The key that signed.
    pub key: PublicKey,
    /// Commitments to the raw answers and decoys, ascending;
    /// [`check`](super::check) opens them.
    pub commitments: Vec<String>,
}

/// A submission that is signed and for this partner and challenge. Its
/// summary and outcome are not held against a policy yet: they are claims.
#[derive(Clone, Debug)]
pub struct Unsealed {
    /// The policy that it names.
    pub policy: Digest,
    /// The members of the summary, as they were sent.
    pub summary: Json,
    /// The digest of the outcome that was shown.
    pub outcome: Digest,
    /// The text of the challenge that it answers.
    pub challenge: String,
    /// The version of the engine that computed the outcome shown.
    pub engine: String,
    /// The key that signed.
    pub key: PublicKey,
    /// Commitments to the raw answers and decoys, ascending.
    pub commitments: Vec<String>,
}

/// Opens a submission as received. The bytes that are checked are the bytes
/// received; nothing is written anew to be verified.
///
/// The order: size, partner, form, signature, addressee and challenge, policy,
/// the challenge's terms, summary, outcome. Whether the challenge was issued,
/// has expired or was used is for the caller, who has keys, clock and store.
///
/// # Errors
/// The [`Rejection`] of the first check that fails; no bytes make it panic.
pub fn open(
    token: &[u8],
    expected: &Expected<'_>,
    policies: &[&Policy],
    verify: &SignatureVerifier<'_>,
) -> Result<Opened, Rejection> {
    let claims = unseal(token, expected, verify)?;
    let policy = policies
        .iter()
        .find(|policy| policy.hash() == claims.policy)
        .ok_or(Rejection::UnknownPolicy)?;
    ensure(
        claims.commitments.len() == usize::from(policy.body().commitments),
        Rejection::Malformed,
    )?;
    let fields =
        SummaryFields::from_json(&claims.summary).map_err(|_| Rejection::SummaryInvalid)?;
    if let Some(terms) = expected.terms {
        hold(&fields, policy, terms)?;
    }
    let summary = policy
        .admit(fields)
        .map_err(|_| Rejection::SummaryInvalid)?;
    let outcome = policy.assess(&summary);
    claims.confirm(outcome.decision.digest())?;
    Ok(Opened {
        summary,
        outcome,
        challenge: claims.challenge,
        engine: claims.engine,
        key: claims.key,
        commitments: claims.commitments,
    })
}

/// The part of [`open`] that needs no policy: size, partner, form, signature,
/// addressee and challenge.
///
/// # Errors
/// The [`Rejection`] of the first check that fails.
pub fn unseal(
    token: &[u8],
    expected: &Expected<'_>,
    verify: &SignatureVerifier<'_>,
) -> Result<Unsealed, Rejection> {
    ensure(token.len() <= MAX_TOKEN, Rejection::PayloadTooLarge)?;
    ensure(
        expected
            .terms
            .is_none_or(|terms| terms.partner == expected.partner),
        Rejection::PartnerMismatch,
    )?;
    let Parts {
        signing_input,
        signature,
        key,
        claims,
    } = Parts::parse(token)?;
    ensure(
        verify(&key, signing_input.as_bytes(), &signature),
        Rejection::BadSignature,
    )?;
    ensure(
        claims.audience == expected.audience && claims.partner == expected.partner,
        Rejection::PartnerMismatch,
    )?;
    ensure(
        expected
            .challenge
            .is_none_or(|challenge| claims.challenge == challenge),
        Rejection::BadChallenge,
    )?;
    Ok(Unsealed {
        policy: claims.policy,
        summary: claims.summary,
        outcome: claims.outcome,
        challenge: claims.challenge,
        engine: claims.engine,
        key,
        commitments: claims.commitments,
    })
}

impl Unsealed {
    /// Holds the outcome that was shown against the one computed here.
    ///
    /// # Errors
    /// [`Rejection::OutcomeMismatch`], or [`Rejection::EngineOutdated`] where
    /// another version of the engine computed it.
    pub fn confirm(&self, outcome: Digest) -> Result<(), Rejection> {
        ensure(outcome == self.outcome, {
            if self.engine == ENGINE {
                Rejection::OutcomeMismatch
            } else {
                Rejection::EngineOutdated
            }
        })
    }
}

/// Holds a summary against what its challenge binds.
fn hold(fields: &SummaryFields, policy: &Policy, terms: &Challenge) -> Result<(), Rejection> {
    ensure(policy.hash() == terms.policy, Rejection::BadChallenge)?;
    ensure(fields.as_of == terms.as_of, Rejection::DateMismatch)?;
    let requested: (Money, Currency) = (fields.request.amount, policy.body().currency);
    ensure(
        terms.amount.is_none_or(|fixed| fixed == requested),
        Rejection::RequestMismatch,
    )
}

fn ensure(holds: bool, otherwise: Rejection) -> Result<(), Rejection> {
    holds.then_some(()).ok_or(otherwise)
}
