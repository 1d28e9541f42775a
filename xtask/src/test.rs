//! `test`: every test of the project, stage by stage.

mod tally;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};

use self::tally::Tally;
use crate::{build, npm, parity, project, step, tiers, tools};

/// Random cases beside each policy's own ones; `cargo xtask parity` and `tiers` run more.
const RANDOM_CASES: u64 = 1_000;
/// Random plans, enough to reach all that a plan can have.
const RANDOM_PLANS: u64 = 5_000;
/// Fixed, so that a failure here is found again.
const SEED: u64 = 1;

/// Which tests to run.
#[derive(Args)]
pub(crate) struct Options {
    /// The stages to run; all of them when none is named
    stages: Vec<Stage>,
}

/// The stages, in the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// `cargo fmt --check`
    Format,
    /// clippy over the workspace
    Clippy,
    /// clippy over the crate as wasm sees it
    ClippyWasm,
    /// The Rust tests, native
    Rust,
    /// The examples in the Rust documentation
    Doc,
    /// The wasm package, the policies and the front end, built
    Build,
    /// The policies' own cases, and that their files are formatted
    Policies,
    /// The same cases worked out apart, in decimal arithmetic
    Oracle,
    /// Decisions on summaries against decisions on answers, a sample of applicants
    Tiers,
    /// The shipped module in Node and in Chromium
    Wasm,
    /// Types and lints of the front end
    FrontEnd,
    /// The pages in Chromium against the service
    Browser,
    /// The npm package, packed, installed and used by a stranger
    Package,
}

impl Stage {
    /// What the stage is called in the report.
    fn title(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Clippy => "clippy",
            Self::ClippyWasm => "clippy for wasm",
            Self::Rust => "rust tests",
            Self::Doc => "doc tests",
            Self::Build => "build",
            Self::Policies => "policies' cases",
            Self::Oracle => "worked-out cases",
            Self::Tiers => "tiers",
            Self::Wasm => "wasm tests",
            Self::FrontEnd => "front end",
            Self::Browser => "browser tests",
            Self::Package => "package tests",
        }
    }

    /// Whether the stage looks at what the build stage makes.
    fn needs_build(self) -> bool {
        matches!(
            self,
            Self::Policies | Self::Wasm | Self::FrontEnd | Self::Browser | Self::Package
        )
    }

    fn run(self) -> Result<Tally> {
        let wasm = [
            "--package",
            "prequal",
            "--lib",
            "--target",
            "wasm32-unknown-unknown",
        ];
        match self {
            Self::Format => one(project::cargo().args(["fmt", "--all", "--check"]), self),
            Self::Clippy => one(
                project::cargo().args([
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--",
                    "--deny",
                    "warnings",
                ]),
                self,
            ),
            Self::ClippyWasm => one(
                project::cargo()
                    .arg("clippy")
                    .args(wasm)
                    .arg("--features")
                    .arg(build::MODULES.join(","))
                    .args(["--", "--deny", "warnings"]),
                self,
            ),
            Self::Rust => counted(
                project::cargo().args([
                    "test",
                    "--workspace",
                    "--lib",
                    "--bins",
                    "--tests",
                    "--examples",
                    "--no-fail-fast",
                ]),
                self,
            ),
            Self::Doc => counted(
                project::cargo().args(["test", "--workspace", "--doc", "--no-fail-fast"]),
                self,
            ),
            Self::Build => build::all().map(|()| Tally::passed(1)),
            Self::Policies => {
                let binary = build::binary()?;
                let mut cases = Command::new(&binary);
                cases.arg("test").args(project::policies()?);
                let mut format = Command::new(&binary);
                format.args(["fmt", "--check"]).args(project::sources()?);
                Ok(one(cases.current_dir(project::root()), self)?
                    + one(format.current_dir(project::root()), self)?)
            }
            Self::Oracle => one(
                tools::python()?
                    .arg("tests/oracle/worked_cases.py")
                    .current_dir(project::root()),
                self,
            ),
            Self::Tiers => tiers::measure(RANDOM_CASES, SEED).map(|()| Tally::passed(1)),
            Self::Wasm => {
                parity::export(RANDOM_CASES, SEED, &project::target().join("cases"))?;
                parity::plans(RANDOM_PLANS, SEED)?;
                node_tests("tests/js/wasm", self)
            }
            Self::FrontEnd => one(npm::npm(&project::path("www")).args(["run", "check"]), self),
            Self::Browser => node_tests("tests/browser", self),
            Self::Package => node_tests("tests/js/package", self),
        }
    }
}

/// Runs the stages named and sums up.
pub(crate) fn run(options: &Options) -> Result<()> {
    tools::node()?;
    tools::wasm_target()?;
    tools::chromium()?;
    let started = Instant::now();
    let mut total = Tally::default();
    let mut built = true;
    for stage in Stage::value_variants().iter().copied() {
        if !options.stages.is_empty() && !options.stages.contains(&stage) {
            continue;
        }
        let tally = if stage.needs_build() && !built {
            step::say(&format!(
                "FAILED {:<16} not run: the build failed",
                stage.title()
            ));
            Tally::failed(1)
        } else {
            timed(stage)
        };
        built &= stage != Stage::Build || tally.is_green();
        total = total + tally;
    }
    step::say(&format!("{:.1} s in all", started.elapsed().as_secs_f64()));
    step::say(&total.to_string());
    ensure!(total.is_green(), "tests failed");
    Ok(())
}

/// Runs a stage and prints its line.
fn timed(stage: Stage) -> Tally {
    let started = Instant::now();
    let (tally, note) = match stage.run() {
        Ok(tally) => (tally, String::new()),
        Err(error) => (Tally::failed(1), format!(": {error:#}")),
    };
    let verdict = if tally.is_green() { "ok    " } else { "FAILED" };
    step::say(&format!(
        "{verdict} {:<16} {:>6.1} s  {tally}{note}",
        stage.title(),
        started.elapsed().as_secs_f64()
    ));
    tally
}

/// A command that passes or fails as a whole.
fn one(command: &mut Command, stage: Stage) -> Result<Tally> {
    let finished = step::watch(stage.title(), command)?;
    if finished.status.success() {
        return Ok(Tally::passed(1));
    }
    step::show_end(&finished.output);
    Ok(Tally::failed(1))
}

/// A test runner whose closing lines say how many tests passed.
fn counted(command: &mut Command, stage: Stage) -> Result<Tally> {
    let finished = step::watch(stage.title(), command)?;
    let tally = Tally::read(&finished.output);
    if finished.status.success() {
        ensure!(!tally.is_empty(), "no test ran");
        return Ok(tally);
    }
    step::show_end(&finished.output);
    // A runner that could not even start its tests counts none of them.
    Ok(if tally.is_green() {
        tally + Tally::failed(1)
    } else {
        tally
    })
}

/// Every `*.test.mjs` under a folder, by node's own test runner.
fn node_tests(folder: &str, stage: Stage) -> Result<Tally> {
    npm::install(&project::path("tests"))?;
    let files = test_files(&project::path(folder))?;
    if files.is_empty() {
        bail!("`{folder}` holds no *.test.mjs");
    }
    let mut command = tools::node_command()?;
    command
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(files)
        .current_dir(project::root())
        .env("CHROMIUM", tools::chromium()?)
        .env("PREQUAL_BIN", build::binary()?)
        .env("PREQUAL_CASES", project::target().join("cases"))
        .env("PREQUAL_POLICIES", build::folder());
    counted(&mut command, stage)
}

fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?
    {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
