//! Policies, as folders and as compiled files.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use prequal::Policy;
use prequal_compiler::{Compiled, Diagnostics, compile};

use crate::output::{self, Failure};

/// The folders among what is named: `policies/*` names the guide beside them too.
pub(crate) fn folders(named: &[PathBuf]) -> Result<Vec<&PathBuf>, Failure> {
    let folders: Vec<&PathBuf> = named.iter().filter(|path| !path.is_file()).collect();
    if folders.is_empty() {
        return Err(Failure("no folder is named, only files".to_owned()));
    }
    Ok(folders)
}

/// The policies among what is named: `policies/*` names the catalogue beside them too.
pub(crate) fn policies(named: &[PathBuf]) -> Result<impl Iterator<Item = &PathBuf>, Failure> {
    let folders = folders(named)?.into_iter();
    Ok(folders.filter(|folder| !is_catalogue(folder)))
}

/// Whether a folder holds shared questions instead of a policy.
pub(crate) fn is_catalogue(folder: &Path) -> bool {
    folder.join("catalogue.toml").is_file()
}

/// A folder's policy, compiled or not.
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

/// A folder's policy; where it does not compile, its diagnostics are noted.
pub(crate) fn folder(folder: &Path) -> Result<Compiled, Failure> {
    compiled(folder)?.map_err(|diagnostics| {
        output::note(&diagnostics.render(&root(folder), output::colour()));
        Failure(format!("`{}` does not compile", folder.display()))
    })
}

/// A policy from its folder or its compiled file.
pub(crate) fn policy(path: &Path) -> Result<Policy, Failure> {
    if path.is_dir() {
        return Ok(folder(path)?.loaded);
    }
    Policy::decode(&bytes(path)?).map_err(|error| Failure(format!("`{}`: {error}", path.display())))
}

/// A file's bytes; `-` is standard input.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Failure(format!("`{}` cannot be read: {error}", path.display())))
}

/// What goes before the paths of diagnostics.
pub(crate) fn root(folder: &Path) -> String {
    format!("{}/", folder.display().to_string().trim_end_matches('/'))
}
