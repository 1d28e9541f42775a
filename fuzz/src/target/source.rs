//! Sources of policies.

use prequal::Policy;
use prequal_compiler::{Sources, compile_sources};

use super::assessed;
use crate::seed;

/// Sources compile to a policy that loads, or to at least one error with its
/// place.
fn compiled(sources: &Sources) {
    match compile_sources(sources) {
        Ok(compiled) => {
            let loaded = Policy::decode(&compiled.policy).expect("what compiles loads");
            assert_eq!(loaded.hash(), compiled.loaded.hash());
            assessed(&loaded, compiled.policy.len() as u64);
        }
        Err(diagnostics) => {
            assert!(diagnostics.has_errors());
            assert!(!diagnostics.render("", true).is_empty());
            let mut entries = diagnostics.entries().into_iter();
            assert!(entries.all(|entry| entry.line >= 1 && entry.column >= 1));
        }
    }
}

/// A policy's files, each after a line `== path`.
pub(crate) fn policy(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        compiled(&seed::unbundled(text));
    }
}

/// A formula, before the waist and after it.
pub(crate) fn formula(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let formula = seed::quoted(text);
    for section in ["feature", "value"] {
        let mut policy = seed::small();
        policy.push_str(&format!("[{section}.tried]\nformula = {formula}\n"));
        if section == "feature" {
            policy.push_str("exact = true\n");
        }
        compiled(&sources(&policy, seed::SMALL_TABLE));
    }
}

/// A cell of a table, and its output after the last line break.
pub(crate) fn cell(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let (cell, output) = text.rsplit_once('\n').unwrap_or((text, "1"));
    let [cell, output] = [cell, output].map(|text| text.replace('"', "\"\""));
    let table = format!("kind,age,=rate\n\"{cell}\",\"{cell}\",\"{output}\"\n-,-,0.1\n");
    compiled(&sources(&seed::small(), &table));
}

fn sources(policy: &str, table: &str) -> Sources {
    let mut sources = Sources::default();
    sources.insert("policy.toml", policy);
    sources.insert("tables/rate.csv", table);
    sources
}

/// The texts of the base policy in one language.
pub(crate) fn texts(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        let mut sources = seed::base();
        sources.insert("texts/en.toml", text);
        compiled(&sources);
    }
}
