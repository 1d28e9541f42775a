use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::{SourceKind, schema};
use crate::document::asked;
use crate::source::Sources;
use crate::{compile, compile_sources};

/// One section of every kind, so that the reader asks for whatever it knows.
const EVERY_SECTION: &str = r#"
[policy]
[[group]]
[question.integer]
kind = "integer"
[question.choice]
kind = "choice"
[question.list]
kind = "list"
[question.list.fields.value]
kind = "money"
range = [0, 1]
[question.list.fields.use]
kind = "choice"
options = ["home", "shop"]
[question.shared]
shared = true
[supplied.integer]
kind = "integer"
[supplied.choice]
kind = "choice"
[feature.age]
[feature.looked_up]
table = "tables/x.csv"
[statement.profit]
[statement.looked_up]
table = "tables/x.csv"
[table.rate]
[value.a]
[[knockout]]
[[knockout]]
table = "tables/x.csv"
[[review]]
[[review]]
table = "tables/x.csv"
[[alert]]
[[alert]]
table = "tables/x.csv"
[[score]]
[[grade]]
[limit]
affordability = {}
cap = {}
[[discount]]
[price]
[[product]]
plan = { kind = "balloon" }
rate = {}
fees = [{}]
rounding = {}
[[product]]
plan = { kind = "grace" }
[[product]]
plan = { kind = "stepped" }
[[product]]
plan = { kind = "stepped", every = 1 }
[[product]]
plan = { kind = "seasonal" }
"#;

/// The part of the policy's schema for a section, as messages call it.
fn definition(section: &str) -> String {
    let name = section.trim_matches('`');
    let inner = name.trim_matches(['[', ']']);
    if name == inner {
        return match name {
            "the file" => String::new(),
            "plan" | "rounding" => format!("/definitions/{name}"),
            "a fee" => "/definitions/fee".to_owned(),
            _ => "/definitions/figure".to_owned(),
        };
    }
    let inner = match inner.split_once('.') {
        _ if inner.contains("fields.") => "field",
        Some((kind, _)) => kind,
        None => inner,
    };
    let inner = match inner {
        "knockout" | "review" => "rule",
        other => other,
    };
    format!("/definitions/{inner}")
}

#[test]
fn the_schema_has_the_keys_that_the_reader_asks_for() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let base = crate_folder.join("tests/base");
    let policies = crate_folder.join("../../policies/instalment");
    let schema = schema(SourceKind::Policy);
    let asked = asked::during(|| {
        compile(&base).expect("the base policy compiles");
        compile(&policies).expect("a shipped policy compiles");
        let mut sources = Sources::default();
        sources.insert("policy.toml", EVERY_SECTION);
        compile_sources(&sources).expect_err("sections without keys");
    });
    let mut read: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (section, key) in &asked {
        read.entry(definition(section)).or_default().insert(key);
    }
    for (place, keys) in &read {
        let known = schema
            .pointer(&format!("{place}/properties"))
            .and_then(Value::as_object);
        let known = known.unwrap_or_else(|| panic!("the schema has no `{place}`"));
        let known: BTreeSet<&str> = known.keys().map(String::as_str).collect();
        let (unread, unknown) = (&known - keys, keys - &known);
        assert!(
            unread.is_empty() && unknown.is_empty(),
            "`{place}`: only the schema has {unread:?}, only the reader {unknown:?}"
        );
    }
    let definitions = schema["definitions"].as_object().expect("definitions");
    for (name, definition) in definitions {
        if definition["type"] == "object" {
            let place = format!("/definitions/{name}");
            assert!(read.contains_key(&place), "nothing reads `{name}`");
        }
    }
}

#[test]
fn every_schema_is_one() {
    for kind in SourceKind::ALL {
        let schema = schema(*kind);
        assert!(jsonschema::draft7::meta::is_valid(&schema), "{kind:?}");
        jsonschema::draft7::new(&schema).expect("every `$ref` is there");
    }
}
