//! Decision tables and scorecards out of CSV files.

use std::sync::Arc;

use prequal::policy::{Bin, Cells, Id, Kind, Node, NodeId, Row, Table};

use crate::cell::{self, Cell, Part};
use crate::cells;
use crate::csv::{self, Csv, Record};
use crate::declare::{self, TableSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::elaborate::{Scope, Typed};
use crate::number::NumberError;
use crate::source::{At, Quoted, Span};
use crate::suggest;
use crate::syntax::Literal;

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
    pub(crate) node: NodeId,
}

/// A characteristic with the places of its bins.
#[derive(Clone, Debug)]
pub(crate) struct BuiltCharacteristic {
    pub(crate) column: Column,
    pub(crate) optional: bool,
    pub(crate) span: Span,
    pub(crate) bins: Vec<At<Bin>>,
}

impl Scope<'_> {
    fn csv(&mut self, file: &Quoted) -> Option<Csv> {
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
        let (inputs, output) = self.header(&csv, &header)?;
        let kind = kind.or(source.kind.as_ref()).cloned();
        let kind = kind.unwrap_or_else(|| shown_kind(&csv.rows, output));
        let mut rows = Vec::new();
        let mut sound = true;
        for record in &csv.rows {
            match self.row(record, &inputs, output, &kind) {
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
        let columns: Vec<Column> = inputs.into_iter().map(|(_, column, _)| column).collect();
        let nodes = columns.iter().map(|column| column.node).collect();
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
        Some(Typed {
            kind,
            optional: false,
            node,
        })
    }

    /// The input columns by their index, and the index of the output.
    fn header(&mut self, csv: &Csv, span: &Span) -> Option<(Vec<(usize, Column, bool)>, usize)> {
        let mut inputs = Vec::new();
        let mut outputs = Vec::new();
        let mut sound = true;
        for (index, field) in csv.header.iter().enumerate() {
            let name = field.text.trim();
            if name.starts_with('=') {
                outputs.push((index, &field.span));
            } else if inputs
                .iter()
                .any(|(_, column, _): &(usize, Column, bool)| column.name == name)
            {
                self.sink
                    .push(declare::duplicate("column", name, &field.span));
                sound = false;
            } else if let Some(typed) = self.resolve(name, &field.span) {
                let column = Column {
                    name: name.to_owned(),
                    kind: typed.kind,
                    node: typed.node,
                };
                inputs.push((index, column, typed.optional));
            } else {
                sound = false;
            }
        }
        match outputs.as_slice() {
            [(output, _)] => sound.then_some((inputs, *output)),
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
        inputs: &[(usize, Column, bool)],
        output: usize,
        kind: &Kind,
    ) -> Option<Row> {
        let cells: Vec<Option<Cells>> = inputs
            .iter()
            .map(|(index, column, optional)| {
                let cell = parsed(record.fields.get(*index)?, self.sink)?;
                let cells = cells::cells(&cell, &column.kind, *optional, None, self.sink)?;
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
    fn spread_out(&self, cells: Cells, node: NodeId) -> Cells {
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

    /// The characteristics of a card and the reason codes of its bins.
    pub(crate) fn card(
        &mut self,
        file: &Quoted,
    ) -> Option<(Vec<BuiltCharacteristic>, Vec<At<Id>>)> {
        const COLUMNS: [&str; 4] = ["characteristic", "bin", "points", "reason"];
        let csv = self.csv(file)?;
        let mut sound = true;
        for field in &csv.header {
            if !COLUMNS.contains(&field.text.as_str()) {
                let message = format!("a card has no column `{}`", field.text);
                let help = suggest::help(&field.text, COLUMNS.into_iter());
                self.sink
                    .push(Diagnostic::new(Code::UnknownKey, &field.span, message).help(help));
                sound = false;
            }
        }
        let column = |name: &str| csv.header.iter().position(|field| field.text == name);
        let found = COLUMNS.map(column);
        let [
            Some(name_at),
            Some(bin_at),
            Some(points_at),
            Some(reason_at),
        ] = found
        else {
            if sound {
                let message = "a card has the columns characteristic, bin, points and reason";
                let span = &csv.header.first()?.span;
                self.sink
                    .push(Diagnostic::new(Code::MissingKey, span, message));
            }
            return None;
        };
        let mut characteristics: Vec<BuiltCharacteristic> = Vec::new();
        let mut broken: Vec<String> = Vec::new();
        let mut reasons: Vec<At<Id>> = Vec::new();
        let mut parsed_rows: Vec<(usize, Cell, i32, Option<u16>)> = Vec::new();
        for record in &csv.rows {
            let field = |index: usize| record.fields.get(index);
            let (Some(name), Some(bin)) = (field(name_at), field(bin_at)) else {
                continue;
            };
            let (Some(points), Some(reason)) = (field(points_at), field(reason_at)) else {
                continue;
            };
            let known = characteristics
                .iter()
                .position(|c| c.column.name == name.text);
            let index = match known {
                Some(index) => Some(index),
                None if broken.contains(&name.text) => None,
                None => self.characteristic(name).map(|characteristic| {
                    characteristics.push(characteristic);
                    characteristics.len() - 1
                }),
            };
            if index.is_none() {
                broken.push(name.text.clone());
            }
            let cell = parsed(bin, self.sink);
            let points = self.points(points);
            let reason = match reason.text.trim() {
                "" => Some(None),
                _ => declare::reason(reason, self.sink).map(|code| {
                    let at = reasons.iter().position(|known| known.it == code.it);
                    let at = at.unwrap_or_else(|| {
                        reasons.push(code);
                        reasons.len() - 1
                    });
                    u16::try_from(at).ok()
                }),
            };
            match (index, cell, points, reason) {
                (Some(index), Some(cell), Some(points), Some(reason)) => {
                    parsed_rows.push((index, cell, points, reason));
                }
                _ => sound = false,
            }
        }
        for (index, characteristic) in characteristics.iter_mut().enumerate() {
            let rows = || parsed_rows.iter().filter(|row| row.0 == index);
            let (kind, optional) = (characteristic.column.kind.clone(), characteristic.optional);
            let named = |cell: &Cell| {
                !cell
                    .parts
                    .iter()
                    .any(|part| matches!(part.it, Part::Unseen))
            };
            let seen: Vec<(i64, i64)> = rows()
                .filter(|row| named(&row.1))
                .filter_map(|row| cells::cells(&row.1, &kind, optional, None, &mut Sink::new()))
                .flat_map(|cells| match cells {
                    Cells::Any => Vec::new(),
                    Cells::Of { intervals, .. } => intervals,
                })
                .collect();
            for (_, cell, points, reason) in rows() {
                let cells = cells::cells(cell, &kind, optional, Some(&seen), self.sink);
                match cells.map(|cells| self.spread_out(cells, characteristic.column.node)) {
                    Some(cells) => characteristic.bins.push(At {
                        it: Bin {
                            cells,
                            points: *points,
                            reason: *reason,
                        },
                        span: cell.span.clone(),
                    }),
                    None => sound = false,
                }
            }
        }
        sound.then_some((characteristics, reasons))
    }

    fn characteristic(&mut self, name: &Quoted) -> Option<BuiltCharacteristic> {
        let typed = self.resolve(&name.text, &name.span)?;
        Some(BuiltCharacteristic {
            column: Column {
                name: name.text.clone(),
                kind: typed.kind,
                node: typed.node,
            },
            optional: typed.optional,
            span: name.span.clone(),
            bins: Vec::new(),
        })
    }

    fn points(&mut self, field: &Quoted) -> Option<i32> {
        let read = crate::number::whole(field.text.trim());
        let message = match read {
            Ok(points) if points.abs() <= 1_000_000 => return i32::try_from(points).ok(),
            Ok(_) => "points are at most 1 000 000",
            Err(NumberError::Malformed) => "points are a whole number",
            Err(error) => error.words(),
        };
        self.sink
            .push(Diagnostic::new(Code::BadValue, &field.span, message));
        None
    }
}

fn parsed(field: &Quoted, sink: &mut Sink) -> Option<Cell> {
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
