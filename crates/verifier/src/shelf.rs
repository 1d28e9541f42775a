//! The policies on offer, and the superseded ones that are still honoured.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use prequal::{Digest, Policy};
use serde_json::{Map, Value, json};

use crate::asset::{Asset, Caching, Siblings};
use crate::clock::Time;
use crate::store::PolicyRecord;
use crate::verify::LIFETIME;

/// Every known policy by hash, and the files that pages load.
#[derive(Debug)]
pub(crate) struct Shelf {
    policies: BTreeMap<Digest, Shelved>,
    /// By the path below `/v1/policies/`, like `instalment/<hash>.policy`.
    files: BTreeMap<String, Asset>,
    listing: Asset,
}

/// A policy and whether it may still decide.
#[derive(Debug)]
pub(crate) struct Shelved {
    /// Absent for a superseded policy that this engine can no longer read.
    pub(crate) policy: Option<Policy>,
    /// When it stopped being current; `None` for a current one.
    pub(crate) superseded_at: Option<Time>,
}

/// A policy read from the policies folder with its language files.
#[derive(Debug)]
pub(crate) struct Compiled {
    policy: Policy,
    bytes: Vec<u8>,
    languages: Vec<(String, Digest, Vec<u8>)>,
}

impl Compiled {
    /// What the store keeps of it.
    pub(crate) fn record(&self) -> PolicyRecord {
        let body = self.policy.body();
        PolicyRecord {
            hash: self.policy.hash(),
            id: body.id.to_string(),
            version: body.version.to_string(),
            bytes: self.bytes.clone(),
        }
    }
}

/// Reads every `<id>.policy` of a folder and the language files it names.
///
/// Policies that take values from the lender are left out: here a borrower
/// would be the one to send them.
pub(crate) fn read(folder: &Path) -> Result<Vec<Compiled>, ShelfError> {
    let io = |path: &Path, error: std::io::Error| ShelfError::new(path, ShelfProblem::Io(error));
    let mut paths = std::fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|e| e.map(|e| e.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(|error| io(folder, error))?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "policy"));
    paths.sort();
    if paths.is_empty() {
        return Err(ShelfError::new(folder, ShelfProblem::Empty));
    }
    let mut read = Vec::new();
    for path in paths {
        let compiled = compiled(folder, path)?;
        let id = &compiled.policy.body().id;
        if compiled.policy.takes_supplied() {
            tracing::info!(policy = %id, "left out: it takes values that the lender supplies");
        } else {
            read.push(compiled);
        }
    }
    Ok(read)
}

fn compiled(folder: &Path, path: PathBuf) -> Result<Compiled, ShelfError> {
    let load = |path: &Path| {
        std::fs::read(path).map_err(|error| ShelfError::new(path, ShelfProblem::Io(error)))
    };
    let bytes = load(&path)?;
    let policy = Policy::decode(&bytes)
        .map_err(|error| ShelfError::new(&path, ShelfProblem::Policy(error)))?;
    let id = policy.body().id.as_str();
    if path.file_stem().is_none_or(|stem| stem != id) {
        return Err(ShelfError::new(&path, ShelfProblem::OtherId(id.to_owned())));
    }
    let mut languages = Vec::new();
    for language in &policy.body().languages {
        let path = folder.join(format!("{id}.{}.json", language.tag));
        let text = load(&path)?;
        if Digest::of(&text) != language.hash {
            return Err(ShelfError::new(&path, ShelfProblem::OtherLanguageFile));
        }
        languages.push((language.tag.to_string(), language.hash, text));
    }
    Ok(Compiled {
        policy,
        bytes,
        languages,
    })
}

impl Shelf {
    /// Puts the current policies beside the superseded ones.
    pub(crate) fn new(current: Vec<Compiled>, superseded: Vec<(PolicyRecord, Time)>) -> Shelf {
        let mut policies: BTreeMap<Digest, Shelved> = superseded
            .into_iter()
            .map(|(record, at)| {
                let policy = Policy::decode(&record.bytes).ok();
                (
                    record.hash,
                    Shelved {
                        policy,
                        superseded_at: Some(at),
                    },
                )
            })
            .collect();
        let mut files = BTreeMap::new();
        let mut listed = Vec::new();
        let mut file = |path: String, bytes| {
            let asset = Asset::new(&path, bytes, Siblings::default(), Caching::Immutable);
            let url = format!("/v1/policies/{path}");
            files.insert(path, asset);
            url
        };
        for Compiled {
            policy,
            bytes,
            languages,
        } in current
        {
            let (id, hash) = (policy.body().id.to_string(), policy.hash());
            let mut tongues = Map::new();
            for (tag, hash, text) in languages {
                let url = file(format!("{id}/{hash}.{tag}.json"), text);
                tongues.insert(tag, json!({ "hash": hash.to_string(), "url": url }));
            }
            let url = file(format!("{id}/{hash}.policy"), bytes);
            listed.push(json!({
                "id": id,
                "version": policy.body().version.as_str(),
                "hash": hash.to_string(),
                "url": url,
                "languages": tongues,
            }));
            policies.insert(
                hash,
                Shelved {
                    policy: Some(policy),
                    superseded_at: None,
                },
            );
        }
        let listing = json!({ "policies": Value::Array(listed) })
            .to_string()
            .into_bytes();
        let listing = Asset::new(
            "policies.json",
            listing,
            Siblings::default(),
            Caching::Revalidate,
        );
        Shelf {
            policies,
            files,
            listing,
        }
    }

    /// The policy with this hash, current or not.
    pub(crate) fn get(&self, hash: Digest) -> Option<&Shelved> {
        self.policies.get(&hash)
    }

    /// The policies that may decide: the current ones, and a superseded one
    /// until the last challenge that was issued for it has expired.
    pub(crate) fn honoured(&self, now: Time) -> Vec<&Policy> {
        let in_time = |at: Time| now.0 < at.0 + LIFETIME;
        self.policies
            .values()
            .filter(|shelved| shelved.superseded_at.is_none_or(in_time))
            .filter_map(|shelved| shelved.policy.as_ref())
            .collect()
    }

    /// The file at `<id>/<file>`.
    pub(crate) fn file(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }

    /// The list of current policies.
    pub(crate) fn listing(&self) -> &Asset {
        &self.listing
    }
}

/// A file of the policies folder that is missing or does not fit.
#[derive(Debug)]
pub struct ShelfError {
    path: PathBuf,
    problem: ShelfProblem,
}

#[derive(Debug)]
enum ShelfProblem {
    Io(std::io::Error),
    Empty,
    Policy(prequal::PolicyError),
    OtherId(String),
    OtherLanguageFile,
}

impl ShelfError {
    fn new(path: &Path, problem: ShelfProblem) -> ShelfError {
        ShelfError {
            path: path.to_owned(),
            problem,
        }
    }
}

impl fmt::Display for ShelfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.problem {
            ShelfProblem::Io(error) => {
                write!(
                    f,
                    "`{path}` cannot be read ({error}); `prequal build` writes the policies folder"
                )
            }
            ShelfProblem::Empty => {
                write!(
                    f,
                    "the folder `{path}` holds no `.policy` file; `prequal build` writes one"
                )
            }
            ShelfProblem::Policy(error) => write!(f, "`{path}` is refused: {error}"),
            ShelfProblem::OtherId(id) => {
                write!(
                    f,
                    "`{path}` holds the policy `{id}`; name the file `{id}.policy`"
                )
            }
            ShelfProblem::OtherLanguageFile => write!(
                f,
                "`{path}` is not the language file that its policy was built with; build the policy again"
            ),
        }
    }
}

impl std::error::Error for ShelfError {}
