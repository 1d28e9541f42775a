//! What changed of what is written in a policy, name by name.

use std::collections::BTreeMap;

use prequal_compiler::Compiled;
use serde::Serialize;

use super::outline::{Entry, outline};

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    Added,
    Removed,
    Changed,
}

/// Something that changed.
#[derive(Debug, Serialize)]
pub(crate) struct Change {
    /// What kind of thing it is.
    kind: &'static str,
    name: String,
    how: How,
    /// What of it, where it is there before and after.
    fields: Vec<Field>,
}

/// A part of something, before and after.
#[derive(Debug, Serialize)]
struct Field {
    field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
}

impl Change {
    pub(crate) fn lines(&self) -> Vec<String> {
        let how = match self.how {
            How::Added => "added",
            How::Removed => "removed",
            How::Changed => "changed",
        };
        let mut lines = vec![format!("{how:7}  {} {}", self.kind, self.name)];
        for Field { field, old, new } in &self.fields {
            lines.push(match (old, new) {
                (Some(old), None) if old.is_empty() => format!("           - {field}"),
                (None, Some(new)) if new.is_empty() => format!("           + {field}"),
                (Some(old), Some(new)) => format!("           {field}: {old} -> {new}"),
                (Some(old), None) => format!("           {field}: {old} is gone"),
                (None, Some(new)) => format!("           {field}: {new} is new"),
                (None, None) => continue,
            });
        }
        lines
    }
}

/// Everything that is not the same in both.
pub(crate) fn changes(old: &Compiled, new: &Compiled) -> Vec<Change> {
    let (old, new) = (outline(old), outline(new));
    let key = |entry: &Entry| (entry.kind, entry.name.clone());
    let before: BTreeMap<_, &Entry> = old.iter().map(|entry| (key(entry), entry)).collect();
    let after: BTreeMap<_, &Entry> = new.iter().map(|entry| (key(entry), entry)).collect();
    let mut changes = Vec::new();
    let change = |entry: &Entry, how, fields| Change {
        kind: entry.kind,
        name: entry.name.clone(),
        how,
        fields,
    };
    for entry in &old {
        match after.get(&key(entry)) {
            None => changes.push(change(entry, How::Removed, Vec::new())),
            Some(now) => {
                let fields = fields(entry, now);
                if !fields.is_empty() {
                    changes.push(change(entry, How::Changed, fields));
                }
            }
        }
    }
    let added = new.iter().filter(|entry| !before.contains_key(&key(entry)));
    changes.extend(added.map(|entry| change(entry, How::Added, Vec::new())));
    changes
}

fn fields(old: &Entry, new: &Entry) -> Vec<Field> {
    let find = |entry: &Entry, field: &str| {
        let mut fields = entry.fields.iter();
        fields
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
    };
    let mut names: Vec<&String> = old.fields.iter().map(|(name, _)| name).collect();
    names.extend(
        new.fields
            .iter()
            .map(|(name, _)| name)
            .filter(|name| find(old, name).is_none()),
    );
    let both = names.into_iter().map(|name| Field {
        field: name.clone(),
        old: find(old, name),
        new: find(new, name),
    });
    let mut fields: Vec<Field> = both.filter(|field| field.old != field.new).collect();
    if fields.is_empty() && old.fields != new.fields {
        fields.push(Field {
            field: "order".to_owned(),
            old: Some("as before".to_owned()),
            new: Some("another".to_owned()),
        });
    }
    fields
}
