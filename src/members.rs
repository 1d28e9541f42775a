//! Values by name, in canonical order.

use core::cmp::Ordering;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::Json;

/// The members of an object: names are distinct and ascend by their UTF-16
/// code units (RFC 8785, section 3.2.3).
///
/// A sorted list: members are few, and each tree is a fiftieth of the module
/// that a borrower downloads.
///
/// ```
/// use prequal::Members;
/// let mut ages = Members::default();
/// ages.insert("b", 34);
/// ages.insert("a", 20);
/// ages.insert("a", 21);
/// assert!(ages.iter().eq([(&"a".to_owned(), &21), (&"b".to_owned(), &34)]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members<T = Json>(Vec<(String, T)>);

impl<T> Members<T> {
    /// The value of the member with this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0
            .iter()
            .find(|(candidate, _)| candidate == name)
            .map(|(_, value)| value)
    }

    /// Sets the value of the member with this name.
    pub fn insert(&mut self, name: impl Into<String>, value: T) {
        self.put(name.into(), value);
    }

    fn put(&mut self, name: String, value: T) {
        let place = self
            .0
            .partition_point(|(other, _)| by_utf16(other, &name).is_lt());
        match self.0.get_mut(place) {
            Some((other, kept)) if *other == name => *kept = value,
            _ => self.0.insert(place, (name, value)),
        }
    }

    /// Adds a member behind all others; `None` where its name is not behind
    /// theirs.
    pub(crate) fn push(&mut self, name: String, value: T) -> Option<()> {
        let ascends = |(last, _): &(String, T)| by_utf16(last, &name).is_lt();
        if !self.0.last().is_none_or(ascends) {
            return None;
        }
        self.0.push((name, value));
        Some(())
    }

    /// Names and values, in canonical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &T)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn by_utf16(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

impl<T> Default for Members<T> {
    fn default() -> Members<T> {
        Members(Vec::new())
    }
}

impl<T: Serialize> Serialize for Members<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(Some(self.len()))?;
        for (name, value) in &self.0 {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Members<T>, D::Error> {
        struct Object<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members<T>, A::Error> {
                let mut members = Members::default();
                while let Some((name, value)) = object.next_entry()? {
                    members.put(name, value);
                }
                Ok(members)
            }
        }

        from.deserialize_map(Object(PhantomData))
    }
}
