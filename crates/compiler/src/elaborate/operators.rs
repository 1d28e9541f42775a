//! Operators: what stands on both sides of one agrees in its unit.

use prequal::policy::{Kind, Node, NodeId};

use super::{Operand, Scope, Typed};
use crate::diagnostic::{Code, Diagnostic};
use crate::number::kind_name;
use crate::source::Span;
use crate::syntax::{Ast, Expr, Operator};

impl Scope<'_> {
    /// Parts of one kind: constants take the kind of the others. They may be
    /// missing.
    pub(super) fn alike(&mut self, parts: &[&Ast], span: &Span) -> Option<Vec<Typed>> {
        let operands = self.operands(parts)?;
        self.settle(operands, parts, span)
    }

    pub(super) fn operands(&mut self, parts: &[&Ast]) -> Option<Vec<Operand>> {
        let operands: Vec<Option<Operand>> = parts.iter().map(|part| self.operand(part)).collect();
        operands.into_iter().collect()
    }

    pub(super) fn settle(
        &mut self,
        operands: Vec<Operand>,
        parts: &[&Ast],
        span: &Span,
    ) -> Option<Vec<Typed>> {
        let stepped = operands.iter().find_map(|operand| match operand {
            Operand::Step(typed) => Some(typed.kind.clone()),
            Operand::Constant(_) | Operand::Branch(..) => None,
        });
        let decimal = operands.iter().any(Operand::is_decimal);
        let wanted = stepped.or_else(|| decimal.then_some(Kind::Ratio));
        let mut typed = Vec::new();
        for (operand, part) in operands.into_iter().zip(parts) {
            typed.push(self.step(operand, wanted.as_ref(), &part.span));
        }
        let typed: Vec<Typed> = typed.into_iter().collect::<Option<_>>()?;
        let (first, left) = (typed.first()?, parts.first()?);
        let other = typed
            .iter()
            .zip(parts)
            .find(|(other, _)| other.kind != first.kind);
        if let Some((other, part)) = other {
            let message = self.clash(left, &first.kind, part, &other.kind);
            return self.fail(Diagnostic::new(Code::UnitMismatch, span, message));
        }
        Some(typed)
    }

    /// Parts of one kind that are never missing.
    pub(super) fn alike_present(
        &mut self,
        parts: &[&Ast],
        span: &Span,
    ) -> Option<(Kind, Vec<NodeId>)> {
        let typed = self.alike(parts, span)?;
        self.all_present(typed, parts)
    }

    pub(super) fn all_present(
        &mut self,
        typed: Vec<Typed>,
        parts: &[&Ast],
    ) -> Option<(Kind, Vec<NodeId>)> {
        let kind = typed.first()?.kind.clone();
        let present: Vec<Option<Typed>> = typed
            .into_iter()
            .zip(parts)
            .map(|(typed, part)| self.needed(typed, &part.span))
            .collect();
        let nodes = present
            .into_iter()
            .map(|typed| typed.map(|typed| typed.node));
        nodes.collect::<Option<_>>().map(|nodes| (kind, nodes))
    }

    pub(super) fn clash(
        &self,
        left: &Ast,
        left_kind: &Kind,
        right: &Ast,
        right_kind: &Kind,
    ) -> String {
        let (left, right) = (self.slice(&left.span), self.slice(&right.span));
        if matches!((left_kind, right_kind), (Kind::Choice(_), Kind::Choice(_))) {
            return format!("`{left}` and `{right}` are choices with other options");
        }
        format!(
            "`{left}` is {} and `{right}` is {}",
            kind_name(left_kind),
            kind_name(right_kind)
        )
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Ast,
        right: &Ast,
        span: &Span,
    ) -> Option<Operand> {
        match operator {
            Operator::And | Operator::Or => {
                let a = self.expect(left, &Kind::Boolean);
                // Where the left side decides alone, the right one does not count.
                let open = operator == Operator::And;
                let b = self.behind(a, open, |scope| scope.expect(right, &Kind::Boolean));
                let (a, b) = (a?, b?);
                let node = if operator == Operator::And {
                    Node::And(a, b)
                } else {
                    Node::Or(a, b)
                };
                Some(self.truth(node, span))
            }
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Over => {
                self.arithmetic(operator, left, right, None, span)
            }
            _ => self.comparison(operator, left, right, span),
        }
    }

    pub(super) fn comparison(
        &mut self,
        operator: Operator,
        left: &Ast,
        right: &Ast,
        span: &Span,
    ) -> Option<Operand> {
        let (kind, nodes) = self.alike_present(&[left, right], span)?;
        let [a, b] = <[NodeId; 2]>::try_from(nodes).ok()?;
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        if !equality && matches!(kind, Kind::Choice(_) | Kind::Boolean) {
            let message = format!(
                "{} has no order: `{}` means nothing",
                kind_name(&kind),
                operator.sign()
            );
            let help = "write `==`, `!=` or `in (…)`";
            return self.fail(Diagnostic::new(Code::UnitMismatch, span, message).help(help));
        }
        let node = match operator {
            Operator::Less => Node::Lt(a, b),
            Operator::LessOrEqual => Node::Le(a, b),
            Operator::Greater => Node::Lt(b, a),
            Operator::GreaterOrEqual => Node::Le(b, a),
            _ => Node::Eq(a, b),
        };
        let truth = self.truth(node, span);
        match (operator, truth) {
            (Operator::NotEqual, Operand::Step(equal)) => {
                Some(self.truth(Node::Not(equal.node), span))
            }
            (_, truth) => Some(truth),
        }
    }

    /// `a else b`, and `a / b else c`.
    pub(super) fn otherwise(&mut self, first: &Ast, second: &Ast, span: &Span) -> Option<Typed> {
        if let Expr::Binary(Operator::Over, a, b) = &first.it {
            return match self.arithmetic(Operator::Over, a, b, Some(second), span)? {
                Operand::Step(typed) => Some(typed),
                constant => self.step(constant, None, span),
            };
        }
        let typed = self.alike(&[first, second], span)?;
        let [a, b] = <[Typed; 2]>::try_from(typed).ok()?;
        if !a.optional {
            let message = format!(
                "`{}` is never missing: its `else` never applies",
                self.slice(&first.span)
            );
            let help = "an `else` stands directly after what may be missing or a division: `1 - (a / b else 0)`";
            self.sink
                .push(Diagnostic::new(Code::UselessElse, span, message).help(help));
            return Some(a);
        }
        let node = self.arena.add(Node::Else(a.node, b.node), span);
        Some(Typed { node, ..b })
    }
}
