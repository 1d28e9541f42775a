//! `prequal fmt`.

use std::fs;
use std::path::{Path, PathBuf};

use prequal_compiler::{Entry, format};
use serde::Serialize;

use crate::output::{self, Answer, Failure};
use crate::source;

/// Format the files of policies: `policy.toml` or `catalogue.toml`, tables,
/// texts and cases. Comments stay; what a file means does not change.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: prequal fmt policies/*/
Exit codes: 0 formatted, 1 a file does not parse or, with --check, is not formatted, 2 bad use or input")]
pub(crate) struct Arguments {
    /// Folders of policies or catalogues; files are passed over
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Write nothing; say which files are not formatted
    #[arg(long)]
    check: bool,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

/// The parts of a policy's folder that have files to format, and their ending.
const PARTS: [(&str, &str); 3] = [("tables", "csv"), ("texts", "toml"), ("cases", "toml")];

#[derive(Serialize)]
struct Formatted {
    file: String,
    /// Whether it stood as it is formatted.
    same: bool,
    diagnostics: Vec<Entry>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let mut all = Vec::new();
    for folder in source::folders(&arguments.folders)? {
        for file in files(folder)? {
            all.push(one(folder, &file, arguments)?);
        }
    }
    if arguments.json {
        output::say_json(&all);
    } else {
        for file in all.iter().filter(|file| !file.same) {
            let word = match (file.diagnostics.is_empty(), arguments.check) {
                (false, _) => "does not parse",
                (true, true) => "is not formatted",
                (true, false) => "formatted",
            };
            output::say(format_args!("{}: {word}", file.file));
        }
    }
    Ok(Answer::of(all.iter().all(|file| {
        file.diagnostics.is_empty() && (file.same || !arguments.check)
    })))
}

fn one(folder: &Path, file: &str, arguments: &Arguments) -> Result<Formatted, Failure> {
    let path = folder.join(file);
    let bytes = source::bytes(&path)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure(format!("`{}` is not UTF-8", path.display())))?;
    let mut formatted = Formatted {
        file: path.display().to_string(),
        same: false,
        diagnostics: Vec::new(),
    };
    match format(file, &text) {
        Ok(new) => {
            formatted.same = new == text;
            if !formatted.same && !arguments.check {
                fs::write(&path, new).map_err(|error| {
                    Failure(format!("`{}` cannot be written: {error}", path.display()))
                })?;
            }
        }
        Err(diagnostics) => {
            if !arguments.json {
                output::note(&diagnostics.render(&source::root(folder), output::colour()));
            }
            formatted.diagnostics = diagnostics.entries();
        }
    }
    Ok(formatted)
}

/// The files of a folder by their paths from it, in order.
fn files(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut files: Vec<String> = ["policy.toml", "catalogue.toml"]
        .into_iter()
        .filter(|file| folder.join(file).is_file())
        .map(str::to_owned)
        .collect();
    if files.is_empty() {
        let message = format!(
            "`{}` holds neither policy.toml nor catalogue.toml",
            folder.display()
        );
        return Err(Failure(message));
    }
    for (part, ending) in PARTS {
        let part_folder = folder.join(part);
        if !part_folder.is_dir() {
            continue;
        }
        let unreadable = |error| {
            Failure(format!(
                "`{}` cannot be read: {error}",
                part_folder.display()
            ))
        };
        let mut names = Vec::new();
        for entry in fs::read_dir(&part_folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|found| found == ending)
                && let Some(name) = path.file_name().and_then(|name| name.to_str())
            {
                names.push(format!("{part}/{name}"));
            }
        }
        names.sort();
        files.append(&mut names);
    }
    Ok(files)
}
