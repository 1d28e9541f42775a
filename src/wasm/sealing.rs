//! Sealing and opening submissions across the boundary.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Crypto, CryptoKey, EcdsaParams};

use super::{Fault, read};
use crate::seal::{
    Content, Expected, PublicKey, Recipient, Rejection, SealError, Unsealed, attach, unseal,
};
use crate::{AnswerError, Decision, Digest, Json, SummaryFields, Trace};

#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = r#"import type { Policy } from "./estimate.js";"#;

#[wasm_bindgen]
extern "C" {
    /// The handle of the module `estimate`, which holds the policy.
    #[wasm_bindgen(typescript_type = "Policy")]
    pub type Policy;

    #[wasm_bindgen(method, getter)]
    fn hash(this: &Policy) -> String;

    #[wasm_bindgen(method, getter)]
    fn commitments(this: &Policy) -> usize;

    #[wasm_bindgen(method)]
    fn content(this: &Policy, answers: JsValue, request: JsValue, as_of: JsValue) -> JsValue;

    #[wasm_bindgen(method)]
    fn assess(this: &Policy, summary: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Object)]
    fn assign(target: JsValue, source: &JsValue) -> JsValue;
}

/// A value as a plain object of JavaScript. Every integer of this crate is one
/// that JavaScript holds exactly, so that nothing is lost on the way.
fn object<T: ?Sized + Serialize>(value: &T) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}

/// Whom a submission is for.
#[derive(Tsify)]
pub struct Addressee {
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
#[derive(Tsify)]
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
        /// SHA-256 of `canonical` in hex.
        digest: String,
        /// The canonical text of the decision core.
        canonical: String,
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

/// Summarises, assesses and writes what the device's key is to sign. The
/// salts of the commitments come from the platform's random numbers.
#[wasm_bindgen(js_name = seal, unchecked_return_type = "SealResult")]
pub fn seal_content(
    policy: &Policy,
    #[wasm_bindgen(unchecked_param_type = "Answers")] answers: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Request")] request: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] as_of: JsValue,
    recipient: Ts<Addressee>,
    key: Ts<KeyCoordinates>,
) -> JsValue {
    let made = policy.content(answers, request, as_of);
    let content = read::plain(&made)
        .and_then(|made| Json::parse_canonical(&read::text(&made, "content")?).ok())
        .and_then(|content| Content::from_json(&content));
    match content {
        Some(content) => {
            let sealed = try_seal(content, &recipient, &key);
            object(&sealed.unwrap_or_else(|result| result))
        }
        None => made,
    }
}

fn try_seal(
    content: Content,
    recipient: &Ts<Addressee>,
    key: &Ts<KeyCoordinates>,
) -> Result<SealResult, SealResult> {
    let wrong = |field| SealResult::Invalid {
        errors: read::wrong_type(field),
    };
    let recipient = read::json(recipient)
        .and_then(Addressee::from_json)
        .ok_or_else(|| wrong("recipient"))?;
    let key = read::json(key)
        .and_then(|key| {
            PublicKey::from_coordinates(&read::text(&key, "x")?, &read::text(&key, "y")?)
        })
        .ok_or_else(|| wrong("key"))?;
    let recipient = Recipient {
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
    let sealed = content.seal(&recipient, &mut salt).map_err(fault)?;
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

/// Opens a submission as received and recomputes its outcome by the policy.
/// `verify` checks the ES256 signature (64 bytes, `r ‖ s`) and answers at once.
#[wasm_bindgen(js_name = open, unchecked_return_type = "OpenResult")]
pub fn open_submission(
    policy: &Policy,
    token: &str,
    expected: Ts<Expectation>,
    #[wasm_bindgen(
        unchecked_param_type = "(key: KeyCoordinates, message: Uint8Array, signature: Uint8Array) => boolean"
    )]
    verify: &Function,
) -> JsValue {
    try_open(policy, token, &expected, verify).unwrap_or_else(|code| {
        object(&Refused {
            status: "rejected",
            retry: code.retry(),
            code,
        })
    })
}

/// [`OpenResult::Rejected`].
#[derive(Serialize)]
struct Refused {
    status: &'static str,
    code: Rejection,
    retry: bool,
}

/// What a submission adds to the assessment of its summary.
#[derive(Serialize)]
struct Received {
    challenge: String,
    key: String,
    summary: SummaryFields,
}

fn try_open(
    policy: &Policy,
    token: &str,
    expected: &Ts<Expectation>,
    verify: &Function,
) -> Result<JsValue, Rejection> {
    let expected = read::json(expected)
        .and_then(Expectation::from_json)
        .ok_or(Rejection::PartnerMismatch)?;
    let expected = Expected {
        audience: &expected.audience,
        partner: &expected.partner,
        challenge: expected.challenge.as_deref(),
        terms: None,
    };
    let verified = |key: &PublicKey, message: &[u8], signature: &[u8; 64]| {
        let [x, y] = key.coordinates();
        let key = object(&KeyCoordinates { x, y });
        let message = Uint8Array::from(message);
        let signature = Uint8Array::from(&signature[..]);
        let answer = verify.call3(&JsValue::NULL, &key, &message, &signature);
        answer.is_ok_and(|answer| answer == true)
    };
    let unsealed = unseal(token.as_bytes(), &expected, &verified)?;
    recompute(policy, unsealed)
}

/// Holds what was unsealed against the policy: its hash, the number of
/// commitments, its summary and the outcome.
fn recompute(policy: &Policy, unsealed: Unsealed) -> Result<JsValue, Rejection> {
    if policy.hash() != unsealed.policy.to_string() {
        return Err(Rejection::UnknownPolicy);
    }
    if policy.commitments() != unsealed.commitments.len() {
        return Err(Rejection::Malformed);
    }
    let summary =
        SummaryFields::from_json(&unsealed.summary).map_err(|_| Rejection::SummaryInvalid)?;
    let assessed = policy.assess(&object(&summary));
    let digest = read::plain(&assessed)
        .and_then(|assessed| Digest::from_hex(&read::text(&assessed, "digest")?))
        .ok_or(Rejection::SummaryInvalid)?;
    unsealed.confirm(digest)?;
    let received = Received {
        challenge: unsealed.challenge,
        key: unsealed.key.thumbprint(),
        summary,
    };
    Ok(assign(object(&received), &assessed))
}

impl Addressee {
    fn from_json(object: Json) -> Option<Addressee> {
        Some(Addressee {
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
        None => Err(object(&Fault {
            code: "no_web_crypto".to_owned(),
            message: "signing needs `crypto.subtle`, which pages have only over https or on \
                      localhost"
                .to_owned(),
        })),
    }
}

/// The submission: what was signed with its ES256 signature of 64 bytes,
/// `r ‖ s`; `undefined` for a signature of another length.
#[wasm_bindgen(js_name = attach)]
pub fn attach_signature(signing_input: &str, signature: &[u8]) -> Option<String> {
    let signature = signature.try_into().ok()?;
    Some(attach(signing_input, signature))
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
