//! Sealing and opening submissions across the boundary.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Crypto, CryptoKey, EcdsaParams};

use super::read::{self, wrong_type};
use super::views::Fault;
use super::{Policy, give};
use crate::seal::{Draft, Expected, PublicKey, Rejection, SealError, attach, open, seal};
use crate::{AnswerError, Answers, Decision, Json, Request, SummaryFields, Trace};

/// Whom a submission is for.
#[derive(Tsify)]
pub struct Recipient {
    /// The lender's origin.
    pub audience: String,
    /// The partner's name.
    pub partner: String,
    /// The text of the challenge that the lender issued.
    pub challenge: String,
}

/// Whom and what a submission has to be for.
#[derive(Tsify)]
pub struct Expectation {
    /// The lender's origin.
    pub audience: String,
    /// The partner's name.
    pub partner: String,
    /// The text of the challenge; absent takes whichever it answers.
    #[tsify(optional)]
    pub challenge: Option<String>,
}

/// The coordinates of a P-256 key, as a public JWK holds them.
#[derive(Serialize, Tsify)]
pub struct KeyCoordinates {
    /// base64url of 32 bytes.
    pub x: String,
    /// base64url of 32 bytes.
    pub y: String,
}

/// What opens the commitment to one answer; it stays on the device.
#[derive(Serialize, Tsify)]
pub struct OpenedAnswer {
    /// The question.
    pub name: String,
    /// The SD-JWT disclosure.
    pub disclosure: String,
}

/// What sealing came to.
#[derive(Serialize, Tsify)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum SealResult {
    /// What is to be signed with ES256.
    Ok {
        /// The JWS signing input, ASCII.
        signing_input: String,
        /// What opens single answers later.
        disclosures: Vec<OpenedAnswer>,
    },
    /// Answers or a request that have no summary.
    Invalid {
        /// Each wrong field.
        errors: Vec<AnswerError>,
    },
    /// Why it cannot be sealed.
    Error {
        /// The code and its meaning.
        error: Fault,
    },
}

/// What opening came to.
#[derive(Serialize, Tsify)]
#[serde(tag = "status", rename_all = "snake_case")]
#[tsify(hashmap_as_object)]
pub enum OpenResult {
    /// It holds, and its outcome was recomputed here.
    Ok {
        /// What was sent of the borrower.
        summary: SummaryFields,
        /// What is decided.
        decision: Box<Decision>,
        /// How it came about.
        trace: Trace,
        /// SHA-256 of the decision's canonical text in hex.
        digest: String,
        /// The text of the challenge that it answers.
        challenge: String,
        /// The RFC 7638 thumbprint of the key that signed.
        key: String,
    },
    /// It does not hold.
    Rejected {
        /// Why.
        code: Rejection,
        /// Whether the same answers may be taken when submitted anew.
        retry: bool,
    },
}

#[wasm_bindgen]
impl Policy {
    /// Summarises, assesses and writes what the device's key is to sign. The
    /// salts of the commitments come from the platform's random numbers.
    pub fn seal(
        &self,
        answers: Ts<Answers>,
        request: Ts<Request>,
        as_of: &str,
        recipient: Ts<Recipient>,
        key: Ts<KeyCoordinates>,
    ) -> Ts<SealResult> {
        give(
            self.try_seal(answers, request, as_of, recipient, key)
                .unwrap_or_else(|result| result),
        )
    }

    /// Opens a submission as received and recomputes its outcome. `verify`
    /// checks the ES256 signature (64 bytes, `r ‖ s`) and answers at once.
    pub fn open(
        &self,
        token: &str,
        expected: Ts<Expectation>,
        #[wasm_bindgen(
            unchecked_param_type = "(key: KeyCoordinates, message: Uint8Array, signature: Uint8Array) => boolean"
        )]
        verify: &Function,
    ) -> Ts<OpenResult> {
        let Some(expected) = read::json(&expected).and_then(Expectation::from_json) else {
            return give(rejected(Rejection::PartnerMismatch));
        };
        let expected = Expected {
            audience: &expected.audience,
            partner: &expected.partner,
            challenge: expected.challenge.as_deref(),
            terms: None,
        };
        let verified = |key: &PublicKey, message: &[u8], signature: &[u8; 64]| {
            let [x, y] = key.coordinates();
            let key = give(KeyCoordinates { x, y });
            let message = Uint8Array::from(message);
            let signature = Uint8Array::from(&signature[..]);
            let answer = verify.call3(&JsValue::NULL, &key.into(), &message, &signature);
            answer.is_ok_and(|answer| answer == true)
        };
        give(
            match open(token.as_bytes(), &expected, &[&self.inner], &verified) {
                Ok(opened) => OpenResult::Ok {
                    summary: opened.summary.fields().clone(),
                    digest: opened.outcome.decision.digest().to_string(),
                    decision: Box::new(opened.outcome.decision),
                    trace: opened.outcome.trace,
                    challenge: opened.challenge,
                    key: opened.key.thumbprint(),
                },
                Err(rejection) => rejected(rejection),
            },
        )
    }
}

impl Recipient {
    fn from_json(object: Json) -> Option<Recipient> {
        Some(Recipient {
            audience: read::text(&object, "audience")?,
            partner: read::text(&object, "partner")?,
            challenge: read::text(&object, "challenge")?,
        })
    }
}

impl Expectation {
    fn from_json(object: Json) -> Option<Expectation> {
        Some(Expectation {
            audience: read::text(&object, "audience")?,
            partner: read::text(&object, "partner")?,
            challenge: read::text(&object, "challenge"),
        })
    }
}

impl Policy {
    fn try_seal(
        &self,
        answers: Ts<Answers>,
        request: Ts<Request>,
        as_of: &str,
        recipient: Ts<Recipient>,
        key: Ts<KeyCoordinates>,
    ) -> Result<SealResult, SealResult> {
        let invalid = |errors| SealResult::Invalid { errors };
        let (answers, request, as_of) = read::inputs(&answers, &request, as_of).map_err(invalid)?;
        let recipient = read::json(&recipient)
            .and_then(Recipient::from_json)
            .ok_or_else(|| invalid(wrong_type("recipient")))?;
        let key = read::json(&key)
            .and_then(|key| {
                PublicKey::from_coordinates(&read::text(&key, "x")?, &read::text(&key, "y")?)
            })
            .ok_or_else(|| invalid(wrong_type("key")))?;
        let summary = self
            .inner
            .summarise(&answers, &request, as_of)
            .map_err(invalid)?;
        let outcome = self.inner.assess(&summary);
        let draft = Draft {
            policy: &self.inner,
            summary: &summary,
            decision: &outcome.decision,
            answers: &answers,
            audience: &recipient.audience,
            partner: &recipient.partner,
            challenge: &recipient.challenge,
            key: &key,
        };
        let mut random = Ok(());
        let mut salt = || {
            let mut bytes = [0; 16];
            if let Err(error) = getrandom::fill(&mut bytes) {
                random = Err(error);
            }
            bytes
        };
        let sealed = seal(&draft, &mut salt).map_err(fault)?;
        // A salt that is not random would give the answers away.
        random.map_err(|_| no_random_numbers())?;
        let disclosures = sealed.disclosures.into_iter();
        Ok(SealResult::Ok {
            signing_input: sealed.signing_input,
            disclosures: disclosures
                .map(|opened| OpenedAnswer {
                    name: opened.name,
                    disclosure: opened.disclosure,
                })
                .collect(),
        })
    }
}

/// Signs what sealing wrote with a device key of WebCrypto: ES256 (RFC 7518,
/// section 3.4). The promise resolves to the 64 bytes that `attach` takes.
///
/// @throws {Fault} `no_web_crypto` where the platform has none, as in a page
/// without a secure context
#[wasm_bindgen(unchecked_return_type = "Promise<ArrayBuffer>")]
pub fn sign(signing_input: &str, key: &CryptoKey) -> Result<Promise, JsValue> {
    let algorithm = EcdsaParams::new("ECDSA", &"SHA-256".into());
    let subtle = Reflect::get(&js_sys::global(), &"crypto".into())
        .ok()
        .and_then(|crypto| crypto.dyn_into::<Crypto>().ok())
        .map(|crypto| crypto.subtle())
        .filter(|subtle| !subtle.is_undefined());
    match subtle {
        Some(subtle) => {
            let message = Uint8Array::from(signing_input.as_bytes());
            subtle.sign_with_object_and_js_u8_array(&algorithm, key, &message)
        }
        None => Err(give(Fault {
            code: "no_web_crypto".to_owned(),
            message: "signing needs `crypto.subtle`, which pages have only over https or on \
                      localhost"
                .to_owned(),
        })
        .into()),
    }
}

/// The submission: what was signed with its ES256 signature of 64 bytes,
/// `r ‖ s`; `undefined` for a signature of another length.
#[wasm_bindgen(js_name = attach)]
pub fn attach_signature(signing_input: &str, signature: &[u8]) -> Option<String> {
    let signature = signature.try_into().ok()?;
    Some(attach(signing_input, signature))
}

fn rejected(rejection: Rejection) -> OpenResult {
    OpenResult::Rejected {
        code: rejection,
        retry: rejection.retry(),
    }
}

fn fault(error: SealError) -> SealResult {
    let fault = Fault {
        code: error.code().to_owned(),
        message: error.to_string(),
    };
    SealResult::Error { error: fault }
}

fn no_random_numbers() -> SealResult {
    SealResult::Error {
        error: Fault {
            code: "no_random_numbers".to_owned(),
            message: "the platform gave no random numbers, so nothing can be sealed".to_owned(),
        },
    }
}
