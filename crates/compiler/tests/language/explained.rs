//! What is known of a compiled policy's source.

use prequal_compiler::{Compiled, Part, Role, compile};

use crate::base::{folder, shipped_policies};

fn base() -> Compiled {
    compile(&folder("base")).expect("the base policy compiles")
}

/// A part's source, and its parts' in brackets.
fn outline(part: &Part) -> String {
    let parts: Vec<String> = part.parts.iter().map(outline).collect();
    match parts.as_slice() {
        [] => part.text.clone(),
        parts => format!("{} [{}]", part.text, parts.join(", ")),
    }
}

#[test]
fn formulas_are_told_part_by_part() {
    let compiled = base();
    let told = |role: Role, name: &str| {
        let mut found = compiled.explained.find(name);
        let named = found.find(|named| named.role == role).expect(name);
        let definition = named.definition.as_ref().expect(name);
        (
            outline(definition),
            format!("{}:{}", named.place.file, named.place.line),
        )
    };
    let (formula, place) = told(Role::Affordability, "affordability");
    assert_eq!(
        formula,
        "max(income - debts, 0) * 0.5 [max(income - debts, 0) [income - debts [income, debts]]]"
    );
    assert_eq!(place, "policy.toml:91");
    let (formula, place) = told(Role::Feature, "debt_ratio");
    assert_eq!(formula, "debts / income else 1.0 [debts, income]");
    assert_eq!(place, "policy.toml:55");
    assert_eq!(
        told(Role::Knockout, "too_young").0,
        "age < minimum_age [age, minimum_age]"
    );
    assert_eq!(
        told(Role::Value, "minimum_age").0,
        "\"tables/minimum-age.csv\" [housing]"
    );
    assert_eq!(
        told(Role::Rate, "loan").0,
        "\"tables/rate.csv\" [grade, term]"
    );
}

#[test]
fn rows_and_bins_have_their_lines() {
    let compiled = base();
    let cap = compiled
        .explained
        .tables
        .iter()
        .find(|table| table.file == "tables/cap.csv");
    let row = &cap.expect("a table").rows[1];
    assert_eq!(
        (row.place.line, row.text.as_str()),
        (3, "\"\"\"B\"\"\",\"\"\"own\"\"\",10_000_00")
    );
    let bin = &compiled.explained.cards[0].characteristics[1][3];
    assert_eq!((bin.place.line, bin.text.as_str()), (8, "missing"));
}

/// Every policy's formulas, rows and bins have their steps and places.
#[test]
fn the_source_is_as_wide_as_what_was_compiled() {
    for folder in shipped_policies() {
        let Compiled {
            explained, loaded, ..
        } = compile(&folder).expect("it compiles");
        let body = loaded.body();
        let rows: Vec<usize> = explained
            .tables
            .iter()
            .map(|table| table.rows.len())
            .collect();
        let compiled: Vec<usize> = body.tables.iter().map(|table| table.rows.len()).collect();
        assert_eq!(rows, compiled, "{}", folder.display());
        let defined = explained
            .names
            .iter()
            .filter(|named| !matches!(named.role, Role::Question | Role::Grade | Role::Product));
        for named in defined {
            let Some(definition) = &named.definition else {
                // What only watches a loan has no price.
                assert_eq!(named.role, Role::Rate, "{}", named.name);
                continue;
            };
            assert!(!definition.text.is_empty(), "{}", named.name);
            let Some(step) = &definition.step else {
                // A list of outputs is no step of its own: what reads it is.
                assert_eq!(named.role, Role::Value, "{}", named.name);
                continue;
            };
            let program = match named.role {
                Role::Statement | Role::Feature => &body.derive,
                _ => &body.decide,
            };
            assert!(
                usize::from(step.node) < program.nodes.len(),
                "{}",
                named.name
            );
        }
    }
}
