//! Formulas as straight-line programs: every node reads earlier nodes only,
//! so evaluation is one pass without recursion, jumps or failure.

use super::evaluate::evaluate;
use super::gap::{GAP_STEPS, complete};
use super::offered::Offered;
use super::range::domain_of;
use super::table::{Cells, Table, put_in_order};
use super::value::{Domain, Value};
use crate::{LARGEST, Rounding};

/// The index of a node in its program.
pub type NodeId = u16;

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
    /// What all rows of a table, by index, that take these inputs in come to.
    Collect {
        /// How their outputs become one.
        how: Collect,
        /// The table.
        table: u16,
        /// Its inputs.
        operands: Vec<NodeId>,
    },
    /// The second where the first is 1, else missing.
    When(NodeId, NodeId),
    /// The month of a date, 1 to 12.
    Month(NodeId),
    /// The year of a date.
    Year(NodeId),
    /// A date and so many months, with the day moved back to the month's end
    /// where the month has no such day.
    Shift(NodeId, NodeId),
    /// The level monthly instalment of a loan, rounded up
    /// ([`Annuity`](crate::loan::Annuity)).
    Instalment {
        /// What is lent: not negative.
        principal: NodeId,
        /// The nominal yearly rate in millionths: 0 to 10 000 000.
        rate: NodeId,
        /// The number of months: 1 to 480.
        months: NodeId,
    },
    /// The coefficient of variation in millionths: the standard deviation over
    /// the mean, of the operands that are not missing, taken as the whole
    /// population; rounded down. Zero where there are none, or all are zero.
    /// Operands are 0 to [`LARGEST_VARIED`], and at most [`MOST_VARIED`].
    Variation(Vec<NodeId>),
}

/// How the outputs of all rows that a table's inputs fall into become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collect {
    /// Their sum; zero without a row.
    Sum,
    /// The least; missing without a row.
    Min,
    /// The largest; missing without a row.
    Max,
    /// How many rows there are.
    Count,
}

/// The largest value of which a variation is taken: 2^38, or 2 749 million
/// yuan, so that the squares of [`MOST_VARIED`] of them stay countable.
pub const LARGEST_VARIED: i64 = 1 << 38;

/// The most values of which a variation is taken.
pub const MOST_VARIED: usize = 24;

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
    /// A loan with a negative principal, a rate outside 0 to 1 000 % or a term
    /// outside 1 to 480 months.
    NotALoan,
    /// A variation of a value outside 0 to [`LARGEST_VARIED`], or of more than
    /// [`MOST_VARIED`].
    NotVaried,
    /// A table with a gap, or too wide to prove that it has none.
    Gap,
}

impl Program {
    /// The domain of every node, given those of the inputs, or the first node
    /// that can fail and how. A program that is [proven](Program::proven)
    /// has them for any inputs within those that it was proven for.
    pub fn domains(
        &self,
        inputs: &[Domain],
        tables: &[Table],
    ) -> Result<Vec<Domain>, (NodeId, Flaw)> {
        self.domains_with(inputs, tables, |_, _| Ok(()))
    }

    /// The domains of a program that cannot fail for any inputs within theirs,
    /// nor for want of a row: this is the proof of TOTAL for formulas, made by
    /// the compiler and again wherever a policy is checked. Products and terms
    /// come together as they are `offered`.
    pub fn proven(
        &self,
        inputs: &[Domain],
        tables: &[Table],
        offered: &Offered,
    ) -> Result<Vec<Domain>, (NodeId, Flaw)> {
        let mut steps = GAP_STEPS;
        self.domains_with(inputs, tables, |node, domains| {
            complete(node, &self.nodes, domains, tables, offered, &mut steps)
        })
    }

    fn domains_with(
        &self,
        inputs: &[Domain],
        tables: &[Table],
        mut prove: impl FnMut(&Node, &[Domain]) -> Result<(), Flaw>,
    ) -> Result<Vec<Domain>, (NodeId, Flaw)> {
        let mut domains = Vec::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            let at = NodeId::try_from(index).map_err(|_| (NodeId::MAX, Flaw::Malformed))?;
            let domain = prove(node, &domains)
                .and_then(|()| domain_of(node, &domains, inputs, tables))
                .map_err(|flaw| (at, flaw))?;
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

    /// The inputs that a node depends on, ascending.
    pub fn inputs_of(&self, node: NodeId) -> Vec<u16> {
        let mut inputs = Vec::new();
        let mut seen = vec![false; self.nodes.len()];
        let mut waiting = vec![node];
        while let Some(id) = waiting.pop() {
            let at = usize::from(id);
            let (Some(node), Some(seen)) = (self.nodes.get(at), seen.get_mut(at)) else {
                continue;
            };
            if core::mem::replace(seen, true) {
                continue;
            }
            if let Node::Input(input) = node {
                put_in_order(*input, &mut inputs);
            }
            node.for_each_operand(|operand| waiting.push(operand));
        }
        inputs
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
        self.visit(&mut f);
    }

    fn visit(&self, f: &mut dyn FnMut(NodeId)) {
        match self {
            Node::Const(_) | Node::Input(_) => {}
            Node::Round { a, .. }
            | Node::Abs(a)
            | Node::Not(a)
            | Node::Within(a, _)
            | Node::IsMissing(a)
            | Node::Month(a)
            | Node::Year(a) => f(*a),
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
            | Node::Years(a, b)
            | Node::When(a, b)
            | Node::Shift(a, b) => {
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
            Node::If(a, b, c)
            | Node::Instalment {
                principal: a,
                rate: b,
                months: c,
            } => {
                f(*a);
                f(*b);
                f(*c);
            }
            Node::Lookup(_, operands)
            | Node::Collect { operands, .. }
            | Node::Variation(operands) => operands.iter().copied().for_each(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Id, Row};
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
            1 => (collect(), proptest::collection::vec(id(), 1..3))
                .prop_map(|(how, operands)| Node::Collect { how, table: 0, operands }),
            1 => id().prop_map(|a| Node::Lookup(1, vec![a])),
            1 => (id(), id()).prop_map(|(a, b)| Node::When(a, b)),
            1 => id().prop_map(Node::Month),
            1 => id().prop_map(Node::Year),
            2 => (id(), id()).prop_map(|(a, b)| Node::Shift(a, b)),
            2 => (id(), id(), id()).prop_map(|(principal, rate, months)| Node::Instalment {
                principal,
                rate,
                months
            }),
            1 => proptest::collection::vec(id(), 0..5).prop_map(Node::Variation),
        ]
    }

    fn collect() -> impl Strategy<Value = Collect> {
        prop_oneof![
            Just(Collect::Sum),
            Just(Collect::Min),
            Just(Collect::Max),
            Just(Collect::Count)
        ]
    }

    /// A table with gaps and overlaps, and one that takes everything in.
    fn tables() -> Vec<Table> {
        let cells = |low, high, missing| Cells::Of {
            intervals: vec![(low, high)],
            missing,
        };
        let table = |rows: Vec<(Cells, i64)>| Table {
            id: Id::try_from("t".to_owned()).unwrap(),
            columns: 1,
            rows: rows
                .into_iter()
                .map(|(cells, output)| Row {
                    cells: vec![cells],
                    output,
                })
                .collect(),
        };
        vec![
            table(vec![
                (cells(-40, 0, false), 7),
                (cells(-10, 60, true), -9),
                (cells(5, 5, false), 100),
            ]),
            table(vec![(cells(0, 50, true), 3), (Cells::Any, -8)]),
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
                if program.proven(&INPUTS, &tables(), &Offered::default()).is_err() {
                    program.nodes.pop();
                }
            }
            let domains = program.domains(&INPUTS, &tables()).unwrap();
            let mut values = Vec::new();
            program.run(&inputs, &tables(), usize::MAX, &mut values);
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
            program.run(&inputs, &tables(), usize::MAX, &mut values);
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
