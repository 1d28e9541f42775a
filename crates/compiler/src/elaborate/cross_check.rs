//! Cross-checks of what is declared, and what they compare it with.
//!
//! All but the inferences of an overstatement are missing where an argument
//! is; such an inference is left out.

use prequal::policy::{Kind, Node, NodeId};
use prequal::{Ratio, Rounding};

use super::aggregate::adds;
use super::{Scope, Typed};
use crate::diagnostic::{Code, Diagnostic};
use crate::number::kind_name;
use crate::source::Span;
use crate::syntax::Ast;

/// The days that a month has at most.
const LONGEST_MONTH: i64 = 31;

/// The least that an equity is compared with, in minor units: what lies apart
/// by less than that is rounding.
const LEAST_EQUITY: i64 = 100;

/// A declared figure and the lowest inference of it.
struct Beyond {
    declared: NodeId,
    /// The lower of the declared figure and the lowest inference.
    least: NodeId,
    /// How far the declared figure lies above it.
    excess: NodeId,
    /// Where an inference is there; `None` where one always is.
    there: Option<NodeId>,
}

/// Values that count together: their steps, and where all of them are there;
/// `None` where they always are.
struct Together {
    nodes: Vec<NodeId>,
    there: Option<NodeId>,
}

impl Scope<'_> {
    /// A cross-check, or a figure that one compares; `None` where the function
    /// is neither or takes other arguments.
    pub(super) fn cross_check(
        &mut self,
        function: &str,
        parts: &[&Ast],
        span: &Span,
    ) -> Option<Option<Typed>> {
        Some(match (function, parts) {
            ("turnover_overstated", [declared, inferred @ ..]) if !inferred.is_empty() => {
                self.turnover_overstated(declared, inferred, span)
            }
            ("margin_overstated", [declared, inferred @ ..]) if !inferred.is_empty() => {
                self.margin_overstated(declared, inferred, span)
            }
            ("equity_deviation", [_, _, _, _, _, _]) => self.equity_deviation(parts, span),
            ("sales_from_purchases", [purchases, margin]) => {
                self.sales_from_purchases(purchases, margin, span)
            }
            ("takings", [_, _, ..]) => self.takings(parts, span),
            ("weighted_mean", [_, _, _, _, ..]) if parts.len().is_multiple_of(2) => {
                self.weighted_mean_of_pairs(parts, span)
            }
            _ => return None,
        })
    }

    /// What of a declared turnover the lowest inference does not bear out,
    /// over what is declared: from 0 to 1.
    fn turnover_overstated(
        &mut self,
        declared: &Ast,
        inferred: &[&Ast],
        span: &Span,
    ) -> Option<Typed> {
        let beyond = self.beyond(declared, inferred, &Kind::Money, span)?;
        self.not_negative(beyond.least, span);
        let quotient = Node::Div {
            a: beyond.excess,
            b: beyond.declared,
            scale: Ratio::SCALE as u32,
            rounding: Rounding::HalfUp,
            // Nothing declared is nothing overstated.
            otherwise: Some(self.arena.constant(0, span)),
        };
        let quotient = self.arena.add(quotient, span);
        let share = self.within(quotient, Ratio::SCALE, span);
        Some(self.where_there(beyond.there, Kind::Ratio, share, span))
    }

    /// How far a declared margin lies above the lowest inference.
    fn margin_overstated(
        &mut self,
        declared: &Ast,
        inferred: &[&Ast],
        span: &Span,
    ) -> Option<Typed> {
        let beyond = self.beyond(declared, inferred, &Kind::Ratio, span)?;
        Some(self.where_there(beyond.there, Kind::Ratio, beyond.excess, span))
    }

    /// How far a declared figure lies above the lowest inference that is there.
    fn beyond(
        &mut self,
        declared: &Ast,
        inferred: &[&Ast],
        kind: &Kind,
        span: &Span,
    ) -> Option<Beyond> {
        let declared = self.expect(declared, kind);
        let inferred: Vec<Option<Typed>> = inferred
            .iter()
            .map(|part| self.possible(part, kind))
            .collect();
        let declared = declared?;
        let inferred: Vec<Typed> = inferred.into_iter().collect::<Option<_>>()?;
        let certain = inferred.iter().any(|typed| !typed.optional);
        let (mut least, mut there) = (declared, None);
        for typed in inferred {
            let mut node = typed.node;
            if typed.optional {
                let present = self.is_present(node, span);
                there = Some(match there {
                    Some(before) => self.arena.add(Node::Or(before, present), span),
                    None => present,
                });
                // One that is missing says what is declared.
                node = self.arena.add(Node::Else(node, declared), span);
            }
            least = self.arena.add(Node::Min(least, node), span);
        }
        let excess = self.arena.add(Node::Sub(declared, least), span);
        // Said, since no range of its parts shows it.
        let zero = self.arena.constant(0, span);
        Some(Beyond {
            declared,
            least,
            excess: self.arena.add(Node::Max(excess, zero), span),
            there: there.filter(|_| !certain),
        })
    }

    /// The equity that should be there by now against the one found, over the
    /// larger: from 0 to 2, above 1 only where one is owned and one owed.
    fn equity_deviation(&mut self, parts: &[&Ast], span: &Span) -> Option<Typed> {
        let typed: Vec<Option<Typed>> = parts
            .iter()
            .map(|part| self.possible(part, &Kind::Money))
            .collect();
        let typed = typed.into_iter().collect::<Option<_>>()?;
        let Together { nodes, there } = self.together(typed, span);
        let [opening, profit, put_in, taken_out, revaluation, found] =
            <[NodeId; 6]>::try_from(nodes).ok()?;
        let expected = self.arena.add(Node::Add(opening, profit), span);
        let expected = self.arena.add(Node::Add(expected, put_in), span);
        let expected = self.arena.add(Node::Sub(expected, taken_out), span);
        let expected = self.arena.add(Node::Add(expected, revaluation), span);
        let apart = self.arena.add(Node::Sub(expected, found), span);
        let apart = self.arena.add(Node::Abs(apart), span);
        let expected = self.arena.add(Node::Abs(expected), span);
        let found = self.arena.add(Node::Abs(found), span);
        let larger = self.arena.add(Node::Max(expected, found), span);
        let least = self.arena.constant(LEAST_EQUITY, span);
        let quotient = Node::Div {
            a: apart,
            b: self.arena.add(Node::Max(larger, least), span),
            scale: Ratio::SCALE as u32,
            rounding: Rounding::HalfUp,
            otherwise: None,
        };
        let quotient = self.arena.add(quotient, span);
        let share = self.within(quotient, 2 * Ratio::SCALE, span);
        Some(self.where_there(there, Kind::Ratio, share, span))
    }

    /// The sales that goods bought at this cost bring at this margin; missing
    /// at a margin of 1 or more, which no goods that cost anything have.
    fn sales_from_purchases(
        &mut self,
        purchases: &Ast,
        margin: &Ast,
        span: &Span,
    ) -> Option<Typed> {
        let (purchases, margin) = (
            self.possible(purchases, &Kind::Money),
            self.possible(margin, &Kind::Ratio),
        );
        let Together { nodes, there } = self.together(vec![purchases?, margin?], span);
        let [purchases, margin] = <[NodeId; 2]>::try_from(nodes).ok()?;
        let whole = self.arena.constant(Ratio::SCALE, span);
        let least = self.arena.constant(1, span);
        let cost = self.arena.add(Node::Sub(whole, margin), span);
        let quotient = Node::Div {
            a: purchases,
            b: self.arena.add(Node::Max(cost, least), span),
            scale: Ratio::SCALE as u32,
            rounding: Rounding::HalfUp,
            otherwise: None,
        };
        let sales = self.arena.add(quotient, span);
        let below = self.arena.add(Node::Lt(margin, whole), span);
        let there = match there {
            Some(there) => self.arena.add(Node::And(there, below), span),
            None => below,
        };
        Some(self.where_there(Some(there), Kind::Money, sales, span))
    }

    /// A month's takings from those of each kind of day and how many of them a
    /// month has; or how often they come, before the days open a month.
    fn takings(&mut self, parts: &[&Ast], span: &Span) -> Option<Typed> {
        let (pairs, rest) = parts.split_at(parts.len() - parts.len() % 2);
        let (each, often) = self.pairs(pairs, Some(&Kind::Money), span)?;
        let open = match rest {
            [open] => Some(self.possible(open, &Kind::Integer)?),
            _ => None,
        };
        let counted = often.first()?.kind.clone();
        if open.is_none() && counted != Kind::Integer {
            let message = format!(
                "days of a month are an integer, not {}",
                kind_name(&counted)
            );
            let help = "for how often each kind of day comes, add the days open a month as the last argument";
            return self.fail(Diagnostic::new(Code::UnitMismatch, span, message).help(help));
        }
        let days = each.len();
        let all = each.into_iter().chain(often).chain(open.clone());
        let Together { nodes, there } = self.together(all.collect(), span);
        let (each, often) = nodes.split_at(days);
        let (often, open) = often.split_at(days);
        let (total, weight) = self.weighed(each, often, span)?;
        for node in &nodes {
            self.not_negative(*node, span);
        }
        let best = self.fold_nodes(each, false, span)?;
        let (dividend, most) = match open {
            [_] => (total, best),
            // More days than a month has are so often in a month.
            _ => {
                let longest = self.arena.constant(LONGEST_MONTH, span);
                let days = self.arena.add(Node::Min(weight, longest), span);
                (self.times(total, days, span), self.times(best, days, span))
            }
        };
        let quotient = Node::Div {
            a: dividend,
            b: weight,
            scale: 1,
            rounding: Rounding::HalfUp,
            // Where no day ever comes nothing is taken.
            otherwise: Some(self.arena.constant(0, span)),
        };
        let quotient = self.arena.add(quotient, span);
        // Said, since no range of its parts shows it.
        let mean = self.arena.add(Node::Min(quotient, most), span);
        let month = match open {
            [open] => self.times(mean, *open, span),
            _ => mean,
        };
        Some(self.where_there(there, Kind::Money, month, span))
    }

    fn weighted_mean_of_pairs(&mut self, parts: &[&Ast], span: &Span) -> Option<Typed> {
        let (values, weights) = self.pairs(parts, None, span)?;
        let kind = values.first()?.kind.clone();
        let count = values.len();
        let all = values.into_iter().chain(weights).collect();
        let Together { nodes, there } = self.together(all, span);
        let (values, weights) = nodes.split_at(count);
        let ends = [
            self.fold_nodes(values, true, span)?,
            self.fold_nodes(values, false, span)?,
        ];
        for weight in weights {
            self.not_negative(*weight, span);
        }
        let weighed = self.weighed(values, weights, span)?;
        let mean = self.weighted_mean(kind, weighed, ends, span);
        Some(match there {
            Some(there) => Typed {
                node: self.arena.add(Node::When(there, mean.node), span),
                ..mean
            },
            None => mean,
        })
    }

    /// Products of values and weights over the weights, between the least and
    /// the largest value; missing where no weight counts. That of integers is
    /// measured.
    pub(super) fn weighted_mean(
        &mut self,
        kind: Kind,
        (total, weight): (NodeId, NodeId),
        ends: [NodeId; 2],
        span: &Span,
    ) -> Typed {
        let (kind, scale) = measured(kind);
        let quotient = Node::Div {
            a: total,
            b: weight,
            scale,
            rounding: Rounding::HalfUp,
            otherwise: Some(self.arena.constant(0, span)),
        };
        let mut node = self.arena.add(quotient, span);
        // Said, since no range of its parts shows it.
        let [least, largest] = ends.map(|end| {
            let factor = self.arena.constant(i64::from(scale), span);
            match scale {
                1 => end,
                _ => self.times(end, factor, span),
            }
        });
        node = self.arena.add(Node::Max(node, least), span);
        node = self.arena.add(Node::Min(node, largest), span);
        let one = self.arena.constant(1, span);
        let counts = self.arena.add(Node::Le(one, weight), span);
        Typed {
            kind,
            optional: true,
            node: self.arena.add(Node::When(counts, node), span),
        }
    }

    /// Values, of this kind if one is wanted, and the number beside each.
    fn pairs(
        &mut self,
        parts: &[&Ast],
        kind: Option<&Kind>,
        span: &Span,
    ) -> Option<(Vec<Typed>, Vec<Typed>)> {
        let pairs = || parts.chunks_exact(2);
        let values: Vec<&Ast> = pairs().filter_map(<[_]>::first).copied().collect();
        let weights: Vec<&Ast> = pairs().filter_map(<[_]>::last).copied().collect();
        let each = match kind {
            Some(kind) => {
                let each = values.iter().map(|part| self.possible(part, kind));
                let each: Vec<Option<Typed>> = each.collect();
                each.into_iter().collect()
            }
            None => self.alike_that_add(&values, span),
        };
        Some((each?, self.alike_that_add(&weights, span)?))
    }

    /// Numbers of one kind that can be added up; they may be missing.
    fn alike_that_add(&mut self, parts: &[&Ast], span: &Span) -> Option<Vec<Typed>> {
        let typed = self.alike(parts, span)?;
        let (first, part) = (typed.first()?, parts.first()?);
        if adds(&first.kind) {
            return Some(typed);
        }
        let message = format!(
            "numbers belong here, `{}` is {}",
            self.slice(&part.span),
            kind_name(&first.kind)
        );
        self.fail(Diagnostic::new(Code::UnitMismatch, &part.span, message))
    }

    /// The sum of values by their weights, and that of the weights.
    fn weighed(
        &mut self,
        values: &[NodeId],
        weights: &[NodeId],
        span: &Span,
    ) -> Option<(NodeId, NodeId)> {
        let products: Vec<NodeId> = values
            .iter()
            .zip(weights)
            .map(|(value, weight)| self.times(*value, *weight, span))
            .collect();
        Some((self.add_up(&products, span)?, self.add_up(weights, span)?))
    }

    /// A product in what both are kept in, so that nothing is rounded.
    pub(super) fn times(&mut self, a: NodeId, b: NodeId, span: &Span) -> NodeId {
        let product = Node::Mul {
            a,
            b,
            scale: 1,
            rounding: Rounding::HalfUp,
        };
        self.arena.add(product, span)
    }

    pub(super) fn add_up(&mut self, nodes: &[NodeId], span: &Span) -> Option<NodeId> {
        let (first, rest) = nodes.split_first()?;
        Some(rest.iter().fold(*first, |sum, node| {
            self.arena.add(Node::Add(sum, *node), span)
        }))
    }

    /// A step that is from 0 to `most`: said, since no range of its parts shows it.
    pub(super) fn within(&mut self, node: NodeId, most: i64, span: &Span) -> NodeId {
        let none = self.arena.constant(0, span);
        let most = self.arena.constant(most, span);
        let node = self.arena.add(Node::Max(node, none), span);
        self.arena.add(Node::Min(node, most), span)
    }

    /// Notes a step that has to be proven positive or zero.
    pub(super) fn not_negative(&mut self, node: NodeId, span: &Span) {
        self.not_negative.push((node, span.clone()));
    }

    fn is_present(&mut self, node: NodeId, span: &Span) -> NodeId {
        let missing = self.arena.add(Node::IsMissing(node), span);
        self.arena.add(Node::Not(missing), span)
    }

    /// Values that count only where all of them are there. What stands in for
    /// one that is missing does no harm, since then none counts.
    fn together(&mut self, typed: Vec<Typed>, span: &Span) -> Together {
        let mut there = None;
        let mut nodes = Vec::new();
        for Typed { optional, node, .. } in typed {
            if !optional {
                nodes.push(node);
                continue;
            }
            let present = self.is_present(node, span);
            there = Some(match there {
                Some(before) => self.arena.add(Node::And(before, present), span),
                None => present,
            });
            let stand_in = self.arena.constant(self.low_of(node), span);
            nodes.push(self.arena.add(Node::Else(node, stand_in), span));
        }
        Together { nodes, there }
    }

    /// A step that is missing where `there` does not hold.
    fn where_there(
        &mut self,
        there: Option<NodeId>,
        kind: Kind,
        node: NodeId,
        span: &Span,
    ) -> Typed {
        Typed {
            kind,
            optional: there.is_some(),
            node: match there {
                Some(there) => self.arena.add(Node::When(there, node), span),
                None => node,
            },
        }
    }
}

/// The kind of a mean, and by what its quotient is widened: that of integers
/// is measured.
pub(super) fn measured(kind: Kind) -> (Kind, u32) {
    match kind {
        Kind::Integer => (Kind::Real, Ratio::SCALE as u32),
        other => (other, 1),
    }
}
