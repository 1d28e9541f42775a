//! What a decision rests on.

use prequal::policy::{
    DecideContext, Domain, Id, Kind, MAX_GRID, Node, NodeId, Precision, Program, Representative,
};

use super::figure_span;
use crate::card::BuiltCharacteristic;
use crate::declare::{Condition, Declared, Figure, RuleSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::elaborate::Scope;
use crate::features::BuiltFeature;
use crate::report::{Tier, Use};
use crate::source::{At, Span};
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
    pub(crate) characteristics: Vec<BuiltCharacteristic>,
    /// The reason codes of the card's bins, which hold indices into them.
    pub(crate) card_reasons: Vec<At<Id>>,
    pub(crate) affordability: Option<Root>,
    pub(crate) caps: Vec<Root>,
    pub(crate) rates: Vec<Root>,
}

impl Roots {
    pub(super) fn elaborate(scope: &mut Scope<'_>, declared: &Declared) -> Roots {
        let rules = |scope: &mut Scope<'_>, rules: &[RuleSource], name: &str| {
            let mut roots = Vec::new();
            for (index, rule) in rules.iter().enumerate() {
                let node = match &rule.when {
                    Condition::Formula(text) => scope.formula_of(text, &Kind::Boolean),
                    Condition::Row(span, cells) => scope.condition(cells, span),
                };
                roots.extend(node.map(|node| Root {
                    user: format!("{name} `{}`", rule.id.it),
                    node,
                    span: rule.when.span().clone(),
                    index,
                }));
            }
            roots
        };
        let knockouts = rules(scope, &declared.knockouts, "knock-out");
        let reviews = rules(scope, &declared.reviews, "review");
        let card = declared
            .score
            .as_ref()
            .and_then(|score| score.card.as_ref());
        let (characteristics, card_reasons) =
            card.and_then(|card| scope.card(card)).unwrap_or_default();
        let limit = declared.limit.as_ref();
        let affordability = limit
            .and_then(|limit| limit.affordability.as_ref())
            .and_then(|figure| root(scope, figure, &Kind::Money, "affordability".to_owned(), 0));
        let mut caps = Vec::new();
        for (index, (id, figure)) in limit.iter().flat_map(|limit| &limit.caps).enumerate() {
            caps.extend(root(
                scope,
                figure,
                &Kind::Money,
                format!("limit `{id}`", id = id.it),
                index,
            ));
        }
        let mut rates = Vec::new();
        for (index, product) in declared.products.iter().enumerate() {
            let user = format!("rate of `{}`", product.id.it);
            let figure = product.rate.as_ref();
            rates.extend(figure.and_then(|figure| root(scope, figure, &Kind::Ratio, user, index)));
        }
        Roots {
            knockouts,
            reviews,
            characteristics,
            card_reasons,
            affordability,
            caps,
            rates,
        }
    }

    fn all(&self) -> impl Iterator<Item = &Root> {
        let rules = self.knockouts.iter().chain(&self.reviews);
        rules
            .chain(&self.affordability)
            .chain(&self.caps)
            .chain(&self.rates)
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let characteristics = self.characteristics.iter().map(|c| c.column.node);
        self.all().map(|root| root.node).chain(characteristics)
    }

    /// The characteristics of all cards.
    pub(crate) fn characteristics(&self) -> impl Iterator<Item = &BuiltCharacteristic> {
        self.characteristics.iter()
    }

    pub(crate) fn characteristics_mut(&mut self) -> impl Iterator<Item = &mut BuiltCharacteristic> {
        self.characteristics.iter_mut()
    }

    /// What feeds a limit.
    fn limits(&self) -> impl Iterator<Item = &Root> {
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
            characteristics,
            affordability,
            caps,
            rates,
            ..
        } = self;
        let roots = knockouts
            .iter_mut()
            .chain(reviews)
            .chain(affordability)
            .chain(caps)
            .chain(rates);
        let nodes = roots
            .map(|root| &mut root.node)
            .chain(characteristics.iter_mut().map(|c| &mut c.column.node));
        for node in nodes {
            *node = id(*node).unwrap_or(0);
        }
    }

    /// The least and the most points of each characteristic.
    pub(super) fn points(&self) -> impl Iterator<Item = (i32, i32)> {
        self.characteristics.iter().map(|characteristic| {
            let points = || characteristic.bins.iter().map(|bin| bin.it.points);
            (points().min().unwrap_or(0), points().max().unwrap_or(0))
        })
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
                uses.push(Use {
                    feature,
                    user: user.to_owned(),
                    tier,
                });
            };
            let declared = waist.through_declared(feature);
            let is_declared = |node: NodeId| declared.get(usize::from(node)) == Some(&true);
            let tier = |node: NodeId| match is_declared(node) {
                true => Tier::Approximate,
                false => Tier::Exact,
            };
            for root in self.knockouts.iter().chain(&self.reviews) {
                if reads(root.node) {
                    used(&root.user, tier(root.node));
                }
            }
            let binned = self.characteristics().map(|c| c.column.node);
            if let Some(tier) = binned.filter(|node| reads(*node)).map(tier).max() {
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
        program: &Program,
        domains: &[Option<Domain>],
        declared: &Declared,
        features: usize,
        sink: &mut Sink,
    ) {
        let context = |input: u16, wanted: &[DecideContext]| {
            wanted
                .iter()
                .any(|c| usize::from(input) == features + *c as usize)
        };
        let reads = |readers: &[bool], node: NodeId| readers.get(usize::from(node)) == Some(&true);
        for root in self.knockouts.iter().chain(&self.reviews) {
            if let Some(always) = constant(root.node, program, domains) {
                let how = if always {
                    "always fires"
                } else {
                    "can never fire"
                };
                let message = format!("{} {how}", root.user);
                sink.push(Diagnostic::new(Code::ConstantRule, &root.span, message));
            }
        }
        use DecideContext::{Amount, AsOf, Grade, Probability, Score};
        let scored = program.readers(|input| context(input, &[Score, Probability, Grade]));
        for characteristic in &self.characteristics {
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
        let by_amount = program.readers(|input| context(input, &[Amount]));
        let grid = grid(declared);
        if grid > MAX_GRID && self.nodes().any(|node| reads(&by_amount, node)) {
            let span = declared
                .limit
                .as_ref()
                .map_or(&declared.policy_span, |limit| {
                    limit.step.as_ref().map_or(&limit.span, |step| &step.span)
                });
            let message = format!(
                "the decision reads `amount`, so {grid} amounts on the grids of all offers would have to be tried"
            );
            let help = format!("at most {MAX_GRID}: take a larger step, or fewer terms");
            sink.push(Diagnostic::new(Code::TooMany, span, message).help(help));
        }
    }
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

/// The amounts on the step grids of all offers.
fn grid(declared: &Declared) -> i64 {
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

/// The truth of a step that is the same for all inputs, as far as ranges tell.
fn constant(node: NodeId, program: &Program, domains: &[Option<Domain>]) -> Option<bool> {
    let mut truths: Vec<Option<bool>> = Vec::new();
    for step in program.nodes.iter().take(usize::from(node) + 1) {
        let domain = |id: &NodeId| domains.get(usize::from(*id)).copied().flatten();
        let truth = |id: &NodeId| truths.get(usize::from(*id)).copied().flatten();
        let less = |a: &NodeId, b: &NodeId, or_equal: bool| {
            let (a, b) = (domain(a)?, domain(b)?);
            let slack = i64::from(or_equal);
            if a.high < b.low + slack {
                Some(true)
            } else if a.low >= b.high + slack {
                Some(false)
            } else {
                None
            }
        };
        truths.push(match step {
            Node::Const(value) => Some(*value == 1),
            Node::Lt(a, b) => less(a, b, false),
            Node::Le(a, b) => less(a, b, true),
            Node::Eq(a, b) => match (less(a, b, false), less(b, a, false)) {
                (Some(true), _) | (_, Some(true)) => Some(false),
                _ => None,
            },
            Node::Within(a, cells) => {
                let domain = domain(a);
                let none = domain.is_some_and(|domain| {
                    crate::cells::common(cells, &prequal::policy::Cells::Any, &domain).is_none()
                });
                none.then_some(false)
            }
            Node::Not(a) => truth(a).map(|truth| !truth),
            Node::And(a, b) => match (truth(a), truth(b)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), other) | (other, Some(true)) => other,
                _ => None,
            },
            Node::Or(a, b) => match (truth(a), truth(b)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), other) | (other, Some(false)) => other,
                _ => None,
            },
            _ => None,
        });
    }
    truths.last().copied().flatten()
}
