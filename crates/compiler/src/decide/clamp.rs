//! Cells without what never comes.

use prequal::policy::{Cells, Domain, Node, NodeId, Program, Table};

use crate::cells;

/// The program with its cells cut down to what can come: fewer bytes, the same
/// decision.
pub(super) fn clamped(program: &Program, domains: &[Option<Domain>]) -> Program {
    let nodes = program.nodes.iter().map(|node| match node {
        Node::Within(a, cells) => Node::Within(*a, cut(cells, domains, *a)),
        other => other.clone(),
    });
    Program {
        nodes: nodes.collect(),
    }
}

/// Cells cut down to what a step can come to.
pub(crate) fn cut(cells: &Cells, domains: &[Option<Domain>], node: NodeId) -> Cells {
    match domains.get(usize::from(node)).copied().flatten() {
        Some(domain) => cells::within(cells, &domain),
        None => cells.clone(),
    }
}

/// A table that is looked up in several places keeps its cells whole.
pub(super) fn clamped_tables(
    program: &Program,
    mut tables: Vec<Table>,
    domains: &[Option<Domain>],
) -> Vec<Table> {
    for (index, table) in tables.iter_mut().enumerate() {
        let mut lookups = program.nodes.iter().filter_map(|node| match node {
            Node::Lookup(table, operands)
            | Node::Collect {
                table, operands, ..
            } if usize::from(*table) == index => Some(operands),
            _ => None,
        });
        if let (Some(operands), None) = (lookups.next(), lookups.next()) {
            clamp_table(table, operands, domains);
        }
    }
    tables
}

pub(super) fn clamp_table(table: &mut Table, operands: &[NodeId], domains: &[Option<Domain>]) {
    for row in &mut table.rows {
        for (cell, operand) in row.cells.iter_mut().zip(operands) {
            *cell = cut(cell, domains, *operand);
        }
    }
}
