//! The static front end: read once, served from memory, so that no request
//! can reach a file that was not in the folder at start.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::asset::{Asset, Caching, Siblings};

/// The files of the front end by path, like `assets/app-1a2b.js`.
#[derive(Debug)]
pub(crate) struct Site(BTreeMap<String, Asset>);

/// A file or folder of the site that cannot be read.
#[derive(Debug)]
pub(crate) struct SiteError {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

impl Site {
    /// Reads every file of a folder; names that begin with a dot are left out.
    pub(crate) fn read(folder: &Path) -> Result<Site, SiteError> {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files)?;
        let plain: Vec<String> = files
            .keys()
            .filter(|path| !is_encoding(path, &files))
            .cloned()
            .collect();
        let mut assets = BTreeMap::new();
        for path in plain {
            let siblings = Siblings {
                brotli: files.remove(&format!("{path}.br")),
                gzip: files.remove(&format!("{path}.gz")),
            };
            if let Some(bytes) = files.remove(&path) {
                let asset = Asset::new(&path, bytes, siblings, caching(&path));
                assets.insert(path, asset);
            }
        }
        Ok(Site(assets))
    }

    /// The file at this path.
    pub(crate) fn get(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }
}

/// The build puts a hash of the content into the name of every file in
/// `assets/`.
fn caching(path: &str) -> Caching {
    if path.starts_with("assets/") {
        Caching::Immutable
    } else {
        Caching::Revalidate
    }
}

fn is_encoding(path: &str, files: &BTreeMap<String, Vec<u8>>) -> bool {
    [".br", ".gz"]
        .iter()
        .any(|e| path.strip_suffix(e).is_some_and(|p| files.contains_key(p)))
}

fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), SiteError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |error| SiteError { path, error }
    };
    for entry in std::fs::read_dir(folder).map_err(fail(folder))? {
        let entry = entry.map_err(fail(folder))?;
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(
                format!("{prefix}{name}"),
                std::fs::read(&path).map_err(fail(&path))?,
            );
        }
    }
    Ok(())
}
