//! `prequal diff`.

mod changes;
mod outcomes;
mod outline;
mod sample;

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use serde::Serialize;

use crate::output::{self, Answer, Failure};
use crate::source;

use changes::{Change, changes};
use outcomes::Outcomes;
use sample::Sample;

/// Compare two versions of a policy, and whose outcome changes
///
/// First what changed of what is written, name by name; then outcomes. These
/// are compared on SAMPLE: a file with an application as JSON on each line, or
/// a folder of cases or JSON files. Answers to questions that both policies
/// have are carried over. Without a sample, applicants are drawn on the edges
/// of both policies: they show what can change, and their number says nothing
/// of how often it does.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example: prequal diff policies/instalment ../next/instalment --cases 20000
Exit codes: 0 no outcome changes, 1 some do, 2 bad use or input"
)]
pub(crate) struct Arguments {
    /// The old policy's folder
    old: PathBuf,
    /// The new policy's folder
    new: PathBuf,
    /// Applications: a JSON lines file, or a folder of cases or JSON files
    sample: Option<PathBuf>,
    /// How many applicants are drawn where there is no sample
    #[arg(long, default_value_t = 2_000, value_name = "N",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    cases: usize,
    /// Draws the same applicants again
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many applicants are shown for each kind of change
    #[arg(long, default_value_t = 2, value_name = "N")]
    examples: usize,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Compared {
    source: Vec<Change>,
    outcomes: Outcomes,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let (old, new) = (
        source::folder(&arguments.old)?,
        source::folder(&arguments.new)?,
    );
    let sample = match &arguments.sample {
        Some(path) => Sample::read(path)?,
        None => Sample::draw(&old.loaded, &new.loaded, arguments.cases, arguments.seed),
    };
    let outcomes = Outcomes::compare(&old.loaded, &new.loaded, &sample, arguments.examples);
    let same = outcomes.same();
    let compared = Compared {
        source: changes(&old, &new),
        outcomes,
    };
    if arguments.json {
        output::say_json(&compared);
    } else {
        if compared.source.is_empty() {
            output::say("nothing that is written changed");
        }
        for change in &compared.source {
            change.lines().iter().for_each(output::say);
        }
        compared
            .outcomes
            .lines(new.loaded.body().currency)
            .iter()
            .for_each(output::say);
    }
    Ok(Answer::of(same))
}
