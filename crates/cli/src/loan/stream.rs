//! A stream of advances and payments as JSON.

use prequal::loan::rate::{At, Entry, Every, Kind, Stream, StreamError, StreamFault, Unit};
use prequal::{Currency, Date, Money};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A stream, and how its amounts are written.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) stream: Stream,
    /// Digits after the decimal point.
    pub(crate) digits: u8,
}

/// What is wrong with the input.
#[derive(Debug, Serialize)]
pub(crate) struct Wrong {
    /// The stable code.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Which entry of the stream, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entry: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    unit: Option<String>,
    currency: Option<String>,
    stream: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: String,
    amount: Value,
    at: Value,
    every: Option<String>,
    day: Option<u64>,
    count: Option<u64>,
}

impl Told {
    pub(crate) fn read(bytes: &[u8]) -> Result<Told, Wrong> {
        let input: Input = serde_json::from_slice(bytes).map_err(|error| {
            let message = format!(
                "{error}; the input is a JSON object with a list `stream` of objects with \
                 `kind`, `amount`, `at` and maybe `every`, `count`, `day`, and maybe beside the \
                 list `unit` and `currency`"
            );
            wrong("bad_json", message)
        })?;
        let digits = digits(input.currency)?;
        let unit = match input.unit.as_deref() {
            None => Unit::Month,
            Some(name) => unit(name).ok_or_else(|| {
                let message = format!("`{name}` is not one of day, week, semimonth, month, year");
                wrong("unknown_unit", message)
            })?,
        };
        let rows = input.stream.iter().enumerate();
        let entries = rows.map(|(index, row)| {
            row.entry(unit, digits).map_err(|wrong| Wrong {
                entry: Some(index),
                ..wrong
            })
        });
        let entries: Vec<Entry> = entries.collect::<Result<_, _>>()?;
        let stream = Stream::new(&entries)?;
        Ok(Told { stream, digits })
    }
}

impl From<StreamError> for Wrong {
    fn from(error: StreamError) -> Wrong {
        Wrong {
            entry: error.entry,
            ..Wrong::from(error.fault)
        }
    }
}

impl From<StreamFault> for Wrong {
    fn from(fault: StreamFault) -> Wrong {
        wrong(fault.code(), fault.to_string())
    }
}

fn wrong(code: &'static str, message: String) -> Wrong {
    Wrong {
        code,
        message,
        entry: None,
    }
}

/// Digits after the point of a currency's amounts, two without one.
fn digits(currency: Option<String>) -> Result<u8, Wrong> {
    let Some(code) = currency else {
        return Ok(2);
    };
    Currency::try_from(code)
        .map(|currency| currency.minor_digits())
        .map_err(|message| wrong("unknown_currency", message.to_owned()))
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "semimonth" => Unit::Semimonth,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    })
}

impl Row {
    fn entry(&self, unit: Unit, digits: u8) -> Result<Entry, Wrong> {
        let kind = match self.kind.as_str() {
            "advance" => Kind::Advance,
            "payment" => Kind::Payment,
            other => {
                let message = format!("`{other}` is neither `advance` nor `payment`");
                return Err(wrong("unknown_kind", message));
            }
        };
        let count = self.count.unwrap_or(1);
        let day = self.day.map(u8::try_from).transpose();
        Ok(Entry {
            kind,
            amount: amount(&self.amount, usize::from(digits))?,
            at: at(&self.at, unit)?,
            day: day.map_err(|_| StreamFault::DayNotMeant)?,
            every: self.every.as_deref().map(every).transpose()?,
            count: u32::try_from(count).map_err(|_| StreamFault::TooMany)?,
        })
    }
}

/// A decimal number in a string, exactly.
fn amount(value: &Value, digits: usize) -> Result<Money, Wrong> {
    let bad = || {
        let message = format!(
            "`{value}` is not an amount: a decimal number in a string with up to {digits} digits \
             after the point, such as \"1432\""
        );
        wrong("bad_amount", message)
    };
    let text = value.as_str().ok_or_else(bad)?;
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return Err(bad()),
        Some(parts) => parts,
        None => (text, ""),
    };
    let number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !number(whole) || !number(fraction) || fraction.len() > digits {
        return Err(bad());
    }
    let minor = format!("{whole}{fraction:0<digits$}");
    let minor: i64 = minor.parse().map_err(|_| StreamFault::AmountTooLarge)?;
    Ok(Money::new(sign * minor))
}

/// A date, or the number of a period.
fn at(value: &Value, unit: Unit) -> Result<At, Wrong> {
    if let Some(number) = value.as_u64() {
        let number = u32::try_from(number).map_err(|_| StreamFault::OutOfCalendar)?;
        return Ok(At::Period(number, unit));
    }
    let date = value.as_str().and_then(|text| text.parse::<Date>().ok());
    date.map(At::Date).ok_or_else(|| {
        let message = format!(
            "`{value}` is not a time: a day of the calendar as \"2026-01-31\", or the whole \
             number of a period from 0"
        );
        wrong("bad_time", message)
    })
}

/// `month`, `2 weeks`.
fn every(text: &str) -> Result<Every, Wrong> {
    let parsed = match text.split_once(' ') {
        None => unit(text).map(|unit| Every { number: 1, unit }),
        Some((number, name)) => {
            let name = name.strip_suffix('s').unwrap_or(name);
            let digits = number.bytes().all(|digit| digit.is_ascii_digit());
            let number = number.parse().ok().filter(|_| digits);
            number.and_then(|number| {
                Some(Every {
                    number,
                    unit: unit(name)?,
                })
            })
        }
    };
    parsed.ok_or_else(|| {
        let message = format!(
            "`{text}` is not a distance: day, week, semimonth, month or year, or a number of \
             them up to 65535, such as \"2 weeks\""
        );
        wrong("bad_every", message)
    })
}
