//! The data folder: made on the first start, used by one process at a time.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io;
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
        let mut folder = DirBuilder::new();
        private_folder(folder.recursive(true));
        let mut options = OpenOptions::new();
        private(options.create(true).truncate(false).write(true));
        let lock = folder
            .create(path)
            .and_then(|()| options.open(path.join("lock")))
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

    /// The database's file, empty if it is new: SQLite gives its journals the
    /// same rights as the file has.
    pub(crate) fn database(&self) -> io::Result<PathBuf> {
        let path = self.path.join("prequal.sqlite");
        private(OpenOptions::new().create(true).append(true)).open(&path)?;
        Ok(path)
    }

    /// The file with the service's own keys.
    pub(crate) fn secrets(&self) -> PathBuf {
        self.path.join("secrets.json")
    }
}

/// Lets a file that is made be read by its owner alone.
#[cfg(unix)]
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

/// A file that is made inherits the rights of its folder.
#[cfg(not(unix))]
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Lets a folder that is made be entered by its owner alone.
#[cfg(unix)]
fn private_folder(folder: &mut DirBuilder) -> &mut DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(folder, 0o700)
}

/// A folder that is made inherits the rights of the one above.
#[cfg(not(unix))]
fn private_folder(folder: &mut DirBuilder) -> &mut DirBuilder {
    folder
}

/// Whether others than its owner may read a file.
#[cfg(unix)]
pub(crate) fn is_exposed(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(file) & 0o077 != 0
}

/// Whether others may read a file is the folder's business here.
#[cfg(not(unix))]
pub(crate) fn is_exposed(_: &Metadata) -> bool {
    false
}
