//! TOML: one space round `=`, lists in one line or filled, comments kept,
//! formulas spaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use super::spacing::spaced;
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted};
use crate::syntax;

/// How long a line with a list may become.
const WIDTH: usize = 100;

/// How far a list's lines are set in.
const INDENT: usize = 4;

/// The keys whose strings are formulas.
const FORMULAS: [&str; 3] = ["formula", "when", "from"];

pub(super) fn formatted(
    file: &Arc<str>,
    text: &str,
    formulas: bool,
    sink: &mut Sink,
) -> Option<String> {
    let mut root = document::read(file, text, sink);
    if !sink.is_empty() {
        return None;
    }
    let mut found = BTreeMap::new();
    if formulas {
        spaced_formulas(&mut root, text, &mut found, sink);
    }
    let mut printer = Printer {
        text,
        tokens: Source::new(text).lex().into_vec(),
        at: 0,
        formulas: found,
        out: String::with_capacity(text.len()),
    };
    printer.document();
    Some(printer.out)
}

/// Every formula as it is to stand, quotes included, by its first byte.
fn spaced_formulas(
    section: &mut Section,
    text: &str,
    found: &mut BTreeMap<usize, String>,
    sink: &mut Sink,
) {
    for (key, item) in section.rest() {
        let formula = FORMULAS.contains(&key.it.as_str());
        spaced_formula(item, formula, text, found, sink);
    }
}

fn spaced_formula(
    item: At<Item>,
    formula: bool,
    text: &str,
    found: &mut BTreeMap<usize, String>,
    sink: &mut Sink,
) {
    match item.it {
        Item::Text(quoted) if formula => {
            let raw = text.get(item.span.start..item.span.end).unwrap_or_default();
            match syntax::parse(&quoted).and_then(|_| quotes(&quoted, raw)) {
                Ok(spaced) => {
                    found.insert(item.span.start, spaced);
                }
                Err(diagnostic) => sink.push(diagnostic),
            }
        }
        Item::Table(entries) => {
            let mut section = Section::new("", item.span, entries);
            spaced_formulas(&mut section, text, found, sink);
        }
        Item::List(items) => {
            for item in items {
                spaced_formula(item, false, text, found, sink);
            }
        }
        _ => {}
    }
}

/// A formula in the quotes that need no escapes, where there are such; `raw`
/// is how it stands in the file. A string of several lines stays one.
fn quotes(formula: &Quoted, raw: &str) -> Result<String, crate::diagnostic::Diagnostic> {
    let long = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let spaced = spaced(&formula.text, long)?;
    let plain = !spaced.contains(['\\']) && !spaced.chars().any(|c| c.is_control() && c != '\n');
    if long && formula.text.contains('\n') {
        let open = if raw
            .trim_start_matches(['"', '\''])
            .starts_with(['\n', '\r'])
        {
            "\n"
        } else {
            ""
        };
        let close = if formula.text.trim_end_matches([' ', '\t']).ends_with('\n') {
            "\n"
        } else {
            ""
        };
        if plain && !spaced.contains("'''") && !spaced.ends_with('\'') {
            return Ok(format!("'''{open}{spaced}{close}'''"));
        }
        let escaped = escaped(&spaced);
        return Ok(format!("\"\"\"{open}{escaped}{close}\"\"\""));
    }
    if plain && !spaced.contains('"') {
        return Ok(format!("\"{spaced}\""));
    }
    if plain && !spaced.contains('\'') {
        return Ok(format!("'{spaced}'"));
    }
    Ok(format!("\"{}\"", escaped(&spaced)))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push(c),
            c if c.is_control() => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A value as it is written.
enum Value {
    Scalar(String),
    Group {
        open: char,
        close: char,
        entries: Vec<Entry>,
        /// Comments after the last entry.
        closing: Vec<String>,
    },
}

/// A list's item, or an inline table's key and value.
struct Entry {
    /// Comments on lines of their own before it.
    above: Vec<String>,
    key: Option<String>,
    value: Value,
    /// The comment in its line.
    beside: Option<String>,
}

impl Value {
    /// The value in one line, unless it holds a comment.
    fn flat(&self) -> Option<String> {
        let (open, close, entries) = match self {
            Value::Scalar(text) => return Some(text.clone()),
            Value::Group { closing, .. } if !closing.is_empty() => return None,
            Value::Group {
                open,
                close,
                entries,
                ..
            } => (open, close, entries),
        };
        let flat: Option<Vec<String>> = entries.iter().map(Entry::flat).collect();
        let inner = flat?.join(", ");
        Some(match open {
            '{' if !inner.is_empty() => format!("{open} {inner} {close}"),
            _ => format!("{open}{inner}{close}"),
        })
    }

    /// The value from a column of a line that is set in by `indent`.
    fn laid_out(&self, indent: usize, column: usize) -> String {
        let flat = self.flat();
        let (open, close, entries, closing) = match (self, flat) {
            (Value::Scalar(text), _) => return text.clone(),
            // Before TOML 1.1 an inline table stood in one line.
            (Value::Group { open: '{', .. }, Some(flat)) => return flat,
            (_, Some(flat)) if column + flat.chars().count() <= WIDTH => return flat,
            (
                Value::Group {
                    open,
                    close,
                    entries,
                    closing,
                },
                _,
            ) => (open, close, entries, closing),
        };
        let inner = indent + INDENT;
        let start = format!("\n{}", " ".repeat(inner));
        let mut out = open.to_string();
        // Plain items share lines.
        let fills = closing.is_empty() && entries.iter().all(Entry::is_plain);
        let mut column = WIDTH;
        for entry in entries {
            for comment in &entry.above {
                out.push_str(&start);
                out.push_str(comment);
            }
            let key = entry.key.as_ref().map(|key| format!("{key} = "));
            let key = key.unwrap_or_default();
            let value = entry.value.laid_out(inner, inner + key.chars().count());
            let width = value.chars().count() + 1;
            if fills && column + 1 + width <= WIDTH {
                out.push(' ');
                column += 1 + width;
            } else {
                out.push_str(&start);
                column = inner + width;
            }
            out.push_str(&key);
            out.push_str(&value);
            out.push(',');
            if let Some(comment) = &entry.beside {
                out.push(' ');
                out.push_str(comment);
            }
        }
        for comment in closing {
            out.push_str(&start);
            out.push_str(comment);
        }
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        out.push(*close);
        out
    }
}

impl Entry {
    fn is_plain(&self) -> bool {
        self.above.is_empty() && self.beside.is_none() && matches!(self.value, Value::Scalar(_))
    }

    fn flat(&self) -> Option<String> {
        if !self.above.is_empty() || self.beside.is_some() {
            return None;
        }
        let value = self.value.flat()?;
        Some(match &self.key {
            Some(key) => format!("{key} = {value}"),
            None => value,
        })
    }
}

/// Prints the tokens of a file that is known to be TOML.
struct Printer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    formulas: BTreeMap<usize, String>,
    out: String,
}

impl Printer<'_> {
    fn document(&mut self) {
        let mut blank = false;
        loop {
            self.skip_spaces();
            match self.kind() {
                TokenKind::Eof => return,
                TokenKind::Newline => {
                    blank = self.out.ends_with('\n');
                    self.at += 1;
                    continue;
                }
                _ if blank => self.out.push('\n'),
                _ => {}
            }
            blank = false;
            if self.kind() != TokenKind::Comment {
                self.statement();
                self.skip_spaces();
                if self.kind() == TokenKind::Comment {
                    self.out.push(' ');
                }
            }
            if self.kind() == TokenKind::Comment {
                let comment = self.comment();
                self.out.push_str(&comment);
            }
            self.out.push('\n');
            if self.kind() == TokenKind::Newline {
                self.at += 1;
            }
        }
    }

    /// A header, or a key and its value.
    fn statement(&mut self) {
        let start = self.out.len();
        while !matches!(
            self.kind(),
            TokenKind::Equals | TokenKind::Newline | TokenKind::Comment | TokenKind::Eof
        ) {
            let word = self.word();
            self.out.push_str(&word);
        }
        if self.kind() == TokenKind::Equals {
            self.at += 1;
            self.out.push_str(" = ");
            let column = self.out.get(start..).unwrap_or_default().chars().count();
            let value = self.value().laid_out(0, column);
            self.out.push_str(&value);
        }
    }

    fn value(&mut self) -> Value {
        self.skip_spaces();
        match self.kind() {
            TokenKind::LeftSquareBracket => self.group('[', ']', TokenKind::RightSquareBracket),
            TokenKind::LeftCurlyBracket => self.group('{', '}', TokenKind::RightCurlyBracket),
            _ => Value::Scalar(self.scalar()),
        }
    }

    /// A string, or the atoms of a number, boolean or date.
    fn scalar(&mut self) -> String {
        let mut text = String::new();
        loop {
            match self.kind() {
                TokenKind::Whitespace => {
                    let space = self.raw().to_owned();
                    // A date and its time may stand apart; what else stands
                    // between atoms is kept for whoever reads the value.
                    if self.kind() == TokenKind::Atom {
                        text.push_str(&space);
                    }
                }
                TokenKind::Comma
                | TokenKind::RightSquareBracket
                | TokenKind::RightCurlyBracket
                | TokenKind::Newline
                | TokenKind::Comment
                | TokenKind::Eof => return text,
                _ => text.push_str(&self.word()),
            }
        }
    }

    fn group(&mut self, open: char, close: char, end: TokenKind) -> Value {
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        let mut above = Vec::new();
        // Whether a comment would stand in the line of the last entry.
        let mut beside = false;
        loop {
            match self.kind() {
                TokenKind::Eof => break,
                kind if kind == end => {
                    self.at += 1;
                    break;
                }
                TokenKind::Whitespace | TokenKind::Comma => self.at += 1,
                TokenKind::Newline => {
                    beside = false;
                    self.at += 1;
                }
                TokenKind::Comment => {
                    let comment = self.comment();
                    match entries.last_mut().filter(|_| beside) {
                        Some(entry) => entry.beside = Some(comment),
                        None => above.push(comment),
                    }
                }
                _ => {
                    let key = (open == '{').then(|| self.key(&mut above));
                    let value = self.value();
                    beside = true;
                    entries.push(Entry {
                        above: std::mem::take(&mut above),
                        key,
                        value,
                        beside: None,
                    });
                }
            }
        }
        Value::Group {
            open,
            close,
            entries,
            closing: above,
        }
    }

    /// The key of an inline table, up to its value; comments in between go
    /// above it.
    fn key(&mut self, above: &mut Vec<String>) -> String {
        let mut key = String::new();
        let mut named = false;
        loop {
            match self.kind() {
                TokenKind::Comment => above.push(self.comment()),
                TokenKind::Whitespace | TokenKind::Newline => self.at += 1,
                TokenKind::Equals if !named => {
                    named = true;
                    self.at += 1;
                }
                TokenKind::Eof => return key,
                _ if named => return key,
                _ => key.push_str(&self.word()),
            }
        }
    }

    fn comment(&mut self) -> String {
        self.raw().trim_end().to_owned()
    }

    /// The next token as it is to stand: nothing for white space.
    fn word(&mut self) -> String {
        if matches!(self.kind(), TokenKind::Whitespace | TokenKind::Newline) {
            self.at += 1;
            return String::new();
        }
        let start = self.tokens.get(self.at).map(|token| token.span().start());
        match start.and_then(|start| self.formulas.remove(&start)) {
            Some(formula) => {
                self.at += 1;
                formula
            }
            None => self.raw().to_owned(),
        }
    }

    fn raw(&mut self) -> &str {
        let span = self.tokens.get(self.at).map(Token::span);
        self.at += 1;
        span.and_then(|span| self.text.get(span.start()..span.end()))
            .unwrap_or_default()
    }

    fn kind(&self) -> TokenKind {
        self.tokens.get(self.at).map_or(TokenKind::Eof, Token::kind)
    }

    fn skip_spaces(&mut self) {
        while self.kind() == TokenKind::Whitespace {
            self.at += 1;
        }
    }
}
