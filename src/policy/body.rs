//! What a compiled policy holds.

use core::fmt;

use serde::Serialize;

use super::program::{NodeId, Program};
use super::table::{Cells, Table};
use crate::loan::{Fee, Repayment};
use crate::{Currency, Digest, Money, Ratio};

/// The name of something that a policy declares: 1 to 40 of `A–Z a–z 0–9 _ - .`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(String);

impl Id {
    /// The most characters of a name.
    pub const MAX_LEN: usize = 40;

    /// Stands in for a name that cannot be read, in what is then refused.
    pub(super) const NOTHING: Id = Id(String::new());

    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Id, Self::Error> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if (1..=Id::MAX_LEN).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Id(text))
        } else {
            Err("a name is 1 to 40 letters, digits, `_`, `-` or `.`")
        }
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The content of a compiled policy, as the compiler writes it.
///
/// Public so that it can be written; it becomes a [`Policy`](super::Policy)
/// only by being checked. Numbers are in the units of their [`Kind`].
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The policy's name, shared by its versions.
    pub id: Id,
    /// The author's version, such as `2026.11.1`.
    pub version: Id,
    /// When in the life of a loan it decides.
    pub stage: Stage,
    /// The currency of every amount.
    pub currency: Currency,
    /// Offset from UTC in minutes of the place whose day is `as_of`.
    pub utc_offset: i16,
    /// How many commitments a submission carries, answers and decoys together.
    pub commitments: u16,
    /// Language files that belong to this policy: what was shown is bound too.
    pub languages: Vec<Language>,
    /// The questions, in the order of their index.
    pub questions: Vec<Question>,
    /// Which of the questions are records of lists.
    pub lists: Vec<List>,
    /// The pages on which they are asked.
    pub groups: Vec<Group>,
    /// Before the waist. Inputs: the questions, then [`DeriveContext`].
    pub derive: Program,
    /// What the summary holds, in the order of their index.
    pub features: Vec<Feature>,
    /// After the waist. Inputs: the features, then [`DecideContext`].
    pub decide: Program,
    /// The tables that `derive` and `decide` look up.
    pub tables: Vec<Table>,
    /// Rules that alone decline, in declared order.
    pub knockouts: Vec<Rule>,
    /// Rules that send to a person, in declared order.
    pub reviews: Vec<Rule>,
    /// What an early warning says, in declared order; empty at other stages.
    pub alerts: Vec<Alert>,
    /// The scorecards: the first one whose condition holds counts.
    pub cards: Vec<Card>,
    /// Grades by score, best first; the last one takes the rest.
    pub grades: Vec<Grade>,
    /// The grade that a quote without answers stands for, by index.
    pub quote_grade: u16,
    /// What bounds the limit.
    pub limit: Limit,
    /// What can be offered, in the lender's order.
    pub products: Vec<Product>,
    /// What lowers a nominal rate, in the order in which it counts.
    pub discounts: Vec<Discount>,
    /// What bounds a price, and what may come on top of it.
    pub price: Price,
    /// Reason codes, in declared order.
    pub reasons: Vec<Id>,
}

/// When in the life of a loan a policy decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Before there is a loan.
    PreScreen,
    /// When a borrower comes back.
    Renewal,
    /// While a loan runs (预警): alerts, and no offers.
    EarlyWarning,
}

/// A language file by its tag and digest.
#[derive(Clone, Debug, PartialEq)]
pub struct Language {
    /// A BCP 47 tag, such as `zh-CN`.
    pub tag: Id,
    /// SHA-256 of the file's bytes.
    pub hash: Digest,
}

/// What the `i64` of a value means.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A count.
    Integer,
    /// Minor units of the policy's currency.
    Money,
    /// Millionths of a whole.
    Ratio,
    /// Millionths of a measured quantity, such as 3.75 mu of land.
    Real,
    /// 0 or 1.
    Boolean,
    /// Days since 1970-01-01.
    Date,
    /// A length of time in whole months.
    Period,
    /// The index of one of these options.
    Choice(Vec<Id>),
}

/// A question whose answer stays on the device.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its name.
    pub id: Id,
    /// What is asked for.
    pub kind: Kind,
    /// The least answer.
    pub low: i64,
    /// The largest answer.
    pub high: i64,
    /// Answers are `low` plus a multiple of this; at least 1.
    pub step: i64,
    /// What a number counts or is paid by; for display.
    pub unit: Option<Unit>,
    /// What no answer means.
    pub blank: Blank,
    /// Where it is asked: a boolean node of [`Body::derive`] that reads
    /// questions of lower index only. Elsewhere it is missing, whatever was
    /// answered.
    pub asked: Option<NodeId>,
    /// Who answers.
    pub source: Source,
}

/// What it means that a question was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// An answer is needed.
    Refused,
    /// The value is missing.
    Missing,
    /// The value is this one.
    Means(i64),
}

/// Who answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The borrower, on the device.
    Borrower,
    /// The lender, from what it holds; nothing is committed to.
    Lender,
}

/// A list of records, such as pledged assets: questions repeated for each of
/// its entries. Field `f` of entry `e`, both from 0, is the question
/// `first + e · fields + f`; it is asked where the count is above `e`.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Its name, which is also that of the question how many entries it has.
    pub id: Id,
    /// The question how many entries it has, by index.
    pub count: u16,
    /// The first field of the first entry, by index.
    pub first: u16,
    /// How many fields an entry has.
    pub fields: u16,
    /// How many entries there can be.
    pub entries: u16,
}

/// A unit of time shown beside a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days, or by the day.
    Day,
    /// Months, or by the month.
    Month,
    /// Years, or by the year.
    Year,
}

/// Questions asked on one page.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub id: Id,
    /// Indices of its questions, in order; for a list, the question how many
    /// entries it has.
    pub questions: Vec<u16>,
    /// Where it is shown: a boolean node of [`Body::derive`]; its questions
    /// are asked nowhere else.
    pub asked: Option<NodeId>,
    /// The boolean question with which the borrower opens an optional page,
    /// by index.
    pub opener: Option<u16>,
}

/// What of the answers may leave the device, and how precisely.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Its name.
    pub id: Id,
    /// What it holds before it is reduced.
    pub kind: Kind,
    /// Its formula: a node of [`Body::derive`].
    pub node: NodeId,
    /// How it is reduced.
    pub precision: Precision,
}

/// How a feature is reduced: a partition of its values into cells, and the
/// number that stands for each cell after the waist.
#[derive(Clone, Debug, PartialEq)]
pub enum Precision {
    /// Every value is its own cell.
    Exact,
    /// Rounded down to a multiple of this step, at least 2.
    Floor(i64),
    /// Rounded up to a multiple of this step, at least 2.
    Ceil(i64),
    /// Cells between edges: a cell holds the values from an edge to just
    /// below the next; the outer cells end where the formula's range does.
    Bands {
        /// Ascending edges.
        edges: Vec<i64>,
        /// What stands for a cell.
        value: Representative,
    },
    /// Options of a choice put together.
    Groups(Vec<OptionGroup>),
}

/// Which number of a band stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Representative {
    /// The least one: right for what raises a limit.
    Low,
    /// The largest one: right for what lowers a limit.
    High,
    /// The one in the middle, rounded down.
    Middle,
}

/// Options that are one value after the waist.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionGroup {
    /// Its name.
    pub id: Id,
    /// Indices of its options.
    pub options: Vec<u16>,
}

/// A rule that fires where its condition is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub id: Id,
    /// A boolean node of [`Body::decide`].
    pub when: NodeId,
    /// The reason given, an index into [`Body::reasons`].
    pub reason: u16,
}

/// A rule of an early warning.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// When it is given, and the reason.
    pub rule: Rule,
    /// How grave it is.
    pub level: Level,
}

/// How grave an alert is (预警等级).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Keep an eye on it.
    Watch,
    /// A person looks.
    Warn,
    /// Lend no more.
    Stop,
}

impl Level {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Level::Watch => "watch",
            Level::Warn => "warn",
            Level::Stop => "stop",
        }
    }
}

/// A points scorecard; points are whole numbers, more is better.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Where it counts: a boolean node of [`Body::decide`] of the first phase.
    /// The last card has none, the others have one.
    pub when: Option<NodeId>,
    /// The score at which the odds of good to bad are `odds`.
    pub base: i32,
    /// Good to bad at `base`, at least 1.
    pub odds: u32,
    /// Points that double the odds, at least 1.
    pub pdo: u32,
    /// Points that everyone starts with.
    pub start: i32,
    /// What is looked at, in declared order.
    pub characteristics: Vec<Characteristic>,
}

/// One characteristic of a scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Characteristic {
    /// Its name, for explanations.
    pub id: Id,
    /// The value that is binned: a node of [`Body::decide`] of the first phase.
    pub node: NodeId,
    /// Bins, tried in order.
    pub bins: Vec<Bin>,
}

/// One bin of a characteristic.
#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// Which values fall in.
    pub cells: Cells,
    /// Points for them.
    pub points: i32,
    /// The reason given where this bin is not the best.
    pub reason: Option<u16>,
}

/// A grade by score.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// Its name.
    pub id: Id,
    /// The least score; `None` for the last.
    pub at_least: Option<i32>,
}

/// What bounds the limit, apart from each product's own bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What may go to instalments: money nodes of [`Body::decide`]. One for
    /// every month, or one for each from January to December; none where
    /// nothing is asked of it.
    pub affordability: Vec<NodeId>,
    /// Further upper bounds, in declared order.
    pub caps: Vec<Cap>,
    /// Limits are multiples of this.
    pub step: Money,
    /// The reason given when no offer reaches its product's minimum.
    pub reason: u16,
}

/// A named upper bound of the limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Cap {
    /// Its name, such as `cap` or `collateral`.
    pub id: Id,
    /// A money node of [`Body::decide`].
    pub node: NodeId,
}

/// Something that can be offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its name.
    pub id: Id,
    /// How it is paid back.
    pub repayment: Repayment,
    /// What it costs beside its interest, in declared order.
    pub fees: Vec<ProductFee>,
    /// Terms in months, ascending.
    pub terms: Vec<u16>,
    /// The least amount.
    pub minimum: Money,
    /// The largest amount.
    pub maximum: Money,
    /// The nominal yearly rate: a ratio node of [`Body::decide`].
    pub rate: NodeId,
    /// Who can have it: a boolean node of [`Body::decide`] that reads neither
    /// request nor score; everyone where there is none.
    pub when: Option<NodeId>,
    /// Whom it suits best: a boolean node of [`Body::decide`]; nobody where
    /// there is none.
    pub suits: Option<NodeId>,
}

/// A fee of a product.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductFee {
    /// Its name.
    pub id: Id,
    /// Who receives it.
    pub payee: Id,
    /// What it comes to.
    pub fee: Fee,
}

/// A discount on the nominal rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Discount {
    /// Its name.
    pub id: Id,
    /// Where it is given: a boolean node of [`Body::decide`].
    pub when: NodeId,
    /// What it makes of the rate before it.
    pub change: Change,
}

/// What a discount makes of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// So much less, and never below zero; not negative.
    Less(Ratio),
    /// So much of it, 0 to 1, rounded up to the millionth.
    Times(Ratio),
}

/// What bounds a price, and what may come on top of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// The most that an offer may cost a year, all in, by the simple rate; and
    /// the most that overdue or misused money bears.
    pub ceiling: Option<Ratio>,
    /// What overdue money bears beyond the nominal rate (罚息), as a share of
    /// it; zero where it costs no more.
    pub overdue: Ratio,
    /// What money bears beyond the nominal rate that is used for something
    /// else than was agreed, as a share of it.
    pub misuse: Ratio,
    /// What paying back early costs, as a share of what is paid early.
    pub prepayment: Ratio,
}

/// Inputs of [`Body::derive`] after the questions, by offset. The request is
/// not among them: a feature is derived once, and offers look at other terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeriveContext {
    /// The date of the decision.
    AsOf,
}

/// Inputs of [`Body::decide`] after the features, by offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecideContext {
    /// The date of the decision.
    AsOf,
    /// The amount looked at.
    Amount,
    /// The term looked at, in months.
    Term,
    /// The product looked at, by index.
    Product,
    /// The score; known in the second phase.
    Score,
    /// The probability of going bad; known in the second phase.
    Probability,
    /// The grade, by index; known in the second phase.
    Grade,
}

impl DeriveContext {
    /// How many there are.
    pub const COUNT: usize = 1;
}

impl DecideContext {
    /// How many there are.
    pub const COUNT: usize = 7;
}
