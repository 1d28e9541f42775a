//! `prequal diff`: what changed in a policy, and whose outcome changes.

use std::fs;

use serde_json::{Value, json};

use crate::support::{BAD, NO, YES, base, copied, expect, expect_json, shown};

/// How many went from one eligibility to another.
fn moved(data: &Value, old: &str, new: &str) -> u64 {
    let cells = data["outcomes"]["eligibility"]
        .as_array()
        .expect("a matrix");
    let cell = cells
        .iter()
        .find(|cell| cell["old"] == old && cell["new"] == new);
    cell.map_or(0, |cell| cell["cases"].as_u64().expect("a number"))
}

#[test]
fn a_policy_is_the_same_as_itself() {
    let said = expect(
        YES,
        &["diff", shown(&base()), shown(&base()), "--cases", "300"],
    );
    assert!(said.contains("nothing that is written changed"), "{said}");
    assert!(said.contains("300 applicants, 0 outcomes change"), "{said}");
    for cases in ["0", "1000001"] {
        let base = base();
        expect(BAD, &["diff", shown(&base), shown(&base), "--cases", cases]);
    }
}

#[test]
fn a_stricter_rule_is_told_with_those_it_turns_away() {
    let strict = copied("income < 1_000_00", "income < 3_000_00");
    let base = base();
    let arguments = [
        "diff",
        shown(&base),
        shown(strict.path()),
        "--cases",
        "1500",
    ];
    let data = expect_json(NO, &arguments);
    assert_eq!(
        data["source"],
        json!([{
            "kind": "knock-out",
            "name": "poor",
            "how": "changed",
            "fields": [{ "field": "when", "old": "income < 1_000_00", "new": "income < 3_000_00" }],
        }])
    );
    let away = moved(&data, "eligible", "not_eligible") + moved(&data, "review", "not_eligible");
    assert!(away > 0);
    assert_eq!(moved(&data, "not_eligible", "eligible"), 0);
    let examples = data["outcomes"]["examples"].as_array().expect("a list");
    let example = examples
        .iter()
        .find(|example| example["change"] == "eligible -> not_eligible");
    let example = example.expect("an example");
    let income = example["application"]["answers"]["income"]
        .as_i64()
        .expect("an income");
    assert!((1_000_00..3_000_00).contains(&income), "{income}");
    assert_eq!(example["new"]["reasons"], json!(["POOR"]));
    // The same seed draws the same applicants.
    assert_eq!(expect(NO, &arguments), expect(NO, &arguments));
    let said = expect(NO, &arguments);
    assert!(
        said.contains("when: income < 1_000_00 -> income < 3_000_00"),
        "{said}"
    );
}

#[test]
fn limits_grades_and_rates_that_move_are_counted() {
    let halved = copied("0) * 0.5", "0) * 0.25");
    let data = expect_json(
        NO,
        &[
            "diff",
            shown(&base()),
            shown(halved.path()),
            "--cases",
            "1000",
        ],
    );
    let limit = &data["outcomes"]["limit"];
    assert_eq!(limit["up"]["cases"], 0);
    assert!(
        limit["down"]["median"].as_i64().expect("a number") < 0,
        "{limit}"
    );
    assert_eq!(data["outcomes"]["grades"], json!([]));

    let graded = copied("at_least = 100", "at_least = 90");
    let data = expect_json(
        NO,
        &[
            "diff",
            shown(&base()),
            shown(graded.path()),
            "--cases",
            "1000",
        ],
    );
    let grades = data["outcomes"]["grades"].as_array().expect("a list");
    assert_eq!(grades.len(), 1);
    assert_eq!(
        (&grades[0]["old"], &grades[0]["new"]),
        (&json!("B"), &json!("A"))
    );
    assert!(data["outcomes"]["rate"]["down"]["cases"].as_u64() > Some(0));
    assert_eq!(
        data["source"][0]["fields"][0],
        json!({ "field": "at least", "old": "100", "new": "90" })
    );
}

#[test]
fn points_rows_and_texts_that_change_are_told() {
    let folder = copied("id = \"base\"", "id = \"base\"");
    for (file, old, new) in [
        (
            "tables/card.csv",
            "months,missing,15,SHORT",
            "months,missing,5,SHORT",
        ),
        (
            "tables/rate.csv",
            "\"\"\"B\"\"\",6,0.12",
            "\"\"\"B\"\"\",6,0.13",
        ),
        ("texts/en.toml", "income too low", "you earn too little"),
    ] {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("a table");
        assert!(text.contains(old), "{file}");
        fs::write(&path, text.replace(old, new)).expect("written");
    }
    let said = expect(
        NO,
        &[
            "diff",
            shown(&base()),
            shown(folder.path()),
            "--cases",
            "500",
        ],
    );
    for line in [
        "changed  characteristic months\n           missing: 15 points, SHORT -> 5 points, SHORT\n",
        "changed  texts en\n           reason.POOR.text: income too low -> you earn too little\n",
        "           - \"\"\"B\"\"\",6,0.12\n           + \"\"\"B\"\"\",6,0.13\n",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

/// Answers to what both ask are carried over; a new question that has to be answered is told as such.
#[test]
fn a_sample_is_carried_over_to_other_questions() {
    let more = copied(
        "[question.income]",
        "[question.children]\nkind = \"integer\"\nrange = [0, 12]\n\n[question.income]",
    );
    let path = more.path().join("policy.toml");
    let policy = fs::read_to_string(&path).expect("a policy");
    let policy = policy
        .replace("\"income\", \"debts\"]", "\"income\", \"debts\", \"children\"]")
        .replace("[feature.car]", "[feature.children]\nbands = [3]\n\n[feature.car]")
        .replace("[[review]]", "[[review]]\nid = \"many\"\nwhen = \"children >= 3\"\nreason = \"INDEBTED\"\n\n[[review]]");
    fs::write(&path, policy).expect("written");
    let path = more.path().join("texts/en.toml");
    let texts = fs::read_to_string(&path).expect("texts");
    let texts = format!(
        "{texts}\n[question.children]\nlabel = \"Children\"\n[feature.children]\nlabel = \"Children\"\n"
    );
    fs::write(&path, texts).expect("written");

    let drawn = expect_json(
        NO,
        &["diff", shown(&base()), shown(more.path()), "--cases", "600"],
    );
    let added: Vec<&Value> = drawn["source"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|change| change["how"] == "added")
        .map(|change| &change["name"])
        .collect();
    assert_eq!(added, ["children", "children", "many"]);
    assert_eq!(moved(&drawn, "eligible", "answers refused"), 0);
    assert!(moved(&drawn, "eligible", "review") > 0);

    let sample = more.path().join("sample.jsonl");
    let line = |income: i64| {
        json!({
            "answers": { "age": 40, "housing": "own", "car": true, "income": income, "debts": 0 },
            "request": { "product": "loan", "amount": 100_000, "term": 6 },
            "as_of": "2026-11-22",
        })
        .to_string()
    };
    fs::write(&sample, format!("{}\n{}\n", line(1_000_000), line(0))).expect("written");
    let data = expect_json(
        NO,
        &["diff", shown(&base()), shown(more.path()), shown(&sample)],
    );
    assert_eq!(moved(&data, "eligible", "answers refused"), 1);
    assert_eq!(moved(&data, "not_eligible", "answers refused"), 1);
    let example = &data["outcomes"]["examples"][0];
    assert_eq!(example["new"]["refused"], json!(["`children`: missing"]));

    fs::write(&sample, "{}\n").expect("written");
    expect(
        BAD,
        &["diff", shown(&base()), shown(more.path()), shown(&sample)],
    );
}
