//! Sums, differences, products and quotients with units.

use prequal::policy::{Kind, Node};
use prequal::{Ratio, Rounding};

use super::aggregate::adds;
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
                if !adds(&typed.kind) {
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
        let (wanted_a, wanted_b) = (wanted(operator, &a, &b), wanted(operator, &b, &a));
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
            if let Some(help) = advice(operator, &a.kind, &b.kind) {
                diagnostic = diagnostic.help(help);
            }
            return self.fail(diagnostic);
        };
        let rounding = Rounding::HalfUp;
        let (left_fine, right_fine, fine) = (fine(&a.kind), fine(&b.kind), fine(&kind));
        let node = match operator {
            Operator::Plus if kind == Kind::Date => match a.kind {
                Kind::Period => Node::Shift(b.node, a.node),
                _ => Node::Shift(a.node, b.node),
            },
            Operator::Minus if kind == Kind::Date => {
                let zero = self.arena.constant(0, span);
                let back = self.arena.add(Node::Sub(zero, b.node), span);
                Node::Shift(a.node, back)
            }
            Operator::Plus => Node::Add(a.node, b.node),
            Operator::Minus => Node::Sub(a.node, b.node),
            Operator::Times => Node::Mul {
                a: a.node,
                b: b.node,
                scale: SCALE.pow(left_fine + right_fine - fine),
                rounding,
            },
            _ => {
                let (numerator, scale) = match fine + right_fine - left_fine {
                    // A whole number over millionths that yields millionths.
                    2 => {
                        let million = self.arena.constant(Ratio::SCALE, span);
                        let widened = Node::Mul {
                            a: a.node,
                            b: million,
                            scale: 1,
                            rounding,
                        };
                        (self.arena.add(widened, span), SCALE)
                    }
                    power => (a.node, SCALE.pow(power)),
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

/// How often a kind is divided by a million: kept in millionths, once.
fn fine(kind: &Kind) -> u32 {
    u32::from(matches!(kind, Kind::Ratio | Kind::Real))
}

/// The kind that an operand takes beside another one, if it is a constant.
fn wanted(operator: Operator, own: &Operand, other: &Operand) -> Option<Kind> {
    let Operand::Step(other) = other else {
        return None;
    };
    let words = matches!(own, Operand::Constant(Literal::Text(_)));
    match (operator, &other.kind) {
        // Beside a date stands a period or a date: the words tell which.
        (Operator::Plus | Operator::Minus, Kind::Date | Kind::Period) if words => None,
        (Operator::Plus | Operator::Minus, Kind::Date) => Some(Kind::Period),
        (Operator::Plus | Operator::Minus, kind) => Some(kind.clone()),
        _ => None,
    }
}

/// The kind of the result, if there is one.
fn result(operator: Operator, a: &Kind, b: &Kind) -> Option<Kind> {
    use Kind::{Date, Integer, Money, Period, Real};
    match (operator, a, b) {
        (Operator::Minus, Date, Date) => Some(Integer),
        (Operator::Plus | Operator::Minus, Date, Period) | (Operator::Plus, Period, Date) => {
            Some(Date)
        }
        (Operator::Plus | Operator::Minus, a, b) => (a == b && adds(a)).then(|| a.clone()),
        (Operator::Times, Integer, other) | (Operator::Times, other, Integer) => {
            adds(other).then(|| other.clone())
        }
        (Operator::Times, Money, Kind::Ratio | Real)
        | (Operator::Times, Kind::Ratio | Real, Money) => Some(Money),
        (Operator::Times, Kind::Ratio, Kind::Ratio) => Some(Kind::Ratio),
        (Operator::Times, Kind::Ratio | Real, Kind::Ratio | Real) => Some(Real),
        (Operator::Over, Money, Integer | Kind::Ratio | Real) => Some(Money),
        (Operator::Over, Money, Money)
        | (Operator::Over, Real, Real)
        | (Operator::Over, Period, Period)
        | (Operator::Over, Integer | Kind::Ratio, Integer | Kind::Ratio) => Some(Kind::Ratio),
        (Operator::Over, Real, Integer | Kind::Ratio) | (Operator::Over, Integer, Real) => {
            Some(Real)
        }
        _ => None,
    }
}

/// What would be right where units do not go together.
fn advice(operator: Operator, a: &Kind, b: &Kind) -> Option<&'static str> {
    use Kind::{Date, Integer, Money, Period, Real};
    let sum = matches!(operator, Operator::Plus | Operator::Minus);
    match (a, b) {
        (Money, Kind::Ratio) | (Kind::Ratio, Money) if sum => {
            Some("money times a ratio is money: `amount * 0.1`")
        }
        (Money, Real) | (Real, Money) if sum => {
            Some("money for each unit times a measured quantity is money: `price * area`")
        }
        (Integer, Period) | (Period, Integer) if sum => {
            Some("a period stands in quotes: \"6 months\"")
        }
        (Period, Integer) => Some("a period over a period is a ratio: `span / \"1 month\"`"),
        (Period, Kind::Ratio | Real) | (Kind::Ratio | Real, Period) => {
            Some("a period is counted in whole months: multiply it by an integer")
        }
        (Date, Integer) | (Integer, Date) if sum => {
            Some("a date and a period is a date: `day + \"6 months\"`")
        }
        _ => None,
    }
}
