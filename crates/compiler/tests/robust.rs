//! Whatever stands in the files, the compiler answers: with diagnostics, or
//! with a policy that the engine loads.

#![allow(clippy::expect_used, reason = "a test")]

use std::path::Path;

use prequal::Policy;
use prequal_compiler::{Sources, compile_sources};
use proptest::prelude::*;

fn policy(name: &str) -> Sources {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    Sources::read(&tests.join(name)).expect("the policy")
}

const FILES: [(&str, &str); 9] = [
    ("base", "policy.toml"),
    ("base", "policy.toml"),
    ("base", "tables/card.csv"),
    ("base", "tables/cap.csv"),
    ("base", "tables/rate.csv"),
    ("base", "texts/en.toml"),
    ("asked", "policy.toml"),
    ("asked", "policy.toml"),
    ("asked", "tables/margin.csv"),
];

/// What an author's finger may slip into a file.
const SLIPS: [&str; 32] = [
    "",
    "\"",
    "'",
    "]",
    "[",
    "(",
    ")",
    ",",
    "=",
    "==",
    "-",
    "..",
    ".",
    "%",
    "\\",
    "\n",
    " ",
    "é",
    "额",
    "\r",
    "9007199254740993",
    "-1",
    "0",
    "if",
    "then",
    "else",
    "not",
    "missing",
    "unseen",
    "amount",
    "1e9",
    "\"\"\"",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slips_are_answered(
        (folder, file) in prop::sample::select(&FILES[..]),
        slips in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..12, prop::sample::select(&SLIPS[..])),
            1..4,
        ),
    ) {
        let mut sources = policy(folder);
        for (at, length, slip) in slips {
            let text = sources.get(file).expect("a file").to_owned();
            let chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len() + 1);
            let before: String = chars.iter().take(at).collect();
            let after: String = chars.iter().skip(at + length).collect();
            sources.insert(file, format!("{before}{slip}{after}"));
        }
        match compile_sources(&sources) {
            Ok(compiled) => {
                let loaded = Policy::decode(&compiled.policy);
                prop_assert_eq!(loaded.map(|policy| policy.hash()), Ok(compiled.loaded.hash()));
            }
            Err(diagnostics) => {
                prop_assert!(diagnostics.has_errors());
                prop_assert!(!diagnostics.render("", true).is_empty());
                prop_assert!(diagnostics.entries().iter().all(|entry| entry.line >= 1 && entry.column >= 1));
            }
        }
    }
}
