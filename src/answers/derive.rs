//! From answers to features.

use super::{Answer, AnswerError, AnswerFault, Answers};
use crate::policy::{AS_OF, Blank, Domain, Kind, NodeId, Policy, Question, Source, Value};
use crate::{Date, Request};

/// What a policy derives from answers, at full precision: still on the device.
#[derive(Clone, PartialEq)]
pub struct Features {
    pub(crate) as_of: Date,
    pub(crate) request: Request,
    pub(crate) product: usize,
    pub(crate) values: Vec<Value>,
}

/// Answers held against a policy's questions, and what its formulas before the
/// waist come to.
pub(crate) struct Derived {
    /// Which questions are asked.
    pub(super) asked: Vec<bool>,
    /// The values of the nodes of `derive`.
    pub(super) nodes: Vec<Value>,
    /// What is wrong with the answers to questions that are asked.
    pub(super) errors: Vec<AnswerError>,
}

impl Policy {
    /// Holds the answers against the questions and evaluates the features.
    ///
    /// An answer to a question that is not asked counts for nothing.
    ///
    /// # Errors
    /// Every wrong answer, unknown field and wrong part of the request at once.
    pub fn derive(
        &self,
        answers: &Answers,
        request: &Request,
        as_of: Date,
    ) -> Result<Features, Vec<AnswerError>> {
        let unknown = answers
            .questions()
            .filter(|id| self.question(id).is_none())
            .map(|id| AnswerError::new(id, AnswerFault::UnknownField));
        let unknown: Vec<AnswerError> = unknown.collect();
        let derived = self.derive_values(&self.typed(answers), as_of);
        match self.features(&derived, request, as_of) {
            Ok(features) if unknown.is_empty() => Ok(features),
            Ok(_) => Err(unknown),
            Err(mut errors) => {
                errors.extend(unknown);
                Err(errors)
            }
        }
    }

    /// Which questions are asked of whom has answered this so far, by index.
    pub fn asked(&self, answers: &Answers, as_of: Date) -> Vec<bool> {
        self.derive_values(&self.typed(answers), as_of).asked
    }

    /// The answers that count: those to questions that the borrower is asked.
    /// What else was typed is committed to nowhere.
    pub fn asked_answers(&self, answers: &Answers, as_of: Date) -> Answers {
        let asked = self.asked(answers, as_of);
        let questions = self.body().questions.iter().zip(asked);
        let counts =
            questions.filter(|(question, asked)| *asked && question.source == Source::Borrower);
        counts
            .filter_map(|(question, _)| {
                let id = question.id.as_str();
                Some((id.to_owned(), answers.get(id)?.clone()))
            })
            .collect()
    }

    fn question(&self, id: &str) -> Option<&Question> {
        let mut questions = self.body().questions.iter();
        questions.find(|question| question.id.as_str() == id)
    }

    /// Each question's answer as a value, in the questions' order.
    pub(super) fn typed(&self, answers: &Answers) -> Vec<Result<Value, AnswerError>> {
        let questions = self.body().questions.iter();
        questions.map(|question| typed(question, answers)).collect()
    }

    /// Evaluates the formulas before the waist.
    ///
    /// Formulas read a question that is not always asked through the condition
    /// under which it is, so that one pass serves conditions and features.
    pub(crate) fn derive_values(
        &self,
        answers: &[Result<Value, AnswerError>],
        as_of: Date,
    ) -> Derived {
        let body = self.body();
        let values = answers
            .iter()
            .map(|answer| answer.as_ref().copied().unwrap_or(Value::MISSING));
        let mut inputs: Vec<Value> = values.collect();
        inputs.push(Value::new(as_of.days()));
        let mut nodes = Vec::with_capacity(body.derive.nodes.len());
        body.derive
            .run(&inputs, &body.tables, body.derive.nodes.len(), &mut nodes);
        let mut derived = Derived {
            asked: Vec::with_capacity(answers.len()),
            nodes,
            errors: Vec::new(),
        };
        // Whether a question is asked is known once those that its condition
        // reads are answered.
        let mut wanting = vec![false; answers.len()];
        for (index, question) in body.questions.iter().enumerate() {
            let known = |read: &u16| wanting.get(usize::from(*read)) != Some(&true);
            let asked = question.asked.is_none_or(|node| {
                derived.value(node).is_true() && self.condition_reads(index).iter().all(known)
            });
            derived.asked.push(asked);
            if let (true, Some(Err(error))) = (asked, answers.get(index)) {
                derived.errors.push(error.clone());
                if let Some(wanting) = wanting.get_mut(index) {
                    *wanting = true;
                }
            }
        }
        derived
    }

    /// The domains of the features where some answers are open: `None` for
    /// those. `None` if nothing can be said.
    pub(crate) fn feature_domains(
        &self,
        answers: &[Option<Value>],
        as_of: Date,
    ) -> Option<Vec<Domain>> {
        let body = self.body();
        let ranges = body.questions.iter().map(|question| Domain {
            low: question.low,
            high: question.high,
            optional: question.blank == Blank::Missing || question.asked.is_some(),
        });
        let inputs = answers.iter().zip(ranges);
        let mut inputs: Vec<Domain> = inputs
            .map(|(answer, range)| answer.map_or(range, Domain::of))
            .collect();
        inputs.push(Domain::of(Value::new(as_of.days())));
        let domains = body.derive.domains(&inputs, &body.tables).ok()?;
        let parts = body.features.iter().zip(&self.feature_ranges);
        parts
            .map(|(feature, range)| {
                let part = *domains.get(usize::from(feature.node))?;
                Some(feature.precision.narrowed(part, *range))
            })
            .collect()
    }

    /// The features, if nothing is wrong with answers and request.
    ///
    /// # Errors
    /// Everything that is.
    pub(crate) fn features(
        &self,
        derived: &Derived,
        request: &Request,
        as_of: Date,
    ) -> Result<Features, Vec<AnswerError>> {
        let mut errors = derived.errors.clone();
        let admitted = self.admit_request(request, as_of);
        let product = match admitted {
            Ok(product) if errors.is_empty() => product,
            Ok(_) => return Err(errors),
            Err(more) => {
                errors.extend(more);
                return Err(errors);
            }
        };
        let features = self.body().features.iter();
        Ok(Features {
            as_of,
            request: request.clone(),
            product,
            values: features
                .map(|feature| derived.value(feature.node))
                .collect(),
        })
    }

    /// The index of the product asked for.
    ///
    /// # Errors
    /// An unknown product; an amount or term that it does not have; a date
    /// outside the years 2000 to 2199.
    pub(crate) fn admit_request(
        &self,
        request: &Request,
        as_of: Date,
    ) -> Result<usize, Vec<AnswerError>> {
        let mut errors = Vec::new();
        errors.extend(AnswerError::outside(
            "as_of",
            as_of.days(),
            AS_OF.low,
            AS_OF.high,
        ));
        let products = &self.body().products;
        let Some((index, product)) = products
            .iter()
            .enumerate()
            .find(|(_, p)| p.id.as_str() == request.product)
        else {
            errors.push(AnswerError::new(
                "request.product",
                AnswerFault::UnknownOption,
            ));
            return Err(errors);
        };
        let (low, high) = (product.minimum.minor(), product.maximum.minor());
        errors.extend(AnswerError::outside(
            "request.amount",
            request.amount.minor(),
            low,
            high,
        ));
        if !product.terms.contains(&request.term) {
            errors.push(AnswerError::new("request.term", AnswerFault::UnknownOption));
        }
        if errors.is_empty() {
            Ok(index)
        } else {
            Err(errors)
        }
    }
}

/// The answer to a question as a value in the question's unit.
fn typed(question: &Question, answers: &Answers) -> Result<Value, AnswerError> {
    let id = question.id.as_str();
    let fault = |code| AnswerError::new(id, code);
    let Some(answer) = answers.get(id) else {
        return question.blank();
    };
    let number = match (&question.kind, answer) {
        (
            Kind::Integer | Kind::Money | Kind::Ratio | Kind::Real | Kind::Period,
            Answer::Number(number),
        ) => {
            return question.admit_number(*number);
        }
        (Kind::Boolean, Answer::Flag(flag)) => i64::from(*flag),
        (Kind::Choice(options), Answer::Text(text)) => options
            .iter()
            .position(|option| option.as_str() == text)
            .and_then(|index| i64::try_from(index).ok())
            .ok_or_else(|| fault(AnswerFault::UnknownOption))?,
        (Kind::Date, Answer::Text(text)) => text
            .parse::<Date>()
            .map_err(|_| fault(AnswerFault::NotADate))?
            .days(),
        _ => return Err(fault(AnswerFault::WrongType)),
    };
    question.admit(number)
}

impl Derived {
    /// Which questions are asked, by index.
    pub(crate) fn asked(&self) -> &[bool] {
        &self.asked
    }

    fn value(&self, node: NodeId) -> Value {
        let value = self.nodes.get(usize::from(node)).copied();
        value.unwrap_or(Value::MISSING)
    }
}

impl Question {
    /// What no answer means.
    ///
    /// # Errors
    /// That an answer is needed.
    pub(crate) fn blank(&self) -> Result<Value, AnswerError> {
        match self.blank {
            Blank::Refused => Err(AnswerError::new(self.id.as_str(), AnswerFault::Missing)),
            Blank::Missing => Ok(Value::MISSING),
            Blank::Means(value) => Ok(Value::new(value)),
        }
    }

    /// A number in the question's unit as an answer to it.
    ///
    /// # Errors
    /// A number that is not whole, outside its range or off its step.
    pub(crate) fn admit_number(&self, number: f64) -> Result<Value, AnswerError> {
        if !number.is_finite() || number != number.floor() {
            return Err(AnswerError::new(self.id.as_str(), AnswerFault::NotWhole));
        }
        // A number too large for an integer becomes the largest one, and the
        // range says so.
        self.admit(number as i64)
    }

    fn admit(&self, number: i64) -> Result<Value, AnswerError> {
        if let Some(error) = AnswerError::outside(self.id.as_str(), number, self.low, self.high) {
            return Err(error);
        }
        match (number - self.low).checked_rem(self.step) {
            Some(0) => Ok(Value::new(number)),
            _ => Err(AnswerError::new(self.id.as_str(), AnswerFault::OffStep)),
        }
    }
}
