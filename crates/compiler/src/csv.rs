//! CSV (RFC 4180) with the place of every field.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::source::{Quoted, Span};

/// A file's header and rows; every row has as many fields as the header.
#[derive(Clone, Debug)]
pub(crate) struct Csv {
    pub(crate) header: Vec<Quoted>,
    pub(crate) rows: Vec<Record>,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) fields: Vec<Quoted>,
    pub(crate) span: Span,
}

/// Reads a file; every row that is not as wide as the header is reported.
pub(crate) fn read(file: &Arc<str>, source: &str, sink: &mut Sink) -> Option<Csv> {
    let mut records = records(file, source, sink).into_iter();
    let Some(header) = records.next() else {
        let span = Span::new(file, 0..0);
        let message = "an empty table: the first row names the columns";
        sink.push(Diagnostic::new(Code::Syntax, &span, message));
        return None;
    };
    if let [only] = header.fields.as_slice()
        && let Some(at) = only.text.find([';', '\t'])
    {
        let sign = only.text.get(at..).and_then(|rest| rest.chars().next());
        let sign = if sign == Some(';') { "`;`" } else { "tabs" };
        let place = only.place(at..at + 1);
        let message = format!("the columns are separated by {sign}, not by commas");
        let help = "save the table as CSV with commas between the cells";
        sink.push(Diagnostic::new(Code::Syntax, &place, message).help(help));
        return None;
    }
    let width = header.fields.len();
    let mut rows = Vec::new();
    let mut sound = true;
    for record in records {
        if record.fields.len() == width {
            rows.push(record);
        } else {
            sound = false;
            let message = format!("{} fields under a header of {width}", record.fields.len());
            let help = "a cell with a comma in it stands in quotes, with its own quotes doubled: \"\"\"a\"\", \"\"b\"\"\"";
            sink.push(Diagnostic::new(Code::Syntax, &record.span, message).help(help));
        }
    }
    sound.then_some(Csv {
        header: header.fields,
        rows,
    })
}

fn records(file: &Arc<str>, source: &str, sink: &mut Sink) -> Vec<Record> {
    let mut records = Vec::new();
    let mut fields = Vec::new();
    // A spreadsheet may begin the file with a byte order mark.
    let mut at = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut start = at;
    while at < source.len() {
        let field = field(file, source, &mut at, sink);
        fields.push(field);
        let rest = source.get(at..).unwrap_or_default();
        if rest.starts_with(',') {
            at += 1;
            if at < source.len() {
                continue;
            }
            fields.push(Quoted::new(
                String::new(),
                vec![at],
                Span::new(file, at..at),
            ));
        }
        let span = Span::new(file, start..at);
        at += rest.len() - rest.trim_start_matches('\r').len();
        at += usize::from(source.get(at..).is_some_and(|rest| rest.starts_with('\n')));
        let blank = fields.len() == 1 && fields.iter().all(|f| f.text.is_empty());
        let row = std::mem::take(&mut fields);
        if !blank {
            records.push(Record { fields: row, span });
        }
        start = at;
    }
    records
}

/// The field at `at`, which moves to the comma or line end after it.
fn field(file: &Arc<str>, source: &str, at: &mut usize, sink: &mut Sink) -> Quoted {
    let start = *at;
    let mut text = String::new();
    let mut places = Vec::new();
    let rest = source.get(start..).unwrap_or_default();
    let quoted = rest.starts_with('"');
    let mut chars = rest.char_indices().peekable();
    let mut closed = !quoted;
    let mut end = rest.len();
    if quoted {
        chars.next();
    }
    while let Some((offset, c)) = chars.next() {
        let inside = quoted && !closed;
        if inside && c == '"' {
            if chars.next_if(|(_, next)| *next == '"').is_none() {
                closed = true;
                continue;
            }
        } else if !inside && matches!(c, ',' | '\n' | '\r') {
            end = offset;
            break;
        }
        places.extend(std::iter::repeat_n(start + offset, c.len_utf8()));
        text.push(c);
    }
    if !closed {
        let span = Span::new(file, start..start + 1);
        sink.push(Diagnostic::new(
            Code::Syntax,
            &span,
            "a quote that is not closed",
        ));
    }
    *at = start + end;
    places.push(*at);
    Quoted::new(text, places, Span::new(file, start..*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_know_where_they_stood() {
        let file: Arc<str> = "t.csv".into();
        let source = "a,b\r\n\"\"\"x\"\", \"\"y\"\"\",2\r\n\r\n,";
        let mut sink = Sink::new();
        let csv = read(&file, source, &mut sink).unwrap();
        assert!(sink.is_empty());
        assert_eq!(csv.rows.len(), 2);
        let cell = &csv.rows[0].fields[0];
        assert_eq!(cell.text, "\"x\", \"y\"");
        let y = cell.place(6..7);
        assert_eq!(source.get(y.start..y.end), Some("y"));
        assert_eq!(csv.rows[0].fields[1].text, "2");
        assert_eq!(csv.rows[1].fields.len(), 2);
    }

    #[test]
    fn an_open_quote_and_a_short_row_are_reported() {
        let mut sink = Sink::new();
        read(&"t.csv".into(), "a,b\n1\n\"x,y", &mut sink);
        let messages: Vec<&str> = sink.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "a quote that is not closed",
                "1 fields under a header of 2",
                "1 fields under a header of 2"
            ]
        );
    }
}
