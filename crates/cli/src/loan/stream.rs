//! A stream of advances and payments as JSON.

use prequal::Date;
use prequal::loan::rate::{At, Entry, Kind, Stream, StreamError, StreamFault, Unit};
use serde::Deserialize;
use serde_json::Value;

use super::told::{Wrong, amount, digits, every, unit, wrong};

/// A stream, and how its amounts are written.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) stream: Stream,
    /// Digits after the decimal point.
    pub(crate) digits: u8,
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
            amount: amount(&self.amount, digits)?,
            at: at(&self.at, unit)?,
            day: day.map_err(|_| StreamFault::DayNotMeant)?,
            every: self.every.as_deref().map(every).transpose()?,
            count: u32::try_from(count).map_err(|_| StreamFault::TooMany)?,
        })
    }
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
