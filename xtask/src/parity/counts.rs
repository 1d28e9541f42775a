//! How often cases reached what could be reached.

use std::collections::BTreeMap;
use std::fmt;

/// Counts by kind and name.
#[derive(Clone, Default)]
pub(super) struct Counts(BTreeMap<&'static str, BTreeMap<String, u64>>);

impl Counts {
    /// A name that has to be reached.
    pub(super) fn expect(&mut self, kind: &'static str, name: String) {
        self.0.entry(kind).or_default().entry(name).or_default();
    }

    /// Counts one more; how many there are now.
    pub(super) fn count(&mut self, kind: &'static str, name: &str) -> u64 {
        let names = self.0.entry(kind).or_default();
        let count = match names.get_mut(name) {
            Some(count) => count,
            None => names.entry(name.to_owned()).or_default(),
        };
        *count += 1;
        *count
    }

    /// Adds what other cases reached.
    pub(super) fn add(&mut self, other: &Counts) {
        for (kind, names) in &other.0 {
            let counts = self.0.entry(kind).or_default();
            for (name, count) in names {
                *counts.entry(name.clone()).or_default() += count;
            }
        }
    }

    /// What was never reached.
    pub(super) fn never(&self) -> Vec<String> {
        let all = self.0.iter();
        let all = all
            .flat_map(|(kind, names)| names.iter().map(move |(name, count)| (kind, name, count)));
        all.filter(|(_, _, count)| **count == 0)
            .map(|(kind, name, _)| format!("{kind} {name}"))
            .collect()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (kind, names)) in self.0.iter().enumerate() {
            let counts: Vec<String> = names
                .iter()
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            let break_line = if index == 0 { "" } else { "\n" };
            write!(formatter, "{break_line}  {kind:<11} {}", counts.join(", "))?;
        }
        Ok(())
    }
}
