//! The data folder: made on the first start, used by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// A data folder that this process alone uses, until it is dropped.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    /// The lock is released when the file is closed, by a crash too.
    _lock: File,
}

/// Why a data folder cannot be used.
#[derive(Debug)]
pub(crate) enum FolderError {
    InUse,
    Io(io::Error),
}

impl DataFolder {
    /// Takes the folder; makes it, readable by its owner alone, if it is not
    /// there.
    pub(crate) fn take(path: &Path) -> Result<DataFolder, FolderError> {
        let make = || DirBuilder::new().recursive(true).mode(0o700).create(path);
        let lock = make()
            .and_then(|()| {
                let mut options = OpenOptions::new();
                options
                    .create(true)
                    .truncate(false)
                    .write(true)
                    .mode(0o600)
                    .open(path.join("lock"))
            })
            .map_err(FolderError::Io)?;
        match lock.try_lock() {
            Ok(()) => Ok(DataFolder {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse),
            Err(TryLockError::Error(error)) => Err(FolderError::Io(error)),
        }
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("prequal.sqlite")
    }

    /// The file with the service's own keys.
    pub(crate) fn secrets(&self) -> PathBuf {
        self.path.join("secrets.json")
    }
}
