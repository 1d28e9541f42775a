//! A form being filled in: questions set by index, outcomes on every keystroke.

use crate::policy::{Policy, Question, Value};
use crate::{AnswerError, Date, Features, Outcome, Request, Summary};

/// An applicant at the form. Questions are set by their index with plain
/// numbers in the unit of their kind (see [`Kind`](crate::policy::Kind)), so
/// that nothing is looked up or copied on the way to an outcome.
///
/// RAW STAYS HOME: no `Debug`, not `Serialize`.
#[derive(Clone)]
pub struct Applicant {
    answers: Vec<Result<Value, AnswerError>>,
    request: Request,
    as_of: Date,
}

impl Applicant {
    /// Someone who has answered nothing yet.
    pub fn new(policy: &Policy, request: Request, as_of: Date) -> Applicant {
        let open = policy.body().questions.iter().map(Question::blank);
        Applicant {
            answers: open.collect(),
            request,
            as_of,
        }
    }

    /// Answers the question with this index; an index beyond the questions
    /// does nothing.
    pub fn set(&mut self, policy: &Policy, index: usize, number: f64) {
        if let Some((question, slot)) = policy
            .body()
            .questions
            .get(index)
            .zip(self.answers.get_mut(index))
        {
            *slot = question.admit_number(number);
        }
    }

    /// Leaves the question with this index open again.
    pub fn clear(&mut self, policy: &Policy, index: usize) {
        let question = policy.body().questions.get(index);
        if let Some((slot, question)) = self.answers.get_mut(index).zip(question) {
            *slot = question.blank();
        }
    }

    /// Asks for something else.
    pub fn ask(&mut self, request: Request) {
        self.request = request;
    }

    /// Every wrong or missing answer, and what is wrong with the request.
    pub fn errors(&self, policy: &Policy) -> Vec<AnswerError> {
        self.features(policy).err().unwrap_or_default()
    }

    /// The outcome, if every answer is there and right. The same decision as
    /// that on the summary: it is reached by the same reduction.
    pub fn assess(&self, policy: &Policy) -> Option<Outcome> {
        let features = self.features(policy).ok()?;
        Some(policy.assess_facts(&policy.reduce_values(&features)))
    }

    /// The summary, if every answer is there and right.
    ///
    /// # Errors
    /// Every wrong answer at once, by field.
    pub fn summarise(&self, policy: &Policy) -> Result<Summary, Vec<AnswerError>> {
        self.features(policy)
            .map(|features| policy.reduce(&features))
    }

    /// Which questions are asked of whom has answered this so far, by index.
    pub fn asked(&self, policy: &Policy) -> Vec<bool> {
        let derived = policy.derive_values(&self.answers, self.as_of);
        derived.asked().to_vec()
    }

    fn features(&self, policy: &Policy) -> Result<Features, Vec<AnswerError>> {
        let derived = policy.derive_values(&self.answers, self.as_of);
        policy.features(&derived, &self.request, self.as_of)
    }
}
