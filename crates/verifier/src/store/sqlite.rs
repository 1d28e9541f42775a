//! The embedded store: SQLite with a write-ahead log.
//!
//! One thread writes. Whatever is waiting when it comes back for more is
//! committed together (group commit), so that one flush to the disk
//! (`synchronous = FULL`) serves many submissions. Reads go past it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use prequal::Digest;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension as _, Row, Transaction,
    TransactionBehavior, params,
};
use tokio::sync::oneshot;

use super::{Answer, Nonce, PolicyRecord, Record, Store, StoreError, Verdict};
use crate::clock::Time;

/// Marks a database file as ours (`PRAGMA application_id`): "prql".
const APPLICATION: i64 = 0x7072_716c;
/// The version of `schema.sql` (`PRAGMA user_version`).
const SCHEMA: i64 = 1;
/// How many records one commit takes at most.
const GROUP: usize = 128;
/// How many jobs may wait for the writer.
const QUEUE: usize = 1024;
/// How long to wait for a lock that another connection holds.
const PATIENCE: Duration = Duration::from_secs(1);

/// The embedded store.
pub struct SqliteStore {
    reader: Arc<Mutex<Connection>>,
    writer: Mutex<Option<Writer>>,
}

struct Writer {
    jobs: SyncSender<Job>,
    thread: JoinHandle<()>,
}

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

enum Job {
    Decide(Record, Reply<Verdict>),
    Publish(Vec<PolicyRecord>, Time, Reply<Vec<(PolicyRecord, Time)>>),
}

impl SqliteStore {
    /// Opens the database in this file, and creates it if there is none.
    pub fn open(path: &Path) -> Result<SqliteStore, OpenError> {
        let fail = |problem| OpenError {
            file: path.to_owned(),
            problem,
        };
        let mut connection = Connection::open(path).map_err(|e| fail(e.into()))?;
        prepare(&mut connection).map_err(fail)?;
        let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|reader| reader.busy_timeout(PATIENCE).map(|()| reader))
            .map_err(|e| fail(e.into()))?;
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write(connection, &queue))
            .map_err(|e| fail(OpenProblem::Other(e.to_string())))?;
        Ok(SqliteStore {
            reader: Arc::new(Mutex::new(reader)),
            writer: Mutex::new(Some(Writer { jobs, thread })),
        })
    }

    /// Runs a query beside the writer, off the threads that serve requests.
    fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        let reader = Arc::clone(&self.reader);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || query(&hold(&reader)).map_err(StoreError::from))
                .await
                .map_err(|e| StoreError::Failed(e.to_string()))?
        })
    }

    /// Queues a job for the writer and waits for its reply.
    fn ask<T: Send + 'static>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Answer<'_, T> {
        let (reply, answer) = oneshot::channel();
        let queued = match &*hold(&self.writer) {
            None => Err(StoreError::Closed),
            Some(writer) => writer.jobs.try_send(job(reply)).map_err(|e| match e {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => StoreError::Closed,
            }),
        };
        Box::pin(async move {
            queued?;
            answer.await.map_err(|_| StoreError::Closed)?
        })
    }
}

impl Store for SqliteStore {
    fn find(&self, nonce: Nonce) -> Answer<'_, Option<Record>> {
        self.read(move |connection| record(connection, nonce))
    }

    fn decide(&self, record: Record) -> Answer<'_, Verdict> {
        self.ask(|reply| Job::Decide(record, reply))
    }

    fn publish(
        &self,
        current: Vec<PolicyRecord>,
        now: Time,
    ) -> Answer<'_, Vec<(PolicyRecord, Time)>> {
        self.ask(|reply| Job::Publish(current, now, reply))
    }

    fn ready(&self) -> Answer<'_, ()> {
        let writes = hold(&self.writer)
            .as_ref()
            .is_some_and(|w| !w.thread.is_finished());
        let reads = self.read(|c| c.query_row("SELECT count(*) FROM policy", [], |_| Ok(())));
        Box::pin(async move {
            if writes {
                reads.await
            } else {
                Err(StoreError::Closed)
            }
        })
    }

    fn close(&self) -> Answer<'_, ()> {
        let writer = hold(&self.writer).take();
        Box::pin(async move {
            let Some(Writer { jobs, thread }) = writer else {
                return Ok(());
            };
            // The writer ends once the queue is empty and nobody can add to it.
            drop(jobs);
            tokio::task::spawn_blocking(|| thread.join())
                .await
                .map_err(|e| StoreError::Failed(e.to_string()))?
                .map_err(|_| StoreError::Failed("the writer ended early".to_owned()))
        })
    }
}

/// A lock whose holder panicked guards a connection that SQLite keeps
/// consistent, so it can be taken over.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The writer: takes what waits, commits it together, then replies.
fn write(mut connection: Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut group = Vec::new();
        for job in std::iter::once(first).chain(queue.try_iter().take(GROUP - 1)) {
            match job {
                Job::Decide(record, reply) => group.push((record, reply)),
                Job::Publish(current, now, reply) => {
                    // The receiver is gone when the client is; nothing is lost.
                    let _ = reply.send(publish(&mut connection, &current, now).map_err(Into::into));
                }
            }
        }
        commit(&mut connection, group);
    }
    // What is left in the log is read again at the next start; folding it in
    // leaves a single file to whoever makes a backup.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
}

/// Decides a group in ONE transaction and replies after the commit.
fn commit(connection: &mut Connection, group: Vec<(Record, Reply<Verdict>)>) {
    if group.is_empty() {
        return;
    }
    let (records, replies): (Vec<_>, Vec<_>) = group.into_iter().unzip();
    let mut decide = || {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let verdicts = records
            .iter()
            .map(|r| consume(&transaction, r))
            .collect::<Result<Vec<_>, _>>()?;
        transaction.commit().map(|()| verdicts)
    };
    match decide() {
        Ok(verdicts) => {
            for (verdict, reply) in verdicts.into_iter().zip(replies) {
                let _ = reply.send(Ok(verdict));
            }
        }
        Err(error) => {
            for reply in replies {
                let _ = reply.send(Err(StoreError::Failed(error.to_string())));
            }
        }
    }
}

/// Relies on ONCE as `schema.sql` holds it.
fn consume(transaction: &Transaction<'_>, new: &Record) -> rusqlite::Result<Verdict> {
    let inserted = transaction
        .prepare_cached(
            "INSERT INTO submission
             (nonce, reference, partner, policy, engine, body, decision, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (nonce) DO NOTHING",
        )?
        .execute(params![
            new.nonce,
            new.reference,
            new.partner,
            new.policy.as_bytes(),
            new.engine,
            new.body,
            new.decision,
            new.received_at.0,
        ])?;
    if inserted == 1 {
        return Ok(Verdict::Stored);
    }
    let stored = record(transaction, new.nonce)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok(Verdict::of(stored, &new.body))
}

fn record(connection: &Connection, nonce: Nonce) -> rusqlite::Result<Option<Record>> {
    connection
        .prepare_cached(
            "SELECT reference, partner, policy, engine, body, decision, received_at
             FROM submission WHERE nonce = ?1",
        )?
        .query_row([nonce], |row| {
            Ok(Record {
                nonce,
                reference: row.get(0)?,
                partner: row.get(1)?,
                policy: Digest::from_bytes(row.get(2)?),
                engine: row.get(3)?,
                body: row.get(4)?,
                decision: row.get(5)?,
                received_at: Time(row.get(6)?),
            })
        })
        .optional()
}

fn publish(
    connection: &mut Connection,
    current: &[PolicyRecord],
    now: Time,
) -> rusqlite::Result<Vec<(PolicyRecord, Time)>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "UPDATE policy SET superseded_at = ?1 WHERE superseded_at IS NULL",
        [now.0],
    )?;
    for policy in current {
        transaction.execute(
            "INSERT INTO policy (hash, id, version, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (hash) DO UPDATE SET superseded_at = NULL",
            params![
                policy.hash.as_bytes(),
                policy.id,
                policy.version,
                policy.bytes
            ],
        )?;
    }
    let superseded = transaction
        .prepare(
            "SELECT hash, id, version, bytes, superseded_at FROM policy
             WHERE superseded_at IS NOT NULL ORDER BY superseded_at, hash",
        )?
        .query_map([], |row: &Row<'_>| {
            let policy = PolicyRecord {
                hash: Digest::from_bytes(row.get(0)?),
                id: row.get(1)?,
                version: row.get(2)?,
                bytes: row.get(3)?,
            };
            Ok((policy, Time(row.get(4)?)))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    transaction.commit()?;
    Ok(superseded)
}

/// Checks that the file is a sound database of ours, which nobody else is
/// writing, and lays out the tables of a new one.
fn prepare(connection: &mut Connection) -> Result<(), OpenProblem> {
    connection.busy_timeout(PATIENCE)?;
    let number = |c: &Connection, sql| c.query_row(sql, [], |row| row.get::<_, i64>(0));
    let objects = number(connection, "SELECT count(*) FROM sqlite_schema")?;
    let application = number(connection, "PRAGMA application_id")?;
    let schema = number(connection, "PRAGMA user_version")?;
    match (objects, application, schema) {
        (0, 0, 0) | (_, APPLICATION, SCHEMA) => {}
        (_, APPLICATION, other) => return Err(OpenProblem::OtherVersion(other)),
        _ => return Err(OpenProblem::Foreign),
    }
    let health: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if health != "ok" {
        return Err(OpenProblem::Damaged(health));
    }
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(OpenProblem::Other(format!(
            "the journal stays in mode `{mode}`, not `wal`"
        )));
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if objects == 0 {
        transaction.execute_batch(include_str!("schema.sql"))?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    Ok(transaction.commit()?)
}

/// Why a database file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub problem: OpenProblem,
}

/// What is wrong with a database file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenProblem {
    /// It is not a database.
    NotADatabase,
    /// It is a database, but damaged; SQLite's finding.
    Damaged(String),
    /// Another connection holds it locked.
    Locked,
    /// It is a database of another program.
    Foreign,
    /// It was laid out by another version of this program.
    OtherVersion(i64),
    /// It could not be opened or written; the system's message.
    Other(String),
}

impl From<rusqlite::Error> for OpenProblem {
    fn from(error: rusqlite::Error) -> OpenProblem {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => OpenProblem::NotADatabase,
            Some(ErrorCode::DatabaseCorrupt) => OpenProblem::Damaged(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenProblem::Locked,
            _ => OpenProblem::Other(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        StoreError::Failed(error.to_string())
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match &self.problem {
            OpenProblem::NotADatabase => write!(
                f,
                "`{file}` is not a database; restore it from a backup, or move it away to begin with an empty one"
            ),
            OpenProblem::Damaged(finding) => write!(
                f,
                "the database `{file}` is damaged ({finding}); restore it from a backup, or move it away to begin with an empty one"
            ),
            OpenProblem::Locked => write!(
                f,
                "the database `{file}` is locked by another program; close that program and start again"
            ),
            OpenProblem::Foreign => write!(
                f,
                "the database `{file}` belongs to another program; choose another data folder"
            ),
            OpenProblem::OtherVersion(version) => write!(
                f,
                "the database `{file}` has layout {version} and this program needs {SCHEMA}; run the version of the program that wrote it"
            ),
            OpenProblem::Other(message) => write!(
                f,
                "the database `{file}` cannot be used ({message}); check that the folder is writable and the disk not full"
            ),
        }
    }
}

impl std::error::Error for OpenError {}
