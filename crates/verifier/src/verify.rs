//! Challenges, and the order in which a submission is verified.

use std::sync::Arc;

use prequal::seal::{Challenge, ChallengeKeys, ENGINE, Expected, PublicKey, Rejection, open};
use prequal::{Currency, Date, Digest, Money};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;

use crate::clock::Clock;
use crate::origin::Origin;
use crate::partner::Registry;
use crate::refusal::Refusal;
use crate::request::parse;
use crate::shelf::Shelf;
use crate::store::{Nonce, Record, Store, Verdict};

/// How long a challenge can be answered, in seconds.
pub(crate) const LIFETIME: i64 = 300;

/// Issues challenges and decides submissions.
pub(crate) struct Verifier {
    pub(crate) store: Box<dyn Store>,
    pub(crate) shelf: Shelf,
    pub(crate) keys: ChallengeKeys,
    pub(crate) partners: Arc<Registry>,
    pub(crate) audience: Origin,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The body of `POST /v1/challenges`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    partner: String,
    policy: String,
    amount: Option<i64>,
    currency: Option<String>,
}

/// The body of `POST /v1/submissions`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    challenge: String,
    partner: String,
    submission: String,
}

impl Verifier {
    /// A challenge for a partner's borrower under a current policy, and the
    /// day that the decision will be dated.
    pub(crate) fn challenge(&self, wish: Wish) -> Result<(String, Date), Refusal> {
        let partner = self
            .partners
            .get(&wish.partner)
            .ok_or(Refusal::UnknownPartner)?;
        let hash = Digest::from_hex(&wish.policy).ok_or(Rejection::Malformed)?;
        let shelved = self.shelf.get(hash).ok_or(Rejection::UnknownPolicy)?;
        let (Some(policy), None) = (&shelved.policy, shelved.superseded_at) else {
            return Err(Rejection::PolicySuperseded.into());
        };
        let amount = match (wish.amount, wish.currency) {
            (None, None) => None,
            (Some(amount), Some(code)) => {
                let currency = Currency::try_from(code).map_err(|_| Rejection::Malformed)?;
                if currency != policy.body().currency {
                    return Err(Rejection::RequestMismatch.into());
                }
                Some((Money::new(amount), currency))
            }
            _ => return Err(Rejection::Malformed.into()),
        };
        let now = self.clock.now();
        let as_of = now
            .day_at(policy.body().utc_offset.into())
            .ok_or(Refusal::Internal)?;
        let mut nonce = Nonce::default();
        getrandom::fill(&mut nonce).map_err(|_| Rejection::Unavailable)?;
        let challenge = Challenge {
            expires_at: now.0 + LIFETIME,
            nonce,
            policy: hash,
            as_of,
            partner: partner.key.clone(),
            amount,
        };
        Ok((self.keys.issue(&challenge)?, as_of))
    }

    /// Decides a submission, or finds the decision that it got before; `true`
    /// beside a decision that was found. The size was checked by whoever read
    /// the body.
    pub(crate) async fn submission(&self, body: &[u8]) -> Result<(Record, bool), Refusal> {
        let envelope: Envelope = parse(body)?;
        let challenge = self.keys.verify(&envelope.challenge)?;
        // Asked before the expiry: whoever lost the answer may fetch it later.
        if let Some(stored) = self.store.find(challenge.nonce).await? {
            return settled(Verdict::of(stored, body));
        }
        let record = self.examine(&envelope, challenge, body)?;
        match self.store.decide(record.clone()).await? {
            Verdict::Stored => Ok((record, false)),
            // Another one came in between: ONCE.
            verdict => settled(verdict),
        }
    }

    /// Everything between the look for an earlier decision and its storing.
    fn examine(
        &self,
        envelope: &Envelope,
        challenge: Challenge,
        body: &[u8],
    ) -> Result<Record, Refusal> {
        let now = self.clock.now();
        if challenge.has_expired(now.0) {
            return Err(Rejection::ChallengeExpired.into());
        }
        if envelope.partner != challenge.partner || self.partners.get(&challenge.partner).is_none()
        {
            return Err(Rejection::PartnerMismatch.into());
        }
        let policies = self.shelf.honoured(now);
        let expected = Expected {
            audience: self.audience.as_str(),
            partner: &envelope.partner,
            challenge: Some(&envelope.challenge),
            terms: Some(&challenge),
        };
        let opened = open(envelope.submission.as_bytes(), &expected, &policies, &es256).map_err(
            |rejection| {
                let is_honoured = policies
                    .iter()
                    .any(|policy| policy.hash() == challenge.policy);
                match rejection {
                    // Challenges are issued for known policies only.
                    Rejection::UnknownPolicy if !is_honoured => Rejection::PolicySuperseded,
                    other => other,
                }
            },
        )?;
        // Overlay: constraints that only tighten are to meet the decision here,
        // between what was shown and what is stored.
        Ok(Record {
            nonce: challenge.nonce,
            reference: reference(&challenge.nonce),
            partner: challenge.partner,
            policy: challenge.policy,
            engine: ENGINE.to_owned(),
            body: body.to_vec(),
            decision: opened.outcome.decision.canonical(),
            received_at: now,
        })
    }
}

/// The check of a signature that the core takes as an argument.
fn es256(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.to_sec1())
        .verify(message, signature)
        .is_ok()
}

/// A short id of a submission, for people: 60 bits of its challenge's digest
/// in Crockford's base 32, which leaves out what is easily misread.
fn reference(nonce: &Nonce) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digest = Digest::of(&[b"prequal reference".as_slice(), nonce].concat());
    let bits = digest
        .as_bytes()
        .iter()
        .take(8)
        .fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let digit = |place: u32| {
        let value = usize::try_from(bits >> (59 - 5 * place) & 31).unwrap_or_default();
        DIGITS.get(value).map_or('0', |digit| char::from(*digit))
    };
    let group = |first: u32| (first..first + 4).map(digit).collect::<String>();
    [group(0), group(4), group(8)].join("-")
}

fn settled(verdict: Verdict) -> Result<(Record, bool), Refusal> {
    match verdict {
        Verdict::Duplicate(stored) => Ok((*stored, true)),
        Verdict::Stored | Verdict::Replayed => Err(Rejection::Replayed.into()),
    }
}
