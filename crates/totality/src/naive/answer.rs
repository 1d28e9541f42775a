//! Before the waist: from answers to what a summary tells.

use prequal::policy::{Blank, Feature, Kind, Precision, Representative};
use serde_json::{Map, Value as Json, json};

use super::Naive;
use super::bug::Bug;
use super::calendar;
use super::fault::{Fault, Found};
use super::formula::{Walk, floor_to};
use super::number::Value;

/// The features of an applicant as a summary tells them, by index.
pub(crate) type Told = Vec<Value>;

impl Naive {
    /// The answers that count, by question; `None` where one is wanting.
    fn counted(&self, answers: &[Option<i64>], as_of: i128) -> Found<Option<Vec<Value>>> {
        let mut inputs: Vec<Value> = vec![None; self.body.questions.len()];
        inputs.push(Some(as_of));
        for (index, question) in self.body.questions.iter().enumerate() {
            let asked = match question.asked {
                Some(condition) => self.before(inputs.clone()).truth(condition)?,
                None => true,
            };
            if !asked || !self.page_is_open(index, &inputs)? {
                continue;
            }
            let opener = self
                .body
                .groups
                .iter()
                .any(|group| group.opener == Some(index as u16));
            let answer = answers.get(index).copied().ok_or(Fault::NotThere)?;
            let value = match (answer.map(i128::from), question.blank) {
                (Some(answer), _) => {
                    let (low, high) = (i128::from(question.low), i128::from(question.high));
                    let on_step = (answer - low) % i128::from(question.step) == 0;
                    if !(low..=high).contains(&answer) || !on_step {
                        return Ok(None);
                    }
                    Some(answer)
                }
                (None, Blank::Refused) => return Ok(None),
                (None, Blank::Missing) => None,
                (None, Blank::Means(_)) if opener && self.bugs.has(Bug::PagesStandOpen) => Some(1),
                (None, Blank::Means(_)) if self.bugs.has(Bug::BlankIsMissing) => None,
                (None, Blank::Means(value)) => Some(i128::from(value)),
            };
            let list = self
                .body
                .lists
                .iter()
                .find(|list| usize::from(list.count) == index);
            let one_more = list.is_some_and(|list| {
                self.bugs.has(Bug::OneEntryMore) && value < Some(i128::from(list.entries))
            });
            if let Some(slot) = inputs.get_mut(index) {
                *slot = value.map(|value| value + i128::from(one_more));
            }
        }
        Ok(Some(inputs))
    }

    /// Whether the page that a question stands on, and the entry of a list
    /// that it belongs to, are there at all.
    fn page_is_open(&self, index: usize, inputs: &[Value]) -> Found<bool> {
        let input = |of: u16| inputs.get(usize::from(of)).copied().flatten();
        for group in &self.body.groups {
            if group
                .questions
                .iter()
                .any(|question| usize::from(*question) == index)
            {
                let shown = match group.asked {
                    Some(condition) => self.before(inputs.to_vec()).truth(condition)?,
                    None => true,
                };
                let opened = group
                    .opener
                    .is_none_or(|opener| usize::from(opener) == index || input(opener) == Some(1));
                if !shown || !opened {
                    return Ok(false);
                }
            }
        }
        for list in &self.body.lists {
            let first = usize::from(list.first);
            let fields = usize::from(list.fields);
            let last = first + fields * usize::from(list.entries);
            if (first..last).contains(&index) {
                let entry = ((index - first) / fields) as i128;
                if input(list.count).is_none_or(|count| count <= entry) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn before(&self, inputs: Vec<Value>) -> Walk<'_> {
        Walk::new(&self.body.derive, &self.body.tables, inputs, self.bugs)
    }

    /// The features, before they are reduced; `None` where an answer is
    /// wanting or wrong.
    pub(crate) fn features(&self, answers: &[Option<i64>], as_of: i128) -> Found<Option<Told>> {
        let Some(inputs) = self.counted(answers, as_of)? else {
            return Ok(None);
        };
        let walk = self.before(inputs);
        // What nothing reads must not fail either.
        for index in 0..self.body.derive.nodes.len() {
            walk.value(index as u16)?;
        }
        let features = self
            .body
            .features
            .iter()
            .map(|feature| walk.value(feature.node));
        features.collect::<Found<Told>>().map(Some)
    }

    /// What a summary tells of features. `ranges` are theirs before they are
    /// reduced, least and largest: the outer bands end there.
    pub(crate) fn told(&self, features: &Told, ranges: &[(i64, i64)]) -> Found<Told> {
        let features = self.body.features.iter().zip(features).zip(ranges);
        features
            .map(|((feature, value), range)| match value {
                Some(value) => self.reduced(&feature.precision, *value, *range).map(Some),
                None => Ok(None),
            })
            .collect()
    }

    fn reduced(&self, precision: &Precision, value: i128, range: (i64, i64)) -> Found<i128> {
        let (least, largest) = (i128::from(range.0), i128::from(range.1));
        if !(least..=largest).contains(&value) {
            return Err(Fault::Overflow);
        }
        Ok(match precision {
            Precision::Exact => value,
            Precision::Floor(step) => {
                let step = i128::from(*step);
                match self.bugs.has(Bug::FloorTowardZero) {
                    true => value / step * step,
                    false => floor_to(value, step, super::Bugs::NONE),
                }
            }
            Precision::Ceil(step) => {
                let step = i128::from(*step);
                let above = floor_to(value, step, super::Bugs::NONE) + step;
                let moved = self.bugs.has(Bug::CeilMovesMultiples);
                if value % step == 0 && !moved {
                    value
                } else {
                    above
                }
            }
            Precision::Bands {
                edges,
                value: stands,
            } => {
                let belongs_below = i128::from(self.bugs.has(Bug::EdgeBelongsBelow));
                let mut low = least;
                let mut high = largest;
                for edge in edges.iter().copied().map(i128::from) {
                    if value >= edge + belongs_below {
                        low = edge;
                    } else {
                        high = high.min(edge - 1);
                    }
                }
                if self.bugs.has(Bug::HighIsTheNextEdge) && high < largest {
                    high += 1;
                }
                let first = edges.first().copied().map_or(least, i128::from);
                if self.bugs.has(Bug::LowestIsTheFirstEdge) {
                    low = low.max(first);
                }
                match stands {
                    Representative::Low => low,
                    Representative::High => high,
                    Representative::Middle if self.bugs.has(Bug::MiddleRoundsUp) => {
                        high - (high - low).div_euclid(2)
                    }
                    Representative::Middle => low + (high - low).div_euclid(2),
                }
            }
            Precision::Groups(groups) => {
                let mut found = Err(Fault::NotThere);
                for (index, group) in (0..).zip(groups) {
                    if group
                        .options
                        .iter()
                        .any(|option| i128::from(*option) == value)
                    {
                        let first = group.options.first().copied().map_or(0, i128::from);
                        let misread = self.bugs.has(Bug::GroupIsItsFirstOption);
                        found = Ok(if misread { first } else { index });
                    }
                }
                found?
            }
        })
    }

    /// Told features as a summary's JSON has them.
    pub(crate) fn told_json(&self, told: &Told) -> Found<Json> {
        let mut members = Map::new();
        for (feature, value) in self.body.features.iter().zip(told) {
            members.insert(feature.id.to_string(), json(feature, *value)?);
        }
        Ok(Json::Object(members))
    }

    /// Days from 1970-01-01 of a date as `2026-11-22`.
    pub(crate) fn days(text: &str) -> Found<i128> {
        let mut parts = text
            .splitn(3, '-')
            .map(|part| part.parse().map_err(|_| Fault::NotADate));
        let mut part = || parts.next().ok_or(Fault::NotADate)?;
        calendar::days(calendar::Day {
            year: part()?,
            month: part()?,
            day: part()?,
        })
    }
}

fn json(feature: &Feature, value: Value) -> Found<Json> {
    let Some(value) = value else {
        return Ok(json!("missing"));
    };
    let named = |name: Option<&prequal::policy::Id>| name.map(|id| json!(id.as_str()));
    let index = usize::try_from(value).map_err(|_| Fault::NotThere);
    match (&feature.precision, &feature.kind) {
        (Precision::Groups(groups), _) => {
            named(groups.get(index?).map(|group| &group.id)).ok_or(Fault::NotThere)
        }
        (_, Kind::Choice(options)) => named(options.get(index?)).ok_or(Fault::NotThere),
        _ => Ok(json!(value as i64)),
    }
}
