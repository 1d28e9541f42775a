//! `prequal loan rate`.

use std::path::Path;

use clap::ValueEnum;
use prequal::loan::rate::{Event, Kind, RateError, Stream, When, Whole, eu_aprc, pboc, reg_z};
use prequal::{Money, Ratio};
use serde::Serialize;

use super::stream::Told;
use super::told::Wrong;
use crate::figure;
use crate::output::{self, Answer, Failure};
use crate::source;

/// Work out the annual rate of what is paid out and paid back: a JSON object
/// on standard input, a JSON object on standard output
#[derive(clap::Args, Debug)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// By what rule
    #[arg(long, value_enum)]
    method: Method,
    /// What eu-aprc counts intervals in, before the days that remain; as the
    /// stream's payments come if it is not given
    #[arg(long, value_enum, value_name = "UNITS")]
    count_in: Option<Units>,
    /// Tell the time of every advance and payment as it was counted
    #[arg(long)]
    times: bool,
}

const HELP: &str = r#"Example: a loan of 100000 with a fee of 1000 and twelve instalments
  echo '{"stream": [
    {"kind": "advance", "amount": "100000", "at": 0},
    {"kind": "payment", "amount": "1000", "at": 0},
    {"kind": "payment", "amount": "8833.30", "at": 1, "every": "month", "count": 12}
  ]}' | prequal loan rate --method pboc-simple
and one by dates, the last day of each month from February on:
  {"stream": [
    {"kind": "advance", "amount": "6000", "at": "2026-01-10"},
    {"kind": "payment", "amount": "550.00", "at": "2026-02-28", "day": 31, "every": "month", "count": 12}
  ]}

The input:
  stream    a list, in any order, of
    kind    "advance", by the lender, or "payment", by the borrower: instalments
            and every cost that the rule counts, also before the advance
    amount  of each, above zero: a decimal number in a string
    at      the first, or the only one: a date, or a whole number of periods
            after the beginning; all of a stream are of one kind
    every   how far apart: day, week, semimonth, month or year, or a number of
            them, such as "2 weeks"; needed for more than one
    count   how many there are; 1 if it is not given
    day     the day of the month that is meant, 29 to 31, where the first date
            is the last of a shorter month; 31 is always the last
  unit      what periods count: day, week, semimonth, month or year; month if
            it is not given
  currency  whose digits after the point amounts have; two if it is not given

The output: "rate" a year ("0.0969" is 9.69 %), the same in per cent and in
millionths, what it is and by which rule, and how times were counted. With
"status": "invalid" or "no_rate" come a "code" and a "message" instead, and
the "entry", from 0, where one is wrong.

Exit codes: 0 a rate, 1 none or several solve it, 2 bad use or input"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Method {
    /// People's Bank of China, announcement [2021] No. 3: twelve times the
    /// monthly internal rate of return
    PbocSimple,
    /// The same, the monthly rate compounded over a year
    PbocCompound,
    /// United States, Regulation Z, Appendix J: the actuarial method
    RegZ,
    /// European Union, Directives 2008/48/EC and (EU) 2023/2225: the annual
    /// percentage rate of charge
    EuAprc,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Units {
    Years,
    Months,
    Weeks,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Answered {
    Ok {
        method: Method,
        rate: String,
        percent: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        millionths: Option<i64>,
        #[serde(rename = "is")]
        meaning: &'static str,
        by: &'static str,
        counted: Counted,
        #[serde(skip_serializing_if = "Option::is_none")]
        times: Option<Vec<Timed>>,
    },
    Invalid(Wrong),
    NoRate {
        code: &'static str,
        message: String,
    },
}

/// How times were counted.
#[derive(Serialize)]
struct Counted {
    /// In what unit.
    #[serde(rename = "in")]
    unit: String,
    /// How many of it are in a year.
    per_year: String,
    /// When counting begins.
    from: String,
    /// The time of the first payment.
    first_payment: String,
    /// The time of the last event.
    last: String,
}

#[derive(Serialize)]
struct Timed {
    at: String,
    kind: &'static str,
    amount: String,
    time: String,
}

/// A rate, and how it was counted.
struct Found {
    rate: f64,
    unit: String,
    per_year: String,
    times: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    if arguments.count_in.is_some() && arguments.method != Method::EuAprc {
        let message = "`--count-in` goes with `--method eu-aprc`";
        return Err(Failure(message.to_owned()));
    }
    let input = source::bytes(Path::new("-"))?;
    let told = match Told::read(&input) {
        Ok(told) => told,
        Err(wrong) => {
            let failure = match wrong.entry {
                Some(entry) => format!("entry {entry}: {}: {}", wrong.code, wrong.message),
                None => format!("{}: {}", wrong.code, wrong.message),
            };
            output::say_json(&Answered::Invalid(wrong));
            return Err(Failure(failure));
        }
    };
    Ok(match found(arguments, &told.stream) {
        Ok(found) => {
            output::say_json(&answered(arguments, &told, found));
            Answer::Yes
        }
        Err(error) => {
            output::say_json(&Answered::NoRate {
                code: error.code(),
                message: error.to_string(),
            });
            Answer::No
        }
    })
}

fn found(arguments: &Arguments, stream: &Stream) -> Result<Found, RateError> {
    Ok(match arguments.method {
        Method::PbocSimple | Method::PbocCompound => {
            let found = pboc(stream)?;
            Found {
                rate: match arguments.method {
                    Method::PbocSimple => found.simple,
                    _ => found.compound,
                },
                unit: "month".to_owned(),
                per_year: "12".to_owned(),
                times: found.intervals.iter().map(told).collect(),
            }
        }
        Method::RegZ => {
            let found = reg_z(stream)?;
            Found {
                rate: found.rate,
                unit: found.unit_period.to_string(),
                per_year: match found.unit_period.per_year() {
                    (whole, 1) => whole.to_string(),
                    (numerator, denominator) => format!("{numerator}/{denominator}"),
                },
                times: found.times.iter().map(told).collect(),
            }
        }
        Method::EuAprc => {
            let whole = arguments.count_in.map(|units| match units {
                Units::Years => Whole::Years,
                Units::Months => Whole::Months,
                Units::Weeks => Whole::Weeks,
            });
            let found = eu_aprc(stream, whole)?;
            let unit = match found.whole {
                Whole::Years => "year",
                Whole::Months => "month",
                Whole::Weeks => "week",
            };
            Found {
                rate: found.rate,
                unit: unit.to_owned(),
                per_year: found.whole.unit().per_year().to_string(),
                times: found.intervals.iter().map(told).collect(),
            }
        }
    })
}

fn told(time: &impl ToString) -> String {
    time.to_string()
}

fn answered(arguments: &Arguments, told: &Told, found: Found) -> Answered {
    let events = told.stream.events();
    let method = arguments.method;
    // Where counting begins: the first drawdown, or the first of all.
    let begin = match method {
        Method::EuAprc => events.iter().find(|event| event.kind == Kind::Advance),
        _ => events.first(),
    };
    let first_payment = events.iter().position(|event| event.kind == Kind::Payment);
    let first_payment = first_payment.and_then(|index| found.times.get(index));
    let (meaning, by) = match method {
        Method::PbocSimple => (
            "simple: twelve times the monthly internal rate of return",
            "People's Bank of China, announcement [2021] No. 3",
        ),
        Method::PbocCompound => (
            "compound: the monthly internal rate of return compounded over a year",
            "People's Bank of China, announcement [2021] No. 3",
        ),
        Method::RegZ => (
            "nominal: the rate of a unit-period times the unit-periods in a year",
            "12 CFR Part 1026 (Regulation Z), Appendix J, actuarial method",
        ),
        Method::EuAprc => (
            "effective: compounded over a year",
            "Directive 2008/48/EC, Annex I; Directive (EU) 2023/2225, Annex III",
        ),
    };
    Answered::Ok {
        method,
        rate: format!("{:.8}", found.rate),
        percent: format!("{:.6}", found.rate * 100.0),
        millionths: Ratio::nearest(found.rate).map(Ratio::millionths),
        meaning,
        by,
        counted: Counted {
            unit: found.unit,
            per_year: found.per_year,
            from: begin.map(|event| when(event.at)).unwrap_or_default(),
            first_payment: first_payment.cloned().unwrap_or_default(),
            last: found.times.last().cloned().unwrap_or_default(),
        },
        times: arguments.times.then(|| {
            let pairs = events.iter().zip(found.times);
            let timed = pairs.map(|(event, time)| timed(event, told.digits, time));
            timed.collect()
        }),
    }
}

fn timed(event: &Event<When>, digits: u8, time: String) -> Timed {
    let amount = |amount: Money| figure::decimal(amount.minor(), usize::from(digits));
    Timed {
        at: when(event.at),
        kind: match event.kind {
            Kind::Advance => "advance",
            Kind::Payment => "payment",
        },
        amount: amount(event.amount),
        time,
    }
}

/// A date, or days or months after the beginning.
fn when(at: When) -> String {
    match at {
        When::Date(date) => date.to_string(),
        When::Days(days) => format!("day {days}"),
        When::HalfMonths(halves) if halves % 2 == 0 => format!("month {}", halves / 2),
        When::HalfMonths(halves) => format!("semimonth {halves}"),
    }
}
