//! Formulas: names, units, and the steps they become.

mod aggregate;
mod arithmetic;
mod call;
mod cross_check;
mod month;
mod operators;
mod presence;

use std::collections::{BTreeMap, BTreeSet};

use prequal::policy::{Id, Kind, Node, NodeId};
use prequal::{LARGEST, Ratio, Rounding};

use crate::arena::Arena;
use crate::cells;
use crate::declare::{Declared, Figure, TableSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::list::{Entry, List};
use crate::number::kind_name;
use crate::source::{At, Quoted, Sources, Span};
use crate::suggest;
use crate::syntax::{self, Ast, Expr, Literal};
use crate::tables::{self, BuiltTable, Listing};
use crate::trail::Trail;

pub(crate) use aggregate::adds;
pub(crate) use call::FUNCTIONS;
pub(crate) use month::DUE_MONTH;

pub(crate) use presence::Optional;
use presence::Presence;

/// What a step yields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Typed {
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    pub(crate) node: NodeId,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(crate) enum Name {
    Ready(Typed),
    Figure(Figure),
    /// A list of records, which formulas go through entry by entry.
    List(List),
    /// A figure that is a list of values: formulas ask one thing of it.
    Listing(Listing),
    /// A table that formulas call.
    Table(TableSource),
    /// Being looked into right now: to meet it again is a cycle.
    Busy,
    /// Wrong, and already reported.
    Broken,
    /// Known elsewhere, not here; why.
    Elsewhere(String),
}

/// A formula's part: a constant that takes the unit of what it meets, or a step.
#[derive(Clone, Debug)]
enum Operand {
    Constant(Literal),
    /// One of two such, by a condition.
    Branch(NodeId, Box<[Operand; 2]>),
    Step(Typed),
}

impl Operand {
    /// Whether it holds a constant that can only be a ratio.
    fn is_decimal(&self) -> bool {
        match self {
            Operand::Constant(literal) => matches!(literal, Literal::Ratio(_)),
            Operand::Branch(_, branches) => branches.iter().any(Operand::is_decimal),
            Operand::Step(_) => false,
        }
    }

    /// Whether it holds a word in quotes that has no unit of its own.
    fn is_word(&self) -> bool {
        match self {
            Operand::Constant(Literal::Text(text)) => cells::own_kind(text).is_none(),
            Operand::Constant(_) | Operand::Step(_) => false,
            Operand::Branch(_, branches) => branches.iter().any(Operand::is_word),
        }
    }
}

/// The names and steps of one side of the waist.
pub(crate) struct Scope<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) sink: &'a mut Sink,
    pub(crate) arena: Arena,
    pub(crate) names: BTreeMap<String, Name>,
    pub(crate) tables: Vec<BuiltTable>,
    pub(crate) trail: Trail,
    /// What functions need to be positive or zero.
    pub(crate) not_negative: Vec<(NodeId, Span)>,
    /// Divisors of divisions with an `else`.
    pub(crate) divisors: Vec<(NodeId, Span)>,
    /// The figures that are declared APPROXIMATE.
    pub(crate) approximate: BTreeSet<String>,
    /// An input that takes these ascending values and none between them.
    pub(crate) apart: Option<(NodeId, Vec<i64>)>,
    /// The named tables that have been called.
    pub(crate) calls: BTreeSet<String>,
    /// Where the arguments of each call of a table stand.
    pub(crate) arguments: BTreeMap<Span, Vec<Span>>,
    /// The month of the year that a figure is worked out for, where it is for
    /// each apart, and whether it asked.
    month: Option<(u8, bool)>,
    /// The entries of lists that are being gone through, innermost last, by
    /// the names that they have there.
    entries: Vec<(String, Entry)>,
    /// What is known where a part stands.
    presence: Presence,
    /// How deep parts, and the figures that they read, nest here.
    depth: u32,
}

/// How deep formulas nest at most, together with those that they read: the
/// compiler goes as deep itself.
const MAX_DEPTH: u32 = 256;

impl<'a> Scope<'a> {
    pub(crate) fn new(sources: &'a Sources, sink: &'a mut Sink) -> Scope<'a> {
        Scope {
            sources,
            sink,
            arena: Arena::default(),
            names: BTreeMap::new(),
            tables: Vec::new(),
            trail: Trail::default(),
            not_negative: Vec::new(),
            divisors: Vec::new(),
            approximate: BTreeSet::new(),
            apart: None,
            calls: BTreeSet::new(),
            arguments: BTreeMap::new(),
            month: None,
            entries: Vec::new(),
            presence: Presence::default(),
            depth: 0,
        }
    }

    /// A name for an input, and its step.
    pub(crate) fn input(
        &mut self,
        name: &str,
        index: usize,
        kind: Kind,
        optional: bool,
        site: &Span,
    ) -> NodeId {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let node = self.arena.add(Node::Input(index), site);
        let typed = Typed {
            kind,
            optional,
            node,
        };
        self.names.insert(name.to_owned(), Name::Ready(typed));
        node
    }

    /// The names of tables that formulas call.
    pub(crate) fn named_tables(&mut self, declared: &Declared) {
        for table in &declared.tables {
            let name = Name::Table(table.source.clone());
            self.names.insert(table.id.it.to_string(), name);
        }
    }

    /// A figure, of this kind if one is wanted.
    pub(crate) fn figure(&mut self, figure: &Figure, kind: Option<&Kind>) -> Option<Typed> {
        let of = |kind: &Kind, node| Typed {
            kind: kind.clone(),
            optional: false,
            node,
        };
        match (figure, kind) {
            (Figure::Formula(text), None) => self.formula(text),
            (Figure::Formula(text), Some(kind)) => {
                self.formula_of(text, kind).map(|node| of(kind, node))
            }
            (Figure::Table(table), kind) => self.table(table, kind),
            (Figure::Constant(constant), _) => {
                let node = self.arena.constant(constant.it, &constant.span);
                Some(of(kind.unwrap_or(&Kind::Ratio), node))
            }
            (Figure::Share(from, share), _) => {
                let a = self.formula_of(from, &Kind::Money)?;
                let b = self.arena.constant(share.it, &share.span);
                let node = Node::Mul {
                    a,
                    b,
                    scale: Ratio::SCALE as u32,
                    rounding: Rounding::Down,
                };
                let node = self.arena.add(node, &from.span);
                Some(of(&Kind::Money, node))
            }
            (Figure::When(condition, figure), kind) => {
                let when = self.formula_of(condition, &Kind::Boolean);
                let typed = self.behind(when, true, |scope| scope.figure(figure, kind))?;
                let node = self
                    .arena
                    .add(Node::When(when?, typed.node), &condition.span);
                if !typed.optional {
                    self.is_there_where(node, when?, typed.node);
                }
                Some(Typed {
                    optional: true,
                    node,
                    ..typed
                })
            }
        }
    }

    /// A whole formula of any kind.
    fn formula(&mut self, text: &Quoted) -> Option<Typed> {
        let ast = self.parse(text)?;
        let before = self.trail.open();
        let typed = match self.operand(&ast) {
            Some(Operand::Step(typed)) => Some(typed),
            Some(constant) => self.step(constant, None, &ast.span),
            None => None,
        };
        self.trail.keep(before, &text.span, typed.as_ref());
        typed
    }

    /// A whole formula of this kind that is never missing.
    pub(crate) fn formula_of(&mut self, text: &Quoted, kind: &Kind) -> Option<NodeId> {
        let ast = self.parse(text)?;
        let before = self.trail.open();
        let node = self.expect(&ast, kind);
        let typed = node.map(|node| Typed {
            kind: kind.clone(),
            optional: false,
            node,
        });
        self.trail.keep(before, &text.span, typed.as_ref());
        node
    }

    fn parse(&mut self, text: &Quoted) -> Option<Ast> {
        match syntax::parse(text) {
            Ok(ast) => Some(ast),
            Err(diagnostic) => {
                self.sink.push(diagnostic);
                None
            }
        }
    }

    /// The source of a formula's part.
    pub(crate) fn slice(&self, span: &Span) -> &str {
        let text = self.sources.get(&span.file).unwrap_or_default();
        text.get(span.start..span.end).unwrap_or_default()
    }

    fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.sink.push(diagnostic);
        None
    }

    /// What a name stands for; looks into formulas on the way.
    pub(crate) fn resolve(&mut self, name: &str, span: &Span) -> Option<Typed> {
        let found = self.names.get(name).cloned();
        match found {
            Some(Name::Ready(typed)) => Some(self.as_known(typed, span)),
            Some(Name::Broken) => None,
            Some(Name::Busy) => {
                self.names.insert(name.to_owned(), Name::Broken);
                let message = format!("`{name}` is defined by itself");
                self.fail(Diagnostic::new(Code::Cycle, span, message))
            }
            Some(Name::Listing(_)) => self.fail(tables::no_value(name, span)),
            Some(Name::Figure(figure)) if figure.list_table().is_some() => {
                self.fail(tables::no_value(name, span))
            }
            Some(Name::Table(_)) => {
                let message = format!("`{name}` is a table");
                let help = format!("call it with its inputs: `{name}(…)`");
                self.fail(Diagnostic::new(Code::WrongType, span, message).help(help))
            }
            Some(Name::Figure(figure)) => {
                self.names.insert(name.to_owned(), Name::Busy);
                let around = self.arena.declared;
                self.arena.declared = self.approximate.contains(name);
                // What has a name is the same in every month.
                let month = self.month.take();
                let made = self.deeper(span, |scope| {
                    scope.anywhere(|scope| scope.figure(&figure, None))
                });
                self.month = month;
                self.arena.declared = around;
                let state = made.clone().map_or(Name::Broken, Name::Ready);
                self.names.insert(name.to_owned(), state);
                made.map(|typed| self.as_known(typed, span))
            }
            Some(Name::List(_)) => {
                let message = format!("`{name}` is a list of records, not one value");
                let help = format!("go through its entries, as in `count(entry in {name})`");
                self.fail(Diagnostic::new(Code::WrongType, span, message).help(help))
            }
            Some(Name::Elsewhere(_)) if name == DUE_MONTH && self.month.is_some() => {
                self.due_month(span)
            }
            Some(Name::Elsewhere(why)) => {
                let message = format!("`{name}` is not known here");
                self.fail(Diagnostic::new(Code::UnknownName, span, message).help(why))
            }
            None if self.entries.iter().any(|(entry, _)| entry == name) => {
                let message = format!("`{name}` is an entry of a list, not one value");
                let help = format!("read a field of it: `{name}.…`");
                self.fail(Diagnostic::new(Code::WrongType, span, message).help(help))
            }
            None => {
                let known = self
                    .names
                    .iter()
                    .filter(|(_, name)| !matches!(name, Name::Elsewhere(_) | Name::Broken))
                    .map(|(name, _)| name.as_str());
                let help = suggest::help(name, known);
                let message = format!("nothing is called `{name}`");
                self.fail(Diagnostic::new(Code::UnknownName, span, message).help(help))
            }
        }
    }

    /// Looks into a named figure for its errors, whatever it is.
    pub(crate) fn look_into(&mut self, name: &At<Id>) {
        let part = At {
            it: Expr::Name(name.it.to_string()),
            span: name.span.clone(),
        };
        if self.listing(&part).is_none() {
            self.resolve(name.it.as_str(), &name.span);
        }
    }

    fn operand(&mut self, ast: &Ast) -> Option<Operand> {
        let before = self.trail.open();
        let operand = self.deeper(&ast.span, |scope| scope.untraced(ast));
        match &operand {
            Some(Operand::Step(typed)) => self.trail.close(before, &ast.span, Some(typed)),
            Some(Operand::Branch(..)) => self.trail.close(before, &ast.span, None),
            Some(Operand::Constant(_)) | None => self.trail.forget(before),
        }
        operand
    }

    /// One level deeper, where there is one.
    fn deeper<T>(&mut self, span: &Span, part: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            let message =
                format!("formulas nest at most {MAX_DEPTH} deep, with those that they read");
            let help = "every operator in a row is a level: put parts of a long sum in brackets";
            return self.fail(Diagnostic::new(Code::TooMany, span, message).help(help));
        }
        self.depth += 1;
        let made = part(self);
        self.depth -= 1;
        made
    }

    fn untraced(&mut self, ast: &Ast) -> Option<Operand> {
        let span = &ast.span;
        let step = |typed: Option<Typed>| typed.map(Operand::Step);
        match &ast.it {
            Expr::Literal(literal) => Some(Operand::Constant(literal.clone())),
            Expr::Name(name) => step(self.resolve(name, span)),
            Expr::Negative(inner) => self.negative(inner, span),
            Expr::Not(inner) => {
                let node = self.expect(inner, &Kind::Boolean)?;
                Some(self.truth(Node::Not(node), span))
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            Expr::Else(first, second) => step(self.otherwise(first, second, span)),
            Expr::If(condition, then, otherwise) => {
                let condition = self.expect(condition, &Kind::Boolean);
                let parts: [&Ast; 2] = [then, otherwise];
                let holds = self.behind(condition, true, |scope| scope.operand(then));
                let fails = self.behind(condition, false, |scope| scope.operand(otherwise));
                let operands = vec![holds?, fails?];
                if operands
                    .iter()
                    .all(|operand| !matches!(operand, Operand::Step(_)))
                {
                    let [then, otherwise] = <[Operand; 2]>::try_from(operands).ok()?;
                    return Some(Operand::Branch(condition?, Box::new([then, otherwise])));
                }
                let typed = self.settle(operands, &parts, span)?;
                let [then, otherwise] = <[Typed; 2]>::try_from(typed).ok()?;
                step(Some(self.branch(condition?, then, otherwise, span)))
            }
            Expr::In(inner, cell) => {
                let typed = self.present(inner)?;
                let cells = cells::cells(cell, &typed.kind, false, None, self.sink)?;
                Some(self.truth(Node::Within(typed.node, cells), span))
            }
            Expr::Among(inner, list) => step(self.member(inner, list)),
            Expr::Field(entry, field) => step(self.field(entry, field)),
            Expr::Call(function, arguments) => self.call(function, arguments, span),
        }
    }

    /// `"x" in V`.
    fn member(&mut self, inner: &Ast, list: &Ast) -> Option<Typed> {
        if self.listing(list).is_none() {
            // What is wrong by itself has been told.
            let before = self.sink.len();
            if !self.is_list(list) {
                self.operand(list)?;
            }
            if self.sink.len() == before {
                let message = format!("`{}` is no list of values", self.slice(&list.span));
                let help =
                    "after `in` stands a range, values in brackets, or a table that yields a list";
                self.sink
                    .push(Diagnostic::new(Code::WrongType, &list.span, message).help(help));
            }
            return None;
        }
        match self.operand(inner)? {
            Operand::Constant(it) => {
                let span = inner.span.clone();
                self.among(&At { it, span }, list)
            }
            _ => {
                let message = "only a constant can be looked for in a list of values";
                self.fail(Diagnostic::new(Code::BadFormula, &inner.span, message))
            }
        }
    }

    fn truth(&mut self, node: Node, span: &Span) -> Operand {
        Operand::Step(Typed {
            kind: Kind::Boolean,
            optional: false,
            node: self.arena.add(node, span),
        })
    }

    fn literal(&mut self, literal: &Literal, kind: Kind, span: &Span) -> Option<Typed> {
        match cells::constant(literal, &kind, span) {
            Ok(value) => {
                let node = self.arena.constant(value, span);
                Some(Typed {
                    kind,
                    optional: false,
                    node,
                })
            }
            Err(diagnostic) => self.fail(diagnostic),
        }
    }

    /// A step of a formula; a constant takes the kind that is wanted, else its own.
    fn step(&mut self, operand: Operand, wanted: Option<&Kind>, span: &Span) -> Option<Typed> {
        match operand {
            Operand::Step(typed) => Some(typed),
            Operand::Constant(literal) => {
                let own = match literal {
                    Literal::Whole(_) => Kind::Integer,
                    Literal::Ratio(_) => Kind::Ratio,
                    Literal::Truth(_) => Kind::Boolean,
                    Literal::Text(ref text) => cells::own_kind(text).unwrap_or(Kind::Date),
                };
                self.literal(&literal, wanted.cloned().unwrap_or(own), span)
            }
            Operand::Branch(condition, branches) => {
                let decimal = branches.iter().any(Operand::is_decimal);
                let own = decimal.then_some(Kind::Ratio);
                let wanted = wanted.or(own.as_ref());
                let [then, otherwise] = *branches;
                let then = self.step(then, wanted, span);
                let otherwise = self.step(otherwise, wanted, span);
                let (then, otherwise) = (then?, otherwise?);
                if then.kind == otherwise.kind {
                    let typed = self.branch(condition, then, otherwise, span);
                    self.trail.settle(span, &typed);
                    return Some(typed);
                }
                let message = format!("`{}` yields values of two kinds", self.slice(span));
                self.fail(Diagnostic::new(Code::UnitMismatch, span, message))
            }
        }
    }

    fn branch(&mut self, condition: NodeId, then: Typed, otherwise: Typed, span: &Span) -> Typed {
        Typed {
            optional: then.optional || otherwise.optional,
            node: self
                .arena
                .add(Node::If(condition, then.node, otherwise.node), span),
            kind: then.kind,
        }
    }

    /// A part of this kind that is never missing.
    fn expect(&mut self, ast: &Ast, kind: &Kind) -> Option<NodeId> {
        let operand = self.operand(ast)?;
        let typed = self.step(operand, Some(kind), &ast.span)?;
        let typed = self.needed(typed, &ast.span)?;
        self.of_kind(typed, ast, kind).map(|typed| typed.node)
    }

    /// A part of this kind that may be missing.
    fn possible(&mut self, ast: &Ast, kind: &Kind) -> Option<Typed> {
        let operand = self.operand(ast)?;
        let typed = self.step(operand, Some(kind), &ast.span)?;
        self.of_kind(typed, ast, kind)
    }

    fn of_kind(&mut self, typed: Typed, ast: &Ast, kind: &Kind) -> Option<Typed> {
        if typed.kind == *kind {
            return Some(typed);
        }
        let message = format!(
            "{} belongs here, `{}` is {}",
            kind_name(kind),
            self.slice(&ast.span),
            kind_name(&typed.kind)
        );
        self.fail(Diagnostic::new(Code::UnitMismatch, &ast.span, message))
    }

    /// A part of any kind that may be missing.
    pub(crate) fn any(&mut self, ast: &Ast) -> Option<Typed> {
        let operand = self.operand(ast)?;
        self.step(operand, None, &ast.span)
    }

    /// A part of any kind that may be missing; a word in quotes is an option of
    /// the choice that `words` yields.
    pub(crate) fn argument(
        &mut self,
        ast: &Ast,
        words: impl FnOnce(&mut Self) -> Option<Kind>,
    ) -> Option<Typed> {
        let operand = self.operand(ast)?;
        let wanted = match operand.is_word() {
            true => Some(words(self)?),
            false => None,
        };
        self.step(operand, wanted.as_ref(), &ast.span)
    }

    /// A part that is never missing.
    fn present(&mut self, ast: &Ast) -> Option<Typed> {
        let typed = self.any(ast)?;
        self.needed(typed, &ast.span)
    }

    fn needed(&mut self, typed: Typed, span: &Span) -> Option<Typed> {
        if !typed.optional {
            return Some(typed);
        }
        let text = self.slice(span);
        let message = format!("`{text}` may be missing");
        let help =
            format!("say what counts then: `({text} else …)`, or ask `is_missing({text})` first");
        self.fail(Diagnostic::new(Code::MayBeMissing, span, message).help(help))
    }
}

/// A constant's value within ±[`LARGEST`].
fn bounded(value: i128) -> Option<i64> {
    i64::try_from(value)
        .ok()
        .filter(|value| value.abs() <= LARGEST)
}
