//! Many policies, many applicants, every planted bug.

use std::collections::BTreeMap;
use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use prequal::policy::Kind;
use prequal::{Date, Outcome, Policy, Summary};
use prequal_compiler::{Compiled, Severity, compile_sources};
use prequal_sample::{Applicant, Applicants};

use crate::compare::{Difference, Subject, Verdict, same};
use crate::compiled::{as_written, products_as_written};
use crate::coverage::Coverage;
use crate::generate;
use crate::model::policy::Policy as Model;
use crate::naive::{Bug, Bugs, Told};
use crate::summaries::Summaries;

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many policies are generated.
    pub policies: u64,
    /// The first one's seed; each following one has the next.
    pub seed: u64,
}

/// Applicants of each policy.
const APPLICANTS: usize = 8;
/// Summaries of each policy that no answers lead to.
const SUMMARIES: usize = 4;
/// A planted bug is found within so many policies, or never.
pub const BUG_BUDGET: u64 = 4_000;
/// Of so many policies a difference is told.
const MOST_TOLD: usize = 3;

/// What was tried and found.
#[derive(Clone, Debug)]
pub struct Report {
    options: Options,
    compiled: u64,
    refused: BTreeMap<String, (u64, u64)>,
    assessed: u64,
    too_near: u64,
    too_fine: u64,
    differences: BTreeMap<u64, Vec<String>>,
    coverage: Coverage,
    bugs: Vec<(Bug, Option<u64>)>,
    compiling: Duration,
    took: Duration,
}

/// Generates policies, compiles and compares, then plants bugs.
pub fn run(options: Options) -> Report {
    let started = Instant::now();
    let workers = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let parts: Vec<Report> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(move || Report::part(options, worker, workers)))
            .collect();
        workers
            .into_iter()
            .filter_map(|worker| worker.join().ok())
            .collect()
    });
    let mut report = Report::new(options);
    if parts.len() as u64 != workers {
        report.differ_at(options.seed, "a worker panicked".to_owned());
    }
    for part in parts {
        report.add(part);
    }
    report.bugs = hunt(options.seed);
    report.took = started.elapsed();
    report
}

impl Report {
    fn new(options: Options) -> Report {
        Report {
            options,
            compiled: 0,
            refused: BTreeMap::new(),
            assessed: 0,
            too_near: 0,
            too_fine: 0,
            differences: BTreeMap::new(),
            coverage: Coverage::new(),
            bugs: Vec::new(),
            compiling: Duration::ZERO,
            took: Duration::ZERO,
        }
    }

    /// Every so manieth policy.
    fn part(options: Options, first: u64, every: u64) -> Report {
        let mut report = Report::new(options);
        let mut index = first;
        while index < options.policies {
            report.policy(options.seed.wrapping_add(index));
            index += every;
        }
        report
    }

    fn add(&mut self, other: Report) {
        self.compiled += other.compiled;
        self.assessed += other.assessed;
        self.too_near += other.too_near;
        self.too_fine += other.too_fine;
        self.compiling += other.compiling;
        self.coverage.add(&other.coverage);
        self.differences.extend(other.differences);
        for (code, (count, seed)) in other.refused {
            let known = self.refused.entry(code).or_insert((0, seed));
            *known = (known.0 + count, known.1.min(seed));
        }
    }

    fn policy(&mut self, seed: u64) {
        let model = generate::policy(seed);
        let sources = model.sources();
        let started = Instant::now();
        let compiled = compile_sources(&sources);
        self.compiling += started.elapsed();
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(diagnostics) => {
                let mut errors = diagnostics
                    .iter()
                    .filter(|d| d.code.severity() == Severity::Error);
                let first = errors.next();
                let code = first.map_or("none", |d| d.code.as_str());
                self.refused.entry(code.to_owned()).or_insert((0, seed)).0 += 1;
                return;
            }
        };
        self.compiled += 1;
        self.coverage.policy(&model);
        self.coverage.body(compiled.loaded.body());
        let subject = match Subject::new(&compiled.loaded, &compiled.policy) {
            Ok(subject) => subject,
            Err(difference) => return self.differ(seed, "", &difference),
        };
        if let Verdict::Differs(difference) = products_as_written(&model, compiled.loaded.body()) {
            self.differ(seed, "", &difference);
        }
        for case in cases(&compiled, &subject, seed) {
            self.assessed += 1;
            match case.verdict(&subject) {
                Verdict::Same => {}
                Verdict::TooNear => self.too_near += 1,
                Verdict::TooFine => self.too_fine += 1,
                Verdict::Differs(difference) => {
                    self.differ(seed, &format!("{case:?}"), &difference);
                }
            }
            if let Verdict::Differs(difference) = case.as_written(&model, &subject) {
                self.differ(seed, &format!("{case:?}"), &difference);
            }
            match &case {
                Case::Answered(_, found) => {
                    self.coverage.answers(found.is_some());
                    if let Some((_, outcome)) = found {
                        self.coverage.outcome(outcome, true);
                    }
                }
                Case::Told(_, outcome, _) => self.coverage.outcome(outcome, false),
                Case::Unmade(_) => {}
            }
        }
    }

    fn differ(&mut self, seed: u64, case: &str, difference: &Difference) {
        let Difference { of, engine, naive } = difference;
        self.differ_at(
            seed,
            format!("they differ in {of}\n  engine: {engine}\n  naive:  {naive}\n  {case}"),
        );
    }

    fn differ_at(&mut self, seed: u64, told: String) {
        self.differences.entry(seed).or_default().push(told);
    }

    /// Whether everything is as it should be.
    ///
    /// # Errors
    /// What is not.
    pub fn verdict(&self) -> Result<(), String> {
        let mut wrong = Vec::new();
        if !self.differences.is_empty() {
            wrong.push(format!("{} policies differ", self.differences.len()));
        }
        let wanting = self.coverage.wanting();
        if !wanting.is_empty() {
            wrong.push(format!("not reached: {}", wanting.join(", ")));
        }
        let missed = self.bugs.iter().filter(|(_, found)| found.is_none());
        let missed: Vec<&str> = missed.map(|(bug, _)| bug.words()).collect();
        if !missed.is_empty() {
            wrong.push(format!("planted bugs not found:{}", missed.join(";")));
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("\n"))
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { policies, seed } = self.options;
        writeln!(
            f,
            "seed {seed}: {policies} policies, {} compiled",
            self.compiled
        )?;
        for (code, (count, seed)) in &self.refused {
            writeln!(f, "  {count:>7} refused: {code} (first: seed {seed})")?;
        }
        writeln!(
            f,
            "{} assessments, {} differences, in {} policies",
            self.assessed,
            self.differences.values().map(Vec::len).sum::<usize>(),
            self.differences.len()
        )?;
        writeln!(
            f,
            "  {} too near to a rounding to hold doubles to it",
            self.too_near
        )?;
        writeln!(
            f,
            "  {} with steps too fine for the largest loan to be promised",
            self.too_fine
        )?;
        for (seed, told) in self.differences.iter().take(MOST_TOLD) {
            if let Some(difference) = told.first() {
                writeln!(f, "seed {seed}: {difference}")?;
            }
        }
        writeln!(f, "reached:")?;
        for (name, count) in self.coverage.counts() {
            writeln!(f, "  {count:>9} {name}")?;
        }
        writeln!(
            f,
            "planted bugs, and after how many policies each was found:"
        )?;
        for (bug, found) in &self.bugs {
            let found = found.map_or("not found".to_owned(), |count| count.to_string());
            writeln!(f, "  {found:>9}{}", bug.words())?;
        }
        let (took, compiling) = (self.took.as_secs_f64(), self.compiling.as_secs_f64());
        write!(
            f,
            "{took:.1} s, of which all threads compiled {compiling:.1} s"
        )
    }
}

/// Something that both decide.
enum Case {
    /// Answers, and the engine's summary and outcome unless they are wrong.
    Answered(Applicant, Option<(Summary, Outcome)>),
    /// A summary by itself.
    Told(Summary, Outcome, Told),
    /// A summary that the naive interpreter could not make, or not alone.
    Unmade(Verdict),
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Case::Answered(applicant, _) => write!(f, "{applicant:?}"),
            Case::Told(summary, _, _) => write!(f, "{}", summary.canonical()),
            Case::Unmade(_) => f.write_str("no summary"),
        }
    }
}

impl Case {
    /// Against what the author wrote.
    fn as_written(&self, model: &Model, subject: &Subject<'_>) -> Verdict {
        match self {
            Case::Answered(applicant, found) => {
                as_written(model, subject, applicant, found.as_ref())
            }
            Case::Told(..) | Case::Unmade(_) => Verdict::Same,
        }
    }

    /// Against the naive interpreter.
    fn verdict(&self, subject: &Subject<'_>) -> Verdict {
        match self {
            Case::Answered(applicant, found) => subject.applicant(applicant, found.as_ref()),
            Case::Told(summary, outcome, told) => subject.summary(summary, outcome, told.clone()),
            Case::Unmade(verdict) => verdict.clone(),
        }
    }
}

fn cases(compiled: &Compiled, subject: &Subject<'_>, seed: u64) -> Vec<Case> {
    let policy: &Policy = &compiled.loaded;
    let mut cases: Vec<Case> = Applicants::new(policy, seed)
        .take(APPLICANTS)
        .enumerate()
        .map(|(index, mut applicant)| {
            match index % 4 {
                1 => at_month_ends(policy, &mut applicant),
                2 => answer_everything(policy, &mut applicant),
                3 if index + 1 == APPLICANTS => {
                    let first = applicant.answers.first_mut();
                    first.into_iter().for_each(|answer| *answer = None);
                }
                _ => {}
            }
            let summary = applicant.summarise(policy).ok();
            let found = summary.map(|summary| {
                let outcome = policy.assess(&summary);
                (summary, outcome)
            });
            Case::Answered(applicant, found)
        })
        .collect();
    let mut summaries = Summaries::new(policy, seed);
    for _ in 0..SUMMARIES {
        cases.push(match summaries.draw(subject) {
            Ok(Some((summary, told))) => {
                let outcome = policy.assess(&summary);
                Case::Told(summary, outcome, told)
            }
            Ok(None) => Case::Unmade(Verdict::Differs(Difference {
                of: "a summary",
                engine: "does not admit it".to_owned(),
                naive: "made it".to_owned(),
            })),
            Err(fault) => Case::Unmade(same("a summary", (), Err(fault))),
        });
    }
    cases
}

/// Moves the days of a case to the ends of their months, where calendars differ.
fn at_month_ends(policy: &Policy, applicant: &mut Applicant) {
    let last_of_month = |days: i64| {
        let day = Date::from_days(days)?;
        let (year, month, _) = day.ymd();
        let next = Date::from_ymd(year, month, 1)?.plus_months(1)?;
        Some(next.days() - 1)
    };
    let moved = last_of_month(applicant.as_of.days()).and_then(Date::from_days);
    applicant.as_of = moved.unwrap_or(applicant.as_of);
    for (question, answer) in policy.body().questions.iter().zip(&mut applicant.answers) {
        let moved = answer
            .and_then(last_of_month)
            .filter(|day| *day <= question.high);
        if question.kind == Kind::Date && question.step == 1 && moved.is_some() {
            *answer = moved;
        }
    }
}

/// Answers what is not asked as well: it counts for nothing.
fn answer_everything(policy: &Policy, applicant: &mut Applicant) {
    for (question, answer) in policy.body().questions.iter().zip(&mut applicant.answers) {
        *answer = answer.or(Some(
            question.high - (question.high - question.low) % question.step,
        ));
    }
}

/// Plants each bug in policy after policy until a comparison finds it.
fn hunt(seed: u64) -> Vec<(Bug, Option<u64>)> {
    let mut bugs: Vec<(Bug, Option<u64>)> = Bug::ALL.iter().map(|bug| (*bug, None)).collect();
    for count in 0..BUG_BUDGET {
        if bugs.iter().all(|(_, found)| found.is_some()) {
            break;
        }
        let seed = seed.wrapping_add(count);
        let mut model = generate::policy(seed);
        let Ok(compiled) = compile_sources(&model.sources()) else {
            continue;
        };
        let Ok(mut subject) = Subject::new(&compiled.loaded, &compiled.policy) else {
            continue;
        };
        let cases = cases(&compiled, &subject, seed);
        for (bug, found) in bugs.iter_mut().filter(|(_, found)| found.is_none()) {
            subject.with(Bugs::with(*bug));
            let interpreted = |case: &Case| matches!(case.verdict(&subject), Verdict::Differs(_));
            let differs = cases.iter().any(interpreted);
            subject.with(Bugs::NONE);
            model.misread = Bugs::with(*bug);
            let body = compiled.loaded.body();
            let products = matches!(products_as_written(&model, body), Verdict::Differs(_));
            let misread =
                |case: &Case| matches!(case.as_written(&model, &subject), Verdict::Differs(_));
            if differs || products || cases.iter().any(misread) {
                *found = Some(count + 1);
            }
            model.misread = Bugs::NONE;
        }
    }
    bugs
}
