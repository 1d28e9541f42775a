//! An outcome told to a person, line by line.

use prequal::policy::{Body, Kind, Policy, Stage};
use prequal::{
    AnswerError, BinHit, Decision, Eligibility, FeatureCell, FeatureValue, Money, Outcome, Request,
    Steps,
};
use serde::Serialize;

use super::words::Words;
use crate::application::Application;

/// A line, and how deep it stands below a heading.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) depth: usize,
    pub(crate) text: String,
}

/// What there is to tell of one applicant.
pub(crate) struct Account<'a> {
    body: &'a Body,
    pub(super) words: &'a Words,
    date: String,
    request: Request,
    outcome: Outcome,
    steps: Option<Steps>,
    cells: Vec<FeatureCell>,
}

/// Lines in the making.
#[derive(Default)]
pub(super) struct Page(Vec<Line>);

impl Page {
    pub(super) fn put(&mut self, depth: usize, text: impl Into<String>) {
        let text = text.into();
        self.0.push(Line { depth, text });
    }

    /// An empty line before what follows.
    pub(super) fn pause(&mut self) {
        self.put(0, "");
    }
}

impl<'a> Account<'a> {
    pub(crate) fn new(
        policy: &'a Policy,
        application: &Application,
        words: &'a Words,
    ) -> Result<Account<'a>, Vec<AnswerError>> {
        let Application {
            answers,
            request,
            as_of,
            ..
        } = application;
        let features = policy.derive(answers, request, *as_of)?;
        let summary = policy.reduce(&features);
        Ok(Account {
            body: policy.body(),
            words,
            date: words.date(*as_of),
            request: request.clone(),
            outcome: policy.assess(&summary),
            steps: policy.steps(&summary, request),
            cells: policy.cells(&features),
        })
    }

    pub(crate) fn eligibility(&self) -> Eligibility {
        self.outcome.decision.eligibility
    }

    /// The whole account.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut page = Page::default();
        self.opening(&mut page);
        self.reasons(&mut page);
        self.score(&mut page);
        if self.body.stage != Stage::EarlyWarning {
            self.limit(&mut page);
            self.offers(&mut page);
            self.refused(&mut page);
        }
        self.sent(&mut page);
        page.0
    }

    pub(super) fn decision(&self) -> &Decision {
        &self.outcome.decision
    }

    fn opening(&self, page: &mut Page) {
        let words = self.words;
        let policy = words.name(&["policy.title".to_owned()], self.body.id.as_str());
        page.put(
            0,
            words.say("title", &[("policy", &policy), ("date", &self.date)]),
        );
        let Request {
            product,
            amount,
            term,
        } = &self.request;
        let asked = match self.body.stage {
            Stage::PreScreen | Stage::Renewal => "asked",
            Stage::EarlyWarning => "running",
        };
        page.put(
            0,
            words.say(
                asked,
                &[
                    ("product", &self.product(product)),
                    ("amount", &self.money(*amount)),
                    ("months", &words.months(i64::from(*term))),
                ],
            ),
        );
        page.pause();
        if self.body.stage == Stage::EarlyWarning {
            let level = self.decision().alert.map_or("none", |level| level.code());
            let level = words.say(&format!("level.{level}"), &[]);
            page.put(0, words.say("result.warning", &[("level", &level)]));
            return;
        }
        let result = self.decision().eligibility.code();
        page.put(0, words.say(&format!("result.{result}"), &[]));
        page.put(0, words.say("result.note", &[]));
    }

    fn reasons(&self, page: &mut Page) {
        let words = self.words;
        page.pause();
        let reasons = &self.decision().reasons;
        if reasons.is_empty() {
            page.put(0, words.say("reasons.none", &[]));
            return;
        }
        page.put(0, words.say("reasons.heading", &[]));
        for (index, code) in reasons.iter().enumerate() {
            let text = words.name(&[format!("reason.{code}.text")], code);
            let number = (index + 1).to_string();
            page.put(
                1,
                words.say("reasons.line", &[("number", &number), ("text", &text)]),
            );
            if let Some(help) = words.text(&format!("reason.{code}.help")) {
                page.put(2, help);
            }
        }
    }

    /// The score by characteristic, what costs the most first.
    fn score(&self, page: &mut Page) {
        let words = self.words;
        let Decision {
            score: Some(score),
            grade: Some(grade),
            probability: Some(probability),
            ..
        } = self.decision()
        else {
            return;
        };
        page.pause();
        let parts = [
            ("points", score.to_string()),
            ("grade", words.name(&[format!("grade.{grade}.name")], grade)),
            ("probability", words.measured(*probability)),
        ];
        page.put(0, self.say("score.heading", &parts));
        let card = self.steps.as_ref().and_then(|steps| steps.card);
        let start = card
            .and_then(|card| self.body.cards.get(card))
            .map_or(0, |card| card.start);
        if start != 0 {
            page.put(
                1,
                words.say("score.start", &[("points", &start.to_string())]),
            );
        }
        let mut bins: Vec<&BinHit> = self.outcome.trace.bins.iter().collect();
        bins.sort_by_key(|hit| hit.points - hit.best);
        for hit in &bins {
            let key = if hit.points == hit.best {
                "score.line"
            } else {
                "score.lost"
            };
            let parts = [
                ("points", hit.points.to_string()),
                ("best", hit.best.to_string()),
                ("lost", (hit.best - hit.points).to_string()),
            ];
            let said = self.say(key, &parts);
            let name = self.characteristic(&hit.characteristic);
            page.put(
                1,
                words.say("sent.line", &[("name", &name), ("value", &said)]),
            );
        }
        let best: i64 = bins.iter().map(|hit| i64::from(hit.best)).sum::<i64>() + i64::from(start);
        page.put(
            1,
            self.say(
                "score.most",
                &[("points", score.to_string()), ("best", best.to_string())],
            ),
        );
    }

    fn limit(&self, page: &mut Page) {
        let words = self.words;
        page.pause();
        let Some(limit) = &self.decision().limit else {
            page.put(0, words.say("limit.none", &[]));
            return;
        };
        let parts = [
            ("amount", self.money(limit.amount)),
            ("bound", self.bound(&limit.binding)),
        ];
        page.put(0, self.say("limit.heading", &parts));
        if limit.review {
            page.put(1, words.say("limit.review", &[]));
        }
        for offer in &self.decision().offers {
            let mut parts = self.terms(&offer.product, offer.term);
            parts.push(("amount", self.money(offer.limit)));
            page.put(1, self.say("limit.offer", &parts));
            for constraint in &offer.constraints {
                let binds = constraint.name == offer.binding;
                let key = if binds {
                    "limit.binding"
                } else {
                    "limit.bound"
                };
                let parts = [
                    ("name", self.bound(&constraint.name)),
                    ("amount", self.money(constraint.amount)),
                ];
                page.put(2, self.say(key, &parts));
            }
        }
        page.put(
            1,
            self.say("limit.step", &[("step", self.money(self.body.limit.step))]),
        );
    }

    fn sent(&self, page: &mut Page) {
        let words = self.words;
        page.pause();
        page.put(0, words.say("sent.heading", &[]));
        for cell in &self.cells {
            let name = self.feature(&cell.feature);
            let parts = [("name", name), ("value", self.told(cell))];
            page.put(1, self.say("sent.line", &parts));
        }
        page.put(1, words.say("sent.request", &[]));
        page.put(1, words.say("sent.never", &[]));
    }

    /// What is told of a feature.
    fn told(&self, cell: &FeatureCell) -> String {
        let words = self.words;
        if cell.sent == FeatureValue::missing() {
            return words.say("value.missing", &[]);
        }
        let id = &cell.feature;
        let number = match &cell.sent {
            FeatureValue::Text(group) => {
                let keys = [
                    format!("feature.{id}.groups.{group}"),
                    format!("option.{id}.{group}"),
                ];
                return words.name(&keys, group);
            }
            FeatureValue::Number(number) => *number,
        };
        let mut features = self.body.features.iter();
        let kind = features.find(|feature| feature.id.as_str() == id);
        let kind = kind.map_or(&Kind::Integer, |feature| &feature.kind);
        // What a question of the feature's name counts, the feature counts too.
        let mut questions = self.body.questions.iter();
        let question = questions.find(|question| question.id.as_str() == id);
        let unit = question.and_then(|question| question.unit);
        let said = |number| match (kind, unit) {
            (Kind::Integer, Some(unit)) => words.time(number, unit),
            _ => words.number(number, kind, self.body.currency),
        };
        // A share is not counted: its band ends below the next one's edge.
        let share = matches!(kind, Kind::Ratio | Kind::Real);
        match (cell.lowest, cell.highest) {
            (Some(low), Some(high)) if low != high && share => words.say(
                "value.within",
                &[("low", &said(low)), ("high", &said(high + 1))],
            ),
            (Some(low), Some(high)) if low != high => words.say(
                "value.between",
                &[("low", &said(low)), ("high", &said(high))],
            ),
            (Some(low), None) => words.say("value.least", &[("low", &said(low))]),
            (None, Some(high)) if share => words.say("value.below", &[("high", &said(high + 1))]),
            (None, Some(high)) => words.say("value.most", &[("high", &said(high))]),
            _ => said(number),
        }
    }

    pub(super) fn say(&self, key: &str, parts: &[(&str, String)]) -> String {
        let parts: Vec<(&str, &str)> = parts
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        self.words.say(key, &parts)
    }

    pub(super) fn money(&self, amount: Money) -> String {
        self.words.money(amount, self.body.currency)
    }

    pub(super) fn terms(&self, product: &str, term: u16) -> Vec<(&'static str, String)> {
        vec![
            ("product", self.product(product)),
            ("months", self.words.months(i64::from(term))),
        ]
    }

    fn product(&self, id: &str) -> String {
        self.words.name(&[format!("product.{id}.name")], id)
    }

    fn feature(&self, id: &str) -> String {
        self.words.name(&[format!("feature.{id}.label")], id)
    }

    /// A characteristic is a feature, a value, or part of what is asked for.
    fn characteristic(&self, id: &str) -> String {
        let context = format!("context.{id}");
        if self.words.has(&context) {
            return self.words.say(&context, &[]);
        }
        self.feature(id)
    }

    pub(super) fn bound(&self, id: &str) -> String {
        let own = format!("bound.{id}");
        match self.words.text(&format!("limit.{id}")) {
            Some(text) => text.to_owned(),
            None if self.words.has(&own) => self.words.say(&own, &[]),
            None => id.to_owned(),
        }
    }
}
