//! Decision tables out of CSV files.

mod yields;

use std::sync::Arc;

use prequal::policy::{Cells, Id, Kind, MAX_ROWS, Node, NodeId, Row, Table};

use crate::cell::{self, Cell, Part};
use crate::cells;
use crate::csv::{self, Csv, Record};
use crate::declare::{self, Hit, TableSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::elaborate::{Scope, Typed};
use crate::number;
use crate::source::{At, Quoted, Sources, Span};
use crate::suggest;
use crate::syntax::{Ast, Literal};
use crate::trail::Trace;

pub(crate) use yields::{Ask, Listing, no_value};

/// A table with what its proofs need.
#[derive(Clone, Debug)]
pub(crate) struct BuiltTable {
    pub(crate) table: Table,
    pub(crate) hit: Hit,
    pub(crate) columns: Vec<Heading>,
    pub(crate) rows: Vec<Span>,
    pub(crate) header: Span,
    /// What the outputs are.
    pub(crate) kind: Kind,
}

/// What messages call an input of a table.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    pub(crate) name: String,
    pub(crate) kind: Kind,
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
}

impl Column {
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

/// A table that has been read for certain inputs, before its hit policy
/// decides what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    id: Id,
    hit: Hit,
    columns: Vec<Column>,
    header: Span,
    /// The kind of the outputs.
    kind: Kind,
    /// In the order that the hit policy looks at them.
    rows: Vec<At<Row>>,
    /// Where it is referred to.
    span: Span,
    traces: Vec<Trace>,
}

/// A table's file.
pub(crate) fn open(file: &Quoted, sources: &Sources, sink: &mut Sink) -> Option<Csv> {
    let Some(source) = sources.get(&file.text) else {
        let message = format!("there is no file `{}`", file.text);
        let tables = sources.paths().filter(|path| path.starts_with("tables/"));
        let help = suggest::help(&file.text, tables);
        sink.push(Diagnostic::new(Code::MissingFile, &file.span, message).help(help));
        return None;
    };
    let path: Arc<str> = file.text.as_str().into();
    let csv = csv::read(&path, source, sink)?;
    if let Some(record) = csv.rows.get(MAX_ROWS) {
        let message = format!("a table has at most {MAX_ROWS} rows");
        sink.push(Diagnostic::new(Code::TooMany, &record.span, message));
        return None;
    }
    Some(csv)
}

/// A table's name: its file's, without folder and ending.
pub(crate) fn stem(file: &Quoted) -> &str {
    let name = file.text.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".csv").unwrap_or(name)
}

/// The indices of a table's inputs, and of its output.
pub(crate) fn split(csv: &Csv, sink: &mut Sink) -> Option<(Vec<usize>, usize)> {
    let is_output = |index: &usize| {
        let field = csv.header.get(*index);
        field.is_some_and(|field| field.text.trim().starts_with('='))
    };
    let (outputs, inputs): (Vec<usize>, Vec<usize>) = (0..csv.header.len()).partition(is_output);
    if let [output] = outputs.as_slice() {
        return Some((inputs, *output));
    }
    let message = format!(
        "a table has one output column, this one has {}",
        outputs.len()
    );
    let help = "the output's name begins with `=`: grade,term,=rate";
    let second = outputs.get(1).and_then(|index| csv.header.get(*index));
    let at = second.map_or_else(|| header_span(csv), |field| Some(field.span.clone()))?;
    sink.push(Diagnostic::new(Code::Syntax, &at, message).help(help));
    None
}

fn header_span(csv: &Csv) -> Option<Span> {
    Some(csv.header.first()?.span.to(&csv.header.last()?.span))
}

impl Scope<'_> {
    /// Reads a table whose inputs are the names of its columns. The outputs
    /// are of the kind that is wanted, or that the table says or shows.
    fn read_table(&mut self, source: &TableSource, wanted: Option<&Kind>) -> Option<Read> {
        let csv = open(&source.file, self.sources, self.sink)?;
        let (inputs, output) = split(&csv, self.sink)?;
        let columns = self.columns(&csv, &inputs)?;
        self.read(source, &csv, columns, output, wanted)
    }

    /// Reads the rows of an open table for these columns.
    fn read(
        &mut self,
        source: &TableSource,
        csv: &Csv,
        columns: Vec<Column>,
        output: usize,
        wanted: Option<&Kind>,
    ) -> Option<Read> {
        // A count is an integer whatever it counts.
        let wanted = wanted.filter(|_| source.hit != Hit::CollectCount);
        let kind = match wanted.or(source.kind.as_ref()) {
            Some(Kind::Choice(options)) if options.is_empty() => None,
            known => known.cloned(),
        };
        let kind = match kind {
            Some(kind) => kind,
            None => self.shown_kind(source, &csv.rows, output)?,
        };
        let mut rows = Vec::new();
        let mut outputs = Vec::new();
        let mut sound = true;
        for record in &csv.rows {
            match self.row(record, &columns, output, &kind) {
                Some(row) => {
                    let span = record.fields.get(output)?.span.clone();
                    outputs.push(At {
                        it: row.output,
                        span,
                    });
                    rows.push(At {
                        it: row,
                        span: record.span.clone(),
                    });
                }
                None => sound = false,
            }
        }
        if source.hit.is_ordered() && sound {
            let order = self.order(&source.order, &kind)?;
            let shown = |value: &i64| number::show(&kind, *value);
            sound = declare::in_order(&order, &outputs, shown, self.sink);
            rows.sort_by_key(|row| order.iter().position(|best| best.it == row.it.output));
        }
        let traces = columns.iter().filter_map(|column| column.trace(csv));
        let traces = traces.collect();
        let name = stem(&source.file).to_owned();
        let name = Quoted::new(name, Vec::new(), source.file.span.clone());
        let id = declare::id(&name, self.sink)?;
        sound.then_some(Read {
            id,
            hit: source.hit,
            columns,
            header: header_span(csv)?,
            kind,
            rows,
            span: source.file.span.clone(),
            traces,
        })
    }

    /// The columns that are named in the header.
    fn columns(&mut self, csv: &Csv, inputs: &[usize]) -> Option<Vec<Column>> {
        let mut columns: Vec<Column> = Vec::new();
        let mut sound = true;
        for index in inputs {
            let field = csv.header.get(*index)?;
            let name = field.text.trim();
            if columns.iter().any(|column| column.name == name) {
                self.sink
                    .push(declare::duplicate("column", name, &field.span));
                sound = false;
            } else if let Some(typed) = self.resolve(name, &field.span) {
                columns.push(Column::new(name, typed, *index));
            } else {
                sound = false;
            }
        }
        sound.then_some(columns)
    }

    /// Whether a call has an argument for each column.
    fn as_many(
        &mut self,
        csv: &Csv,
        inputs: &[usize],
        arguments: &[Ast],
        span: &Span,
    ) -> Option<()> {
        if inputs.len() == arguments.len() {
            return Some(());
        }
        let names = inputs.iter().filter_map(|index| csv.header.get(*index));
        let listed: Vec<&str> = names.map(|field| field.text.trim()).collect();
        let message = format!(
            "the table takes {} ({}), not {}",
            match inputs.len() {
                1 => "one argument".to_owned(),
                count => format!("{count} arguments"),
            },
            listed.join(", "),
            arguments.len()
        );
        self.sink
            .push(Diagnostic::new(Code::BadFormula, span, message));
        None
    }

    /// The choice that the words of a column are options of, for a word that it
    /// is asked for.
    fn options(&mut self, csv: &Csv, column: usize, span: &Span) -> Option<Kind> {
        let fields = csv.rows.iter().filter_map(|row| row.fields.get(column));
        let parts = fields.filter_map(|field| cell::parse(field).ok());
        let mut options: Vec<Id> = Vec::new();
        for part in parts.flat_map(|cell| cell.parts) {
            let Part::Is(At {
                it: Literal::Text(word),
                ..
            }) = part.it
            else {
                continue;
            };
            let is_option = cells::own_kind(&word).is_none();
            let option = Id::try_from(word).ok().filter(|_| is_option);
            options.extend(option.filter(|option| !options.contains(option)));
        }
        if !options.is_empty() {
            return Some(Kind::Choice(options));
        }
        let name = csv.header.get(column)?.text.trim();
        let message = format!(
            "the column `{name}` takes no words in: {} is none of its values",
            self.slice(span)
        );
        self.sink
            .push(Diagnostic::new(Code::UnitMismatch, span, message));
        None
    }

    fn order(&mut self, order: &[At<Literal>], kind: &Kind) -> Option<Vec<At<i64>>> {
        let mut values = Vec::new();
        for literal in order {
            match cells::constant(&literal.it, kind, &literal.span) {
                Ok(it) => values.push(At {
                    it,
                    span: literal.span.clone(),
                }),
                Err(diagnostic) => self.sink.push(diagnostic),
            }
        }
        (values.len() == order.len()).then_some(values)
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
            .map(|column| self.cell(record.fields.get(column.index)?, column))
            .collect();
        let output = self.output(record.fields.get(output)?, kind);
        Some(Row {
            cells: cells.into_iter().collect::<Option<_>>()?,
            output: output?,
        })
    }

    fn cell(&mut self, field: &Quoted, column: &Column) -> Option<Cells> {
        let cell = parsed(field, self.sink)?;
        let cells = cells::cells(&cell, &column.kind, column.optional, None, self.sink)?;
        Some(self.spread_out(cells, column.node))
    }

    /// Cells of the input that takes some values and none between them.
    pub(crate) fn spread_out(&self, cells: Cells, node: NodeId) -> Cells {
        match &self.apart {
            Some((apart, values)) if *apart == node => cells::between(cells, values),
            _ => cells,
        }
    }

    fn output(&mut self, field: &Quoted, kind: &Kind) -> Option<i64> {
        let literal = output(field).map_err(|diagnostic| self.sink.push(diagnostic));
        let literal = literal.ok()?;
        cells::constant(&literal.it, kind, &literal.span)
            .map_err(|diagnostic| self.sink.push(diagnostic))
            .ok()
    }

    /// Whether every cell of a row takes in the column of that name.
    pub(crate) fn condition(&mut self, row: &[(Quoted, Quoted)], span: &Span) -> Option<NodeId> {
        let mut all = None;
        let mut sound = true;
        let mut traces = Vec::new();
        for (index, (name, field)) in row.iter().enumerate() {
            let typed = self.resolve(name.text.trim(), &name.span);
            traces.push(Trace {
                span: name.span.clone(),
                typed: typed.clone(),
                parts: Vec::new(),
            });
            let column = typed.map(|typed| Column::new(&name.text, typed, index));
            let cells = column.and_then(|column| {
                self.cell(field, &column)
                    .map(|cells| (column.node, cells, &field.span))
            });
            match cells {
                Some((_, Cells::Any, _)) => {}
                Some((node, cells, at)) => {
                    let within = self.arena.add(Node::Within(node, cells), at);
                    all = Some(match all {
                        Some(all) => self.arena.add(Node::And(all, within), span),
                        None => within,
                    });
                }
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        // A row of nothing but `-` always holds.
        let node = all.unwrap_or_else(|| self.arena.constant(1, span));
        let typed = Typed {
            kind: Kind::Boolean,
            optional: false,
            node,
        };
        self.trail.keep_parts(span, Some(&typed), traces);
        Some(node)
    }

    /// The kind that a column of outputs shows: the first one's, a ratio where
    /// any has a point; words that are no dates are the options of a choice.
    fn shown_kind(&mut self, source: &TableSource, rows: &[Record], index: usize) -> Option<Kind> {
        let fields = rows.iter().filter_map(|record| record.fields.get(index));
        let shown: Vec<At<Literal>> = fields.filter_map(|field| output(field).ok()).collect();
        let words = || {
            shown.iter().filter_map(|literal| match &literal.it {
                Literal::Text(text) => Some((text, &literal.span)),
                _ => None,
            })
        };
        let choice = matches!(source.kind, Some(Kind::Choice(_)));
        if choice || words().any(|(text, _)| cells::own_kind(text).is_none()) {
            let mut options: Vec<Id> = Vec::new();
            let mut sound = true;
            for (text, span) in words() {
                let name = Quoted::new(text.clone(), Vec::new(), span.clone());
                match declare::id(&name, self.sink) {
                    Some(id) if !options.contains(&id) => options.push(id),
                    Some(_) => {}
                    None => sound = false,
                }
            }
            return sound.then_some(Kind::Choice(options));
        }
        let mut kind = Kind::Integer;
        for literal in &shown {
            match &literal.it {
                Literal::Whole(_) => {}
                Literal::Ratio(_) => return Some(Kind::Ratio),
                Literal::Truth(_) => kind = Kind::Boolean,
                Literal::Text(text) => kind = cells::own_kind(text).unwrap_or(Kind::Date),
            }
        }
        Some(kind)
    }
}

/// The one constant of an output.
fn output(field: &Quoted) -> Result<At<Literal>, Diagnostic> {
    let cell = cell::parse(field)?;
    match cell
        .parts
        .into_iter()
        .map(|part| part.it)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [Part::Is(literal)] => Ok(literal.clone()),
        _ => Err(Diagnostic::new(
            Code::BadFormula,
            &field.span,
            "an output is one constant",
        )),
    }
}

pub(crate) fn parsed(field: &Quoted, sink: &mut Sink) -> Option<Cell> {
    cell::parse(field)
        .map_err(|diagnostic| sink.push(diagnostic))
        .ok()
}
