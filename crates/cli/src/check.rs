//! `prequal check`.

use std::path::PathBuf;

use prequal_compiler::{Entry, Report};
use serde::Serialize;

use crate::output::{self, Answer, Failure};
use crate::source;

/// Check policies: every error and warning with its place, and what a summary
/// reveals, feature by feature.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: prequal check policies/*/")]
pub(crate) struct Arguments {
    /// Policy folders
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Checked {
    folder: String,
    ok: bool,
    diagnostics: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let mut all = Vec::new();
    for folder in &arguments.folders {
        let compiled = source::compiled(folder)?;
        let (diagnostics, report) = match &compiled {
            Ok(compiled) => (&compiled.warnings, Some(&compiled.report)),
            Err(diagnostics) => (diagnostics, None),
        };
        if !arguments.json {
            output::note(&diagnostics.render(&source::root(folder), output::colour()));
            match report {
                Some(report) => output::say(format_args!(
                    "{}: a summary reveals\n{report}",
                    folder.display()
                )),
                None => output::say(format_args!("{}: does not compile", folder.display())),
            }
        }
        all.push(Checked {
            folder: folder.display().to_string(),
            ok: report.is_some(),
            diagnostics: diagnostics.entries(),
            report: report.cloned(),
        });
    }
    if arguments.json {
        output::say_json(&all);
    }
    Ok(Answer::of(all.iter().all(|checked| checked.ok)))
}
