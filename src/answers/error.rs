//! What is wrong with an answer, by field.

use core::fmt;
use serde::{Deserialize, Serialize};

/// One wrong field. All of them are reported at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AnswerError {
    /// The question; or `request.product`, `request.amount`, `request.term`, `as_of`.
    pub field: String,
    /// What is wrong.
    pub code: AnswerFault,
    /// The least value that would do, in the unit of the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub minimum: Option<i64>,
    /// The largest value that would do, in the unit of the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub maximum: Option<i64>,
}

/// What can be wrong with an answer; the names are stable codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum AnswerFault {
    /// No answer to a question that needs one.
    Missing,
    /// An answer of another type than the question's.
    WrongType,
    /// A number with decimals, or not finite.
    NotWhole,
    /// Below `minimum`.
    TooSmall,
    /// Above `maximum`.
    TooLarge,
    /// Not a whole number of the question's steps above its least value.
    OffStep,
    /// Not one of the options.
    UnknownOption,
    /// Not a day of the calendar as `YYYY-MM-DD`.
    NotADate,
    /// A field that the policy does not have.
    UnknownField,
}

impl AnswerFault {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            AnswerFault::Missing => "missing",
            AnswerFault::WrongType => "wrong_type",
            AnswerFault::NotWhole => "not_whole",
            AnswerFault::TooSmall => "too_small",
            AnswerFault::TooLarge => "too_large",
            AnswerFault::OffStep => "off_step",
            AnswerFault::UnknownOption => "unknown_option",
            AnswerFault::NotADate => "not_a_date",
            AnswerFault::UnknownField => "unknown_field",
        }
    }
}

impl AnswerError {
    pub(crate) fn new(field: impl Into<String>, code: AnswerFault) -> AnswerError {
        AnswerError {
            field: field.into(),
            code,
            minimum: None,
            maximum: None,
        }
    }

    /// The error of a number that is outside its bounds, if it is.
    pub(crate) fn outside(field: &str, value: i64, low: i64, high: i64) -> Option<AnswerError> {
        let code = match value {
            v if v < low => AnswerFault::TooSmall,
            v if v > high => AnswerFault::TooLarge,
            _ => return None,
        };
        let bounds = (Some(low), Some(high));
        Some(AnswerError {
            field: field.to_owned(),
            code,
            minimum: bounds.0,
            maximum: bounds.1,
        })
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.field, self.code.code())?;
        match (self.minimum, self.maximum) {
            (Some(low), Some(high)) => write!(f, ", from {low} to {high}"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for AnswerError {}
