//! What an assessment reads of JavaScript: answers, requests, dates, summaries.

use tsify::Ts;

use super::read::{entries, json, wrong_type};
use crate::{
    Answer, AnswerError, AnswerFault, Answers, Date, Json, Money, Ratio, Request, SummaryError,
    SummaryFields,
};

/// Answers by question.
///
/// # Errors
/// Every answer that is neither a number, a string nor a boolean.
pub(super) fn answers(value: &Ts<Answers>) -> Result<Answers, Vec<AnswerError>> {
    let mut answers = Answers::default();
    let mut errors = Vec::new();
    for (question, value) in entries(&value.js_value()).ok_or_else(|| wrong_type("answers"))? {
        let answer = match (value.as_f64(), value.as_bool(), value.as_string()) {
            (Some(number), _, _) => Answer::Number(number),
            (_, Some(flag), _) => Answer::Flag(flag),
            (_, _, Some(text)) => Answer::Text(text),
            _ => {
                errors.extend(wrong_type(&question));
                continue;
            }
        };
        answers.set(question, answer);
    }
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(errors)
    }
}

/// What is asked for.
///
/// # Errors
/// Something else than an object of exactly a request's members.
pub(super) fn request(value: &Ts<Request>) -> Result<Request, Vec<AnswerError>> {
    json(value)
        .as_ref()
        .and_then(Request::from_json)
        .ok_or_else(|| wrong_type("request"))
}

/// A date as `YYYY-MM-DD`.
///
/// # Errors
/// Something else.
pub(super) fn date(text: &str) -> Result<Date, Vec<AnswerError>> {
    text.parse()
        .map_err(|_| vec![AnswerError::new("as_of", AnswerFault::NotADate)])
}

/// A request and a date; all that is wrong with their types at once.
///
/// # Errors
/// As above.
pub(super) fn dated(
    request: &Ts<Request>,
    as_of: &str,
) -> Result<(Request, Date), Vec<AnswerError>> {
    match (self::request(request), date(as_of)) {
        (Ok(request), Ok(as_of)) => Ok((request, as_of)),
        (request, as_of) => {
            let mut errors = request.err().unwrap_or_default();
            errors.extend(as_of.err().unwrap_or_default());
            Err(errors)
        }
    }
}

/// Answers, a request and a date; all that is wrong with their types at once.
///
/// # Errors
/// As above.
pub(super) fn inputs(
    answers: &Ts<Answers>,
    request: &Ts<Request>,
    as_of: &str,
) -> Result<(Answers, Request, Date), Vec<AnswerError>> {
    match (self::answers(answers), dated(request, as_of)) {
        (Ok(answers), Ok((request, as_of))) => Ok((answers, request, as_of)),
        (answers, dated) => {
            let mut errors = answers.err().unwrap_or_default();
            errors.extend(dated.err().unwrap_or_default());
            Err(errors)
        }
    }
}

/// The members of a summary.
///
/// # Errors
/// [`SummaryError::Malformed`] for something else.
pub(super) fn summary(value: &Ts<SummaryFields>) -> Result<SummaryFields, SummaryError> {
    SummaryFields::from_json(&json(value).ok_or(SummaryError::Malformed)?)
}

/// The member with this name as an amount in minor units.
pub(super) fn money(object: &Json, name: &str) -> Option<Money> {
    object.as_object()?.get(name)?.as_integer().map(Money::new)
}

/// The member with this name as a ratio in millionths.
pub(super) fn ratio(object: &Json, name: &str) -> Option<Ratio> {
    object.as_object()?.get(name)?.as_integer().map(Ratio::new)
}

/// The member with this name as a count of months or instalments.
pub(super) fn count(object: &Json, name: &str) -> Option<u16> {
    object.as_object()?.get(name)?.as_integer()?.try_into().ok()
}
