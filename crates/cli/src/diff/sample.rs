//! Whose outcomes are compared.

use std::fs;
use std::path::{Path, PathBuf};

use prequal::{Answers, Date, Policy, Request};
use prequal_sample::Applicants;
use serde_json::Value;

use crate::application::Application;
use crate::output::Failure;
use crate::source;

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
    pub(crate) fn draw(old: &Policy, new: &Policy, count: usize, seed: u64) -> Sample {
        let pairs = Applicants::new(old, seed).zip(Applicants::new(new, seed));
        let drawn = pairs
            .take(count)
            .enumerate()
            .map(|(index, (of_old, of_new))| {
                let first_old = index % 2 == 0;
                let (mut answers, mut written) = (of_old.answers(old), of_old.answers_json(old));
                let (others, others_written) = (of_new.answers(new), of_new.answers_json(new));
                if first_old {
                    let own = answers;
                    answers = others;
                    answers.join(own);
                    written = joined(others_written, written);
                } else {
                    answers.join(others);
                    written = joined(written, others_written);
                }
                let (request, as_of) = if first_old {
                    (of_old.request, of_old.as_of)
                } else {
                    (of_new.request, of_new.as_of)
                };
                let written = serde_json::json!({
                    "answers": written,
                    "request": request,
                    "as_of": as_of.to_string(),
                });
                Drawn {
                    answers,
                    request,
                    as_of,
                    written,
                }
            });
        Sample(drawn.collect())
    }
}

impl Drawn {
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
