//! `prequal explain`.

mod account;
mod offers;
mod words;

use std::path::PathBuf;

use prequal::Eligibility;

use crate::application::{self, Application};
use crate::output::{self, Answer, Failure};
use crate::source;

use account::Account;
use words::Words;

/// Explain an applicant's outcome in words
///
/// For a person, such as a credit officer: the result and its reasons, the score by characteristic, the limit and what binds it, the
/// offers, and what would be sent.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example: prequal explain policies/instalment answers.json --lang zh-CN
Exit codes: 0 eligible or review, 1 not eligible, 2 bad use or input"
)]
pub(crate) struct Arguments {
    /// A policy's folder
    policy: PathBuf,
    /// A JSON file with answers, request and date, or a policy's case; `-` is
    /// standard input. Money is in minor units
    answers: PathBuf,
    /// The language, one of the policy's
    #[arg(long, value_name = "TAG", default_value = "en")]
    lang: String,
    /// Print the lines as data, each with its depth
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let compiled = source::folder(&arguments.policy)?;
    let words = Words::new(&compiled.languages, &arguments.lang)?;
    let application = Application::read(&arguments.answers)?;
    let account = Account::new(&compiled.loaded, &application, &words)
        .map_err(|errors| application::wrong_answers(&arguments.answers, &errors))?;
    let lines = account.lines();
    if arguments.json {
        output::say_json(&lines);
    } else {
        for line in &lines {
            output::say(format_args!("{}{}", "  ".repeat(line.depth), line.text));
        }
    }
    Ok(Answer::of(
        account.eligibility() != Eligibility::NotEligible,
    ))
}
