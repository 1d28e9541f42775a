//! EXACT and CONSERVATIVE, held against the policy that reduces nothing: what
//! compiles decides the same on the summary as on the answers, and grants no
//! more.

use prequal::{Features, Policy};
use prequal_compiler::{Code, Sources, compile_sources};
use prequal_sample::Comparison;
use proptest::prelude::*;

use crate::base::{Person, as_of, changed, request};

/// The base policy with another review rule and affordability.
fn with(rule: &str, affordability: &str) -> Sources {
    let mut sources = changed(|policy| {
        let policy = policy
            .replace("when = \"debt_ratio >= 0.6\"", &format!("when = '{rule}'"))
            .replace("max(income - debts, 0) * 0.5", affordability);
        policy + TABLES
    });
    sources.insert(
        "tables/marks.csv",
        "age,car,=x\n< 25,-,18\n-,false,25\n>= 60,true,60\n",
    );
    sources.insert(
        "tables/signs.csv",
        "age,=x\n< 25,\"\"\"young\"\"\"\n>= 60,\"\"\"old\"\"\"\n",
    );
    sources.insert("tables/weight.csv", "x,=x\n< 25,1\n>= 25,3\n");
    sources
}

/// Tables by several hit policies; `weight` is exact for some arguments only.
const TABLES: &str = r#"
[value.marks]
table = "tables/marks.csv"
hit = "collect_sum"

[value.most]
table = "tables/marks.csv"
hit = "collect_max"

[value.signs]
table = "tables/signs.csv"
hit = "rule_order"

[table.weight]
file = "tables/weight.csv"
"#;

/// The same policy where every number leaves exactly.
fn unreduced(sources: &Sources) -> Sources {
    let exact = |line: &str| {
        let reduces = ["bands", "floor", "ceil"]
            .iter()
            .any(|key| line.starts_with(&format!("{key} =")));
        if reduces {
            "exact = true".to_owned()
        } else {
            line.to_owned()
        }
    };
    let policy = sources.get("policy.toml").expect("a policy");
    let policy: Vec<String> = policy.lines().map(exact).collect();
    let mut sources = sources.clone();
    sources.insert("policy.toml", policy.join("\n"));
    sources
}

fn derive(policy: &Policy, person: &Person) -> Features {
    policy
        .derive(&person.answers(), &request(policy), as_of())
        .expect("right answers")
}

/// Amounts near the steps and thresholds where rounding matters.
fn amounts(most: i64) -> impl Strategy<Value = i64> {
    prop_oneof![
        0..=most,
        (0..=most / 100_00, -1_i64..=1).prop_map(move |(n, off)| (n * 100_00 + off).clamp(0, most)),
    ]
}

fn people() -> impl Strategy<Value = Person> {
    let housing = prop::sample::select(vec!["own", "rent", "family"]);
    let months = prop::option::of(0_i64..=600);
    (
        16_i64..=90,
        housing,
        months,
        any::<bool>(),
        amounts(100_000_00),
        amounts(50_000_00),
    )
        .prop_map(|(age, housing, months, car, income, debts)| Person {
            age,
            housing,
            months,
            car,
            income,
            debts,
        })
}

/// Rules, some of which cannot be told exactly.
fn rules() -> impl Strategy<Value = String> {
    let sign = || prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let age = prop::sample::select(vec![16, 18, 20, 24, 25, 34, 35, 59, 60, 90, 91]);
    let money = prop::sample::select(vec!["0", "100_00", "1_000_00", "999_99", "1_050_00"]);
    let comparison = prop_oneof![
        (sign(), age.clone()).prop_map(|(sign, n)| format!("age {sign} {n}")),
        (sign(), age.clone()).prop_map(|(sign, n)| format!("max(age, 30) {sign} {n}")),
        (age.clone(), age).prop_map(|(a, b)| format!("age in [{}..{}]", a.min(b), a.max(b))),
        (sign(), money.clone()).prop_map(|(sign, n)| format!("income {sign} {n}")),
        (sign(), money.clone()).prop_map(|(sign, n)| format!("{n} {sign} debts")),
        (sign(), money.clone()).prop_map(|(sign, n)| format!("income - debts {sign} {n}")),
        sign().prop_map(|sign| format!("debt_ratio {sign} 0.3")),
        sign().prop_map(|sign| format!("(months else 0) {sign} 12")),
        sign().prop_map(|sign| format!("(if car then age else 25) {sign} minimum_age")),
        Just("housing == \"own\"".to_owned()),
        Just("is_missing(months)".to_owned()),
        sign().prop_map(|sign| format!("marks {sign} 25")),
        sign().prop_map(|sign| format!("(most else 35) {sign} age")),
        Just("\"young\" in signs".to_owned()),
        Just("(first(signs) else \"young\") == \"old\"".to_owned()),
        Just("weight(age) > 2".to_owned()),
        Just("weight(age + 1) > 2".to_owned()),
        Just("month(as_of) == 11".to_owned()),
    ];
    comparison.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

/// Figures, some of which would grant more on the summary than on the answers.
fn figures() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("income".to_owned()),
        Just("debts".to_owned()),
        Just("max(income, 1_000_00)".to_owned()),
        Just("income * debt_ratio".to_owned()),
        Just("debts * 0.3".to_owned()),
        Just("income / age".to_owned()),
        Just("(if age >= 25 then income else income * 0.5)".to_owned()),
        Just("floor(income, 500_00)".to_owned()),
        Just("pmt(income, 12%, 12)".to_owned()),
        Just("pmt(debts, debt_ratio * 0.1, 12)".to_owned()),
        Just("pmt(50_000_00, 12%, age)".to_owned()),
        Just("debts * coefficient_of_variation(income, debts)".to_owned()),
        Just("income * (marks * 0.005)".to_owned()),
        Just("count(signs) * income".to_owned()),
    ];
    let combined = leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} - {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            inner.clone().prop_map(|a| format!("max({a}, 0)")),
            inner.prop_map(|a| format!("{a} * 0.5")),
        ]
    });
    combined.prop_map(|figure| format!("1_000_00 + {figure}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_compiles_decides_on_the_summary_as_on_the_answers(
        rule in rules(),
        affordability in figures(),
        people in prop::collection::vec(people(), 40),
    ) {
        let sources = with(&rule, &affordability);
        let reduced = match compile_sources(&sources) {
            Ok(compiled) => compiled.loaded,
            Err(diagnostics) => {
                // Nothing but the tiers stands in the way of these.
                for diagnostic in diagnostics.iter().filter(|d| d.code.severity() == prequal_compiler::Severity::Error) {
                    let tiers = [Code::InexactThreshold, Code::InexactArithmetic, Code::NotConservative];
                    prop_assert!(tiers.contains(&diagnostic.code), "{rule}\n{affordability}\n{diagnostics}");
                }
                return Ok(());
            }
        };
        let whole = compile_sources(&unreduced(&sources)).expect("to reduce nothing is always right").loaded;
        for person in &people {
            let comparison = Comparison::of(&reduced, &derive(&reduced, person));
            prop_assert!(comparison.is_exact(), "{rule} for {person:?}: {comparison:?}");
            let shortfall = comparison.shortfall();
            prop_assert!(shortfall >= 0, "{affordability} for {person:?}: {shortfall}");
            // What is decided on the features is what is decided where none is reduced.
            let whole = Comparison::of(&whole, &derive(&whole, person)).reduced;
            prop_assert_eq!(&comparison.whole, &whole, "{} for {:?}", rule, person);
        }
    }
}

/// The generators reach both what compiles and what does not.
#[test]
fn some_of_these_compile_and_some_do_not() {
    let compiles = |rule: &str, figure: &str| compile_sources(&with(rule, figure)).is_ok();
    assert!(compiles("age >= 25", "max(income - debts, 0)"));
    assert!(!compiles("age >= 26", "max(income - debts, 0)"));
    assert!(compiles("income < 1_000_00", "income - debts * 0.3"));
    assert!(!compiles("income <= 1_000_00", "income"));
    assert!(!compiles("debts >= 100_00", "income"));
    assert!(compiles("debts > 100_00", "income"));
    assert!(!compiles("age >= 25", "income + debts"));
    assert!(!compiles("age >= 25", "income - age * 1_00"));
    assert!(compiles(
        "(if car then age else 25) < minimum_age",
        "income"
    ));
    assert!(!compiles("income - debts < 0", "income"));
    assert!(compiles("\"young\" in signs", "pmt(income, 12%, 12)"));
    assert!(!compiles("weight(age + 1) > 2", "income"));
    assert!(!compiles("weight(age) > 2", "pmt(50_000_00, 12%, age)"));
    assert!(!compiles("(most else 20) > age", "income"));
    assert!(compiles("(most else 35) > age", "income * (marks * 0.005)"));
    assert!(!compiles(
        "marks > 25",
        "income * coefficient_of_variation(income, debts)"
    ));
}
