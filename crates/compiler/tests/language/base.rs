//! The policy that most tests change, and who answers it.

use std::path::{Path, PathBuf};

use prequal::{Answer, Answers, Date, Money, Policy, Request};
use prequal_compiler::{Sources, policy_folders};

/// A policy's folder among the tests.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// Where the shipped policies lie.
pub(crate) fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

/// The folders of the shipped policies.
pub(crate) fn shipped_policies() -> Vec<PathBuf> {
    policy_folders(&shipped()).expect("the policies")
}

/// The end of a policy that is about its figures: limit and product.
pub(crate) const LOAN: &str = r#"
[limit]
step = 100_00
reason = "TOO_LOW"

[[product]]
id = "loan"
plan = { kind = "equal_instalment" }
terms = [6, 12]
minimum = 500_00
maximum = 20_000_00
rate = 0.1
"#;

pub(crate) fn base() -> Sources {
    Sources::read(&folder("base")).expect("the base policy")
}

/// The base policy with its `policy.toml` changed.
pub(crate) fn changed(change: impl FnOnce(String) -> String) -> Sources {
    let mut sources = base();
    let policy = sources.get("policy.toml").expect("a policy").to_owned();
    sources.insert("policy.toml", change(policy));
    sources
}

/// Somebody with an answer to each question of the base policy.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) age: i64,
    pub(crate) housing: &'static str,
    pub(crate) months: Option<i64>,
    pub(crate) car: bool,
    pub(crate) income: i64,
    pub(crate) debts: i64,
}

impl Person {
    pub(crate) fn answers(&self) -> Answers {
        let mut answers: Answers = [
            ("age", Answer::from(self.age)),
            ("housing", self.housing.into()),
            ("car", self.car.into()),
            ("income", self.income.into()),
            ("debts", self.debts.into()),
        ]
        .into();
        if let Some(months) = self.months {
            answers.set("months", months);
        }
        answers
    }
}

/// A small loan over half a year, of a policy's first product.
pub(crate) fn request(policy: &Policy) -> Request {
    Request {
        product: policy.body().products[0].id.to_string(),
        amount: Money::new(1_000_00),
        term: 6,
    }
}

pub(crate) fn as_of() -> Date {
    "2026-11-22".parse().expect("a date")
}
