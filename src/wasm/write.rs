//! Values of this crate as plain objects of JavaScript.
//!
//! By way of JSON, which the platform itself reads: setting members across the
//! boundary one by one brings a table of names and code for each type of each
//! member, a tenth of the module.

use serde::Serialize;
#[cfg(feature = "estimate")]
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::{Json, NotCanonical};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
}

/// A value as an object of JavaScript. Every integer of this crate is one
/// that JavaScript holds exactly, so that nothing is lost on the way.
pub(super) fn object<T: ?Sized + Serialize>(value: &T) -> JsValue {
    match Json::of(value) {
        Ok(json) => parse(&json.to_canonical()),
        Err(NotCanonical) => JsValue::UNDEFINED,
    }
}

/// The same with its type.
#[cfg(feature = "estimate")]
pub(super) fn typed<T: Tsify + Serialize>(value: T) -> Ts<T> {
    Ts::new_unchecked(object(&value))
}
