//! What `prequal test` says of a policy's cases: what they reach, and what none does.

use std::fs;

use crate::support::{BAD, NO, YES, copied, expect, expect_json, shown};

/// A steady owner of 40 with an income of 10 000.50.
const CASE: &str = r#"name = "an owner"
as_of = "2026-11-22"
request = { product = "loan", amount = 1_000_00, term = 6 }

[answers]
age = 40
housing = "own"
months = 40
car = true
income = 10_000_50
debts = 0

[expect]
"#;

#[test]
fn what_no_case_reaches_is_told_with_its_line() {
    let folder = copied("id = \"base\"", "id = \"base\"");
    fs::write(folder.path().join("cases/one.toml"), CASE).expect("written");
    let said = expect(YES, &["test", shown(folder.path())]);
    let path = |file: &str| folder.path().join(file).display().to_string();
    // One of 3 ages, of 4 lengths of work, of 2 cars; a row of each table; grade A; the product.
    assert!(said.contains("bins 3 of 9"), "{said}");
    assert!(said.contains("rows 3 of 8"), "{said}");
    for line in [
        format!("knock-out  {}  too_young", path("policy.toml:63")),
        format!(
            "row        {}  \"\"\"B\"\"\",\"\"\"own\"\"\",10_000_00",
            path("tables/cap.csv:3")
        ),
        format!("bin        {}  age: < 25", path("tables/card.csv:2")),
        format!("grade      {}  B", path("policy.toml:88")),
    ] {
        assert!(
            said.contains(&format!("no case reaches  {line}\n")),
            "{line}\n{said}"
        );
    }
    assert!(!said.contains("months: >= 36"), "{said}");
}

#[test]
fn more_cases_reach_more() {
    let folder = copied("id = \"base\"", "id = \"base\"");
    fs::write(folder.path().join("cases/one.toml"), CASE).expect("written");
    let covered = || {
        let data = expect_json(YES, &["test", shown(folder.path())]);
        data[0]["coverage"].clone()
    };
    let before = covered();
    let young = CASE
        .replace("age = 40", "age = 17")
        .replace("\"own\"", "\"rent\"");
    fs::write(folder.path().join("cases/two.toml"), young).expect("written");
    let after = covered();
    let reached = |coverage: &serde_json::Value| coverage["reached"].as_u64().expect("a number");
    // The rule, and the row of the least age of who rents. A knock-out reaches neither bins nor rates.
    assert_eq!(reached(&after), reached(&before) + 2);
    assert_eq!(before["total"], after["total"]);
    let unreached = after["unreached"].as_array().expect("a list");
    assert!(
        unreached
            .iter()
            .any(|item| item["kind"] == "grade" && item["name"] == "B")
    );
    assert!(unreached.iter().all(|item| item["name"] != "too_young"));
}

#[test]
fn too_little_coverage_is_no() {
    let folder = copied("id = \"base\"", "id = \"base\"");
    fs::write(folder.path().join("cases/one.toml"), CASE).expect("written");
    expect(YES, &["test", shown(folder.path()), "--coverage", "20"]);
    expect(NO, &["test", shown(folder.path()), "--coverage", "99.9"]);
    for wrong in ["-1", "101", "NaN", "inf"] {
        let least = format!("--coverage={wrong}");
        expect(BAD, &["test", shown(folder.path()), &least]);
    }
}
