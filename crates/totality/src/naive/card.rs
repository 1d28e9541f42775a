//! Scorecards: which one counts, the bins, the score and what it stands for.

use prequal::policy::{Bin, Card, Characteristic};

use super::bug::{Bug, Bugs};
use super::fault::{Fault, Found};
use super::formula::{Walk, takes};
use super::number::{Fixed, Value, two_to};
use super::{Naive, Terms};

/// Features and day of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) features: Vec<Value>,
    pub(crate) as_of: i128,
}

/// Everything that a policy says on given terms.
pub(crate) struct Look<'a> {
    pub(crate) walk: Walk<'a>,
    pub(crate) bins: Vec<Hit<'a>>,
    pub(crate) score: Option<Score>,
}

/// A bin that a value fell into.
#[derive(Clone, Copy)]
pub(crate) struct Hit<'a> {
    pub(crate) characteristic: &'a Characteristic,
    pub(crate) index: usize,
    pub(crate) bin: &'a Bin,
}

/// A score and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) points: i128,
    /// In millionths.
    pub(crate) probability: i128,
    pub(crate) grade: usize,
}

impl Hit<'_> {
    /// The points of the characteristic's best bin.
    pub(crate) fn best(&self) -> i32 {
        self.characteristic
            .bins
            .iter()
            .map(|bin| bin.points)
            .fold(i32::MIN, i32::max)
    }
}

impl Naive {
    /// Looks at a policy with these features on these terms.
    pub(crate) fn look(&self, facts: &Facts, terms: Terms) -> Found<Look<'_>> {
        let mut look = self.unscored(facts, terms);
        let card = self.card(&look.walk)?;
        if let Some(card) = card {
            look.bins = self.bins(card, &look.walk)?;
            look.score = Some(self.score(card, &look.bins)?);
        }
        look.put_score();
        Ok(look)
    }

    /// The same for the grade that a price before any answer stands for.
    pub(crate) fn quoted(&self, facts: &Facts, terms: Terms) -> Look<'_> {
        let mut look = self.unscored(facts, terms);
        let grade = usize::from(self.body.quote_grade);
        let score = Score {
            points: 0,
            probability: 0,
            grade,
        };
        look.score = (!self.body.cards.is_empty()).then_some(score);
        look.put_score();
        look
    }

    fn unscored(&self, facts: &Facts, terms: Terms) -> Look<'_> {
        let mut inputs = facts.features.clone();
        inputs.extend([
            Some(facts.as_of),
            Some(terms.amount),
            Some(terms.term),
            Some(terms.product as i128),
        ]);
        let walk = Walk::new(&self.body.decide, &self.body.tables, inputs, self.bugs);
        Look {
            walk,
            bins: Vec::new(),
            score: None,
        }
    }

    fn card(&self, walk: &Walk<'_>) -> Found<Option<&Card>> {
        for card in &self.body.cards {
            match card.when {
                Some(when) if !self.bugs.has(Bug::FirstCardAlways) && !walk.truth(when)? => {}
                _ => return Ok(Some(card)),
            }
        }
        Ok(None)
    }

    fn bins<'a>(&self, card: &'a Card, walk: &Walk<'_>) -> Found<Vec<Hit<'a>>> {
        let mut hits = Vec::new();
        for characteristic in &card.characteristics {
            let value = walk.value(characteristic.node)?;
            let bins = characteristic.bins.iter().enumerate();
            let mut taking = bins.filter(|(_, bin)| takes(&bin.cells, value, self.bugs));
            let (index, bin) = taking.next().ok_or(Fault::Gap)?;
            // A value has one bin.
            if taking.next().is_some() {
                return Err(Fault::TwoRows);
            }
            hits.push(Hit {
                characteristic,
                index,
                bin,
            });
        }
        Ok(hits)
    }

    fn score(&self, card: &Card, hits: &[Hit<'_>]) -> Found<Score> {
        let bugs = self.bugs;
        let mut points: i128 = hits.iter().map(|hit| i128::from(hit.bin.points)).sum();
        if !bugs.has(Bug::StartLeftOut) {
            points += i128::from(card.start);
        }
        let base = if bugs.has(Bug::BaseLeftOut) {
            0
        } else {
            i128::from(card.base)
        };
        let pdo = i128::from(card.pdo) + i128::from(bugs.has(Bug::DoublingIsOff));
        let probability = probability(points - base, i128::from(card.odds), pdo, bugs)?;
        let reached = |bound: Option<i32>| match bound.map(i128::from) {
            Some(bound) if bugs.has(Bug::GradeBoundLeftOut) => points > bound,
            Some(bound) => points >= bound,
            None => true,
        };
        let mut grades = self.body.grades.iter().enumerate();
        let grade = grades.find(|(_, grade)| reached(grade.at_least));
        let (grade, _) = grade.ok_or(Fault::NotThere)?;
        Ok(Score {
            points,
            probability,
            grade,
        })
    }
}

/// The probability of going bad in millionths, at so many points above those
/// where the odds of good to bad are `odds`: they double every `pdo` points.
pub(crate) fn probability(above: i128, odds: i128, pdo: i128, bugs: Bugs) -> Found<i128> {
    let odds = two_to(above, pdo).times(&Fixed::of(odds, 1));
    let bad = Fixed::one().over(&Fixed::one().plus(&odds));
    let told = if bugs.has(Bug::ProbabilityOfGood) {
        Fixed::one().minus(&bad)
    } else {
        bad
    };
    told.times(&Fixed::of(1_000_000, 1)).nearest()
}

impl Look<'_> {
    fn put_score(&mut self) {
        let score = self.score.unwrap_or(Score {
            points: 0,
            probability: 0,
            grade: 0,
        });
        self.walk.put([
            Some(score.points),
            Some(score.probability),
            Some(score.grade as i128),
        ]);
    }
}
