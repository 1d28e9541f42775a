//! `prequal loan`: JSON in, JSON out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where something is not as it has to be"
)]

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What `prequal loan rate` says of an input, and its exit code.
fn rate(arguments: &[&str], input: &str) -> (i32, Value) {
    loan(&[&["rate"], arguments].concat(), input)
}

/// What `prequal loan schedule` says of an input, and its exit code.
fn schedule(input: &Value) -> (i32, Value) {
    loan(&["schedule"], &input.to_string())
}

fn loan(arguments: &[&str], input: &str) -> (i32, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_prequal"))
        .arg("loan")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("read");
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    let said = serde_json::from_slice(&output.stdout).expect("JSON");
    (output.status.code().expect("a code"), said)
}

fn found(method: &str, stream: &Value) -> Value {
    let (code, said) = rate(
        &["--method", method],
        &json!({"stream": stream}).to_string(),
    );
    assert_eq!((code, &said["status"]), (0, &"ok".into()), "{said}");
    said
}

/// The example of announcement [2021] No. 3 by every method.
#[test]
fn each_method_has_its_rate() {
    let stream = json!([
        {"kind": "advance", "amount": "100000", "at": 0},
        {"kind": "payment", "amount": "1000", "at": 0},
        {"kind": "payment", "amount": "8833.30", "at": 1, "every": "month", "count": 12},
    ]);
    for (method, rate, percent, millionths) in [
        ("pboc-simple", "0.12803802", "12.803802", 128_038),
        ("pboc-compound", "0.13582558", "13.582558", 135_826),
        ("reg-z", "0.12803802", "12.803802", 128_038),
        ("eu-aprc", "0.13582558", "13.582558", 135_826),
    ] {
        let said = found(method, &stream);
        assert_eq!(said["method"], method);
        assert_eq!(said["rate"], rate, "{method}");
        assert_eq!(said["percent"], percent, "{method}");
        assert_eq!(said["millionths"], millionths, "{method}");
    }
}

/// Appendix J, (c)(1)(ii): a long first period.
#[test]
fn how_it_was_counted_is_told() {
    let stream = json!([
        {"kind": "payment", "amount": "200", "at": "1978-04-01", "every": "month", "count": 36},
        {"kind": "advance", "amount": "6000", "at": "1978-02-10"},
    ]);
    let said = found("reg-z", &stream);
    let counted = json!({
        "in": "month", "per_year": "12", "from": "1978-02-10",
        "first_payment": "1 + 19/30", "last": "36 + 19/30",
    });
    assert_eq!(said["counted"], counted);
    let percent: f64 = said["percent"]
        .as_str()
        .expect("it")
        .parse()
        .expect("a number");
    assert_eq!(format!("{percent:.2}"), "11.82");
    assert_eq!(said["times"], Value::Null);
    let input = json!({"stream": stream}).to_string();
    let (_, said) = rate(&["--method", "reg-z", "--times"], &input);
    let times = said["times"].as_array().expect("a list");
    assert_eq!(times.len(), 37);
    let second = json!({
        "at": "1978-04-01", "kind": "payment", "amount": "200.00", "time": "1 + 19/30",
    });
    assert_eq!(times[1], second);
    let (_, said) = rate(&["--method", "eu-aprc", "--count-in", "weeks"], &input);
    assert_eq!(said["counted"]["first_payment"], "7/52 + 1/365");
}

/// Yen have no cents; periods may be weeks.
#[test]
fn units_and_currencies_are_as_given() {
    let input = r#"{"unit": "week", "currency": "JPY", "stream": [
        {"kind": "advance", "amount": "50000", "at": 0},
        {"kind": "payment", "amount": "10200", "at": 2, "every": "2 weeks", "count": 5}]}"#;
    let (code, said) = rate(&["--method", "reg-z", "--times"], input);
    assert_eq!(code, 0);
    assert_eq!(said["counted"]["in"], "2 weeks");
    assert_eq!(said["times"][1]["amount"], "10200");
    assert_eq!(said["times"][1]["at"], "day 14");
    let (code, said) = rate(&["--method", "reg-z"], &input.replace("10200", "10200.00"));
    assert_eq!((code, &said["code"]), (2, &"bad_amount".into()));
}

#[test]
fn what_has_no_rate_is_1_and_says_why() {
    let less = r#"{"stream": [{"kind": "advance", "amount": "100", "at": 0},
                              {"kind": "payment", "amount": "99", "at": 1}]}"#;
    let (code, said) = rate(&["--method", "eu-aprc"], less);
    assert_eq!((code, &said["status"]), (1, &"no_rate".into()));
    assert_eq!(said["code"], "no_solution");
    // A net payment, then a net advance, then a net payment.
    let several = r#"{"stream": [{"kind": "payment", "amount": "100", "at": 0},
                                 {"kind": "advance", "amount": "230", "at": 1},
                                 {"kind": "payment", "amount": "132", "at": 2}]}"#;
    let (code, said) = rate(&["--method", "pboc-simple"], several);
    assert_eq!((code, &said["code"]), (1, &"several_solutions".into()));
    assert!(
        said["message"]
            .as_str()
            .expect("it")
            .contains("more than one rate")
    );
}

/// Every code of the input's form, and a few of the stream's.
#[test]
fn wrong_input_is_2_and_has_its_code() {
    let entry =
        |kind: &str, amount: Value, at: Value| json!({"kind": kind, "amount": amount, "at": at});
    let advance = entry("advance", "100".into(), 0.into());
    let row = |row: Value| json!({"stream": [advance, row]}).to_string();
    let with = |name: &str, value: Value| {
        let mut payment = entry("payment", "101".into(), 1.into());
        payment[name] = value;
        row(payment)
    };
    for (code, at, input) in [
        ("bad_json", None, "[]".to_owned()),
        ("bad_json", None, with("rate", 1.into())),
        (
            "unknown_unit",
            None,
            r#"{"unit": "quarter", "stream": []}"#.to_owned(),
        ),
        (
            "unknown_currency",
            None,
            r#"{"currency": "rmb", "stream": []}"#.to_owned(),
        ),
        ("nothing_advanced", None, r#"{"stream": []}"#.to_owned()),
        ("unknown_kind", Some(1), with("kind", "fee".into())),
        ("bad_amount", Some(1), with("amount", 101.into())),
        ("bad_amount", Some(1), with("amount", "1e3".into())),
        ("bad_amount", Some(1), with("amount", "1.".into())),
        ("bad_amount", Some(1), with("amount", "1.005".into())),
        ("amount_not_positive", Some(1), with("amount", "-1".into())),
        (
            "amount_too_large",
            Some(1),
            with("amount", "99999999999999999999".into()),
        ),
        ("bad_time", Some(1), with("at", "2026-02-30".into())),
        ("bad_time", Some(1), with("at", (-1).into())),
        (
            "out_of_calendar",
            Some(1),
            with("at", 5_000_000_000_u64.into()),
        ),
        ("mixed_times", Some(1), with("at", "2026-02-28".into())),
        ("bad_every", Some(1), with("every", "fortnight".into())),
        ("bad_every", Some(1), with("every", "+2 weeks".into())),
        ("every_other_unit", Some(1), with("every", "week".into())),
        ("every_missing", Some(1), with("count", 2.into())),
        ("too_many", Some(1), with("count", 5_000_000_000_u64.into())),
        ("day_not_meant", Some(1), with("day", 300.into())),
    ] {
        let (exit, said) = rate(&["--method", "eu-aprc"], &input);
        assert_eq!((exit, &said["status"]), (2, &"invalid".into()), "{input}");
        assert_eq!(said["code"], code, "{input}");
        assert_eq!(said["entry"], json!(at), "{input}");
        assert!(said["message"].as_str().expect("it").len() > 10, "{input}");
    }
}

#[test]
fn the_method_is_needed_and_help_has_an_example() {
    let run = |arguments: &[&str]| {
        let binary = env!("CARGO_BIN_EXE_prequal");
        Command::new(binary)
            .args(arguments)
            .output()
            .expect("it runs")
    };
    assert_eq!(run(&["loan", "rate"]).status.code(), Some(2));
    let count_in = ["loan", "rate", "--method", "reg-z", "--count-in", "weeks"];
    assert_eq!(run(&count_in).status.code(), Some(2));
    let help = String::from_utf8(run(&["loan", "rate", "--help"]).stdout).expect("UTF-8");
    assert!(help.contains("--method pboc-simple"), "{help}");
}

/// Apache Fineract's end-to-end scenario: 5 000 at 12 % over 18 months.
#[test]
fn a_schedule() {
    let (code, said) = schedule(&json!({
        "principal": "5000", "annual_rate": "0.12", "instalments": 18, "start": "2022-11-01",
        "rounding": {"multiple": "1.00", "direction": "half_up"},
    }));
    assert_eq!((code, &said["status"]), (0, &"ok".into()), "{said}");
    let first = json!({
        "number": 1, "due": "2022-12-01", "payment": "305.00", "principal": "255.00",
        "interest": "50.00", "balance": "4745.00",
    });
    assert_eq!(said["rows"][0], first);
    assert_eq!(said["rows"][17]["payment"], "303.22");
    assert_eq!(
        (&said["interest"], &said["total"]),
        (&"488.22".into(), &"5488.22".into())
    );
}

/// Every plan, calendar and day count can be named.
#[test]
fn each_plan_has_its_schedule() {
    let base = json!({
        "principal": "1000", "annual_rate": "0.12", "instalments": 4, "start": "2026-01-15",
    });
    let last = |member: &str, value: Value| {
        let mut input = base.clone();
        input[member] = value;
        let (code, said) = schedule(&input);
        assert_eq!(code, 0, "{said}");
        let row = &said["rows"][3];
        assert_eq!(row["balance"], "0.00");
        let [due, payment] = ["due", "payment"].map(|m| row[m].as_str().expect("it").to_owned());
        (due, payment)
    };
    for (plan, payment) in [
        (json!({"kind": "equal_instalment"}), "256.26"),
        (json!({"kind": "equal_principal"}), "252.50"),
        (json!({"kind": "bullet"}), "1010.00"),
        (json!({"kind": "flat"}), "260.00"),
        (json!({"kind": "balloon", "share": "0.5"}), "633.14"),
        (json!({"kind": "grace", "nothing": 2}), "507.51"),
        (
            json!({"kind": "grace", "nothing": 2, "deferred": "capitalised"}),
            "517.71",
        ),
        (json!({"kind": "grace", "interest_only": 2}), "507.51"),
        (
            json!({"kind": "stepped", "every": 2, "by": "0.1"}),
            "268.59",
        ),
        (
            json!({"kind": "seasonal", "interest_only": [2, 3], "nothing": []}),
            "507.51",
        ),
    ] {
        let (due, paid) = last("plan", plan.clone());
        assert_eq!(
            (due.as_str(), paid.as_str()),
            ("2026-05-15", payment),
            "{plan}"
        );
    }
    for (every, due) in [
        ("week", "2026-02-12"),
        ("2 weeks", "2026-03-12"),
        ("10 days", "2026-02-24"),
    ] {
        assert_eq!(last("every", every.into()).0, due);
    }
    assert_eq!(last("first_due", "2026-03-31".into()).0, "2026-06-30");
    for day_count in [
        "periods",
        "30/360",
        "actual/365",
        "actual/360",
        "actual/actual",
    ] {
        last("day_count", day_count.into());
    }
}

#[test]
fn what_is_no_schedule_has_its_code() {
    let base = json!({
        "principal": "1000", "annual_rate": "0.12", "instalments": 4, "start": "2026-01-15",
    });
    for (member, value, code) in [
        ("principal", json!("0"), "nothing_lent"),
        ("principal", json!("-5"), "nothing_lent"),
        ("principal", json!(1000), "bad_amount"),
        ("principal", json!("10.005"), "bad_amount"),
        (
            "principal",
            json!("99999999999999999999999999999999999999999999"),
            "amount_too_large",
        ),
        ("annual_rate", json!("10.1"), "rate_out_of_range"),
        ("annual_rate", json!("-0.01"), "rate_out_of_range"),
        ("annual_rate", json!("twelve"), "bad_ratio"),
        ("instalments", json!(0), "instalments_out_of_range"),
        ("instalments", json!(70_000), "instalments_out_of_range"),
        ("start", json!("2026-02-30"), "bad_json"),
        ("start", json!("9999-12-31"), "beyond_calendar"),
        ("first_due", json!("2026-01-15"), "due_too_early"),
        ("first_due", json!("2040-01-15"), "due_too_late"),
        ("every", json!("2 months"), "period_out_of_range"),
        ("every", json!("0 days"), "period_out_of_range"),
        ("every", json!("fortnight"), "bad_every"),
        (
            "plan",
            json!({"kind": "grace", "nothing": 4}),
            "plan_does_not_fit",
        ),
        (
            "plan",
            json!({"kind": "balloon", "share": "1.1"}),
            "plan_does_not_fit",
        ),
        (
            "plan",
            json!({"kind": "seasonal", "nothing": [13]}),
            "bad_month",
        ),
        ("plan", json!({"kind": "bullet", "share": "1"}), "bad_json"),
        (
            "rounding",
            json!({"multiple": "0", "direction": "up"}),
            "rounding_out_of_range",
        ),
        (
            "rounding",
            json!({"multiple": "1000", "direction": "down"}),
            "rounding_out_of_range",
        ),
        ("currency", json!("yuan"), "unknown_currency"),
    ] {
        let mut input = base.clone();
        input[member] = value;
        let (exit, said) = schedule(&input);
        assert_eq!((exit, &said["code"]), (2, &code.into()), "{member}: {said}");
    }
}

/// What is paid early shortens the loan, and comes before the last instalment.
#[test]
fn an_extra_payment_ends_the_loan_sooner() {
    let with = |number: u16| {
        schedule(&json!({
            "principal": "100000", "annual_rate": "0", "instalments": 10, "start": "2026-01-31",
            "extra": {"with": number, "amount": "25000"},
        }))
    };
    let (code, said) = with(3);
    assert_eq!(code, 0, "{said}");
    let rows = said["rows"].as_array().expect("rows");
    let paid: Vec<&Value> = rows.iter().map(|row| &row["payment"]).collect();
    let level = "10000.00";
    let expected = [
        level, level, "35000.00", level, level, level, level, "5000.00",
    ];
    assert_eq!(paid, expected);
    let (code, said) = with(10);
    assert_eq!((code, &said["code"]), (2, &"extra_out_of_range".into()));
}
