//! Why the service does not start.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::secrets::SecretsError;
use crate::shelf::ShelfError;
use crate::site::SiteError;
use crate::store::{OpenError, StoreError};

/// Why the service does not start: which file or address, and what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The front end's folder lacks a file.
    Site(PathBuf, io::Error),
    /// A policy or a language file is missing or does not fit.
    Policies(ShelfError),
    /// The data folder cannot be made or locked.
    Data(PathBuf, io::Error),
    /// Another process uses the data folder.
    DataInUse(PathBuf),
    /// The secrets' file is damaged or open to others.
    Secrets(SecretsError),
    /// The database cannot be used.
    Database(OpenError),
    /// The database was opened but refused its first write.
    Store(StoreError),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The system refused threads or signals.
    System(io::Error),
}

impl StartError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            StartError::Site(..) => "site_unreadable",
            StartError::Policies(_) => "policies_unusable",
            StartError::Data(..) => "data_folder_unusable",
            StartError::DataInUse(_) => "data_folder_in_use",
            StartError::Secrets(_) => "secrets_unusable",
            StartError::Database(_) => "database_unusable",
            StartError::Store(_) => "database_failed",
            StartError::Listen(..) => "address_unusable",
            StartError::System(_) => "system_refused",
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Site(path, error) => write!(
                f,
                "`{}` cannot be read ({error}); build the front end first",
                path.display()
            ),
            StartError::Policies(error) => error.fmt(f),
            StartError::Data(path, error) => write!(
                f,
                "the data folder `{}` cannot be used ({error}); choose a folder that can be written",
                path.display()
            ),
            StartError::DataInUse(path) => write!(
                f,
                "the data folder `{}` is used by another process; stop it or choose another folder",
                path.display()
            ),
            StartError::Secrets(error) => error.fmt(f),
            StartError::Database(error) => error.fmt(f),
            StartError::Store(error) => write!(f, "{error}"),
            StartError::Listen(address, error) => write!(
                f,
                "cannot listen on `{address}` ({error}); stop what listens there or choose another port"
            ),
            StartError::System(error) => write!(f, "the system refused to start threads: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<SiteError> for StartError {
    fn from(SiteError { path, error }: SiteError) -> StartError {
        StartError::Site(path, error)
    }
}

impl From<ShelfError> for StartError {
    fn from(error: ShelfError) -> StartError {
        StartError::Policies(error)
    }
}

impl From<SecretsError> for StartError {
    fn from(error: SecretsError) -> StartError {
        StartError::Secrets(error)
    }
}

impl From<OpenError> for StartError {
    fn from(error: OpenError) -> StartError {
        StartError::Database(error)
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> StartError {
        StartError::Store(error)
    }
}
