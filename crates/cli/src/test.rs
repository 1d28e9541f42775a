//! `prequal test`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::case::Case;
use crate::coverage::{Coverage, Report};
use crate::output::{self, Answer, Failure};
use crate::source;

/// Hold policies against their own cases, and tell what these reach
///
/// Cases are the files `cases/*.toml` in each folder. Prints what the cases reach of each policy's rules, table rows, bins,
/// grades, limits, products and refusals, and what no case reaches.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: prequal test policies/*/ --coverage 95
Exit codes: 0 every case holds, 1 a case differs or too little is covered, 2 bad use or input")]
pub(crate) struct Arguments {
    /// Policy folders
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The least coverage of each policy, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = percent)]
    coverage: f64,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Tested {
    folder: String,
    cases: Vec<Held>,
    coverage: Report,
}

#[derive(Serialize)]
struct Held {
    file: String,
    name: String,
    ok: bool,
    differences: Vec<String>,
}

/// A percentage, 0 to 100.
fn percent(text: &str) -> Result<f64, String> {
    let percent: f64 = text.parse().map_err(|_| "a number belongs here")?;
    if (0.0..=100.0).contains(&percent) {
        Ok(percent)
    } else {
        Err("a percentage is 0 to 100".to_owned())
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let mut all = Vec::new();
    for folder in source::policies(&arguments.folders)? {
        let compiled = source::folder(folder)?;
        let policy = &compiled.loaded;
        let mut coverage = Coverage::new(&compiled);
        let mut cases = Vec::new();
        for path in files(folder)? {
            let case = read(&path)?;
            let differences = case.differences(policy);
            coverage.count(policy, &case.answers(), &case.request, case.as_of);
            let held = Held {
                file: path.display().to_string(),
                name: case.name,
                ok: differences.is_empty(),
                differences,
            };
            if !arguments.json {
                let word = if held.ok { "ok  " } else { "FAIL" };
                output::say(format_args!("{word} {}: {}", held.file, held.name));
                for difference in &held.differences {
                    output::say(format_args!("       {difference}"));
                }
            }
            cases.push(held);
        }
        let coverage = coverage.report();
        if !arguments.json {
            let failed = cases.iter().filter(|held| !held.ok).count();
            let total = cases.len();
            output::say(format_args!(
                "{}: {total} cases, {failed} failed",
                folder.display()
            ));
            coverage.lines(folder).iter().for_each(output::say);
        }
        all.push(Tested {
            folder: folder.display().to_string(),
            cases,
            coverage,
        });
    }
    if arguments.json {
        output::say_json(&all);
    }
    Ok(Answer::of(all.iter().all(|tested| {
        let covered = tested.coverage.percent >= arguments.coverage;
        covered && tested.cases.iter().all(|held| held.ok)
    })))
}

/// A folder's case files in order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cases = folder.join("cases");
    let unreadable = |error| Failure(format!("`{}` cannot be read: {error}", cases.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(&cases).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure(format!("`{}` holds no case", cases.display())));
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Case, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure(format!("`{}` cannot be read: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| Failure(format!("`{}`: {error}", path.display())))
}
