//! What is certain, and what is still possible, before everything is answered.

use serde::Serialize;

use crate::loan::Leeway;
use crate::policy::{Card, Domain, NodeId, Policy, Product, Stage, Value};
use crate::{Date, Money, Ratio};

/// Sound bounds of an outcome while answers are open: whatever they turn out
/// to be, the limit lies between `least` and `most`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Outlook {
    /// The reasons of knock-outs that no open answer can avert, in declared
    /// order, each once.
    pub certain: Vec<String>,
    /// The least limit, in minor units; zero where there may be none.
    pub least: Money,
    /// The largest limit, in minor units.
    pub most: Money,
}

/// What was asked for, without facts.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) as_of: Date,
    pub(crate) product: usize,
    pub(crate) amount: i64,
    pub(crate) term: u16,
}

/// The domains of every step of the decision on some terms.
struct Bounds(Vec<Domain>);

impl Policy {
    /// The outlook on reduced features within these domains. `None` for an
    /// early warning, which has no limit.
    pub(crate) fn outlook(&self, features: &[Domain], asked: Asked) -> Option<Outlook> {
        let body = self.body();
        if body.stage == Stage::EarlyWarning {
            return None;
        }
        let point = |value: i64| Domain::of(Value::new(value));
        let (amount, term) = (point(asked.amount), point(i64::from(asked.term)));
        let bounds = self.bounds_on(features, asked.as_of, asked.product, amount, term)?;
        let certain = || {
            let rules = body.knockouts.iter();
            rules.filter(|rule| bounds.at(rule.when).low == 1)
        };
        let (mut least, mut most) = (Money::ZERO, Money::ZERO);
        if certain().next().is_none() {
            // Whoever asks for less than a product's minimum gets no offer of it.
            let products = body.products.iter().enumerate();
            let products = products.filter(|(_, p)| p.minimum.minor() <= asked.amount);
            for (index, product) in products {
                let (low, high) = self.limit_bounds(features, asked.as_of, index, product)?;
                (least, most) = (least.max(low), most.max(high));
            }
        }
        if self.knocked(&bounds).1 {
            least = Money::ZERO;
        }
        let mut reasons: Vec<String> = Vec::new();
        for rule in certain() {
            let code = body.reasons.get(usize::from(rule.reason));
            let code = code.map(|code| code.to_string()).unwrap_or_default();
            if !reasons.contains(&code) {
                reasons.push(code);
            }
        }
        Some(Outlook {
            certain: reasons,
            least,
            most,
        })
    }

    /// The least and the largest limit of a product over all its terms: over
    /// one term and one part of its amounts at a time, since price and caps
    /// move with both.
    fn limit_bounds(
        &self,
        features: &[Domain],
        as_of: Date,
        index: usize,
        product: &Product,
    ) -> Option<(Money, Money)> {
        let (mut least, mut most) = (Money::ZERO, Money::ZERO);
        for &months in &product.terms {
            let term = Domain::of(Value::new(i64::from(months)));
            for (from, to) in self.segments(product) {
                if to <= least {
                    // Nothing here says more than is known.
                    break;
                }
                let amounts = Domain::between(from.minor(), to.minor());
                let bounds = self.bounds_on(features, as_of, index, amounts, term)?;
                let (low, high) = self.fitting(product, (months, as_of), (from, to), &bounds);
                (least, most) = (least.max(low), most.max(high));
            }
        }
        Some((least, most))
    }

    /// The largest amount from `from` up to `to` that fits for certain, and
    /// the largest that may fit; zero where there is none.
    fn fitting(
        &self,
        product: &Product,
        of: (u16, Date),
        (from, to): (Money, Money),
        bounds: &Bounds,
    ) -> (Money, Money) {
        let (knocked, perhaps) = self.knocked(bounds);
        let eligible = product
            .when
            .map_or(Domain::of(Value::of(true)), |when| bounds.at(when));
        if knocked || eligible.high == 0 {
            return (Money::ZERO, Money::ZERO);
        }
        let limit = &self.body().limit;
        let rate = bounds.at(product.rate);
        // Every discount only lowers a rate, and so do all that may be given.
        let lowest = self.discounted(Ratio::new(rate.low), |when| bounds.at(when).high == 1);
        let highest = self.discounted(Ratio::new(rate.high), |when| bounds.at(when).low == 1);
        let leeway = |side| {
            if lowest == highest {
                Leeway::Exact
            } else {
                side
            }
        };
        let (mut low, mut high) = (to, to);
        if let Some(capacity) = self.capacity(|node| Money::new(bounds.at(node).low)) {
            let leeway = leeway(Leeway::Less);
            low = low.min(product.affordable(&capacity, highest, of, leeway, limit.step));
        }
        if let Some(capacity) = self.capacity(|node| Money::new(bounds.at(node).high)) {
            let leeway = leeway(Leeway::More);
            high = high.min(product.affordable(&capacity, lowest, of, leeway, limit.step));
        }
        for cap in &limit.caps {
            let cap = bounds.at(cap.node);
            (low, high) = (low.min(Money::new(cap.low)), high.min(Money::new(cap.high)));
        }
        let reached = |amount: Money| {
            let amount = amount.round_down_to(limit.step);
            if amount < from { Money::ZERO } else { amount }
        };
        let ceiling = self.body().price.ceiling;
        let priced = product.is_surely_priced(highest, of.0, ceiling);
        let certain = priced && !perhaps && eligible.low == 1;
        (
            if certain { reached(low) } else { Money::ZERO },
            reached(high),
        )
    }

    /// Whether a knock-out fires for certain, and whether one may.
    fn knocked(&self, bounds: &Bounds) -> (bool, bool) {
        let fires = || {
            self.body()
                .knockouts
                .iter()
                .map(|rule| bounds.at(rule.when))
        };
        (
            fires().any(|fires| fires.low == 1),
            fires().any(|fires| fires.high == 1),
        )
    }

    fn bounds_on(
        &self,
        features: &[Domain],
        as_of: Date,
        product: usize,
        amount: Domain,
        term: Domain,
    ) -> Option<Bounds> {
        let body = self.body();
        let context = [
            Domain::of(Value::new(as_of.days())),
            amount,
            term,
            Domain::of(Value::new(i64::try_from(product).ok()?)),
        ];
        let mut inputs = features.to_vec();
        inputs.extend(context);
        // Whatever the score is; then what the card can come to, given the
        // steps that do not read it.
        let anything = self.score_inputs.iter().copied();
        let blind: Vec<Domain> = inputs.iter().copied().chain(anything).collect();
        let bounds = Bounds(body.decide.domains(&blind, &body.tables).ok()?);
        let Some((low, high)) = self.score_bounds(&bounds) else {
            return Some(bounds);
        };
        let grade = |points: i64| {
            let grades = body.grades.iter();
            let mut reached =
                grades.map(|g| g.at_least.is_none_or(|least| points >= i64::from(least)));
            i64::try_from(reached.position(|reached| reached).unwrap_or(0)).unwrap_or(0)
        };
        inputs.push(Domain::between(low, high));
        inputs.push(Domain::between(0, Ratio::SCALE));
        // Better grades stand first.
        inputs.push(Domain::between(grade(high), grade(low)));
        body.decide.domains(&inputs, &body.tables).ok().map(Bounds)
    }

    /// The least and the most points that any card that may count can come to.
    fn score_bounds(&self, bounds: &Bounds) -> Option<(i64, i64)> {
        let mut found: Option<(i64, i64)> = None;
        for card in &self.body().cards {
            let counts = card
                .when
                .map_or(Domain::of(Value::of(true)), |when| bounds.at(when));
            if counts.high == 1 {
                let (low, high) = points(card, bounds);
                found = Some(found.map_or((low, high), |(a, b)| (a.min(low), b.max(high))));
            }
            if counts.low == 1 {
                break;
            }
        }
        found
    }
}

/// The least and the most points of a card.
fn points(card: &Card, bounds: &Bounds) -> (i64, i64) {
    let start = i64::from(card.start);
    card.characteristics
        .iter()
        .fold((start, start), |(low, high), characteristic| {
            let domain = bounds.at(characteristic.node);
            let met = || {
                let bins = characteristic.bins.iter();
                bins.filter(|bin| bin.cells.meet(domain))
                    .map(|bin| i64::from(bin.points))
            };
            (
                low + met().min().unwrap_or(0),
                high + met().max().unwrap_or(0),
            )
        })
}

impl Bounds {
    fn at(&self, node: NodeId) -> Domain {
        self.0
            .get(usize::from(node))
            .copied()
            .unwrap_or(Domain::MISSING)
    }
}
