//! `prequal loan schedule`.

use std::path::Path;

use prequal::loan::rate::Unit;
use prequal::loan::{
    DayCount, Deferred, ExtraPayment, Frequency, Instalment, InstalmentRounding, LoanError,
    LoanTerms, Months, Plan, Schedule,
};
use prequal::{Date, Money, Ratio, Rounding};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::told::{self, Wrong, wrong};
use crate::figure;
use crate::output::{self, Answer, Failure};
use crate::source;

/// Work out when what is to be paid back: a JSON object on standard input, a
/// JSON object on standard output
#[derive(clap::Args, Debug)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {}

const HELP: &str = r#"Example: 100000 at 6 % over twelve months
  echo '{"principal": "100000", "annual_rate": "0.06", "instalments": 12,
    "start": "2026-01-31"}' | prequal loan schedule
and a nursery's, which pays interest alone in April and May:
  {"principal": "50000", "annual_rate": "0.084", "instalments": 12, "start": "2026-01-31",
    "plan": {"kind": "seasonal", "interest_only": [4, 5]}}

The input:
  principal    what is lent, above zero: a decimal number in a string
  annual_rate  the nominal yearly rate, "0" to "10" (1 000 %)
  instalments  how many, 1 to 1040
  start        the day it is paid out
  first_due    the day the first instalment is due; a period later if not given
  every        month, week, day, or a number of weeks or days up to 366 days,
               such as "2 weeks"; month if it is not given
  day_count    how interest is counted: "periods", each month a twelfth and each
               week a 52nd of a year, if it is not given; "30/360", "actual/365",
               "actual/360", "actual/actual" by the 2006 ISDA Definitions
  plan         an object with a "kind"; equal_instalment if it is not given
    equal_instalment, equal_principal, bullet (interest, then all principal),
    flat (interest on all that was lent, with equal parts of it)
    balloon    share: what of the principal is left to the end, such as "0.3"
    grace      nothing, interest_only: how many instalments at first; deferred
    stepped    every: after how many instalments, by: a ratio such as "0.05"
    seasonal   nothing, interest_only: lists of months, 1 to 12; deferred
    deferred   what becomes of interest where nothing is paid: "caught_up" with
               the next instalment, if it is not given, or "capitalised"
  rounding     of level instalments and equal parts: {"multiple": "1.00",
               "direction": "up", "down" or "half_up"}; up to the smallest unit
               if it is not given. The last instalment takes what is left
  extra        something paid on top of one instalment before the last, such as
               {"with": 3, "amount": "10000"}; the others stay as they were, and
               the rows end with the one that leaves nothing owed
  currency     whose digits after the point amounts have; two if it is not given

The output: "rows" with number, due, payment, principal, interest, balance;
"interest" and "total". With "status": "invalid" come a "code" and a "message".

Exit codes: 0 a schedule, 2 bad use or input"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    principal: Value,
    annual_rate: Value,
    instalments: u64,
    start: Date,
    first_due: Option<Date>,
    every: Option<String>,
    day_count: Option<DayCountTold>,
    plan: Option<PlanTold>,
    rounding: Option<RoundingTold>,
    extra: Option<ExtraTold>,
    currency: Option<String>,
}

#[derive(Deserialize)]
enum DayCountTold {
    #[serde(rename = "periods")]
    Periods,
    #[serde(rename = "30/360")]
    Thirty360,
    #[serde(rename = "actual/365")]
    Actual365,
    #[serde(rename = "actual/360")]
    Actual360,
    #[serde(rename = "actual/actual")]
    ActualActual,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum PlanTold {
    EqualInstalment {},
    EqualPrincipal {},
    Bullet {},
    Flat {},
    Balloon {
        share: Value,
    },
    Grace {
        #[serde(default)]
        nothing: u16,
        #[serde(default)]
        interest_only: u16,
        #[serde(default)]
        deferred: DeferredTold,
    },
    Stepped {
        every: u16,
        by: Value,
    },
    Seasonal {
        #[serde(default)]
        nothing: Vec<u8>,
        #[serde(default)]
        interest_only: Vec<u8>,
        #[serde(default)]
        deferred: DeferredTold,
    },
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeferredTold {
    #[default]
    CaughtUp,
    Capitalised,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundingTold {
    multiple: Value,
    direction: DirectionTold,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraTold {
    with: u16,
    amount: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum DirectionTold {
    Up,
    Down,
    HalfUp,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Answered {
    Ok {
        rows: Vec<Row>,
        interest: String,
        total: String,
    },
    Invalid(Wrong),
}

#[derive(Serialize)]
struct Row {
    number: u16,
    due: String,
    payment: String,
    principal: String,
    interest: String,
    balance: String,
}

pub(crate) fn run(_: &Arguments) -> Result<Answer, Failure> {
    let input = source::bytes(Path::new("-"))?;
    match schedule(&input) {
        Ok(schedule) => {
            output::say_json(&schedule);
            Ok(Answer::Yes)
        }
        Err(wrong) => {
            let failure = format!("{}: {}", wrong.code, wrong.message);
            output::say_json(&Answered::Invalid(wrong));
            Err(Failure(failure))
        }
    }
}

fn schedule(bytes: &[u8]) -> Result<Answered, Wrong> {
    let input: Input = serde_json::from_slice(bytes).map_err(|error| {
        let message = format!("{error}; `prequal loan schedule --help` says what belongs here");
        wrong("bad_json", message)
    })?;
    let digits = told::digits(input.currency.clone())?;
    let terms = input.terms(digits)?;
    let schedule = Schedule::of(&terms)?;
    let interest = schedule.interest().ok_or(LoanError::TooLarge)?;
    let total = terms.principal.plus(interest).ok_or(LoanError::TooLarge)?;
    let amount = |amount: Money| figure::decimal(amount.minor(), usize::from(digits));
    let row = |row: Instalment| Row {
        number: row.number,
        due: row.due.to_string(),
        payment: amount(row.payment),
        principal: amount(row.principal),
        interest: amount(row.interest),
        balance: amount(row.balance),
    };
    Ok(Answered::Ok {
        rows: schedule.instalments().map(row).collect(),
        interest: amount(interest),
        total: amount(total),
    })
}

impl From<LoanError> for Wrong {
    fn from(error: LoanError) -> Wrong {
        wrong(error.code(), error.to_string())
    }
}

impl Input {
    fn terms(&self, digits: u8) -> Result<LoanTerms, Wrong> {
        let instalments = u16::try_from(self.instalments).map_err(|_| LoanError::Instalments)?;
        let principal = told::amount(&self.principal, digits)?;
        let annual_rate = ratio(&self.annual_rate)?;
        Ok(LoanTerms {
            first_due: self.first_due,
            frequency: self
                .every
                .as_deref()
                .map_or(Ok(Frequency::Monthly), frequency)?,
            day_count: match self.day_count {
                None | Some(DayCountTold::Periods) => DayCount::Periods,
                Some(DayCountTold::Thirty360) => DayCount::Thirty360,
                Some(DayCountTold::Actual365) => DayCount::Actual365,
                Some(DayCountTold::Actual360) => DayCount::Actual360,
                Some(DayCountTold::ActualActual) => DayCount::ActualActual,
            },
            plan: self.plan.as_ref().map_or(Ok(Plan::EqualInstalment), plan)?,
            rounding: match &self.rounding {
                None => InstalmentRounding::MINOR,
                Some(told) => InstalmentRounding {
                    multiple: told::amount(&told.multiple, digits)?,
                    direction: match told.direction {
                        DirectionTold::Up => Rounding::Up,
                        DirectionTold::Down => Rounding::Down,
                        DirectionTold::HalfUp => Rounding::HalfUp,
                    },
                },
            },
            extra: self
                .extra
                .as_ref()
                .map(|extra| extra.meant(digits))
                .transpose()?,
            ..LoanTerms::monthly(principal, annual_rate, instalments, self.start)
        })
    }
}

fn plan(told: &PlanTold) -> Result<Plan, Wrong> {
    Ok(match told {
        PlanTold::EqualInstalment {} => Plan::EqualInstalment,
        PlanTold::EqualPrincipal {} => Plan::EqualPrincipal,
        PlanTold::Bullet {} => Plan::Bullet,
        PlanTold::Flat {} => Plan::Flat,
        PlanTold::Balloon { share } => Plan::Balloon {
            share: ratio(share)?,
        },
        PlanTold::Grace {
            nothing,
            interest_only,
            deferred,
        } => Plan::Grace {
            nothing: *nothing,
            interest_only: *interest_only,
            deferred: deferred.meant(),
        },
        PlanTold::Stepped { every, by } => Plan::Stepped {
            every: *every,
            by: ratio(by)?,
        },
        PlanTold::Seasonal {
            nothing,
            interest_only,
            deferred,
        } => Plan::Seasonal {
            nothing: months(nothing)?,
            interest_only: months(interest_only)?,
            deferred: deferred.meant(),
        },
    })
}

impl ExtraTold {
    fn meant(&self, digits: u8) -> Result<ExtraPayment, Wrong> {
        Ok(ExtraPayment {
            with: self.with,
            amount: told::amount(&self.amount, digits)?,
        })
    }
}

impl DeferredTold {
    fn meant(&self) -> Deferred {
        match self {
            DeferredTold::CaughtUp => Deferred::CaughtUp,
            DeferredTold::Capitalised => Deferred::Capitalised,
        }
    }
}

/// A ratio of up to six decimals is an amount of millionths.
fn ratio(value: &Value) -> Result<Ratio, Wrong> {
    let millionths = told::decimal(value, 6).and_then(|ratio| i64::try_from(ratio).ok());
    millionths.map(Ratio::new).ok_or_else(|| {
        let message = format!(
            "`{value}` is not a ratio: a decimal number in a string with up to 6 digits after \
                 the point, such as \"0.06\""
        );
        wrong("bad_ratio", message)
    })
}

fn months(told: &[u8]) -> Result<Months, Wrong> {
    Months::of(told).ok_or_else(|| wrong("bad_month", format!("`{told:?}`: a month is 1 to 12")))
}

/// `month`, `week`, `10 days`.
fn frequency(text: &str) -> Result<Frequency, Wrong> {
    let told = told::every(text)?;
    let days = match told.unit {
        Unit::Month if told.number == 1 => return Ok(Frequency::Monthly),
        Unit::Week => told.number.checked_mul(7),
        Unit::Day => Some(told.number),
        _ => None,
    };
    let days = days.filter(|days| (1..=366).contains(days));
    days.map(Frequency::Days)
        .ok_or_else(|| LoanError::Period.into())
}
