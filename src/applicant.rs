//! A form being filled in: questions set by index, outcomes on every keystroke.

use crate::answers::Derived;
use crate::outcome::Asked;
use crate::policy::{Policy, Question, Value};
use crate::{AnswerError, Date, Features, Money, Outcome, Outlook, Request, Summary};

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

    /// What is certain and what is still possible, whatever is answered to
    /// the open questions, those among them that may be left open; optional
    /// pages stay as they are. `None` where nothing can be said: for an early
    /// warning, or a request that the policy does not have.
    pub fn outlook(&self, policy: &Policy) -> Option<Outlook> {
        let derived = policy.derive_values(&self.answers, self.as_of);
        self.outlook_where(policy, &derived, |_, answer| answer == Value::MISSING)
    }

    /// The most that the limit can come to if the optional page with this
    /// index is opened, whatever is answered there. `None` where the page is
    /// not optional or nothing can be said.
    pub fn prospect(&self, policy: &Policy, group: usize) -> Option<Money> {
        let opener = policy.body().groups.get(group)?.opener?;
        let mut opened = self.clone();
        opened.set(policy, usize::from(opener), 1.0);
        let before = policy.derive_values(&self.answers, self.as_of);
        let after = policy.derive_values(&opened.answers, self.as_of);
        // What comes to be asked is open, also where no answer is an answer.
        let asked = |derived: &Derived, index: usize| derived.asked().get(index) == Some(&true);
        let open = |index: usize, _| asked(&after, index) && !asked(&before, index);
        let outlook = opened.outlook_where(policy, &after, open)?;
        Some(outlook.most)
    }

    /// The outlook where answers that are wanting are open, and those that
    /// `open` says so of, and every question that they may bring up.
    fn outlook_where(
        &self,
        policy: &Policy,
        derived: &Derived,
        open: impl Fn(usize, Value) -> bool,
    ) -> Option<Outlook> {
        let mut known: Vec<Option<Value>> = Vec::with_capacity(self.answers.len());
        for (index, (answer, asked)) in self.answers.iter().zip(derived.asked()).enumerate() {
            let undecided = |read: &u16| known.get(usize::from(*read)) == Some(&None);
            let value = match answer {
                _ if policy.condition_reads(index).iter().any(undecided) => None,
                _ if !asked => Some(Value::MISSING),
                Ok(value) if !open(index, *value) => Some(*value),
                _ => None,
            };
            known.push(value);
        }
        let features = policy.feature_domains(&known, self.as_of)?;
        let asked = Asked {
            as_of: self.as_of,
            product: policy.admit_request(&self.request, self.as_of).ok()?,
            amount: self.request.amount.minor(),
            term: self.request.term,
        };
        policy.outlook(&features, asked)
    }

    fn features(&self, policy: &Policy) -> Result<Features, Vec<AnswerError>> {
        let derived = policy.derive_values(&self.answers, self.as_of);
        policy.features(&derived, &self.request, self.as_of)
    }
}
