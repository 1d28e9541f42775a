//! What can happen: conditions, cards and bins held against every combination
//! of what they tell apart.

mod index;

use std::cell::Cell;
use std::collections::BTreeSet;

use prequal::policy::{Domain, Node, NodeId, Program, Table, Value};

use crate::arena::{Finished, renumbered};
use crate::tier::Finding;
use index::Index;

/// The values that the decision tells apart, input by input: one for each
/// cell of the coarsest partition that all comparisons and look-ups need.
///
/// Features of the same answers are taken to be free of each other, so that
/// what never happens here never happens at all.
pub(crate) struct Reach<'a> {
    program: &'a Program,
    tables: Vec<Index<'a>>,
    points: Vec<Vec<Value>>,
    /// What is left of [`MOST_WORK`].
    work: Cell<u64>,
    /// Steps that rest on a comparison which no partition settles.
    opaque: Vec<bool>,
}

/// Of what takes more steps, nothing is said.
const MOST_STEPS: usize = 1 << 20;

/// After so many steps and words of look-ups for all that is asked, nothing
/// more is said.
const MOST_WORK: u64 = 1 << 29;

/// The most values of an input that are looked at one by one.
const FEW: u64 = 64;

impl<'a> Reach<'a> {
    /// The findings, and what is declared, are those of a waist that takes
    /// for inexact every input which [`Reach::is_wide`] holds of.
    pub(crate) fn new(
        finished: &'a Finished,
        tables: &'a [Table],
        inputs: &[Domain],
        terms: (usize, &[i64]),
        findings: &[Finding],
        declared: &[bool],
    ) -> Reach<'a> {
        let mut points: Vec<BTreeSet<i64>> = inputs
            .iter()
            .map(|domain| match Reach::is_wide(domain) {
                true => BTreeSet::from([domain.low]),
                false => (domain.low..=domain.high).collect(),
            })
            .collect();
        if let Some(points) = points.get_mut(terms.0).filter(|_| !terms.1.is_empty()) {
            *points = terms.1.iter().copied().collect();
        }
        let mut opaque = declared.to_vec();
        for finding in findings {
            match finding {
                Finding::Demand {
                    input, threshold, ..
                } => {
                    let index = usize::from(*input);
                    let inside = inputs.get(index).is_some_and(|domain| {
                        domain.low < threshold.value && threshold.value <= domain.high
                    });
                    if let Some(points) = points.get_mut(index).filter(|_| inside) {
                        points.insert(threshold.value);
                    }
                }
                Finding::Wrong { step, .. } => {
                    if let Some(flag) = opaque.get_mut(usize::from(*step)) {
                        *flag = true;
                    }
                }
            }
        }
        for (index, node) in finished.program.nodes.iter().enumerate() {
            let mut any = opaque.get(index) == Some(&true);
            node.for_each_operand(|operand| {
                any |= opaque.get(usize::from(operand)) == Some(&true);
            });
            if let Some(flag) = opaque.get_mut(index) {
                *flag = any;
            }
        }
        let points = points.into_iter().zip(inputs).map(|(points, domain)| {
            let missing = domain.optional.then_some(Value::MISSING);
            points.into_iter().map(Value::new).chain(missing).collect()
        });
        Reach {
            program: &finished.program,
            tables: tables.iter().map(Index::new).collect(),
            points: points.collect(),
            work: Cell::new(MOST_WORK),
            opaque,
        }
    }

    /// Whether an input has too many values to look at one by one.
    pub(crate) fn is_wide(domain: &Domain) -> bool {
        domain.high.abs_diff(domain.low) >= FEW
    }

    /// The inputs that a step reads.
    pub(crate) fn inputs(&self, node: NodeId) -> BTreeSet<u16> {
        self.program.inputs_of(node).into_iter().collect()
    }

    /// Shows the values of these steps for every combination of what they
    /// read. False where that cannot be done, or not in reasonable time.
    pub(crate) fn each(&self, nodes: &[NodeId], mut see: impl FnMut(&[Value])) -> bool {
        let opaque = |node: &NodeId| self.opaque.get(usize::from(*node)) != Some(&false);
        if nodes.iter().any(opaque) {
            return false;
        }
        let (program, ids) = self.part(nodes);
        let read: BTreeSet<u16> = nodes.iter().flat_map(|node| self.inputs(*node)).collect();
        let columns: Option<Vec<(usize, &[Value])>> = read
            .into_iter()
            .map(|input| {
                let points = self.points.get(usize::from(input))?;
                Some((usize::from(input), points.as_slice()))
            })
            .collect();
        let Some(columns) = columns else { return false };
        let combinations = columns
            .iter()
            .try_fold(1_usize, |all, (_, points)| all.checked_mul(points.len()));
        let steps = combinations.and_then(|n| n.checked_mul(program.nodes.len() + 1));
        let (Some(combinations), Some(0..=MOST_STEPS)) = (combinations, steps) else {
            return false;
        };
        let Some(work) = self.work(&program, combinations) else {
            return false;
        };
        self.work.set(work);
        let looks: Vec<(usize, &Node)> = program.nodes.iter().enumerate().filter(is_look).collect();
        let mut inputs = vec![Value::MISSING; self.points.len()];
        let mut values = Vec::new();
        for number in 0..combinations {
            let mut rest = number;
            for (input, points) in &columns {
                let count = points.len().max(1);
                let point = points.get(rest % count).copied();
                rest /= count;
                if let (Some(slot), Some(point)) = (inputs.get_mut(*input), point) {
                    *slot = point;
                }
            }
            values.clear();
            for (at, look) in &looks {
                program.run(&inputs, &[], *at, &mut values);
                values.push(self.looked_up(look, &values));
            }
            program.run(&inputs, &[], program.nodes.len(), &mut values);
            let at = |id: &NodeId| values.get(usize::from(*id)).copied();
            let seen: Vec<Value> = ids
                .iter()
                .map(|id| at(id).unwrap_or(Value::MISSING))
                .collect();
            see(&seen);
        }
        true
    }

    /// What is left of the work after so many runs of a program, if it is
    /// enough.
    fn work(&self, program: &Program, runs: usize) -> Option<u64> {
        let words = program.nodes.iter().map(|node| match node {
            Node::Lookup(table, operands)
            | Node::Collect {
                table, operands, ..
            } => {
                let table = self.tables.get(usize::from(*table));
                table.map_or(0, |table| table.words() * operands.len()) + 1
            }
            _ => 1,
        });
        let work = words.sum::<usize>().checked_mul(runs)?;
        self.work.get().checked_sub(u64::try_from(work).ok()?)
    }

    /// What a look-up yields, given the steps before it.
    fn looked_up(&self, look: &Node, values: &[Value]) -> Value {
        let (Node::Lookup(table, operands)
        | Node::Collect {
            table, operands, ..
        }) = look
        else {
            return Value::MISSING;
        };
        let value = |id: &NodeId| values.get(usize::from(*id)).copied();
        let inputs: Vec<Value> = operands
            .iter()
            .map(|id| value(id).unwrap_or(Value::MISSING))
            .collect();
        let table = self.tables.get(usize::from(*table));
        table.map_or(Value::new(0), |table| match look {
            Node::Collect { how, .. } => table.collected(*how, &inputs),
            _ => table.first(&inputs),
        })
    }

    /// The steps that these need, and their indices there.
    fn part(&self, nodes: &[NodeId]) -> (Program, Vec<NodeId>) {
        let steps = &self.program.nodes;
        let mut needed = vec![false; steps.len()];
        for node in nodes {
            mark(*node, &mut needed);
        }
        for (index, node) in steps.iter().enumerate().rev() {
            if needed.get(index) == Some(&true) {
                node.for_each_operand(|operand| mark(operand, &mut needed));
            }
        }
        let mut ids: Vec<Option<NodeId>> = Vec::new();
        let mut kept: Vec<Node> = Vec::new();
        for (node, needed) in steps.iter().zip(needed) {
            ids.push(NodeId::try_from(kept.len()).ok().filter(|_| needed));
            if needed {
                kept.push(renumbered(node, &ids));
            }
        }
        let at = |node: &NodeId| ids.get(usize::from(*node)).copied().flatten();
        let found = nodes.iter().map(|node| at(node).unwrap_or(0)).collect();
        (Program { nodes: kept }, found)
    }
}

fn is_look((_, node): &(usize, &Node)) -> bool {
    matches!(node, Node::Lookup(..) | Node::Collect { .. })
}

fn mark(node: NodeId, needed: &mut [bool]) {
    if let Some(flag) = needed.get_mut(usize::from(node)) {
        *flag = true;
    }
}
