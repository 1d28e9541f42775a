//! Fuzz targets: every parser, and the decoder of compiled policies.
//!
//! A target takes any bytes and panics where something does not hold: a parser
//! that does not answer, a policy that loads and cannot be assessed by
//! (TOTAL), a formatter that changes what a file means. `cargo xtask fuzz`
//! runs them guided by coverage; the tests of this crate run each a fixed
//! number of times from a fixed seed. What once failed stands in
//! `regressions/<target>/` and is tried first.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is how a target fails"
)]

mod mutate;
mod seed;
mod target;

use std::fs;
use std::io;
use std::path::PathBuf;

pub use mutate::Mutations;

/// The most bytes of an input.
pub const MAX_INPUT: usize = 32 * 1024;

/// Something that any bytes are given to.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, such as `decode`.
    pub name: &'static str,
    /// How often the tests run it on a changed input.
    pub brief: usize,
    run: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "policy",
        brief: 300,
        run: target::source::policy,
        seeds: seed::policies,
    },
    Target {
        name: "formula",
        brief: 300,
        run: target::source::formula,
        seeds: seed::formulas,
    },
    Target {
        name: "cell",
        brief: 300,
        run: target::source::cell,
        seeds: seed::cells,
    },
    Target {
        name: "texts",
        brief: 300,
        run: target::source::texts,
        seeds: seed::texts,
    },
    Target {
        name: "format",
        brief: 300,
        run: target::format::format,
        seeds: seed::policies,
    },
    Target {
        name: "decode",
        brief: 4_000,
        run: target::decode::decode,
        seeds: seed::compiled,
    },
    Target {
        name: "answers",
        brief: 4_000,
        run: target::wire::answers,
        seeds: seed::answers,
    },
    Target {
        name: "summary",
        brief: 4_000,
        run: target::wire::summary,
        seeds: seed::summaries,
    },
    Target {
        name: "submission",
        brief: 4_000,
        run: target::wire::submission,
        seeds: seed::submissions,
    },
    Target {
        name: "challenge",
        brief: 4_000,
        run: target::wire::challenge,
        seeds: seed::challenges,
    },
];

impl Target {
    /// The target of a name.
    pub fn named(name: &str) -> Option<Target> {
        TARGETS.iter().copied().find(|target| target.name == name)
    }

    /// Tries one input; longer ones than [`MAX_INPUT`] are passed over.
    ///
    /// # Panics
    /// Where something does not hold.
    pub fn run(&self, input: &[u8]) {
        if input.len() <= MAX_INPUT {
            (self.run)(input);
        }
    }

    /// Inputs to begin from, made from the policies in this checkout.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        (self.seeds)()
    }

    /// Where inputs that once failed stand.
    pub fn regressions(&self) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("regressions")
            .join(self.name)
    }

    /// Inputs that once failed, in order of their names.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn failed_before(&self) -> io::Result<Vec<Vec<u8>>> {
        let folder = self.regressions();
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
        let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        paths.into_iter().map(fs::read).collect()
    }
}
