//! What a table yields by its hit policy: a value, or a list that formulas ask
//! one thing of. No list is ever made: each question is a look-up of its own.

use prequal::policy::{Cells, Collect, Kind, Node, NodeId, Row, Table};

use super::{BuiltTable, Column, Heading, Read};
use crate::cells;
use crate::declare::{Hit, TableSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::elaborate::{Name, Scope, Typed, adds};
use crate::number::kind_name;
use crate::source::{At, Span};
use crate::syntax::{Ast, Expr, Literal};

/// A list-valued table under a name, and the steps that have asked it.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    read: Read,
    pub(crate) readers: Vec<NodeId>,
}

/// What can be asked of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Whether this output is in it.
    Has(i64),
    /// How many there are.
    Count,
    /// The first; missing where there is none.
    First,
    /// The sum; zero where there is none.
    Sum,
    /// The least; missing where there is none.
    Min,
    /// The largest; missing where there is none.
    Max,
}

impl Ask {
    /// The function of this name.
    pub(crate) fn of(name: &str) -> Option<Ask> {
        match name {
            "count" => Some(Ask::Count),
            "first" => Some(Ask::First),
            "sum" => Some(Ask::Sum),
            "min" => Some(Ask::Min),
            "max" => Some(Ask::Max),
            _ => None,
        }
    }
}

/// What can be done with a list.
const ASKED: &str =
    "ask one thing of it: `\"x\" in …`, `count(…)`, `first(…)`, `sum(…)`, `min(…)` or `max(…)`";

/// A list where one value belongs.
pub(crate) fn no_value(text: &str, span: &Span) -> Diagnostic {
    let message = format!("`{text}` is a list of values, not one");
    Diagnostic::new(Code::WrongType, span, message).help(ASKED.replace('…', text))
}

impl Scope<'_> {
    /// The value of a table; where a kind is wanted, it is of this kind and
    /// never missing.
    pub(crate) fn table(&mut self, source: &TableSource, wanted: Option<&Kind>) -> Option<Typed> {
        if source.hit.is_list() {
            let message = "one value belongs here, and this hit policy yields a list";
            let help =
                "make it a `[value]` and ask one thing of it, such as `first(…)` or `count(…)`";
            let diagnostic = Diagnostic::new(Code::WrongType, &source.file.span, message);
            self.sink.push(diagnostic.help(help));
            return None;
        }
        let read = self.read_table(source, wanted)?;
        let typed = self.yielded(&read)?;
        self.trail
            .keep_parts(&read.span, Some(&typed), read.traces.clone());
        let Some(wanted) = wanted else {
            return Some(typed);
        };
        if typed.kind != *wanted {
            let message = format!(
                "{} belongs here, the table yields {}",
                kind_name(wanted),
                kind_name(&typed.kind)
            );
            self.sink
                .push(Diagnostic::new(Code::UnitMismatch, &read.span, message));
            return None;
        }
        if typed.optional {
            let message = "where no row applies, this table yields nothing";
            let help = "add a row with `-` in every cell, or make it a `[value]` and say `else` what counts then";
            self.sink
                .push(Diagnostic::new(Code::MayBeMissing, &read.span, message).help(help));
            return None;
        }
        Some(typed)
    }

    /// A named table, called with these arguments.
    pub(crate) fn table_call(
        &mut self,
        source: &TableSource,
        arguments: &[Ast],
        span: &Span,
    ) -> Option<Typed> {
        if source.hit.is_list() {
            let diagnostic = no_value(self.slice(span), span);
            self.sink.push(diagnostic);
            return None;
        }
        let read = self.called(source, arguments, span)?;
        self.yielded(&read)
    }

    /// A named table's columns stand for a call's arguments, in their order.
    fn called(&mut self, source: &TableSource, arguments: &[Ast], span: &Span) -> Option<Read> {
        let csv = super::open(&source.file, self.sources, self.sink)?;
        let (inputs, output) = super::split(&csv, self.sink)?;
        self.as_many(&csv, &inputs, arguments, span)?;
        let columns = arguments.iter().zip(&inputs);
        let columns: Vec<Option<Column>> = columns
            .map(|(part, index)| {
                let typed = self.argument(part, |scope| scope.options(&csv, *index, &part.span))?;
                let name = csv.header.get(*index)?.text.trim();
                Some(Column::new(name, typed, *index))
            })
            .collect();
        let columns = columns.into_iter().collect::<Option<_>>()?;
        let spans = arguments.iter().map(|part| part.span.clone());
        self.arguments.insert(span.clone(), spans.collect());
        let mut read = self.read(source, &csv, columns, output, None)?;
        read.span = span.clone();
        Some(read)
    }

    /// The list that a formula's part stands for, with its name if it has one;
    /// `None` where it is no list.
    pub(crate) fn listing(&mut self, part: &Ast) -> Option<Option<(Read, Option<String>)>> {
        match &part.it {
            Expr::Name(name) => match self.names.get(name).cloned() {
                Some(Name::Listing(listing)) => Some(Some((listing.read, Some(name.clone())))),
                Some(Name::Figure(figure)) => {
                    let source = figure.list_table()?.clone();
                    self.names.insert(name.clone(), Name::Busy);
                    let read = self.read_table(&source, None);
                    let traces = read.iter().flat_map(|read| read.traces.clone());
                    self.trail
                        .keep_parts(&source.file.span, None, traces.collect());
                    let state = match &read {
                        Some(read) => Name::Listing(Listing {
                            read: read.clone(),
                            readers: Vec::new(),
                        }),
                        None => Name::Broken,
                    };
                    self.names.insert(name.clone(), state);
                    Some(read.map(|read| (read, Some(name.clone()))))
                }
                _ => None,
            },
            Expr::Call(function, arguments) => match self.names.get(&function.it).cloned() {
                Some(Name::Table(source)) if source.hit.is_list() => {
                    self.calls.insert(function.it.clone());
                    let read = self.called(&source, arguments, &part.span);
                    Some(read.map(|read| (read, None)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a constant is in a list.
    pub(crate) fn among(&mut self, literal: &At<Literal>, list: &Ast) -> Option<Typed> {
        let (read, name) = self.listing(list)??;
        match cells::constant(&literal.it, &read.kind, &literal.span) {
            Ok(value) if read.rows.iter().any(|row| row.it.output == value) => {
                self.ask((read, name), Ask::Has(value), &list.span)
            }
            Ok(_) => {
                let message = format!("no row yields {}", self.slice(&literal.span));
                self.sink
                    .push(Diagnostic::new(Code::UnknownOption, &literal.span, message));
                None
            }
            Err(diagnostic) => {
                self.sink.push(diagnostic);
                None
            }
        }
    }

    /// What is asked of a list.
    pub(crate) fn ask(
        &mut self,
        (read, name): (Read, Option<String>),
        ask: Ask,
        span: &Span,
    ) -> Option<Typed> {
        let around = self.arena.declared;
        self.arena.declared |= name
            .as_ref()
            .is_some_and(|name| self.approximate.contains(name));
        let typed = self.asked(&read, ask, span);
        self.arena.declared = around;
        let typed = typed?;
        if let Some(Name::Listing(listing)) = name.and_then(|name| self.names.get_mut(&name)) {
            listing.readers.push(typed.node);
        }
        Some(typed)
    }

    fn asked(&mut self, read: &Read, ask: Ask, span: &Span) -> Option<Typed> {
        let boolean = |node| Typed {
            kind: Kind::Boolean,
            optional: false,
            node,
        };
        match ask {
            Ask::Has(value) => {
                let rows = read.rows.iter().filter(|row| row.it.output == value);
                let rows = rows.cloned().collect();
                let count = self.collected(read, rows, Collect::Count, span)?;
                let one = self.arena.constant(1, span);
                Some(boolean(self.arena.add(Node::Le(one, count), span)))
            }
            Ask::First => self.first(read, span),
            Ask::Count => self.total(read, Collect::Count, span),
            Ask::Sum => self.total(read, Collect::Sum, span),
            Ask::Min => self.total(read, Collect::Min, span),
            Ask::Max => self.total(read, Collect::Max, span),
        }
    }

    fn yielded(&mut self, read: &Read) -> Option<Typed> {
        let span = read.span.clone();
        match read.hit {
            Hit::CollectSum => self.total(read, Collect::Sum, &span),
            Hit::CollectMin => self.total(read, Collect::Min, &span),
            Hit::CollectMax => self.total(read, Collect::Max, &span),
            Hit::CollectCount => self.total(read, Collect::Count, &span),
            _ => Some(Typed {
                kind: read.kind.clone(),
                optional: false,
                node: self.looked_up(read, read.rows.clone(), &span)?,
            }),
        }
    }

    /// What the rows that apply come to.
    fn total(&mut self, read: &Read, how: Collect, span: &Span) -> Option<Typed> {
        let sums = adds(&read.kind);
        let fits = match how {
            Collect::Count => true,
            Collect::Sum => sums,
            Collect::Min | Collect::Max => sums || read.kind == Kind::Date,
        };
        if !fits {
            let what = match how {
                Collect::Sum => "cannot be added up",
                _ => "has no order",
            };
            let message = format!("{} {what}", kind_name(&read.kind));
            self.sink
                .push(Diagnostic::new(Code::UnitMismatch, span, message));
            return None;
        }
        let node = self.collected(read, read.rows.clone(), how, span)?;
        let typed = |kind: &Kind, optional, node| Typed {
            kind: kind.clone(),
            optional,
            node,
        };
        Some(match (how, read.always()) {
            (Collect::Count, _) => typed(&Kind::Integer, false, node),
            (Collect::Sum, _) => typed(&read.kind, false, node),
            (_, None) => typed(&read.kind, true, node),
            // Some row always applies: the `else` only tells the proof so.
            (_, Some(output)) => {
                let otherwise = self.arena.constant(output, span);
                let node = self.arena.add(Node::Else(node, otherwise), span);
                typed(&read.kind, false, node)
            }
        })
    }

    /// The output of the first row that applies, missing where none does.
    fn first(&mut self, read: &Read, span: &Span) -> Option<Typed> {
        let typed = |optional, node| Typed {
            kind: read.kind.clone(),
            optional,
            node,
        };
        if read.always().is_some() {
            return Some(typed(false, self.looked_up(read, read.rows.clone(), span)?));
        }
        let count = self.collected(read, read.rows.clone(), Collect::Count, span)?;
        let one = self.arena.constant(1, span);
        let some = self.arena.add(Node::Le(one, count), span);
        // A last row for what no other takes in completes the look-up; it is
        // never what `When` lets through.
        let mut rows = read.rows.clone();
        rows.push(At {
            it: Row {
                cells: vec![Cells::Any; read.columns.len()],
                output: rows.first().map_or(0, |row| row.it.output),
            },
            span: read.header.clone(),
        });
        let found = self.looked_up(read, rows, span)?;
        Some(typed(true, self.arena.add(Node::When(some, found), span)))
    }

    fn looked_up(&mut self, read: &Read, rows: Vec<At<Row>>, span: &Span) -> Option<NodeId> {
        let table = self.keep(read, rows)?;
        Some(self.arena.add(Node::Lookup(table, read.inputs()), span))
    }

    fn collected(
        &mut self,
        read: &Read,
        rows: Vec<At<Row>>,
        how: Collect,
        span: &Span,
    ) -> Option<NodeId> {
        let table = self.keep(read, rows)?;
        let node = Node::Collect {
            how,
            table,
            operands: read.inputs(),
        };
        Some(self.arena.add(node, span))
    }

    /// The index of a table of these rows, new or known.
    fn keep(&mut self, read: &Read, rows: Vec<At<Row>>) -> Option<u16> {
        let built = read.built(rows)?;
        let same = |other: &BuiltTable| {
            other.table == built.table && other.hit == built.hit && other.header == built.header
        };
        let index = self.tables.iter().position(same).unwrap_or_else(|| {
            self.tables.push(built.clone());
            self.tables.len() - 1
        });
        u16::try_from(index).ok()
    }
}

impl Listing {
    /// All rows in the order in which they are told, whichever of them
    /// formulas ask for, and the steps that they are told of.
    pub(crate) fn whole(&self) -> Option<(BuiltTable, Vec<NodeId>)> {
        let built = self.read.built(self.read.rows.clone())?;
        Some((built, self.read.inputs()))
    }
}

impl Read {
    /// A table of these rows.
    fn built(&self, rows: Vec<At<Row>>) -> Option<BuiltTable> {
        let (rows, spans) = rows.into_iter().map(|row| (row.it, row.span)).unzip();
        let heading = |column: &Column| Heading {
            name: column.name.clone(),
            kind: column.kind.clone(),
        };
        Some(BuiltTable {
            table: Table {
                id: self.id.clone(),
                columns: u16::try_from(self.columns.len()).ok()?,
                rows,
            },
            hit: self.hit,
            columns: self.columns.iter().map(heading).collect(),
            rows: spans,
            header: self.header.clone(),
            kind: self.kind.clone(),
        })
    }

    fn inputs(&self) -> Vec<NodeId> {
        self.columns.iter().map(|column| column.node).collect()
    }

    /// The output of a row that takes everything in, if there is one.
    fn always(&self) -> Option<i64> {
        let open = |row: &&At<Row>| row.it.cells.iter().all(|cell| *cell == Cells::Any);
        self.rows.iter().find(open).map(|row| row.it.output)
    }
}
