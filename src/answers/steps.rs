//! What each step before the waist came to: for explanations.

use super::{AnswerError, Answers};
use crate::Date;
use crate::policy::{Policy, Value};

/// Answers and what formulas make of them, step by step; still on the device.
///
/// RAW STAYS HOME: no `Debug`, not `Serialize`.
#[derive(Clone, PartialEq)]
pub struct AnswerSteps {
    /// What each question's answer comes to; missing where it is not asked.
    pub questions: Vec<Value>,
    /// What each node of [`Body::derive`](crate::policy::Body::derive) came to.
    pub values: Vec<Value>,
}

impl Policy {
    /// Holds the answers against the questions and evaluates the formulas
    /// before the waist.
    ///
    /// # Errors
    /// Every wrong answer at once, by field.
    pub fn answer_steps(
        &self,
        answers: &Answers,
        as_of: Date,
    ) -> Result<AnswerSteps, Vec<AnswerError>> {
        let typed = self.typed(answers);
        let derived = self.derive_values(&typed, as_of);
        if !derived.errors.is_empty() {
            return Err(derived.errors);
        }
        let questions = typed.into_iter().zip(derived.asked);
        let questions = questions.map(|(answer, asked)| match answer {
            Ok(value) if asked => value,
            _ => Value::MISSING,
        });
        Ok(AnswerSteps {
            questions: questions.collect(),
            values: derived.nodes,
        })
    }
}
