//! Formulas as straight-line programs: every node reads earlier nodes only,
//! so evaluation is one pass without recursion, jumps or failure.

use super::range::{GAP_STEPS, domain_of};
use super::table::{Cells, Table};
use crate::{Date, LARGEST, Rounding};

/// The index of a node in its program.
pub type NodeId = u16;

/// A value during evaluation: an integer within ±[`LARGEST`], or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(i64);

impl Value {
    /// No value: an optional question left open.
    pub const MISSING: Value = Value(i64::MIN);

    /// A value, moved into ±[`LARGEST`] if it is beyond; in a checked program
    /// none is (TOTAL).
    pub fn new(value: i64) -> Value {
        Value(value.clamp(-LARGEST, LARGEST))
    }

    /// A truth value as 0 or 1.
    pub const fn of(truth: bool) -> Value {
        Value(truth as i64)
    }

    /// The integer, unless it is missing.
    pub fn get(self) -> Option<i64> {
        (self != Value::MISSING).then_some(self.0)
    }

    /// The integer where a checked program proves that there is one.
    fn present(self) -> i64 {
        self.get().unwrap_or(0)
    }

    /// Whether it is 1.
    pub fn is_true(self) -> bool {
        self.0 == 1
    }
}

/// What a value can be: an interval, and whether it can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The least value.
    pub low: i64,
    /// The largest value.
    pub high: i64,
    /// Whether it can be missing.
    pub optional: bool,
}

/// One step of a program. Operands are indices of earlier nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A constant.
    Const(i64),
    /// An input by index.
    Input(u16),
    /// Sum.
    Add(NodeId, NodeId),
    /// Difference.
    Sub(NodeId, NodeId),
    /// Product over `scale` (at least 1): money × ratio has the scale of ratios.
    Mul {
        /// One factor.
        a: NodeId,
        /// The other factor.
        b: NodeId,
        /// What the product is divided by.
        scale: u32,
        /// How.
        rounding: Rounding,
    },
    /// Quotient times `scale` (at least 1).
    Div {
        /// What is divided.
        a: NodeId,
        /// By what.
        b: NodeId,
        /// What the quotient is multiplied by.
        scale: u32,
        /// How it is rounded.
        rounding: Rounding,
        /// The result for a divisor of zero; absent where the divisor's range
        /// excludes zero.
        otherwise: Option<NodeId>,
    },
    /// The operand rounded to a multiple of `step` (at least 1).
    Round {
        /// What is rounded.
        a: NodeId,
        /// To multiples of what.
        step: i64,
        /// How.
        rounding: Rounding,
    },
    /// The lesser.
    Min(NodeId, NodeId),
    /// The greater.
    Max(NodeId, NodeId),
    /// The magnitude.
    Abs(NodeId),
    /// Not, of 0 and 1.
    Not(NodeId),
    /// And, of 0 and 1.
    And(NodeId, NodeId),
    /// Or, of 0 and 1.
    Or(NodeId, NodeId),
    /// Whether both are the same.
    Eq(NodeId, NodeId),
    /// Whether the first is less.
    Lt(NodeId, NodeId),
    /// Whether the first is less or the same.
    Le(NodeId, NodeId),
    /// Whether the operand, which may be missing, falls into the cells.
    Within(NodeId, Cells),
    /// Whether the operand is missing.
    IsMissing(NodeId),
    /// The first, or where it is missing the second.
    Else(NodeId, NodeId),
    /// The second where the first is 1, else the third.
    If(NodeId, NodeId, NodeId),
    /// Whole months between two dates.
    Months(NodeId, NodeId),
    /// Whole years between two dates.
    Years(NodeId, NodeId),
    /// The output of a table, by index, for these inputs.
    Lookup(u16, Vec<NodeId>),
}

/// A straight-line program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The steps, in order.
    pub nodes: Vec<Node>,
}

/// Why a program is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A node reads itself, a later node, or an input or table that is not there.
    NotThere,
    /// A value can be missing where one is needed.
    MayBeMissing,
    /// A value can leave ±[`LARGEST`].
    Overflow,
    /// A divisor can be zero, and nothing says what happens then.
    DivisionByZero,
    /// A scale or step below 1, or cells that are not ascending and apart.
    Malformed,
    /// A truth value that can be something else than 0 or 1.
    NotBoolean,
    /// A date outside the years 1 to 9999.
    NotADate,
    /// A table with a gap, or too wide to prove that it has none.
    Gap,
}

impl Program {
    /// The domain of every node, given those of the inputs, or the first node
    /// that can fail and how. A program that has domains cannot fail for any
    /// inputs within theirs: this is the proof of TOTAL for formulas, made by
    /// the compiler and again whenever a policy is loaded.
    pub fn domains(
        &self,
        inputs: &[Domain],
        tables: &[Table],
    ) -> Result<Vec<Domain>, (NodeId, Flaw)> {
        let mut domains = Vec::with_capacity(self.nodes.len());
        let mut steps = GAP_STEPS;
        for (index, node) in self.nodes.iter().enumerate() {
            let at = NodeId::try_from(index).map_err(|_| (NodeId::MAX, Flaw::Malformed))?;
            let domain =
                domain_of(node, &domains, inputs, tables, &mut steps).map_err(|flaw| (at, flaw))?;
            if domain.low < -LARGEST || domain.high > LARGEST {
                return Err((at, Flaw::Overflow));
            }
            domains.push(domain);
        }
        Ok(domains)
    }

    /// Which nodes depend on an input that satisfies `which`.
    pub fn readers(&self, which: impl Fn(u16) -> bool) -> Vec<bool> {
        let mut reads: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let mut found = matches!(node, Node::Input(input) if which(*input));
            node.for_each_operand(|id| found |= reads.get(usize::from(id)) == Some(&true));
            reads.push(found);
        }
        reads
    }

    /// Evaluates the nodes from the number of values that `values` already
    /// holds up to `end`, appending a value each.
    pub fn run(&self, inputs: &[Value], tables: &[Table], end: usize, values: &mut Vec<Value>) {
        for node in self.nodes.iter().take(end).skip(values.len()) {
            let value = evaluate(node, values, inputs, tables);
            values.push(value);
        }
    }
}

impl Node {
    /// Calls `f` with each operand.
    pub fn for_each_operand(&self, mut f: impl FnMut(NodeId)) {
        match self {
            Node::Const(_) | Node::Input(_) => {}
            Node::Round { a, .. }
            | Node::Abs(a)
            | Node::Not(a)
            | Node::Within(a, _)
            | Node::IsMissing(a) => f(*a),
            Node::Add(a, b)
            | Node::Sub(a, b)
            | Node::Mul { a, b, .. }
            | Node::Min(a, b)
            | Node::Max(a, b)
            | Node::And(a, b)
            | Node::Or(a, b)
            | Node::Eq(a, b)
            | Node::Lt(a, b)
            | Node::Le(a, b)
            | Node::Else(a, b)
            | Node::Months(a, b)
            | Node::Years(a, b) => {
                f(*a);
                f(*b);
            }
            Node::Div {
                a, b, otherwise, ..
            } => {
                f(*a);
                f(*b);
                otherwise.iter().copied().for_each(f);
            }
            Node::If(a, b, c) => {
                f(*a);
                f(*b);
                f(*c);
            }
            Node::Lookup(_, operands) => operands.iter().copied().for_each(f),
        }
    }
}

fn evaluate(node: &Node, values: &[Value], inputs: &[Value], tables: &[Table]) -> Value {
    let value = |id: &NodeId| {
        values
            .get(usize::from(*id))
            .copied()
            .unwrap_or(Value::MISSING)
    };
    let number = |id: &NodeId| value(id).present();
    let wide = |id: &NodeId| i128::from(number(id));
    let whole = |quotient: Option<i128>| {
        Value::new(quotient.and_then(|q| i64::try_from(q).ok()).unwrap_or(0))
    };
    match node {
        Node::Const(constant) => Value::new(*constant),
        Node::Input(index) => inputs
            .get(usize::from(*index))
            .copied()
            .unwrap_or(Value::MISSING),
        Node::Add(a, b) => Value::new(number(a).saturating_add(number(b))),
        Node::Sub(a, b) => Value::new(number(a).saturating_sub(number(b))),
        Node::Mul {
            a,
            b,
            scale,
            rounding,
        } => whole(rounding.divide(wide(a).saturating_mul(wide(b)), i128::from(*scale))),
        Node::Div {
            a,
            b,
            scale,
            rounding,
            otherwise,
        } => match (wide(b), otherwise) {
            (0, Some(otherwise)) => value(otherwise),
            (divisor, _) => {
                whole(rounding.divide(wide(a).saturating_mul(i128::from(*scale)), divisor))
            }
        },
        Node::Round { a, step, rounding } => {
            let step = i128::from(*step);
            whole(
                rounding
                    .divide(wide(a), step)
                    .and_then(|steps| steps.checked_mul(step)),
            )
        }
        Node::Min(a, b) => Value::new(number(a).min(number(b))),
        Node::Max(a, b) => Value::new(number(a).max(number(b))),
        Node::Abs(a) => Value::new(number(a).saturating_abs()),
        Node::Not(a) => Value::of(!value(a).is_true()),
        Node::And(a, b) => Value::of(value(a).is_true() && value(b).is_true()),
        Node::Or(a, b) => Value::of(value(a).is_true() || value(b).is_true()),
        Node::Eq(a, b) => Value::of(number(a) == number(b)),
        Node::Lt(a, b) => Value::of(number(a) < number(b)),
        Node::Le(a, b) => Value::of(number(a) <= number(b)),
        Node::Within(a, cells) => Value::of(cells.contains(value(a))),
        Node::IsMissing(a) => Value::of(value(a) == Value::MISSING),
        Node::Else(a, b) => match value(a) {
            Value::MISSING => value(b),
            present => present,
        },
        Node::If(condition, then, otherwise) => value(if value(condition).is_true() {
            then
        } else {
            otherwise
        }),
        Node::Months(from, to) => between(number(from), number(to), Date::months_until),
        Node::Years(from, to) => between(number(from), number(to), Date::years_until),
        Node::Lookup(table, operands) => {
            let row = tables
                .get(usize::from(*table))
                .and_then(|table| table.rows.get(table.hit(operands.iter().map(value))?));
            Value::new(row.map_or(0, |row| row.output))
        }
    }
}

fn between(from: i64, to: i64, count: impl Fn(Date, Date) -> i64) -> Value {
    let dates = Date::from_days(from).zip(Date::from_days(to));
    Value::new(dates.map_or(0, |(from, to)| count(from, to)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INPUTS: [Domain; 4] = [
        Domain {
            low: -50,
            high: 70,
            optional: false,
        },
        Domain {
            low: 0,
            high: 1,
            optional: false,
        },
        Domain {
            low: 1,
            high: 1_000_000,
            optional: true,
        },
        Domain {
            low: 7_000,
            high: 20_000,
            optional: false,
        },
    ];

    fn rounding() -> impl Strategy<Value = Rounding> {
        prop_oneof![
            Just(Rounding::Down),
            Just(Rounding::Up),
            Just(Rounding::HalfUp)
        ]
    }

    /// Any node whatever; most programs of them are refused, the others must
    /// never leave what was proven of them.
    fn node() -> impl Strategy<Value = Node> {
        let id = || 0u16..24;
        prop_oneof![
            3 => (-100i64..100).prop_map(Node::Const),
            6 => (0u16..4).prop_map(Node::Input),
            2 => (id(), id()).prop_map(|(a, b)| Node::Add(a, b)),
            2 => (id(), id()).prop_map(|(a, b)| Node::Sub(a, b)),
            2 => (id(), id(), 1u32..1_000, rounding())
                .prop_map(|(a, b, scale, rounding)| Node::Mul { a, b, scale, rounding }),
            3 => (id(), id(), 1u32..1_000, rounding(), proptest::option::of(id())).prop_map(
                |(a, b, scale, rounding, otherwise)| Node::Div { a, b, scale, rounding, otherwise }
            ),
            1 => (id(), 1i64..50, rounding())
                .prop_map(|(a, step, rounding)| Node::Round { a, step, rounding }),
            1 => (id(), id()).prop_map(|(a, b)| Node::Min(a, b)),
            1 => (id(), id()).prop_map(|(a, b)| Node::Max(a, b)),
            1 => id().prop_map(Node::Abs),
            1 => id().prop_map(Node::Not),
            1 => (id(), id()).prop_map(|(a, b)| Node::And(a, b)),
            1 => (id(), id()).prop_map(|(a, b)| Node::Or(a, b)),
            1 => (id(), id()).prop_map(|(a, b)| Node::Eq(a, b)),
            1 => (id(), id()).prop_map(|(a, b)| Node::Lt(a, b)),
            1 => (id(), id()).prop_map(|(a, b)| Node::Le(a, b)),
            1 => (id(), -10i64..10, any::<bool>()).prop_map(|(a, low, missing)| Node::Within(
                a,
                Cells::Of { intervals: vec![(low, low + 5)], missing }
            )),
            1 => id().prop_map(Node::IsMissing),
            2 => (id(), id()).prop_map(|(a, b)| Node::Else(a, b)),
            2 => (id(), id(), id()).prop_map(|(a, b, c)| Node::If(a, b, c)),
            1 => (id(), id()).prop_map(|(a, b)| Node::Months(a, b)),
            1 => (id(), id()).prop_map(|(a, b)| Node::Years(a, b)),
        ]
    }

    fn inputs() -> impl Strategy<Value = Vec<Value>> {
        INPUTS
            .map(|domain| {
                let values = prop_oneof![
                    Just(domain.low),
                    Just(domain.high),
                    domain.low..=domain.high
                ];
                (values, 0..if domain.optional { 2 } else { 1 })
                    .prop_map(|(value, missing)| match missing {
                        0 => Value::new(value),
                        _ => Value::MISSING,
                    })
                    .boxed()
            })
            .to_vec()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// TOTAL, for formulas: each node that is proven stays within its
        /// domain, and is missing only where it may be. Nodes that cannot be
        /// proven are left out, so that what follows them is still looked at.
        #[test]
        fn proven_programs_keep_their_domains(nodes in proptest::collection::vec(node(), 1..80), inputs in inputs()) {
            let mut program = Program::default();
            for node in nodes {
                program.nodes.push(node);
                if program.domains(&INPUTS, &[]).is_err() {
                    program.nodes.pop();
                }
            }
            let domains = program.domains(&INPUTS, &[]).unwrap();
            let mut values = Vec::new();
            program.run(&inputs, &[], usize::MAX, &mut values);
            for ((value, domain), node) in values.iter().zip(&domains).zip(&program.nodes) {
                match value.get() {
                    Some(value) => prop_assert!(
                        (domain.low..=domain.high).contains(&value),
                        "{node:?} is {value}, not in {domain:?}"
                    ),
                    None => prop_assert!(domain.optional, "{node:?} is missing"),
                }
            }
        }

        /// Whatever is not proven is still answered.
        #[test]
        fn unproven_programs_do_not_panic(nodes in proptest::collection::vec(node(), 1..40), inputs in inputs()) {
            let program = Program { nodes };
            let mut values = Vec::new();
            program.run(&inputs, &[], usize::MAX, &mut values);
            prop_assert_eq!(values.len(), program.nodes.len());
        }
    }

    #[test]
    fn what_can_fail_is_named() {
        let flaw = |nodes: &[Node]| {
            Program {
                nodes: nodes.to_vec(),
            }
            .domains(&INPUTS, &[])
            .map_err(|(_, flaw)| flaw)
        };
        let divide = |b, otherwise| Node::Div {
            a: 0,
            b,
            scale: 1,
            rounding: Rounding::Down,
            otherwise,
        };
        assert_eq!(
            flaw(&[Node::Input(0), divide(0, None)]),
            Err(Flaw::DivisionByZero)
        );
        assert!(flaw(&[Node::Input(0), divide(0, Some(0))]).is_ok());
        assert_eq!(
            flaw(&[Node::Input(2), Node::Abs(0)]),
            Err(Flaw::MayBeMissing)
        );
        assert_eq!(flaw(&[Node::Input(0), Node::Not(0)]), Err(Flaw::NotBoolean));
        assert_eq!(flaw(&[Node::Input(9)]), Err(Flaw::NotThere));
        assert_eq!(flaw(&[Node::Abs(0)]), Err(Flaw::NotThere));
        assert_eq!(
            flaw(&[Node::Const(LARGEST), Node::Add(0, 0)]),
            Err(Flaw::Overflow)
        );
        assert_eq!(flaw(&[Node::Lookup(0, vec![])]), Err(Flaw::NotThere));
    }
}
