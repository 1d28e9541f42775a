//! JSON Schemas (draft 7) of a policy's source files, for editors.

use serde_json::Value;

/// A kind of source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// `policy.toml`.
    Policy,
    /// `catalogue.toml`.
    Catalogue,
    /// `texts/*.toml`.
    Texts,
    /// `cases/*.toml`.
    Case,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: &[SourceKind] = &[
        SourceKind::Policy,
        SourceKind::Catalogue,
        SourceKind::Texts,
        SourceKind::Case,
    ];
}

/// The schema of a kind of file: its keys, what they take, and what they mean.
///
/// What a formula or a table says, and what names refer to, is for the
/// compiler: a file that the schema passes may still not compile.
pub fn schema(kind: SourceKind) -> Value {
    let policy = || parsed(include_str!("../schemas/policy.json"));
    match kind {
        SourceKind::Policy => policy(),
        SourceKind::Catalogue => {
            // Its questions are a policy's.
            let mut schema = parsed(include_str!("../schemas/catalogue.json"));
            if let (Some(keys), Some(definitions)) =
                (schema.as_object_mut(), policy().get("definitions"))
            {
                keys.insert("definitions".to_owned(), definitions.clone());
            }
            schema
        }
        SourceKind::Texts => parsed(include_str!("../schemas/texts.json")),
        SourceKind::Case => parsed(include_str!("../schemas/case.json")),
    }
}

/// The crate's own files, which a test parses.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests;
