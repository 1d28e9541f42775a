//! Whose outcomes are compared.

use std::fs;
use std::path::{Path, PathBuf};

use prequal::{Answers, Date, Eligibility, Policy, Request};
use prequal_sample::{Applicant, Applicants};
use serde_json::{Value, json};

use crate::application::Application;
use crate::output::Failure;
use crate::source;

/// Of so many whom neither policy takes one is kept.
const ONE_IN: usize = 8;
/// How many are drawn at most for each that is kept.
const TRIES: usize = 20;

/// Applications; each policy reads the answers to its own questions.
pub(crate) struct Sample(pub(crate) Vec<Drawn>);

/// One of them.
pub(crate) struct Drawn {
    answers: Answers,
    pub(crate) request: Request,
    pub(crate) as_of: Date,
    /// The application as it is written.
    pub(crate) written: Value,
}

impl Sample {
    /// Reads applications.
    pub(crate) fn read(path: &Path) -> Result<Sample, Failure> {
        let mut drawn = Vec::new();
        if path.is_dir() {
            for file in files(path)? {
                drawn.push(Drawn::from(Application::read(&file)?));
            }
        } else {
            let bytes = source::bytes(path)?;
            let lines = bytes.split(|byte| *byte == b'\n').enumerate();
            for (index, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
                let application = Application::of_json(line).map_err(|error| {
                    Failure(format!("`{}`, line {}: {error}", path.display(), index + 1))
                })?;
                drawn.push(Drawn::from(application));
            }
        }
        if drawn.is_empty() {
            return Err(Failure(format!(
                "`{}` holds no application",
                path.display()
            )));
        }
        Ok(Sample(drawn))
    }

    /// Draws applicants: half of them on the edges of the old policy, half on
    /// those of the new one. A question that the other policy does not ask is
    /// answered as its own applicants would.
    ///
    /// Of those whom neither policy takes, most are passed over: answers on
    /// edges are turned away more often than they tell two policies apart.
    pub(crate) fn draw(old: &Policy, new: &Policy, count: usize, seed: u64) -> Sample {
        let pairs = Applicants::new(old, seed).zip(Applicants::new(new, seed));
        let drawn = pairs.enumerate().map(|(index, (of_old, of_new))| {
            let (of_old, of_new) = ((&of_old, old), (&of_new, new));
            match index % 2 {
                0 => Drawn::pair(of_old, of_new),
                _ => Drawn::pair(of_new, of_old),
            }
        });
        let mut turned_away = 0;
        let kept = drawn.take(count.saturating_mul(TRIES)).filter(|drawn| {
            let taken = [old, new].into_iter().any(|policy| drawn.is_taken(policy));
            turned_away += usize::from(!taken);
            taken || turned_away % ONE_IN == 0
        });
        Sample(kept.take(count).collect())
    }
}

impl Drawn {
    /// An applicant of a policy, with answers to what only the other one asks.
    fn pair((own, policy): (&Applicant, &Policy), (other, others): (&Applicant, &Policy)) -> Drawn {
        let mut answers = other.answers(others);
        answers.join(own.answers(policy));
        let written = joined(other.answers_json(others), own.answers_json(policy));
        let written = json!({
            "answers": written,
            "request": own.request,
            "as_of": own.as_of.to_string(),
        });
        Drawn {
            answers,
            request: own.request.clone(),
            as_of: own.as_of,
            written,
        }
    }

    /// Whether a policy takes the answers and does not turn the applicant away.
    fn is_taken(&self, policy: &Policy) -> bool {
        let summary = policy.summarise(&self.answers(policy), &self.request, self.as_of);
        summary.is_ok_and(|summary| {
            policy.assess(&summary).decision.eligibility != Eligibility::NotEligible
        })
    }

    /// The answers to questions that a policy has.
    pub(crate) fn answers(&self, policy: &Policy) -> Answers {
        let questions = policy.body().questions.iter();
        let answered = questions.filter_map(|question| {
            let id = question.id.as_str();
            Some((id, self.answers.get(id)?.clone()))
        });
        answered.collect()
    }
}

impl From<Application> for Drawn {
    fn from(application: Application) -> Drawn {
        Drawn {
            answers: application.answers,
            request: application.request,
            as_of: application.as_of,
            written: application.written,
        }
    }
}

/// Members of both; of one that both have, the second's.
fn joined(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(mut first), Value::Object(second)) => {
            first.extend(second);
            Value::Object(first)
        }
        (_, second) => second,
    }
}

/// The cases and JSON files of a folder, in order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error| Failure(format!("`{}` cannot be read: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml" || extension == "json")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
