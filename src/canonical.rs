//! Canonical JSON (RFC 8785) of objects, arrays, whole numbers, strings and
//! booleans: the one encoding of what is hashed, signed and compared.
//!
//! Invariant CANONICAL: [`Json::parse_canonical`] accepts a text only if encoding what
//! it read gives the same bytes again. So two texts that mean the same are
//! the same, and a digest of the text is a digest of the meaning.

use core::fmt;

use crate::{LARGEST, Members};

/// A JSON value without fractions and without `null`: what is not there is
/// left out.
///
/// ```
/// use prequal::Json;
/// let value = Json::object([("term", Json::from(12)), ("amount", Json::from(299_900))]);
/// assert_eq!(value.to_canonical(), r#"{"amount":299900,"term":12}"#);
/// assert_eq!(Json::parse_canonical(r#"{"amount":299900,"term":12}"#), Ok(value));
/// assert!(Json::parse_canonical(r#"{"term":12,"amount":299900}"#).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// Members with distinct names.
    Object(Members),
    /// Values in order.
    Array(Vec<Json>),
    /// A whole number within ±[`LARGEST`].
    Integer(i64),
    /// Text.
    String(String),
    /// `true` or `false`.
    Bool(bool),
}

/// A text that is not the canonical encoding of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCanonical;

impl Json {
    /// The most arrays and objects within one another.
    pub const MAX_DEPTH: usize = 16;

    /// An object of these members, in whatever order they come. Of members
    /// with the same name the last one stays.
    pub fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Json)>) -> Json {
        let mut object = Members::default();
        for (name, value) in members {
            object.insert(name, value);
        }
        Json::Object(object)
    }

    /// An array of these values.
    pub fn array<T: Into<Json>>(values: impl IntoIterator<Item = T>) -> Json {
        Json::Array(values.into_iter().map(Into::into).collect())
    }

    /// The canonical encoding.
    pub fn to_canonical(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// The value of a canonical text.
    ///
    /// # Errors
    /// [`NotCanonical`] for whatever does not encode to itself: white space,
    /// members out of order or twice, fractions, exponents, leading zeros,
    /// `-0`, numbers beyond ±[`LARGEST`], `null`, needless escapes, lone
    /// surrogates, more than [`Json::MAX_DEPTH`] levels, anything after the
    /// value.
    pub fn parse_canonical(text: &str) -> Result<Json, NotCanonical> {
        let mut reader = Reader { rest: text };
        reader
            .value(Json::MAX_DEPTH)
            .filter(|value| value.to_canonical() == text)
            .ok_or(NotCanonical)
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&Members> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The values, if this is an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Json::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The number, if this is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Json::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The values of these members, if this is an object of exactly them.
    /// The names are distinct.
    pub fn members<const N: usize>(&self, names: [&str; N]) -> Option<[&Json; N]> {
        let members = self.as_object().filter(|members| members.len() == N)?;
        let values: Option<Vec<&Json>> = names.iter().map(|name| members.get(name)).collect();
        values?.try_into().ok()
    }

    fn write(&self, out: &mut String) {
        match self {
            Json::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
            Json::Array(values) => {
                out.push('[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Json::Integer(number) => write_integer(*number, out),
            Json::String(text) => write_string(text, out),
            Json::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        }
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Json {
        Json::Integer(number)
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Json {
        Json::Bool(truth)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::String(text)
    }
}

impl fmt::Display for NotCanonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not canonical JSON (RFC 8785): sorted members, whole numbers, no white space, no needless escapes",
        )
    }
}

impl core::error::Error for NotCanonical {}

/// Writes a whole number as RFC 8785, section 3.2.2.3, has it.
fn write_integer(number: i64, out: &mut String) {
    out.push_str(&number.to_string());
}

/// Writes a string as RFC 8785, section 3.2.2.2, has it.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                out.push_str(if c < '\u{10}' { "\\u000" } else { "\\u001" });
                out.push(char::from_digit(u32::from(c) % 16, 16).unwrap_or('0'));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// Reads the grammar of JSON without white space. It need not tell canonical
/// numbers and escapes from others: [`Json::parse_canonical`] encodes what was read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Json> {
        match self.rest.as_bytes().first()? {
            b'{' => self.members(depth.checked_sub(1)?).map(Json::Object),
            b'[' => self.values(depth.checked_sub(1)?).map(Json::Array),
            b'"' => self.string().map(Json::String),
            b't' => self.eat("true").then_some(Json::Bool(true)),
            b'f' => self.eat("false").then_some(Json::Bool(false)),
            _ => self.integer().map(Json::Integer),
        }
    }

    fn members(&mut self, depth: usize) -> Option<Members> {
        let mut members = Members::default();
        self.eat("{");
        if self.eat("}") {
            return Some(members);
        }
        loop {
            let name = self.string()?;
            if !self.eat(":") {
                return None;
            }
            members.push(name, self.value(depth)?)?;
            if self.eat("}") {
                return Some(members);
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    fn values(&mut self, depth: usize) -> Option<Vec<Json>> {
        let mut values = Vec::new();
        self.eat("[");
        if self.eat("]") {
            return Some(values);
        }
        loop {
            values.push(self.value(depth)?);
            if self.eat("]") {
                return Some(values);
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    fn integer(&mut self) -> Option<i64> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit() && c != '-')
            .unwrap_or(self.rest.len());
        let number: i64 = self.take(end)?.parse().ok()?;
        (-LARGEST..=LARGEST).contains(&number).then_some(number)
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        if !self.eat("\"") {
            return None;
        }
        loop {
            let plain = self.take(self.rest.find(['"', '\\'])?)?;
            text.push_str(plain);
            if self.eat("\"") {
                return Some(text);
            }
            text.push(match self.take(2)? {
                "\\\"" => '"',
                "\\\\" => '\\',
                "\\b" => '\u{8}',
                "\\t" => '\t',
                "\\n" => '\n',
                "\\f" => '\u{c}',
                "\\r" => '\r',
                "\\u" => char::from_u32(u32::from_str_radix(self.take(4)?, 16).ok()?)?,
                _ => return None,
            });
        }
    }

    fn eat(&mut self, expected: &str) -> bool {
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take(&mut self, len: usize) -> Option<&str> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            (-LARGEST..=LARGEST).prop_map(Json::Integer),
            any::<bool>().prop_map(Json::Bool),
            ".*".prop_map(Json::String),
            any::<String>().prop_map(Json::String),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
                prop::collection::vec((any::<String>(), inner), 0..6).prop_map(Json::object),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in json()) {
            prop_assert_eq!(Json::parse_canonical(&value.to_canonical()), Ok(value));
        }

        #[test]
        fn serde_json_reads_the_same(value in json()) {
            let text = value.to_canonical();
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(from_serde(&read), value);
        }

        /// CANONICAL, over texts one edit away from a canonical one.
        #[test]
        fn what_is_read_encodes_to_itself(
            value in json(),
            at in any::<prop::sample::Index>(),
            edit in "[\\[\\]{}:,\"\\\\ 0-9eE.+tfnu\u{0}-\u{20}-]{0,3}",
            cut in 0usize..3,
        ) {
            let mut chars: Vec<char> = value.to_canonical().chars().collect();
            let start = at.index(chars.len());
            let end = (start + cut).min(chars.len());
            chars.splice(start..end, edit.chars());
            let text: String = chars.into_iter().collect();
            if let Ok(read) = Json::parse_canonical(&text) {
                prop_assert_eq!(read.to_canonical(), text.clone());
                let other: serde_json::Value = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(from_serde(&other), read);
            }
        }

        #[test]
        fn nothing_makes_it_panic(text in any::<String>()) {
            if let Ok(read) = Json::parse_canonical(&text) {
                prop_assert_eq!(read.to_canonical(), text);
            }
        }
    }

    fn from_serde(value: &serde_json::Value) -> Json {
        match value {
            serde_json::Value::Object(members) => {
                Json::object(members.iter().map(|(k, v)| (k.clone(), from_serde(v))))
            }
            serde_json::Value::Array(values) => Json::array(values.iter().map(from_serde)),
            serde_json::Value::Number(number) => Json::Integer(number.as_i64().unwrap()),
            serde_json::Value::String(text) => text.as_str().into(),
            serde_json::Value::Bool(truth) => (*truth).into(),
            serde_json::Value::Null => panic!("`null` is not written"),
        }
    }

    #[test]
    fn refuses_what_is_not_canonical() {
        for text in [
            "",
            " 1",
            "1 ",
            "1 2",
            "01",
            "-0",
            "-",
            "--1",
            "+1",
            "1.0",
            "1e3",
            "9007199254740992",
            "-9007199254740992",
            "99999999999999999999",
            "null",
            "tru",
            "truefalse",
            "[1,]",
            "[,1]",
            "[1",
            "[1}",
            "{\"a\":1,}",
            "{\"a\" :1}",
            "{\"a\":1,\"a\":1}",
            "{\"b\":1,\"a\":1}",
            "{a:1}",
            "{\"a\"}",
            "\"",
            "\"\\\"",
            "\"\\/\"",
            "\"\\u0041\"",
            "\"\\u001F\"",
            "\"\\u000a\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u00",
            "\"\\u+01f\"",
            "\"\\x\"",
            "\"\n\"",
            "\"\\é\"",
            "\u{feff}1",
        ] {
            assert_eq!(Json::parse_canonical(text), Err(NotCanonical), "{text:?}");
        }
    }

    #[test]
    fn escapes_only_what_must_be() {
        let text = "\0\u{8}\t\n\u{c}\r\u{1f} \"\\/\u{7f}é€😀\u{2028}";
        assert_eq!(
            Json::from(text).to_canonical(),
            "\"\\u0000\\b\\t\\n\\f\\r\\u001f \\\"\\\\/\u{7f}é€😀\u{2028}\""
        );
    }

    /// In UTF-16 the surrogates of U+1F600 come before U+FB33; by code point
    /// they come after.
    #[test]
    fn members_ascend_by_utf16_code_units() {
        let object = Json::object([
            ("\u{20ac}", 1.into()),
            ("\r", 2.into()),
            ("\u{fb33}", 3.into()),
            ("1", 4.into()),
            ("\u{1f600}", 5.into()),
            ("\u{80}", 6.into()),
            ("\u{f6}", Json::from(7)),
        ]);
        let order: Vec<i64> = object
            .as_object()
            .unwrap()
            .iter()
            .map(|(_, value)| value.as_integer().unwrap())
            .collect();
        assert_eq!(order, [2, 4, 6, 7, 1, 5, 3]);
    }

    #[test]
    fn members_are_exactly_these() {
        let object = Json::object([("a", Json::from(1)), ("b", 2.into())]);
        assert_eq!(object.members(["b", "a"]), Some([&2.into(), &1.into()]));
        assert_eq!(object.members(["a"]), None);
        assert_eq!(object.members(["a", "c"]), None);
        assert_eq!(object.members(["a", "b", "c"]), None);
        assert_eq!(Json::from(1).members([]), None);
    }

    #[test]
    fn of_equal_names_the_last_stays() {
        let object = Json::object([("a", Json::from(1)), ("b", 2.into()), ("a", 3.into())]);
        assert_eq!(object.to_canonical(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::parse_canonical(&nested(Json::MAX_DEPTH)).is_ok());
        assert_eq!(
            Json::parse_canonical(&nested(Json::MAX_DEPTH + 1)),
            Err(NotCanonical)
        );
        assert_eq!(
            Json::parse_canonical(&"[".repeat(1 << 20)),
            Err(NotCanonical)
        );
        assert_eq!(
            Json::parse_canonical(&"{\"a\":".repeat(1 << 18)),
            Err(NotCanonical)
        );
    }
}
