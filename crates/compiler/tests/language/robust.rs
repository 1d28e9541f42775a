//! Whatever stands in the files, the compiler answers: with diagnostics, or
//! with a policy that the engine loads.

use std::path::Path;

use prequal::Policy;
use prequal_compiler::{Code, Sources, compile_sources};
use proptest::prelude::*;

use crate::base;

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
        let mut sources = Sources::read(&base::folder(folder)).expect("the policy");
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

/// The base policy with one more feature for each formula.
fn with(formulas: impl Iterator<Item = String>) -> Sources {
    base::changed(|mut policy| {
        for (index, formula) in formulas.enumerate() {
            policy.push_str(&format!(
                "\n[feature.f{index}]\nformula = \"{formula}\"\nexact = true\n"
            ));
        }
        policy
    })
}

fn is_answered_by(code: Code, sources: &Sources) -> bool {
    match compile_sources(sources) {
        Ok(_) => false,
        Err(diagnostics) => diagnostics.iter().any(|found| found.code == code),
    }
}

#[test]
fn formulas_nest_to_a_stated_depth_without_brackets_too() {
    let row = |terms: usize| vec!["1"; terms].join(" + ");
    let truths = |terms: usize| vec!["true"; terms].join(" and ");
    for (terms, refused) in [(200, false), (300, true), (1_500, true), (200_000, true)] {
        for formula in [row(terms), truths(terms)] {
            assert_eq!(
                is_answered_by(Code::TooMany, &with([formula].into_iter())),
                refused,
                "{terms}"
            );
        }
    }
    // Each feature reads the next.
    let chain = |length: usize| {
        (1..=length).map(move |next| match next {
            next if next == length => "1".to_owned(),
            next => format!("((f{next} + 1) - 1)"),
        })
    };
    assert!(!is_answered_by(Code::TooMany, &with(chain(40))));
    assert!(is_answered_by(Code::TooMany, &with(chain(240))));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("endless");
    let tables = folder.join("tables");
    // What an earlier run left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&tables).expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", tables.join("endless.csv")).expect("a link");
    std::fs::write(folder.join("policy.toml"), "").expect("written");
    let unreadable = Sources::read(&folder).expect_err("a device has no end");
    assert_eq!(unreadable.file, "tables/endless.csv");
}

/// A file of nothing but slips is answered, and in few words.
#[test]
fn the_first_of_many_diagnostics_are_told() {
    let mut sources = Sources::default();
    let sections = (0..2_000).map(|number| format!("[slip{number}]\n"));
    sources.insert("policy.toml", sections.collect::<String>());
    let diagnostics = compile_sources(&sources).expect_err("no policy");
    assert_eq!(diagnostics.entries().len(), 500);
    let told = diagnostics.to_string();
    assert!(told.ends_with(" more\n"));
}
