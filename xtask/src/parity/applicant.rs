//! Random applicants for a policy, drawn so that every threshold is stood upon: from both sides, and exactly.

use fastrand::Rng;
use prequal::Date;
use prequal::policy::{Body, Cells, Kind, Node, Precision, Program, Question};
use serde_json::{Map, Value, json};

/// How many different days decisions are made on.
const DAYS: usize = 48;
/// One answer in this many is wrong.
const WRONG: u32 = 300;

/// One applicant's answers by index in the units of their questions, and what they ask for.
#[derive(Clone)]
pub(crate) struct Applicant {
    pub(crate) answers: Vec<Option<i64>>,
    pub(crate) product: usize,
    pub(crate) term: u16,
    pub(crate) amount: i64,
    pub(crate) as_of: Date,
}

/// Draws applicants, the same ones for the same seed.
pub(crate) struct Applicants<'a> {
    body: &'a Body,
    random: Rng,
    days: Vec<Date>,
    /// Every number that the policy compares with.
    thresholds: Vec<i64>,
    /// Those of ratios, in millionths.
    ratios: Vec<i64>,
    last: Option<Applicant>,
}

impl<'a> Applicants<'a> {
    pub(crate) fn new(body: &'a Body, seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let days = days(&mut random);
        Self {
            body,
            random,
            days,
            thresholds: thresholds(body),
            ratios: ratios(body),
            last: None,
        }
    }

    /// The next applicant: as often as not the one before with a single change, so that a handle is tried on what a
    /// person does: to change their mind.
    pub(crate) fn draw(&mut self) -> Option<Applicant> {
        let applicant = match self.last.take() {
            Some(mut before) if self.random.bool() => {
                self.change_one(&mut before)?;
                before
            }
            _ => self.fresh()?,
        };
        self.last = Some(applicant.clone());
        Some(applicant)
    }

    fn fresh(&mut self) -> Option<Applicant> {
        let as_of = self.random.choice(&self.days).copied()?;
        let body = self.body;
        let answers = body
            .questions
            .iter()
            .map(|question| self.answer(question, as_of))
            .collect();
        let mut applicant = Applicant {
            answers,
            product: 0,
            term: 0,
            amount: 0,
            as_of,
        };
        self.request(&mut applicant)?;
        if self.random.u8(..3) == 0 {
            self.relate(&mut applicant.answers);
        }
        Some(applicant)
    }

    fn change_one(&mut self, applicant: &mut Applicant) -> Option<()> {
        let index = self.random.usize(..=self.body.questions.len());
        match self.body.questions.get(index) {
            Some(question) => {
                let drawn = self.answer(question, applicant.as_of);
                *applicant.answers.get_mut(index)? = drawn;
            }
            None => self.request(applicant)?,
        }
        Some(())
    }

    fn request(&mut self, applicant: &mut Applicant) -> Option<()> {
        applicant.product = self.random.usize(..self.body.products.len());
        let product = self.body.products.get(applicant.product)?;
        applicant.term = self.random.choice(&product.terms).copied()?;
        if self.random.u32(..WRONG) == 0 {
            applicant.term = applicant.term.saturating_add(self.random.u16(1..=100));
        }
        let (low, high) = (product.minimum.minor(), product.maximum.minor());
        applicant.amount = if self.random.u32(..WRONG) == 0 {
            *self.random.choice(&[low - 1, high + 1, 0, -1])?
        } else {
            self.number(low, high, 1)
        };
        Some(())
    }

    fn answer(&mut self, question: &Question, as_of: Date) -> Option<i64> {
        let Question {
            low, high, step, ..
        } = *question;
        if question.optional && self.random.u8(..6) == 0 {
            return None;
        }
        if self.random.u32(..WRONG) == 0 {
            // A boolean or a choice has no wrong value that both ways across the boundary express alike.
            if matches!(question.kind, Kind::Boolean | Kind::Choice(_)) {
                return None;
            }
            let wrong = [None, Some(low - step), Some(high + step), Some(low + 1)];
            return self.random.choice(&wrong).copied().flatten();
        }
        if question.kind == Kind::Date && self.random.bool() {
            return Some(self.anniversary(as_of).clamp(low, high));
        }
        Some(self.number(low, high, step))
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

    /// A number on the grid between two bounds: a threshold or its neighbour, of any order of magnitude, or uniform.
    fn number(&mut self, low: i64, high: i64, step: i64) -> i64 {
        let span = high.saturating_sub(low);
        let offset = match self.random.u8(..3) {
            0 => {
                let near: Vec<i64> = self
                    .thresholds
                    .iter()
                    .copied()
                    .filter(|t| (low - step..=high + step).contains(t))
                    .collect();
                let threshold = self.random.choice(&near).copied().unwrap_or(low);
                threshold - low + step * self.random.i64(-1..=1)
            }
            1 => {
                let bits = self.random.u32(0..=64 - span.leading_zeros()).min(63);
                self.random.i64(0..=span >> bits)
            }
            _ => self.random.i64(0..=span),
        };
        let offset = offset.clamp(0, span);
        low + offset - offset.rem_euclid(step)
    }

    /// Makes one amount a threshold's share of another, or a step more or less.
    fn relate(&mut self, answers: &mut [Option<i64>]) {
        let questions = &self.body.questions;
        let amounts: Vec<usize> = questions
            .iter()
            .enumerate()
            .filter(|(_, question)| question.kind == Kind::Money)
            .map(|(index, _)| index)
            .collect();
        let picked = (
            self.random.choice(&amounts),
            self.random.choice(&amounts),
            self.random.choice(&self.ratios),
        );
        let (Some(&part), Some(&whole), Some(&ratio)) = picked else {
            return;
        };
        let Some((question, whole)) = questions
            .get(part)
            .zip(answers.get(whole).copied().flatten())
        else {
            return;
        };
        let share = i64::try_from(i128::from(whole) * i128::from(ratio) / 1_000_000)
            .unwrap_or(question.high);
        let near = share + question.step * self.random.i64(-1..=1);
        let offset = near.clamp(question.low, question.high) - question.low;
        if let Some(answer) = answers.get_mut(part) {
            *answer = Some(question.low + offset - offset.rem_euclid(question.step));
        }
    }
}

impl Applicant {
    /// The answers as a page gives them, by name.
    pub(crate) fn answers_json(&self, body: &Body) -> Value {
        let mut answers = Map::new();
        for (question, answer) in body.questions.iter().zip(&self.answers) {
            let Some(value) = *answer else { continue };
            let json = match &question.kind {
                Kind::Boolean => json!(value == 1),
                Kind::Date => {
                    Date::from_days(value).map_or(json!(value), |date| json!(date.to_string()))
                }
                Kind::Choice(options) => {
                    let option = usize::try_from(value)
                        .ok()
                        .and_then(|index| options.get(index));
                    option.map_or(Value::Null, |id| json!(id.as_str()))
                }
                _ => json!(value),
            };
            answers.insert(question.id.to_string(), json);
        }
        Value::Object(answers)
    }
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

fn thresholds(body: &Body) -> Vec<i64> {
    let mut found = Vec::new();
    let constants = |program: &Program, found: &mut Vec<i64>| {
        for node in &program.nodes {
            match node {
                Node::Const(value) => found.push(*value),
                Node::Within(_, cells) => bounds(cells, found),
                _ => {}
            }
        }
    };
    constants(&body.derive, &mut found);
    constants(&body.decide, &mut found);
    for feature in &body.features {
        if let Precision::Bands { edges, .. } = &feature.precision {
            found.extend(edges);
        }
    }
    for row in body.tables.iter().flat_map(|table| &table.rows) {
        row.cells.iter().for_each(|cells| bounds(cells, &mut found));
        found.push(row.output);
    }
    for bin in body
        .card
        .iter()
        .flat_map(|card| &card.characteristics)
        .flat_map(|characteristic| &characteristic.bins)
    {
        bounds(&bin.cells, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn bounds(cells: &Cells, found: &mut Vec<i64>) {
    if let Cells::Of { intervals, .. } = cells {
        found.extend(
            intervals
                .iter()
                .flat_map(|&(low, high)| [low, high.saturating_add(1)]),
        );
    }
}

fn ratios(body: &Body) -> Vec<i64> {
    let features = body
        .features
        .iter()
        .filter(|feature| feature.kind == Kind::Ratio);
    let edges = features.filter_map(|feature| match &feature.precision {
        Precision::Bands { edges, .. } => Some(edges),
        _ => None,
    });
    edges.flatten().copied().collect()
}
