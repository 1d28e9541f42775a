//! The shipped policies, compiled.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use prequal::Policy;
use prequal::policy::Stage;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

fn compiled(folder: &Path) -> Policy {
    let compiled = prequal_compiler::compile(folder).map_err(|errors| errors.to_string());
    compiled.unwrap().loaded
}

pub(crate) fn load(name: &str) -> Policy {
    compiled(&folder().join(name))
}

/// Every policy that comes to a limit.
pub(crate) fn limited() -> &'static [Policy] {
    static LIMITED: LazyLock<Vec<Policy>> = LazyLock::new(|| {
        let folders = prequal_compiler::policy_folders(&folder()).unwrap();
        let policies = folders.iter().map(|folder| compiled(folder));
        policies
            .filter(|policy| policy.body().stage != Stage::EarlyWarning)
            .collect()
    });
    &LIMITED
}
