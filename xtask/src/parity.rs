//! `parity`: the native engine against the shipped module, over random applicants and random plans.

mod applicants;
mod case;
mod counts;
mod harness;
mod piece;
mod plans;
mod reached;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use prequal::{Answers, Policy, Request};

use self::applicants::Subject;
use self::counts::Counts;
use self::piece::{Piece, Source};
use self::plans::Plans;
use crate::{build, pieces, project, step};

pub(crate) use case::{Case, Form};
pub(crate) use harness::compare as compare_with_wasm;
pub(crate) use piece::Compared;

/// How many cases, and which.
#[derive(Args)]
pub(crate) struct Options {
    /// Random applicants in all, as many of each policy; 0 for none
    #[arg(long, default_value_t = 100_000)]
    cases: u64,
    /// Random plans: products on terms, each with its schedule; 0 for none
    #[arg(long, default_value_t = 100_000)]
    plans: u64,
    /// Draws the same cases again; any number when left out
    #[arg(long)]
    seed: Option<u64>,
    /// Flips one bit of one native answer of each policy and of the plans, which must then be reported
    #[arg(long)]
    plant: bool,
}

/// A policy that is not shipped and has every construct of the language.
const CONSTRUCTS: &str = "crates/compiler/tests/asked";

/// Cases that are drawn one after the other and compared in one process; every piece draws from a seed of its own.
const PIECE: u64 = 10_000;

/// Cases of the self-test, which plants a bit and must find it.
const SELF_TEST: u64 = 200;

/// What the pieces of a source found together.
struct Tally {
    reached: Counts,
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
    let mut wrong = Vec::new();
    if options.cases > 0 {
        let subjects = subjects()?;
        let share = options.cases.div_ceil(subjects.len() as u64);
        wrong.extend(compare(&subjects, share, seed, options.plant)?);
    }
    if options.plans > 0 {
        wrong.extend(compare(
            &[Plans::new()?],
            options.plans,
            seed,
            options.plant,
        )?);
    }
    verdict(&wrong, seed)
}

/// Compares random plans.
pub(crate) fn plans(cases: u64, seed: u64) -> Result<()> {
    verdict(&compare(&[Plans::new()?], cases, seed, false)?, seed)
}

fn verdict(wrong: &[String], seed: u64) -> Result<()> {
    if !wrong.is_empty() {
        bail!("{} (seed {seed})", wrong.join("; "));
    }
    Ok(())
}

/// Compares so many cases of each source; what is wrong.
fn compare<S: Source>(sources: &[S], share: u64, seed: u64, plant: bool) -> Result<Vec<String>> {
    let pieces: Vec<(usize, Piece)> = (0..sources.len())
        .flat_map(|source| shares(share, seed, plant).map(move |piece| (source, piece)))
        .collect();
    let mut tallies: Vec<Tally> = sources.iter().map(Tally::new).collect();

    let started = Instant::now();
    let mut progress = step::Progress::new("cases", pieces.iter().map(|(_, p)| p.cases).sum());
    let mut done = 0;
    pieces::each(
        &pieces,
        |(source, piece)| {
            let source = sources.get(*source).context("no such source")?;
            let found = piece.compare(source);
            found.with_context(|| source.name().to_owned())
        },
        |(source, piece), found| {
            done += piece.cases;
            progress.at(done);
            let tally = tallies.get_mut(*source).context("no such source")?;
            if piece.plant && !plant {
                tally.blind = found.mismatches != 1;
            } else {
                tally.add(piece, found);
            }
            Ok(())
        },
    )?;

    let mut wrong = Vec::new();
    for (source, tally) in sources.iter().zip(&tallies) {
        let name = source.name();
        tally.say(name, seed);
        wrong.extend(tally.wrong().map(|what| format!("{name}: {what}")));
    }
    let cases: u64 = tallies.iter().map(|tally| tally.cases).sum();
    let mismatches: usize = tallies.iter().map(|tally| tally.mismatches).sum();
    step::say(&format!(
        "{cases} cases, {mismatches} mismatches, seed {seed}, {:.1} s",
        started.elapsed().as_secs_f64()
    ));
    Ok(wrong)
}

/// Every policy that is shipped.
fn shipped() -> Result<Vec<Subject>> {
    let all = build::compiled()?.into_iter();
    Ok(all
        .map(|(name, policy)| Subject {
            file: build::folder().join(format!("{name}.policy")),
            name,
            policy,
        })
        .collect())
}

/// Every policy, and the one of all constructs.
fn subjects() -> Result<Vec<Subject>> {
    let compiled = prequal_compiler::compile(&project::path(CONSTRUCTS))
        .map_err(|errors| anyhow!("{errors}"))?;
    let file = project::target().join("xtask/constructs.policy");
    fs::write(&file, &compiled.policy)?;
    let mut subjects = shipped()?;
    subjects.push(Subject {
        name: format!("{CONSTRUCTS} (every construct)"),
        policy: compiled.loaded,
        file,
    });
    Ok(subjects)
}

/// The pieces of a source, the self-test among them.
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
    fn new(source: &impl Source) -> Self {
        Self {
            reached: source.expected(),
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

/// Writes each policy's own cases and random ones to a file each, and random plans to `plans/random.jsonl`, for the tests
/// in Node and Chromium.
pub(crate) fn export(random: u64, seed: u64, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("plans"))?;
    let piece = Piece {
        cases: random,
        seed,
        plant: false,
    };
    for subject in shipped()? {
        let Subject { name, policy, .. } = &subject;
        let mut file = BufWriter::new(fs::File::create(folder.join(format!("{name}.jsonl")))?);
        for path in project::cases(name)? {
            let case =
                own_case(policy, &path).with_context(|| format!("in `{}`", path.display()))?;
            writeln!(file, "{}", case.line(Form::Text)?)?;
        }
        write_drawn(&piece, &subject, &mut file)?;
    }
    let mut file = BufWriter::new(fs::File::create(folder.join("plans/random.jsonl"))?);
    write_drawn(&piece, &Plans::new()?, &mut file)
}

/// Writes the cases of a piece, a line each.
fn write_drawn(piece: &Piece, source: &impl Source, file: &mut impl Write) -> Result<()> {
    piece.draw(source, |_, case| {
        Ok(writeln!(file, "{}", case.line(Form::Text)?)?)
    })?;
    Ok(file.flush()?)
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
