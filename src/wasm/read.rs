//! Plain objects of JavaScript as values of this crate.
//!
//! Written by hand, through [`Json`]: a general deserialiser brings the
//! printing of floating-point numbers and of every error it knows, a third of
//! the module.

use js_sys::{Array, Object};
use tsify::{Ts, Tsify};
use wasm_bindgen::{JsCast, JsValue};

use crate::{AnswerError, AnswerFault, Json, LARGEST};

/// A value that consists of objects, arrays, whole numbers, strings and
/// booleans. Members that are `null` or `undefined` are left out.
pub(super) fn json<T: Tsify>(value: &Ts<T>) -> Option<Json> {
    plain(&value.js_value())
}

/// The same of a value without a type.
pub(super) fn plain(value: &JsValue) -> Option<Json> {
    nested(value, Json::MAX_DEPTH)
}

fn nested(value: &JsValue, depth: usize) -> Option<Json> {
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
        let values: Option<Vec<Json>> = array.iter().map(|value| nested(&value, depth)).collect();
        return values.map(Json::Array);
    }
    let mut members = Vec::new();
    for (name, value) in entries(value)? {
        members.push((name, nested(&value, depth)?));
    }
    Some(Json::object(members))
}

fn whole(number: f64) -> Option<i64> {
    let whole = number == number.floor() && number.abs() <= LARGEST as f64;
    whole.then_some(number as i64)
}

/// The members of an object that are not `null` or `undefined`.
pub(super) fn entries(value: &JsValue) -> Option<impl Iterator<Item = (String, JsValue)>> {
    let object = value
        .dyn_ref::<Object>()
        .filter(|object| !object.is_function())?;
    let entry = |entry: JsValue| {
        let entry = Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1)))
    };
    let there = |(_, value): &(String, JsValue)| !value.is_null() && !value.is_undefined();
    let entries = Object::entries(object).into_iter();
    Some(entries.filter_map(entry).filter(there))
}

pub(super) fn wrong_type(field: &str) -> Vec<AnswerError> {
    vec![AnswerError::new(field, AnswerFault::WrongType)]
}

/// The member with this name as text.
pub(super) fn text(object: &Json, name: &str) -> Option<String> {
    object.as_object()?.get(name)?.as_str().map(str::to_owned)
}
