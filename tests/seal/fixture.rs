//! A small policy, a borrower's device, and a submission between them.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use prequal::loan::Repayment;
use prequal::policy::{
    Blank, Body, Feature, Grade, Group, Id, Kind, Limit, Node, Precision, Price, Product, Program,
    Question, Rule, Source, Stage,
};
use prequal::seal::{
    Challenge, ChallengeKey, ChallengeKeys, Disclosure, Draft, Expected, Opened, PublicKey,
    Rejection, attach, open, seal,
};
use prequal::{Answer, Answers, Currency, Date, Digest, Json, Money, Policy, Request};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    UnparsedPublicKey,
};

pub(crate) const LENDER: &str = "https://lender.example";
pub(crate) const PARTNER: &str = "pk_test_demo";
pub(crate) const COMMITMENTS: u16 = 8;
/// 2026-11-22T12:00:00Z.
pub(crate) const NOW: i64 = 1_795_348_800;

/// Income and housing in, one product out: at most 20 000 yuan, 12 % a year,
/// nothing below 1 000 yuan of income, a person looks at lodgers.
pub(crate) fn body(version: &str) -> Body {
    let id = |text: &str| Id::try_from(text.to_owned()).unwrap();
    let question = |name: &str, kind: Kind, high: i64| Question {
        id: id(name),
        kind,
        low: 0,
        high,
        step: 1,
        unit: None,
        blank: Blank::Refused,
        asked: None,
        source: Source::Borrower,
    };
    let housing = Kind::Choice(vec![id("own"), id("rent"), id("lodge")]);
    Body {
        id: id("small"),
        version: id(version),
        stage: Stage::PreScreen,
        currency: currency("CNY"),
        utc_offset: 480,
        commitments: COMMITMENTS,
        languages: vec![],
        questions: vec![
            question("income", Kind::Money, 10_000_000),
            question("housing", housing.clone(), 2),
            question("student", Kind::Boolean, 1),
        ],
        lists: vec![],
        groups: vec![Group {
            id: id("about"),
            questions: vec![0, 1, 2],
            asked: None,
            opener: None,
        }],
        derive: Program {
            nodes: vec![Node::Input(0), Node::Input(1)],
        },
        features: vec![
            Feature {
                id: id("income"),
                kind: Kind::Money,
                node: 0,
                precision: Precision::Floor(10_000),
            },
            Feature {
                id: id("housing"),
                kind: housing,
                node: 1,
                precision: Precision::Exact,
            },
        ],
        decide: Program {
            nodes: vec![
                Node::Input(0),
                Node::Const(120_000),
                Node::Const(100_000),
                Node::Lt(0, 2),
                Node::Input(1),
                Node::Const(2),
                Node::Eq(4, 5),
            ],
        },
        tables: vec![],
        knockouts: vec![Rule {
            id: id("low"),
            when: 3,
            reason: 0,
        }],
        reviews: vec![Rule {
            id: id("lodger"),
            when: 6,
            reason: 1,
        }],
        alerts: vec![],
        cards: vec![],
        grades: vec![Grade {
            id: id("A"),
            at_least: None,
        }],
        quote_grade: 0,
        limit: Limit {
            affordability: vec![0],
            caps: vec![],
            step: Money::new(10_000),
            reason: 2,
        },
        products: vec![Product {
            id: id("p-12"),
            repayment: Repayment::LEVEL,
            fees: vec![],
            terms: vec![6, 12],
            minimum: Money::new(50_000),
            maximum: Money::new(2_000_000),
            rate: 1,
            when: None,
            suits: None,
        }],
        discounts: vec![],
        price: Price::default(),
        reasons: vec![id("INCOME"), id("HOUSING"), id("LIMIT_TOO_LOW")],
    }
}

pub(crate) fn policy(version: &str) -> Policy {
    Policy::decode(&body(version).encode()).unwrap()
}

pub(crate) fn currency(code: &str) -> Currency {
    Currency::try_from(code.to_owned()).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A key that signs.
pub(crate) struct Device {
    pair: EcdsaKeyPair,
    pub(crate) key: PublicKey,
}

impl Device {
    pub(crate) fn new() -> Device {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap();
        let [x, y] = [1..33, 33..65]
            .map(|part| Base64UrlUnpadded::encode_string(&pair.public_key().as_ref()[part]));
        let key = PublicKey::from_coordinates(&x, &y).unwrap();
        Device { pair, key }
    }

    pub(crate) fn sign(&self, signing_input: &str) -> String {
        let signature = self
            .pair
            .sign(&SystemRandom::new(), signing_input.as_bytes())
            .unwrap();
        attach(signing_input, signature.as_ref().try_into().unwrap())
    }

    /// A token with this header and payload, whatever they are, well signed.
    pub(crate) fn forge(&self, header: &str, payload: &str) -> String {
        let [header, payload] =
            [header, payload].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
        self.sign(&format!("{header}.{payload}"))
    }
}

pub(crate) fn es256(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.to_sec1());
    key.verify(message, signature).is_ok()
}

/// The server's side: keys, a policy, and the challenge that it issued.
pub(crate) struct Server {
    pub(crate) keys: ChallengeKeys,
    pub(crate) policy: Policy,
    pub(crate) terms: Challenge,
    pub(crate) challenge: String,
}

impl Server {
    pub(crate) fn new() -> Server {
        let keys = ChallengeKeys {
            current: ChallengeKey::new(1, [42; 32]),
            previous: None,
        };
        let policy = policy("1");
        let terms = Challenge {
            expires_at: NOW + 300,
            nonce: [7; 16],
            policy: policy.hash(),
            as_of: day("2026-11-22"),
            partner: PARTNER.to_owned(),
            amount: Some((Money::new(299_900), currency("CNY"))),
        };
        let challenge = keys.issue(&terms).unwrap();
        Server {
            keys,
            policy,
            terms,
            challenge,
        }
    }

    pub(crate) fn expected(&self) -> Expected<'_> {
        Expected {
            audience: LENDER,
            partner: PARTNER,
            challenge: Some(&self.challenge),
            terms: Some(&self.terms),
        }
    }

    pub(crate) fn open(&self, token: impl AsRef<[u8]>) -> Result<Opened, Rejection> {
        open(token.as_ref(), &self.expected(), &[&self.policy], &es256)
    }

    pub(crate) fn rejects(&self, token: impl AsRef<[u8]>) -> Rejection {
        self.open(token).unwrap_err()
    }
}

/// What a borrower answers and asks for.
#[derive(Clone)]
pub(crate) struct Borrower {
    pub(crate) income: i64,
    pub(crate) housing: &'static str,
    pub(crate) student: bool,
    pub(crate) amount: i64,
    pub(crate) as_of: Date,
}

impl Borrower {
    pub(crate) fn new() -> Borrower {
        Borrower {
            income: 835_050,
            housing: "rent",
            student: false,
            amount: 299_900,
            as_of: day("2026-11-22"),
        }
    }

    pub(crate) fn answers(&self) -> Answers {
        [
            ("income", Answer::from(self.income)),
            ("housing", Answer::from(self.housing)),
            ("student", Answer::from(self.student)),
        ]
        .into()
    }

    pub(crate) fn request(&self) -> Request {
        Request {
            product: "p-12".to_owned(),
            amount: Money::new(self.amount),
            term: 12,
        }
    }

    /// A submission for this server, and what opens its commitments.
    pub(crate) fn submit(&self, server: &Server, device: &Device) -> (String, Vec<Disclosure>) {
        let policy = &server.policy;
        let answers = self.answers();
        let summary = policy
            .summarise(&answers, &self.request(), self.as_of)
            .unwrap();
        let decision = policy.assess(&summary).decision;
        let draft = Draft {
            policy,
            summary: &summary,
            decision: &decision,
            answers: &answers,
            audience: LENDER,
            partner: PARTNER,
            challenge: &server.challenge,
            key: &device.key,
        };
        let sealed = seal(&draft, &mut counting()).unwrap();
        (device.sign(&sealed.signing_input), sealed.disclosures)
    }
}

/// Salts that are distinct and the same in every run.
pub(crate) fn counting() -> impl FnMut() -> [u8; 16] {
    let mut next = 0u64;
    move || {
        next += 1;
        let digest = Digest::of(&next.to_be_bytes());
        digest.as_bytes()[..16].try_into().unwrap()
    }
}

/// Header and payload of a token.
pub(crate) fn parts(token: &str) -> (String, String) {
    let text =
        |part: &str| String::from_utf8(Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap();
    let mut parts = token.split('.');
    (text(parts.next().unwrap()), text(parts.next().unwrap()))
}

/// A payload with one member set or, by `None`, taken away.
pub(crate) fn with(payload: &str, name: &str, value: Option<Json>) -> String {
    let json = Json::parse_canonical(payload).unwrap();
    let kept = json
        .as_object()
        .unwrap()
        .iter()
        .filter(|(member, _)| *member != name);
    let members: Vec<(String, Json)> = kept
        .map(|(member, value)| (member.clone(), value.clone()))
        .chain(value.map(|value| (name.to_owned(), value)))
        .collect();
    Json::object(members).to_canonical()
}
