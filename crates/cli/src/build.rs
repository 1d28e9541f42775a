//! `prequal build`.

use std::fs;
use std::path::{Path, PathBuf};

use prequal_compiler::{Compiled, Entry};
use serde::Serialize;

use crate::output::{self, Answer, Failure};
use crate::source;

/// Compile policies: writes <id>.policy and, for each language, <id>.<tag>.json.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: prequal build policies/*/ --out target/policies")]
pub(crate) struct Arguments {
    /// Policy folders
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The folder to write to; created if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Built {
    folder: String,
    ok: bool,
    diagnostics: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    files: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let mut all: Vec<Built> = Vec::new();
    for folder in source::policies(&arguments.folders)? {
        let compiled = source::compiled(folder)?;
        let mut built = Built {
            folder: folder.display().to_string(),
            ok: compiled.is_ok(),
            diagnostics: Vec::new(),
            hash: None,
            files: Vec::new(),
        };
        let diagnostics = match &compiled {
            Ok(compiled) => {
                built.files = write(compiled, &arguments.out)?;
                if let Some(twice) = all.iter().find(|other| other.files == built.files) {
                    let message =
                        format!("`{}` and `{}` have the same id", twice.folder, built.folder);
                    return Err(Failure(message));
                }
                built.hash = Some(compiled.loaded.hash().to_string());
                &compiled.warnings
            }
            Err(diagnostics) => diagnostics,
        };
        if !arguments.json {
            output::note(&diagnostics.render(&source::root(folder), output::colour()));
            match &compiled {
                Ok(compiled) => output::say(format_args!(
                    "{}: {} bytes, {}",
                    folder.display(),
                    compiled.policy.len(),
                    compiled.loaded.hash()
                )),
                Err(_) => output::say(format_args!("{}: does not compile", folder.display())),
            }
        }
        built.diagnostics = diagnostics.entries();
        all.push(built);
    }
    if arguments.json {
        output::say_json(&all);
    }
    Ok(Answer::of(all.iter().all(|built| built.ok)))
}

fn write(compiled: &Compiled, out: &Path) -> Result<Vec<String>, Failure> {
    let id = &compiled.loaded.body().id;
    let mut files = vec![(format!("{id}.policy"), compiled.policy.as_slice())];
    for language in &compiled.languages {
        files.push((
            format!("{id}.{}.json", language.tag),
            language.bytes.as_slice(),
        ));
    }
    let mut written = Vec::new();
    fs::create_dir_all(out).map_err(|error| unwritable(out, &error))?;
    for (name, bytes) in files {
        let path = out.join(name);
        fs::write(&path, bytes).map_err(|error| unwritable(&path, &error))?;
        written.push(path.display().to_string());
    }
    Ok(written)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("`{}` cannot be written: {error}", path.display()))
}
