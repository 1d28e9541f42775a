//! After the waist: values, rules and cards.

use fastrand::Rng;
use prequal::policy::{Id, Kind};

use super::formula::{Formulas, ListValue, TableScope, held};
use super::scope::{Entry, Rounded, between, once_in};
use super::{before, rows};
use crate::model::policy::{
    Bin, Card, Characteristic, Figure, Hit, Named, Part, Policy, REASONS, Rule, RuleKind, Table,
};
use crate::model::tree::{Expr, Function, Operator, Tree};

const MILLION: i128 = 1_000_000;

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
        name: name.clone(),
        figure: Figure::Table(table),
        approximate: false,
    });
    // A list is no value: something has to be asked of it.
    let Some(tree) = after.formulas(random).of_list_value(&kind) else {
        return;
    };
    let name = format!("{name}_asked");
    after.entries.push(Entry::exact(
        &name,
        kind,
        tree.optional,
        tree.low,
        tree.high,
    ));
    policy.values.push(Named {
        name,
        figure: Figure::Formula(tree),
        approximate: false,
    });
}

/// A condition on figures of rounded features, declared approximate.
fn approximate(random: &mut Rng, policy: &mut Policy, after: &mut After, name: String) {
    let as_told: Vec<Entry> = after
        .entries
        .iter()
        // What stands for a cell that the compiler chose is its own affair.
        .filter(|entry| entry.rounded != Rounded::Chosen)
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
pub(super) fn table_of(
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
