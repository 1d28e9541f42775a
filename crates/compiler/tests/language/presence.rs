//! A question that is asked under a condition has a value where the condition
//! holds, and nowhere else.

use prequal_compiler::{Code, compile_sources};

use crate::base::changed;

/// The base policy whose debts are asked of car owners only, with this formula
/// of the ratio and this key beside it; the codes of its errors.
fn errors(formula: &str, beside: &str) -> Vec<Code> {
    let change = |policy: String| {
        policy
            .replace(
                "[question.debts]\n",
                "[question.debts]\nwhen = 'car and housing == \"own\"'\n",
            )
            .replace(
                "[feature.debts]\n",
                "[feature.debts]\nformula = \"debts else 0\"\n",
            )
            .replace(
                "formula = \"debts / income else 1.0\"\n",
                &format!("formula = '{formula}'\n{beside}\n"),
            )
            .replace(
                "when = \"debt_ratio >= 0.6\"",
                "when = \"(debt_ratio else 0) >= 0.6\"",
            )
    };
    match compile_sources(&changed(change)) {
        Ok(_) => Vec::new(),
        Err(told) => {
            let errors = told.iter().filter(|told| told.code != Code::UselessElse);
            errors.map(|told| told.code).collect()
        }
    }
}

#[test]
fn what_a_condition_says_holds_under_it() {
    let ratio = "debts / income else 1.0";
    assert_eq!(errors(ratio, ""), [Code::MayBeMissing]);
    assert_eq!(errors(ratio, "when = 'car'"), [Code::MayBeMissing]);
    assert_eq!(
        errors(ratio, "when = 'not (car and housing == \"own\")'"),
        [Code::MayBeMissing]
    );
    assert!(errors(ratio, "when = 'car and housing == \"own\"'").is_empty());
    assert!(errors(ratio, "when = 'housing == \"own\" and income > 0 and car'").is_empty());
    assert!(errors(ratio, "when = 'not is_missing(debts)'").is_empty());
    assert!(errors("months / 12", "when = 'not is_missing(months)'").is_empty());
    assert_eq!(
        errors("months / 12", "when = 'is_missing(months)'"),
        [Code::MayBeMissing]
    );
}

#[test]
fn what_never_holds_leaves_nothing() {
    let ratio = "if car then 0.5 else 0.2";
    assert_eq!(errors(ratio, "when = 'age < 0'"), [Code::BadValue]);
    assert_eq!(errors(ratio, "when = 'age < 17'"), []);
}

#[test]
fn the_branches_of_an_if_know_what_it_asked() {
    let branches = |condition: &str, then: &str, otherwise: &str| {
        errors(
            &format!("if {condition} then ({then}) else ({otherwise})"),
            "",
        )
    };
    let ratio = "debts / income else 1.0";
    assert!(branches("car and housing == \"own\"", ratio, "0.0").is_empty());
    assert!(branches("is_missing(debts)", "0.0", ratio).is_empty());
    assert!(branches("not (car and housing == \"own\")", "0.0", ratio).is_empty());
    assert_eq!(
        branches("is_missing(debts)", ratio, "0.0"),
        [Code::MayBeMissing]
    );
    assert_eq!(
        branches("car or housing == \"own\"", ratio, "0.0"),
        [Code::MayBeMissing]
    );
}
