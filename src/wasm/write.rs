//! Values of this crate as plain objects of JavaScript.
//!
//! By way of JSON, which the platform itself reads: setting members across the
//! boundary one by one brings a table of names and code for each type of each
//! member, a tenth of the module.

use core::fmt::{Display, Error};

use serde::Serialize;
use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
#[cfg(feature = "estimate")]
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::canonical::{write_integer, write_string};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
}

/// A value as an object of JavaScript. Every integer of this crate is one
/// that JavaScript holds exactly, so that nothing is lost on the way.
pub(super) fn object<T: Serialize>(value: &T) -> JsValue {
    let mut text = Text(String::new());
    match value.serialize(&mut text) {
        Ok(()) => parse(&text.0),
        Err(Error) => JsValue::UNDEFINED,
    }
}

/// The same with its type.
#[cfg(feature = "estimate")]
pub(super) fn typed<T: Tsify + Serialize>(value: T) -> Ts<T> {
    Ts::new_unchecked(object(&value))
}

/// JSON of what this crate's types consist of: objects, arrays, whole numbers,
/// strings, booleans.
struct Text(String);

impl Text {
    /// Begins a member of an object or an element of an array.
    fn next(&mut self) {
        if !matches!(self.0.as_bytes().last(), Some(b'{' | b'[')) {
            self.0.push(',');
        }
    }

    fn name(&mut self, name: &str) {
        self.next();
        write_string(name, &mut self.0);
        self.0.push(':');
    }

    fn put(&mut self, text: &str) -> Result<(), Error> {
        self.0.push_str(text);
        Ok(())
    }
}

type Never = Impossible<(), Error>;

impl Serializer for &mut Text {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Never;

    fn serialize_bool(self, truth: bool) -> Result<(), Error> {
        self.put(if truth { "true" } else { "false" })
    }

    fn serialize_i8(self, number: i8) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<(), Error> {
        write_integer(number, &mut self.0);
        Ok(())
    }

    fn serialize_u8(self, number: u8) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Error> {
        self.serialize_i64(number.try_into().map_err(|_| Error)?)
    }

    fn serialize_f32(self, _: f32) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_char(self, c: char) -> Result<(), Error> {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        write_string(text, &mut self.0);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        Err(Error)
    }

    fn collect_str<T: ?Sized + Display>(self, value: &T) -> Result<(), Error> {
        self.serialize_str(&value.to_string())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.put("null")
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        self.0.push('[');
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Never, Error> {
        Err(Error)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never, Error> {
        Err(Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, Error> {
        Err(Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
        self.0.push('{');
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        self.0.push('{');
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, Error> {
        Err(Error)
    }
}

impl SerializeSeq for &mut Text {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        self.put("]")
    }
}

impl SerializeMap for &mut Text {
    type Ok = ();
    type Error = Error;

    /// Names of members are strings, which are written like values.
    fn serialize_key<T: ?Sized + Serialize>(&mut self, name: &T) -> Result<(), Error> {
        self.next();
        name.serialize(&mut **self)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(':');
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        self.put("}")
    }
}

impl SerializeStruct for &mut Text {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.name(name);
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        self.put("}")
    }
}
