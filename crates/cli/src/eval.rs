//! `prequal eval`.

mod formula;
mod look;
mod outcome;
mod told;

use std::path::PathBuf;

use prequal::Money;
use prequal_compiler::nearest;

use crate::application::{self, Application};
use crate::output::{self, Answer, Failure};
use crate::source;

use look::Look;

/// Work out one name for an applicant, and how it came about
///
/// NAME is a question, feature, value, rule, characteristic, limit, cap,
/// product (its rate) or table file; or one of score, probability, grade,
/// limit, and offer.PRODUCT.TERM. Where several things share a name, all are
/// shown; `feature.income` picks one.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example: prequal eval policies/instalment disposable answers.json
Exit codes: 0 shown, 2 bad use or input"
)]
pub(crate) struct Arguments {
    /// A policy's folder
    policy: PathBuf,
    /// What to work out
    name: String,
    /// A JSON file with answers, request and date, or a policy's case; `-` is
    /// standard input. Money is in minor units
    answers: PathBuf,
    /// Look at this product instead of the one asked for
    #[arg(long, value_name = "ID")]
    product: Option<String>,
    /// Look at this term in months instead of the one asked for
    #[arg(long, value_name = "MONTHS")]
    term: Option<u16>,
    /// Look at this amount in minor units instead of the one asked for
    #[arg(long, value_name = "MINOR")]
    amount: Option<i64>,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let compiled = source::folder(&arguments.policy)?;
    let application = Application::read(&arguments.answers)?;
    let mut terms = application.request.clone();
    if let Some(product) = &arguments.product {
        terms.product.clone_from(product);
    }
    terms.term = arguments.term.unwrap_or(terms.term);
    terms.amount = arguments.amount.map_or(terms.amount, Money::new);
    let look = Look::new(&compiled, &application, terms)
        .map_err(|errors| application::wrong_answers(&arguments.answers, &errors))?;
    let found = look.find(&arguments.name);
    if found.is_empty() {
        let names = look.names();
        let near = nearest(&arguments.name, names.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {}", names.join(", ")),
        };
        let message = format!("the policy has nothing called `{}`; {help}", arguments.name);
        return Err(Failure(message));
    }
    if arguments.json {
        output::say_json(&found);
    } else {
        for told in &found {
            told.lines().iter().for_each(output::say);
        }
    }
    Ok(Answer::Yes)
}
