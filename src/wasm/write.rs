//! Values of this crate as plain objects of JavaScript.
//!
//! By way of JSON, which the platform itself reads: setting members across the
//! boundary one by one, as serde-wasm-bindgen does in the module that seals,
//! brings a table of names and code for each type of each member, a tenth of
//! this module, for which a borrower waits.

use serde::Serialize;
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
pub(super) fn typed<T: Tsify + Serialize>(value: T) -> Ts<T> {
    Ts::new_unchecked(object(&value))
}
