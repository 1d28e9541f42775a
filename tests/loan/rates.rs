//! Annual rates against the figures that the standards publish.

use prequal::loan::rate::{Kind, Whole, eu_aprc, pboc, reg_z};
use serde_json::{Value, json};

use crate::streams::stream;

fn file(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The unit-period, how many are in a year, when the first payment is, and the
/// rate to the hundredth of a per cent.
#[test]
fn regulation_z() {
    let file = file(include_str!("vectors/reg_z.json"));
    for case in file["cases"].as_array().unwrap() {
        let stream = stream(&case["stream"]);
        let found = reg_z(&stream).unwrap();
        let events = stream.events();
        let first = events.iter().position(|event| event.kind == Kind::Payment);
        let per_year = match found.unit_period.per_year() {
            (whole, 1) => whole.to_string(),
            (numerator, denominator) => format!("{numerator}/{denominator}"),
        };
        let told = json!({
            "ref": case["ref"],
            "percent": (found.rate * 1e4).round() / 1e2,
            "unit_period": found.unit_period.to_string(),
            "per_year": per_year,
            "first_payment": found.times[first.unwrap()].to_string(),
            "stream": case["stream"],
        });
        assert_eq!(&told, case);
    }
}

/// What a stream is counted in is found from its periods.
#[test]
fn unit_periods() {
    let file = file(include_str!("vectors/unit_periods.json"));
    for case in file["cases"].as_array().unwrap() {
        let stream = stream(&case["stream"]);
        let told = json!({
            "why": case["why"],
            "unit_period": reg_z(&stream).unwrap().unit_period.to_string(),
            "eu": format!("{:?}", eu_aprc(&stream, None).unwrap().whole).to_lowercase(),
            "stream": case["stream"],
        });
        assert_eq!(&told, case);
    }
}

/// As close as the examples' instalments, which are rounded to the cent.
#[test]
fn european_union() {
    let file = file(include_str!("vectors/eu_aprc.json"));
    for case in file["cases"].as_array().unwrap() {
        let found = eu_aprc(&stream(&case["stream"]), None).unwrap();
        let off = found.rate * 100.0 - case["percent"].as_f64().unwrap();
        assert!(
            off.abs() <= file["tolerance"].as_f64().unwrap(),
            "{}",
            case["ref"]
        );
    }
}

#[test]
fn intervals_of_the_european_union() {
    let file = file(include_str!("vectors/eu_aprc.json"));
    for case in file["intervals"].as_array().unwrap() {
        let stream = stream(&json!([
            ["advance", "100", case[0]],
            ["payment", "101", case[1]]
        ]));
        let whole = match case[2].as_str().unwrap() {
            "years" => Whole::Years,
            "months" => Whole::Months,
            _ => Whole::Weeks,
        };
        let found = eu_aprc(&stream, Some(whole)).unwrap();
        let [first, later] = found.intervals[..] else {
            panic!("{case}")
        };
        assert_eq!(first.to_string(), "0");
        assert_eq!(later.to_string(), case[3].as_str().unwrap(), "{case}");
    }
}

/// Announcement [2021] No. 3, its annex.
#[test]
fn peoples_bank_of_china() {
    let rows = json!([
        ["advance", "100000", 0],
        ["payment", "1000", 0],
        ["payment", "8833.30", 1, "month", 12],
    ]);
    let found = pboc(&stream(&rows)).unwrap();
    assert_eq!(format!("{:.2}", found.simple * 100.0), "12.80");
    assert_eq!(format!("{:.2}", found.compound * 100.0), "13.58");
}
