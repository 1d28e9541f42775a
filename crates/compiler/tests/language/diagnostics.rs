//! One wrong policy for each diagnostic, as changes to `base/`; the rendered
//! messages stand beside them. `PREQUAL_BLESS=1` writes them anew.
//!
//! A change names a file (`@ policy.toml`), lines that stand there once (`-`)
//! and what takes their place (`+`). Without `-` lines, the `+` lines are
//! appended, to a new file if there is none.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use prequal::Policy;
use prequal_compiler::{Code, Severity, Sources, compile, compile_sources};

use crate::base::{base, folder, shipped_policies};

/// The base policy with the changes of a text.
fn changed(changes: &str) -> Sources {
    let mut sources = base();
    let mut lines = changes
        .lines()
        .filter(|line| !line.starts_with('#'))
        .peekable();
    let mut file = String::new();
    while let Some(line) = lines.peek() {
        if let Some(name) = line.strip_prefix("@ ") {
            file = name.to_owned();
            lines.next();
            continue;
        }
        let mut block = |sign: char| {
            let mut text = String::new();
            while let Some(line) = lines.next_if(|line| line.starts_with(sign)) {
                let line = line.get(1..).unwrap_or_default();
                text.push_str(line.strip_prefix(' ').unwrap_or(line));
                text.push('\n');
            }
            text
        };
        let (old, new) = (block('-'), block('+'));
        assert!(
            !old.is_empty() || !new.is_empty(),
            "neither `-` nor `+`: {:?}",
            lines.peek()
        );
        let before = sources.get(&file).unwrap_or_default().to_owned();
        let after = if old.is_empty() {
            before + &new
        } else {
            assert_eq!(before.matches(&old).count(), 1, "{file} holds once:\n{old}");
            before.replace(&old, &new)
        };
        sources.insert(file.clone(), after);
    }
    sources
}

#[test]
fn the_base_policy_compiles_without_a_word() {
    let compiled = compile_sources(&base()).expect("it compiles");
    assert!(compiled.warnings.is_empty(), "{}", compiled.warnings);
}

#[test]
fn the_shipped_policies_compile_without_a_word() {
    let policies = shipped_policies();
    assert!(policies.len() > 10, "{policies:?}");
    for path in policies {
        let compiled = compile(&path).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(compiled.warnings.is_empty(), "{}", compiled.warnings);
        let name = path.file_name().and_then(|name| name.to_str());
        assert_eq!(Some(compiled.loaded.body().id.as_str()), name);
    }
}

#[test]
fn every_wrong_policy_is_told_what_is_wrong() {
    let bless = std::env::var_os("PREQUAL_BLESS").is_some();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut differing = Vec::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder("wrong"))
        .expect("the wrong policies are there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "edit"))
        .collect();
    paths.sort();
    for path in paths {
        let changes = fs::read_to_string(&path).expect("a change");
        let diagnostics = match compile_sources(&changed(&changes)) {
            Ok(compiled) => {
                Policy::decode(&compiled.policy).expect("what compiles decodes");
                compiled.warnings
            }
            Err(diagnostics) => {
                assert!(diagnostics.has_errors(), "{}", path.display());
                diagnostics
            }
        };
        seen.extend(
            diagnostics
                .iter()
                .map(|diagnostic| diagnostic.code.as_str()),
        );
        let rendered = diagnostics.render("", false);
        assert!(!rendered.is_empty(), "{} says nothing", path.display());
        let golden = path.with_extension("txt");
        if bless {
            fs::write(&golden, &rendered).expect("blessed");
        } else if fs::read_to_string(&golden).unwrap_or_default() != rendered {
            differing.push(format!("{}:\n{rendered}", path.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    // These two need what is no text; they are tested below.
    let elsewhere = [Code::Unreadable.as_str(), Code::Refused.as_str()];
    let unseen: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !seen.contains(code) && !elsewhere.contains(code))
        .collect();
    assert!(unseen.is_empty(), "no wrong policy for {unseen:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_a_diagnostic() {
    let diagnostics = compile(&folder("no-such-policy")).expect_err("nothing there");
    let codes: Vec<Code> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::Unreadable]);
    assert_eq!(diagnostics.entries()[0].file, "policy.toml");
}

#[test]
fn what_only_the_engine_counts_is_refused_with_its_words() {
    let mut sources = base();
    let mut policy = sources.get("policy.toml").unwrap_or_default().to_owned();
    policy = policy.replace("age < minimum_age", "age < minimum_age or p > q");
    for table in ["p", "q"] {
        let rows: String = (0..5_000).map(|n| format!("-,{n}\n")).collect();
        sources.insert(
            format!("tables/{table}.csv"),
            format!("car,={table}\n{rows}"),
        );
        policy.push_str(&format!(
            "\n[value.{table}]\ntable = \"tables/{table}.csv\"\nhit = \"collect_max\"\n"
        ));
    }
    sources.insert("policy.toml", policy);
    let diagnostics = compile_sources(&sources).expect_err("too many rows in all");
    let codes: Vec<Code> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::Refused], "{diagnostics}");
    assert!(
        diagnostics.to_string().contains("8192 rows"),
        "{diagnostics}"
    );

    let terms: Vec<u32> = (1..=129).collect();
    let mut sources = base();
    let policy = sources.get("policy.toml").unwrap_or_default();
    let policy = policy
        .replace("terms = [6, 12]", &format!("terms = {terms:?}"))
        .replace("rate = { table = \"tables/rate.csv\" }", "rate = 0.08");
    sources.insert("policy.toml", policy);
    let diagnostics = compile_sources(&sources).expect_err("too many offers");
    assert!(
        diagnostics.to_string().contains("128 terms"),
        "{diagnostics}"
    );
}

#[test]
fn places_are_data_too() {
    let sources = changed("@ policy.toml\n- kind = \"boolean\"\n+ kind = \"bolean\"\n");
    let diagnostics = compile_sources(&sources).expect_err("no such kind");
    let entry = &diagnostics.entries()[0];
    assert_eq!(
        (entry.severity, entry.code, entry.file.as_str()),
        (Severity::Error, "bad_value", "policy.toml")
    );
    assert_eq!((entry.line, entry.column), (27, 8));
    assert_eq!(entry.help.as_deref(), Some("did you mean `boolean`?"));
}

#[test]
fn all_errors_come_in_one_run() {
    let sources = changed(
        "@ policy.toml\n- kind = \"boolean\"\n+ kind = \"bolean\"\n- ceil = 100_00\n+ ciel = 100_00\n- when = \"income < 1_000_00\"\n+ when = \"incme < 1_000_00\"\n@ tables/cap.csv\n- \"\"\"A\"\"\",-,20_000_00\n+ \"\"\"C\"\"\",-,20_000_00\n",
    );
    let diagnostics = compile_sources(&sources).expect_err("four slips");
    let codes: BTreeSet<Code> = diagnostics.iter().map(|d| d.code).collect();
    for code in [
        Code::BadValue,
        Code::UnknownKey,
        Code::UnknownName,
        Code::UnknownOption,
    ] {
        assert!(codes.contains(&code), "{code:?} in\n{diagnostics}");
    }
}
