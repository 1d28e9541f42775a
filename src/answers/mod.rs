//! Before the waist: what the borrower typed, and what the policy derives
//! from it. Nothing here leaves the device.

mod derive;
mod error;

use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

pub use derive::Features;
pub use error::{AnswerError, AnswerFault};

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
    /// left open.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Answers, D::Error> {
        let typed = Members::<Option<Answer>>::deserialize(deserializer)?;
        let given = typed
            .iter()
            .filter_map(|(question, answer)| Some((question, answer.clone()?)));
        Ok(given.collect())
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Answer, D::Error> {
        struct Typed;

        impl Visitor<'_> for Typed {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a string or a boolean")
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<Answer, E> {
                Ok(Answer::Flag(flag))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Answer, E> {
                Ok(Answer::Number(number as f64))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Answer, E> {
                Ok(Answer::Number(number as f64))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Answer, E> {
                Ok(Answer::Number(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Answer, E> {
                Ok(Answer::from(text))
            }
        }

        deserializer.deserialize_any(Typed)
    }
}
