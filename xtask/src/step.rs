//! Long steps: one line when a step starts, one each while it goes on, one when it ends, with elapsed seconds.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project;

/// How often a step that goes on says so.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How much of a failed step's output is shown; all of it is in the log file.
const SHOWN_LINES: usize = 120;

/// What a finished command left behind.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    /// Standard output and standard error, in the order they were written.
    pub(crate) output: String,
}

/// Runs a command, its output to `target/xtask/<name>.log`, with a heartbeat on the terminal.
pub(crate) fn watch(name: &str, command: &mut Command) -> Result<Finished> {
    let (path, log) = log_file(name, "log")?;
    let status = wait(name, command.stdout(log.try_clone()?).stderr(log))?;
    Ok(Finished {
        status,
        output: read(&path)?,
    })
}

/// Runs a command as one step, like [`run`], and returns its standard output alone.
pub(crate) fn answer(name: &str, command: &mut Command) -> Result<String> {
    let (answer, standard) = log_file(name, "out")?;
    let (complaints, error) = log_file(name, "log")?;
    timed(name, || {
        let status = wait(name, command.stdout(standard).stderr(error))?;
        if !status.success() {
            show_end(&read(&complaints)?);
            bail!("{status}");
        }
        read(&answer)
    })
}

fn log_file(name: &str, extension: &str) -> Result<(PathBuf, File)> {
    let folder = project::target().join("xtask");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!(
        "{}.{extension}",
        name.replace([' ', '/', '\''], "-")
    ));
    let file = File::create(&path)?;
    Ok((path, file))
}

fn read(path: &Path) -> Result<String> {
    Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned())
}

fn wait(name: &str, command: &mut Command) -> Result<ExitStatus> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{}`", command.get_program().to_string_lossy()))?;
    let mut next = HEARTBEAT;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed() >= next {
            say(&format!("  … {name}, {} s", started.elapsed().as_secs()));
            next += HEARTBEAT;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Runs a command as one step of a build: a line before, a line after, and on failure its output and an error.
pub(crate) fn run(name: &str, command: &mut Command) -> Result<()> {
    timed(name, || {
        let finished = watch(name, command)?;
        if !finished.status.success() {
            show_end(&finished.output);
            bail!("{}", finished.status);
        }
        Ok(())
    })
}

/// Does a piece of work as one step, a line before and a line after.
pub(crate) fn timed<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    say(&format!("→ {name}"));
    let value = work().with_context(|| format!("{name} failed"))?;
    say(&format!(
        "✓ {name}  {:.1} s",
        started.elapsed().as_secs_f64()
    ));
    Ok(value)
}

/// Says now and then how far a loop in this process has come.
pub(crate) struct Progress {
    name: String,
    of: u64,
    started: Instant,
    next: Duration,
}

impl Progress {
    /// Starts the clock for a loop over `of` things.
    pub(crate) fn new(name: &str, of: u64) -> Self {
        Self {
            name: name.to_owned(),
            of,
            started: Instant::now(),
            next: HEARTBEAT,
        }
    }

    /// Notes that `done` things are done.
    pub(crate) fn at(&mut self, done: u64) {
        if self.started.elapsed() >= self.next {
            say(&format!(
                "  … {}, {done} of {}, {} s",
                self.name,
                self.of,
                self.started.elapsed().as_secs()
            ));
            self.next += HEARTBEAT;
        }
    }
}

/// Prints the last lines of a failed step.
pub(crate) fn show_end(output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    let skipped = lines.len().saturating_sub(SHOWN_LINES);
    if skipped > 0 {
        say(&format!("    ({skipped} lines before are in the log)"));
    }
    for line in lines.iter().skip(skipped) {
        say(&format!("    {line}"));
    }
}

/// One line on standard output, at once. A reader that has gone away is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
