//! One evaluation of rules, score and grade for given facts and terms.

use crate::math;
use crate::policy::{Bin, Card, Characteristic, NodeId, Policy, Rule, Value};
use crate::summary::Facts;
use crate::{Date, Money, Ratio};

/// The terms that are looked at.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    /// The product, by index.
    pub(super) product: usize,
    /// The term in months.
    pub(super) term: u16,
    /// The amount in minor units.
    pub(super) amount: i64,
}

/// Everything that a policy says of facts on given terms.
pub(super) struct Evaluation {
    values: Vec<Value>,
    /// The day it is for.
    pub(super) as_of: Date,
    /// Absent without a card.
    pub(super) score: Option<Score>,
}

/// A score and what it stands for.
#[derive(Clone, Copy)]
pub(super) struct Score {
    pub(super) points: i64,
    pub(super) probability: Ratio,
    pub(super) grade: usize,
}

impl Evaluation {
    /// Evaluates the formulas that read no score, then the card, then the rest.
    pub(super) fn of(policy: &Policy, facts: &Facts, terms: Terms) -> Evaluation {
        Evaluation::with(policy, facts, terms, |values| policy.score(values))
    }

    /// The same, with the score given by `score` from the values before it.
    pub(super) fn with(
        policy: &Policy,
        facts: &Facts,
        terms: Terms,
        score: impl FnOnce(&[Value]) -> Option<Score>,
    ) -> Evaluation {
        let body = policy.body();
        let mut inputs = Vec::with_capacity(facts.features.len() + 7);
        inputs.extend_from_slice(&facts.features);
        inputs.extend([
            Value::new(facts.as_of.days()),
            Value::new(terms.amount),
            Value::new(i64::from(terms.term)),
            index(terms.product),
        ]);
        let mut values = Vec::with_capacity(body.decide.nodes.len());
        body.decide
            .run(&inputs, &body.tables, policy.unscored, &mut values);
        let score = score(&values);
        inputs.extend(match score {
            Some(score) => [
                Value::new(score.points),
                Value::new(score.probability.millionths()),
                index(score.grade),
            ],
            None => [Value::new(0); 3],
        });
        body.decide
            .run(&inputs, &body.tables, body.decide.nodes.len(), &mut values);
        Evaluation {
            values,
            as_of: facts.as_of,
            score,
        }
    }

    /// The values of all nodes.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The value of a node.
    pub(super) fn value(&self, node: NodeId) -> Value {
        self.values
            .get(usize::from(node))
            .copied()
            .unwrap_or(Value::MISSING)
    }

    /// The value of a node that is an amount.
    pub(super) fn money(&self, node: NodeId) -> Money {
        Money::new(self.value(node).get().unwrap_or(0))
    }

    /// The value of a node that is a ratio.
    pub(super) fn ratio(&self, node: NodeId) -> Ratio {
        Ratio::new(self.value(node).get().unwrap_or(0))
    }

    /// The rules of these that fire, in declared order.
    pub(super) fn fired<'a>(&self, rules: &'a [Rule]) -> impl Iterator<Item = &'a Rule> {
        rules.iter().filter(|rule| self.value(rule.when).is_true())
    }
}

fn index(index: usize) -> Value {
    Value::new(i64::try_from(index).unwrap_or(0))
}

impl Policy {
    /// The card that counts.
    fn card(&self, values: &[Value]) -> Option<&Card> {
        let holds = |when: NodeId| values.get(usize::from(when)).is_some_and(|v| v.is_true());
        let mut cards = self.body().cards.iter();
        cards.find(|card| card.when.is_none_or(holds))
    }

    /// The bins that the values fall into, a characteristic each.
    pub(super) fn bins<'a>(
        &'a self,
        values: &'a [Value],
    ) -> impl Iterator<Item = (&'a Characteristic, usize, &'a Bin)> {
        let card = self.card(values).into_iter();
        card.flat_map(|card| &card.characteristics)
            .filter_map(|characteristic| {
                let value = *values.get(usize::from(characteristic.node))?;
                let bins = || characteristic.bins.iter().enumerate();
                let (index, bin) = bins().find(|(_, bin)| bin.cells.contains(value))?;
                Some((characteristic, index, bin))
            })
    }

    /// The bins that an evaluation fell into.
    pub(super) fn bins_of<'a>(
        &'a self,
        evaluation: &'a Evaluation,
    ) -> impl Iterator<Item = (&'a Characteristic, usize, &'a Bin)> {
        self.bins(&evaluation.values)
    }

    fn score(&self, values: &[Value]) -> Option<Score> {
        let card = self.card(values)?;
        let points = self.bins(values).map(|(_, _, bin)| i64::from(bin.points));
        let points = points.sum::<i64>() + i64::from(card.start);
        // Odds of good to bad double every `pdo` points from `odds` at `base`.
        let doublings = (points - i64::from(card.base)) as f64 / f64::from(card.pdo);
        let odds = f64::from(card.odds) * math::exp2(doublings);
        let probability = Ratio::nearest(1.0 / (1.0 + odds)).unwrap_or(Ratio::ZERO);
        let reached = |bound: Option<i32>| bound.is_none_or(|bound| points >= i64::from(bound));
        let grade = self
            .body()
            .grades
            .iter()
            .position(|grade| reached(grade.at_least));
        Some(Score {
            points,
            probability,
            grade: grade.unwrap_or(0),
        })
    }

    /// The score of the grade that quotes stand for, whatever the values.
    pub(super) fn quoted_score(&self) -> Option<Score> {
        let grade = usize::from(self.body().quote_grade);
        let score = Score {
            points: 0,
            probability: Ratio::ZERO,
            grade,
        };
        (!self.body().cards.is_empty()).then_some(score)
    }
}
