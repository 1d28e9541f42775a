//! A submission's one strict form: JWS compact serialization (RFC 7515) with
//! a fixed header, and canonical JSON throughout.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};

use super::commitment::{Disclosure, Salts, commit};
use super::{MAX_TOKEN, PublicKey, Rejection};
use crate::outcome::Decision;
use crate::{Answers, Digest, Json, Policy, Summary};

/// The version of this engine, which a submission names.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// The media type that names this form, and no other version of it.
const TYPE: &str = "prequal-summary+jws";
const ALGORITHM: &str = "ES256";
const DIGEST_ALGORITHM: &str = "sha-256";

/// The most characters of an engine's version.
const MAX_ENGINE: usize = 40;

/// What is to be sealed, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// The policy that was assessed by.
    pub policy: &'a Policy,
    /// What was assessed.
    pub summary: &'a Summary,
    /// What was shown to the borrower.
    pub decision: &'a Decision,
    /// The answers: those to questions that the borrower is asked are
    /// committed to.
    pub answers: &'a Answers,
    /// The lender's origin.
    pub audience: &'a str,
    /// The partner's name.
    pub partner: &'a str,
    /// The text of the challenge to answer.
    pub challenge: &'a str,
    /// The key that will sign.
    pub key: &'a PublicKey,
}

/// What a borrower sends of a summary and its outcome, with the answers to
/// commit to. It needs no policy any more: what seals it can be loaded apart
/// from what assesses.
///
/// RAW STAYS HOME: no `Debug`, not `Serialize`; raw answers leave by their
/// commitments alone.
pub struct Content {
    /// The policy that was assessed by.
    pub policy: Digest,
    /// How many commitments a submission for that policy has.
    pub commitments: u16,
    /// The summary's members.
    pub summary: Json,
    /// The digest of what was shown to the borrower.
    pub outcome: Digest,
    /// The answers to commit to, by question.
    pub answers: Vec<(String, Json)>,
}

/// Whom a submission is for, and which key signs it.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// The lender's origin.
    pub audience: &'a str,
    /// The partner's name.
    pub partner: &'a str,
    /// The text of the challenge to answer.
    pub challenge: &'a str,
    /// The key that will sign.
    pub key: &'a PublicKey,
}

/// What is to be signed, and what stays on the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The JWS signing input (RFC 7515, section 5.1): ASCII text whose
    /// ES256 signature makes it a submission.
    pub signing_input: String,
    /// What opens single answers later.
    pub disclosures: Vec<Disclosure>,
}

/// Why something cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// The summary is for another policy.
    OtherPolicy,
    /// More answers than the policy has commitments for.
    TooManyAnswers,
    /// The submission would have more than [`MAX_TOKEN`] bytes.
    TooLarge,
}

/// Writes what the device's key is to sign: [`Content::of`] the draft, sealed.
///
/// # Errors
/// [`SealError`], none of which happens to a summary and answers of the
/// policy and an audience and a challenge of ordinary length.
pub fn seal(draft: &Draft<'_>, salts: &mut Salts<'_>) -> Result<Sealed, SealError> {
    let recipient = Recipient {
        audience: draft.audience,
        partner: draft.partner,
        challenge: draft.challenge,
        key: draft.key,
    };
    Content::of(draft.policy, draft.summary, draft.decision, draft.answers)?.seal(&recipient, salts)
}

impl Content {
    /// What is sent of this summary and the decision that was shown on it.
    ///
    /// # Errors
    /// [`SealError::OtherPolicy`] for a summary of another policy.
    pub fn of(
        policy: &Policy,
        summary: &Summary,
        decision: &Decision,
        answers: &Answers,
    ) -> Result<Content, SealError> {
        if summary.policy() != policy.hash() {
            return Err(SealError::OtherPolicy);
        }
        let answers = policy.asked_answers(answers, summary.fields().as_of);
        let entries = answers.entries();
        Ok(Content {
            policy: policy.hash(),
            commitments: policy.body().commitments,
            summary: summary.fields().to_json(),
            outcome: decision.digest(),
            answers: entries
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        })
    }

    /// As a JSON value, to be sealed elsewhere on the device. RAW STAYS HOME:
    /// it holds the answers.
    pub fn to_json(&self) -> Json {
        let answers = self.answers.iter();
        Json::object([
            (
                "answers",
                Json::object(answers.map(|(name, value)| (name.as_str(), value.clone()))),
            ),
            ("commitments", i64::from(self.commitments).into()),
            ("outcome", self.outcome.to_string().into()),
            ("policy", self.policy.to_string().into()),
            ("summary", self.summary.clone()),
        ])
    }

    /// From what [`Content::to_json`] gives; `None` for something else.
    pub fn from_json(json: &Json) -> Option<Content> {
        let [answers, commitments, outcome, policy, summary] =
            json.members(["answers", "commitments", "outcome", "policy", "summary"])?;
        let answers = answers.as_object()?.iter();
        Some(Content {
            policy: Digest::from_hex(policy.as_str()?)?,
            commitments: commitments.as_integer()?.try_into().ok()?,
            summary: summary.clone(),
            outcome: Digest::from_hex(outcome.as_str()?)?,
            answers: answers
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        })
    }

    /// Writes what the device's key is to sign. The salts are the only random
    /// part.
    ///
    /// # Errors
    /// [`SealError::TooManyAnswers`] and [`SealError::TooLarge`].
    pub fn seal(
        self,
        recipient: &Recipient<'_>,
        salts: &mut Salts<'_>,
    ) -> Result<Sealed, SealError> {
        let count = usize::from(self.commitments);
        let committed = commit(self.answers, count, salts).ok_or(SealError::TooManyAnswers)?;
        let claims = Claims {
            audience: recipient.audience.to_owned(),
            partner: recipient.partner.to_owned(),
            challenge: recipient.challenge.to_owned(),
            engine: ENGINE.to_owned(),
            policy: self.policy,
            summary: self.summary,
            outcome: self.outcome,
            commitments: committed.commitments,
        };
        let [header, payload] = [header(recipient.key), claims.to_json()]
            .map(|json| Base64UrlUnpadded::encode_string(json.to_canonical().as_bytes()));
        let signing_input = format!("{header}.{payload}");
        let signature = Base64UrlUnpadded::encoded_len(&[0; 64]);
        if signing_input.len() + 1 + signature > MAX_TOKEN {
            return Err(SealError::TooLarge);
        }
        Ok(Sealed {
            signing_input,
            disclosures: committed.disclosures,
        })
    }
}

/// The submission: what was signed with its signature `r ‖ s`.
pub fn attach(signing_input: &str, signature: &[u8; 64]) -> String {
    format!(
        "{signing_input}.{}",
        Base64UrlUnpadded::encode_string(signature)
    )
}

/// A submission taken apart, not yet believed.
pub(super) struct Parts<'a> {
    pub(super) signing_input: &'a str,
    pub(super) signature: [u8; 64],
    pub(super) key: PublicKey,
    pub(super) claims: Claims,
}

impl<'a> Parts<'a> {
    /// Takes apart what has the one strict form.
    pub(super) fn parse(token: &'a [u8]) -> Result<Parts<'a>, Rejection> {
        let (signing_input, header, payload, signature) =
            split(token).ok_or(Rejection::Malformed)?;
        let key = key_of(&json(header).ok_or(Rejection::Malformed)?)?;
        let parts = || {
            Some(Parts {
                signing_input,
                signature: decode(signature)?.try_into().ok()?,
                key,
                claims: Claims::from_json(&json(payload)?)?,
            })
        };
        parts().ok_or(Rejection::Malformed)
    }
}

fn split(token: &[u8]) -> Option<(&str, &str, &str, &str)> {
    let token = core::str::from_utf8(token).ok()?;
    let (signing_input, signature) = token.rsplit_once('.')?;
    let (header, payload) = signing_input.split_once('.')?;
    Some((signing_input, header, payload, signature))
}

fn decode(part: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(part).ok()
}

fn json(part: &str) -> Option<Json> {
    Json::parse_canonical(core::str::from_utf8(&decode(part)?).ok()?).ok()
}

fn header(key: &PublicKey) -> Json {
    Json::object([
        ("alg", Json::from(ALGORITHM)),
        ("jwk", key.to_jwk()),
        ("typ", TYPE.into()),
    ])
}

/// The key of a header that has exactly these members: there is no other
/// algorithm, no `crit`, and no key from elsewhere (RFC 8725, sections 3.1
/// and 3.10).
fn key_of(header: &Json) -> Result<PublicKey, Rejection> {
    let [alg, jwk, typ] = header
        .members(["alg", "jwk", "typ"])
        .ok_or(Rejection::Malformed)?;
    if typ.as_str() != Some(TYPE) {
        return Err(Rejection::UnsupportedVersion);
    }
    PublicKey::from_jwk(jwk)
        .filter(|_| alg.as_str() == Some(ALGORITHM))
        .ok_or(Rejection::Malformed)
}

/// The payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) audience: String,
    pub(super) partner: String,
    pub(super) challenge: String,
    pub(super) engine: String,
    pub(super) policy: Digest,
    pub(super) summary: Json,
    pub(super) outcome: Digest,
    /// Ascending and distinct.
    pub(super) commitments: Vec<String>,
}

impl Claims {
    /// The commitments stand in an object of their own, so that no question's
    /// name can meet a member of the payload when it is disclosed (RFC 9901,
    /// section 7.1, step 3).
    fn to_json(&self) -> Json {
        let commitments = Json::array(self.commitments.iter().map(String::as_str));
        Json::object([
            ("_sd_alg", Json::from(DIGEST_ALGORITHM)),
            ("answers", Json::object([("_sd", commitments)])),
            ("aud", self.audience.as_str().into()),
            ("challenge", self.challenge.as_str().into()),
            ("engine", self.engine.as_str().into()),
            ("outcome", self.outcome.to_string().into()),
            ("partner", self.partner.as_str().into()),
            ("policy", self.policy.to_string().into()),
            ("summary", self.summary.clone()),
        ])
    }

    fn from_json(json: &Json) -> Option<Claims> {
        let [
            algorithm,
            answers,
            audience,
            challenge,
            engine,
            outcome,
            partner,
            policy,
            summary,
        ] = json.members([
            "_sd_alg",
            "answers",
            "aud",
            "challenge",
            "engine",
            "outcome",
            "partner",
            "policy",
            "summary",
        ])?;
        let [commitments] = answers.members(["_sd"])?;
        let text = |json: &Json| json.as_str().map(str::to_owned);
        let claims = Claims {
            audience: text(audience)?,
            partner: text(partner)?,
            challenge: text(challenge)?,
            engine: text(engine)?,
            policy: Digest::from_hex(policy.as_str()?)?,
            summary: summary.clone(),
            outcome: Digest::from_hex(outcome.as_str()?)?,
            commitments: commitments
                .as_array()?
                .iter()
                .map(text)
                .collect::<Option<_>>()?,
        };
        let is_digest = |text: &String| decode(text).is_some_and(|bytes| bytes.len() == 32);
        let well_formed = algorithm.as_str() == Some(DIGEST_ALGORITHM)
            && (1..=MAX_ENGINE).contains(&claims.engine.len())
            && claims.commitments.iter().all(is_digest)
            && claims.commitments.is_sorted_by(|a, b| a < b);
        well_formed.then_some(claims)
    }
}

impl SealError {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            SealError::OtherPolicy => "summary_of_other_policy",
            SealError::TooManyAnswers => "too_many_answers",
            SealError::TooLarge => "submission_too_large",
        }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SealError::OtherPolicy => f.write_str("the summary is for another policy"),
            SealError::TooManyAnswers => {
                f.write_str("more answers than the policy has commitments for")
            }
            SealError::TooLarge => f.write_str("a submission has at most 16 KiB"),
        }
    }
}

impl core::error::Error for SealError {}
