//! The shipped policies, compiled.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use prequal::Policy;
use prequal::policy::Stage;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

pub(crate) fn load(name: &str) -> Policy {
    let compiled = prequal_compiler::compile(&folder().join(name));
    compiled
        .map_err(|errors| errors.to_string())
        .unwrap()
        .loaded
}

/// Every policy that comes to a limit.
pub(crate) fn limited() -> &'static [Policy] {
    static LIMITED: LazyLock<Vec<Policy>> = LazyLock::new(|| {
        let entries = std::fs::read_dir(folder()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.path().join("policy.toml").is_file())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        let policies = names.iter().map(|name| load(name));
        policies
            .filter(|policy| policy.body().stage != Stage::EarlyWarning)
            .collect()
    });
    &LIMITED
}
