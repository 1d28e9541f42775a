//! Before the waist: questions, pages, features.

use fastrand::Rng;
use prequal::policy::{Id, Kind};

use super::formula::{Formulas, ListScope, TableScope, held};
use super::rows;
use super::scope::{Cuts, Entry, Rounded, between, once_in};
use crate::model::policy::{Asked, Feature, Figure, Hit, List, Page, Policy, Precision, Question};
use crate::model::tree::Tree;

const MILLION: i128 = 1_000_000;

/// A random question.
fn question(random: &mut Rng, name: String, kind: Option<Kind>) -> Question {
    let kind = kind.unwrap_or_else(|| self::kind(random));
    let (low, high, step) = match &kind {
        Kind::Boolean => (0, 1, 1),
        Kind::Choice(options) => (0, options.len() as i128 - 1, 1),
        Kind::Integer => {
            let low = between(random, -50, 100);
            spaced(random, low, 1_000, 1)
        }
        Kind::Money => {
            let low = if once_in(random, 3) {
                between(random, -100_000, 0)
            } else {
                0
            };
            spaced(random, low, 50_000_00, 100)
        }
        Kind::Ratio => spaced(random, 0, 2 * MILLION, 10_000),
        Kind::Real => spaced(random, 0, 500 * MILLION, 250_000),
        Kind::Date => {
            let low = between(random, 0, 15_000);
            spaced(random, low, 9_000, 1)
        }
        Kind::Period => spaced(random, 0, 240, 6),
    };
    let unit = match kind {
        Kind::Money | Kind::Integer if once_in(random, 4) => {
            random.choice(["day", "month", "year"])
        }
        _ => None,
    };
    Question {
        name,
        kind,
        low,
        high,
        step,
        unit,
        optional: once_in(random, 4),
        when: None,
    }
}

/// A range from `low`, at most so wide, perhaps in steps.
fn spaced(random: &mut Rng, low: i128, width: i128, step: i128) -> (i128, i128, i128) {
    let width = between(random, 1, width);
    match step > 1 && random.bool() {
        true => (low, low + (width / step + 1) * step, step),
        false => (low, low + width, 1),
    }
}

fn kind(random: &mut Rng) -> Kind {
    match random.u8(..16) {
        0..=2 => Kind::Integer,
        3..=5 => Kind::Money,
        6 => Kind::Ratio,
        7 => Kind::Boolean,
        8 => Kind::Date,
        9 | 10 => Kind::Real,
        11 | 12 => Kind::Period,
        _ => choice(random),
    }
}

fn choice(random: &mut Rng) -> Kind {
    let count = random.usize(2..6);
    let options = ["red", "blue", "green", "black", "white"];
    let options = options
        .iter()
        .take(count)
        .filter_map(|name| Id::try_from((*name).to_owned()).ok());
    Kind::Choice(options.collect())
}

fn entry(question: &Question) -> Entry {
    let optional = question.optional || question.when.is_some();
    let kind = question.kind.clone();
    Entry::exact(&question.name, kind, optional, question.low, question.high)
}

/// What formulas before the waist can read.
#[derive(Default)]
pub(crate) struct Before {
    pub(crate) entries: Vec<Entry>,
    pub(crate) lists: Vec<ListScope>,
    /// What features may show as it is: questions and what is supplied.
    shown: Vec<Entry>,
}

/// Questions and the pages that they stand on.
pub(crate) fn questions(random: &mut Rng, policy: &mut Policy) -> Before {
    let mut before = Before::default();
    before
        .entries
        .push(Entry::exact("as_of", Kind::Date, false, 10_957, 84_005));
    for index in 0..random.usize(..3) {
        let supplied = question(random, format!("s{index}"), None);
        before.entries.push(entry(&supplied));
        before.shown.push(entry(&supplied));
        policy.supplied.push(supplied);
    }
    let pages = random.usize(1..4);
    let mut index = 0;
    for page in 0..pages {
        let first = page == 0;
        let mut page = Page {
            name: format!("g{page}"),
            questions: Vec::new(),
            when: if first {
                None
            } else {
                condition(random, &before.entries, 5)
            },
            optional: !first && once_in(random, 4),
        };
        let not_always = page.optional || page.when.is_some();
        for _ in 0..random.usize(1..4) + usize::from(first) {
            let wanted = match index {
                0 => Some(Kind::Money),
                1 => Some(Kind::Integer),
                _ => None,
            };
            let mut question = question(random, format!("q{index}"), wanted);
            if index > 1 {
                question.when = condition(random, &before.entries, 5);
            }
            let mut entry = entry(&question);
            entry.optional |= not_always;
            page.questions.push(question.name.clone());
            before.entries.push(entry.clone());
            before.shown.push(entry);
            policy.asked.push(Asked::One(question));
            index += 1;
        }
        if once_in(random, 4) {
            let list = records(random, format!("l{index}"), &before.entries);
            page.questions.push(list.name.clone());
            before.lists.push(ListScope {
                name: list.name.clone(),
                may_be_empty: list.least == 0 || list.when.is_some() || not_always,
                most: list.most,
                fields: list.fields.iter().map(entry).collect(),
            });
            policy.asked.push(Asked::List(list));
        }
        if page.optional {
            before
                .entries
                .push(Entry::exact(&page.name, Kind::Boolean, false, 0, 1));
        }
        policy.pages.push(page);
    }
    before
}

fn condition(random: &mut Rng, entries: &[Entry], times: u32) -> Option<Tree> {
    if !once_in(random, times) {
        return None;
    }
    Formulas::new(random, entries).of(&Kind::Boolean, 1)
}

fn records(random: &mut Rng, name: String, entries: &[Entry]) -> List {
    let least = random.i128(0..3);
    let most = least.max(1) + random.i128(0..3);
    let mut fields: Vec<Question> = Vec::new();
    for index in 0..random.usize(1..4) {
        let wanted = if index == 0 { Some(Kind::Money) } else { None };
        let mut field = question(random, format!("x{index}"), wanted);
        let before: Vec<Entry> = fields.iter().map(entry).collect();
        if index > 0 {
            field.when = condition(random, &before, 4);
        }
        fields.push(field);
    }
    List {
        name,
        least,
        most,
        when: condition(random, entries, 5),
        fields,
    }
}

/// Tables that formulas on both sides of the waist call.
pub(crate) fn tables(random: &mut Rng, policy: &mut Policy, before: &Before) -> Vec<TableScope> {
    let mut scopes = Vec::new();
    for index in 0..random.usize(..3) {
        let mut columns: Vec<Entry> = before.entries.clone();
        random.shuffle(&mut columns);
        columns.truncate(random.usize(1..3));
        for (column, name) in columns.iter_mut().zip(["a", "b"]) {
            column.name = name.to_owned();
        }
        let name = format!("t{index}");
        let kind = figure_kind(random);
        let hit = single_hit(random);
        let file = format!("tables/{name}.csv");
        let mut outputs = |random: &mut Rng| rows::output(random, &kind);
        let table = rows::table(random, file, &columns, kind.clone(), hit, &mut outputs);
        scopes.push(TableScope {
            name: name.clone(),
            arguments: columns,
            optional: table.may_be_missing(),
            kind: table.yields(),
            low: table.ends().0,
            high: table.ends().1,
        });
        policy.tables.push((name, table));
    }
    scopes
}

pub(crate) fn figure_kind(random: &mut Rng) -> Kind {
    let kinds = [
        Kind::Integer,
        Kind::Money,
        Kind::Ratio,
        Kind::Boolean,
        Kind::Real,
        Kind::Period,
    ];
    random.choice(kinds).unwrap_or(Kind::Integer)
}

/// A hit policy whose figure is a single value.
pub(crate) fn single_hit(random: &mut Rng) -> Hit {
    let hits = [
        Hit::Unique,
        Hit::Unique,
        Hit::First,
        Hit::First,
        Hit::Any,
        Hit::Priority,
        Hit::Sum,
        Hit::Min,
        Hit::Max,
        Hit::Count,
    ];
    random.choice(hits).unwrap_or(Hit::Unique)
}

/// Features, and what can be read of them after the waist.
pub(crate) fn features(
    random: &mut Rng,
    policy: &mut Policy,
    before: &Before,
    tables: &[TableScope],
) -> Vec<Entry> {
    let mut after = Vec::new();
    let mut readable = before.entries.clone();
    for shown in &before.shown {
        if once_in(random, 4) {
            continue;
        }
        add(random, policy, &shown.name, None, shown.clone(), &mut after);
    }
    for index in 0..random.usize(1..6) {
        let name = format!("f{index}");
        let (figure, mut found) = if once_in(random, 6) {
            let mut columns = before.shown.clone();
            random.shuffle(&mut columns);
            columns.truncate(random.usize(1..3));
            let (kind, hit) = (figure_kind(random), single_hit(random));
            let file = format!("tables/{name}.csv");
            let mut outputs = |random: &mut Rng| rows::output(random, &kind);
            let table = rows::table(random, file, &columns, kind.clone(), hit, &mut outputs);
            let (low, high) = table.ends();
            let found = Entry::exact(&name, table.yields(), table.may_be_missing(), low, high);
            (Figure::Table(table), found)
        } else {
            let kind = match random.u8(..12) {
                0..=2 => Kind::Money,
                3 | 4 => Kind::Integer,
                5 | 6 => Kind::Ratio,
                7 => Kind::Date,
                8 => Kind::Real,
                9 => Kind::Period,
                _ => Kind::Boolean,
            };
            let mut formulas = Formulas::new(random, &readable);
            (formulas.lists, formulas.tables) = (&before.lists, tables);
            let Some(tree) = formulas.of(&kind, 3) else {
                continue;
            };
            // No constant is a negative length of time.
            let tree = if kind == Kind::Period {
                held(tree, 0, 600)
            } else {
                tree
            };
            let found = Entry::exact(&name, kind, tree.optional, tree.low, tree.high);
            (Figure::Formula(tree), found)
        };
        let when = condition(random, &readable, 6);
        found.optional |= when.is_some();
        readable.push(found.clone());
        add(
            random,
            policy,
            &name,
            Some((figure, when)),
            found,
            &mut after,
        );
    }
    after
}

fn add(
    random: &mut Rng,
    policy: &mut Policy,
    name: &str,
    figure: Option<(Figure, Option<Tree>)>,
    found: Entry,
    after: &mut Vec<Entry>,
) {
    // What a formula comes to is known but roughly here: edges may miss it.
    let rough = matches!(figure, Some((Figure::Formula(_), _)));
    let (precision, entry) = precision(random, &found, rough);
    let kind = found.kind.clone();
    let (figure, when) = figure.map_or((None, None), |(figure, when)| (Some(figure), when));
    policy.features.push(Feature {
        name: name.to_owned(),
        figure,
        when,
        precision,
        kind,
    });
    after.push(entry);
}

/// A random precision, and what is left to read.
fn precision(random: &mut Rng, found: &Entry, rough: bool) -> (Precision, Entry) {
    let exact = (Precision::Exact, found.clone());
    let chosen = Entry {
        rounded: Rounded::Chosen,
        ..found.clone()
    };
    if !rough && once_in(random, 14) {
        match found.kind {
            Kind::Choice(_) => return (Precision::AutoGroups, chosen),
            Kind::Boolean => {}
            _ => return (Precision::AutoBands, chosen),
        }
    }
    let width = found.high - found.low;
    let ways = if rough && !once_in(random, 4) { 3 } else { 6 };
    match &found.kind {
        Kind::Boolean => exact,
        Kind::Choice(options) => {
            if options.len() < 2 || random.bool() {
                return exact;
            }
            groups(random, found, options)
        }
        _ if width < 4 || once_in(random, 5) => exact,
        _ => match random.u8(..ways) {
            0 | 1 => {
                let step = between(random, 2, (width / 3).clamp(2, 100_000));
                let low = found.low.div_euclid(step) * step;
                let entry = Entry {
                    cuts: Cuts::Every(step, 0),
                    rounded: Rounded::Down,
                    low,
                    ..found.clone()
                };
                (Precision::Floor(step), entry)
            }
            2 => {
                let step = between(random, 2, (width / 3).clamp(2, 100_000));
                let entry = Entry {
                    cuts: Cuts::Every(step, 1),
                    rounded: Rounded::Up,
                    high: found.high.div_euclid(step) * step + step,
                    ..found.clone()
                };
                (Precision::Ceil(step), entry)
            }
            _ => {
                let mut edges: Vec<i128> = (0..random.usize(1..6))
                    .map(|_| between(random, found.low + 1, found.high))
                    .collect();
                edges.sort();
                edges.dedup();
                let (value, rounded) = match random.u8(..5) {
                    0 => (Some("middle"), Rounded::Otherwise),
                    1 => (Some("high"), Rounded::Up),
                    2 => (Some("low"), Rounded::Down),
                    _ => (None, Rounded::Down),
                };
                let cuts = Cuts::At(edges.clone());
                (
                    Precision::Bands(edges, value),
                    Entry {
                        cuts,
                        rounded,
                        ..found.clone()
                    },
                )
            }
        },
    }
}

fn groups(random: &mut Rng, found: &Entry, options: &[Id]) -> (Precision, Entry) {
    let count = random.usize(1..=options.len());
    let mut members: Vec<(String, Vec<usize>)> = (0..count)
        .map(|index| (format!("group{index}"), Vec::new()))
        .collect();
    for option in 0..options.len() {
        let at = if option < count {
            option
        } else {
            random.usize(..count)
        };
        if let Some((_, members)) = members.get_mut(at) {
            members.push(option);
        }
    }
    random.shuffle(&mut members);
    let names: Vec<Id> = members
        .iter()
        .filter_map(|(name, _)| Id::try_from(name.clone()).ok())
        .collect();
    let entry = Entry {
        kind: Kind::Choice(names),
        low: 0,
        high: count as i128 - 1,
        ..found.clone()
    };
    (Precision::Groups(members), entry)
}
