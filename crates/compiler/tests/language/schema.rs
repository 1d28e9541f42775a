//! The schemas pass every shipped file and refuse wrong ones.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use prequal_compiler::{SourceKind, schema};
use serde_json::{Value, json};

use crate::base::{folder, shipped, shipped_policies};

fn validator(kind: SourceKind) -> Validator {
    jsonschema::draft7::new(&schema(kind)).expect("a schema")
}

fn read(text: &str) -> Value {
    toml::from_str(text).expect("TOML")
}

/// The TOML files of a policy's or catalogue's folder with their kinds.
fn files(folder: &Path) -> Vec<(SourceKind, PathBuf)> {
    let mut files = vec![
        (SourceKind::Policy, folder.join("policy.toml")),
        (SourceKind::Catalogue, folder.join("catalogue.toml")),
    ];
    for (kind, part) in [(SourceKind::Texts, "texts"), (SourceKind::Case, "cases")] {
        for entry in fs::read_dir(folder.join(part)).into_iter().flatten() {
            files.push((kind, entry.expect("an entry").path()));
        }
    }
    files.retain(|(_, path)| path.extension().is_some_and(|e| e == "toml") && path.is_file());
    files
}

#[test]
fn every_shipped_file_is_valid() {
    let mut folders = shipped_policies();
    folders.extend([folder("base"), shipped().join("catalogue")]);
    let mut count = 0;
    for kind in SourceKind::ALL {
        let validator = validator(*kind);
        let all = folders.iter().flat_map(|folder| files(folder));
        for (_, path) in all.filter(|(found, _)| found == kind) {
            let text = fs::read_to_string(&path).expect("a text");
            if let Err(error) = validator.validate(&read(&text)) {
                panic!("{}: {}: {error}", path.display(), error.instance_path());
            }
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

/// The base policy as JSON, with a change.
fn base(change: impl FnOnce(&mut Value)) -> Value {
    let path = folder("base").join("policy.toml");
    let mut policy = read(&fs::read_to_string(path).expect("the base policy"));
    change(&mut policy);
    policy
}

#[test]
fn wrong_policies_are_not_valid() {
    let validator = validator(SourceKind::Policy);
    assert!(validator.is_valid(&base(|_| {})));
    let wrong: [(&str, Value); 14] = [
        ("/policy/idd", json!("loan")),
        ("/policy/stage", json!("prescreen")),
        ("/policy/commitments", json!(0)),
        ("/question/age/kind", json!("int")),
        ("/question/age/range", json!([18])),
        ("/question/age/when", json!(true)),
        ("/feature/age/bands", json!("automatic")),
        ("/feature/age/exact", json!(false)),
        ("/feature/2nd", json!({ "exact": true })),
        ("/knockout/0/reason", json!("too young")),
        ("/knockout/0/hit", json!("collect")),
        ("/limit/cap", json!({ "share": 0.5 })),
        ("/product/0/terms", json!([0])),
        ("/product/0/rates", json!(0.1)),
    ];
    for (place, value) in wrong {
        let policy = base(|policy| {
            let (parent, key) = place.rsplit_once('/').expect("a place");
            let parent = policy.pointer_mut(parent).expect("the parent");
            parent
                .as_object_mut()
                .expect("a table")
                .insert(key.to_owned(), value);
        });
        assert!(!validator.is_valid(&policy), "{place}");
    }
}

#[test]
fn wrong_texts_cases_and_catalogues_are_not_valid() {
    for (kind, text) in [
        (SourceKind::Texts, "[question.age]\nlabel = 3\n"),
        (SourceKind::Texts, "policy = [\"a\"]\n"),
        (SourceKind::Case, "name = \"nothing is asked for\"\n"),
        (
            SourceKind::Case,
            "name = \"\"\nas_of = \"2026-11-22\"\nanswers = {}\nrequest = { product = \"p\", amount = 1, term = 1 }\nexpect = { elegibility = \"review\" }\n",
        ),
        (SourceKind::Catalogue, "[question.age]\nrange = [0, 1]\n"),
        (
            SourceKind::Catalogue,
            "[question.age]\nkind = \"boolean\"\nshared = true\n",
        ),
        (SourceKind::Catalogue, "[policy]\nid = \"a\"\n"),
    ] {
        assert!(!validator(kind).is_valid(&read(text)), "{text}");
    }
    let shared = "[question.age]\nkind = \"integer\"\nrange = [16, 90]\n";
    assert!(validator(SourceKind::Catalogue).is_valid(&read(shared)));
}
