//! Drawing applicants.

use fastrand::Rng;
use prequal::policy::{Blank, Body, Kind, NodeId, Policy, Question, Value};
use prequal::{Date, Money, Request};

use crate::applicant::Applicant;
use crate::chase::Chase;
use crate::thresholds;

/// How many different days decisions are made on.
const DAYS: usize = 48;
/// The most changes to an applicant that was kept.
pub(crate) const CHANGES: u8 = 3;
/// One answer in this many is wrong, where wrong ones are drawn.
const WRONG: u32 = 300;

/// Applicants without end, the same ones for the same policy and seed; none for a policy without products.
///
/// As often as not an applicant is the one before with a single change, as people change their mind. Who draws may
/// [keep](Self::keep) those that reach what few reach.
pub struct Applicants<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) random: Rng,
    wrong: bool,
    days: Vec<Date>,
    /// Every number that the policy compares with.
    pub(crate) thresholds: Vec<i64>,
    /// Those of ratios, in millionths.
    pub(crate) ratios: Vec<i64>,
    last: Option<Applicant>,
    /// Those that others start from.
    kept: Vec<Applicant>,
    /// What is still to be reached.
    pub(crate) chase: Option<Chase>,
}

impl<'a> Applicants<'a> {
    /// Applicants whose answers are right.
    pub fn new(policy: &'a Policy, seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let days = days(&mut random);
        Self {
            policy,
            random,
            wrong: false,
            days,
            thresholds: thresholds::thresholds(policy.body()),
            ratios: thresholds::ratios(policy.body()),
            last: None,
            kept: Vec::new(),
            chase: None,
        }
    }

    /// The same, a few of whose answers are wrong: left open, out of range, off their step.
    pub fn with_wrong(policy: &'a Policy, seed: u64) -> Self {
        Self {
            wrong: true,
            ..Self::new(policy, seed)
        }
    }

    /// The same, every other one of whom starts from whoever came nearest to a bin, a grade, a reason or a binding cap that
    /// none reached yet.
    pub fn chasing(self) -> Self {
        Self {
            chase: Some(Chase::new(self.policy)),
            ..self
        }
    }

    /// Has many later applicants start from the last one: it came to where few come.
    pub fn keep(&mut self) {
        self.kept.extend(self.last.clone());
    }

    /// One that was kept, with a few changes.
    fn like_kept(&mut self) -> Option<Applicant> {
        let mut applicant = self.random.choice(&self.kept)?.clone();
        for _ in 0..self.random.u8(1..=CHANGES) {
            self.change(&mut applicant)?;
        }
        Some(applicant)
    }

    fn fresh(&mut self) -> Option<Applicant> {
        let as_of = self.random.choice(&self.days).copied()?;
        let questions = &self.policy.body().questions;
        let mut answers: Vec<_> = questions
            .iter()
            .map(|question| self.answer(question, as_of))
            .collect();
        let request = self.request()?;
        if self.random.u8(..3) == 0 {
            self.relate(&mut answers);
        }
        if self.random.u8(..3) == 0 {
            self.even(&mut answers);
        }
        Some(Applicant {
            answers,
            request,
            as_of,
        })
    }

    /// Another answer, another request, or answers moved to where something changes.
    pub(crate) fn change(&mut self, applicant: &mut Applicant) -> Option<()> {
        match self.random.u8(..16) {
            0..=3 => self.aim(applicant),
            4 => self.relate(&mut applicant.answers),
            5 => self.even(&mut applicant.answers),
            _ => self.change_one(applicant)?,
        }
        Some(())
    }

    fn change_one(&mut self, applicant: &mut Applicant) -> Option<()> {
        let questions = &self.policy.body().questions;
        let index = self.random.usize(..=questions.len());
        match questions.get(index) {
            Some(question) => {
                let drawn = self.answer(question, applicant.as_of);
                *applicant.answers.get_mut(index)? = drawn;
            }
            None => applicant.request = self.request()?,
        }
        Some(())
    }

    fn request(&mut self) -> Option<Request> {
        let products = &self.policy.body().products;
        let product = self.random.choice(products)?;
        let mut term = self.random.choice(&product.terms).copied()?;
        if self.errs() {
            term = term.saturating_add(self.random.u16(1..=100));
        }
        let (low, high) = (product.minimum.minor(), product.maximum.minor());
        let amount = if self.errs() {
            *self.random.choice(&[low - 1, high + 1, 0, -1])?
        } else {
            self.number(low, high, 1)
        };
        Some(Request {
            product: product.id.to_string(),
            amount: Money::new(amount),
            term,
        })
    }

    /// Whether something is wrong now.
    fn errs(&mut self) -> bool {
        self.wrong && self.random.u32(..WRONG) == 0
    }

    fn answer(&mut self, question: &Question, as_of: Date) -> Option<i64> {
        let Question {
            low, high, step, ..
        } = *question;
        if question.blank != Blank::Refused && self.random.u8(..6) == 0 {
            return None;
        }
        if self.errs() {
            // A boolean or a choice has no wrong value that both ways across the boundary express alike.
            if matches!(question.kind, Kind::Boolean | Kind::Choice(_)) {
                return None;
            }
            let wrong = [None, Some(low - step), Some(high + step), Some(low + 1)];
            return self.random.choice(&wrong).copied().flatten();
        }
        if question.kind == Kind::Date && self.random.bool() {
            return Some(on_grid(self.anniversary(as_of), low, high, step));
        }
        Some(self.number(low, high, step))
    }

    /// The applicant without answers to questions that are not asked; where wrong answers are drawn, some of these stay
    /// and have to count for nothing.
    fn asked(&mut self, mut applicant: Applicant) -> Applicant {
        if self.wrong && self.random.u8(..4) == 0 {
            return applicant;
        }
        let body = self.policy.body();
        let values = derived(body, &applicant, body.derive.nodes.len());
        for (question, answer) in body.questions.iter().zip(&mut applicant.answers) {
            let holds = |node| at(&values, node).is_true();
            if !question.asked.is_none_or(holds) {
                *answer = None;
            }
        }
        applicant
    }

    /// A day a threshold of years before the decision, the day before it or the day after.
    fn anniversary(&mut self, as_of: Date) -> i64 {
        let years = self
            .random
            .choice(&self.thresholds)
            .copied()
            .filter(|years| (1..=120).contains(years))
            .unwrap_or(30);
        let day = as_of.plus_months(-12 * years).unwrap_or(as_of);
        day.days() + self.random.i64(-1..=1)
    }

    /// A number on the grid between two bounds: a threshold or its neighbour, one of the bounds, of any order of
    /// magnitude, or uniform.
    fn number(&mut self, low: i64, high: i64, step: i64) -> i64 {
        let span = high.saturating_sub(low);
        let offset = match self.random.u8(..7) {
            0 | 1 => {
                let from = self.thresholds.partition_point(|t| *t < low - step);
                let to = self.thresholds.partition_point(|t| *t <= high + step);
                let near = self.thresholds.get(from..to).unwrap_or_default();
                let threshold = self.random.choice(near).copied().unwrap_or(low);
                threshold - low + step * self.random.i64(-1..=1)
            }
            2 | 3 => {
                let bits = self.random.u32(0..=64 - span.leading_zeros()).min(63);
                self.random.i64(0..=span >> bits)
            }
            4 => span * self.random.i64(0..=1),
            _ => self.random.i64(0..=span),
        };
        on_grid(low + offset, low, high, step)
    }
}

impl Iterator for Applicants<'_> {
    type Item = Applicant;

    fn next(&mut self) -> Option<Applicant> {
        let chased = match self.chase {
            Some(_) if self.random.bool() => self.chased(),
            _ => None,
        };
        let applicant = match (chased, self.last.take()) {
            (Some(chased), _) => chased,
            (None, Some(mut before)) if self.random.bool() => {
                self.change(&mut before)?;
                before
            }
            _ if !self.kept.is_empty() && self.random.u8(..4) > 0 => self.like_kept()?,
            _ => self.fresh()?,
        };
        let asked = self.asked(applicant.clone());
        if let Some(chase) = &mut self.chase {
            chase.look(self.policy, &applicant, &asked);
        }
        self.last = Some(applicant);
        Some(asked)
    }
}

/// What the first nodes before the waist come to.
pub(crate) fn derived(body: &Body, applicant: &Applicant, nodes: usize) -> Vec<Value> {
    let answers = body.questions.iter().zip(&applicant.answers);
    let inputs = answers.map(|(question, answer)| match (*answer, question.blank) {
        (Some(value), _) | (None, Blank::Means(value)) => Value::new(value),
        (None, Blank::Refused | Blank::Missing) => Value::MISSING,
    });
    let inputs: Vec<Value> = inputs.chain([Value::new(applicant.as_of.days())]).collect();
    let mut values = Vec::with_capacity(nodes);
    body.derive.run(&inputs, &body.tables, nodes, &mut values);
    values
}

/// What a node came to; missing for one that was not reached.
pub(crate) fn at(values: &[Value], node: NodeId) -> Value {
    let value = values.get(usize::from(node)).copied();
    value.unwrap_or(Value::MISSING)
}

/// The largest number up to this one that is `low` plus a multiple of `step`, moved to between the bounds.
pub(crate) fn on_grid(number: i64, low: i64, high: i64, step: i64) -> i64 {
    let offset = number.clamp(low, high) - low;
    low + offset - offset.rem_euclid(step)
}

/// Days on which decisions are made: ends of months and years, leap days, and any.
fn days(random: &mut Rng) -> Vec<Date> {
    let special = [
        (2024, 2, 29),
        (2025, 2, 28),
        (2025, 3, 1),
        (2026, 12, 31),
        (2027, 1, 1),
        (2028, 2, 29),
    ];
    let first = Date::from_ymd(2024, 1, 1).map_or(0, Date::days);
    let special = special
        .iter()
        .filter_map(|&(year, month, day)| Date::from_ymd(year, month, day));
    let mut days: Vec<Date> = special.collect();
    while days.len() < DAYS {
        days.extend(Date::from_days(first + random.i64(0..8 * 365)));
    }
    days
}
