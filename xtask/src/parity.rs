//! `parity`: the native engine against the shipped module, over random applicants.

mod case;
mod harness;
mod piece;
mod reached;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use prequal::{Answers, Policy, Request};

use self::piece::Piece;
use self::reached::Reached;
use crate::{build, pieces, project, step};

pub(crate) use case::{Case, Form};
pub(crate) use harness::compare as compare_with_wasm;

/// How many cases, and which.
#[derive(Args)]
pub(crate) struct Options {
    /// Random cases in all, as many of each policy
    #[arg(long, default_value_t = 100_000)]
    cases: u64,
    /// Draws the same cases again; any number when left out
    #[arg(long)]
    seed: Option<u64>,
    /// Flips one bit of one native outcome of each policy, which must then be reported
    #[arg(long)]
    plant: bool,
}

/// A policy that is not shipped and has every construct of the language.
const CONSTRUCTS: &str = "crates/compiler/tests/asked";

/// Cases that are drawn one after the other and compared in one process; every piece draws from a seed of its own.
const PIECE: u64 = 10_000;

/// Cases of the self-test, which plants a bit and must find it.
const SELF_TEST: u64 = 200;

/// A policy on both sides.
struct Subject {
    name: String,
    policy: Policy,
    /// Its compiled file.
    file: PathBuf,
}

/// What the pieces of a policy found together.
struct Tally {
    reached: Reached,
    cases: u64,
    mismatches: usize,
    shown: Vec<String>,
    /// Whether the self-test failed.
    blind: bool,
    /// Of all pieces; as many as there are cores run at once.
    took: Duration,
}

/// Builds the module and the policies, and compares.
pub(crate) fn run(options: &Options) -> Result<()> {
    build::engine()?;
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    let subjects = subjects()?;
    let share = options.cases.div_ceil(subjects.len() as u64);
    let pieces: Vec<(usize, Piece)> = (0..subjects.len())
        .flat_map(|subject| shares(share, seed, options.plant).map(move |piece| (subject, piece)))
        .collect();
    let mut tallies: Vec<Tally> = subjects.iter().map(Tally::new).collect();

    let started = Instant::now();
    let mut progress = step::Progress::new("cases", pieces.iter().map(|(_, p)| p.cases).sum());
    let mut done = 0;
    pieces::each(
        &pieces,
        |(subject, piece)| {
            let subject = subjects.get(*subject).context("no such policy")?;
            piece
                .compare(&subject.policy, &subject.file)
                .with_context(|| subject.name.clone())
        },
        |(subject, piece), found| {
            done += piece.cases;
            progress.at(done);
            let tally = tallies.get_mut(*subject).context("no such policy")?;
            if piece.plant && !options.plant {
                tally.blind = found.mismatches != 1;
            } else {
                tally.add(piece, found);
            }
            Ok(())
        },
    )?;

    let mut wrong = Vec::new();
    for (subject, tally) in subjects.iter().zip(&tallies) {
        tally.say(&subject.name, seed);
        wrong.extend(
            tally
                .wrong()
                .map(|what| format!("{}: {what}", subject.name)),
        );
    }
    let cases: u64 = tallies.iter().map(|tally| tally.cases).sum();
    let mismatches: usize = tallies.iter().map(|tally| tally.mismatches).sum();
    step::say(&format!(
        "{cases} cases of {} policies, {mismatches} mismatches, seed {seed}, {:.1} s",
        subjects.len(),
        started.elapsed().as_secs_f64()
    ));
    if !wrong.is_empty() {
        bail!("{} (seed {seed})", wrong.join("; "));
    }
    Ok(())
}

/// Every policy, and the one of all constructs.
fn subjects() -> Result<Vec<Subject>> {
    let shipped = build::compiled()?
        .into_iter()
        .map(|(name, policy)| Subject {
            file: build::folder().join(format!("{name}.policy")),
            name,
            policy,
        });
    let compiled = prequal_compiler::compile(&project::path(CONSTRUCTS))
        .map_err(|errors| anyhow!("{errors}"))?;
    let file = project::target().join("xtask/constructs.policy");
    fs::write(&file, &compiled.policy)?;
    let constructs = Subject {
        name: format!("{CONSTRUCTS} (every construct)"),
        policy: compiled.loaded,
        file,
    };
    Ok(shipped.chain([constructs]).collect())
}

/// The pieces of a policy, the self-test among them.
fn shares(cases: u64, seed: u64, plant: bool) -> impl Iterator<Item = Piece> {
    let self_test = (!plant).then_some(Piece {
        cases: SELF_TEST,
        seed,
        plant: true,
    });
    let drawn = pieces::shares(cases, PIECE, seed).map(move |(cases, own)| Piece {
        cases,
        seed: own,
        plant: plant && own == seed,
    });
    self_test.into_iter().chain(drawn)
}

impl Tally {
    fn new(subject: &Subject) -> Self {
        Self {
            reached: Reached::new(subject.policy.body()),
            cases: 0,
            mismatches: 0,
            shown: Vec::new(),
            blind: false,
            took: Duration::ZERO,
        }
    }

    fn add(&mut self, piece: &Piece, found: piece::Found) {
        self.reached.add(&found.reached);
        self.cases += piece.cases;
        self.mismatches += found.mismatches;
        self.shown.extend(found.shown);
        self.took += found.took;
    }

    fn say(&self, name: &str, seed: u64) {
        let took = self.took.as_secs_f64();
        step::say(&format!(
            "{name}: {} cases, {} mismatches, seed {seed}, {took:.1} s of one worker, {:.0} a second",
            self.cases,
            self.mismatches,
            self.cases as f64 / took
        ));
        step::say(&self.reached.to_string());
        self.shown.iter().for_each(|mismatch| step::say(mismatch));
    }

    fn wrong(&self) -> impl Iterator<Item = String> {
        let differ = (self.mismatches > 0).then(|| format!("{} mismatches", self.mismatches));
        let blind = self.blind.then(|| "a planted bit was not found".to_owned());
        let never = self.reached.never();
        let never = (!never.is_empty()).then(|| format!("never reached: {}", never.join(", ")));
        [differ, blind, never].into_iter().flatten()
    }
}

/// Writes each policy's own cases, and random ones, to a file each for the tests in Node and Chromium.
pub(crate) fn export(random: u64, seed: u64, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (name, policy) in build::compiled()? {
        let mut file = BufWriter::new(fs::File::create(folder.join(format!("{name}.jsonl")))?);
        for path in project::cases(&name)? {
            let case =
                own_case(&policy, &path).with_context(|| format!("in `{}`", path.display()))?;
            writeln!(file, "{}", case.line(Form::Text)?)?;
        }
        let piece = Piece {
            cases: random,
            seed,
            plant: false,
        };
        let mut reached = Reached::new(policy.body());
        piece.draw(&policy, &mut reached, |_, case| {
            Ok(writeln!(file, "{}", case.line(Form::Text)?)?)
        })?;
        file.flush()?;
    }
    Ok(())
}

/// A policy's own case, decided anew.
fn own_case(policy: &Policy, path: &Path) -> Result<Case> {
    #[derive(serde::Deserialize)]
    struct Source {
        as_of: String,
        request: Request,
        answers: Answers,
        #[serde(default)]
        supplied: Answers,
    }
    let Source {
        as_of,
        request,
        mut answers,
        supplied,
    } = toml::from_str(&fs::read_to_string(path)?)?;
    answers.join(supplied);
    Case::named(policy, &answers, request, as_of.parse()?)
}
