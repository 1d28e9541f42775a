//! Which steps of a program a result rests on, and the rows that its tables gave.

use prequal::policy::{Node, NodeId, Program, Row, Table, Value};

/// Which steps these values rest on: of a branch only the side that was taken.
pub(crate) fn live(
    program: &Program,
    values: &[Value],
    roots: impl IntoIterator<Item = NodeId>,
) -> Vec<bool> {
    let mut live = vec![false; program.nodes.len()];
    let mark = |id: NodeId, live: &mut Vec<bool>| {
        if let Some(flag) = live.get_mut(usize::from(id)) {
            *flag = true;
        }
    };
    roots.into_iter().for_each(|root| mark(root, &mut live));
    for (index, node) in program.nodes.iter().enumerate().rev() {
        if live.get(index) == Some(&true) {
            needed(node, values, |id| mark(id, &mut live));
        }
    }
    live
}

/// Calls `f` with each operand that the step's value rests on.
fn needed(node: &Node, values: &[Value], mut f: impl FnMut(NodeId)) {
    let value = |id: &NodeId| {
        values
            .get(usize::from(*id))
            .copied()
            .unwrap_or(Value::MISSING)
    };
    match node {
        Node::If(condition, then, otherwise) => {
            f(*condition);
            f(if value(condition).is_true() {
                *then
            } else {
                *otherwise
            });
        }
        Node::When(condition, _) if !value(condition).is_true() => f(*condition),
        Node::Else(first, _) if value(first) != Value::MISSING => f(*first),
        other => other.for_each_operand(f),
    }
}

/// The table of a step that looks into one, and its inputs.
pub(crate) fn look_up(node: &Node) -> Option<(usize, &[NodeId])> {
    match node {
        Node::Lookup(table, operands)
        | Node::Collect {
            table, operands, ..
        } => Some((usize::from(*table), operands)),
        _ => None,
    }
}

/// The rows of a step's table that decide its value: of a look-up the first
/// that takes the inputs in, of a collection every one.
pub(crate) fn rows_hit(node: &Node, values: &[Value], tables: &[Table]) -> Vec<usize> {
    let Some((table, operands)) = look_up(node) else {
        return Vec::new();
    };
    let rows = tables.get(table).map_or(&[][..], |table| &table.rows);
    let mut hits = rows_that_take(rows, operands, values);
    if matches!(node, Node::Lookup(..)) {
        hits.truncate(1);
    }
    hits
}

/// The rows that take these steps' values in.
pub(crate) fn rows_that_take(rows: &[Row], operands: &[NodeId], values: &[Value]) -> Vec<usize> {
    let value = |id: &NodeId| {
        let value = values.get(usize::from(*id)).copied();
        value.unwrap_or(Value::MISSING)
    };
    let takes = |row: &Row| {
        let mut cells = row.cells.iter().zip(operands);
        cells.all(|(cell, id)| cell.contains(value(id)))
    };
    let rows = rows.iter().enumerate().filter(|(_, row)| takes(row));
    rows.map(|(index, _)| index).collect()
}
