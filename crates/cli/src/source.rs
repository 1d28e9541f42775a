//! Policy folders.

use std::path::Path;

use prequal_compiler::{Compiled, Diagnostics, compile};

use crate::output::Failure;

/// A folder's sources, compiled or not.
pub(crate) fn compiled(folder: &Path) -> Result<Result<Compiled, Diagnostics>, Failure> {
    if !folder.join("policy.toml").is_file() {
        let message = format!(
            "`{}` is no policy folder: it holds no policy.toml",
            folder.display()
        );
        return Err(Failure(message));
    }
    Ok(compile(folder))
}

/// What goes before the paths of diagnostics.
pub(crate) fn root(folder: &Path) -> String {
    format!("{}/", folder.display().to_string().trim_end_matches('/'))
}
