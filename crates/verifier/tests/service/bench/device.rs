//! A borrower's device: its key, and what it sends.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use prequal::seal::{Draft, PublicKey, attach, seal};
use prequal::{Answer, Answers, Date, Decision, Money, Policy, Request};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::LENDER;

pub struct Device {
    pair: EcdsaKeyPair,
    key: PublicKey,
    random: SystemRandom,
}

/// What a device sends, with everything that a test may want to be wrong.
#[derive(Clone)]
pub struct Sending {
    pub policy: Policy,
    pub challenge: String,
    pub as_of: Date,
    pub income: i64,
    pub amount: i64,
    pub partner: String,
    pub audience: String,
    /// Shown in the place of the true outcome.
    pub shown: Option<Decision>,
}

impl Sending {
    /// An honest answer to a challenge that the service issued.
    pub fn to(challenge: &Value, policy: &Policy) -> Sending {
        let text = |name: &str| challenge[name].as_str().expect(name).to_owned();
        Sending {
            policy: policy.clone(),
            challenge: text("challenge"),
            as_of: text("as_of").parse().expect("a date"),
            income: 8_350_00,
            amount: 2_999_00,
            partner: "pk_test_demo".to_owned(),
            audience: LENDER.to_owned(),
            shown: None,
        }
    }

    /// What the policy yields.
    pub fn decision(&self) -> Decision {
        let request = Request {
            product: "p-12".to_owned(),
            amount: Money::new(self.amount),
            term: 12,
        };
        let answers: Answers = [("income", Answer::from(self.income))].into();
        let summary = self
            .policy
            .summarise(&answers, &request, self.as_of)
            .expect("a summary");
        self.policy.assess(&summary).decision
    }
}

impl Device {
    pub fn new() -> Device {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let secret = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, secret.as_ref(), &random).expect("a key");
        let point = pair.public_key().as_ref();
        let [x, y] = [&point[1..33], &point[33..]].map(Base64UrlUnpadded::encode_string);
        let key = PublicKey::from_coordinates(&x, &y).expect("a key");
        Device { pair, key, random }
    }

    pub fn token(&self, sending: &Sending) -> String {
        self.signed(&self.signing_input(sending))
    }

    /// The token of a payload that the core would not make: `from` replaced.
    pub fn altered(&self, sending: &Sending, from: &str, to: &str) -> String {
        let input = self.signing_input(sending);
        let (header, payload) = input.split_once('.').expect("two parts");
        let payload = Base64UrlUnpadded::decode_vec(payload).expect("base64url");
        let payload = String::from_utf8(payload).expect("text");
        let altered = payload.replacen(from, to, 1);
        assert_ne!(altered, payload, "`{from}` is not in the payload");
        self.signed(&format!(
            "{header}.{}",
            Base64UrlUnpadded::encode_string(altered.as_bytes())
        ))
    }

    /// The body of `POST /v1/submissions`.
    pub fn body(&self, sending: &Sending) -> String {
        envelope(sending, &self.token(sending))
    }

    fn signing_input(&self, sending: &Sending) -> String {
        let request = Request {
            product: "p-12".to_owned(),
            amount: Money::new(sending.amount),
            term: 12,
        };
        let answers: Answers = [("income", Answer::from(sending.income))].into();
        let policy = &sending.policy;
        let summary = policy
            .summarise(&answers, &request, sending.as_of)
            .expect("a summary");
        let decision = sending
            .shown
            .clone()
            .unwrap_or_else(|| policy.assess(&summary).decision);
        let draft = Draft {
            policy,
            summary: &summary,
            decision: &decision,
            answers: &answers,
            audience: &sending.audience,
            partner: &sending.partner,
            challenge: &sending.challenge,
            key: &self.key,
        };
        let mut salts = || {
            let mut salt = [0; 16];
            getrandom::fill(&mut salt).expect("random");
            salt
        };
        seal(&draft, &mut salts).expect("sealed").signing_input
    }

    fn signed(&self, input: &str) -> String {
        let signature = self
            .pair
            .sign(&self.random, input.as_bytes())
            .expect("signed");
        attach(input, signature.as_ref().try_into().expect("64 bytes"))
    }
}

/// The body of `POST /v1/submissions` around a token.
pub fn envelope(sending: &Sending, token: &str) -> String {
    json!({
        "challenge": sending.challenge,
        "partner": sending.partner,
        "submission": token,
    })
    .to_string()
}
