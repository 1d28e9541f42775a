//! What tests of the binary have in common.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub(crate) const YES: i32 = 0;
pub(crate) const NO: i32 = 1;
pub(crate) const BAD: i32 = 2;

pub(crate) fn base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/base")
}

pub(crate) fn prequal(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prequal"))
        .args(arguments)
        .output()
        .expect("the binary runs")
}

/// Runs a command, holds its exit code, and returns standard output.
pub(crate) fn expect(code: i32, arguments: &[&str]) -> String {
    let output = prequal(arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}\n{out}\n{err}"
    );
    out
}

/// The same with `--json`.
pub(crate) fn expect_json(code: i32, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&expect(code, &arguments)).expect("JSON on standard output")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

pub(crate) fn shown(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}

/// A copy of the base policy with one line of its policy.toml replaced, and a case.
pub(crate) fn copied(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["", "tables", "texts", "cases"] {
        let from = base().join(part);
        fs::create_dir_all(folder.path().join(part)).expect("a folder");
        for entry in fs::read_dir(from).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path.file_name().expect("a name");
                fs::copy(&path, folder.path().join(part).join(name)).expect("a copy");
            }
        }
    }
    let path = folder.path().join("policy.toml");
    let policy = fs::read_to_string(&path).expect("a policy");
    assert!(policy.contains(old), "{old}");
    fs::write(&path, policy.replace(old, new)).expect("written");
    folder
}
