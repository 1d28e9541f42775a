//! A policy before it is text.

use prequal::loan::{Fee, Repayment};
use prequal::policy::{Change, Kind, Price};

use super::tree::{Range, Tree};
use crate::naive::Bugs;

/// A whole policy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    pub(crate) stage: Option<&'static str>,
    pub(crate) pages: Vec<Page>,
    pub(crate) asked: Vec<Asked>,
    pub(crate) supplied: Vec<Question>,
    pub(crate) features: Vec<Feature>,
    pub(crate) values: Vec<Named>,
    pub(crate) tables: Vec<(String, Table)>,
    pub(crate) knockouts: Vec<Rule>,
    pub(crate) reviews: Vec<Rule>,
    pub(crate) alerts: Vec<Rule>,
    /// Rules by the rows of a table; whose outputs are reasons by index.
    pub(crate) rule_tables: Vec<(RuleKind, Table)>,
    pub(crate) cards: Vec<Card>,
    pub(crate) grades: Vec<(String, Option<i128>)>,
    pub(crate) quote_grade: usize,
    pub(crate) limit: Option<Limit>,
    pub(crate) products: Vec<Product>,
    pub(crate) discounts: Vec<Discount>,
    pub(crate) price: Price,
    /// A mistake in how it is read.
    pub(crate) misread: Bugs,
}

/// A page of questions.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) questions: Vec<String>,
    pub(crate) when: Option<Tree>,
    pub(crate) optional: bool,
}

/// What stands on a page.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    One(Question),
    List(List),
}

impl Asked {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Asked::One(question) => &question.name,
            Asked::List(list) => &list.name,
        }
    }

    /// The condition that it is asked on.
    pub(crate) fn when(&self) -> Option<&Tree> {
        match self {
            Asked::One(question) => question.when.as_ref(),
            Asked::List(list) => list.when.as_ref(),
        }
    }
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) low: i128,
    pub(crate) high: i128,
    pub(crate) step: i128,
    pub(crate) unit: Option<&'static str>,
    pub(crate) optional: bool,
    pub(crate) when: Option<Tree>,
}

/// Records, so many times.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) least: i128,
    pub(crate) most: i128,
    pub(crate) when: Option<Tree>,
    pub(crate) fields: Vec<Question>,
}

/// A feature.
#[derive(Clone, Debug)]
pub(crate) struct Feature {
    pub(crate) name: String,
    /// `None` where it is the question of its name.
    pub(crate) figure: Option<Figure>,
    pub(crate) when: Option<Tree>,
    pub(crate) precision: Precision,
    pub(crate) kind: Kind,
}

/// How a feature is reduced.
#[derive(Clone, Debug)]
pub(crate) enum Precision {
    Exact,
    Floor(i128),
    Ceil(i128),
    Bands(Vec<i128>, Option<&'static str>),
    Groups(Vec<(String, Vec<usize>)>),
    AutoBands,
    AutoGroups,
}

/// A figure by its formula, table or number.
#[derive(Clone, Debug)]
pub(crate) enum Figure {
    Formula(Tree),
    Table(Table),
    Constant(i128),
    /// A share of a formula, in millionths, rounded down.
    Share(Tree, i128),
}

/// A value after the waist.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) figure: Figure,
    pub(crate) approximate: bool,
}

/// A decision table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) columns: Vec<(String, Kind)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) hit: Hit,
    pub(crate) kind: Kind,
    /// Outputs, best first, where the hit policy needs them.
    pub(crate) order: Vec<i128>,
}

/// How rows become a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    Unique,
    First,
    Any,
    Priority,
    RuleOrder,
    OutputOrder,
    Collect,
    Sum,
    Min,
    Max,
    Count,
}

impl Hit {
    /// As `hit` writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Hit::Unique => "unique",
            Hit::First => "first",
            Hit::Any => "any",
            Hit::Priority => "priority",
            Hit::RuleOrder => "rule_order",
            Hit::OutputOrder => "output_order",
            Hit::Collect => "collect",
            Hit::Sum => "collect_sum",
            Hit::Min => "collect_min",
            Hit::Max => "collect_max",
            Hit::Count => "collect_count",
        }
    }
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) output: i128,
}

/// A cell: any of its parts.
pub(crate) type Cell = Vec<Part>;

/// A part of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Any,
    Missing,
    Unseen,
    Is(i128),
    Below(i128),
    AtMost(i128),
    Above(i128),
    AtLeast(i128),
    In(Range),
}

/// A rule and its reason; an alert's level.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: Option<String>,
    pub(crate) when: Tree,
    pub(crate) reason: String,
    pub(crate) level: Option<&'static str>,
}

/// What the rows of a table of rules are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleKind {
    Knockout,
    Review,
    Alert(&'static str),
}

/// The reasons that rules and bins give.
pub(crate) const REASONS: [&str; 9] = ["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"];

/// A scorecard.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) file: String,
    pub(crate) when: Option<Tree>,
    pub(crate) base: i128,
    pub(crate) odds: i128,
    pub(crate) pdo: i128,
    pub(crate) start: Option<i128>,
    pub(crate) characteristics: Vec<Characteristic>,
}

/// A characteristic of a scorecard.
#[derive(Clone, Debug)]
pub(crate) struct Characteristic {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) bins: Vec<Bin>,
}

/// A bin.
#[derive(Clone, Debug)]
pub(crate) struct Bin {
    pub(crate) cell: Cell,
    pub(crate) points: i128,
    pub(crate) reason: Option<String>,
}

/// What bounds a limit.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    /// For each month of the year, where it reads [`MONTH`].
    pub(crate) affordability: Option<Figure>,
    pub(crate) caps: Vec<(String, Figure)>,
    pub(crate) step: i128,
    pub(crate) reason: String,
}

/// A product.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) name: String,
    pub(crate) repayment: Repayment,
    /// By name and who receives it.
    pub(crate) fees: Vec<(String, &'static str, Fee)>,
    pub(crate) terms: Vec<u16>,
    pub(crate) minimum: i128,
    pub(crate) maximum: i128,
    pub(crate) rate: Figure,
    pub(crate) when: Option<Tree>,
    pub(crate) suits: Option<Tree>,
}

/// A discount on the rate.
#[derive(Clone, Debug)]
pub(crate) struct Discount {
    pub(crate) name: String,
    pub(crate) when: Tree,
    pub(crate) change: Change,
}

/// What affordability calls the month that it is for.
pub(crate) const MONTH: &str = "due_month";

impl Figure {
    /// Whether it reads this name itself, not by another figure.
    pub(crate) fn reads(&self, name: &str) -> bool {
        match self {
            Figure::Formula(tree) | Figure::Share(tree, _) => tree.reads(name),
            Figure::Table(table) => table.columns.iter().any(|(column, _)| column == name),
            Figure::Constant(_) => false,
        }
    }
}
