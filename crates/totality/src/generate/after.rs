//! After the waist: values, rules, cards, limits, products.

use fastrand::Rng;
use prequal::policy::{Id, Kind};

use super::formula::{Formulas, ListValue, TableScope, held};
use super::scope::{Entry, Rounded, between, once_in};
use super::{before, rows};
use crate::model::policy::{
    Bin, Card, Characteristic, Figure, Hit, Limit, Named, Part, Policy, Product, REASONS, Rule,
    RuleKind, Table,
};
use crate::model::tree::{Expr, Function, Operator, Tree};

const MILLION: i128 = 1_000_000;

/// The products, and the context that they make.
pub(crate) fn products(random: &mut Rng, policy: &mut Policy) -> Vec<Entry> {
    let step = random.choice([1, 1_00, 50_00, 100_00, 333]).unwrap_or(1_00);
    let count = random.usize(1..3);
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
            terms,
            minimum,
            maximum,
            rate: Figure::Constant(0),
            when: None,
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

/// What formulas after the waist can read.
#[derive(Default)]
pub(crate) struct After {
    pub(crate) entries: Vec<Entry>,
    pub(crate) tables: Vec<TableScope>,
    pub(crate) list_values: Vec<ListValue>,
    /// Figures declared approximate, which rules alone read.
    pub(crate) approximate: Vec<Entry>,
}

impl After {
    fn formulas<'a>(&'a self, random: &'a mut Rng) -> Formulas<'a> {
        let mut formulas = Formulas::new(random, &self.entries);
        (formulas.tables, formulas.list_values) = (&self.tables, &self.list_values);
        formulas
    }
}

/// Values that read this, and are read by what follows.
pub(crate) fn values(random: &mut Rng, policy: &mut Policy, after: &mut After, prefix: &str) {
    for index in 0..random.usize(..5) {
        let name = format!("{prefix}{index}");
        match random.u8(..6) {
            0 => list_value(random, policy, after, name),
            1 => approximate(random, policy, after, name),
            2 | 3 => {
                let kind = before::figure_kind(random);
                let Some(tree) = after.formulas(random).of(&kind, 2) else {
                    continue;
                };
                // No constant is a negative length of time.
                let tree = if kind == Kind::Period {
                    held(tree, 0, 600)
                } else {
                    tree
                };
                let (low, high) = (tree.low, tree.high);
                after
                    .entries
                    .push(Entry::exact(&name, kind.clone(), tree.optional, low, high));
                let figure = Figure::Formula(tree);
                policy.values.push(Named {
                    name,
                    figure,
                    approximate: false,
                });
            }
            _ => {
                let (kind, hit) = (before::figure_kind(random), before::single_hit(random));
                let mut outputs = |random: &mut Rng| rows::output(random, &kind);
                let Some(table) = table_of(random, &after.entries, &name, &kind, hit, &mut outputs)
                else {
                    continue;
                };
                let (low, high) = table.ends();
                let (kind, missing) = (table.yields(), table.may_be_missing());
                after
                    .entries
                    .push(Entry::exact(&name, kind.clone(), missing, low, high));
                let figure = Figure::Table(table);
                policy.values.push(Named {
                    name,
                    figure,
                    approximate: false,
                });
            }
        }
    }
}

/// A figure that is a list of outputs.
fn list_value(random: &mut Rng, policy: &mut Policy, after: &mut After, name: String) {
    let kind = random
        .choice([Kind::Integer, Kind::Money])
        .unwrap_or(Kind::Integer);
    let hits = [Hit::RuleOrder, Hit::OutputOrder, Hit::Collect];
    let hit = random.choice(hits).unwrap_or(Hit::Collect);
    let mut outputs = |random: &mut Rng| rows::output(random, &kind);
    let Some(table) = table_of(random, &after.entries, &name, &kind, hit, &mut outputs) else {
        return;
    };
    after.list_values.push(ListValue {
        name: name.clone(),
        kind: kind.clone(),
        outputs: table.rows.iter().map(|row| row.output).collect(),
        rows: table.rows.len() as i128,
    });
    policy.values.push(Named {
        name,
        figure: Figure::Table(table),
        approximate: false,
    });
}

/// A condition on figures of rounded features, declared approximate.
fn approximate(random: &mut Rng, policy: &mut Policy, after: &mut After, name: String) {
    let as_told: Vec<Entry> = after
        .entries
        .iter()
        .map(|entry| Entry {
            rounded: Rounded::Not,
            ..entry.clone()
        })
        .collect();
    let kind = random
        .choice([Kind::Money, Kind::Integer, Kind::Ratio])
        .unwrap_or(Kind::Money);
    let mut formulas = Formulas::new(random, &as_told);
    let Some((a, b)) = formulas.of(&kind, 1).zip(formulas.of(&kind, 1)) else {
        return;
    };
    let it = Expr::Binary(Operator::AtLeast, a.boxed(), b.boxed());
    after
        .approximate
        .push(Entry::exact(&name, Kind::Boolean, false, 0, 1));
    let figure = Figure::Formula(Tree::truth(it));
    policy.values.push(Named {
        name,
        figure,
        approximate: true,
    });
}

/// A table over one to three of some entries.
fn table_of(
    random: &mut Rng,
    entries: &[Entry],
    name: &str,
    kind: &Kind,
    hit: Hit,
    outputs: rows::Outputs<'_>,
) -> Option<Table> {
    let mut columns: Vec<Entry> = entries.to_vec();
    random.shuffle(&mut columns);
    columns.truncate(random.usize(1..4));
    let file = format!("tables/{name}.csv");
    let table = || rows::table(random, file, &columns, kind.clone(), hit, outputs);
    (!columns.is_empty()).then(table)
}

/// Rules that decline and rules that send to a person; in an early warning,
/// alerts.
pub(crate) fn rules(random: &mut Rng, policy: &mut Policy, after: &After) {
    let levels = ["watch", "warn", "stop"];
    if policy.stage == Some("early-warning") {
        for index in 0..random.usize(1..6) {
            let rule = rule(random, after, format!("a{index}"), 1);
            let level = random.choice(levels);
            policy
                .alerts
                .extend(rule.map(|rule| Rule { level, ..rule }));
        }
        let chosen = chosen(random, after);
        policy.alerts.extend(chosen.map(|rule| Rule {
            level: Some("watch"),
            ..rule
        }));
        if let (true, Some(level)) = (once_in(random, 3), random.choice(levels)) {
            rule_table(random, policy, after, "alerts", RuleKind::Alert(level));
        }
        return;
    }
    for index in 0..random.usize(..3) {
        let rule = rule(random, after, format!("k{index}"), 3);
        policy.knockouts.extend(rule);
    }
    for index in 0..random.usize(..4) {
        let rule = rule(random, after, format!("r{index}"), 1);
        policy.reviews.extend(rule);
    }
    policy.reviews.extend(chosen(random, after));
    if once_in(random, 8) {
        rule_table(random, policy, after, "doubts", RuleKind::Review);
    }
    if once_in(random, 16) {
        rule_table(random, policy, after, "bars", RuleKind::Knockout);
    }
}

/// A rule; `rare` conditions make it fire less often.
fn rule(random: &mut Rng, after: &After, name: String, rare: u32) -> Option<Rule> {
    let mut when = match random.choice(&after.approximate) {
        Some(entry) if once_in(random, 4) => entry.tree(),
        _ => after.formulas(random).of(&Kind::Boolean, 2)?,
    };
    for _ in 1..rare {
        let more = after.formulas(random).of(&Kind::Boolean, 0)?;
        when = Tree::truth(Expr::Binary(Operator::And, when.boxed(), more.boxed()));
    }
    let reason = (*random.choice(&REASONS)?).to_owned();
    Some(Rule {
        name: Some(name),
        when,
        reason,
        level: None,
    })
}

/// A rule for each feature whose cells the compiler chooses: they are those
/// that rules need.
fn chosen<'a>(random: &'a mut Rng, after: &'a After) -> impl Iterator<Item = Rule> + 'a {
    let chosen = after
        .entries
        .iter()
        .filter(|entry| entry.rounded == Rounded::Chosen);
    chosen.filter_map(|entry| {
        let present = Entry {
            optional: false,
            ..entry.clone()
        };
        let present = [present];
        let mut when = Formulas::new(random, &present).of(&Kind::Boolean, 0)?;
        if entry.optional {
            let missing = Expr::Call(Function::IsMissing, vec![entry.tree()]);
            let there = Tree::truth(Expr::Not(Tree::truth(missing).boxed()));
            when = Tree::truth(Expr::Binary(Operator::And, there.boxed(), when.boxed()));
        }
        let reason = (*random.choice(&REASONS)?).to_owned();
        let name = Some(format!("cut-{}", entry.name));
        Some(Rule {
            name,
            when,
            reason,
            level: None,
        })
    })
}

fn rule_table(random: &mut Rng, policy: &mut Policy, after: &After, name: &str, kind: RuleKind) {
    let hit = if random.bool() {
        Hit::RuleOrder
    } else {
        Hit::OutputOrder
    };
    let mut reasons = |random: &mut Rng| random.usize(..REASONS.len()) as i128;
    let table = table_of(
        random,
        &after.entries,
        name,
        &Kind::Integer,
        hit,
        &mut reasons,
    );
    policy.rule_tables.extend(table.map(|table| (kind, table)));
}

/// Cards and grades, and what can be read of them.
pub(crate) fn cards(random: &mut Rng, policy: &mut Policy, after: &After) -> Vec<Entry> {
    if once_in(random, 5) {
        return Vec::new();
    }
    let (mut low, mut high) = (i128::MAX, i128::MIN);
    let several = once_in(random, 3);
    for index in 0..if several { random.usize(2..4) } else { 1 } {
        let card = card(random, &after.entries, index);
        let (mut least, mut most) = (card.start.unwrap_or(0), card.start.unwrap_or(0));
        for characteristic in &card.characteristics {
            least += characteristic
                .bins
                .iter()
                .map(|bin| bin.points)
                .min()
                .unwrap_or(0);
            most += characteristic
                .bins
                .iter()
                .map(|bin| bin.points)
                .max()
                .unwrap_or(0);
        }
        (low, high) = (low.min(least), high.max(most));
        policy.cards.push(card);
    }
    let last = policy.cards.len() - 1;
    for card in policy.cards.iter_mut().take(last) {
        let condition = after.formulas(random).of(&Kind::Boolean, 1);
        // A card for nobody, where there is nothing to tell people by.
        card.when = Some(condition.unwrap_or_else(|| Tree::constant(0, &Kind::Boolean)));
    }
    let mut bounds: Vec<i128> = (0..random.usize(..4))
        .map(|_| between(random, low, high + 1))
        .collect();
    bounds.sort();
    bounds.dedup();
    let bounds = bounds.into_iter().rev().map(Some).chain([None]);
    policy.grades = ["A", "B", "C", "D"]
        .iter()
        .map(|name| (*name).to_owned())
        .zip(bounds)
        .collect();
    policy.quote_grade = random.usize(..policy.grades.len());
    let ids: Vec<Id> = policy
        .grades
        .iter()
        .filter_map(|(name, _)| Id::try_from(name.clone()).ok())
        .collect();
    let last = ids.len() as i128 - 1;
    vec![
        Entry::exact("grade", Kind::Choice(ids), false, 0, last),
        Entry::exact("score", Kind::Integer, false, low, high),
        Entry::exact("probability", Kind::Ratio, false, 0, MILLION),
    ]
}

fn card(random: &mut Rng, entries: &[Entry], index: usize) -> Card {
    let mut looked_at: Vec<Entry> = entries.to_vec();
    looked_at.retain(|entry| entry.name != "as_of");
    random.shuffle(&mut looked_at);
    looked_at.truncate(random.usize(1..6));
    let reasons = random.usize(1..=REASONS.len());
    let characteristics = looked_at.iter().map(|entry| {
        let cells = rows::partition(random, entry, 4);
        let unseen = matches!(entry.kind, Kind::Choice(_)) && cells.len() > 1 && random.bool();
        let last = cells.len() - 1;
        let bins = cells.into_iter().enumerate().map(|(at, cell)| {
            let plain = cell.iter().all(|part| matches!(part, Part::Is(_)));
            let cell = if unseen && at == last && plain {
                vec![Part::Unseen]
            } else {
                cell
            };
            let reason = random
                .choice(REASONS.iter().take(reasons))
                .map(|r| (*r).to_owned());
            let reason = reason.filter(|_| !once_in(random, 5));
            Bin {
                cell,
                points: rows::points(random),
                reason,
            }
        });
        Characteristic {
            name: entry.name.clone(),
            kind: entry.kind.clone(),
            bins: bins.collect(),
        }
    });
    let characteristics = characteristics.collect();
    Card {
        file: format!("tables/card{index}.csv"),
        when: None,
        base: between(random, -100, 700),
        odds: random.i128(1..60),
        pdo: random.i128(1..60),
        start: random.bool().then(|| between(random, -200, 600)),
        characteristics,
    }
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
    match random.u8(..5) {
        0 => 0,
        1 => between(random, 0, 10 * MILLION),
        _ => between(random, 1, 400_000),
    }
}

/// Affordability and caps.
pub(crate) fn limits(random: &mut Rng, policy: &mut Policy, entries: &[Entry]) {
    if policy.stage == Some("early-warning") {
        return;
    }
    let affordability = random
        .bool()
        .then(|| limiting(random, entries, "affordability", 20));
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
