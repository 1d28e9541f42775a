//! Decision tables out of CSV files.

use std::sync::Arc;

use prequal::policy::{Cells, Kind, Node, NodeId, Row, Table};

use crate::cell::{self, Cell, Part};
use crate::cells;
use crate::csv::{self, Csv, Record};
use crate::declare::{self, TableSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::elaborate::{Scope, Typed};
use crate::source::{At, Quoted, Span};
use crate::suggest;
use crate::syntax::Literal;
use crate::trail::Trace;

/// The most rows of a table.
const MAX_ROWS: usize = 8192;

/// A table with what its proofs need.
#[derive(Clone, Debug)]
pub(crate) struct BuiltTable {
    pub(crate) table: Table,
    pub(crate) first: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Span>,
    pub(crate) header: Span,
}

/// An input of a table, or a characteristic of a card.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    pub(crate) node: NodeId,
    /// Its index in the file's header.
    index: usize,
}

impl Column {
    pub(crate) fn new(name: &str, typed: Typed, index: usize) -> Column {
        Column {
            name: name.to_owned(),
            kind: typed.kind,
            optional: typed.optional,
            node: typed.node,
            index,
        }
    }

    /// The column's name in the file's header, and the step that it stands for.
    fn trace(&self, csv: &Csv) -> Option<Trace> {
        let name = csv.header.get(self.index)?;
        let typed = Typed {
            kind: self.kind.clone(),
            optional: self.optional,
            node: self.node,
        };
        Some(Trace {
            span: name.span.clone(),
            typed: Some(typed),
            parts: Vec::new(),
        })
    }
}

impl Scope<'_> {
    pub(crate) fn csv(&mut self, file: &Quoted) -> Option<Csv> {
        let Some(source) = self.sources.get(&file.text) else {
            let message = format!("there is no file `{}`", file.text);
            let tables = self
                .sources
                .paths()
                .filter(|path| path.starts_with("tables/"));
            let help = suggest::help(&file.text, tables);
            self.sink
                .push(Diagnostic::new(Code::MissingFile, &file.span, message).help(help));
            return None;
        };
        let path: Arc<str> = file.text.as_str().into();
        let csv = csv::read(&path, source, self.sink)?;
        if let Some(record) = csv.rows.get(MAX_ROWS) {
            let message = format!("a table has at most {MAX_ROWS} rows");
            self.sink
                .push(Diagnostic::new(Code::TooMany, &record.span, message));
            return None;
        }
        Some(csv)
    }

    /// A look-up in a table whose output is of this kind, or of the kind that
    /// the table says or shows.
    pub(crate) fn table(&mut self, source: &TableSource, kind: Option<&Kind>) -> Option<Typed> {
        let csv = self.csv(&source.file)?;
        let header = csv.header.first()?.span.to(&csv.header.last()?.span);
        let (columns, output) = self.header(&csv, &header)?;
        let kind = kind.or(source.kind.as_ref()).cloned();
        let kind = kind.unwrap_or_else(|| shown_kind(&csv.rows, output));
        let mut rows = Vec::new();
        let mut sound = true;
        for record in &csv.rows {
            match self.row(record, &columns, output, &kind) {
                Some(row) => rows.push(row),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let stem = source.file.text.rsplit('/').next().unwrap_or_default();
        let stem = stem.strip_suffix(".csv").unwrap_or(stem);
        let name = Quoted::new(stem.to_owned(), Vec::new(), source.file.span.clone());
        let id = declare::id(&name, self.sink)?;
        let nodes = columns.iter().map(|column| column.node).collect();
        let inputs = columns
            .iter()
            .filter_map(|column| column.trace(&csv))
            .collect();
        let table = Table {
            id,
            columns: u16::try_from(columns.len()).ok()?,
            rows,
        };
        let built = BuiltTable {
            table,
            first: source.first,
            columns,
            rows: csv.rows.into_iter().map(|record| record.span).collect(),
            header,
        };
        let same = |other: &BuiltTable| {
            other.table == built.table && other.first == built.first && other.header == built.header
        };
        let index = match self.tables.iter().position(same) {
            Some(index) => index,
            None => {
                self.tables.push(built);
                self.tables.len() - 1
            }
        };
        let node = Node::Lookup(u16::try_from(index).ok()?, nodes);
        let node = self.arena.add(node, &source.file.span);
        let typed = Typed {
            kind,
            optional: false,
            node,
        };
        self.trail
            .keep_parts(&source.file.span, Some(&typed), inputs);
        Some(typed)
    }

    /// The input columns by their index, and the index of the output.
    fn header(&mut self, csv: &Csv, span: &Span) -> Option<(Vec<Column>, usize)> {
        let mut columns: Vec<Column> = Vec::new();
        let mut outputs = Vec::new();
        let mut sound = true;
        for (index, field) in csv.header.iter().enumerate() {
            let name = field.text.trim();
            if name.starts_with('=') {
                outputs.push((index, &field.span));
            } else if columns.iter().any(|column: &Column| column.name == name) {
                self.sink
                    .push(declare::duplicate("column", name, &field.span));
                sound = false;
            } else if let Some(typed) = self.resolve(name, &field.span) {
                columns.push(Column::new(name, typed, index));
            } else {
                sound = false;
            }
        }
        match outputs.as_slice() {
            [(output, _)] => sound.then_some((columns, *output)),
            _ => {
                let message = format!(
                    "a table has one output column, this one has {}",
                    outputs.len()
                );
                let help = "the output's name begins with `=`: grade,term,=rate";
                let at = outputs.get(1).map_or(span, |(_, span)| span);
                self.sink
                    .push(Diagnostic::new(Code::Syntax, at, message).help(help));
                None
            }
        }
    }

    fn row(
        &mut self,
        record: &Record,
        columns: &[Column],
        output: usize,
        kind: &Kind,
    ) -> Option<Row> {
        let cells: Vec<Option<Cells>> = columns
            .iter()
            .map(|column| {
                let cell = parsed(record.fields.get(column.index)?, self.sink)?;
                let cells = cells::cells(&cell, &column.kind, column.optional, None, self.sink)?;
                Some(self.spread_out(cells, column.node))
            })
            .collect();
        let output = self.output(record.fields.get(output)?, kind);
        Some(Row {
            cells: cells.into_iter().collect::<Option<_>>()?,
            output: output?,
        })
    }

    /// Cells of the input that takes some values and none between them.
    pub(crate) fn spread_out(&self, cells: Cells, node: NodeId) -> Cells {
        match &self.apart {
            Some((apart, values)) if *apart == node => cells::between(cells, values),
            _ => cells,
        }
    }

    fn output(&mut self, field: &Quoted, kind: &Kind) -> Option<i64> {
        let cell = parsed(field, self.sink)?;
        let value = match cell.parts.as_slice() {
            [
                At {
                    it: Part::Is(literal),
                    ..
                },
            ] => cells::constant(&literal.it, kind, &literal.span),
            _ => Err(Diagnostic::new(
                Code::BadFormula,
                &field.span,
                "an output is one constant",
            )),
        };
        value.map_err(|diagnostic| self.sink.push(diagnostic)).ok()
    }
}

pub(crate) fn parsed(field: &Quoted, sink: &mut Sink) -> Option<Cell> {
    cell::parse(field)
        .map_err(|diagnostic| sink.push(diagnostic))
        .ok()
}

/// The kind that a column of outputs shows: the first one's, a ratio where any
/// has a point.
fn shown_kind(rows: &[Record], output: usize) -> Kind {
    let literals = rows.iter().filter_map(|record| {
        let cell = cell::parse(record.fields.get(output)?).ok()?;
        match cell.parts.into_iter().next()?.it {
            Part::Is(literal) => Some(literal.it),
            _ => None,
        }
    });
    let mut kind = Kind::Integer;
    for literal in literals {
        match literal {
            Literal::Whole(_) => {}
            Literal::Ratio(_) => return Kind::Ratio,
            Literal::Truth(_) => kind = Kind::Boolean,
            Literal::Text(_) => kind = Kind::Date,
        }
    }
    kind
}
