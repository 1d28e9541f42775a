//! Plain objects of JavaScript as values of this crate.
//!
//! Written by hand, through [`Json`]: a general deserialiser brings the
//! printing of floating-point numbers and of every error it knows, a third of
//! the module.

use js_sys::{Array, Object};
use tsify::{Ts, Tsify};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    Answer, AnswerError, AnswerFault, Answers, Date, Json, LARGEST, Money, Ratio, Request,
    SummaryError, SummaryFields,
};

/// A value that consists of objects, arrays, whole numbers, strings and
/// booleans. Members that are `null` or `undefined` are left out.
pub(super) fn json<T: Tsify>(value: &Ts<T>) -> Option<Json> {
    plain(&value.js_value(), Json::MAX_DEPTH)
}

fn plain(value: &JsValue, depth: usize) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    if let Some(text) = value.as_string() {
        return Some(Json::String(text));
    }
    if let Some(number) = value.as_f64() {
        return whole(number).map(Json::Integer);
    }
    if let Some(truth) = value.as_bool() {
        return Some(Json::Bool(truth));
    }
    if let Some(array) = value.dyn_ref::<Array>() {
        let values: Option<Vec<Json>> = array.iter().map(|value| plain(&value, depth)).collect();
        return values.map(Json::Array);
    }
    let mut members = Vec::new();
    for (name, value) in entries(value)? {
        members.push((name, plain(&value, depth)?));
    }
    Some(Json::object(members))
}

fn whole(number: f64) -> Option<i64> {
    let whole = number == number.floor() && number.abs() <= LARGEST as f64;
    whole.then_some(number as i64)
}

/// The members of an object that are not `null` or `undefined`.
fn entries(value: &JsValue) -> Option<impl Iterator<Item = (String, JsValue)>> {
    let object = value
        .dyn_ref::<Object>()
        .filter(|object| !object.is_function())?;
    let entry = |entry: JsValue| {
        let entry = Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1)))
    };
    let there = |(_, value): &(String, JsValue)| !value.is_null() && !value.is_undefined();
    let entries = Object::entries(object).to_vec().into_iter();
    Some(entries.filter_map(entry).filter(there))
}

pub(super) fn wrong_type(field: &str) -> Vec<AnswerError> {
    vec![AnswerError::new(field, AnswerFault::WrongType)]
}

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

/// Answers, a request and a date; all that is wrong with their types at once.
///
/// # Errors
/// As above.
pub(super) fn inputs(
    answers: &Ts<Answers>,
    request: &Ts<Request>,
    as_of: &str,
) -> Result<(Answers, Request, Date), Vec<AnswerError>> {
    match (self::answers(answers), self::request(request), date(as_of)) {
        (Ok(answers), Ok(request), Ok(as_of)) => Ok((answers, request, as_of)),
        (answers, request, as_of) => {
            let errors = [answers.err(), request.err(), as_of.err()];
            Err(errors.into_iter().flatten().flatten().collect())
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

/// The member with this name as text.
pub(super) fn text(object: &Json, name: &str) -> Option<String> {
    object.as_object()?.get(name)?.as_str().map(str::to_owned)
}

/// The member with this name as an amount in minor units.
pub(super) fn money(object: &Json, name: &str) -> Option<Money> {
    object.as_object()?.get(name)?.as_integer().map(Money::new)
}

/// The member with this name as a ratio in millionths.
pub(super) fn ratio(object: &Json, name: &str) -> Option<Ratio> {
    object.as_object()?.get(name)?.as_integer().map(Ratio::new)
}

/// The member with this name as a number of months.
pub(super) fn months(object: &Json, name: &str) -> Option<u16> {
    object.as_object()?.get(name)?.as_integer()?.try_into().ok()
}
