//! An application as files hold it: answers, request and date.

use std::path::Path;

use prequal::{AnswerError, Answers, Date, Policy, Request, Summary};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::output::Failure;
use crate::source;

/// What someone answered and asks for.
pub(crate) struct Application {
    /// The borrower's answers and what the lender supplies.
    pub(crate) answers: Answers,
    pub(crate) request: Request,
    pub(crate) as_of: Date,
    /// The same as it was written.
    pub(crate) written: Value,
}

/// A file's members; a case has a name and expectations besides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "name")]
    _name: Option<IgnoredAny>,
    answers: Answers,
    /// What the lender supplies.
    #[serde(default)]
    supplied: Answers,
    request: Request,
    as_of: Date,
    #[serde(rename = "expect")]
    _expect: Option<IgnoredAny>,
}

impl Application {
    /// Reads a JSON file, or a policy's case, of which it takes what is put in.
    pub(crate) fn read(path: &Path) -> Result<Application, Failure> {
        let bytes = source::bytes(path)?;
        let read = if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            Application::of_case(&bytes)
        } else {
            Application::of_json(&bytes).map_err(|error| error.to_string())
        };
        read.map_err(|error| Failure(format!("`{}`: {error}", path.display())))
    }

    /// Reads JSON.
    pub(crate) fn of_json(bytes: &[u8]) -> Result<Application, serde_json::Error> {
        let read = serde_json::from_slice(bytes)?;
        Ok(Application::of(read, serde_json::from_slice(bytes)?))
    }

    fn of_case(bytes: &[u8]) -> Result<Application, String> {
        let text = str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let read = toml::from_str(text).map_err(|error| error.to_string())?;
        let written = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(Application::of(read, written))
    }

    fn of(read: Written, written: Value) -> Application {
        let Written {
            mut answers,
            supplied,
            request,
            as_of,
            ..
        } = read;
        answers.join(supplied);
        Application {
            answers,
            request,
            as_of,
            written,
        }
    }

    /// What would leave the device.
    pub(crate) fn summarise(&self, policy: &Policy) -> Result<Summary, Vec<AnswerError>> {
        policy.summarise(&self.answers, &self.request, self.as_of)
    }
}

/// The failure of wrong answers, which lists them.
pub(crate) fn wrong_answers(path: &Path, errors: &[AnswerError]) -> Failure {
    let listed: Vec<String> = errors.iter().map(|error| format!("  {error}")).collect();
    Failure(format!(
        "`{}` holds wrong answers\n{}",
        path.display(),
        listed.join("\n")
    ))
}
