//! The check of a decoded policy: every index resolves, every value stays in
//! range, every table and bin leaves nothing out.

mod offers;

use core::fmt;

use super::gap::{GAP_STEPS, uncovered};
use super::inputs::{decide_inputs, derive_inputs, request_domains};
use super::work::{MAX_WORK, derivation, limiting_nodes, longest_token, work};
use super::*;
use crate::{Date, Digest, LARGEST};
use offers::{eligible_products, prices, products};

/// The most questions, features, grades, reasons, rules, caps or
/// characteristics; of commitments too.
pub const MAX_ITEMS: usize = 256;
/// The most steps of one program: evaluation is bounded by it.
const MAX_NODES: usize = 4096;
/// The most rows of all tables together.
pub const MAX_ROWS: usize = 8192;
/// The most offers, products times their terms.
pub const MAX_OFFERS: usize = 128;

/// A part of a policy, for the message of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// More items than the stated maximum.
    Size,
    /// More offers, products times their terms, than the stated maximum; or none.
    Offers,
    /// More rows of all tables together than the stated maximum.
    Rows,
    /// More steps of an assessment than the stated maximum.
    Work,
    /// More commitments and features than a submission has bytes for.
    Submission,
    /// A name that stands twice.
    Name,
    /// A question, by index.
    Question(u16),
    /// A list, by index.
    List(u16),
    /// A group, by index.
    Group(u16),
    /// A step of the formulas before the waist.
    Derive(NodeId, Flaw),
    /// A feature, by index.
    Feature(u16),
    /// A step of the formulas after the waist.
    Decide(NodeId, Flaw),
    /// A knock-out or review rule.
    Rule,
    /// The scorecard.
    Card,
    /// The grades.
    Grades,
    /// The limit.
    Limit,
    /// A product, by index.
    Product(u16),
    /// Discounts and what bounds a price.
    Price,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Size => f.write_str("its size"),
            Place::Offers => f.write_str("the number of its offers"),
            Place::Rows => f.write_str("the rows of its tables"),
            Place::Work => f.write_str("the steps of an assessment"),
            Place::Submission => f.write_str("the length of a submission"),
            Place::Name => f.write_str("a repeated name"),
            Place::Question(index) => write!(f, "question {index}"),
            Place::List(index) => write!(f, "list {index}"),
            Place::Group(index) => write!(f, "group {index}"),
            Place::Derive(node, flaw) => write!(f, "formula step {node} ({flaw:?})"),
            Place::Feature(index) => write!(f, "feature {index}"),
            Place::Decide(node, flaw) => write!(f, "decision step {node} ({flaw:?})"),
            Place::Rule => f.write_str("a rule"),
            Place::Card => f.write_str("the scorecard"),
            Place::Grades => f.write_str("the grades"),
            Place::Limit => f.write_str("the limit"),
            Place::Product(index) => write!(f, "product {index}"),
            Place::Price => f.write_str("the price"),
        }
    }
}

fn ensure(condition: bool, place: Place) -> Result<(), PolicyError> {
    if condition {
        Ok(())
    } else {
        Err(PolicyError::Inconsistent(place))
    }
}

fn short(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn within_limits(low: i64, high: i64) -> bool {
    -LARGEST <= low && low <= high && high <= LARGEST
}

impl Policy {
    /// Proves a body and gives it its identity.
    pub(super) fn proven(body: Body, hash: Digest) -> Result<Policy, PolicyError> {
        sizes(&body)?;
        names(&body)?;
        questions(&body)?;
        products(&body)?;

        let inputs = derive_inputs(&body);
        let before = Offered::default();
        let derived = body
            .derive
            .proven(&inputs, &body.tables, &before)
            .map_err(|(node, flaw)| PolicyError::Inconsistent(Place::Derive(node, flaw)))?;
        features(&body, &derived)?;
        let policy = Policy::of(body, hash, &derived)?;
        conditions(&policy, &derived)?;

        let body = &policy.body;
        let inputs = decide_inputs(body, &policy.feature_ranges, request_domains(body));
        let sound = inputs
            .iter()
            .all(|input| within_limits(input.low, input.high));
        ensure(sound, Place::Size)?;
        let decided = body
            .decide
            .proven(&inputs, &body.tables, &Offered::of(body))
            .map_err(|(node, flaw)| PolicyError::Inconsistent(Place::Decide(node, flaw)))?;
        rules(body, &decided)?;
        cards(body, &decided, policy.unscored)?;
        eligible_products(body, &decided, policy.unscored)?;
        grades(body)?;
        limits(body, &decided)?;
        prices(body, &decided)?;

        let work = work(body, policy.amount_cuts.as_ref()).max(derivation(body));
        ensure(work <= MAX_WORK, Place::Work)?;
        Ok(policy)
    }
}

fn sizes(body: &Body) -> Result<(), PolicyError> {
    let counts = [
        body.languages.len(),
        body.questions.len(),
        body.lists.len(),
        body.groups.len(),
        body.features.len(),
        body.tables.len(),
        body.knockouts.len(),
        body.reviews.len(),
        body.alerts.len(),
        body.cards.len(),
        body.cards
            .iter()
            .map(|card| card.characteristics.len())
            .max()
            .unwrap_or(0),
        body.grades.len(),
        body.limit.caps.len(),
        body.products.len(),
        body.products
            .iter()
            .map(|p| p.fees.len())
            .max()
            .unwrap_or(0),
        body.discounts.len(),
        body.reasons.len(),
        usize::from(body.commitments),
    ];
    ensure(counts.iter().all(|count| *count <= MAX_ITEMS), Place::Size)?;
    let borrowers = body.questions.iter();
    let committed = borrowers.filter(|question| question.source == Source::Borrower);
    ensure(
        committed.count() <= usize::from(body.commitments),
        Place::Size,
    )?;
    ensure(body.derive.nodes.len() <= MAX_NODES, Place::Size)?;
    ensure(body.decide.nodes.len() <= MAX_NODES, Place::Size)?;
    ensure(
        body.tables.iter().map(|t| t.rows.len()).sum::<usize>() <= MAX_ROWS,
        Place::Rows,
    )?;
    ensure((-1080..=1080).contains(&body.utc_offset), Place::Size)?;
    // Whoever is offered something can submit.
    ensure(
        longest_token(body) <= crate::seal::MAX_TOKEN,
        Place::Submission,
    )
}

fn names(body: &Body) -> Result<(), PolicyError> {
    let sound = distinct(body.questions.iter().map(|q| &q.id))
        && distinct(body.features.iter().map(|f| &f.id))
        && distinct(body.products.iter().map(|p| &p.id))
        && body
            .products
            .iter()
            .all(|p| distinct(p.fees.iter().map(|fee| &fee.id)))
        && distinct(body.discounts.iter().map(|d| &d.id))
        && distinct(body.grades.iter().map(|g| &g.id))
        && distinct(body.reasons.iter())
        && distinct(body.knockouts.iter().map(|rule| &rule.id))
        && distinct(body.reviews.iter().map(|rule| &rule.id))
        && distinct(body.alerts.iter().map(|alert| &alert.rule.id))
        && distinct(body.groups.iter().map(|group| &group.id))
        && distinct(body.lists.iter().map(|list| &list.id))
        && distinct(
            body.limit
                .caps
                .iter()
                .map(|cap| cap.id.as_str())
                .chain(BOUNDS),
        )
        && distinct(body.languages.iter().map(|l| &l.tag));
    ensure(sound, Place::Name)
}

/// Names of bounds that are not a policy's to give.
const BOUNDS: [&str; 3] = ["affordability", "maximum", "knocked_out"];

/// Whether no two are the same. Pairwise: lists are short, and a sort for
/// each type of list is what fills a wasm module.
fn distinct<T: PartialEq>(items: impl Iterator<Item = T> + Clone) -> bool {
    let mut rest = items;
    while let Some(item) = rest.next() {
        if rest.clone().any(|other| other == item) {
            return false;
        }
    }
    true
}

/// Names that disclosures reserve (RFC 9901, section 4.2.1).
const RESERVED: [&str; 2] = ["_sd", "..."];

fn questions(body: &Body) -> Result<(), PolicyError> {
    for (index, question) in body.questions.iter().enumerate() {
        let place = Place::Question(short(index));
        ensure(!RESERVED.contains(&question.id.as_str()), Place::Name)?;
        let meant = match question.blank {
            Blank::Means(value) => question.low <= value && value <= question.high,
            Blank::Refused | Blank::Missing => true,
        };
        ensure(
            within_limits(question.low, question.high) && question.step >= 1 && meant,
            place,
        )?;
        ensure(
            fits_kind(&question.kind, question.low, question.high),
            place,
        )?;
        if let Kind::Choice(options) = &question.kind {
            ensure(
                distinct(options.iter()) && options.len() <= MAX_ITEMS,
                place,
            )?;
            // The word that a summary uses for a missing value.
            ensure(
                options.iter().all(|option| option.as_str() != "missing"),
                place,
            )?;
        }
    }
    for (index, group) in body.groups.iter().enumerate() {
        let known = |q: &u16| usize::from(*q) < body.questions.len();
        let opener = group.opener.is_none_or(|opener| {
            let question = body.questions.get(usize::from(opener));
            question.is_some_and(|question| question.kind == Kind::Boolean)
        });
        ensure(
            opener && group.questions.iter().all(known),
            Place::Group(short(index)),
        )?;
    }
    for (index, list) in body.lists.iter().enumerate() {
        let count = body.questions.get(usize::from(list.count));
        let counted = count.is_some_and(|count| {
            count.kind == Kind::Integer
                && count.id == list.id
                && count.low >= 0
                && count.high == i64::from(list.entries)
        });
        let last = usize::from(list.first) + usize::from(list.entries) * usize::from(list.fields);
        let sound = counted && list.fields >= 1 && last <= body.questions.len();
        ensure(sound, Place::List(short(index)))?;
    }
    Ok(())
}

/// A condition of a question reads questions before it.
fn conditions(policy: &Policy, derived: &[Domain]) -> Result<(), PolicyError> {
    let body = &policy.body;
    for (index, question) in body.questions.iter().enumerate() {
        let reads = policy.condition_reads(index);
        let earlier = reads.iter().all(|input| usize::from(*input) < index);
        let sound = question
            .asked
            .is_none_or(|node| earlier && bounded(derived, node, 0, 1));
        ensure(sound, Place::Question(short(index)))?;
    }
    for (index, group) in body.groups.iter().enumerate() {
        let sound = group.asked.is_none_or(|node| bounded(derived, node, 0, 1));
        ensure(sound, Place::Group(short(index)))?;
    }
    Ok(())
}

/// Whether values from `low` to `high` are values of the kind.
fn fits_kind(kind: &Kind, low: i64, high: i64) -> bool {
    match kind {
        Kind::Integer | Kind::Money | Kind::Ratio | Kind::Real | Kind::Period => true,
        Kind::Boolean => low >= 0 && high <= 1,
        Kind::Date => Date::from_days(low).is_some() && Date::from_days(high).is_some(),
        Kind::Choice(options) => low >= 0 && usize::try_from(high).is_ok_and(|h| h < options.len()),
    }
}

fn features(body: &Body, derived: &[Domain]) -> Result<(), PolicyError> {
    for (index, feature) in body.features.iter().enumerate() {
        let place = Place::Feature(short(index));
        let inconsistent = PolicyError::Inconsistent(place);
        let range = *derived.get(usize::from(feature.node)).ok_or(inconsistent)?;
        ensure(fits_kind(&feature.kind, range.low, range.high), place)?;
        let sound = match (&feature.precision, &feature.kind) {
            (Precision::Groups(groups), Kind::Choice(options)) => {
                let members = groups
                    .iter()
                    .flat_map(|group| group.options.iter().copied());
                let count = options.len();
                let whole = members.clone().count() == count
                    && members.clone().all(|option| usize::from(option) < count)
                    && distinct(members);
                let named = groups.iter().map(|group| group.id.as_str());
                whole
                    && distinct(named.chain(["missing"]))
                    && groups.iter().all(|group| !group.options.is_empty())
            }
            (Precision::Groups(_), _) => false,
            (Precision::Exact, _) => true,
            (_, Kind::Choice(_) | Kind::Boolean) => false,
            (Precision::Floor(step) | Precision::Ceil(step), _) => (2..=LARGEST).contains(step),
            (Precision::Bands { edges, .. }, _) => {
                edges.windows(2).all(|pair| pair.first() < pair.last())
                    && edges.first().is_some_and(|first| range.low < *first)
                    && edges.last().is_some_and(|last| *last <= range.high)
            }
        };
        ensure(sound, place)?;
    }
    Ok(())
}

/// Whether a node is there, present, and between `low` and `high`.
fn bounded(decided: &[Domain], node: NodeId, low: i64, high: i64) -> bool {
    decided
        .get(usize::from(node))
        .is_some_and(|domain| !domain.optional && low <= domain.low && domain.high <= high)
}

fn rules(body: &Body, decided: &[Domain]) -> Result<(), PolicyError> {
    let sound = |rule: &Rule| {
        bounded(decided, rule.when, 0, 1) && usize::from(rule.reason) < body.reasons.len()
    };
    let alerts = body.alerts.iter().map(|alert| &alert.rule);
    let mut rules = body.knockouts.iter().chain(&body.reviews).chain(alerts);
    // An early warning speaks by alerts, and nothing else does.
    let spoken = match body.stage {
        Stage::EarlyWarning => body.knockouts.is_empty() && body.reviews.is_empty(),
        Stage::PreScreen | Stage::Renewal => body.alerts.is_empty(),
    };
    ensure(spoken && rules.all(sound), Place::Rule)
}

fn cards(body: &Body, decided: &[Domain], unscored: usize) -> Result<(), PolicyError> {
    let mut steps = GAP_STEPS;
    for (index, card) in body.cards.iter().enumerate() {
        let last = index + 1 == body.cards.len();
        let sound = card.when.is_none() == last
            && card
                .when
                .is_none_or(|when| usize::from(when) < unscored && bounded(decided, when, 0, 1));
        ensure(sound, Place::Card)?;
        characteristics(card, body, decided, unscored, &mut steps)?;
    }
    Ok(())
}

fn characteristics(
    card: &Card,
    body: &Body,
    decided: &[Domain],
    unscored: usize,
    steps: &mut u32,
) -> Result<(), PolicyError> {
    ensure(card.odds >= 1 && card.pdo >= 1, Place::Card)?;
    for characteristic in &card.characteristics {
        let node = usize::from(characteristic.node);
        ensure(node < unscored, Place::Card)?;
        let domain = *decided
            .get(node)
            .ok_or(PolicyError::Inconsistent(Place::Card))?;
        let rows: Vec<&[Cells]> = characteristic
            .bins
            .iter()
            .map(|bin| core::slice::from_ref(&bin.cells))
            .collect();
        let formed = characteristic.bins.iter().all(|bin| {
            range::well_formed(&bin.cells).is_ok()
                && bin.points.unsigned_abs() <= 1_000_000
                && bin
                    .reason
                    .is_none_or(|reason| usize::from(reason) < body.reasons.len())
        });
        ensure(formed, Place::Card)?;
        let complete = uncovered(&rows, &[domain], steps) == Ok(None);
        ensure(complete, Place::Card)?;
    }
    Ok(())
}

fn grades(body: &Body) -> Result<(), PolicyError> {
    if body.grades.is_empty() {
        return ensure(body.cards.is_empty(), Place::Grades);
    }
    let Some((last, others)) = body.grades.split_last() else {
        return Ok(());
    };
    let bounds: Vec<i32> = others.iter().filter_map(|grade| grade.at_least).collect();
    let falling = bounds.windows(2).all(|pair| pair.first() > pair.last());
    ensure(
        last.at_least.is_none() && bounds.len() == others.len() && falling,
        Place::Grades,
    )?;
    ensure(
        usize::from(body.quote_grade) < body.grades.len(),
        Place::Grades,
    )
}

fn limits(body: &Body, decided: &[Domain]) -> Result<(), PolicyError> {
    ensure(
        matches!(body.limit.affordability.len(), 0 | 1 | 12),
        Place::Limit,
    )?;
    let amount = |node: &NodeId| bounded(decided, *node, -LARGEST, LARGEST);
    ensure(limiting_nodes(body).iter().all(amount), Place::Limit)?;
    ensure(
        usize::from(body.limit.reason) < body.reasons.len(),
        Place::Limit,
    )
}
