//! What a decision rests on.

use prequal::policy::{
    Cells, DecideContext, Domain, Kind, MAX_GRID, NodeId, Precision, Representative, Stage, Table,
    amount_cuts,
};

use super::figure_span;
use crate::arena::Finished;
use crate::card::{BuiltCard, BuiltCharacteristic};
use crate::declare::{Condition, Declared, Figure};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::elaborate::{Scope, Typed};
use crate::features::BuiltFeature;
use crate::report::{Tier, Use};
use crate::source::{At, Quoted, Span};
use crate::tier::{Direction, Directions, Finding, Waist};

/// A root: who it is, its step, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) user: String,
    pub(crate) node: NodeId,
    pub(crate) span: Span,
    /// The index of its declaration.
    pub(crate) index: usize,
}

/// Every step that a decision rests on.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    pub(crate) knockouts: Vec<Root>,
    pub(crate) reviews: Vec<Root>,
    pub(crate) alerts: Vec<Root>,
    pub(crate) cards: Vec<BuiltCard>,
    /// What can go to instalments: in every month, or in each of the year.
    pub(crate) affordability: Vec<Root>,
    pub(crate) caps: Vec<Root>,
    pub(crate) rates: Vec<Root>,
    /// Who can have a product.
    pub(crate) products: Vec<Root>,
    /// Whom a product suits.
    pub(crate) suits: Vec<Root>,
    /// Who gets a discount.
    pub(crate) discounts: Vec<Root>,
}

impl Roots {
    pub(super) fn elaborate(scope: &mut Scope<'_>, declared: &Declared) -> Roots {
        let mut roots = Roots::default();
        for (name, rules, to) in [
            ("knock-out", &declared.knockouts, &mut roots.knockouts),
            ("review", &declared.reviews, &mut roots.reviews),
        ] {
            for (index, rule) in rules.iter().enumerate() {
                let user = format!("{name} `{}`", rule.id.it);
                to.extend(fires(scope, &rule.when, user, index));
            }
        }
        for (index, alert) in declared.alerts.iter().enumerate() {
            let user = format!("alert `{}`", alert.rule.id.it);
            let alert = fires(scope, &alert.rule.when, user, index);
            roots.alerts.extend(alert);
        }
        for (index, score) in declared.scores.iter().enumerate() {
            let Some(file) = &score.card else { continue };
            let user = format!("card `{}`", file.text);
            let when = score.when.as_ref();
            let when = when.and_then(|when| condition(scope, when, user, index));
            let (characteristics, reasons) = scope.card(file).unwrap_or_default();
            roots.cards.push(BuiltCard {
                when,
                characteristics,
                reasons,
                span: file.span.clone(),
            });
        }
        if let Some(limit) = &declared.limit {
            if let Some(figure) = &limit.affordability {
                let months = scope.monthly(figure, &Kind::Money).into_iter();
                let month = |(index, typed): (usize, Typed)| Root {
                    user: "affordability".to_owned(),
                    node: typed.node,
                    span: figure_span(figure).clone(),
                    index,
                };
                roots.affordability = months.enumerate().map(month).collect();
            }
            for (index, (id, figure)) in limit.caps.iter().enumerate() {
                let user = format!("limit `{}`", id.it);
                let cap = root(scope, figure, &Kind::Money, user, index);
                roots.caps.extend(cap);
            }
        }
        for (index, product) in declared.products.iter().enumerate() {
            let id = &product.id.it;
            // What is never offered costs nothing.
            let free = || {
                let span = product.id.span.clone();
                Figure::Constant(At { it: 0, span })
            };
            let warns = declared.stage == Stage::EarlyWarning;
            let figure = product.rate.clone().or_else(|| warns.then(free));
            let user = format!("rate of `{id}`");
            let rate = figure.and_then(|figure| root(scope, &figure, &Kind::Ratio, user, index));
            roots.rates.extend(rate);
            let user = format!("product `{id}`");
            let when = product.when.as_ref();
            let when = when.and_then(|when| condition(scope, when, user, index));
            roots.products.extend(when);
            let user = format!("`suits` of `{id}`");
            let suits = product.suits.as_ref();
            let suits = suits.and_then(|suits| condition(scope, suits, user, index));
            roots.suits.extend(suits);
        }
        for (index, discount) in declared.discounts.iter().enumerate() {
            let user = format!("discount `{}`", discount.id.it);
            let when = discount.when.as_ref();
            let when = when.and_then(|when| condition(scope, when, user, index));
            roots.discounts.extend(when);
        }
        roots
    }

    /// Conditions of the decision.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Root> {
        let alerts = self.alerts.iter();
        self.knockouts.iter().chain(&self.reviews).chain(alerts)
    }

    /// The condition of what is declared at this place, if it has one.
    pub(crate) fn condition(&self, roots: &[Root], index: usize) -> Option<NodeId> {
        let root = roots.iter().find(|root| root.index == index);
        root.map(|root| root.node)
    }

    fn all(&self) -> impl Iterator<Item = &Root> {
        self.conditions()
            .chain(self.whens())
            .chain(&self.affordability)
            .chain(&self.caps)
            .chain(&self.rates)
            .chain(&self.products)
    }

    /// Conditions of the decision and of its price.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Root> {
        self.rules().chain(&self.discounts).chain(&self.suits)
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let characteristics = self.characteristics().map(|c| c.column.node);
        self.all().map(|root| root.node).chain(characteristics)
    }

    /// Whom each card is for.
    fn whens(&self) -> impl Iterator<Item = &Root> {
        self.cards.iter().filter_map(|card| card.when.as_ref())
    }

    /// The characteristics of all cards.
    pub(crate) fn characteristics(&self) -> impl Iterator<Item = &BuiltCharacteristic> {
        self.cards.iter().flat_map(|card| &card.characteristics)
    }

    pub(crate) fn characteristics_mut(&mut self) -> impl Iterator<Item = &mut BuiltCharacteristic> {
        let cards = self.cards.iter_mut();
        cards.flat_map(|card| &mut card.characteristics)
    }

    /// What feeds a limit.
    pub(super) fn limits(&self) -> impl Iterator<Item = &Root> {
        self.affordability.iter().chain(&self.caps)
    }

    /// What comparisons, look-ups and bins ask of the features' precision.
    pub(super) fn findings(&self, waist: &Waist<'_>) -> Vec<Finding> {
        let mut found = waist.comparisons();
        for characteristic in self.characteristics() {
            let (node, name) = (characteristic.column.node, &characteristic.column.name);
            for bin in &characteristic.bins {
                waist.cells(
                    (node, node),
                    &bin.it.cells,
                    &bin.span,
                    Some(name),
                    &mut found,
                );
            }
        }
        found
    }

    /// The features with a partition left to the compiler that a limit reads
    /// as numbers: who reads them, and where.
    pub(super) fn numbers(&self, waist: &Waist<'_>) -> Vec<(usize, String, Span)> {
        let mut numbers = Vec::new();
        for root in self.limits() {
            let rounded = waist.rounded(root.node);
            for (index, feature) in waist.features.iter().enumerate() {
                let read = rounded.iter().any(|r| r.feature.id == feature.feature.id);
                if read && feature.auto.is_some() {
                    numbers.push((index, root.user.clone(), root.span.clone()));
                }
            }
        }
        numbers
    }

    pub(super) fn renumber(&mut self, id: impl Fn(NodeId) -> Option<NodeId>) {
        let Roots {
            knockouts,
            reviews,
            alerts,
            cards,
            affordability,
            caps,
            rates,
            products,
            suits,
            discounts,
        } = self;
        let roots = knockouts
            .iter_mut()
            .chain(reviews)
            .chain(alerts)
            .chain(affordability)
            .chain(caps)
            .chain(rates)
            .chain(products)
            .chain(suits)
            .chain(discounts);
        let mut nodes: Vec<&mut NodeId> = roots.map(|root| &mut root.node).collect();
        for card in cards {
            nodes.extend(card.when.as_mut().map(|root| &mut root.node));
            let characteristics = card.characteristics.iter_mut();
            nodes.extend(characteristics.map(|c| &mut c.column.node));
        }
        for node in nodes {
            *node = id(*node).unwrap_or(0);
        }
    }

    /// Who uses which feature, how closely; what a limit reads has to be
    /// rounded so that the limit can only fall.
    pub(super) fn uses(
        &self,
        waist: &Waist<'_>,
        wide: &[Option<Domain>],
        sink: &mut Sink,
    ) -> Vec<Use> {
        let mut uses = Vec::new();
        for (feature, built) in waist.features.iter().enumerate() {
            let readers = waist.program.readers(|input| usize::from(input) == feature);
            let reads = |node: NodeId| readers.get(usize::from(node)) == Some(&true);
            let mut used = |user: &str, tier: Tier| {
                let found = Use {
                    feature,
                    user: user.to_owned(),
                    tier,
                };
                // Months of one figure are one user.
                if uses.last() != Some(&found) {
                    uses.push(found);
                }
            };
            let declared = waist.through_declared(feature);
            let is_declared = |node: NodeId| declared.get(usize::from(node)) == Some(&true);
            let tier = |node: NodeId| match is_declared(node) {
                true => Tier::Approximate,
                false => Tier::Exact,
            };
            for root in self.conditions().chain(&self.products) {
                if reads(root.node) {
                    used(&root.user, tier(root.node));
                }
            }
            let scored = self.characteristics().map(|c| c.column.node);
            let scored = scored.chain(self.whens().map(|root| root.node));
            if let Some(tier) = scored.filter(|node| reads(*node)).map(tier).max() {
                used("score", tier);
            }
            let directions = Directions::of(feature, waist.program, wide, waist.origins());
            for root in self.limits().filter(|root| reads(root.node)) {
                let rounded = waist.rounded(root.node);
                let is_rounded = rounded.iter().any(|r| r.feature.id == built.feature.id);
                if is_rounded {
                    sink.extend(falls(built, directions.at(root.node), root));
                }
                let tier = match (is_declared(root.node), is_rounded) {
                    (true, _) => Tier::Approximate,
                    (false, true) => Tier::Conservative,
                    (false, false) => Tier::Exact,
                };
                used(&root.user, tier);
            }
        }
        uses
    }

    /// What the engine demands of each root beyond its kind.
    pub(super) fn check(
        &self,
        finished: &Finished,
        tables: &[Table],
        domains: &[Option<Domain>],
        declared: &Declared,
        features: usize,
        sink: &mut Sink,
    ) {
        let program = &finished.program;
        let context = |input: u16, wanted: &[DecideContext]| {
            wanted
                .iter()
                .any(|c| usize::from(input) == features + *c as usize)
        };
        let reads = |readers: &[bool], node: NodeId| readers.get(usize::from(node)) == Some(&true);
        use DecideContext::{Amount, AsOf, Grade, Probability, Product, Score, Term};
        let scored = program.readers(|input| context(input, &[Score, Probability, Grade]));
        for characteristic in self.characteristics() {
            if reads(&scored, characteristic.column.node) {
                let message = format!(
                    "`{}` reads what the card yields",
                    characteristic.column.name
                );
                sink.push(Diagnostic::new(
                    Code::ReadsScore,
                    &characteristic.span,
                    message,
                ));
            }
        }
        for root in self.whens().filter(|root| reads(&scored, root.node)) {
            let message = format!("whether the {} counts reads what a card yields", root.user);
            sink.push(Diagnostic::new(Code::ReadsScore, &root.span, message));
        }
        let asked = program
            .readers(|input| context(input, &[Amount, Term, Product, Score, Probability, Grade]));
        for root in self.products.iter().filter(|root| reads(&asked, root.node)) {
            let message = format!(
                "who can have the {} depends on the request or the score",
                root.user
            );
            let help = "a product is open to a borrower whatever is asked for: bound it by `minimum`, `maximum` and `terms`, or write a rule";
            sink.push(Diagnostic::new(Code::ReadsRequest, &root.span, message).help(help));
        }
        let private = program.readers(|input| {
            usize::from(input) < features || context(input, &[AsOf, Score, Probability])
        });
        for root in &self.rates {
            if reads(&private, root.node) {
                let message = format!("the {} reads a feature, the day or the score", root.user);
                let help = "a shop shows the price before any answer is known: price by `grade`, `product`, `term` and `amount`";
                sink.push(Diagnostic::new(Code::RateNotPublic, &root.span, message).help(help));
            }
            let domain = domains.get(usize::from(root.node)).copied().flatten();
            if domain.is_some_and(|domain| domain.low < 0 || domain.high > 10_000_000) {
                let message = format!("the {} is not within 0 to 1 000 % a year", root.user);
                sink.push(Diagnostic::new(Code::BadValue, &root.span, message));
            }
        }
        self.amounts(finished, tables, declared, features, sink);
    }

    /// The largest amount that fits is looked for where something changes with
    /// the amount, and step by step where it is computed with.
    fn amounts(
        &self,
        finished: &Finished,
        tables: &[Table],
        declared: &Declared,
        features: usize,
        sink: &mut Sink,
    ) {
        let grid = grid(declared);
        if grid <= MAX_GRID {
            return;
        }
        let bins = self.characteristics().flat_map(|characteristic| {
            let bins = characteristic.bins.iter();
            bins.map(|bin| (characteristic.column.node, &bin.it.cells))
        });
        let bins: Vec<(NodeId, &Cells)> = bins.collect();
        let whens: Vec<NodeId> = self.whens().map(|root| root.node).collect();
        let whole = self.limits().chain(&self.rates);
        let whole: Vec<NodeId> = whole.map(|root| root.node).collect();
        let parts = (bins.as_slice(), whens.as_slice(), whole.as_slice());
        let Err(step) = amount_cuts(&finished.program, tables, features, parts) else {
            return;
        };
        let root = self.limits().chain(&self.rates);
        let root = root.filter(|root| root.node == step).map(|root| &root.span);
        let sites = finished.sites.get(usize::from(step));
        let site = root.chain(sites.into_iter().flatten()).next();
        let site = site.unwrap_or(&declared.policy_span);
        let message = format!(
            "this computes with `amount`, so {grid} amounts on the grids of all offers would have to be tried"
        );
        let help = format!(
            "at most {MAX_GRID}: compare `amount` itself with a constant or a figure (`amount <= income * 3`), or take a larger step, or fewer terms"
        );
        let mut told = Diagnostic::new(Code::TooMany, site, message).help(help);
        let limit = declared.limit.as_ref();
        if let Some(limit_step) = limit.and_then(|limit| limit.step.as_ref()) {
            told = told.other(&limit_step.span, "limits are multiples of this");
        }
        sink.push(told);
    }
}

fn fires(scope: &mut Scope<'_>, when: &Condition, user: String, index: usize) -> Option<Root> {
    let node = match when {
        Condition::Formula(text) => scope.formula_of(text, &Kind::Boolean),
        Condition::Row(span, cells) => scope.condition(cells, span),
    };
    Some(Root {
        user,
        node: node?,
        span: when.span().clone(),
        index,
    })
}

fn condition(scope: &mut Scope<'_>, when: &Quoted, user: String, index: usize) -> Option<Root> {
    let figure = Figure::Formula(when.clone());
    root(scope, &figure, &Kind::Boolean, user, index)
}

fn root(
    scope: &mut Scope<'_>,
    figure: &Figure,
    kind: &Kind,
    user: String,
    index: usize,
) -> Option<Root> {
    let typed = scope.figure(figure, Some(kind))?;
    Some(Root {
        user,
        node: typed.node,
        span: figure_span(figure).clone(),
        index,
    })
}

/// The amounts on the step grids of all offers; an early warning makes none.
fn grid(declared: &Declared) -> i64 {
    if declared.stage == Stage::EarlyWarning {
        return 0;
    }
    let step = declared
        .limit
        .as_ref()
        .and_then(|limit| limit.step.as_ref());
    let step = step.map_or(1, |step| step.it);
    let offers = declared.products.iter().map(|product| {
        let span = product
            .maximum
            .unwrap_or(0)
            .saturating_sub(product.minimum.unwrap_or(0));
        let terms = i64::try_from(product.terms.len()).unwrap_or(0);
        (span.checked_div(step).unwrap_or(0) + 1).saturating_mul(terms)
    });
    offers.fold(0, i64::saturating_add)
}

/// CONSERVATIVE: the limit on the summary is at most the one on the answers.
fn falls(built: &BuiltFeature, direction: Direction, root: &Root) -> Option<Diagnostic> {
    let id = &built.feature.id;
    let rounded_down = match &built.feature.precision {
        Precision::Floor(_)
        | Precision::Bands {
            value: Representative::Low,
            ..
        } => Some(true),
        Precision::Ceil(_)
        | Precision::Bands {
            value: Representative::High,
            ..
        } => Some(false),
        _ => None,
    };
    let (message, help) = match (direction, rounded_down) {
        (Direction::Still, _) | (Direction::Up, Some(true)) | (Direction::Down, Some(false)) => {
            return None;
        }
        (Direction::Up, _) => (
            format!("{} rises with `{id}`, which is not rounded down", root.user),
            format!(
                "`[feature.{id}]` with `floor = …`, bands with `value = \"low\"`, or `exact = true`"
            ),
        ),
        (Direction::Down, _) => (
            format!(
                "{} falls as `{id}` rises, which is not rounded up",
                root.user
            ),
            format!(
                "`[feature.{id}]` with `ceil = …`, bands with `value = \"high\"`, or `exact = true`"
            ),
        ),
        (Direction::Either, _) => (
            format!(
                "whether {} rises or falls with `{id}` cannot be told",
                root.user
            ),
            format!(
                "`[feature.{id}]` with `exact = true`, or make the figure a feature and round it down"
            ),
        ),
    };
    Some(
        Diagnostic::new(Code::NotConservative, &root.span, message)
            .other(&built.precision_span, format!("the precision of `{id}`"))
            .help(help),
    )
}
