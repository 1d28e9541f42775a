//! Which values are there for certain: behind a condition under which it is
//! asked, a question is not missing, nor a figure behind its `when`, nor a value behind `not is_missing`.

use std::collections::BTreeMap;

use prequal::policy::{Node, NodeId};

use super::{Scope, Typed};
use crate::source::Span;

/// What is known of conditions where a part of a formula stands.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    /// Boolean steps and what they are here.
    known: Vec<(NodeId, bool)>,
    /// Values that may be missing, by step.
    named: BTreeMap<NodeId, Optional>,
    /// Figures that are there where a condition holds, by step: the condition
    /// and the step that is never missing.
    figures: BTreeMap<NodeId, (NodeId, NodeId)>,
}

/// A value that may be missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Optional {
    /// The condition where it is there for certain, if there is one.
    pub(crate) when: Option<NodeId>,
    /// The least that it can be.
    pub(crate) low: i64,
}

impl Scope<'_> {
    /// Notes a value that may be missing.
    pub(crate) fn is_optional(&mut self, value: NodeId, optional: Optional) {
        self.presence.named.insert(value, optional);
    }

    /// Notes a figure that is this step where a condition holds.
    pub(super) fn is_there_where(&mut self, figure: NodeId, when: NodeId, step: NodeId) {
        self.presence.figures.insert(figure, (when, step));
    }

    /// A part that counts only where a condition is `truth`.
    pub(crate) fn behind<T>(
        &mut self,
        condition: Option<NodeId>,
        truth: bool,
        part: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.presence.known.len();
        if let Some(condition) = condition {
            self.learn(condition, truth);
        }
        let made = part(self);
        self.presence.known.truncate(before);
        made
    }

    /// A part that others refer to too, from where less is known.
    pub(super) fn anywhere<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let known = std::mem::take(&mut self.presence.known);
        let made = part(self);
        self.presence.known = known;
        made
    }

    /// The value as it is here: present where that is certain. What stands in
    /// for it elsewhere does no harm, since the part does not count there.
    pub(super) fn as_known(&mut self, typed: Typed, span: &Span) -> Typed {
        if let Some(&(when, step)) = self.presence.figures.get(&typed.node)
            && self.is_known(when, true)
        {
            return Typed {
                optional: false,
                node: self.arena.add(Node::Else(typed.node, step), span),
                ..typed
            };
        }
        let Some(optional) = self.presence.named.get(&typed.node).copied() else {
            return typed;
        };
        let asked = optional.when.is_some_and(|when| self.is_known(when, true));
        if !asked && !self.is_there(typed.node) {
            return typed;
        }
        let low = self.arena.constant(optional.low, span);
        Typed {
            optional: false,
            node: self.arena.add(Node::Else(typed.node, low), span),
            ..typed
        }
    }

    /// Whether `is_missing` of a value is known to be false.
    fn is_there(&self, value: NodeId) -> bool {
        let asked = Node::IsMissing(value);
        let known = self.presence.known.iter();
        known
            .filter(|(_, truth)| !truth)
            .any(|(condition, _)| self.arena.node(*condition) == Some(&asked))
    }

    /// The least that a value which may be missing can be, where that is known.
    pub(super) fn low_of(&self, value: NodeId) -> i64 {
        let named = self.presence.named.get(&value);
        named.map_or(0, |optional| optional.low)
    }

    fn learn(&mut self, condition: NodeId, truth: bool) {
        self.presence.known.push((condition, truth));
        match (self.arena.node(condition).cloned(), truth) {
            (Some(Node::And(a, b)), true) | (Some(Node::Or(a, b)), false) => {
                self.learn(a, truth);
                self.learn(b, truth);
            }
            (Some(Node::Not(a)), _) => self.learn(a, !truth),
            // A page is open only where it is shown.
            (Some(Node::Else(opener, no)), true) => {
                if let (Some(Node::When(shown, _)), Some(Node::Const(0))) =
                    (self.arena.node(opener).cloned(), self.arena.node(no))
                {
                    self.learn(shown, true);
                }
            }
            _ => {}
        }
    }

    fn is_known(&self, condition: NodeId, truth: bool) -> bool {
        if self.presence.known.contains(&(condition, truth)) {
            return true;
        }
        match (self.arena.node(condition), truth) {
            (Some(Node::And(a, b)), true) | (Some(Node::Or(a, b)), false) => {
                self.is_known(*a, truth) && self.is_known(*b, truth)
            }
            (Some(Node::Not(a)), _) => self.is_known(*a, !truth),
            _ => false,
        }
    }
}
