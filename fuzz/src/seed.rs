//! Inputs to begin from, and what they are held against.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use prequal::seal::{Challenge, ChallengeKey, ChallengeKeys, Draft, PublicKey, attach, seal};
use prequal::{Answers, Currency, Date, Digest, Money, Policy, Request, Summary};
use prequal_compiler::{Sources, compile_sources};
use prequal_sample::Applicants;

use crate::MAX_INPUT;

/// The lender's origin in submissions.
pub(crate) const AUDIENCE: &str = "https://lender.example";

/// The partner in submissions.
pub(crate) const PARTNER: &str = "pk_test_demo";

/// The table of the small policy.
pub(crate) const SMALL_TABLE: &str = "kind,age,=rate\n-,-,0.1\n";

static LOADED: LazyLock<Policy> = LazyLock::new(|| {
    let compiled = compile_sources(&base()).expect("the base policy compiles");
    compiled.loaded
});

/// The compiler's test policy, loaded.
pub(crate) fn loaded() -> &'static Policy {
    &LOADED
}

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The compiler's test policy.
pub(crate) fn base() -> Sources {
    static BASE: LazyLock<Sources> = LazyLock::new(|| {
        let folder = checkout().join("crates/compiler/tests/base");
        Sources::read(&folder).expect("the base policy")
    });
    BASE.clone()
}

/// A policy of one question of each kind and no texts, to which a formula can
/// be added.
pub(crate) fn small() -> String {
    include_str!("seed/small.toml").to_owned()
}

/// A text as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Files in one text, each after a line `== path`.
fn bundled(sources: &Sources) -> String {
    let mut text = String::new();
    for path in sources.paths() {
        text.push_str(&format!("== {path}\n"));
        text.push_str(sources.get(path).unwrap_or_default());
    }
    text
}

/// The files of such a text.
pub(crate) fn unbundled(text: &str) -> Sources {
    let mut sources = Sources::default();
    let mut path = "policy.toml";
    let mut file = String::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("== ") {
            Some(next) => {
                sources.insert(path, std::mem::take(&mut file));
                path = next.trim_end();
            }
            None => file.push_str(line),
        }
    }
    sources.insert(path, file);
    sources
}

/// The sources of the test policy and of every policy in the checkout.
fn all_sources() -> Vec<Sources> {
    let mut all = vec![base()];
    let policies = checkout().join("policies");
    let folders = prequal_compiler::policy_folders(&policies).expect("the policies");
    all.extend(
        folders
            .iter()
            .map(|folder| Sources::read(folder).expect("a policy's files")),
    );
    all
}

pub(crate) fn policies() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = all_sources()
        .iter()
        .map(|sources| bundled(sources).into_bytes())
        .collect();
    all.retain(|input| input.len() <= MAX_INPUT);
    all
}

/// The formulas of every policy: whatever stands after these keys.
pub(crate) fn formulas() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for sources in all_sources() {
        let policy = sources.get("policy.toml").unwrap_or_default();
        for line in policy.lines() {
            let formula = line
                .strip_prefix("formula = ")
                .or_else(|| line.strip_prefix("when = "));
            if let Some(formula) = formula {
                all.push(formula.trim_matches(['"', '\'']).as_bytes().to_vec());
            }
        }
    }
    all.extend(SPELLED.iter().map(|formula| formula.as_bytes().to_vec()));
    all
}

/// Formulas over the small policy that reach every part of the language.
const SPELLED: [&str; 12] = [
    "if age >= 18 and not flag then income * 35% else 0",
    "kind in (\"own\", \"rent\") or age in [18..25)",
    "round(income / 3, 1_00) + max(income, 2_000_00) - abs(-income)",
    "debts / income else 0.5",
    "years(birth, as_of) * 2 + months(birth, \"2026-11-22\")",
    "is_missing(grade_then) or (grade_then else 3) > 2",
    "spread(income, debts, 1_000_00) < 0.2",
    "birth + \"18 months\" < as_of",
    "month(as_of) in (3, 4, 5) and year(as_of) > 2025",
    "pmt(income, 0.12, 12) / income else 1",
    "mean(income, debts) > coefficient_of_variation(income, debts) * 1_00",
    "sum(p in pledges, p.value * 0.7) + (max(p in pledges, p.value) else 0)",
];

pub(crate) fn cells() -> Vec<Vec<u8>> {
    let spelled = [
        "-\n0.1",
        "missing\n10%",
        "12\n0.5",
        "\"own\", \"rent\"\n1",
        "< 5\n0.2",
        ">= 25\n-0.1",
        "[18..25)\n0.35",
        "(18..25], 30, missing\n0",
        "true\n1.5",
        "\"2026-11-22\"\n2",
        "unseen\n0",
        "\"18 months\"\n0",
        "3.75\n\"own\"",
    ];
    spelled.map(|cell| cell.as_bytes().to_vec()).into()
}

pub(crate) fn texts() -> Vec<Vec<u8>> {
    let base = base();
    base.get("texts/en.toml")
        .map(|text| text.into())
        .into_iter()
        .collect()
}

pub(crate) fn compiled() -> Vec<Vec<u8>> {
    let bytes = |sources: &Sources| compile_sources(sources).ok().map(|c| c.policy);
    let mut all: Vec<Vec<u8>> = all_sources().iter().filter_map(bytes).collect();
    all.retain(|input| input.len() <= MAX_INPUT);
    all
}

/// The day of every decision here.
pub(crate) fn day() -> Date {
    "2026-11-22".parse().expect("a day")
}

/// A request that the test policy takes.
pub(crate) fn request() -> Request {
    applicants()
        .next()
        .map(|applicant| applicant.request)
        .expect("an applicant")
}

fn applicants() -> impl Iterator<Item = prequal_sample::Applicant> {
    Applicants::new(loaded(), 1)
}

pub(crate) fn answers() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = applicants()
        .take(8)
        .map(|applicant| applicant.answers_json(loaded()).to_string().into_bytes())
        .collect();
    let list = r#"{"pledges":[{"kind":"home","value":1},{"value":null}],"n":-0.5e3,"t":true}"#;
    all.push(list.into());
    all
}

fn summed_up() -> Vec<(Answers, Summary)> {
    let policy = loaded();
    let each = |applicant: prequal_sample::Applicant| {
        let summary = applicant.summarise(policy).ok()?;
        Some((applicant.answers(policy), summary))
    };
    applicants().take(8).filter_map(each).collect()
}

pub(crate) fn summaries() -> Vec<Vec<u8>> {
    let all = summed_up().into_iter();
    all.map(|(_, summary)| summary.canonical().into_bytes())
        .collect()
}

fn challenge_text() -> (String, Challenge) {
    let keys = ChallengeKeys {
        current: ChallengeKey::new(1, [1; 32]),
        previous: None,
    };
    let challenge = Challenge {
        expires_at: 1_795_348_800,
        nonce: [7; 16],
        policy: Digest::of(b"policy"),
        as_of: day(),
        partner: PARTNER.to_owned(),
        amount: Currency::try_from("CNY".to_owned())
            .ok()
            .map(|currency| (Money::new(2_999_00), currency)),
    };
    let text = keys.issue(&challenge).expect("a challenge");
    (text, challenge)
}

pub(crate) fn challenges() -> Vec<Vec<u8>> {
    let (text, challenge) = challenge_text();
    let numbers = [challenge.expires_at, challenge.as_of.days(), 2_999_00];
    let mut fields: Vec<u8> = numbers.iter().flat_map(|n| n.to_be_bytes()).collect();
    fields.extend(b"CNYpk_test_demo");
    vec![text.into_bytes(), fields]
}

/// Signing inputs, signed by nobody: the target says what a signature is worth.
fn signing_inputs() -> Vec<String> {
    let zeros = "A".repeat(43);
    let key = PublicKey::from_coordinates(&zeros, &zeros).expect("32 bytes each");
    let (challenge, _) = challenge_text();
    let mut salt = 0_u8;
    let mut salts = || {
        salt = salt.wrapping_add(1);
        [salt; 16]
    };
    let each = |(answers, summary): (Answers, Summary)| {
        let decision = loaded().assess(&summary).decision;
        let draft = Draft {
            policy: loaded(),
            summary: &summary,
            decision: &decision,
            answers: &answers,
            audience: AUDIENCE,
            partner: PARTNER,
            challenge: &challenge,
            key: &key,
        };
        let sealed = seal(&draft, &mut salts).expect("a submission");
        sealed.signing_input
    };
    summed_up().into_iter().map(each).collect()
}

/// The header of a submission, as it is signed.
pub(crate) fn header() -> &'static str {
    static HEADER: LazyLock<String> = LazyLock::new(|| {
        let inputs = signing_inputs();
        let first = inputs.first().and_then(|input| input.split_once('.'));
        first.expect("a header").0.to_owned()
    });
    &HEADER
}

pub(crate) fn submissions() -> Vec<Vec<u8>> {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    let mut all = Vec::new();
    for input in signing_inputs() {
        let claims = input.split_once('.').map(|(_, claims)| claims);
        all.extend(claims.and_then(|claims| Base64UrlUnpadded::decode_vec(claims).ok()));
        all.push(attach(&input, &[7; 64]).into_bytes());
    }
    all
}
