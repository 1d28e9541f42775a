//! Which questions are answered for certain: behind a condition under which it
//! is asked, a question is not missing.

use std::collections::BTreeMap;

use prequal::policy::{Node, NodeId};

use super::{Scope, Typed};
use crate::source::Span;

/// What is known of conditions where a part of a formula stands.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    /// Boolean steps and what they are here.
    known: Vec<(NodeId, bool)>,
    /// Values that are missing only where their question is not asked, by step.
    asked: BTreeMap<NodeId, Asked>,
}

/// A value of a question that is not always asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// The condition under which it is.
    pub(crate) when: NodeId,
    /// What was answered, asked or not.
    pub(crate) input: NodeId,
    /// The least answer.
    pub(crate) low: i64,
}

impl Scope<'_> {
    /// Notes a value that is missing only where its question is not asked.
    pub(crate) fn is_asked(&mut self, value: NodeId, asked: Asked) {
        self.presence.asked.insert(value, asked);
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

    /// The value as it is here: present where its question is asked for
    /// certain. What was answered elsewhere does no harm, since the part counts
    /// only where the conditions hold.
    pub(super) fn as_known(&mut self, typed: Typed, span: &Span) -> Typed {
        let asked = self.presence.asked.get(&typed.node).copied();
        let Some(asked) = asked.filter(|asked| self.is_known(asked.when, true)) else {
            return typed;
        };
        let low = self.arena.constant(asked.low, span);
        Typed {
            optional: false,
            node: self.arena.add(Node::Else(asked.input, low), span),
            ..typed
        }
    }

    fn learn(&mut self, condition: NodeId, truth: bool) {
        self.presence.known.push((condition, truth));
        match (self.arena.node(condition).cloned(), truth) {
            (Some(Node::And(a, b)), true) | (Some(Node::Or(a, b)), false) => {
                self.learn(a, truth);
                self.learn(b, truth);
            }
            (Some(Node::Not(a)), _) => self.learn(a, !truth),
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
