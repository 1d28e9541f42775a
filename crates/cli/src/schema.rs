//! `prequal schema`.

use clap::ValueEnum;
use prequal_compiler::{SourceKind, schema};

use crate::output::{self, Answer, Failure};

/// Print the JSON Schema (draft 7) of a kind of file, so that an editor
/// completes and checks it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: prequal schema policy > policy.schema.json
and as the first line of policy.toml: #:schema ../policy.schema.json")]
pub(crate) struct Arguments {
    /// The kind of file
    #[arg(default_value = "policy")]
    of: Of,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// policy.toml
    Policy,
    /// catalogue.toml
    Catalogue,
    /// texts/*.toml
    Texts,
    /// cases/*.toml
    Case,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let kind = match arguments.of {
        Of::Policy => SourceKind::Policy,
        Of::Catalogue => SourceKind::Catalogue,
        Of::Texts => SourceKind::Texts,
        Of::Case => SourceKind::Case,
    };
    output::say_json(&schema(kind));
    Ok(Answer::Yes)
}
