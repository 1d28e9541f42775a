//! What a policy tells applicants apart by, and how far one is from it.

use prequal::policy::{
    Body, Cap, Card, Cells, Characteristic, Node, NodeId, Policy, Product, Stage, Value,
};
use prequal::{Outcome, Request, Steps, Summary};

use crate::applicant::Applicant;
use crate::draw::{at, derived};

/// Something that an applicant may come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// A bin of a card's characteristic; all by index.
    Bin {
        card: usize,
        characteristic: usize,
        bin: usize,
    },
    /// A grade, by index.
    Grade(usize),
    /// A reason that is told, by index.
    Reason(usize),
    /// A cap that binds the limit of an offer, by index.
    Cap(usize),
}

/// Of what cannot be measured.
const FAR: u64 = 1 << 50;
/// Of each rule that stops everything else.
const STOPPED: u64 = 1 << 40;
/// Of a rule whose reason takes a place: more than a card's points can.
const RULE: u64 = 1 << 20;
/// How many reasons may stand before one that is still told.
const BEFORE: usize = 3;

impl Goal {
    /// All of a policy; without rules, which applicants that stand on every threshold come to by themselves.
    pub(crate) fn all(body: &Body) -> Vec<Goal> {
        let bins = body.cards.iter().enumerate().flat_map(|(card, found)| {
            let characteristics = found.characteristics.iter().enumerate();
            characteristics.flat_map(move |(characteristic, found)| {
                (0..found.bins.len()).map(move |bin| Goal::Bin {
                    card,
                    characteristic,
                    bin,
                })
            })
        });
        let offers = body.stage != Stage::EarlyWarning;
        let caps = body.limit.caps.iter().enumerate();
        let caps = caps.filter(|(_, cap)| offers && can_bind(body, cap));
        bins.chain((0..body.grades.len()).map(Goal::Grade))
            .chain((0..body.reasons.len()).map(Goal::Reason))
            .chain(caps.map(|(cap, _)| Goal::Cap(cap)))
            .collect()
    }
}

/// Whether a cap can bind the limit of an offer. One all of whose values are below every product's minimum or no less than
/// every maximum cannot: offers are made or refused by it.
pub fn can_bind(body: &Body, cap: &Cap) -> bool {
    let least = body.products.iter().map(|product| product.minimum).min();
    let most = body.products.iter().map(|product| product.maximum).max();
    let Some((least, most)) = least.zip(most) else {
        return false;
    };
    let mut waiting = vec![cap.node];
    while let Some(node) = waiting.pop() {
        let binds = |value: i64| (least.minor()..most.minor()).contains(&value);
        let free = match body.decide.nodes.get(usize::from(node)) {
            Some(Node::Const(value)) => binds(*value),
            Some(Node::If(_, a, b)) => {
                waiting.extend([*a, *b]);
                false
            }
            Some(Node::Lookup(table, _)) => {
                let rows = body
                    .tables
                    .get(usize::from(*table))
                    .map(|table| &table.rows);
                rows.into_iter().flatten().any(|row| binds(row.output))
            }
            _ => true,
        };
        if free {
            return true;
        }
    }
    false
}

/// What an applicant came to.
pub(crate) struct Standing<'a> {
    policy: &'a Policy,
    /// The features before they were reduced.
    features: Vec<Value>,
    summary: Summary,
    steps: Steps,
    outcome: Outcome,
}

impl<'a> Standing<'a> {
    /// Decides; none for wrong answers.
    pub(crate) fn of(policy: &'a Policy, applicant: &Applicant) -> Option<Self> {
        let body = policy.body();
        let summary = applicant.summarise(policy).ok()?;
        let values = derived(body, applicant, body.derive.nodes.len());
        let features = body.features.iter();
        let features = features.map(|feature| at(&values, feature.node)).collect();
        Some(Self {
            policy,
            features,
            steps: policy.steps(&summary, &applicant.request)?,
            outcome: policy.assess(&summary),
            summary,
        })
    }

    /// The card that counts, by index.
    pub(crate) fn card(&self) -> Option<usize> {
        self.steps.card
    }

    /// How far it is to a goal; zero where it is reached.
    pub(crate) fn distance(&self, goal: Goal) -> u64 {
        if self.reaches(goal) {
            return 0;
        }
        let stopped = self.outcome.trace.knockouts.iter().map(|_| STOPPED);
        let left = match goal {
            Goal::Bin {
                card,
                characteristic,
                bin,
            } => self.to_bin(card, characteristic, bin),
            Goal::Grade(grade) => self.to_grade(grade),
            Goal::Reason(reason) => self.to_reason(reason),
            Goal::Cap(cap) => self.to_cap(cap),
        };
        left.unwrap_or(FAR)
            .saturating_add(stopped.sum::<u64>())
            .max(1)
    }

    fn reaches(&self, goal: Goal) -> bool {
        let body = self.policy.body();
        let decision = &self.outcome.decision;
        match goal {
            Goal::Bin {
                card,
                characteristic,
                bin,
            } => {
                let hit = self.outcome.trace.bins.get(characteristic);
                self.steps.card == Some(card) && hit.is_some_and(|hit| usize::from(hit.bin) == bin)
            }
            Goal::Grade(grade) => {
                let grade = body.grades.get(grade).map(|grade| grade.id.as_str());
                grade.is_some() && decision.grade.as_deref() == grade
            }
            Goal::Reason(reason) => {
                let code = body.reasons.get(reason);
                let mut told = decision.reasons.iter();
                code.is_some_and(|code| told.any(|told| told == code.as_str()))
            }
            Goal::Cap(cap) => {
                let cap = body.limit.caps.get(cap);
                let mut offers = decision.offers.iter();
                cap.is_some_and(|cap| offers.any(|offer| offer.binding == cap.id.as_str()))
            }
        }
    }

    fn to_bin(&self, card: usize, characteristic: usize, bin: usize) -> Option<u64> {
        if self.steps.card != Some(card) {
            return None;
        }
        let characteristic = self.counting()?.characteristics.get(characteristic)?;
        let value = match input(self.policy.body(), characteristic) {
            Some(feature) => *self.features.get(feature)?,
            None => at(&self.steps.values, characteristic.node),
        };
        distance(&characteristic.bins.get(bin)?.cells, value)
    }

    fn to_grade(&self, grade: usize) -> Option<u64> {
        let grades = &self.policy.body().grades;
        let score = self.steps.score?;
        let bound = match self.steps.grade? > grade {
            true => i64::from(grades.get(grade)?.at_least?),
            false => i64::from(grades.get(grade.checked_sub(1)?)?.at_least?),
        };
        Some(score.abs_diff(bound))
    }

    /// By how much others come before it, without those that leave it a place.
    fn to_reason(&self, reason: usize) -> Option<u64> {
        let body = self.policy.body();
        let mut costs = vec![0_u64; body.reasons.len()];
        let card = self.counting()?;
        for (characteristic, hit) in card.characteristics.iter().zip(&self.steps.bins) {
            let bin = characteristic.bins.get(usize::from(hit.bin))?;
            if let Some(cost) = bin.reason.and_then(|at| costs.get_mut(usize::from(at))) {
                *cost += u64::from(hit.best.abs_diff(hit.points));
            }
        }
        let own = match *costs.get(reason)? {
            0 => cheapest(card, reason)?,
            own => own,
        };
        let alerts = body.alerts.iter().map(|alert| &alert.rule);
        let fired = body.reviews.iter().chain(alerts);
        let fired = fired.filter(|rule| at(&self.steps.values, rule.when).is_true());
        let none = self.outcome.decision.offers.is_empty() && body.stage != Stage::EarlyWarning;
        let ruled = fired.map(|rule| rule.reason);
        for at in ruled.chain(none.then_some(body.limit.reason)) {
            if let Some(cost) = costs.get_mut(usize::from(at)) {
                *cost += RULE;
            }
        }
        let others = costs.iter().enumerate().filter(|(at, _)| *at != reason);
        let before = others.filter(|(at, cost)| **cost > own || (**cost == own && *at < reason));
        let mut before: Vec<u64> = before.map(|(_, cost)| cost - own + 1).collect();
        before.sort();
        let told = before.len().saturating_sub(BEFORE);
        Some(before.iter().take(told).sum())
    }

    /// How much a cap lacks to the product's minimum, or has above the next bound, where that is least.
    fn to_cap(&self, cap: usize) -> Option<u64> {
        let body = self.policy.body();
        let holds = |when: NodeId| at(&self.steps.values, when).is_true();
        let products = body.products.iter();
        let open = products.filter(|product| product.when.is_none_or(holds));
        let offers =
            open.flat_map(|product| product.terms.iter().map(move |term| (product, *term)));
        offers
            .filter_map(|(product, term)| self.to_cap_of(cap, product, term))
            .min()
    }

    fn to_cap_of(&self, cap: usize, product: &Product, term: u16) -> Option<u64> {
        let limit = &self.policy.body().limit;
        let terms = Request {
            product: product.id.to_string(),
            amount: product.minimum,
            term,
        };
        let steps = self.policy.steps(&self.summary, &terms)?;
        let number = |node: NodeId| at(&steps.values, node).get();
        let others = limit.caps.iter().enumerate().filter(|(at, _)| *at != cap);
        let mut next = product.maximum.minor();
        for (_, other) in others {
            next = next.min(number(other.node)?);
        }
        if let Some(affordable) = steps.affordable {
            next = next.min(affordable.minor());
        }
        let bound = number(limit.caps.get(cap)?.node)?;
        let (lacks, above) = (product.minimum.minor() - bound, bound - next + 1);
        u64::try_from(lacks.max(0) + above.max(0)).ok()
    }

    fn counting(&self) -> Option<&'a Card> {
        self.policy.body().cards.get(self.steps.card?)
    }
}

/// The feature that a characteristic is, by index, unless it is a figure of its own.
pub(crate) fn input(body: &Body, characteristic: &Characteristic) -> Option<usize> {
    match body.decide.nodes.get(usize::from(characteristic.node))? {
        Node::Input(input) => Some(usize::from(*input)).filter(|at| *at < body.features.len()),
        _ => None,
    }
}

/// How far a value is from falling into cells; none where only something else than a number helps.
pub(crate) fn distance(cells: &Cells, value: Value) -> Option<u64> {
    let Cells::Of { intervals, .. } = cells else {
        return Some(0);
    };
    if cells.contains(value) {
        return Some(0);
    }
    let value = value.get()?;
    let ends = intervals.iter().flat_map(|&(low, high)| [low, high]);
    ends.map(|end| end.abs_diff(value)).min()
}

/// The least points below the best that give a reason.
fn cheapest(card: &Card, reason: usize) -> Option<u64> {
    let below = card.characteristics.iter().flat_map(|characteristic| {
        let best = characteristic.bins.iter().map(|bin| bin.points).max();
        let given = characteristic.bins.iter();
        given
            .filter(move |bin| bin.reason.is_some_and(|at| usize::from(at) == reason))
            .filter_map(move |bin| Some(u64::from(best?.abs_diff(bin.points))))
    });
    below.filter(|below| *below > 0).min()
}
