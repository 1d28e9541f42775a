//! What goes to the terminal, and how a command ends.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;

/// Whether the answer is yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Exit code 0.
    Yes,
    /// Exit code 1.
    No,
}

impl Answer {
    pub(crate) fn of(yes: bool) -> Answer {
        if yes { Answer::Yes } else { Answer::No }
    }

    pub(crate) fn code(self) -> ExitCode {
        match self {
            Answer::Yes => ExitCode::SUCCESS,
            Answer::No => ExitCode::from(1),
        }
    }
}

/// Bad use or input: a sentence that says what to do.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes a line to standard output. A reader that went away wants no more.
pub(crate) fn say(line: impl fmt::Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Writes data to standard output.
pub(crate) fn say_json(data: &impl Serialize) {
    say(serde_json::to_string_pretty(data).unwrap_or_default());
}

/// Writes a failure to standard error.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "prequal: {message}");
}

/// Writes diagnostics to standard error, apart from what follows them.
pub(crate) fn note(diagnostics: &str) {
    if !diagnostics.is_empty() {
        let _ = writeln!(io::stderr(), "{diagnostics}");
    }
}

/// Whether standard error shows colours.
pub(crate) fn colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
