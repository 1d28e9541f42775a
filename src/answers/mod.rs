//! Before the waist: what the borrower typed, and what the policy derives
//! from it. Nothing here leaves the device.

mod derive;
mod error;
mod steps;

use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Unexpected, Visitor};

pub(crate) use derive::Derived;
pub use derive::Features;
pub use error::{AnswerError, AnswerFault};
pub use steps::AnswerSteps;

use crate::{Json, Members};

/// What the borrower typed, by question.
///
/// RAW STAYS HOME: not `Serialize`, and its `Debug` tells only how many there
/// are.
///
/// ```
/// use prequal::{Answer, Answers};
/// let answers: Answers = [("age", Answer::from(34)), ("housing", Answer::from("own"))].into();
/// assert_eq!(format!("{answers:?}"), "Answers(2 withheld)");
/// ```
#[derive(Clone, Default, PartialEq)]
#[cfg_attr(
    target_arch = "wasm32",
    derive(tsify::Tsify),
    tsify(type = "Record<string, number | string | boolean | null>")
)]
pub struct Answers(Members<Answer>);

/// One answer as typed, not yet held against its question.
#[derive(Clone, PartialEq)]
pub enum Answer {
    /// A number; money in minor units.
    Number(f64),
    /// An option's name, or a date as `YYYY-MM-DD`.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

impl Answers {
    /// The answer to a question.
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// Sets the answer to a question.
    pub fn set(&mut self, question: impl Into<String>, answer: impl Into<Answer>) {
        self.0.insert(question, answer.into());
    }

    /// Sets the entries of a list: how many there are under the list's name,
    /// and each field under `list.1.field`, `list.2.field` and so on.
    ///
    /// ```
    /// use prequal::{Answer, Answers};
    /// let mut answers = Answers::default();
    /// answers.set_list("pledges", [[("kind", Answer::from("home")), ("value", 800_000_00.into())]]);
    /// assert!(answers.questions().eq(["pledges", "pledges.1.kind", "pledges.1.value"]));
    /// ```
    pub fn set_list<K: AsRef<str>, E: IntoIterator<Item = (K, Answer)>>(
        &mut self,
        list: &str,
        entries: impl IntoIterator<Item = E>,
    ) {
        let mut count = 0_i64;
        for entry in entries {
            count += 1;
            for (field, answer) in entry {
                let entry = list.to_owned() + "." + &count.to_string() + ".";
                self.set(entry + field.as_ref(), answer);
            }
        }
        self.set(list, count);
    }

    /// Adds answers; one to a question that has one takes its place.
    pub fn join(&mut self, others: Answers) {
        for (question, answer) in others.0.iter() {
            self.set(question.as_str(), answer.clone());
        }
    }

    /// The questions answered, in alphabetical order.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(question, _)| question.as_str())
    }

    /// Each answer as the JSON value that a commitment binds.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, Json)> {
        self.0
            .iter()
            .map(|(question, answer)| (question.as_str(), answer.to_json()))
    }
}

impl Answer {
    fn to_json(&self) -> Json {
        match self {
            Answer::Number(number) => Json::Integer(*number as i64),
            Answer::Text(text) => Json::String(text.clone()),
            Answer::Flag(flag) => Json::Bool(*flag),
        }
    }
}

impl<K: Into<String>, const N: usize> From<[(K, Answer); N]> for Answers {
    fn from(answers: [(K, Answer); N]) -> Answers {
        answers.into_iter().collect()
    }
}

impl<K: Into<String>> FromIterator<(K, Answer)> for Answers {
    fn from_iter<I: IntoIterator<Item = (K, Answer)>>(answers: I) -> Answers {
        let mut collected = Answers::default();
        for (question, answer) in answers {
            collected.set(question, answer);
        }
        collected
    }
}

impl From<i64> for Answer {
    fn from(number: i64) -> Answer {
        Answer::Number(number as f64)
    }
}

impl From<&str> for Answer {
    fn from(text: &str) -> Answer {
        Answer::Text(text.to_owned())
    }
}

impl From<bool> for Answer {
    fn from(flag: bool) -> Answer {
        Answer::Flag(flag)
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answers({} withheld)", self.0.len())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(withheld)")
    }
}

impl<'de> Deserialize<'de> for Answers {
    /// From an object of numbers, strings and booleans; a `null` is an answer
    /// left open. The entries of a list are an array of such objects, or told
    /// one by one as [`Answers::set_list`] names them.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Answers, D::Error> {
        let typed = Members::<Option<Given>>::deserialize(deserializer)?;
        let mut answers = Answers::default();
        for (question, given) in typed.iter() {
            match given {
                Some(Given::One(answer)) => answers.set(question.as_str(), answer.clone()),
                Some(Given::List(entries)) => {
                    answers.set_list(question, entries.iter().map(given_fields));
                }
                None => {}
            }
        }
        Ok(answers)
    }
}

/// What an object of answers holds under a question's name.
enum Given {
    One(Answer),
    List(Vec<Members<Option<Answer>>>),
}

fn given_fields(entry: &Members<Option<Answer>>) -> impl Iterator<Item = (&String, Answer)> {
    let given = |(field, answer): (_, &Option<Answer>)| Some((field, answer.clone()?));
    entry.iter().filter_map(given)
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Given, D::Error> {
        deserializer.deserialize_any(Typed { lists: true })
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Answer, D::Error> {
        let typed = Typed { lists: false };
        match deserializer.deserialize_any(typed)? {
            Given::One(answer) => Ok(answer),
            Given::List(_) => Err(Error::invalid_type(Unexpected::Seq, &typed)),
        }
    }
}

/// Reads an answer, or where `lists` is set the entries of a list too.
#[derive(Clone, Copy)]
struct Typed {
    lists: bool,
}

impl<'de> Visitor<'de> for Typed {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.lists {
            "a number, a string, a boolean or a list of objects"
        } else {
            "a number, a string or a boolean"
        })
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Given, E> {
        Ok(Given::One(Answer::Flag(flag)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Given, E> {
        Ok(Given::One(Answer::Number(number as f64)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Given, E> {
        Ok(Given::One(Answer::Number(number as f64)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Given, E> {
        Ok(Given::One(Answer::Number(number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Given, E> {
        Ok(Given::One(Answer::from(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given, A::Error> {
        if !self.lists {
            return Err(Error::invalid_type(Unexpected::Seq, &self));
        }
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(Given::List(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Answers, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn entries_of_lists_are_answers_of_their_own() {
        let nested = r#"{"age": 34, "note": null,
            "pledges": [{"kind": "home", "value": 5, "year": null}, {"value": 6}], "months": []}"#;
        let flat = r#"{"age": 34, "pledges": 2, "pledges.1.kind": "home",
            "pledges.1.value": 5, "pledges.2.value": 6, "months": 0}"#;
        let nested = read(nested).expect("an object of answers");
        assert!(nested == read(flat).expect("the same, told one by one"));
        assert!(nested.get("months") == Some(&Answer::from(0)));
    }

    #[test]
    fn a_list_in_a_list_is_refused() {
        for wrong in [
            r#"{"a": [1]}"#,
            r#"{"a": [{"b": [{"c": 1}]}]}"#,
            r#"{"a": {"b": 1}}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn joined_answers_take_the_place_of_others() {
        let mut answers = Answers::from([("age", Answer::from(34)), ("kind", "home".into())]);
        answers.join([("age", Answer::from(35)), ("score", 7.into())].into());
        assert!(answers.questions().eq(["age", "kind", "score"]));
        assert!(answers.get("age") == Some(&Answer::from(35)));
    }
}
