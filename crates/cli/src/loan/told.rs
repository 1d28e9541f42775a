//! What both commands take: amounts, distances, and what is wrong with them.

use prequal::loan::rate::{Every, Unit};
use prequal::{Currency, Money};
use serde::Serialize;
use serde_json::Value;

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

pub(super) fn wrong(code: &'static str, message: String) -> Wrong {
    Wrong {
        code,
        message,
        entry: None,
    }
}

/// Digits after the point of a currency's amounts, two without one.
pub(super) fn digits(currency: Option<String>) -> Result<u8, Wrong> {
    let Some(code) = currency else {
        return Ok(2);
    };
    Currency::try_from(code)
        .map(|currency| currency.minor_digits())
        .map_err(|message| wrong("unknown_currency", message.to_owned()))
}

/// An amount with at most so many digits after the point.
pub(super) fn amount(value: &Value, digits: u8) -> Result<Money, Wrong> {
    let minor = decimal(value, digits).ok_or_else(|| {
        let message = format!(
            "`{value}` is not an amount: a decimal number in a string with up to {digits} digits \
             after the point, such as \"1432\""
        );
        wrong("bad_amount", message)
    })?;
    i64::try_from(minor).map(Money::new).map_err(|_| {
        let message = format!("`{value}`: an amount is at most 2^53 - 1 minor units");
        wrong("amount_too_large", message)
    })
}

/// A decimal number in a string, in units of its last digit.
pub(super) fn decimal(value: &Value, digits: u8) -> Option<i128> {
    let text = value.as_str()?;
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (text, ""),
    };
    let number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let digits = usize::from(digits);
    if whole.is_empty() || !number(whole) || !number(fraction) || fraction.len() > digits {
        return None;
    }
    // Whatever has more digits than any bound is as good as the largest.
    let units = format!("{whole}{fraction:0<digits$}");
    Some(sign * units.parse::<i128>().unwrap_or(i128::MAX))
}

/// A unit by its name.
pub(super) fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "semimonth" => Unit::Semimonth,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    })
}

/// `month`, `2 weeks`.
pub(super) fn every(text: &str) -> Result<Every, Wrong> {
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
