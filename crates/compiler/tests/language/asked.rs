//! What is asked of whom: conditions, pages that may be opened, lists, values
//! that the lender supplies, and features that rest on them.

use prequal::policy::{Blank, Policy, Source, Stage};
use prequal::{Answers, FeatureValue, Money, Request};
use prequal_compiler::compile;
use serde_json::{Value, json};

use crate::base::{as_of, folder};

fn policy() -> Policy {
    let compiled = compile(&folder("asked")).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(compiled.warnings.is_empty(), "{}", compiled.warnings);
    compiled.loaded
}

/// The features of answers, or what is wrong with them.
fn features(answers: Value) -> Result<Vec<(String, String)>, Vec<String>> {
    let answers: Answers = serde_json::from_value(answers).expect("answers");
    let request = Request {
        product: "loan".to_owned(),
        amount: Money::new(1_000_00),
        term: 12,
    };
    let summary = policy()
        .summarise(&answers, &request, as_of())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let told = summary.fields().features.iter().map(|(name, value)| {
        let value = match value {
            FeatureValue::Number(number) => number.to_string(),
            FeatureValue::Text(text) => text.clone(),
        };
        (name.clone(), value)
    });
    Ok(told.collect())
}

fn feature(answers: Value, name: &str) -> String {
    let features = features(answers).expect("right answers");
    let found = features.into_iter().find(|(known, _)| known == name);
    found.expect("the feature").1
}

fn with(base: &Value, more: Value) -> Value {
    let mut all = base.as_object().expect("an object").clone();
    all.extend(more.as_object().expect("an object").clone());
    Value::Object(all)
}

fn wage() -> Value {
    json!({"days_late": 0, "trade": "wage", "income": 500_00})
}

#[test]
fn every_question_stands_after_what_its_condition_reads() {
    let policy = policy();
    let body = policy.body();
    assert_eq!(body.stage, Stage::Renewal);
    let ids: Vec<&str> = body.questions.iter().map(|q| q.id.as_str()).collect();
    let first = [
        "days_late",
        "trade",
        "open_for",
        "staff",
        "wages",
        "income",
        "land",
        "statement",
        "inflow",
        "months_shown",
        "pledges",
        "pledges.1.kind",
        "pledges.1.value",
        "pledges.1.lent_against",
        "pledges.2.kind",
    ];
    assert!(ids.starts_with(&first), "{ids:?}");
    assert_eq!(ids.len(), 20);
    let question = |id: &str| {
        let mut questions = body.questions.iter();
        questions
            .find(|q| q.id.as_str() == id)
            .expect("the question")
    };
    assert_eq!(question("days_late").source, Source::Lender);
    assert_eq!(question("statement").blank, Blank::Means(0));
    assert_eq!(question("pledges").blank, Blank::Means(0));
    assert_eq!(question("income").asked, None);
    assert!(question("pledges.1.kind").asked.is_some());
    let pages: Vec<Vec<&str>> = body
        .groups
        .iter()
        .map(|group| {
            let asked = group.questions.iter();
            asked
                .filter_map(|q| ids.get(usize::from(*q)).copied())
                .collect()
        })
        .collect();
    assert_eq!(
        pages,
        [
            vec!["trade", "open_for", "staff", "wages", "income"],
            vec!["land"],
            vec!["inflow", "months_shown"],
            vec!["pledges"],
        ]
    );
    let opened: Vec<bool> = body.groups.iter().map(|g| g.opener.is_some()).collect();
    assert_eq!(opened, [false, false, true, false]);
    let shown: Vec<bool> = body.groups.iter().map(|g| g.asked.is_some()).collect();
    assert_eq!(shown, [false, true, true, false]);
    let list = body.lists.first().expect("a list");
    assert_eq!(
        (list.count, list.first, list.fields, list.entries),
        (10, 11, 3, 3)
    );
}

#[test]
fn what_is_not_asked_is_missing_and_needs_no_answer() {
    for (name, value) in [
        ("open_for", "missing"),
        ("land", "missing"),
        ("margin", "missing"),
        ("income", "50000"),
        ("free", "0"),
    ] {
        assert_eq!(feature(wage(), name), value, "{name}");
    }
    // An answer to what is not asked counts for nothing.
    let stray = with(
        &wage(),
        json!({"open_for": 36, "staff": 3, "land": 5_000_000}),
    );
    assert_eq!(features(stray), features(wage()));
}

#[test]
fn conditions_follow_from_one_another() {
    let shop = with(&wage(), json!({"trade": "shop"}));
    assert_eq!(
        features(shop.clone()),
        Err(vec!["`open_for`: missing".to_owned()])
    );
    let young = with(&shop, json!({"open_for": 9}));
    assert_eq!(feature(young.clone(), "open_for"), "6");
    assert_eq!(feature(young, "margin"), "100000");
    let old = with(&shop, json!({"open_for": 12}));
    assert_eq!(
        features(old.clone()),
        Err(vec!["`staff`: missing".to_owned()])
    );
    let staffed = with(&old, json!({"staff": 5}));
    assert_eq!(
        features(staffed.clone()),
        Err(vec!["`wages`: missing".to_owned()])
    );
    let paid = with(&staffed, json!({"wages": 100_00}));
    assert_eq!(feature(paid.clone(), "wages"), "50000");
    assert_eq!(feature(paid, "margin"), "250000");
    let off_step = with(&shop, json!({"open_for": 10}));
    assert_eq!(
        features(off_step),
        Err(vec!["`open_for`: off_step".to_owned()])
    );
}

#[test]
fn a_measured_quantity_keeps_its_decimals() {
    let farm = with(&wage(), json!({"trade": "farm", "land": 3_750_000}));
    assert_eq!(feature(farm.clone(), "land"), "3500000");
    assert_eq!(feature(farm, "margin"), "300000");
}

#[test]
fn an_optional_page_asks_once_it_is_opened() {
    let known = with(&wage(), json!({"income": 1_000_00}));
    assert_eq!(feature(known.clone(), "income"), "100000");
    let opened = with(&known, json!({"statement": true}));
    assert_eq!(
        features(opened.clone()),
        Err(vec!["`inflow`: missing".to_owned()])
    );
    let shown = with(&opened, json!({"inflow": 12_000_00}));
    assert_eq!(feature(shown.clone(), "income"), "100000");
    assert_eq!(
        feature(with(&shown, json!({"months_shown": 6})), "income"),
        "200000"
    );
    // The page is not shown to whoever earns less.
    let poor = with(&shown, json!({"income": 900_00}));
    assert_eq!(feature(poor, "income"), "90000");
}

#[test]
fn the_lender_supplies_what_no_page_asks() {
    let mut without = wage();
    without
        .as_object_mut()
        .expect("an object")
        .remove("days_late");
    assert_eq!(
        features(without),
        Err(vec!["`days_late`: missing".to_owned()])
    );
    assert_eq!(
        feature(with(&wage(), json!({"days_late": 45})), "days_late"),
        "30"
    );
}

#[test]
fn entries_of_a_list_are_asked_as_many_as_there_are() {
    let pledged = |pledges: Value| with(&wage(), json!({"pledges": pledges}));
    let car = json!({"kind": "car", "value": 200_000_00});
    let home = json!({"kind": "home", "value": 900_000_00});
    assert_eq!(feature(pledged(json!([car])), "free"), "20000000");
    assert_eq!(
        features(pledged(json!([car, home]))),
        Err(vec!["`pledges.2.lent_against`: missing".to_owned()])
    );
    let lent = with(&home, json!({"lent_against": 500_000_00}));
    assert_eq!(feature(pledged(json!([car, lent])), "free"), "60000000");
    // What was typed for an entry that is not there any more counts for nothing.
    let fewer = with(&pledged(json!([car, lent])), json!({"pledges": 1}));
    let flat: Answers = serde_json::from_value(fewer.clone()).expect("answers");
    assert!(flat.get("pledges.2.value").is_none());
    let mut stale = with(&wage(), json!({"pledges": 1, "pledges.1.kind": "car"}));
    stale = with(
        &stale,
        json!({"pledges.1.value": 200_000_00, "pledges.2.value": 900_000_00}),
    );
    assert_eq!(feature(stale, "free"), "20000000");
}
