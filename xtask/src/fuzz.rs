//! `fuzz`: the targets under libFuzzer, guided by coverage, on the stable toolchain.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::{Args, builder::PossibleValuesParser};
use prequal_fuzz::{MAX_INPUT, TARGETS, Target};

use crate::{project, step};

/// Which targets to run, and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// The target; all of them one after the other when none is named
    #[arg(long, value_parser = PossibleValuesParser::new(TARGETS.iter().map(|target| target.name)))]
    target: Option<String>,
    /// How long each runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// What LLVM adds to the code so that libFuzzer sees which parts an input reaches, and that arithmetic is checked.
const FLAGS: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";

/// The most memory of a run, in MiB.
const MEMORY: u32 = 2048;
/// The longest that one input may take, in seconds.
const PATIENCE: u32 = 20;

/// Runs the targets; an input that fails is kept among the regressions.
pub(crate) fn run(options: &Options) -> Result<()> {
    let binary = build()?;
    for target in TARGETS {
        if options
            .target
            .as_deref()
            .is_none_or(|name| name == target.name)
        {
            fuzz(target, &binary, options.seconds)?;
        }
    }
    Ok(())
}

/// Builds apart from everything else: the flags concern all that is linked, and no build script.
fn build() -> Result<PathBuf> {
    let host = step::answer(
        "host",
        Command::new("rustc").args(["--print", "host-tuple"]),
    )?;
    let host = host.trim();
    let folder = project::target().join("fuzz");
    step::run(
        "fuzz targets",
        project::cargo()
            .args(["build", "--release", "--package", "prequal-fuzz"])
            .args(["--features", "guided", "--target", host])
            .env("CARGO_TARGET_DIR", &folder)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("RUSTFLAGS", FLAGS),
    )?;
    Ok(folder
        .join(host)
        .join("release")
        .join(format!("prequal-fuzz{}", std::env::consts::EXE_SUFFIX)))
}

fn fuzz(target: &Target, binary: &PathBuf, seconds: u32) -> Result<()> {
    let corpus = project::target()
        .join("fuzz")
        .join("corpus")
        .join(target.name);
    let failed = target.regressions();
    for folder in [&corpus, &failed] {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    for (index, seed) in target.seeds().into_iter().enumerate() {
        fs::write(corpus.join(format!("seed-{index}")), seed)?;
    }
    let finished = step::watch(
        &format!("fuzz {}", target.name),
        Command::new(binary)
            .env("PREQUAL_FUZZ_TARGET", target.name)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={MAX_INPUT}"))
            .arg(format!("-rss_limit_mb={MEMORY}"))
            .arg(format!("-timeout={PATIENCE}"))
            .arg(format!("-artifact_prefix={}/", failed.display()))
            .args(["-print_final_stats=1", "-report_slow_units=3600"])
            .args([&corpus, &failed])
            .current_dir(project::root()),
    )?;
    // Nothing failed: no folder for it is needed.
    let _ = fs::remove_dir(&failed);
    if !finished.status.success() {
        step::show_end(&finished.output);
    }
    ensure!(
        finished.status.success(),
        "`{}` fails; the input stands in `{}`",
        target.name,
        failed.display()
    );
    let found = |name: &str| {
        let line = finished.output.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.rsplit(' ').next())
            .unwrap_or("?")
            .to_owned()
    };
    let covered = finished.output.lines().rev().find_map(|line| {
        let (_, rest) = line.split_once(" cov: ")?;
        rest.split(' ').next()
    });
    step::say(&format!(
        "ok     {:<12} {} runs, {} branches reached, {} inputs kept",
        target.name,
        found("stat::number_of_executed_units"),
        covered.unwrap_or("?"),
        fs::read_dir(&corpus)?.count(),
    ));
    Ok(())
}
