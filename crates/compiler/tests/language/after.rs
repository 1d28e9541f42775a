//! After the waist: partitions that the compiler chooses, cards and products
//! by conditions, early warnings, figures declared approximate.

use prequal::policy::{Level, Precision, Stage};
use prequal::{Eligibility, Outcome, Policy};
use prequal_compiler::{Compiled, Sources, Tier, compile_sources};
use proptest::prelude::*;

use crate::base::{Person, as_of, base, request};

/// The base policy with these parts replaced by those, in any of its files.
fn with(changes: &[(&str, &str)]) -> Sources {
    let mut sources = base();
    for (old, new) in changes {
        let files: Vec<String> = sources.paths().map(str::to_owned).collect();
        let holds = |file: &&String| sources.get(file).is_some_and(|text| text.contains(old));
        let file = files.iter().find(holds).expect(old).clone();
        let text = sources.get(&file).expect("a file").replacen(old, new, 1);
        sources.insert(file, text);
    }
    sources
}

fn compiled(sources: &Sources) -> Compiled {
    let compiled = compile_sources(sources).unwrap_or_else(|d| panic!("{d}"));
    assert!(compiled.warnings.is_empty(), "{}", compiled.warnings);
    compiled
}

fn precision<'a>(policy: &'a Policy, feature: &str) -> &'a Precision {
    let mut features = policy.body().features.iter();
    let found = features.find(|f| f.id.as_str() == feature);
    &found.expect("a feature").precision
}

fn edges(policy: &Policy, feature: &str) -> Vec<i64> {
    match precision(policy, feature) {
        Precision::Bands { edges, .. } => edges.clone(),
        other => panic!("{other:?}"),
    }
}

fn groups(policy: &Policy, feature: &str) -> Vec<(String, Vec<u16>)> {
    match precision(policy, feature) {
        Precision::Groups(groups) => groups
            .iter()
            .map(|group| (group.id.to_string(), group.options.clone()))
            .collect(),
        other => panic!("{other:?}"),
    }
}

const PERSON: Person = Person {
    age: 40,
    housing: "own",
    months: Some(40),
    car: true,
    income: 5_000_00,
    debts: 500_00,
};

fn decide(policy: &Policy, person: &Person) -> Outcome {
    let summary = policy
        .summarise(&person.answers(), &request(policy), as_of())
        .expect("right answers");
    policy.assess(&summary)
}

fn people() -> impl Strategy<Value = Person> {
    let housing = prop::sample::select(vec!["own", "rent", "family"]);
    let months = prop::option::of(0_i64..=60);
    let money = (0_i64..=100, -1_i64..=1).prop_map(|(n, off)| (n * 100_00 + off).max(0));
    (
        16_i64..=90,
        housing,
        months,
        any::<bool>(),
        money.clone(),
        money,
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

const AUTO: [(&str, &str); 4] = [
    ("bands = [18, 25, 35, 60]", "bands = \"auto\""),
    ("bands = [12, 36]", "bands = \"auto\""),
    ("bands = [0.3, 0.6]", "bands = \"auto\""),
    (
        "groups = { own = [\"own\"], other = [\"rent\", \"family\"] }",
        "groups = \"auto\"",
    ),
];

/// Tables that name options where the base policy names groups.
const OPTIONS: [(&str, &str); 2] = [
    (
        "\"\"\"other\"\"\",25",
        "\"\"\"rent\"\", \"\"family\"\"\",25",
    ),
    (
        "\"\"\"B\"\"\",\"\"\"other\"\"\"",
        "\"\"\"B\"\"\",\"\"\"rent\"\", \"\"family\"\"\"",
    ),
];

/// The base policy with every partition left to the compiler, and a rule.
fn auto(rule: &str) -> Sources {
    let rule = format!("when = '{rule}'");
    let review = ("when = \"debt_ratio >= 0.6\"", rule.as_str());
    let texts = (
        "housing.groups.own = \"Own\"\nhousing.groups.other = \"Other\"\n",
        "",
    );
    with(&[&AUTO[..], &OPTIONS[..], &[review, texts]].concat())
}

#[test]
fn the_coarsest_partition_is_chosen() {
    let policy = compiled(&auto("debt_ratio >= 0.6")).loaded;
    // 60 stood in the bands, and nothing asked for it.
    assert_eq!(edges(&policy, "age"), [18, 25, 35]);
    assert_eq!(edges(&policy, "months"), [12, 36]);
    assert_eq!(edges(&policy, "debt_ratio"), [600_000]);
    let named = |groups: &[(&str, &[u16])]| -> Vec<(String, Vec<u16>)> {
        let groups = groups.iter();
        groups
            .map(|(id, options)| (id.to_string(), options.to_vec()))
            .collect()
    };
    let found = groups(&policy, "housing");
    assert_eq!(found, named(&[("own", &[0]), ("rent-family", &[1, 2])]));

    let policy = compiled(&auto("debt_ratio >= 0.6 and housing == \"family\"")).loaded;
    let found = groups(&policy, "housing");
    assert_eq!(
        found,
        named(&[("own", &[0]), ("rent", &[1]), ("family", &[2])])
    );

    let policy = compiled(&auto(
        "debt_ratio >= 0.6 and housing in (\"own\", \"family\")",
    ))
    .loaded;
    assert_eq!(groups(&policy, "housing").len(), 3);
}

#[test]
fn thresholds_hold_where_figures_are_chosen_between() {
    let rule =
        "max(age, 30) >= 41 or (if car then (months else 5) else 7) < 20 and debt_ratio > 0.6";
    let policy = compiled(&auto(rule)).loaded;
    assert_eq!(edges(&policy, "age"), [18, 25, 35, 41]);
    assert_eq!(edges(&policy, "months"), [12, 20, 36]);
    assert_eq!(edges(&policy, "debt_ratio"), [600_001]);
}

#[test]
fn a_group_is_called_by_its_options() {
    let texts = compiled(&auto("debt_ratio >= 0.6")).languages;
    let texts: serde_json::Value = serde_json::from_slice(&texts[0].bytes).expect("JSON");
    assert_eq!(texts["feature.housing.groups.own"], "Own");
    assert_eq!(texts["feature.housing.groups.rent-family"], "Rent/Family");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Against the policy that reduces nothing but money.
    #[test]
    fn chosen_partitions_decide_as_the_answers_do(
        rule in prop::sample::select(vec![
            "housing == \"rent\"",
            "housing != \"family\" and age < 44",
            "(if car then housing else \"rent\") == \"rent\"",
            "(if age >= 30 then \"own\" else housing) in (\"own\", \"family\")",
            "(months else 3) < 9 or not car",
            "is_missing(months) and debt_ratio >= 0.25",
            "(if car then age else 25) < minimum_age",
        ]),
        people in prop::collection::vec(people(), 50),
    ) {
        let rule = format!("({rule}) or debt_ratio >= 0.6");
        let sources = auto(&rule);
        let exact = |(old, _): (&'static str, &str)| (old, "exact = true");
        let whole: Vec<(&str, &str)> = AUTO.into_iter().map(exact).collect();
        let rule = format!("when = '{rule}'");
        let review = ("when = \"debt_ratio >= 0.6\"", rule.as_str());
        let whole = with(&[&whole[..], &OPTIONS[..], &[review]].concat());
        let chosen = compiled(&sources).loaded;
        let whole = compile_sources(&whole).expect("exact is always right").loaded;
        for person in people {
            let (a, b) = (decide(&chosen, &person), decide(&whole, &person));
            prop_assert_eq!(a, b, "{} for {:?}", rule, person);
        }
    }
}

const TWO_CARDS: (&str, &str) = (
    "[score]\ncard = \"tables/card.csv\"",
    "[[score]]\nwhen = 'housing == \"own\"'\ncard = \"tables/owners.csv\"\nbase = 500\nodds = 20\npdo = 20\n\n[[score]]\ncard = \"tables/card.csv\"",
);

#[test]
fn the_first_card_whose_condition_holds_counts() {
    let mut sources = with(&[TWO_CARDS]);
    let owners = "characteristic,bin,points,reason\nage,< 25,100,YOUNG\nage,>= 25,170,AGE_BAND\n";
    sources.insert("tables/owners.csv", owners.to_owned());
    let texts = sources.get("texts/en.toml").expect("texts").to_owned();
    sources.insert("texts/en.toml", format!("{texts}AGE_BAND.text = \"age\"\n"));
    let compiled = compiled(&sources);
    let policy = &compiled.loaded;
    assert_eq!(policy.body().cards.len(), 2);
    assert_eq!(decide(policy, &PERSON).decision.score, Some(170));
    let renter = Person {
        housing: "rent",
        ..PERSON
    };
    assert_eq!(decide(policy, &renter).decision.score, Some(100));
    let score = compiled.report.features.iter().find(|f| f.id == "housing");
    let users = &score.expect("a feature").used_by;
    assert!(users.iter().any(|used| used.user == "score"), "{users:?}");
}

#[test]
fn a_product_is_open_to_some() {
    let sources = with(&[("terms = [6, 12]", "terms = [6, 12]\nwhen = \"car\"")]);
    let policy = compiled(&sources).loaded;
    let without = Person {
        car: false,
        ..PERSON
    };
    assert_eq!(decide(&policy, &PERSON).decision.offers.len(), 2);
    let decision = decide(&policy, &without).decision;
    assert!(decision.offers.is_empty() && decision.refused.is_empty());
}

/// The base policy as an early warning: without limit, plan and rate.
fn early_warning() -> Sources {
    let base = with(&[]);
    let policy = base.get("policy.toml").expect("a policy");
    let end = policy.find("[limit]").expect("a limit");
    let policy = policy.get(..end).expect("its beginning");
    let policy = policy
        .replace(
            "version = \"1\"",
            "version = \"1\"\nstage = \"early-warning\"",
        )
        .replace("quote_grade = \"A\"\n", "")
        .replace(
            "[[knockout]]\nid = \"too_young\"",
            "[[alert]]\nlevel = \"watch\"\nid = \"too_young\"",
        )
        .replace("[[knockout]]", "[[alert]]\nlevel = \"stop\"")
        .replace("[feature.debts]\nceil = 100_00\n\n", "")
        .replace("[[review]]", "[[alert]]\nlevel = \"warn\"")
        + "[[product]]\nid = \"loan\"\nterms = [6]\nminimum = 500_00\nmaximum = 20_000_00\n";
    let mut sources = Sources::default();
    for path in base
        .paths()
        .filter(|path| !path.contains("cap.csv") && !path.contains("rate.csv"))
    {
        sources.insert(path, base.get(path).expect("a file").to_owned());
    }
    let texts = sources.get("texts/en.toml").expect("texts");
    let texts = texts
        .replace("TOO_LOW.text = \"limit too low\"\n", "")
        .replace("cap = \"the cap\"\n", "")
        .replace("\ndebts.label = \"Debts\"", "");
    sources.insert("texts/en.toml", texts);
    sources.insert("policy.toml", policy);
    sources
}

#[test]
fn an_early_warning_alerts_and_offers_nothing() {
    let policy = compiled(&early_warning()).loaded;
    assert_eq!(policy.body().stage, Stage::EarlyWarning);
    let calm = decide(&policy, &PERSON).decision;
    assert_eq!(
        (calm.alert, calm.eligibility),
        (None, Eligibility::Eligible)
    );
    assert!(calm.offers.is_empty() && calm.limit.is_none() && calm.score.is_some());
    let worried = decide(
        &policy,
        &Person {
            income: 900_00,
            debts: 800_00,
            ..PERSON
        },
    )
    .decision;
    assert_eq!(
        (worried.alert, worried.eligibility),
        (Some(Level::Stop), Eligibility::NotEligible)
    );
    assert_eq!(worried.reasons[..2], ["POOR", "INDEBTED"]);
}

/// No offer is looked for, so that no grid of amounts is long.
#[test]
fn an_early_warning_may_read_any_amount() {
    let mut sources = early_warning();
    let policy = sources.get("policy.toml").expect("a policy");
    let policy = policy
        .replace(
            "when = \"income < 1_000_00\"",
            "when = \"amount / 12 > 20_000\"",
        )
        .replace("minimum = 500_00", "minimum = 1")
        .replace("maximum = 20_000_00", "maximum = 10_000_000_000_00");
    sources.insert("policy.toml", policy);
    let compiled = compile_sources(&sources).unwrap_or_else(|d| panic!("{d}"));
    assert_eq!(compiled.loaded.body().stage, Stage::EarlyWarning);
}

#[test]
fn what_is_declared_approximate_is_told_as_such() {
    let ratio = "[value.strain]\nformula = \"debts / max(income, 1_00)\"\n\n[value.minimum_age]";
    let rule = (
        "when = \"debt_ratio >= 0.6\"",
        "when = \"strain >= 0.6 or debt_ratio >= 0.6\"",
    );
    let plain = with(&[("[value.minimum_age]", ratio), rule]);
    assert!(compile_sources(&plain).is_err());
    let declared = ratio.replacen("\n\n", "\napproximate = true\n\n", 1);
    let report = compiled(&with(&[("[value.minimum_age]", &declared), rule])).report;
    let tier = |feature: &str, user: &str| {
        let feature = report.features.iter().find(|f| f.id == feature);
        let mut used = feature.expect("a feature").used_by.iter();
        used.find(|used| used.user == user).map(|used| used.tier)
    };
    assert_eq!(tier("debts", "review `indebted`"), Some(Tier::Approximate));
    assert_eq!(tier("debt_ratio", "review `indebted`"), Some(Tier::Exact));
    assert_eq!(tier("income", "knock-out `poor`"), Some(Tier::Exact));
    assert_eq!(tier("debts", "affordability"), Some(Tier::Conservative));
    let printed = report.to_string();
    assert!(printed.contains("approximate, declared"), "{printed}");
    assert!(
        printed.contains("affordability (conservative)"),
        "{printed}"
    );
    assert!(printed.contains("exact, proven"), "{printed}");
    // Its uses alone: the same figure elsewhere is to be proven.
    let copied = (
        "when = \"debt_ratio >= 0.6\"",
        "when = \"strain >= 0.6 or debts / max(income, 1_00) >= 0.6 or debt_ratio >= 0.6\"",
    );
    assert!(compile_sources(&with(&[("[value.minimum_age]", &declared), copied])).is_err());
}

/// Amounts are tried where something changes with them, however fine the step.
#[test]
fn comparing_an_amount_needs_no_grid() {
    for when in ["amount >= 10_000_00", "amount > income * 3"] {
        let rule = format!("when = \"debt_ratio >= 0.6 and {when}\"");
        let sources = with(&[
            ("step = 100_00", "step = 1"),
            ("when = \"debt_ratio >= 0.6\"", &rule),
            (
                "[feature.income]\nfloor = 100_00",
                "[feature.income]\nexact = true",
            ),
        ]);
        compiled(&sources);
    }
}

/// A price needs rows only for what a product offers; a row for anything else
/// is reached by nothing.
#[test]
fn no_table_needs_rows_for_what_no_product_offers() {
    let second = "[[product]]\nid = \"long\"\nplan = { kind = \"equal_instalment\" }\nterms = [24]\nminimum = 500_00\nmaximum = 20_000_00\nrate = { table = \"tables/long.csv\" }\n\n[[product]]";
    let sources = |rows: &str| {
        let mut sources = with(&[("[[product]]", second)]);
        sources.insert("tables/long.csv", format!("product,term,=rate\n{rows}"));
        let texts = sources.get("texts/en.toml").expect("texts").to_owned();
        sources.insert(
            "texts/en.toml",
            format!("product.long.name = \"Long\"\n{texts}"),
        );
        let rate = "grade,term,=rate\n\"\"\"A\"\"\",-,0.1\n\"\"\"B\"\"\",6,0.12\n\"\"\"B\"\"\",\"12, 24\",0.15\n";
        sources.insert("tables/rate.csv", rate);
        sources
    };
    let whole = "\"\"\"long\"\"\",24,0.1\n\"\"\"loan\"\"\",\"6, 12\",0.12\n";
    compiled(&sources(whole));
    let told = compile_sources(&sources(
        "\"\"\"long\"\"\",24,0.1\n\"\"\"loan\"\"\",6,0.12\n",
    ));
    let told = told.expect_err("a gap").to_string();
    assert!(
        told.contains("no row for product `loan`, term 12"),
        "{told}"
    );
    let more = format!("{whole}\"\"\"long\"\"\",6,0.2\n");
    let warned = compile_sources(&sources(&more)).unwrap_or_else(|d| panic!("{d}"));
    let warned = warned.warnings.to_string();
    assert!(warned.contains("no input reaches this row"), "{warned}");
}
