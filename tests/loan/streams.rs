//! Streams written as rows: kind, amount, first date or period, and for more
//! than one how far apart and how many.

use prequal::Money;
use prequal::loan::rate::{At, Entry, Every, Kind, Stream, Unit};
use serde_json::Value;

/// A stream of rows; periods are months.
pub(crate) fn stream(rows: &Value) -> Stream {
    let entries: Vec<Entry> = rows.as_array().unwrap().iter().map(entry).collect();
    Stream::new(&entries).unwrap()
}

fn entry(row: &Value) -> Entry {
    let at = match row[2].as_str() {
        Some(date) => At::Date(date.parse().unwrap()),
        None => At::Period(row[2].as_u64().unwrap() as u32, Unit::Month),
    };
    Entry {
        kind: match row[0].as_str().unwrap() {
            "advance" => Kind::Advance,
            "payment" => Kind::Payment,
            other => panic!("{other} is no kind"),
        },
        amount: money(row[1].as_str().unwrap()),
        at,
        day: None,
        every: row[3].as_str().map(every),
        count: row[4].as_u64().unwrap_or(1) as u32,
    }
}

/// `1432.86` in minor units.
pub(crate) fn money(text: &str) -> Money {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "00"));
    assert_eq!(cents.len(), 2, "{text}");
    Money::new(whole.parse::<i64>().unwrap() * 100 + cents.parse::<i64>().unwrap())
}

fn every(text: &str) -> Every {
    let (number, unit) = text.split_once(' ').unwrap_or(("1", text));
    let unit = match unit.trim_end_matches('s') {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "semimonth" => Unit::Semimonth,
        "month" => Unit::Month,
        "year" => Unit::Year,
        other => panic!("{other} is no unit"),
    };
    let number = number.parse().unwrap();
    Every { number, unit }
}
