//! What is offered: products, rates and limits.

use fastrand::Rng;
use prequal::Ratio;
use prequal::policy::{Change, Id, Kind, Price};
use prequal_sample::{fees, repayment};

use super::after::{After, table_of};
use super::formula::{Formulas, held};
use super::scope::{Entry, Rounded, between, once_in};
use crate::model::policy::{Discount, Figure, Hit, Limit, MONTH, Policy, Product};
use crate::model::tree::{Expr, Function, Operator, Tree};

const MILLION: i128 = 1_000_000;
/// Enough instalments for every plan; a second interpreter tries many amounts.
const MOST_INSTALMENTS: u16 = 61;

/// The products, and the context that they make.
pub(crate) fn products(random: &mut Rng, policy: &mut Policy) -> Vec<Entry> {
    let step = random.choice([1, 1_00, 50_00, 100_00, 333]).unwrap_or(1_00);
    let count = random.usize(1..4);
    for index in 0..count {
        let mut terms: Vec<u16> = (0..random.usize(1..3))
            .filter_map(|_| random.choice([2_u16, 3, 6, 9, 12, 13, 24, 36, 60]))
            .collect();
        terms.sort();
        terms.dedup();
        let minimum =
            step * random.i128(1..6) + i128::from(once_in(random, 4)) * random.i128(0..step);
        let maximum =
            minimum + step * random.i128(0..9) + i128::from(random.bool()) * random.i128(0..step);
        policy.products.push(Product {
            name: format!("product-{index}"),
            repayment: repayment(random, &terms, step, MOST_INSTALMENTS),
            fees: fees(random, minimum),
            terms,
            minimum,
            maximum,
            rate: Figure::Constant(0),
            when: None,
            suits: None,
        });
    }
    policy.stage = match random.u8(..10) {
        0 => Some("renewal"),
        1 => Some("early-warning"),
        2 => Some("pre-screen"),
        _ => None,
    };
    policy.limit = (policy.stage != Some("early-warning")).then(|| Limit {
        affordability: None,
        caps: Vec::new(),
        step,
        reason: "LIMIT_TOO_LOW".to_owned(),
    });
    let products = &policy.products;
    let ids = products
        .iter()
        .filter_map(|product| Id::try_from(product.name.clone()).ok());
    let terms = || {
        products
            .iter()
            .flat_map(|product| product.terms.iter().copied().map(i128::from))
    };
    let entry = |name: &str, kind: Kind, low: Option<i128>, high: Option<i128>| {
        Entry::exact(name, kind, false, low.unwrap_or(0), high.unwrap_or(0))
    };
    vec![
        entry(
            "amount",
            Kind::Money,
            products.iter().map(|product| product.minimum).min(),
            products.iter().map(|product| product.maximum).max(),
        ),
        entry("term", Kind::Integer, terms().min(), terms().max()),
        entry(
            "product",
            Kind::Choice(ids.collect()),
            Some(0),
            Some(count as i128 - 1),
        ),
        entry("as_of", Kind::Date, Some(10_957), Some(84_005)),
    ]
}

/// Rates: what a shop may show.
pub(crate) fn rates(random: &mut Rng, policy: &mut Policy, entries: &[Entry]) {
    let public = ["grade", "product", "term", "amount"];
    let entries: Vec<Entry> = entries
        .iter()
        .filter(|entry| public.contains(&entry.name.as_str()))
        .cloned()
        .collect();
    let names: Vec<String> = policy
        .products
        .iter()
        .map(|product| product.name.clone())
        .collect();
    for (index, name) in names.iter().enumerate() {
        let constant = Figure::Constant(rate(random));
        let figure = match random.u8(..3) {
            0 => constant,
            1 => {
                let name = format!("rate-{name}");
                table_of(
                    random,
                    &entries,
                    &name,
                    &Kind::Ratio,
                    Hit::Unique,
                    &mut rate,
                )
                .map_or(constant, Figure::Table)
            }
            _ => {
                let mut formulas = Formulas::new(random, &entries);
                match formulas.of(&Kind::Ratio, 2) {
                    Some(tree) => Figure::Formula(held(tree, 0, MILLION)),
                    None => constant,
                }
            }
        };
        if let Some(product) = policy.products.get_mut(index) {
            product.rate = figure;
        }
    }
}

fn rate(random: &mut Rng) -> i128 {
    match random.u8(..16) {
        0..=2 => 0,
        3..=5 => between(random, 0, 10 * MILLION),
        // So low that doubles know little of it.
        6 => between(random, 1, 1_000),
        _ => between(random, 10_000, 400_000),
    }
}

/// Affordability and caps.
pub(crate) fn limits(random: &mut Rng, policy: &mut Policy, entries: &[Entry]) {
    if policy.stage == Some("early-warning") {
        return;
    }
    let affordability = random.bool().then(|| affordability(random, entries));
    let caps = (0..random.usize(..3))
        .filter_map(|index| {
            let name = format!("cap{index}");
            limiting(random, entries, &name, 1).map(|figure| (name, figure))
        })
        .collect();
    if let Some(limit) = &mut policy.limit {
        limit.affordability = affordability.flatten();
        limit.caps = caps;
    }
}

/// What can go to instalments: the same in every month, or by the month.
fn affordability(random: &mut Rng, entries: &[Entry]) -> Option<Figure> {
    let month = Entry::exact(MONTH, Kind::Integer, false, 1, 12);
    let name = "affordability";
    match random.u8(..4) {
        0 => {
            let mut entries = entries.to_vec();
            entries.push(month);
            limiting(random, &entries, name, 20)
        }
        1 => {
            let season = Formulas::new(random, &[month]).of(&Kind::Boolean, 1)?;
            let (then, other) = (
                conservative(random, entries, 2)?,
                conservative(random, entries, 2)?,
            );
            let bounds = (then.low.min(other.low), then.high.max(other.high));
            let it = Expr::If(season.boxed(), then.boxed(), other.boxed());
            Some(Figure::Formula(Tree::of(it, Kind::Money, bounds)))
        }
        _ => limiting(random, entries, name, 20),
    }
}

/// Whom products suit, discounts, and what bounds a price.
pub(crate) fn prices(random: &mut Rng, policy: &mut Policy, after: &After) {
    let ratio = |random: &mut Rng, low: i64, high: i64| {
        let millionths = between(random, low.into(), high.into());
        Ratio::new(i64::try_from(millionths).unwrap_or(high))
    };
    let maybe = |random: &mut Rng, high| random.bool().then(|| ratio(random, 0, high));
    policy.price = Price {
        ceiling: maybe(random, 600_000).filter(|_| policy.stage != Some("early-warning")),
        overdue: maybe(random, 10_000_000).unwrap_or_default(),
        misuse: maybe(random, 1_000_000).unwrap_or_default(),
        prepayment: maybe(random, 50_000).unwrap_or_default(),
    };
    if policy.stage == Some("early-warning") {
        return;
    }
    for product in &mut policy.products {
        if random.bool() {
            product.suits = Formulas::new(random, &after.entries).of(&Kind::Boolean, 1);
        }
    }
    for index in 0..random.usize(..4) {
        let Some(when) = Formulas::new(random, &after.entries).of(&Kind::Boolean, 1) else {
            continue;
        };
        let change = match random.bool() {
            true => Change::Less(ratio(random, 0, 100_000)),
            false => Change::Times(ratio(random, 300_000, 1_000_000)),
        };
        policy.discounts.push(Discount {
            name: format!("discount-{index}"),
            when,
            change,
        });
    }
}

/// Who can have which product: known before request and score.
pub(crate) fn eligible(random: &mut Rng, policy: &mut Policy, after: &After) {
    let told: Vec<Entry> = after
        .entries
        .iter()
        .filter(|entry| {
            policy
                .features
                .iter()
                .any(|feature| feature.name == entry.name)
        })
        .cloned()
        .collect();
    for product in &mut policy.products {
        if once_in(random, 3) && policy.stage != Some("early-warning") {
            product.when = Formulas::new(random, &told).of(&Kind::Boolean, 1);
        }
    }
}

/// A figure that bounds a limit: of the order of the products' amounts.
fn limiting(random: &mut Rng, entries: &[Entry], name: &str, parts: i128) -> Option<Figure> {
    let file = name.to_owned();
    match random.u8(..4) {
        0 => {
            let mut amounts = |random: &mut Rng| between(random, 0, 200_000 / parts);
            table_of(
                random,
                entries,
                &file,
                &Kind::Money,
                Hit::Unique,
                &mut amounts,
            )
            .map(Figure::Table)
        }
        1 => {
            let tree = conservative(random, entries, 2)?;
            Some(Figure::Share(tree, between(random, 0, MILLION)))
        }
        _ => conservative(random, entries, 3).map(Figure::Formula),
    }
}

/// An amount that rounding can only lower.
fn conservative(random: &mut Rng, entries: &[Entry], depth: u32) -> Option<Tree> {
    let name = |random: &mut Rng, wanted: Rounded| -> Option<Tree> {
        let fits = |entry: &&Entry| {
            entry.kind == Kind::Money && (entry.rounded == wanted || entry.is_exact())
        };
        let entry = random
            .choice(entries.iter().filter(fits).collect::<Vec<_>>())?
            .clone();
        let tree = entry.tree();
        if !tree.optional {
            return Some(tree);
        }
        let otherwise = Tree::constant(between(random, 0, 50_000), &Kind::Money);
        let bounds = (tree.low.min(0), tree.high.max(50_000));
        Some(Tree::of(
            Expr::Else(tree.boxed(), otherwise.boxed()),
            Kind::Money,
            bounds,
        ))
    };
    if depth == 0 {
        return name(random, Rounded::Down);
    }
    let tree = conservative(random, entries, depth - 1)?;
    let (low, high) = (tree.low, tree.high);
    let money = |it: Expr, bounds: (i128, i128)| Some(Tree::of(it, Kind::Money, bounds));
    match random.u8(..9) {
        0 => {
            let less = name(random, Rounded::Up)?;
            let bounds = (low - less.high, high - less.low);
            money(
                Expr::Binary(Operator::Minus, tree.boxed(), less.boxed()),
                bounds,
            )
        }
        1 => {
            let more = conservative(random, entries, depth - 1)?;
            let bounds = (low + more.low, high + more.high);
            money(
                Expr::Binary(Operator::Plus, tree.boxed(), more.boxed()),
                bounds,
            )
        }
        2 => {
            let share = between(random, 0, 2 * MILLION);
            let bounds = ((low * 2).min(0), (high * 2).max(0));
            let share = Tree::constant(share, &Kind::Ratio);
            money(
                Expr::Binary(Operator::Times, tree.boxed(), share.boxed()),
                bounds,
            )
        }
        3 => {
            let by = Tree::constant(random.i128(1..40), &Kind::Integer);
            money(
                Expr::Quotient(tree.boxed(), by.boxed(), None),
                (low.min(0), high.max(0)),
            )
        }
        4 => Some(held(tree, 0, 300_000)),
        5 => {
            let mut formulas = Formulas::new(random, entries);
            let condition = formulas.of(&Kind::Boolean, 1)?;
            let other = conservative(random, entries, depth - 1)?;
            let bounds = (low.min(other.low), high.max(other.high));
            money(
                Expr::If(condition.boxed(), tree.boxed(), other.boxed()),
                bounds,
            )
        }
        6 => {
            let step = random.i128(1..20_000);
            let steps = vec![tree, Tree::constant(step, &Kind::Money)];
            let function = *random.choice(&[Function::Floor, Function::Round, Function::Ceil])?;
            money(Expr::Call(function, steps), (low - step, high + step))
        }
        _ => Some(tree),
    }
}
