//! What the tests of the service stand on: a site, a small policy, a clock
//! that the test moves, and the service on them.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::inconsistent_digit_grouping,
    reason = "each test file uses its part of the bench; money is grouped as yuan and fen"
)]

pub mod device;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use prequal::loan::Repayment;
use prequal::policy::{
    self, Blank, Feature, Grade, Group, Id, Kind, Language, Limit, Node, Precision, Price, Product,
    Program, Question, Rule, Source, Stage,
};
use prequal::{Digest, Money, Policy};
use prequal_verifier::{Clock, Config, Limits, Registry, Service, StartError, Time};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// 2026-11-22T17:00:00Z: the next day already where the policy lives.
pub const NOW: i64 = 1_795_366_800;
pub const LENDER: &str = "http://127.0.0.1:8080";
pub const SHOP: &str = "http://127.0.0.1:8081";

/// A clock that stands until it is moved.
pub struct Hand(AtomicI64);

impl Hand {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

/// The folders of a service and its clock; they outlive restarts.
pub struct Bench {
    folder: TempDir,
    pub clock: Arc<Hand>,
    pub config: Config,
}

impl Bench {
    /// A site and the policy of version 1.
    pub fn new() -> Bench {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["site/assets", "policies"] {
            std::fs::create_dir_all(at(name)).expect("made");
        }
        let config = Config {
            site: at("site"),
            policies: at("policies"),
            data: at("data"),
            listen: "127.0.0.1:8080".parse().expect("an address"),
            shop: Some("127.0.0.1:8081".parse().expect("an address")),
            origin: LENDER.parse().expect("an origin"),
            partners: Registry::demo([SHOP.parse().expect("an origin")]),
            limits: Limits {
                body: Duration::from_millis(200),
                ..Limits::default()
            },
        };
        let script = "export const a = 1;\n".repeat(200);
        for (name, content) in [
            ("index.html", "<!doctype html><title>borrower</title>"),
            ("frame.html", "<!doctype html><title>frame</title>"),
            (
                "shop.html",
                "<!doctype html><script src=\"https://lender.example/prequal.js\"></script>",
            ),
            ("prequal.js", &script),
            ("icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("assets/app-1a2b3c.js", &script),
            ("assets/engine-4d5e6f.wasm", "\0asm\u{1}\0\0\0"),
            (".hidden", "not for anybody"),
        ] {
            std::fs::write(config.site.join(name), content).expect("written");
        }
        let bench = Bench {
            folder,
            clock: Arc::new(Hand(AtomicI64::new(NOW))),
            config,
        };
        bench.publish("1");
        bench
    }

    /// The folder of everything.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a version of the policy into the policies folder, in the place of
    /// the one before.
    pub fn publish(&self, version: &str) -> Digest {
        let texts = format!("{{\"policy.title\":\"version {version}\"}}");
        let bytes = policy(version, Digest::of(texts.as_bytes()));
        let folder = &self.config.policies;
        std::fs::write(folder.join("tiny.policy"), &bytes).expect("written");
        std::fs::write(folder.join("tiny.en.json"), texts).expect("written");
        Digest::of(&bytes)
    }

    /// The policy of this version, as a page would load it.
    pub fn policy(&self) -> Policy {
        let bytes = std::fs::read(self.config.policies.join("tiny.policy")).expect("read");
        Policy::decode(&bytes).expect("a policy")
    }

    pub async fn start(&self) -> Result<Service, StartError> {
        Service::open(&self.config, Arc::clone(&self.clock) as Arc<dyn Clock>).await
    }

    pub async fn service(&self) -> Service {
        self.start().await.expect("started")
    }
}

/// Income in, one product out: at most 20 000 yuan, six tenths of the income
/// to instalments, 12 % a year, nothing below 1 000 yuan of income.
pub fn policy(version: &str, texts: Digest) -> Vec<u8> {
    let id = |text: &str| Id::try_from(text.to_owned()).expect("a name");
    let body = policy::Body {
        id: id("tiny"),
        version: id(version),
        stage: Stage::PreScreen,
        currency: "CNY".to_owned().try_into().expect("a currency"),
        utc_offset: 8 * 60,
        commitments: 4,
        languages: vec![Language {
            tag: id("en"),
            hash: texts,
        }],
        questions: vec![Question {
            id: id("income"),
            kind: Kind::Money,
            low: 0,
            high: 10_000_000,
            step: 1,
            unit: None,
            blank: Blank::Refused,
            asked: None,
            source: Source::Borrower,
        }],
        lists: vec![],
        groups: vec![Group {
            id: id("about"),
            questions: vec![0],
            asked: None,
            opener: None,
        }],
        derive: Program {
            nodes: vec![Node::Input(0)],
        },
        features: vec![Feature {
            id: id("income"),
            kind: Kind::Money,
            node: 0,
            precision: Precision::Floor(100_00),
        }],
        decide: Program {
            nodes: vec![
                Node::Input(0),
                Node::Const(120_000),
                Node::Const(1_000_00),
                Node::Lt(0, 2),
            ],
        },
        tables: vec![],
        knockouts: vec![Rule {
            id: id("low"),
            when: 3,
            reason: 0,
        }],
        reviews: vec![],
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
            step: Money::new(100_00),
            reason: 1,
        },
        products: vec![Product {
            id: id("p-12"),
            repayment: Repayment::LEVEL,
            fees: vec![],
            terms: vec![6, 12],
            minimum: Money::new(500_00),
            maximum: Money::new(20_000_00),
            rate: 1,
            when: None,
            suits: None,
        }],
        discounts: vec![],
        price: Price::default(),
        reasons: vec![id("INCOME"), id("LIMIT_TOO_LOW")],
    };
    body.encode()
}

/// A response, read to its end.
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    /// The code of a refusal, after checking its form.
    pub fn code(&self) -> String {
        let json = self.json();
        let error = json["error"].as_object().expect("an error");
        let names: Vec<_> = error.keys().map(String::as_str).collect();
        assert_eq!(names, ["code", "message", "retry"]);
        assert!(error["retry"].is_boolean() && error["message"].is_string());
        error["code"].as_str().expect("a code").to_owned()
    }
}

pub async fn ask(router: &Router, request: Request<Body>) -> Answered {
    let response = router.clone().oneshot(request).await.expect("answered");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
    Answered {
        status: parts.status,
        headers: parts.headers,
        bytes,
    }
}

pub async fn get(router: &Router, path: &str) -> Answered {
    ask(
        router,
        Request::get(path).body(Body::empty()).expect("a request"),
    )
    .await
}

pub async fn post(router: &Router, path: &str, body: impl Into<Body>) -> Answered {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    ask(router, request.body(body.into()).expect("a request")).await
}

/// A fresh challenge for a policy, with no amount fixed.
pub async fn challenge(router: &Router, policy: &Policy) -> Value {
    let wish = json!({ "partner": "pk_test_demo", "policy": policy.hash().to_string() });
    let answered = post(router, "/v1/challenges", wish.to_string()).await;
    assert_eq!(answered.status, StatusCode::CREATED);
    answered.json()
}

pub async fn submit(router: &Router, body: &str) -> Answered {
    post(router, "/v1/submissions", body.to_owned()).await
}
