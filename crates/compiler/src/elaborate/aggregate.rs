//! Functions that go through the entries of a list. A list has a greatest
//! length, so each is unrolled; what an entry adds stands behind whether it
//! is there.

use prequal::policy::{Kind, Node, NodeId};
use prequal::{Ratio, Rounding};

use super::cross_check::measured;
use super::{Name, Scope, Typed};
use crate::diagnostic::{Code, Diagnostic};
use crate::list::{Entry, List};
use crate::number::kind_name;
use crate::source::{At, Span};
use crate::suggest;
use crate::syntax::{Ast, Expr, Literal};

/// Functions that go through the entries of a list.
const AGGREGATES: [&str; 10] = [
    "sum",
    "min",
    "max",
    "mean",
    "coefficient_of_variation",
    "count",
    "any",
    "all",
    "weighted_mean",
    "share_of_best",
];

/// A value of an entry behind whether the entry is there; `None` where it
/// always is.
type Guarded = (Option<NodeId>, NodeId);

impl Scope<'_> {
    /// Whether a part names a list of records.
    pub(super) fn is_list(&self, part: &Ast) -> bool {
        match &part.it {
            Expr::Name(name) => matches!(self.names.get(name), Some(Name::List(_))),
            _ => false,
        }
    }

    /// `function(entry in list, body)`; `None` where the arguments go through
    /// no list.
    pub(super) fn aggregate(
        &mut self,
        function: &At<String>,
        arguments: &[Ast],
        span: &Span,
    ) -> Option<Option<Typed>> {
        let (first, rest) = arguments.split_first()?;
        let Expr::Among(entry, list) = &first.it else {
            return None;
        };
        let Expr::Name(name) = &list.it else {
            return None;
        };
        let list = match self.names.get(name).cloned() {
            Some(Name::List(list)) => list,
            _ if !AGGREGATES.contains(&function.it.as_str()) => return None,
            Some(Name::Ready(_) | Name::Figure(_) | Name::Listing(_)) => {
                let message = format!("`{name}` is no list of records");
                let help = "only a question of the kind `list` is gone through entry by entry";
                let diagnostic = Diagnostic::new(Code::WrongType, &list.span, message);
                return Some(self.fail(diagnostic.help(help)));
            }
            // Why there is no such list here.
            _ => {
                self.resolve(name, &list.span);
                return Some(None);
            }
        };
        let Expr::Name(entry) = &entry.it else {
            let message = "a name for the entries belongs before `in`";
            self.sink
                .push(Diagnostic::new(Code::BadFormula, &entry.span, message));
            return Some(None);
        };
        Some(match (function.it.as_str(), rest) {
            ("count", []) => Some(list.count),
            ("count" | "any" | "all", [body]) => {
                self.quantified(&function.it, &list, entry, body, span)
            }
            ("weighted_mean", [value, weight]) => {
                self.weighted_over(&list, entry, value, weight, span)
            }
            ("share_of_best", [body, best]) => self.share_of_best(&list, entry, body, best, span),
            (name @ ("weighted_mean" | "share_of_best"), _) => {
                let (beside, example) = match name {
                    "weighted_mean" => ("its weight", format!("{entry}.…")),
                    _ => ("how many of the best", "3".to_owned()),
                };
                let message =
                    format!("`{name}` takes the entries, what to take of each, and {beside}");
                let help = format!("write `{name}({entry} in …, {entry}.…, {example})`");
                self.fail(Diagnostic::new(Code::BadFormula, span, message).help(help))
            }
            (name, [body]) if AGGREGATES.contains(&name) => {
                self.folded(name, &list, entry, body, span)
            }
            (name, _) if AGGREGATES.contains(&name) => {
                let message = format!("`{name}` takes the entries and what to take of each");
                let help = format!("write `{name}({entry} in …, {entry}.…)`");
                self.fail(Diagnostic::new(Code::BadFormula, span, message).help(help))
            }
            (name, _) => {
                let message = format!("`{name}` does not go through a list");
                let help = suggest::help(name, AGGREGATES.into_iter());
                self.fail(Diagnostic::new(Code::UnknownName, &function.span, message).help(help))
            }
        })
    }

    /// A field of an entry that is being gone through.
    pub(super) fn field(&mut self, entry: &At<String>, field: &At<String>) -> Option<Typed> {
        let found = self
            .entries
            .iter()
            .rev()
            .find(|(name, _)| *name == entry.it);
        let Some((_, found)) = found else {
            let message = format!("`{}` is no entry of a list here", entry.it);
            let help = "entries have a name inside of `sum(entry in list, …)` and its like";
            return self.fail(Diagnostic::new(Code::UnknownName, &entry.span, message).help(help));
        };
        if let Some(typed) = found.field(&field.it) {
            let typed = typed.clone();
            return Some(self.as_known(typed, &field.span));
        }
        let known = found.fields.iter().map(|(id, _)| id.as_str());
        let help = suggest::help(&field.it, known);
        let message = format!("the entries have no field `{}`", field.it);
        self.fail(Diagnostic::new(Code::UnknownName, &field.span, message).help(help))
    }

    /// What a body yields for each entry.
    fn each(
        &mut self,
        list: &List,
        name: &str,
        mut body: impl FnMut(&mut Self) -> Option<NodeId>,
    ) -> Option<Vec<Guarded>> {
        let mut values = Vec::new();
        for (index, entry) in list.entries.iter().enumerate() {
            let Entry { there, .. } = entry;
            let guard = (index >= usize::from(list.least)).then_some(*there);
            self.entries.push((name.to_owned(), entry.clone()));
            let value = self.behind(guard, true, &mut body);
            self.entries.pop();
            values.push((guard, value?));
        }
        Some(values)
    }

    /// How many entries satisfy a condition, or whether any or all do.
    fn quantified(
        &mut self,
        function: &str,
        list: &List,
        entry: &str,
        body: &Ast,
        span: &Span,
    ) -> Option<Typed> {
        let truths = self.each(list, entry, |scope| scope.expect(body, &Kind::Boolean))?;
        let mut result: Option<NodeId> = None;
        for (guard, truth) in truths {
            let truth = match (guard, function) {
                (None, _) => truth,
                (Some(there), "all") => {
                    let absent = self.arena.add(Node::Not(there), span);
                    self.arena.add(Node::Or(absent, truth), span)
                }
                (Some(there), _) => self.arena.add(Node::And(there, truth), span),
            };
            result = Some(match (result, function) {
                (None, _) => truth,
                (Some(before), "count") => self.arena.add(Node::Add(before, truth), span),
                (Some(before), "any") => self.arena.add(Node::Or(before, truth), span),
                (Some(before), _) => self.arena.add(Node::And(before, truth), span),
            });
        }
        let kind = if function == "count" {
            Kind::Integer
        } else {
            Kind::Boolean
        };
        Some(Typed {
            kind,
            optional: false,
            node: result?,
        })
    }

    fn folded(
        &mut self,
        function: &str,
        list: &List,
        entry: &str,
        body: &Ast,
        span: &Span,
    ) -> Option<Typed> {
        let (kind, values) = self.numbers_of_each(list, entry, body)?;
        let ordered = matches!(function, "min" | "max") && kind == Kind::Date;
        if !adds(&kind) && !ordered {
            return self.no_number(body, &kind);
        }
        match function {
            "sum" => {
                let node = self.sum(&values, span)?;
                Some(Typed {
                    kind,
                    optional: false,
                    node,
                })
            }
            "mean" => {
                let total = self.sum(&values, span)?;
                let one = self.arena.constant(1, span);
                let divisor = match list.least {
                    0 => self.arena.add(Node::Max(list.count.node, one), span),
                    _ => list.count.node,
                };
                let typed = self.mean_of(kind, total, divisor, span);
                Some(self.where_any(list, typed, span))
            }
            "coefficient_of_variation" => {
                let present = values.iter().map(|(guard, value)| match guard {
                    Some(there) => self.arena.add(Node::When(*there, *value), span),
                    None => *value,
                });
                let node = Node::Variation(present.collect());
                Some(Typed {
                    kind: Kind::Ratio,
                    optional: false,
                    node: self.arena.add(node, span),
                })
            }
            _ => {
                let typed = Typed {
                    kind,
                    optional: false,
                    node: self.extreme(&values, function == "min", span)?,
                };
                Some(self.where_any(list, typed, span))
            }
        }
    }

    /// What a body yields for each entry, and of which kind.
    fn numbers_of_each(
        &mut self,
        list: &List,
        entry: &str,
        body: &Ast,
    ) -> Option<(Kind, Vec<Guarded>)> {
        let mut kind = Kind::Integer;
        let values = self.each(list, entry, |scope| {
            let typed = scope.present(body)?;
            kind = typed.kind;
            Some(typed.node)
        })?;
        Some((kind, values))
    }

    fn no_number<T>(&mut self, body: &Ast, kind: &Kind) -> Option<T> {
        let message = format!(
            "numbers belong here, `{}` is {}",
            self.slice(&body.span),
            kind_name(kind)
        );
        self.fail(Diagnostic::new(Code::UnitMismatch, &body.span, message))
    }

    /// `weighted_mean(entry in list, value, weight)`.
    fn weighted_over(
        &mut self,
        list: &List,
        entry: &str,
        value: &Ast,
        weight: &Ast,
        span: &Span,
    ) -> Option<Typed> {
        let values = self.numbers_of_each(list, entry, value);
        let weights = self.numbers_of_each(list, entry, weight);
        let ((kind, values), (weight_kind, weights)) = (values?, weights?);
        for (part, kind) in [(value, &kind), (weight, &weight_kind)] {
            if !adds(kind) {
                return self.no_number(part, kind);
            }
        }
        let mut products = Vec::new();
        for ((guard, value), (_, weight)) in values.iter().zip(&weights) {
            self.not_negative(*weight, span);
            products.push((*guard, self.times(*value, *weight, span)));
        }
        let weighed = (self.sum(&products, span)?, self.sum(&weights, span)?);
        let ends = [
            self.extreme(&values, true, span)?,
            self.extreme(&values, false, span)?,
        ];
        Some(self.weighted_mean(kind, weighed, ends, span))
    }

    /// `share_of_best(entry in list, body, 3)`: what the three largest are of
    /// all; 0 where all are 0.
    fn share_of_best(
        &mut self,
        list: &List,
        entry: &str,
        body: &Ast,
        best: &Ast,
        span: &Span,
    ) -> Option<Typed> {
        let (kind, values) = self.numbers_of_each(list, entry, body)?;
        if !adds(&kind) {
            return self.no_number(body, &kind);
        }
        let most = values.len().saturating_sub(1);
        let best = match best.it {
            Expr::Literal(Literal::Whole(best)) => usize::try_from(best).ok(),
            _ => None,
        };
        let Some(best) = best.filter(|best| (1..=most).contains(best)) else {
            let message = format!("how many of the best is a constant from 1 to {most}");
            return self.fail(Diagnostic::new(Code::BadValue, span, message));
        };
        let mut rest = self.or_zero(&values, span);
        let total = self.add_up(&rest, span)?;
        let mut largest = Vec::new();
        for node in &rest {
            self.not_negative(*node, span);
        }
        for _ in 0..best {
            let (first, others) = rest.split_first()?;
            let mut top = *first;
            let mut lower = Vec::new();
            for other in others {
                lower.push(self.arena.add(Node::Min(top, *other), span));
                top = self.arena.add(Node::Max(top, *other), span);
            }
            largest.push(top);
            rest = lower;
        }
        let quotient = Node::Div {
            a: self.add_up(&largest, span)?,
            b: total,
            scale: Ratio::SCALE as u32,
            rounding: Rounding::HalfUp,
            otherwise: Some(self.arena.constant(0, span)),
        };
        let quotient = self.arena.add(quotient, span);
        Some(Typed {
            kind: Kind::Ratio,
            optional: false,
            node: self.within(quotient, Ratio::SCALE, span),
        })
    }

    /// The least or the largest of the entries that are there. Where even the
    /// first is not, `where_any` says so.
    fn extreme(&mut self, values: &[Guarded], least: bool, span: &Span) -> Option<NodeId> {
        let ((_, first), rest) = values.split_first()?;
        Some(rest.iter().fold(*first, |before, (guard, value)| {
            let node = match least {
                true => Node::Min(before, *value),
                false => Node::Max(before, *value),
            };
            let better = self.arena.add(node, span);
            match guard {
                Some(there) => self.arena.add(Node::If(*there, better, before), span),
                None => better,
            }
        }))
    }

    fn sum(&mut self, values: &[Guarded], span: &Span) -> Option<NodeId> {
        let values = self.or_zero(values, span);
        self.add_up(&values, span)
    }

    /// The values, 0 for an entry that is not there.
    fn or_zero(&mut self, values: &[Guarded], span: &Span) -> Vec<NodeId> {
        let zero = self.arena.constant(0, span);
        let values = values.iter().map(|(guard, value)| match guard {
            Some(there) => self.arena.add(Node::If(*there, *value, zero), span),
            None => *value,
        });
        values.collect()
    }

    /// A sum over how many there are. The mean of integers is measured.
    pub(super) fn mean_of(
        &mut self,
        kind: Kind,
        total: NodeId,
        count: NodeId,
        span: &Span,
    ) -> Typed {
        let (kind, scale) = measured(kind);
        let quotient = Node::Div {
            a: total,
            b: count,
            scale,
            rounding: Rounding::HalfUp,
            otherwise: None,
        };
        Typed {
            kind,
            optional: false,
            node: self.arena.add(quotient, span),
        }
    }

    /// The value where the list has an entry, missing where it has none.
    fn where_any(&mut self, list: &List, typed: Typed, span: &Span) -> Typed {
        if list.least > 0 {
            return typed;
        }
        let one = self.arena.constant(1, span);
        let some = self.arena.add(Node::Le(one, list.count.node), span);
        Typed {
            optional: true,
            node: self.arena.add(Node::When(some, typed.node), span),
            ..typed
        }
    }
}

/// Whether values of a kind can be added up.
pub(crate) fn adds(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Integer | Kind::Money | Kind::Ratio | Kind::Real | Kind::Period
    )
}
