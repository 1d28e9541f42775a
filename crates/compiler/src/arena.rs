//! Programs under construction: equal steps are one step, and every step
//! remembers where in the source it came from.

use std::collections::BTreeMap;

use prequal::policy::{Node, NodeId, Program};

use crate::source::Span;

/// The most steps of a program that the engine reads.
const MAX_NODES: usize = 4096;

/// The steps so far.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    nodes: Vec<Node>,
    sites: Vec<Vec<Span>>,
    known: BTreeMap<(bool, String), NodeId>,
    approximate: Vec<bool>,
    /// Whether what is added belongs to a figure that is declared APPROXIMATE;
    /// such steps are kept apart from equal ones that are not.
    pub(crate) declared: bool,
    /// Where the steps became too many.
    pub(crate) overflow: Option<Span>,
}

impl Arena {
    /// The step, new or known.
    pub(crate) fn add(&mut self, node: Node, site: &Span) -> NodeId {
        let approximate = self.declared && !matches!(node, Node::Input(_) | Node::Const(_));
        let key = (approximate, format!("{node:?}"));
        if let Some(&id) = self.known.get(&key) {
            if let Some(sites) = self.sites.get_mut(usize::from(id))
                && !sites.contains(site)
            {
                sites.push(site.clone());
            }
            return id;
        }
        let Some(id) = NodeId::try_from(self.nodes.len())
            .ok()
            .filter(|_| self.nodes.len() < MAX_NODES)
        else {
            self.overflow.get_or_insert_with(|| site.clone());
            return 0;
        };
        self.nodes.push(node);
        self.sites.push(vec![site.clone()]);
        self.approximate.push(approximate);
        self.known.insert(key, id);
        id
    }

    /// The step of this index.
    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(usize::from(id))
    }

    pub(crate) fn constant(&mut self, value: i64, site: &Span) -> NodeId {
        self.add(Node::Const(value), site)
    }

    /// Keeps what the roots need, steps for which `late` holds after the
    /// others, both in their order.
    pub(crate) fn finish(self, roots: &[NodeId], late: impl Fn(u16) -> bool) -> Finished {
        let program = Program { nodes: self.nodes };
        let late = program.readers(late);
        let mut needed = vec![false; program.nodes.len()];
        let mark = |id: NodeId, needed: &mut Vec<bool>| {
            if let Some(flag) = needed.get_mut(usize::from(id)) {
                *flag = true;
            }
        };
        roots.iter().for_each(|root| mark(*root, &mut needed));
        for (index, node) in program.nodes.iter().enumerate().rev() {
            if needed.get(index) == Some(&true) {
                node.for_each_operand(|id| mark(id, &mut needed));
            }
        }
        let mut finished = Finished {
            program: Program::default(),
            sites: Vec::new(),
            approximate: Vec::new(),
            ids: vec![None; program.nodes.len()],
        };
        for phase in [false, true] {
            let steps = program.nodes.iter().zip(&self.sites);
            for (index, ((node, sites), approximate)) in steps.zip(&self.approximate).enumerate() {
                if needed.get(index) != Some(&true) || late.get(index) != Some(&phase) {
                    continue;
                }
                let id = NodeId::try_from(finished.program.nodes.len()).ok();
                let node = renumbered(node, &finished.ids);
                finished.program.nodes.push(node);
                finished.sites.push(sites.clone());
                finished.approximate.push(*approximate);
                if let Some(slot) = finished.ids.get_mut(index) {
                    *slot = id;
                }
            }
        }
        finished
    }
}

/// A finished program.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) program: Program,
    /// Where each step came from.
    pub(crate) sites: Vec<Vec<Span>>,
    /// Which steps belong to figures that are declared APPROXIMATE.
    pub(crate) approximate: Vec<bool>,
    ids: Vec<Option<NodeId>>,
}

impl Finished {
    /// A step's index in the finished program, by the one that it had; none
    /// where nothing needs it.
    pub(crate) fn id(&self, before: NodeId) -> Option<NodeId> {
        self.ids.get(usize::from(before)).copied().flatten()
    }
}

/// A step with its operands by their new indices.
pub(crate) fn renumbered(node: &Node, ids: &[Option<NodeId>]) -> Node {
    let at = |id: &NodeId| ids.get(usize::from(*id)).copied().flatten().unwrap_or(0);
    match node {
        Node::Const(value) => Node::Const(*value),
        Node::Input(index) => Node::Input(*index),
        Node::Add(a, b) => Node::Add(at(a), at(b)),
        Node::Sub(a, b) => Node::Sub(at(a), at(b)),
        Node::Mul {
            a,
            b,
            scale,
            rounding,
        } => Node::Mul {
            a: at(a),
            b: at(b),
            scale: *scale,
            rounding: *rounding,
        },
        Node::Div {
            a,
            b,
            scale,
            rounding,
            otherwise,
        } => Node::Div {
            a: at(a),
            b: at(b),
            scale: *scale,
            rounding: *rounding,
            otherwise: otherwise.as_ref().map(at),
        },
        Node::Round { a, step, rounding } => Node::Round {
            a: at(a),
            step: *step,
            rounding: *rounding,
        },
        Node::Min(a, b) => Node::Min(at(a), at(b)),
        Node::Max(a, b) => Node::Max(at(a), at(b)),
        Node::Abs(a) => Node::Abs(at(a)),
        Node::Not(a) => Node::Not(at(a)),
        Node::And(a, b) => Node::And(at(a), at(b)),
        Node::Or(a, b) => Node::Or(at(a), at(b)),
        Node::Eq(a, b) => Node::Eq(at(a), at(b)),
        Node::Lt(a, b) => Node::Lt(at(a), at(b)),
        Node::Le(a, b) => Node::Le(at(a), at(b)),
        Node::Within(a, cells) => Node::Within(at(a), cells.clone()),
        Node::IsMissing(a) => Node::IsMissing(at(a)),
        Node::Else(a, b) => Node::Else(at(a), at(b)),
        Node::If(a, b, c) => Node::If(at(a), at(b), at(c)),
        Node::Months(a, b) => Node::Months(at(a), at(b)),
        Node::Years(a, b) => Node::Years(at(a), at(b)),
        Node::Lookup(table, operands) => Node::Lookup(*table, operands.iter().map(at).collect()),
        Node::Collect {
            how,
            table,
            operands,
        } => Node::Collect {
            how: *how,
            table: *table,
            operands: operands.iter().map(at).collect(),
        },
        Node::When(a, b) => Node::When(at(a), at(b)),
        Node::Month(a) => Node::Month(at(a)),
        Node::Year(a) => Node::Year(at(a)),
        Node::Shift(a, b) => Node::Shift(at(a), at(b)),
        Node::Instalment {
            principal,
            rate,
            months,
        } => Node::Instalment {
            principal: at(principal),
            rate: at(rate),
            months: at(months),
        },
        Node::Variation(operands) => Node::Variation(operands.iter().map(at).collect()),
    }
}
