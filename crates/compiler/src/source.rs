//! Source files and places in them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic};
use crate::document;

/// The most bytes of one source file.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;

/// The policies in a folder, in order of their names: its folders that hold a
/// `policy.toml`.
///
/// # Errors
/// A folder that cannot be listed.
pub fn policy_folders(parent: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(parent)?.map(|entry| Ok(entry?.path()));
    let mut folders = entries.collect::<io::Result<Vec<_>>>()?;
    folders.retain(|folder| folder.join("policy.toml").is_file());
    folders.sort();
    Ok(folders)
}

/// The files of a policy by their path from its folder, with `/` between
/// segments: `policy.toml`, `tables/*.csv`, `texts/*.toml`; and of the
/// catalogue that it names, such as `../catalogue/catalogue.toml` and
/// `../catalogue/texts/*.toml`.
///
/// Made in memory or read from a folder; the compiler itself does no I/O.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: BTreeMap<String, String>,
}

impl Sources {
    /// Reads the sources of a policy folder, and of the catalogue beside it.
    ///
    /// # Errors
    /// A file that cannot be read, is not UTF-8 or has more than
    /// [`MAX_FILE_BYTES`].
    pub fn read(folder: &Path) -> Result<Sources, Unreadable> {
        let mut sources = Sources::default();
        sources.load(folder, "policy.toml".to_owned())?;
        sources.load_all(folder, "tables", "csv")?;
        sources.load_all(folder, "texts", "toml")?;
        let policy = sources.get("policy.toml").unwrap_or_default();
        if let Some(catalogue) = document::catalogue(policy) {
            let file = format!("{catalogue}/catalogue.toml");
            // One that is not there is reported where it is named.
            if folder.join(&file).is_file() {
                sources.load(folder, file)?;
                sources.load_all(folder, &format!("{catalogue}/texts"), "toml")?;
            }
        }
        Ok(sources)
    }

    /// Reads the sources of a catalogue's folder.
    ///
    /// # Errors
    /// As [`Sources::read`].
    pub fn read_catalogue(folder: &Path) -> Result<Sources, Unreadable> {
        let mut sources = Sources::default();
        sources.load(folder, "catalogue.toml".to_owned())?;
        sources.load_all(folder, "texts", "toml")?;
        Ok(sources)
    }

    /// Every file of a kind, if there are any.
    fn load_all(&mut self, folder: &Path, kind: &str, extension: &str) -> Result<(), Unreadable> {
        if !folder.join(kind).is_dir() {
            return Ok(());
        }
        let unreadable = |error: io::Error| Unreadable {
            file: kind.to_owned(),
            reason: error.to_string(),
        };
        for entry in fs::read_dir(folder.join(kind)).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let fits = path.extension().is_some_and(|found| found == extension);
            if let Some(name) = name.filter(|_| fits) {
                self.load(folder, format!("{kind}/{name}"))?;
            }
        }
        Ok(())
    }

    fn load(&mut self, folder: &Path, file: String) -> Result<(), Unreadable> {
        let path = folder.join(&file);
        let text = read(&path);
        match text {
            Ok(text) => {
                self.insert(file, text);
                Ok(())
            }
            Err(error) => Err(Unreadable {
                reason: error.to_string(),
                file,
            }),
        }
    }

    /// Adds a file, or replaces the one of that path.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Every path, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

/// The text of a file. What is no file (a pipe, a device) may have no end, and
/// a link may lead to what is not the policy's to show in a message.
fn read(path: &Path) -> io::Result<String> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        return Err(io::Error::other("it is a link; put the file itself there"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    if metadata.len() > MAX_FILE_BYTES as u64 {
        let message = format!("it has more than {MAX_FILE_BYTES} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    fs::read_to_string(path)
}

/// A source file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its path from the policy's folder.
    pub file: String,
    reason: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be read: {}", self.file, self.reason)
    }
}

impl std::error::Error for Unreadable {}

impl Unreadable {
    pub(crate) fn diagnostic(&self) -> Diagnostic {
        let span = Span::new(&self.file.as_str().into(), 0..0);
        Diagnostic::new(Code::Unreadable, &span, self.to_string())
    }
}

/// A range of bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The file's path from the policy's folder.
    pub file: std::sync::Arc<str>,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// These bytes of a file.
    pub fn new(file: &std::sync::Arc<str>, range: Range<usize>) -> Span {
        Span {
            file: file.clone(),
            start: range.start,
            end: range.end,
        }
    }

    /// From the start of this to the end of another of the same file.
    pub fn to(&self, other: &Span) -> Span {
        Span {
            end: other.end.max(self.end),
            ..self.clone()
        }
    }
}

/// Something with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At<T> {
    pub(crate) it: T,
    pub(crate) span: Span,
}

/// A text taken out of quotes, which knows where each of its bytes stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quoted {
    pub(crate) text: String,
    /// The place of every byte of `text` in the file, and of its end.
    places: Vec<usize>,
    pub(crate) span: Span,
}

impl Quoted {
    /// A text from its bytes' places; `places` has one more than the text has bytes.
    pub(crate) fn new(text: String, places: Vec<usize>, span: Span) -> Quoted {
        Quoted { text, places, span }
    }

    /// A TOML string: `raw` is what stands in the file at `span`, quotes included.
    pub(crate) fn toml(text: &str, raw: &str, span: Span) -> Quoted {
        let long = raw.starts_with("\"\"\"") || raw.starts_with("'''");
        let mut at = if long { 3 } else { 1 };
        if long {
            let rest = raw.get(at..).unwrap_or_default();
            at += usize::from(rest.starts_with('\r'));
            at += usize::from(rest.trim_start_matches('\r').starts_with('\n'));
        }
        let escapes = raw.starts_with('"');
        let bytes = raw.as_bytes();
        let byte = |at: usize| bytes.get(at).copied();
        let mut places = Vec::with_capacity(text.len() + 1);
        for c in text.chars() {
            // A backslash at the end of a line joins it with the next.
            while escapes
                && byte(at) == Some(b'\\')
                && byte(at + 1).is_some_and(|b| b.is_ascii_whitespace())
            {
                at += 1;
                while byte(at).is_some_and(|b| b.is_ascii_whitespace()) {
                    at += 1;
                }
            }
            places.extend(std::iter::repeat_n(span.start + at, c.len_utf8()));
            at += match (escapes && byte(at) == Some(b'\\'), byte(at + 1)) {
                (true, Some(b'x')) => 4,
                (true, Some(b'u')) => 6,
                (true, Some(b'U')) => 10,
                (true, _) => 2,
                (false, _) => c.len_utf8(),
            };
        }
        places.push(span.start + at);
        Quoted::new(text.to_owned(), places, span)
    }

    /// The place in the file of a range of the text.
    pub(crate) fn place(&self, range: Range<usize>) -> Span {
        let at = |index: usize| self.places.get(index).copied().unwrap_or(self.span.end);
        let start = at(range.start);
        Span {
            file: self.span.file.clone(),
            start,
            end: at(range.end).max(start),
        }
    }
}
