//! What formulas and tables yield, worked out by hand.

use prequal::{Answer, Answers, Date, Money, Policy, Request};
use prequal_compiler::{Code, Sources, compile_sources};

use crate::base::LOAN;

const POLICY: &str = r#"
[policy]
id = "sums"
version = "1"
currency = "CNY"
time_zone = "+08:00"
commitments = 24

[[group]]
id = "all"
questions = ["day", "area", "price", "span", "count", "share", "crop", "pledges"]

[question.day]
kind = "date"
range = ["2000-01-01", "2030-12-31"]

[question.area]
kind = "real"
range = [0.5, 500]

[question.price]
kind = "money"
range = [0, 1_000_000_00]

[question.span]
kind = "period"
range = ["1 month", "10 years"]

[question.count]
kind = "integer"
range = [1, 100]

[question.share]
kind = "ratio"
range = [0.1, 0.9]

[question.crop]
kind = "choice"
options = ["grain", "orchard", "nursery"]

[question.pledges]
kind = "list"
range = [0, 3]

[question.pledges.fields.kind]
kind = "choice"
options = ["home", "shop"]

[question.pledges.fields.value]
kind = "money"
range = [0, 5_000_000_00]

[[knockout]]
when = "is_missing(out)"
reason = "NEVER"
"#;

/// A policy with the feature `out`, of this definition, and these tables.
fn policy(out: &str, tables: &[(&str, &str, &str)]) -> Sources {
    let mut text = format!("{POLICY}{LOAN}\n[feature.out]\n{out}\nexact = true\n");
    let mut sources = Sources::default();
    for (name, keys, rows) in tables {
        let file = format!("tables/{name}.csv");
        text.push_str(&format!("\n[table.{name}]\nfile = \"{file}\"\n{keys}\n"));
        sources.insert(file, *rows);
    }
    sources.insert("policy.toml", text);
    sources
}

fn answers(pledges: &[(&str, i64)]) -> Answers {
    let mut answers = Answers::from([
        ("day", Answer::from("2024-01-31")),
        ("area", Answer::Number(2_500_000.0)),
        ("price", Answer::Number(1_200_00.0)),
        ("span", Answer::Number(18.0)),
        ("count", Answer::Number(7.0)),
        ("share", Answer::Number(350_000.0)),
        ("crop", "orchard".into()),
    ]);
    let entries = pledges.iter().map(|(kind, value)| {
        [
            ("kind", Answer::from(*kind)),
            ("value", Answer::from(*value)),
        ]
    });
    answers.set_list("pledges", entries);
    answers
}

/// The feature as it leaves the device.
fn out(sources: &Sources, pledges: &[(&str, i64)]) -> String {
    let compiled = compile_sources(sources).expect("it compiles");
    let policy = Policy::decode(&compiled.policy).expect("what compiles decodes");
    let request = Request {
        product: "loan".to_owned(),
        amount: Money::new(500_00),
        term: 6,
    };
    let as_of: Date = "2026-03-15".parse().expect("a day");
    let summary = policy
        .summarise(&answers(pledges), &request, as_of)
        .expect("a summary");
    let text = summary.canonical();
    let (_, rest) = text.split_once("\"out\":").expect("the feature");
    rest.split(['}', ','])
        .next()
        .expect("a value")
        .trim_matches('"')
        .to_owned()
}

fn formula(formula: &str, pledges: &[(&str, i64)]) -> String {
    out(&policy(&format!("formula = '{formula}'"), &[]), pledges)
}

const HOME_AND_SHOP: [(&str, i64); 2] = [("home", 1_000_000_00), ("shop", 400_000_00)];

#[test]
fn measured_quantities() {
    // 2.5 × 1 200 yuan, and the other way; millionths of a quantity.
    assert_eq!(formula("price * area", &[]), "300000");
    assert_eq!(formula("price / area", &[]), "48000");
    assert_eq!(formula("area * area", &[]), "6250000");
    assert_eq!(formula("area / 0.5", &[]), "5000000");
    assert_eq!(formula("area / (area + 0.5)", &[]), "833333");
    assert_eq!(formula("count * area", &[]), "17500000");
    assert_eq!(formula("area * share", &[]), "875000");
    assert_eq!(formula("count / area", &[]), "2800000");
    assert_eq!(formula("mean(count, 2, 2)", &[]), "3666667");
    assert_eq!(formula("mean(price, 0)", &[]), "60000");
    // Of 1 and 3: a mean of 2, a standard deviation of 1.
    assert_eq!(
        formula("coefficient_of_variation(price, price * 3)", &[]),
        "500000"
    );
}

#[test]
fn dates_and_periods() {
    let day = |text: &str| text.parse::<Date>().expect("a day").days().to_string();
    assert_eq!(formula("day + \"1 month\"", &[]), day("2024-02-29"));
    assert_eq!(formula("day + span", &[]), day("2025-07-31"));
    assert_eq!(formula("day - \"1 year 2 months\"", &[]), day("2022-11-30"));
    assert_eq!(formula("span + day", &[]), day("2025-07-31"));
    assert_eq!(formula("as_of - day", &[]), "774");
    assert_eq!(formula("span * 2 - \"1 year\"", &[]), "24");
    assert_eq!(formula("span / \"1 year\"", &[]), "1500000");
    assert_eq!(formula("period(day, as_of)", &[]), "25");
    assert_eq!(formula("month(as_of) * 10_000 + year(as_of)", &[]), "32026");
    assert_eq!(formula("max(span, \"2 years\")", &[]), "24");
}

#[test]
fn the_instalment_is_the_loan_s() {
    let annuity = prequal::loan::Annuity::new(prequal::Ratio::new(120_000), 18).expect("a loan");
    let level = annuity
        .instalment(Money::new(1_200_00))
        .expect("an instalment");
    assert_eq!(
        formula("pmt(price, 0.12, span)", &[]),
        level.minor().to_string()
    );
    assert_eq!(
        formula("pmt(price, 12%, 18)", &[]),
        level.minor().to_string()
    );
}

#[test]
fn lists_are_gone_through() {
    let two = HOME_AND_SHOP;
    let both = |text: &str| (formula(text, &two), formula(text, &[]));
    let pair = |some: &str, none: &str| (some.to_owned(), none.to_owned());
    let lent = "sum(p in pledges, p.value * (if p.kind == \"home\" then 0.7 else 0.5))";
    assert_eq!(both(lent), pair("90000000", "0"));
    assert_eq!(both("count(p in pledges)"), pair("2", "0"));
    assert_eq!(
        both("count(p in pledges, p.kind == \"shop\")"),
        pair("1", "0")
    );
    assert_eq!(
        both("if any(p in pledges, p.value >= 900_000_00) then 1 else 0"),
        pair("1", "0")
    );
    assert_eq!(
        both("if all(p in pledges, p.value >= 900_000_00) then 1 else 0"),
        pair("0", "1")
    );
    assert_eq!(
        both("max(p in pledges, p.value)"),
        pair("100000000", "missing")
    );
    assert_eq!(
        both("min(p in pledges, p.value) else 7"),
        pair("40000000", "7")
    );
    assert_eq!(
        both("mean(p in pledges, p.value) else price"),
        pair("70000000", "120000")
    );
    // Deviations of 300 000 from a mean of 700 000 yuan.
    assert_eq!(
        both("coefficient_of_variation(p in pledges, p.value)"),
        pair("428571", "0")
    );
    assert_eq!(
        both("sum(p in pledges, sum(q in pledges, 1))"),
        pair("4", "0")
    );
}

const LIST: &str = "count,crop,=x\n\
    >= 5,-,3\n\
    < 5,-,1\n\
    -,\"\"\"grain\"\"\",9\n\
    -,\"\"\"orchard\"\", \"\"nursery\"\"\",5\n";

#[test]
fn hit_policies() {
    let yields = |hit: &str, formula: &str| {
        let table = ("t", hit, LIST);
        out(&policy(&format!("formula = '{formula}'"), &[table]), &[])
    };
    assert_eq!(yields("hit = \"first\"", "t(count, crop)"), "3");
    let order = "hit = \"priority\"\norder = [9, 5, 3, 1]";
    let unread = compile_sources(&policy("formula = 't(count, crop)'", &[("t", order, LIST)]));
    let warnings = unread.expect("it compiles").warnings;
    assert!(
        warnings.iter().any(|told| told.code == Code::Unreachable),
        "{warnings}"
    );
    assert_eq!(yields(order, "t(count, crop)"), "5");
    assert_eq!(yields("hit = \"collect_sum\"", "t(count, crop)"), "8");
    assert_eq!(yields("hit = \"collect_count\"", "t(count, crop)"), "2");
    assert_eq!(
        yields("hit = \"collect_min\"", "t(count, crop) else 0"),
        "3"
    );
    assert_eq!(yields("hit = \"collect_max\"", "t(count, crop)"), "5");
    for (hit, first) in [
        ("hit = \"rule_order\"", "3"),
        ("hit = \"output_order\"\norder = [9, 5, 3, 1]", "5"),
        ("hit = \"collect\"", "3"),
    ] {
        assert_eq!(yields(hit, "first(t(count, crop))"), first);
        assert_eq!(yields(hit, "count(t(count, crop))"), "2");
        assert_eq!(yields(hit, "sum(t(count, crop))"), "8");
        assert_eq!(yields(hit, "min(t(count, crop)) else 0"), "3");
        assert_eq!(yields(hit, "max(t(count, crop)) else 0"), "5");
        assert_eq!(yields(hit, "if 5 in t(count, crop) then 1 else 0"), "1");
        assert_eq!(yields(hit, "if 9 in t(count, crop) then 1 else 0"), "0");
    }
}

#[test]
fn where_no_row_applies() {
    let rows = "count,=x\n> 50,\"\"\"late\"\"\"\n> 90,\"\"\"last\"\"\"\n";
    let yields = |formula: &str| {
        let table = ("t", "hit = \"rule_order\"", rows);
        out(&policy(&format!("formula = '{formula}'"), &[table]), &[])
    };
    assert_eq!(yields("first(t(count))"), "missing");
    assert_eq!(yields("first(t(count * 10))"), "late");
    assert_eq!(yields("count(t(count))"), "0");
    assert_eq!(yields("if \"last\" in t(count * 20) then 1 else 0"), "1");
}

/// A word among a call's arguments is an option that its column names.
#[test]
fn words_are_arguments() {
    let rows = "crop,home,=x\n-,\"\"\"own\"\"\",3\n\"\"\"orchard\"\"\",\"\"\"rent\"\", \"\"family\"\"\",4\n-,-,5\n";
    let yields = |formula: &str| {
        let table = ("t", "hit = \"first\"", rows);
        out(&policy(&format!("formula = '{formula}'"), &[table]), &[])
    };
    assert_eq!(yields("t(crop, \"own\")"), "3");
    assert_eq!(
        yields("t(crop, \"family\") * 10 + t(\"orchard\", \"rent\")"),
        "44"
    );
    assert_eq!(
        yields("t(\"orchard\", if count > 5 then \"rent\" else \"own\")"),
        "4"
    );
}

#[test]
fn cells_of_measured_quantities_and_periods() {
    let rows = "area,span,=held\n\
        < 2.5,-,\"\"\"1 month\"\"\"\n\
        >= 2.5,\"< \"\"1 year\"\"\",\"\"\"6 months\"\"\"\n\
        >= 2.5,\"[\"\"1 year\"\"..\"\"2 years\"\")\",\"\"\"1 year 6 months\"\"\"\n\
        >= 2.5,\">= \"\"24 months\"\"\",\"\"\"5 years\"\"\"\n";
    let yields = |formula: &str| {
        let table = ("held", "", rows);
        out(&policy(&format!("formula = '{formula}'"), &[table]), &[])
    };
    assert_eq!(yields("held(area, span)"), "18");
    assert_eq!(yields("held(area - 0.000001, span)"), "1");
    assert_eq!(yields("held(area, span + \"6 months\")"), "60");
    let rows = "span,=yield\n-,0.25\n";
    let table = ("yield", "kind = \"real\"", rows);
    let sources = policy("formula = 'price * yield(span)'", &[table]);
    assert_eq!(out(&sources, &[]), "30000");
}

#[test]
fn rows_that_agree_may_overlap() {
    let rows = "count,crop,=x\n>= 5,-,3\n-,\"\"\"orchard\"\"\",3\n< 5,\"\"\"grain\"\", \"\"nursery\"\"\",1\n";
    let sources = policy(
        "formula = 't(count, crop)'",
        &[("t", "hit = \"any\"", rows)],
    );
    assert_eq!(out(&sources, &[]), "3");
    let rows = rows.replace("\"\"\",3", "\"\"\",4");
    let sources = policy(
        "formula = 't(count, crop)'",
        &[("t", "hit = \"any\"", &rows)],
    );
    let told = compile_sources(&sources).expect_err("they do not agree");
    let told = told
        .entries()
        .into_iter()
        .find(|entry| entry.code == Code::Overlap.as_str());
    let message = told.expect("an overlap").message;
    assert_eq!(
        message,
        "two rows that do not agree for count 5, crop `orchard`: 3 and 4"
    );
}

/// The reasons given to the applicant of [`answers`].
fn reasons(rules: &str, rows: &str) -> Vec<String> {
    let mut sources = policy("formula = 'count'", &[]);
    let text = sources.get("policy.toml").unwrap_or_default();
    let rule = "[[knockout]]\nwhen = \"is_missing(out)\"\nreason = \"NEVER\"";
    let text = text.replace(
        rule,
        &format!("[[knockout]]\ntable = \"tables/r.csv\"\n{rules}"),
    );
    sources.insert("policy.toml", text);
    sources.insert("tables/r.csv", rows);
    let compiled = compile_sources(&sources).expect("it compiles");
    let named = compiled.loaded.body().knockouts.iter();
    let named: Vec<&str> = named.map(|rule| rule.id.as_str()).collect();
    assert!(
        named.contains(&"r.many") && named.contains(&"r.always.2"),
        "{named:?}"
    );
    let policy = compiled.loaded;
    let request = Request {
        product: "loan".to_owned(),
        amount: Money::new(500_00),
        term: 6,
    };
    let as_of: Date = "2026-03-15".parse().expect("a day");
    let summary = policy.summarise(&answers(&[]), &request, as_of);
    policy.assess(&summary.expect("a summary")).decision.reasons
}

#[test]
fn rows_are_rules() {
    let rows = "out,=reason\n> 5,MANY\n> 50,VERY_MANY\n> 60,ALWAYS\n-,ALWAYS\n";
    assert_eq!(reasons("", rows), ["MANY", "ALWAYS"]);
    assert_eq!(reasons("hit = \"rule_order\"", rows), ["MANY", "ALWAYS"]);
    let order = "hit = \"output_order\"\norder = [\"ALWAYS\", \"VERY_MANY\", \"MANY\"]";
    assert_eq!(reasons(order, rows), ["ALWAYS", "MANY"]);
}
