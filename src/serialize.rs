//! Values as JSON, by their `Serialize`.

use core::fmt::Display;

use serde::Serialize;
use serde::ser::{Error, Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use crate::{Json, Members, NotCanonical};

impl Json {
    /// A value of objects, arrays, whole numbers, strings and booleans.
    ///
    /// # Errors
    /// [`NotCanonical`] where it holds something else: a fraction, a number
    /// too large, nothing at all.
    pub(crate) fn of<T: ?Sized + Serialize>(value: &T) -> Result<Json, NotCanonical> {
        value.serialize(ToJson)
    }
}

impl Error for NotCanonical {
    fn custom<T: Display>(_: T) -> NotCanonical {
        NotCanonical
    }
}

struct ToJson;

/// An array that is being written.
struct Values(Vec<Json>);

/// An object that is being written, and the name of its next member.
struct Object {
    members: Members,
    name: String,
}

type Written = Result<Json, NotCanonical>;
type Never = Impossible<Json, NotCanonical>;

impl Serializer for ToJson {
    type Ok = Json;
    type Error = NotCanonical;
    type SerializeSeq = Values;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeStructVariant = Never;

    fn serialize_bool(self, truth: bool) -> Written {
        Ok(Json::Bool(truth))
    }

    fn serialize_i8(self, number: i8) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Written {
        Ok(Json::Integer(number))
    }

    fn serialize_u8(self, number: u8) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Written {
        self.serialize_i64(number.try_into().map_err(|_| NotCanonical)?)
    }

    fn serialize_f32(self, _: f32) -> Written {
        Err(NotCanonical)
    }

    fn serialize_f64(self, _: f64) -> Written {
        Err(NotCanonical)
    }

    fn serialize_char(self, c: char) -> Written {
        Ok(Json::String(c.to_string()))
    }

    fn serialize_str(self, text: &str) -> Written {
        Ok(Json::from(text))
    }

    fn serialize_bytes(self, _: &[u8]) -> Written {
        Err(NotCanonical)
    }

    fn serialize_none(self) -> Written {
        Err(NotCanonical)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        Err(NotCanonical)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Err(NotCanonical)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        Err(NotCanonical)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Values, NotCanonical> {
        Ok(Values(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Never, NotCanonical> {
        Err(NotCanonical)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never, NotCanonical> {
        Err(NotCanonical)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, NotCanonical> {
        Err(NotCanonical)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object, NotCanonical> {
        Ok(Object {
            members: Members::default(),
            name: String::new(),
        })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object, NotCanonical> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, NotCanonical> {
        Err(NotCanonical)
    }
}

impl SerializeSeq for Values {
    type Ok = Json;
    type Error = NotCanonical;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotCanonical> {
        self.0.push(Json::of(value)?);
        Ok(())
    }

    fn end(self) -> Written {
        Ok(Json::Array(self.0))
    }
}

impl SerializeMap for Object {
    type Ok = Json;
    type Error = NotCanonical;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, name: &T) -> Result<(), NotCanonical> {
        let name = Json::of(name)?;
        self.name = name.as_str().ok_or(NotCanonical)?.to_owned();
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotCanonical> {
        let name = core::mem::take(&mut self.name);
        self.members.insert(name, Json::of(value)?);
        Ok(())
    }

    fn end(self) -> Written {
        Ok(Json::Object(self.members))
    }
}

impl SerializeStruct for Object {
    type Ok = Json;
    type Error = NotCanonical;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotCanonical> {
        self.members.insert(name, Json::of(value)?);
        Ok(())
    }

    fn end(self) -> Written {
        Ok(Json::Object(self.members))
    }
}
