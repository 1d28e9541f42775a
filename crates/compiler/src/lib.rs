//! Policy source to compiled policy.
//!
//! A policy is a folder that a risk analyst writes; `policies/README.md` is
//! its grammar. [`compile`] reads it, or [`compile_sources`] from memory, and yields the bytes that
//! the engine loads, the language files, and a [`Report`] of what a summary
//! reveals, or else everything that is wrong with it, in one run.
//!
//! ```
//! use prequal_compiler::{Code, Sources, compile_sources};
//!
//! let mut sources = Sources::default();
//! sources.insert("policy.toml", "[policy]\nidd = \"loan\"\n");
//! let Err(diagnostics) = compile_sources(&sources) else { panic!("half a policy") };
//! let unknown = diagnostics.entries().into_iter().find(|d| d.code == Code::UnknownKey.as_str());
//! assert_eq!(unknown.and_then(|d| d.help).as_deref(), Some("did you mean `id`?"));
//! ```

mod arena;
mod auto;
mod card;
mod catalogue;
mod cell;
mod cells;
mod compile;
mod csv;
mod decide;
mod declare;
mod diagnostic;
mod document;
mod elaborate;
mod excerpt;
mod explained;
mod features;
mod format;
mod list;
mod narrow;
mod number;
mod proof;
mod questions;
mod reach;
mod report;
mod schema;
mod source;
mod suggest;
mod syntax;
mod tables;
mod texts;
mod tier;
mod token;
mod trail;

pub use catalogue::{check_catalogue, check_catalogue_sources};
pub use compile::{Compiled, compile, compile_sources};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Entry, Severity};
pub use explained::{
    BinText, CardText, Explained, ListText, Named, Part, Place, Role, RowText, Step, TableText,
};
pub use format::format;
pub use report::{FeatureReport, Report, Tier, UseReport};
pub use schema::{SourceKind, schema};
pub use source::{MAX_FILE_BYTES, Sources, Span, Unreadable, policy_folders};
pub use suggest::nearest;
pub use texts::LanguageFile;
