//! Sums, differences, products and quotients with units.

use prequal::policy::{Kind, Node};
use prequal::{Ratio, Rounding};

use super::{Operand, Scope, Typed, bounded};
use crate::cells;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::{Ast, Literal, Operator};

/// Millionths in a whole, as the scale of a step.
const SCALE: u32 = Ratio::SCALE as u32;

impl Scope<'_> {
    pub(super) fn negative(&mut self, inner: &Ast, span: &Span) -> Option<Operand> {
        match self.operand(inner)? {
            Operand::Constant(Literal::Whole(value)) => {
                Some(Operand::Constant(Literal::Whole(-value)))
            }
            Operand::Constant(Literal::Ratio(value)) => {
                Some(Operand::Constant(Literal::Ratio(-value)))
            }
            other => {
                let typed = self.step(other, None, &inner.span)?;
                let typed = self.needed(typed, &inner.span)?;
                if !matches!(typed.kind, Kind::Integer | Kind::Money | Kind::Ratio) {
                    let message = format!("`{}` is no number", self.slice(&inner.span));
                    return self.fail(Diagnostic::new(Code::UnitMismatch, span, message));
                }
                let zero = self.arena.constant(0, span);
                let node = self.arena.add(Node::Sub(zero, typed.node), span);
                Some(Operand::Step(Typed { node, ..typed }))
            }
        }
    }

    /// `left operator right`, where a quotient may have an `else`.
    pub(super) fn arithmetic(
        &mut self,
        operator: Operator,
        left: &Ast,
        right: &Ast,
        otherwise: Option<&Ast>,
        span: &Span,
    ) -> Option<Operand> {
        let (a, b) = (self.operand(left), self.operand(right));
        let (a, b) = (a?, b?);
        if let (Operand::Constant(a), Operand::Constant(b)) = (&a, &b) {
            return self.fold(operator, a, b, span);
        }
        let sum = matches!(operator, Operator::Plus | Operator::Minus);
        let (wanted_a, wanted_b) = (wanted(operator, &b), wanted(operator, &a));
        let a = self.step(a, wanted_a.as_ref(), &left.span);
        let b = self.step(b, wanted_b.as_ref(), &right.span);
        let a = a.and_then(|typed| self.needed(typed, &left.span));
        let b = b.and_then(|typed| self.needed(typed, &right.span));
        let (a, b) = (a?, b?);
        let Some(kind) = result(operator, &a.kind, &b.kind) else {
            let message = self.clash(left, &a.kind, right, &b.kind);
            let done = match operator {
                Operator::Plus => "they cannot be added",
                Operator::Minus => "they cannot be subtracted",
                Operator::Times => "they cannot be multiplied",
                _ => "they cannot be divided",
            };
            let mut diagnostic =
                Diagnostic::new(Code::UnitMismatch, span, format!("{message}: {done}"));
            if sum
                && matches!(
                    (&a.kind, &b.kind),
                    (Kind::Money, Kind::Ratio) | (Kind::Ratio, Kind::Money)
                )
            {
                diagnostic = diagnostic.help("money times a ratio is money: `amount * 0.1`");
            }
            return self.fail(diagnostic);
        };
        let rounding = Rounding::HalfUp;
        let ratios = |kind: &Kind| *kind == Kind::Ratio;
        let node = match operator {
            Operator::Plus => Node::Add(a.node, b.node),
            Operator::Minus => Node::Sub(a.node, b.node),
            Operator::Times => {
                // Millionths times whole units need no scaling back.
                let fractional = ratios(&a.kind) && matches!(b.kind, Kind::Ratio | Kind::Money)
                    || ratios(&b.kind) && matches!(a.kind, Kind::Money);
                let scale = if fractional { SCALE } else { 1 };
                Node::Mul {
                    a: a.node,
                    b: b.node,
                    scale,
                    rounding,
                }
            }
            _ => {
                let (numerator, scale) = match (&a.kind, &b.kind) {
                    (Kind::Integer, Kind::Ratio) => {
                        let million = self.arena.constant(Ratio::SCALE, span);
                        let widened = Node::Mul {
                            a: a.node,
                            b: million,
                            scale: 1,
                            rounding,
                        };
                        (self.arena.add(widened, span), SCALE)
                    }
                    (Kind::Money | Kind::Ratio, Kind::Integer) => (a.node, 1),
                    _ => (a.node, SCALE),
                };
                let mut optional = false;
                let otherwise = match otherwise {
                    Some(ast) => {
                        let operand = self.operand(ast)?;
                        let typed = self.step(operand, Some(&kind), &ast.span)?;
                        if typed.kind != kind {
                            let message = self.clash(left, &kind, ast, &typed.kind);
                            return self.fail(Diagnostic::new(
                                Code::UnitMismatch,
                                &ast.span,
                                message,
                            ));
                        }
                        optional = typed.optional;
                        self.divisors.push((b.node, ast.span.clone()));
                        Some(typed.node)
                    }
                    None => None,
                };
                let quotient = Node::Div {
                    a: numerator,
                    b: b.node,
                    scale,
                    rounding,
                    otherwise,
                };
                let node = self.arena.add(quotient, span);
                return Some(Operand::Step(Typed {
                    kind,
                    optional,
                    node,
                }));
            }
        };
        let node = self.arena.add(node, span);
        Some(Operand::Step(Typed {
            kind,
            optional: false,
            node,
        }))
    }

    /// Two constants are a constant.
    fn fold(
        &mut self,
        operator: Operator,
        a: &Literal,
        b: &Literal,
        span: &Span,
    ) -> Option<Operand> {
        let scale = i128::from(Ratio::SCALE);
        let whole = match (a, b) {
            (Literal::Whole(a), Literal::Whole(b)) => Some((i128::from(*a), i128::from(*b))),
            _ => None,
        };
        let folded = match (operator, whole) {
            (Operator::Plus, Some((a, b))) => bounded(a + b).map(Literal::Whole),
            (Operator::Minus, Some((a, b))) => bounded(a - b).map(Literal::Whole),
            (Operator::Times, Some((a, b))) => bounded(a * b).map(Literal::Whole),
            _ => {
                let a = cells::constant(a, &Kind::Ratio, span);
                let b = cells::constant(b, &Kind::Ratio, span);
                let (a, b) = match (a, b) {
                    (Ok(a), Ok(b)) => (i128::from(a), i128::from(b)),
                    (Err(diagnostic), _) | (_, Err(diagnostic)) => return self.fail(diagnostic),
                };
                let value = match operator {
                    Operator::Plus => Some(a + b),
                    Operator::Minus => Some(a - b),
                    Operator::Times => Rounding::HalfUp.divide(a * b, scale),
                    _ => Rounding::HalfUp.divide(a * scale, b),
                };
                value.and_then(bounded).map(Literal::Ratio)
            }
        };
        match folded {
            Some(literal) => Some(Operand::Constant(literal)),
            None => {
                let message = format!("`{}` is no number within ±(2^53 − 1)", self.slice(span));
                self.fail(Diagnostic::new(Code::BadValue, span, message))
            }
        }
    }
}

/// The kind that a constant takes beside this operand.
fn wanted(operator: Operator, other: &Operand) -> Option<Kind> {
    let Operand::Step(other) = other else {
        return None;
    };
    match (operator, &other.kind) {
        (Operator::Plus | Operator::Minus, Kind::Date) => None,
        (Operator::Plus | Operator::Minus, kind) => Some(kind.clone()),
        _ => None,
    }
}

/// The kind of the result, if there is one.
fn result(operator: Operator, a: &Kind, b: &Kind) -> Option<Kind> {
    use Kind::{Date, Integer, Money};
    match (operator, a, b) {
        (Operator::Minus, Date, Date) => Some(Integer),
        (Operator::Plus | Operator::Minus, a, b) => {
            (a == b && matches!(a, Integer | Money | Kind::Ratio)).then(|| a.clone())
        }
        (Operator::Times, Integer, other) | (Operator::Times, other, Integer) => {
            matches!(other, Integer | Money | Kind::Ratio).then(|| other.clone())
        }
        (Operator::Times, Money, Kind::Ratio) | (Operator::Times, Kind::Ratio, Money) => {
            Some(Money)
        }
        (Operator::Times, Kind::Ratio, Kind::Ratio) => Some(Kind::Ratio),
        (Operator::Over, Money, Integer | Kind::Ratio) => Some(Money),
        (Operator::Over, Money, Money)
        | (Operator::Over, Integer | Kind::Ratio, Integer | Kind::Ratio) => Some(Kind::Ratio),
        _ => None,
    }
}
