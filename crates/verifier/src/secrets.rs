//! The keys that authenticate challenges: made on the first start, kept in a
//! file that its owner alone can read, never logged.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use prequal::seal::{ChallengeKey, ChallengeKeys};
use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::folder::{is_exposed, private};

/// The age at which a key stops issuing challenges: 30 days, in seconds.
const ROTATION: i64 = 30 * 86_400;

/// The two live keys.
///
/// Holds TWO KEYS: `current` issues and verifies; `previous` verifies what it
/// issued before the rotation. Their ids differ.
pub(crate) struct Secrets {
    current: Key,
    previous: Option<Key>,
}

/// A key and the id under which a challenge names it.
struct Key {
    id: u8,
    bytes: [u8; 32],
    made_at: Time,
}

impl Secrets {
    /// The keys as the core takes them.
    pub(crate) fn challenge_keys(&self) -> ChallengeKeys {
        let key = |key: &Key| ChallengeKey::new(key.id, key.bytes);
        ChallengeKeys {
            current: key(&self.current),
            previous: self.previous.as_ref().map(key),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

impl Secrets {
    /// Reads the keys, makes them if there are none, and rotates them when
    /// they are due.
    pub(crate) fn open(path: &Path, now: Time) -> Result<Secrets, SecretsError> {
        let fail = |problem| SecretsError {
            path: path.to_owned(),
            problem,
        };
        let io = |error| fail(SecretsProblem::Io(error));
        let secrets = match std::fs::metadata(path) {
            Ok(file) if is_exposed(&file) => {
                return Err(fail(SecretsProblem::Exposed));
            }
            Ok(_) => {
                let text = std::fs::read(path).map_err(io)?;
                let secrets = parse(&text).ok_or_else(|| fail(SecretsProblem::Malformed))?;
                if now.0 - secrets.current.made_at.0 < ROTATION {
                    return Ok(secrets);
                }
                let next = secrets.current.id.wrapping_add(1);
                Secrets {
                    current: Key::make(next, now).map_err(io)?,
                    previous: Some(secrets.current),
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Secrets {
                current: Key::make(1, now).map_err(io)?,
                previous: None,
            },
            Err(error) => return Err(io(error)),
        };
        secrets.save(path).map_err(io)?;
        Ok(secrets)
    }

    /// Writes beside the file and renames, so that a crash leaves the old or
    /// the new one.
    fn save(&self, path: &Path) -> io::Result<()> {
        let keys = [Some(&self.current), self.previous.as_ref()];
        let stored = Stored {
            challenge_keys: keys.into_iter().flatten().map(StoredKey::from).collect(),
        };
        let beside = path.with_extension("new");
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        let mut file = private(options.write(true).create_new(true)).open(&beside)?;
        file.write_all(&serde_json::to_vec_pretty(&stored)?)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    }
}

impl Key {
    fn make(id: u8, now: Time) -> io::Result<Key> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|e| io::Error::other(e.to_string()))?;
        Ok(Key {
            id,
            bytes,
            made_at: now,
        })
    }
}

/// The file: the current key first.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    challenge_keys: Vec<StoredKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    id: u8,
    made_at: i64,
    key: String,
}

impl From<&Key> for StoredKey {
    fn from(key: &Key) -> StoredKey {
        let text = Base64UrlUnpadded::encode_string(&key.bytes);
        StoredKey {
            id: key.id,
            made_at: key.made_at.0,
            key: text,
        }
    }
}

fn parse(text: &[u8]) -> Option<Secrets> {
    let stored: Stored = serde_json::from_slice(text).ok()?;
    let mut keys = stored
        .challenge_keys
        .into_iter()
        .map(|StoredKey { id, made_at, key }| {
            let bytes = Base64UrlUnpadded::decode_vec(&key).ok()?.try_into().ok()?;
            Some(Key {
                id,
                bytes,
                made_at: Time(made_at),
            })
        });
    let secrets = match (keys.next(), keys.next(), keys.next()) {
        (Some(Some(current)), None, _) => Secrets {
            current,
            previous: None,
        },
        (Some(Some(current)), Some(Some(previous)), None) if current.id != previous.id => Secrets {
            current,
            previous: Some(previous),
        },
        _ => return None,
    };
    Some(secrets)
}

/// Why the file with the secrets cannot be used. Says nothing of its content.
#[derive(Debug)]
pub struct SecretsError {
    path: PathBuf,
    problem: SecretsProblem,
}

#[derive(Debug)]
enum SecretsProblem {
    Io(io::Error),
    Exposed,
    Malformed,
}

impl fmt::Display for SecretsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.problem {
            SecretsProblem::Io(error) => write!(
                f,
                "the secrets `{path}` cannot be read or written ({error}); check the owner of the folder"
            ),
            SecretsProblem::Exposed => write!(
                f,
                "the secrets `{path}` can be read by others than their owner; set their mode to 0600"
            ),
            SecretsProblem::Malformed => write!(
                f,
                "the secrets `{path}` are damaged; restore them from a backup, or remove the file: new ones are made and open challenges are lost"
            ),
        }
    }
}

impl std::error::Error for SecretsError {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn mode(path: &Path) -> Option<u32> {
        use std::os::unix::fs::MetadataExt as _;
        Some(std::fs::metadata(path).ok()?.mode() & 0o777)
    }

    #[test]
    fn made_once_and_tight() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.json");
        let first = Secrets::open(&path, Time(0)).expect("made");
        assert_eq!(mode(&path), Some(0o600));
        let second = Secrets::open(&path, Time(ROTATION - 1)).expect("read");
        assert_eq!(first.current.bytes, second.current.bytes);
        assert_eq!(format!("{second:?}"), "Secrets(..)");
    }

    #[test]
    fn rotated_when_due() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.json");
        let first = Secrets::open(&path, Time(0)).expect("made");
        let second = Secrets::open(&path, Time(ROTATION)).expect("rotated");
        assert_ne!(first.current.bytes, second.current.bytes);
        assert_eq!(second.previous.expect("kept").bytes, first.current.bytes);
        let third = Secrets::open(&path, Time(2 * ROTATION)).expect("rotated");
        assert_eq!(third.previous.expect("kept").bytes, second.current.bytes);
        assert_eq!(mode(&path), Some(0o600));
    }

    #[test]
    fn damaged_or_exposed_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.json");
        Secrets::open(&path, Time(0)).expect("made");
        std::fs::write(&path, "{}").expect("written");
        let error = Secrets::open(&path, Time(0))
            .expect_err("damaged")
            .to_string();
        assert!(
            error.contains("secrets.json") && error.contains("remove the file"),
            "{error}"
        );
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
        let error = Secrets::open(&path, Time(0))
            .expect_err("exposed")
            .to_string();
        assert!(error.contains("0600"), "{error}");
    }
}
