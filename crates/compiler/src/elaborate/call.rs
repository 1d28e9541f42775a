//! Functions.

use prequal::policy::{Kind, Node, NodeId};
use prequal::{Ratio, Rounding};

use super::aggregate::adds;
use super::{Name, Operand, Scope, Typed};
use crate::cells;
use crate::diagnostic::{Code, Diagnostic};
use crate::number::kind_name;
use crate::source::{At, Span};
use crate::suggest;
use crate::syntax::{Ast, Literal};
use crate::tables::Ask;

/// Functions, those of lists among them.
pub(crate) const FUNCTIONS: [&str; 28] = [
    "min",
    "max",
    "abs",
    "round",
    "floor",
    "ceil",
    "years",
    "months",
    "period",
    "month",
    "year",
    "pmt",
    "mean",
    "coefficient_of_variation",
    "is_missing",
    "spread",
    "sum",
    "count",
    "first",
    "any",
    "all",
    "weighted_mean",
    "share_of_best",
    "takings",
    "sales_from_purchases",
    "turnover_overstated",
    "margin_overstated",
    "equity_deviation",
];

/// Functions that only go through the entries of a list, or ask one.
const OF_LISTS: [&str; 6] = ["sum", "count", "first", "any", "all", "share_of_best"];

impl Scope<'_> {
    pub(super) fn call(
        &mut self,
        function: &At<String>,
        arguments: &[Ast],
        span: &Span,
    ) -> Option<Operand> {
        if let Some(Name::Table(source)) = self.names.get(&function.it).cloned() {
            self.calls.insert(function.it.clone());
            return self.table_call(&source, arguments, span).map(Operand::Step);
        }
        if let Some(typed) = self.aggregate(function, arguments, span) {
            return typed.map(Operand::Step);
        }
        if let (Some(ask), [part]) = (Ask::of(&function.it), arguments)
            && let Some(list) = self.listing(part)
        {
            return self.ask(list?, ask, span).map(Operand::Step);
        }
        let parts: Vec<&Ast> = arguments.iter().collect();
        if let Some(typed) = self.cross_check(&function.it, &parts, span) {
            return typed.map(Operand::Step);
        }
        let typed = match (function.it.as_str(), parts.as_slice()) {
            ("min" | "max", [_, _, ..]) => {
                let least = function.it == "min";
                let operands = self.operands(&parts)?;
                if let Some(constant) = extreme(&operands, least) {
                    return Some(Operand::Constant(constant));
                }
                let typed = self.settle(operands, &parts, span)?;
                let (kind, nodes) = self.numbers(typed, &parts, span)?;
                let node = self.fold_nodes(&nodes, least, span)?;
                Typed {
                    kind,
                    optional: false,
                    node,
                }
            }
            ("abs", [_]) => {
                let (kind, nodes) = self.alike_numbers(&parts, span)?;
                let node = self.arena.add(Node::Abs(*nodes.first()?), span);
                Typed {
                    kind,
                    optional: false,
                    node,
                }
            }
            (name @ ("round" | "floor" | "ceil"), [number, step]) => {
                let rounding = match name {
                    "round" => Rounding::HalfUp,
                    "floor" => Rounding::Down,
                    _ => Rounding::Up,
                };
                self.rounded(number, step, rounding, span)?
            }
            (name @ ("years" | "months" | "period"), [from, to]) => {
                let (from, to) = (self.expect(from, &Kind::Date), self.expect(to, &Kind::Date));
                let (from, to) = (from?, to?);
                let node = if name == "years" {
                    Node::Years(from, to)
                } else {
                    Node::Months(from, to)
                };
                Typed {
                    kind: if name == "period" {
                        Kind::Period
                    } else {
                        Kind::Integer
                    },
                    optional: false,
                    node: self.arena.add(node, span),
                }
            }
            (name @ ("month" | "year"), [day]) => {
                let day = self.expect(day, &Kind::Date)?;
                let node = if name == "month" {
                    Node::Month(day)
                } else {
                    Node::Year(day)
                };
                Typed {
                    kind: Kind::Integer,
                    optional: false,
                    node: self.arena.add(node, span),
                }
            }
            ("pmt", [principal, rate, months]) => {
                let principal = self.expect(principal, &Kind::Money);
                let rate = self.expect(rate, &Kind::Ratio);
                let months = self.months(months);
                let node = Node::Instalment {
                    principal: principal?,
                    rate: rate?,
                    months: months?,
                };
                Typed {
                    kind: Kind::Money,
                    optional: false,
                    node: self.arena.add(node, span),
                }
            }
            ("mean", [_, _, ..]) => {
                let (kind, nodes) = self.alike_numbers(&parts, span)?;
                if !adds(&kind) {
                    let message = format!("{} has no mean", kind_name(&kind));
                    return self.fail(Diagnostic::new(Code::UnitMismatch, span, message));
                }
                let total = self.add_up(&nodes, span)?;
                let count = i64::try_from(nodes.len()).ok()?;
                let count = self.arena.constant(count, span);
                self.mean_of(kind, total, count, span)
            }
            ("coefficient_of_variation", [_, _, ..]) => {
                let (_, nodes) = self.alike_numbers(&parts, span)?;
                Typed {
                    kind: Kind::Ratio,
                    optional: false,
                    node: self.arena.add(Node::Variation(nodes), span),
                }
            }
            ("is_missing", [part]) => {
                let operand = self.operand(part)?;
                let typed = self.step(operand, None, &part.span)?;
                if !typed.optional {
                    let message = format!("`{}` is never missing", self.slice(&part.span));
                    self.sink
                        .push(Diagnostic::new(Code::UselessElse, span, message));
                }
                return Some(self.truth(Node::IsMissing(typed.node), span));
            }
            ("spread", [_, _, ..]) => {
                let (_, nodes) = self.alike_numbers(&parts, span)?;
                let least = self.fold_nodes(&nodes, true, span)?;
                let most = self.fold_nodes(&nodes, false, span)?;
                let distance = self.arena.add(Node::Sub(most, least), span);
                // Where the largest is nothing, all are nothing: no spread.
                let otherwise = Some(self.arena.constant(0, span));
                let quotient = Node::Div {
                    a: distance,
                    b: most,
                    scale: Ratio::SCALE as u32,
                    rounding: Rounding::HalfUp,
                    otherwise,
                };
                self.not_negative(least, span);
                let node = self.arena.add(quotient, span);
                Typed {
                    kind: Kind::Ratio,
                    optional: false,
                    node: self.within(node, Ratio::SCALE, span),
                }
            }
            (known, _) if OF_LISTS.contains(&known) => {
                let message = format!("`{known}` takes a list");
                let help = format!(
                    "a list of records: `{known}(entry in list, …)`, or a table that yields a list"
                );
                return self.fail(Diagnostic::new(Code::WrongType, span, message).help(help));
            }
            (known, found) if FUNCTIONS.contains(&known) => {
                let wanted = match known {
                    "abs" | "is_missing" => "one value",
                    "round" | "floor" | "ceil" => "a number and a step",
                    "years" | "months" | "period" => "two dates",
                    "month" | "year" => "a date",
                    "pmt" => "a principal, a yearly rate and a number of months",
                    "weighted_mean" => "values, each with its weight",
                    "takings" => "takings of a day, each with how many such days a month has",
                    "sales_from_purchases" => "a month's purchases and the margin",
                    "turnover_overstated" | "margin_overstated" => {
                        "what is declared and what it is inferred to be"
                    }
                    "equity_deviation" => {
                        "an opening equity, the profit since, what was put in, taken out and revalued, and today's equity"
                    }
                    _ => "two or more numbers",
                };
                let message = format!("`{known}` takes {wanted}, not {}", found.len());
                return self.fail(Diagnostic::new(Code::BadFormula, span, message));
            }
            (unknown, _) => {
                let message = format!("there is no function `{unknown}`");
                let tables = self
                    .names
                    .iter()
                    .filter(|(_, name)| matches!(name, Name::Table(_)));
                let known = tables.map(|(name, _)| name.as_str()).chain(FUNCTIONS);
                let help = suggest::help(unknown, known);
                return self
                    .fail(Diagnostic::new(Code::UnknownName, &function.span, message).help(help));
            }
        };
        Some(Operand::Step(typed))
    }

    /// Numbers of one kind that are never missing.
    fn alike_numbers(&mut self, parts: &[&Ast], span: &Span) -> Option<(Kind, Vec<NodeId>)> {
        let typed = self.alike(parts, span)?;
        self.numbers(typed, parts, span)
    }

    fn numbers(
        &mut self,
        typed: Vec<Typed>,
        parts: &[&Ast],
        span: &Span,
    ) -> Option<(Kind, Vec<NodeId>)> {
        let (kind, nodes) = self.all_present(typed, parts)?;
        if adds(&kind) || kind == Kind::Date {
            return Some((kind, nodes));
        }
        let message = "numbers belong here";
        self.fail(Diagnostic::new(Code::UnitMismatch, span, message))
    }

    /// A number of months: an integer or a period.
    fn months(&mut self, part: &Ast) -> Option<NodeId> {
        let typed = self.present(part)?;
        if matches!(typed.kind, Kind::Integer | Kind::Period) {
            return Some(typed.node);
        }
        let message = format!(
            "an integer or a period belongs here, `{}` is {}",
            self.slice(&part.span),
            kind_name(&typed.kind)
        );
        self.fail(Diagnostic::new(Code::UnitMismatch, &part.span, message))
    }

    pub(super) fn fold_nodes(
        &mut self,
        nodes: &[NodeId],
        least: bool,
        span: &Span,
    ) -> Option<NodeId> {
        let (first, rest) = nodes.split_first()?;
        Some(rest.iter().fold(*first, |a, b| {
            let node = if least {
                Node::Min(a, *b)
            } else {
                Node::Max(a, *b)
            };
            self.arena.add(node, span)
        }))
    }

    fn rounded(
        &mut self,
        number: &Ast,
        step: &Ast,
        rounding: Rounding,
        span: &Span,
    ) -> Option<Typed> {
        let constant = self.operand(step);
        let (kind, nodes) = self.alike_numbers(&[number], span)?;
        let value = match constant? {
            Operand::Constant(literal) => cells::constant(&literal, &kind, &step.span),
            Operand::Branch(..) | Operand::Step(_) => Ok(0),
        };
        let step = match value {
            Ok(step) if step >= 1 => step,
            Ok(_) => {
                let message = "a step is a positive constant";
                return self.fail(Diagnostic::new(Code::BadValue, &step.span, message));
            }
            Err(diagnostic) => return self.fail(diagnostic),
        };
        let node = Node::Round {
            a: *nodes.first()?,
            step,
            rounding,
        };
        let node = self.arena.add(node, span);
        Some(Typed {
            kind,
            optional: false,
            node,
        })
    }
}

/// The least or the largest of several constants.
fn extreme(operands: &[Operand], least: bool) -> Option<Literal> {
    let literals: Option<Vec<&Literal>> = operands
        .iter()
        .map(|operand| match operand {
            Operand::Constant(literal @ (Literal::Whole(_) | Literal::Ratio(_))) => Some(literal),
            _ => None,
        })
        .collect();
    let literals = literals?;
    let decimal = operands.iter().any(Operand::is_decimal);
    let values: Option<Vec<i64>> = literals
        .iter()
        .map(|literal| match literal {
            Literal::Whole(value) if decimal => value.checked_mul(Ratio::SCALE),
            Literal::Whole(value) | Literal::Ratio(value) => Some(*value),
            _ => None,
        })
        .collect();
    let values = values?.into_iter();
    let value = if least { values.min() } else { values.max() }?;
    Some(if decimal {
        Literal::Ratio(value)
    } else {
        Literal::Whole(value)
    })
}
