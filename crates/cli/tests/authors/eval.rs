//! `prequal eval`: values, and how they came about.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{BAD, YES, base, copied, expect, expect_json, shown};

/// Someone of 30 who rents, with an income of 3 456.78 of which 1 000.01 goes to debts.
fn applicant() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let application = json!({
        "answers": { "age": 30, "housing": "rent", "car": false, "income": 345_678, "debts": 100_001 },
        "request": { "product": "loan", "amount": 100_000, "term": 12 },
        "as_of": "2026-11-22",
    });
    fs::write(folder.path().join("answers.json"), application.to_string()).expect("written");
    folder
}

fn said(name: &str) -> String {
    let folder = applicant();
    let path = folder.path().join("answers.json");
    expect(YES, &["eval", shown(&base()), name, shown(&path)])
}

fn data(name: &str) -> Value {
    let folder = applicant();
    let path = folder.path().join("answers.json");
    expect_json(YES, &["eval", shown(&base()), name, shown(&path)])[0].clone()
}

#[test]
fn a_feature_is_shown_before_and_after_it_is_reduced() {
    assert_eq!(
        said("debt_ratio"),
        "feature debt_ratio = 0.289289, sent as 0.0, as is all up to 0.299999  [policy.toml:55]
  debts / income else 1.0 = 0.289289 (1000.01 CNY / 3456.78 CNY else 1.0)
    question debts = 1000.01 CNY  [policy.toml:33]
    question income = 3456.78 CNY  [policy.toml:29]
"
    );
}

#[test]
fn a_formula_has_its_numbers_put_in() {
    let told = data("affordability");
    // Half of 3 400.00 less 1 100.00: income rounded down, debts up.
    assert_eq!(told["value"], 115_000);
    let formula = &told["parts"][0];
    assert_eq!(formula["text"], "max(income - debts, 0) * 0.5");
    assert_eq!(formula["filled"], "max(3400.00 CNY - 1100.00 CNY, 0) * 0.5");
    let income = &formula["parts"][0]["parts"][0]["parts"][0];
    assert_eq!(
        (&income["text"], &income["value"]),
        (&json!("income"), &json!(340_000))
    );
    assert_eq!(income["notes"][0], "reduced from 3456.78 CNY");
}

#[test]
fn a_table_shows_the_row_and_the_cells_that_took_the_inputs_in() {
    let told = data("cap");
    let row = &told["parts"][0]["rows"][0];
    assert_eq!(
        (&row["file"], &row["line"]),
        (&json!("tables/cap.csv"), &json!(4))
    );
    assert_eq!(
        row["cells"][1],
        json!({ "column": "housing", "value": "\"other\"", "takes": "\"other\"" })
    );
    // The same by the table's own name.
    let table = data("minimum-age");
    assert_eq!(
        (&table["value"], &table["rows"][0]["line"]),
        (&json!(25), &json!(3))
    );
}

#[test]
fn a_score_is_the_sum_of_its_bins() {
    let told = data("score");
    let points: Vec<i64> = told["parts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|part| {
            let note = part["notes"][0].as_str().expect("points");
            let (points, _) = note.split_once(' ').expect("points");
            points.parse().expect("a number")
        })
        .collect();
    // 30 years, no answer about work, no car.
    assert_eq!(points, [30, 15, 20]);
    assert_eq!(told["value"], 65);
    assert_eq!(data("grade")["shown"], "B");
}

#[test]
fn rules_rates_and_offers_have_values_too() {
    assert!(
        said("too_young").contains("age < minimum_age = false (25 < 25)\n"),
        "{}",
        said("too_young")
    );
    assert_eq!(data("loan")["shown"], "0.15");
    let instalment = data("offer.loan.12.instalment");
    let growth = (0..12).fold(1.0_f64, |growth, _| growth * 1.0125);
    let level = 1_000.0 * 0.0125 / (1.0 - 1.0 / growth);
    assert_eq!(instalment["value"], (level * 100.0).round() as i64);
    let limit = data("limit");
    assert_eq!(limit["notes"][0], "bound by cap");
    let folder = applicant();
    let path = folder.path().join("answers.json");
    let other = expect_json(
        YES,
        &["eval", shown(&base()), "loan", shown(&path), "--term", "6"],
    );
    assert_eq!(other[0]["shown"], "0.12");
}

#[test]
fn what_is_not_there_is_answered_with_what_is() {
    let folder = applicant();
    let path = folder.path().join("answers.json");
    for (name, help) in [
        ("incme", "nothing called `incme`; did you mean `income`?"),
        ("scor", "nothing called `scor`; did you mean `score`?"),
        ("weather", "nothing called `weather`; it has age, housing"),
    ] {
        let output = crate::support::prequal(&["eval", shown(&base()), name, shown(&path)]);
        assert_eq!(output.status.code(), Some(BAD));
        let error = crate::support::text(&output.stderr);
        assert!(error.contains(help), "{error}");
    }
    expect(
        BAD,
        &["eval", shown(&base()), "age", shown(&path), "--term", "7"],
    );
}

/// Lists, conditions, what the lender supplies, tables before the waist.
#[test]
fn what_is_asked_of_some_is_told_as_such() {
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/asked");
    let folder = tempfile::tempdir().expect("a folder");
    let application = json!({
        "answers": {
            "trade": "shop", "open_for": 15, "staff": 3, "wages": 100_000, "income": 3_000_000,
            "pledges": [
                { "kind": "home", "value": 80_000_000, "lent_against": 10_000_000 },
                { "kind": "car", "value": 500_000 },
            ],
        },
        "supplied": { "days_late": 3 },
        "request": { "product": "loan", "amount": 100_000, "term": 12 },
        "as_of": "2026-11-22",
    });
    let path = folder.path().join("answers.json");
    fs::write(&path, application.to_string()).expect("written");
    let said = |name: &str| expect(YES, &["eval", shown(&policy), name, shown(&path)]);
    let free = said("free");
    let car = "(5000.00 CNY - (if \"car\" == \"home\"";
    let entry = free.lines().find(|line| line.contains(car));
    assert!(
        entry.is_some_and(|line| line.ends_with(", entry 2")),
        "{free}"
    );
    assert!(!free.contains("entry 3"), "{free}");
    let land = said("question.land");
    assert!(land.contains("= missing, it is not asked"), "{land}");
    assert!(
        land.contains("asked where trade == \"farm\" = false (\"shop\" == \"farm\")"),
        "{land}"
    );
    assert!(said("question.days_late").contains("= 3, supplied by the lender"));
    let margin = said("margin");
    assert!(
        margin.contains("row \"\"\"shop\"\"\",< 5,0.2  [tables/margin.csv:4]"),
        "{margin}"
    );
    assert!(margin.contains("staff 3 falls into up to 4"), "{margin}");
}

/// The base policy with a table that is collected and one that lists its rows.
fn collected() -> tempfile::TempDir {
    let folder = copied(
        "[value.minimum_age]",
        "[value.marks]\ntable = \"tables/marks.csv\"\nhit = \"rule_order\"\n\n\
         [value.extra]\ntable = \"tables/extra.csv\"\nhit = \"collect_sum\"\nkind = \"money\"\n\n\
         [value.minimum_age]",
    );
    let path = folder.path().join("policy.toml");
    let policy = fs::read_to_string(&path).expect("a policy");
    let rule = "[[review]]\nid = \"marked\"\nreason = \"INDEBTED\"\n\
        when = '\"new\" in marks or count(marks) >= 3 or extra >= 60_00'\n\n[[review]]";
    fs::write(&path, policy.replacen("[[review]]", rule, 1)).expect("written");
    for (file, rows) in [
        (
            "marks",
            "age,car,=mark\n< 25,-,\"\"\"young\"\"\"\n< 35,-,\"\"\"new\"\"\"\n-,false,\"\"\"walks\"\"\"\n",
        ),
        (
            "extra",
            "age,car,=points\n< 25,-,100_00\n< 35,-,50_00\n-,false,25_00\n",
        ),
    ] {
        let path = folder.path().join(format!("tables/{file}.csv"));
        fs::write(path, rows).expect("written");
    }
    folder
}

#[test]
fn all_rows_that_are_collected_are_shown() {
    let policy = collected();
    let applicant = applicant();
    let path = applicant.path().join("answers.json");
    let data = |name: &str| {
        expect_json(YES, &["eval", shown(policy.path()), name, shown(&path)])[0].clone()
    };
    // 30 years without a car: the second and the third row of each.
    let lines = |told: &Value| -> Vec<u64> {
        let rows = told["rows"].as_array().expect("rows");
        rows.iter()
            .map(|row| row["line"].as_u64().expect("a line"))
            .collect()
    };
    let extra = data("extra");
    assert_eq!(extra["value"], 75_00);
    assert_eq!(lines(&extra["parts"][0]), [3, 4]);
    let marks = data("marks");
    assert_eq!(
        (&marks["shown"], lines(&marks)),
        (&json!("a list of 2"), vec![3, 4])
    );
    assert_eq!(data("marked")["value"], true);
}

/// A formula that asks for one output has one row compiled; the value has all.
#[test]
fn a_list_is_told_whole_and_in_its_order() {
    let policy = collected();
    let path = policy.path().join("policy.toml");
    let source = fs::read_to_string(&path).expect("a policy");
    let asks = "'\"new\" in marks or count(marks) >= 3 or extra >= 60_00'";
    assert!(source.contains(asks));
    let applicant = applicant();
    let answers = applicant.path().join("answers.json");
    for (hit, outputs, lines) in [
        ("\"rule_order\"", ["new", "walks"], [3, 4]),
        (
            "\"output_order\"\norder = [\"walks\", \"young\", \"new\"]",
            ["walks", "new"],
            [4, 3],
        ),
    ] {
        let source = source.replace(asks, "'\"new\" in marks or extra >= 60_00'");
        let source = source.replacen("\"rule_order\"", hit, 1);
        fs::write(&path, source).expect("written");
        let arguments = ["eval", shown(policy.path()), "marks", shown(&answers)];
        let marks = &expect_json(YES, &arguments)[0];
        assert_eq!(marks["shown"], "a list of 2", "{hit}");
        assert_eq!(marks["value"], json!(outputs), "{hit}");
        let rows = marks["rows"].as_array().expect("rows");
        let found: Vec<_> = rows.iter().map(|row| row["line"].clone()).collect();
        assert_eq!(found, lines, "{hit}");
    }
}

/// A branch that is not taken has no value, whatever stands there for it.
#[test]
fn what_is_not_needed_has_no_figure() {
    let policy = copied(
        "formula = \"debts / income else 1.0\"",
        "formula = \"if car then 0.0 else (debts / income else 1.0)\"",
    );
    let folder = applicant();
    let path = folder.path().join("answers.json");
    let application = fs::read_to_string(&path).expect("an application");
    let application = application.replace("\"car\":false", "\"car\":true");
    fs::write(&path, application).expect("written");
    let arguments = ["eval", shown(policy.path()), "debt_ratio", shown(&path)];
    let told = expect(YES, &arguments);
    let line = "= 0.0 (if true then 0.0 else (debts / income else 1.0))\n";
    assert!(told.contains(line), "{told}");
    assert!(
        told.contains("debts / income else 1.0 = not needed\n"),
        "{told}"
    );
    assert!(!told.contains("question debts"), "{told}");
}
