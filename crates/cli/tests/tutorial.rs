//! The tutorial, done: each of its steps is checked by the binary, and its
//! mistakes are answered as it shows. `PREQUAL_BLESS=1` writes the answers
//! anew.

#![allow(clippy::expect_used, clippy::panic, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A part of the tutorial.
enum Part {
    /// A heading: the step before it is done.
    Step,
    /// More of a file.
    More { file: String, text: String },
    /// Lines of a file, and what takes their place.
    Change { file: String, text: String },
    /// Such a change that is wrong, and the answer with its place in the text.
    Mistake {
        file: String,
        text: String,
        answer: std::ops::Range<usize>,
    },
}

fn tutorial() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/TUTORIAL.md")
}

/// The parts in order. A line with a file's name in back-ticks says what the
/// blocks after it are for.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut file, mut mistake) = (String::new(), None);
    let mut block: Option<(String, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match (&block, line.trim_end()) {
            (Some((kind, from)), "```") => {
                let inner = text.get(*from..start).expect("the block").to_owned();
                let file = file.clone();
                match (kind.as_str(), &mistake) {
                    ("toml" | "csv", None) => parts.push(Part::More { file, text: inner }),
                    ("diff", None) => parts.push(Part::Change { file, text: inner }),
                    ("diff", Some(None)) => mistake = Some(Some(inner)),
                    ("text", Some(Some(wrong))) => {
                        let (text, answer) = (wrong.clone(), *from..start);
                        parts.push(Part::Mistake { file, text, answer });
                        mistake = None;
                    }
                    ("sh", None) => {}
                    (kind, _) => panic!("a `{kind}` block out of place"),
                }
                block = None;
            }
            (Some(_), _) => {}
            (None, fence) if fence.starts_with("```") => {
                block = Some((fence.trim_start_matches('`').to_owned(), at));
            }
            (None, heading) if heading.starts_with("## ") => parts.push(Part::Step),
            (None, named) if named.starts_with('`') && !named.contains(' ') => {
                file = named.trim_matches('`').to_owned();
            }
            (None, named) => {
                if let Some(name) = named.strip_suffix(", a mistake") {
                    file = name.trim_matches('`').to_owned();
                    mistake = Some(None);
                }
            }
        }
    }
    parts.push(Part::Step);
    parts
}

/// The policy's folder in a folder of its own.
struct Farm(tempfile::TempDir);

impl Farm {
    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join("small-farm").join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_default()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        fs::write(path, text).expect("written");
    }

    fn change(&self, file: &str, change: &str) {
        let lines = |sign: char| -> String {
            let lines = change.split_inclusive('\n');
            lines.filter_map(|line| line.strip_prefix(sign)).collect()
        };
        let (old, new) = (lines('-'), lines('+'));
        let before = self.read(file);
        assert_eq!(before.matches(&old).count(), 1, "{file} holds once:\n{old}");
        self.write(file, &before.replace(&old, &new));
    }

    fn prequal(&self, command: &str) -> Output {
        let mut prequal = Command::new(env!("CARGO_BIN_EXE_prequal"));
        prequal.args([command, "small-farm"]);
        prequal.current_dir(self.0.path());
        prequal.output().expect("the binary runs")
    }

    /// The command succeeds and has nothing to complain of.
    fn holds(&self, command: &str) {
        let output = self.prequal(command);
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && complained.is_empty(),
            "prequal {command}: {said}\n{complained}\n{}",
            self.read("policy.toml")
        );
    }
}

#[test]
fn every_step_compiles_and_every_mistake_is_answered_as_shown() {
    let text = fs::read_to_string(tutorial()).expect("the tutorial");
    let farm = Farm(tempfile::tempdir().expect("a folder"));
    let mut blessed = text.clone();
    let (mut steps, mut mistakes) = (0, 0);
    // From the end, so that places before a blessed answer stay.
    let mut answers = Vec::new();
    for part in parts(&text) {
        match part {
            Part::Step if farm.read("policy.toml").is_empty() => {}
            Part::Step => {
                farm.holds("check");
                steps += 1;
            }
            Part::More { file, text } => farm.write(&file, &(farm.read(&file) + &text)),
            Part::Change { file, text } => farm.change(&file, &text),
            Part::Mistake {
                file,
                text: wrong,
                answer,
            } => {
                farm.holds("check");
                let before = farm.read(&file);
                farm.change(&file, &wrong);
                let output = farm.prequal("check");
                farm.write(&file, &before);
                assert_eq!(output.status.code(), Some(1), "no mistake:\n{wrong}");
                let said = String::from_utf8(output.stderr).expect("UTF-8");
                answers.push((answer, format!("{}\n", said.trim_end())));
                mistakes += 1;
            }
        }
    }
    assert!(
        steps >= 7 && mistakes >= 7,
        "{steps} steps, {mistakes} mistakes"
    );
    farm.holds("test");
    let output = farm.prequal("fmt");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "",
        "it is not formatted"
    );
    for (place, answer) in answers.into_iter().rev() {
        blessed.replace_range(place, &answer);
    }
    if std::env::var_os("PREQUAL_BLESS").is_some() {
        fs::write(tutorial(), blessed).expect("blessed");
    } else {
        assert!(
            blessed == text,
            "the compiler answers otherwise:\n{blessed}"
        );
    }
}
