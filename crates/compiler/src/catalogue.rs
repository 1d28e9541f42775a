//! A catalogue of questions on its own.

use std::path::Path;

use crate::declare;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Sink;
use crate::source::{Sources, Span};
use crate::texts;

/// What is wrong with a catalogue's folder: its questions, and their texts.
pub fn check_catalogue(folder: &Path) -> Diagnostics {
    match Sources::read_catalogue(folder) {
        Ok(sources) => check_catalogue_sources(&sources),
        Err(unreadable) => Diagnostics::new(&Sources::default(), vec![unreadable.diagnostic()]),
    }
}

/// What is wrong with a catalogue in memory: `catalogue.toml`, `texts/*.toml`.
pub fn check_catalogue_sources(sources: &Sources) -> Diagnostics {
    let mut sink = Sink::new();
    let file = "catalogue.toml";
    match declare::catalogue(file, sources, &mut sink) {
        Some(catalogue) => texts::catalogue_texts(&catalogue.questions, sources, &mut sink),
        None => {
            let span = Span::new(&file.into(), 0..0);
            let message = format!("there is no `{file}`");
            sink.push(Diagnostic::new(Code::MissingFile, &span, message));
        }
    }
    Diagnostics::new(sources, sink)
}
