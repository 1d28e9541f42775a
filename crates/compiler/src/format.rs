//! A policy's files as the guide writes them.
//!
//! Formatting never changes what a file means: the values of a TOML file, the
//! tokens of a formula and the cells of a table stay, white space and quotes
//! move. Formatting what is formatted changes nothing.

mod spacing;
mod table;
mod toml;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Sink;
use crate::source::{MAX_FILE_BYTES, Sources, Span};

/// The text of a policy's file, formatted. `path` is the file's path from the
/// policy's folder: a table is known by its ending `.csv`, and the formulas of
/// `policy.toml` and `catalogue.toml` are formatted too.
///
/// ```
/// let formatted = prequal_compiler::format("policy.toml", "[value.a]\nformula='b+1'\n");
/// assert_eq!(formatted.as_deref(), Ok("[value.a]\nformula = \"b + 1\"\n"));
/// ```
///
/// # Errors
/// What keeps the file from being read: its syntax, that of a formula or a
/// cell, or more than [`MAX_FILE_BYTES`].
pub fn format(path: &str, text: &str) -> Result<String, Diagnostics> {
    let file: Arc<str> = path.into();
    let mut sink = Sink::new();
    let formatted = if text.len() > MAX_FILE_BYTES {
        let message = format!("it has more than {MAX_FILE_BYTES} bytes");
        let span = Span::new(&file, 0..0);
        sink.push(Diagnostic::new(Code::Unreadable, &span, message));
        None
    } else if path.ends_with(".csv") {
        table::formatted(&file, text, &mut sink)
    } else {
        let formulas = matches!(path, "policy.toml" | "catalogue.toml");
        toml::formatted(&file, text, formulas, &mut sink)
    };
    match formatted {
        Some(formatted) if sink.is_empty() => Ok(formatted),
        _ => {
            let mut sources = Sources::default();
            sources.insert(path, text);
            Err(Diagnostics::new(&sources, sink))
        }
    }
}

#[cfg(test)]
mod tests;
