//! The binary: what each command says, and its exit code.

#![allow(
    clippy::expect_used,
    clippy::inconsistent_digit_grouping,
    clippy::indexing_slicing,
    reason = "a test; money is grouped as yuan and fen"
)]

mod support;

use std::fs;

use prequal::seal::{Draft, PublicKey, attach, seal};
use prequal::{Answers, Money, Policy, Request};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::Value;
use support::{BAD, NO, YES, base, copied, expect, expect_json, prequal, shown, text};

const ANSWERS: &str =
    r#"{"age": 40, "housing": "own", "months": 40, "car": true, "income": 1000050, "debts": 0}"#;

fn application(answers: &str) -> String {
    format!(
        r#"{{"answers": {answers}, "request": {{"product": "loan", "amount": 100000, "term": 6}}, "as_of": "2026-11-22"}}"#
    )
}

#[test]
fn check_tells_what_a_summary_reveals() {
    let base = base();
    let said = expect(YES, &["check", shown(&base)]);
    assert!(
        said.contains("income") && said.contains("conservative") && said.contains("bits in all"),
        "{said}"
    );
    let data = expect_json(YES, &["check", shown(&base)]);
    let income = &data[0]["report"]["features"][4];
    assert_eq!(
        (&income["id"], &income["tier"], &income["cells"]),
        (&"income".into(), &"conservative".into(), &1001.into())
    );
    assert_eq!(data[0]["diagnostics"], Value::Array(vec![]));
}

#[test]
fn check_of_a_wrong_policy_says_where_and_is_no() {
    let wrong = copied("ceil = 100_00", "ciel = 100_00");
    let output = prequal(&["check", shown(wrong.path())]);
    assert_eq!(output.status.code(), Some(NO));
    let said = text(&output.stderr);
    assert!(
        said.contains("policy.toml:53:1") && said.contains("did you mean `ceil`?"),
        "{said}"
    );
    // What is said of a folder stands apart from its errors, and from the next one.
    assert!(said.ends_with("`ceil`?\n\n"), "{said}");
    let both = prequal(&["check", shown(wrong.path()), shown(&base())]);
    let both = text(&both.stdout);
    assert!(both.contains(": does not compile\n\n"), "{both}");
    let data = expect_json(NO, &["check", shown(wrong.path()), shown(&base())]);
    assert_eq!(data[0]["ok"], false);
    assert_eq!(data[1]["ok"], true);
    let unknown = data[0]["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|d| d["code"] == "unknown_key")
        .expect("it");
    assert_eq!(
        (&unknown["file"], &unknown["line"], &unknown["column"]),
        (&"policy.toml".into(), &53.into(), &1.into())
    );
}

#[test]
fn bad_use_is_2_and_help_has_an_example() {
    expect(BAD, &["check"]);
    expect(BAD, &["build", shown(&base())]);
    expect(BAD, &["frobnicate"]);
    expect(BAD, &["check", "no/such/folder"]);
    expect(BAD, &["assess", "no/such.policy", "-"]);
    for command in [
        "check", "build", "test", "assess", "eval", "explain", "diff", "verify", "serve",
    ] {
        let help = expect(YES, &[command, "--help"]);
        assert!(
            help.contains(&format!("Example: prequal {command} ")),
            "{help}"
        );
        assert!(help.contains("--json"), "{help}");
    }
}

#[test]
fn build_writes_what_the_engine_loads_the_same_every_time() {
    let (one, two) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let data = expect_json(YES, &["build", shown(&base()), "--out", shown(one.path())]);
    expect(
        YES,
        &[
            "build",
            shown(&base()),
            "--out",
            shown(&two.path().join("new")),
        ],
    );
    let bytes = fs::read(one.path().join("base.policy")).expect("written");
    assert_eq!(
        bytes,
        fs::read(two.path().join("new/base.policy")).expect("written")
    );
    let policy = Policy::decode(&bytes).expect("it loads");
    assert_eq!(data[0]["hash"], policy.hash().to_string());
    let texts = fs::read(one.path().join("base.en.json")).expect("written");
    assert_eq!(policy.body().languages[0].hash, prequal::Digest::of(&texts));
    let texts: Value = serde_json::from_slice(&texts).expect("JSON");
    assert_eq!(texts["option.housing.own"], "Own");

    expect(
        BAD,
        &[
            "build",
            shown(&base()),
            shown(&base()),
            "--out",
            shown(one.path()),
        ],
    );
    let wrong = copied("kind = \"boolean\"", "kind = \"bolean\"");
    expect(
        NO,
        &["build", shown(wrong.path()), "--out", shown(one.path())],
    );
}

#[test]
fn a_case_that_differs_is_told_member_by_member() {
    let folder = copied("id = \"base\"", "id = \"base\"");
    let path = folder.path().join("cases/one.toml");
    let case = |expected: &str| {
        format!(
            "name = \"one\"\nas_of = \"2026-11-22\"\nrequest = {{ product = \"loan\", amount = 1_000_00, term = 6 }}\n\
             [answers]\nage = 40\nhousing = \"own\"\nmonths = 40\ncar = true\nincome = 10_000_50\ndebts = 0\n[expect]\n{expected}"
        )
    };
    let right = "eligibility = \"eligible\"\nscore = 100\ngrade = \"A\"\nlimit = 20_000_00\nfeatures = { age = 35, income = 10_000_00, car = true }\n\
                 [[expect.offer]]\nproduct = \"loan\"\nterm = 6\nannual_rate = 0.1\namount = 1_000_00\n";
    fs::write(&path, case(right)).expect("written");
    let said = expect(YES, &["test", shown(folder.path())]);
    assert!(said.contains("1 cases, 0 failed"), "{said}");

    fs::write(
        &path,
        case(
            &right
                .replace("score = 100", "score = 99")
                .replace("annual_rate = 0.1", "annual_rate = 0.2"),
        ),
    )
    .expect("written");
    let data = expect_json(NO, &["test", shown(folder.path())]);
    let differences = &data[0]["cases"][0]["differences"];
    assert_eq!(differences[0], "score: expected 99, got 100");
    assert_eq!(
        differences[1],
        "offer loan for 6 months: annual_rate: expected 200000, got 100000"
    );

    fs::write(&path, case("scorr = 1\n")).expect("written");
    expect(BAD, &["test", shown(folder.path())]);
    fs::remove_file(&path).expect("removed");
    expect(BAD, &["test", shown(folder.path())]);
}

#[test]
fn assess_decides_and_says_no_by_its_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answers.json");
    let base = base();
    let assess = ["assess", shown(&base), shown(&path)];

    fs::write(&path, application(ANSWERS)).expect("written");
    let said = expect(YES, &assess);
    assert!(
        said.contains("result    eligible") && said.contains("limit     20000.00 CNY"),
        "{said}"
    );
    let data = expect_json(YES, &assess);
    assert_eq!(data["summary"]["features"]["income"], 1_000_000);
    assert_eq!(data["decision"]["limit"]["amount"], 2_000_000);

    fs::write(
        &path,
        application(&ANSWERS.replace("\"age\": 40", "\"age\": 17")),
    )
    .expect("written");
    let data = expect_json(NO, &assess);
    assert_eq!(data["decision"]["reasons"][0], "TOO_YOUNG");

    fs::write(
        &path,
        application(
            &ANSWERS
                .replace("\"age\": 40", "\"age\": 4")
                .replace("\"own\"", "\"boat\""),
        ),
    )
    .expect("written");
    let data = expect_json(BAD, &assess);
    assert_eq!(data["status"], "invalid");
    assert_eq!(
        (&data["errors"][0]["code"], &data["errors"][1]["code"]),
        (&"too_small".into(), &"unknown_option".into())
    );

    fs::write(&path, "{\"answers\": 1}").expect("written");
    expect(BAD, &assess);
}

#[test]
fn verify_opens_what_holds_and_refuses_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    expect(
        YES,
        &["build", shown(&base()), "--out", shown(folder.path())],
    );
    let policy_path = folder.path().join("base.policy");
    let policy = Policy::decode(&fs::read(&policy_path).expect("built")).expect("it loads");
    let token = token(&policy);
    let path = folder.path().join("submission.jws");
    let verify = |partner: &'static str| {
        let (policy, path) = (shown(&policy_path).to_owned(), shown(&path).to_owned());
        [
            "verify".to_owned(),
            policy,
            path,
            "--audience".to_owned(),
            "https://lender.example".to_owned(),
            "--partner".to_owned(),
            partner.to_owned(),
        ]
    };
    let run = |code: i32, partner: &'static str| {
        let arguments = verify(partner);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        expect_json(code, &arguments)
    };
    fs::write(&path, format!("{token}\n")).expect("written");
    let data = run(YES, "pk_test_demo");
    assert_eq!(
        (&data["status"], &data["decision"]["eligibility"]),
        (&"accepted".into(), &"eligible".into())
    );
    assert_eq!(run(NO, "someone")["code"], "partner_mismatch");
    let (signed, _) = token.rsplit_once('.').expect("a signature");
    fs::write(&path, attach(signed, &[7; 64])).expect("written");
    assert_eq!(run(NO, "pk_test_demo")["code"], "bad_signature");
}

/// What a device with a fresh key sends for an applicant.
fn token(policy: &Policy) -> String {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("the key");
    let point = pair.public_key().as_ref();
    let [x, y] = [1..33, 33..65].map(|range| base64url(&point[range]));
    let key = PublicKey::from_coordinates(&x, &y).expect("coordinates");
    let answers: Answers = serde_json::from_str(ANSWERS).expect("answers");
    let request = Request {
        product: "loan".to_owned(),
        amount: Money::new(1_000_00),
        term: 6,
    };
    let summary = policy
        .summarise(&answers, &request, "2026-11-22".parse().expect("a date"))
        .expect("right answers");
    let decision = policy.assess(&summary).decision;
    let draft = Draft {
        policy,
        summary: &summary,
        decision: &decision,
        answers: &answers,
        audience: "https://lender.example",
        partner: "pk_test_demo",
        challenge: "c",
        key: &key,
    };
    let mut count = 0_u8;
    let sealed = seal(&draft, &mut || {
        count += 1;
        [count; 16]
    });
    let signing_input = sealed.expect("sealed").signing_input;
    let signature = pair
        .sign(&random, signing_input.as_bytes())
        .expect("signed");
    attach(
        &signing_input,
        signature.as_ref().try_into().expect("64 bytes"),
    )
}

fn base64url(bytes: &[u8]) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    Base64UrlUnpadded::encode_string(bytes)
}

#[test]
fn fmt_writes_what_check_misses() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = folder.path().join("policy.toml");
    let tables = folder.path().join("tables");
    fs::create_dir(&tables).expect("a folder");
    fs::write(&policy, "[value.a] # why\nformula='b+1'\n").expect("written");
    fs::write(tables.join("t.csv"), "b , =a\n>=1, 2\n").expect("written");
    let path = shown(folder.path());

    let said = expect(NO, &["fmt", "--check", path]);
    assert_eq!(said.matches("is not formatted").count(), 2, "{said}");
    let listed = expect_json(NO, &["fmt", "--check", path]);
    assert_eq!(listed[0]["same"], false);

    expect(YES, &["fmt", path]);
    let now = fs::read_to_string(&policy).expect("a text");
    assert_eq!(now, "[value.a] # why\nformula = \"b + 1\"\n");
    let table = fs::read_to_string(tables.join("t.csv")).expect("a text");
    assert_eq!(table, "b,=a\n>= 1,2\n");
    // A guide beside the policies is passed over, as `check` does.
    let guide = folder.path().join("policy.toml");
    assert_eq!(expect(YES, &["fmt", "--check", path, shown(&guide)]), "");
    // Where nothing else is named, nothing was asked for.
    for command in ["check", "fmt", "test"] {
        expect(BAD, &[command, shown(&guide)]);
    }
}

#[test]
fn fmt_leaves_what_it_cannot_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = folder.path().join("policy.toml");
    let wrong = "[value.a]\nformula='b+'\n";
    fs::write(&policy, wrong).expect("written");
    let output = prequal(&["fmt", shown(folder.path())]);
    assert_eq!(output.status.code(), Some(NO));
    assert!(text(&output.stderr).contains("bad_formula"));
    assert_eq!(fs::read_to_string(&policy).expect("a text"), wrong);
    expect(BAD, &["fmt", shown(&folder.path().join("nothing"))]);
}

#[test]
fn schema_prints_one_for_each_kind_of_file() {
    for (kind, title) in [
        ("policy", "policy.toml"),
        ("catalogue", "catalogue.toml"),
        ("texts", "texts/<language>.toml"),
        ("case", "cases/*.toml"),
    ] {
        let said = expect(YES, &["schema", kind]);
        let schema: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(schema["title"], title);
    }
    assert_eq!(expect(YES, &["schema"]), expect(YES, &["schema", "policy"]));
}
