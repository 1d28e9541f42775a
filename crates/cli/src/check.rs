//! `prequal check`.

use std::path::{Path, PathBuf};

use prequal_compiler::{Entry, Report, check_catalogue};
use serde::Serialize;

use crate::output::{self, Answer, Failure};
use crate::source;

/// Check policies: every error and warning with its place, and what a summary
/// reveals, feature by feature. Check catalogues of shared questions.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: prequal check policies/*/")]
pub(crate) struct Arguments {
    /// Folders of policies or catalogues; files are passed over
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
    for folder in source::folders(&arguments.folders)? {
        if !(all.is_empty() || arguments.json) {
            output::say("");
        }
        all.push(if source::is_catalogue(folder) {
            catalogue(folder, arguments.json)
        } else {
            policy(folder, arguments.json)?
        });
    }
    if arguments.json {
        output::say_json(&all);
    }
    Ok(Answer::of(all.iter().all(|checked| checked.ok)))
}

fn policy(folder: &Path, json: bool) -> Result<Checked, Failure> {
    let compiled = source::compiled(folder)?;
    let (diagnostics, report) = match &compiled {
        Ok(compiled) => (&compiled.warnings, Some(&compiled.report)),
        Err(diagnostics) => (diagnostics, None),
    };
    if !json {
        output::note(&diagnostics.render(&source::root(folder), output::colour()));
        match report {
            Some(report) => output::say(format_args!(
                "{}: a summary reveals\n{report}",
                folder.display()
            )),
            None => output::say(format_args!("{}: does not compile", folder.display())),
        }
    }
    Ok(Checked {
        folder: folder.display().to_string(),
        ok: report.is_some(),
        diagnostics: diagnostics.entries(),
        report: report.cloned(),
    })
}

fn catalogue(folder: &Path, json: bool) -> Checked {
    let diagnostics = check_catalogue(folder);
    let ok = !diagnostics.has_errors();
    if !json {
        output::note(&diagnostics.render(&source::root(folder), output::colour()));
        let found = if ok { "a catalogue" } else { "no catalogue" };
        output::say(format_args!("{}: {found}", folder.display()));
    }
    Checked {
        folder: folder.display().to_string(),
        ok,
        diagnostics: diagnostics.entries(),
        report: None,
    }
}
