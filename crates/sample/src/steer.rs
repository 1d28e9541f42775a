//! Moving answers to where a policy tells applicants apart: chance alone rarely finds answers that fit one another.

use prequal::policy::{
    Bin, Body, Cells, Characteristic, Feature, Kind, NodeId, Precision, Question, Value,
};

use crate::applicant::Applicant;
use crate::draw::{Applicants, at, derived, on_grid};
use crate::goal::{Goal, distance, input};

/// How often a search closes in on the best answer; each time by a third.
const CLOSER: u32 = 28;
/// Of a question with at most so many answers, each is looked at.
const FEW: i64 = 64;

impl Applicants<'_> {
    /// Moves one answer so that a feature comes to lie on an edge of its bands, just below it, or as near as this answer
    /// alone can bring it.
    pub(crate) fn aim(&mut self, applicant: &mut Applicant) {
        let policy = self.policy;
        let body = policy.body();
        let banded = body
            .features
            .iter()
            .filter_map(|feature| match &feature.precision {
                Precision::Bands { edges, .. } => Some((feature, edges)),
                _ => None,
            });
        let banded: Vec<_> = banded.collect();
        let Some(&(feature, edges)) = self.random.choice(&banded) else {
            return;
        };
        let Some(&edge) = self.random.choice(edges) else {
            return;
        };
        let value = edge - i64::from(self.random.bool());
        self.bring(feature, &only(value..=value), applicant);
    }

    /// Moves one answer so that a feature falls into cells, or comes as near as this answer alone can bring it.
    fn bring(&mut self, feature: &Feature, target: &Cells, applicant: &mut Applicant) {
        let body = self.policy.body();
        let questions = self.policy.questions_of(feature);
        let Some(&question) = self.random.choice(&questions) else {
            return;
        };
        let search = Search {
            body,
            index: usize::from(question),
            node: feature.node,
            target,
        };
        if let Some(question) = body.questions.get(search.index) {
            search.run(question, applicant);
        }
    }

    /// Brings one characteristic of a card into a bin that helps towards a goal, its pages opened.
    pub(crate) fn toward(&mut self, goal: Goal, card: Option<usize>, applicant: &mut Applicant) {
        let body = self.policy.body();
        let drawn = match goal {
            Goal::Bin {
                card,
                characteristic,
                bin,
            } => body.cards.get(card).and_then(|card| {
                let characteristic = card.characteristics.get(characteristic)?;
                Some((characteristic, characteristic.bins.get(bin)?))
            }),
            Goal::Grade(_) => self.any_bin(card, |_| false),
            Goal::Reason(reason) => {
                self.any_bin(card, |bin| bin.reason.map(usize::from) == Some(reason))
            }
            Goal::Cap(_) => None,
        };
        let feature =
            drawn.and_then(|(characteristic, _)| body.features.get(input(body, characteristic)?));
        match drawn.zip(feature) {
            Some(((_, bin), feature)) => {
                let target = of_options(&bin.cells, feature);
                let missing = matches!(target, Cells::Of { missing: true, .. });
                if !missing {
                    self.open(feature, applicant);
                }
                self.bring(feature, &target, applicant);
            }
            None => self.aim(applicant),
        }
    }

    /// A characteristic of a card and one of its best bins, or as often as not one that is `wanted`.
    fn any_bin(
        &mut self,
        card: Option<usize>,
        wanted: impl Fn(&Bin) -> bool,
    ) -> Option<(&Characteristic, &Bin)> {
        let card = self.policy.body().cards.get(card?)?;
        let characteristic = self.random.choice(&card.characteristics)?;
        let best = characteristic.bins.iter().map(|bin| bin.points).max()?;
        let wanted: Vec<&Bin> = characteristic
            .bins
            .iter()
            .filter(|bin| wanted(bin))
            .collect();
        let bins = match wanted.is_empty() || self.random.bool() {
            true => characteristic
                .bins
                .iter()
                .filter(|bin| bin.points == best)
                .collect(),
            false => wanted,
        };
        Some((characteristic, *self.random.choice(&bins)?))
    }

    /// Opens the pages that a feature reads.
    fn open(&self, feature: &Feature, applicant: &mut Applicant) {
        let read = self.policy.questions_of(feature);
        let groups = self.policy.body().groups.iter();
        for opener in groups
            .filter_map(|group| group.opener)
            .filter(|opener| read.contains(opener))
        {
            if let Some(answer) = applicant.answers.get_mut(usize::from(opener)) {
                *answer = Some(1);
            }
        }
    }

    /// Makes one amount a threshold's share of another, or a step more or less.
    pub(crate) fn relate(&mut self, answers: &mut [Option<i64>]) {
        let questions = &self.policy.body().questions;
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
        if let Some(answer) = answers.get_mut(part) {
            *answer = Some(on_grid(near, question.low, question.high, question.step));
        }
    }

    /// Makes the entries of a list alike: equal but for a step or a twentieth.
    pub(crate) fn even(&mut self, answers: &mut [Option<i64>]) {
        let body = self.policy.body();
        let Some(list) = self.random.choice(&body.lists) else {
            return;
        };
        let (first, fields) = (usize::from(list.first), usize::from(list.fields));
        let later = first + fields..first + fields * usize::from(list.entries);
        for index in later {
            let like = answers.get(index - fields).copied().flatten();
            let Some((question, like)) = body.questions.get(index).zip(like) else {
                continue;
            };
            let near = match self.random.u8(..4) {
                0 => like + question.step * self.random.i64(-1..=1),
                1 => like + like / 20 * self.random.i64(-1..=1),
                _ => like,
            };
            if let Some(answer) = answers.get_mut(index) {
                *answer = Some(on_grid(near, question.low, question.high, question.step));
            }
        }
    }
}

/// Cells of one interval.
fn only(values: core::ops::RangeInclusive<i64>) -> Cells {
    Cells::Of {
        intervals: vec![values.into_inner()],
        missing: false,
    }
}

/// Cells of a feature as it is told, before it was reduced: groups become their options.
fn of_options(cells: &Cells, feature: &Feature) -> Cells {
    let (Precision::Groups(groups), Cells::Of { missing, .. }) = (&feature.precision, cells) else {
        return cells.clone();
    };
    let told = (0..)
        .zip(groups)
        .filter(|(group, _)| cells.contains(Value::new(*group)));
    let options = told.flat_map(|(_, group)| group.options.iter().copied().map(i64::from));
    Cells::Of {
        intervals: options.map(|option| (option, option)).collect(),
        missing: *missing,
    }
}

/// A search for the answer to one question that brings a node nearest to cells.
struct Search<'a> {
    body: &'a Body,
    /// The question.
    index: usize,
    node: NodeId,
    target: &'a Cells,
}

impl Search<'_> {
    /// Looks at every order of magnitude from both ends of the range and from the answer that is there, then closes in
    /// on the best of them: exact where the node rises, falls or has one valley there.
    fn run(&self, question: &Question, applicant: &mut Applicant) {
        let Question {
            low, high, step, ..
        } = *question;
        let last = (high - low) / step;
        let given = applicant.answers.get(self.index).copied().flatten();
        let given = (given.unwrap_or(low) - low) / step;
        let powers = (0..i64::BITS - 1).step_by(2).map(|bits| 1_i64 << bits);
        let powers = powers.take_while(|power| *power <= last);
        let around = powers.flat_map(|power| [power, last - power, given - power, given + power]);
        let few = (0..=last).take_while(|_| last <= FEW);
        let mut looked: Vec<i64> = around.chain(few).chain([last, given]).collect();
        looked.retain(|place| (0..=last).contains(place));
        looked.sort();
        looked.dedup();

        let mut distance = |place: i64| self.distance(applicant, low + place * step);
        let best = looked.iter().copied().enumerate();
        let Some((at, best)) = best.min_by_key(|(_, place)| distance(*place)) else {
            return;
        };
        let beside = |at: Option<usize>| at.and_then(|at| looked.get(at)).copied().unwrap_or(best);
        let (mut from, mut to) = (beside(at.checked_sub(1)), beside(at.checked_add(1)));
        for _ in 0..CLOSER {
            let third = (to - from) / 3;
            if distance(from + third) <= distance(to - third) {
                to -= third;
            } else {
                from += third;
            }
        }
        let ends = [best, from, from.midpoint(to), to];
        let nearest = ends.into_iter().min_by_key(|place| distance(*place));
        // What was looked at last is not what was found.
        distance(nearest.unwrap_or(best));
    }

    /// How far the node is from the target with this answer, which stays.
    fn distance(&self, applicant: &mut Applicant, value: i64) -> u64 {
        if let Some(answer) = applicant.answers.get_mut(self.index) {
            *answer = Some(value);
        }
        let nodes = usize::from(self.node) + 1;
        let values = derived(self.body, applicant, nodes);
        distance(self.target, at(&values, self.node)).unwrap_or(u64::MAX)
    }
}
