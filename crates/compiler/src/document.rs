//! TOML with the place of every key and value.

use std::collections::BTreeSet;
use std::sync::Arc;

use prequal::Date;
use prequal::policy::Kind;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic};
use crate::number::{self, kind_name};
use crate::source::{At, Quoted, Span};
use crate::suggest;

/// Where diagnostics are collected.
pub(crate) type Sink = Vec<Diagnostic>;

/// A TOML value. Numbers keep their text: no number passes through a float.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Text(Quoted),
    Number(String),
    Boolean(bool),
    Datetime,
    List(Vec<At<Item>>),
    Table(Vec<(At<String>, At<Item>)>),
}

impl Item {
    fn name(&self) -> &'static str {
        match self {
            Item::Text(_) => "a string",
            Item::Number(_) => "a number",
            Item::Boolean(_) => "a boolean",
            Item::Datetime => "a bare date",
            Item::List(_) => "a list",
            Item::Table(_) => "a table",
        }
    }
}

/// Reads a document; what cannot be read is reported and left out.
pub(crate) fn read(file: &Arc<str>, source: &str, sink: &mut Sink) -> Section {
    let (table, errors) = DeTable::parse_recoverable(source);
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let span = Span::new(file, range);
        sink.push(Diagnostic::new(Code::Syntax, &span, error.message()));
    }
    let reader = Reader { file, source };
    Section::new(
        "the file",
        Span::new(file, 0..0),
        reader.table(table.get_ref()),
    )
}

/// The folder of the catalogue that a policy's source names, if it is one
/// beside it.
pub(crate) fn catalogue(source: &str) -> Option<String> {
    let (table, _) = DeTable::parse_recoverable(source);
    let policy = table.get_ref().get("policy")?.get_ref().as_table()?;
    let folder = policy.get("catalogue")?.get_ref().as_str()?;
    is_beside(folder).then(|| folder.to_owned())
}

/// Whether a path is that of a folder beside the policy's: `../name`.
pub(crate) fn is_beside(folder: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let named = |name: &str| !name.is_empty() && name.bytes().all(plain);
    folder.strip_prefix("../").is_some_and(named)
}

struct Reader<'a> {
    file: &'a Arc<str>,
    source: &'a str,
}

impl Reader<'_> {
    fn table(&self, table: &DeTable<'_>) -> Vec<(At<String>, At<Item>)> {
        let entries = table.iter().map(|(key, value)| {
            let key_span = Span::new(self.file, key.span());
            let key = At {
                it: key.get_ref().to_string(),
                span: key_span,
            };
            (key, self.item(value.get_ref(), value.span()))
        });
        entries.collect()
    }

    fn item(&self, value: &DeValue<'_>, range: std::ops::Range<usize>) -> At<Item> {
        let span = Span::new(self.file, range.clone());
        let raw = self.source.get(range).unwrap_or_default();
        let it = match value {
            DeValue::String(text) => Item::Text(Quoted::toml(text, raw, span.clone())),
            DeValue::Integer(_) | DeValue::Float(_) => Item::Number(raw.to_owned()),
            DeValue::Boolean(truth) => Item::Boolean(*truth),
            DeValue::Datetime(_) => Item::Datetime,
            DeValue::Array(list) => Item::List(
                list.iter()
                    .map(|item| self.item(item.get_ref(), item.span()))
                    .collect(),
            ),
            DeValue::Table(table) => Item::Table(self.table(table)),
        };
        At { it, span }
    }
}

/// A table of a document, out of which known keys are taken one by one; what
/// is left in the end is unknown.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// What messages call it, such as `[question.age]`.
    pub(crate) name: String,
    pub(crate) span: Span,
    entries: Vec<(At<String>, At<Item>)>,
    asked: BTreeSet<&'static str>,
}

impl Section {
    pub(crate) fn new(
        name: impl Into<String>,
        span: Span,
        entries: Vec<(At<String>, At<Item>)>,
    ) -> Section {
        Section {
            name: name.into(),
            span,
            entries,
            asked: BTreeSet::new(),
        }
    }

    /// Takes a key's value out, if it is there.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<At<Item>> {
        self.asked.insert(key);
        #[cfg(test)]
        asked::note(&self.name, key);
        let index = self.entries.iter().position(|(name, _)| name.it == key)?;
        Some(self.entries.remove(index).1)
    }

    /// Whether a key is there and not taken yet.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.it == key)
    }

    /// Takes a key's value out; reports it if it is not there.
    pub(crate) fn need(&mut self, key: &'static str, sink: &mut Sink) -> Option<At<Item>> {
        let item = self.take(key);
        if item.is_none() {
            let message = format!("{} needs the key `{key}`", self.name);
            sink.push(Diagnostic::new(Code::MissingKey, &self.span, message));
        }
        item
    }

    pub(crate) fn text(&mut self, key: &'static str, sink: &mut Sink) -> Option<Quoted> {
        self.take(key).and_then(|item| text(item, sink))
    }

    pub(crate) fn need_text(&mut self, key: &'static str, sink: &mut Sink) -> Option<Quoted> {
        self.need(key, sink).and_then(|item| text(item, sink))
    }

    /// A list of texts; a missing key is an empty list.
    pub(crate) fn texts(&mut self, key: &'static str, sink: &mut Sink) -> Option<Vec<Quoted>> {
        let items = list(self.take(key)?, sink)?;
        Some(
            items
                .into_iter()
                .filter_map(|item| text(item, sink))
                .collect(),
        )
    }

    pub(crate) fn truth(&mut self, key: &'static str, sink: &mut Sink) -> Option<At<bool>> {
        let At { it, span } = self.take(key)?;
        match it {
            Item::Boolean(it) => Some(At { it, span }),
            other => wrong(&span, "`true` or `false`", &other, sink),
        }
    }

    /// A number of a kind.
    pub(crate) fn number(
        &mut self,
        key: &'static str,
        kind: &Kind,
        sink: &mut Sink,
    ) -> Option<At<i64>> {
        self.take(key).and_then(|item| value(item, kind, sink))
    }

    pub(crate) fn need_number(
        &mut self,
        key: &'static str,
        kind: &Kind,
        sink: &mut Sink,
    ) -> Option<At<i64>> {
        self.need(key, sink)
            .and_then(|item| value(item, kind, sink))
    }

    /// The tables under a key: `[key.name]`, with their names.
    pub(crate) fn named(
        &mut self,
        key: &'static str,
        sink: &mut Sink,
    ) -> Vec<(At<String>, Section)> {
        self.titled(key, key, sink)
    }

    /// The tables under a key that has a longer name from the file's top:
    /// `[title.name]`.
    pub(crate) fn titled(
        &mut self,
        key: &'static str,
        title: &str,
        sink: &mut Sink,
    ) -> Vec<(At<String>, Section)> {
        let Some(At { it, span }) = self.take(key) else {
            return Vec::new();
        };
        let Item::Table(entries) = it else {
            wrong::<()>(&span, &format!("tables `[{title}.name]`"), &it, sink);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (name, item) in entries {
            let title = format!("`[{title}.{}]`", name.it);
            if let Some(section) = section(title, item, &name.span, sink) {
                sections.push((name, section));
            }
        }
        sections
    }

    /// The tables of a list: `[[key]]`.
    pub(crate) fn listed(&mut self, key: &'static str, sink: &mut Sink) -> Vec<Section> {
        let Some(At { it, span }) = self.take(key) else {
            return Vec::new();
        };
        let Item::List(items) = it else {
            wrong::<()>(&span, &format!("a list of tables `[[{key}]]`"), &it, sink);
            return Vec::new();
        };
        sections(key, items, sink)
    }

    /// One table `[key]`, or several `[[key]]`.
    pub(crate) fn one_or_several(&mut self, key: &'static str, sink: &mut Sink) -> Vec<Section> {
        match self.take(key) {
            None => Vec::new(),
            Some(At {
                it: Item::List(items),
                ..
            }) => sections(key, items, sink),
            Some(item) => {
                let span = item.span.clone();
                let section = section(format!("`[{key}]`"), item, &span, sink);
                section.into_iter().collect()
            }
        }
    }

    /// What is left: keys that the caller names itself.
    pub(crate) fn rest(&mut self) -> Vec<(At<String>, At<Item>)> {
        std::mem::take(&mut self.entries)
    }

    /// The keys that have been asked for.
    pub(crate) fn asked(&self) -> impl Iterator<Item = &'static str> {
        self.asked.iter().copied()
    }

    /// Reports every key that was not taken.
    pub(crate) fn finish(mut self, sink: &mut Sink) {
        for (key, _) in self.rest() {
            let message = format!("{} has no key `{}`", self.name, key.it);
            let help = suggest::help(&key.it, self.asked());
            sink.push(Diagnostic::new(Code::UnknownKey, &key.span, message).help(help));
        }
    }
}

fn sections(key: &str, items: Vec<At<Item>>, sink: &mut Sink) -> Vec<Section> {
    let one = |item: At<Item>| {
        let span = item.span.clone();
        section(format!("`[[{key}]]`"), item, &span, sink)
    };
    items.into_iter().filter_map(one).collect()
}

pub(crate) fn section(name: String, item: At<Item>, at: &Span, sink: &mut Sink) -> Option<Section> {
    match item.it {
        Item::Table(entries) => Some(Section::new(name, at.clone(), entries)),
        other => wrong(&item.span, "a table", &other, sink),
    }
}

fn wrong<T>(span: &Span, wanted: &str, found: &Item, sink: &mut Sink) -> Option<T> {
    let message = format!("{wanted} belongs here, not {}", found.name());
    sink.push(Diagnostic::new(Code::WrongType, span, message));
    None
}

pub(crate) fn text(item: At<Item>, sink: &mut Sink) -> Option<Quoted> {
    match item.it {
        Item::Text(quoted) => Some(quoted),
        other => wrong(&item.span, "a string", &other, sink),
    }
}

pub(crate) fn list(item: At<Item>, sink: &mut Sink) -> Option<Vec<At<Item>>> {
    match item.it {
        Item::List(items) => Some(items),
        other => wrong(&item.span, "a list", &other, sink),
    }
}

/// A value of a numeric kind, a date or a period. Money is written in minor units.
pub(crate) fn value(item: At<Item>, kind: &Kind, sink: &mut Sink) -> Option<At<i64>> {
    let At { it, span } = item;
    let read = match (&it, kind) {
        (Item::Text(quoted), Kind::Date) => match quoted.text.parse::<Date>() {
            Ok(date) => Ok(date.days()),
            Err(error) => Err(error.to_string()),
        },
        (Item::Number(text), Kind::Integer | Kind::Money) => {
            number::whole(text).map_err(|error| match kind {
                Kind::Money if text.contains('.') => {
                    "money is written in whole minor units: 1_500_00 is 1 500 yuan".to_owned()
                }
                _ => error.words().to_owned(),
            })
        }
        (Item::Number(text), Kind::Ratio | Kind::Real) => {
            number::ratio(text).map_err(|error| error.words().to_owned())
        }
        (Item::Text(quoted), Kind::Period) => {
            number::period(&quoted.text).map_err(|error| error.words().to_owned())
        }
        _ => {
            let wanted = match kind {
                Kind::Date => "a date in quotes, such as \"2026-11-22\",",
                Kind::Period => "a period in quotes, such as \"18 months\",",
                other => kind_name(other),
            };
            return wrong(&span, wanted, &it, sink);
        }
    };
    match read {
        Ok(it) => Some(At { it, span }),
        Err(message) => {
            sink.push(Diagnostic::new(Code::BadValue, &span, message));
            None
        }
    }
}

/// What sections are asked for, so that a test can hold the schema against it.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    /// Sections, as messages call them, and their keys.
    type Asked = BTreeSet<(String, &'static str)>;

    thread_local! {
        static ASKED: RefCell<Asked> = const { RefCell::new(Asked::new()) };
    }

    pub(super) fn note(section: &str, key: &'static str) {
        ASKED.with_borrow_mut(|asked| asked.insert((section.to_owned(), key)));
    }

    /// Everything that is asked for in this thread until the work is done.
    pub(crate) fn during(work: impl FnOnce()) -> Asked {
        ASKED.take();
        work();
        ASKED.take()
    }
}
