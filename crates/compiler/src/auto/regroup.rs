//! From options to groups: the decision's steps, rows and bins rewritten.

use prequal::policy::{Cells, Kind, Node, NodeId, Value};

use super::groups::{Choices, handed_on};
use crate::arena::{Arena, Finished, renumbered};
use crate::cells;
use crate::decide::Roots;
use crate::features::BuiltFeature;
use crate::tables::BuiltTable;

impl Choices {
    /// The decision on groups instead of options; the new index of each step.
    pub(crate) fn regroup(
        &self,
        finished: Finished,
        tables: &mut Vec<BuiltTable>,
        roots: &mut Roots,
        features: &[BuiltFeature],
    ) -> (Arena, Vec<NodeId>) {
        for characteristic in roots.characteristics_mut() {
            let node = characteristic.column.node;
            for bin in &mut characteristic.bins {
                bin.it.cells = self.grouped(node, &bin.it.cells);
            }
            if let Some(kind) = self.kind(node, features) {
                characteristic.column.kind = kind;
            }
        }
        let program = &finished.program;
        let mut arena = Arena::default();
        let mut ids: Vec<Option<NodeId>> = Vec::new();
        for (index, node) in program.nodes.iter().enumerate() {
            let sites = finished.sites.get(index).into_iter().flatten();
            arena.declared = finished.approximate.get(index) == Some(&true);
            for site in sites {
                let mut value = |id: NodeId, class: Option<usize>| match (
                    class,
                    program.nodes.get(usize::from(id)),
                ) {
                    (Some(class), Some(Node::Const(option))) => {
                        Some(arena.constant(self.group(class, *option), site))
                    }
                    _ => ids.get(usize::from(id)).copied().flatten(),
                };
                let class = self.class_of_operands(node);
                let node = match node {
                    Node::Eq(a, b) => {
                        let (a, b) = (value(*a, class), value(*b, class));
                        Node::Eq(a.unwrap_or(0), b.unwrap_or(0))
                    }
                    Node::Else(a, b) => {
                        let (a, b) = (value(*a, class), value(*b, class));
                        Node::Else(a.unwrap_or(0), b.unwrap_or(0))
                    }
                    Node::If(c, a, b) => {
                        let (a, b) = (value(*a, class), value(*b, class));
                        let c = value(*c, None);
                        Node::If(c.unwrap_or(0), a.unwrap_or(0), b.unwrap_or(0))
                    }
                    Node::Within(a, cells) => {
                        let cells = self.grouped(*a, cells);
                        Node::Within(value(*a, None).unwrap_or(0), cells)
                    }
                    Node::Lookup(table, operands) => {
                        let table = self.table(*table, operands, tables, features);
                        renumbered(&Node::Lookup(table, operands.clone()), &ids)
                    }
                    Node::Collect {
                        how,
                        table,
                        operands,
                    } => {
                        let collect = Node::Collect {
                            how: *how,
                            table: self.table(*table, operands, tables, features),
                            operands: operands.clone(),
                        };
                        renumbered(&collect, &ids)
                    }
                    Node::When(c, a) => {
                        let (c, a) = (value(*c, None), value(*a, class));
                        Node::When(c.unwrap_or(0), a.unwrap_or(0))
                    }
                    other => renumbered(other, &ids),
                };
                let id = arena.add(node, site);
                match ids.get_mut(index) {
                    Some(slot) => *slot = Some(id),
                    None => ids.push(Some(id)),
                }
            }
        }
        arena.declared = false;
        (arena, ids.into_iter().map(|id| id.unwrap_or(0)).collect())
    }
}

impl Choices {
    /// The class of the choices that a step compares or hands on.
    fn class_of_operands(&self, node: &Node) -> Option<usize> {
        let read = match node {
            Node::Eq(a, b) => vec![*a, *b],
            other => handed_on(other),
        };
        read.into_iter().find_map(|operand| self.class(operand))
    }

    fn group(&self, class: usize, option: i64) -> i64 {
        let class = self.classes.get(class);
        let group = usize::try_from(option)
            .ok()
            .and_then(|option| class?.group_of.get(option));
        group.map_or(0, |group| *group as i64)
    }

    /// Cells of options as cells of groups: whatever takes in an option of a
    /// group takes in all of them.
    fn grouped(&self, node: NodeId, cells: &Cells) -> Cells {
        match (self.class(node), cells) {
            (Some(class), Cells::Of { missing, .. }) => {
                let options = self.classes.get(class).map_or(0, |c| c.group_of.len());
                let options = (0..options as i64).filter(|o| cells.contains(Value::new(*o)));
                let groups = options.map(|option| self.group(class, option));
                Cells::Of {
                    intervals: cells::joined(groups.map(|group| (group, group)).collect()),
                    missing: *missing,
                }
            }
            _ => cells.clone(),
        }
    }

    /// The kind of a choice by groups.
    pub(crate) fn kind(&self, node: NodeId, features: &[BuiltFeature]) -> Option<Kind> {
        let class = self.classes.get(self.class(node)?)?;
        let feature = features.get(*class.features.first()?)?;
        Some(feature.reduced_kind.clone())
    }

    /// A table with the cells that these operands fall into on groups.
    pub(crate) fn grouped_table(
        &self,
        table: &BuiltTable,
        operands: &[NodeId],
        features: &[BuiltFeature],
    ) -> BuiltTable {
        let mut grouped = table.clone();
        for row in &mut grouped.table.rows {
            for (cell, operand) in row.cells.iter_mut().zip(operands) {
                *cell = self.grouped(*operand, cell);
            }
        }
        for (column, operand) in grouped.columns.iter_mut().zip(operands) {
            if let Some(kind) = self.kind(*operand, features) {
                column.kind = kind;
            }
        }
        grouped
    }

    /// The table for these operands: one that is looked up by others too is
    /// kept for them as it is.
    fn table(
        &self,
        index: u16,
        operands: &[NodeId],
        tables: &mut Vec<BuiltTable>,
        features: &[BuiltFeature],
    ) -> u16 {
        let classes = operands.iter().map(|operand| self.class(*operand));
        let Some(table) = tables.get(usize::from(index)) else {
            return index;
        };
        if classes.flatten().next().is_none() {
            return index;
        }
        let grouped = self.grouped_table(table, operands, features);
        let same = |other: &BuiltTable| {
            other.table == grouped.table
                && other.hit == grouped.hit
                && other.header == grouped.header
        };
        let known = tables.iter().position(same).unwrap_or_else(|| {
            tables.push(grouped);
            tables.len() - 1
        });
        u16::try_from(known).unwrap_or(index)
    }
}
