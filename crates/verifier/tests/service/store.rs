//! What every store has to hold, written against the trait, and what opening
//! the SQLite one says when its file is not usable.
use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use prequal::Digest;
use prequal_verifier::Time;
use prequal_verifier::store::{
    Nonce, OpenProblem, PolicyRecord, Record, SqliteStore, Store, StoreError, Verdict,
};
use tokio::task::JoinSet;

/// A way to open one and the same store again and again.
type Open<'a> = &'a dyn Fn() -> Arc<dyn Store>;

/// The suite: every store passes all of it, each part on a store of its own.
fn suite<S: Store + 'static>(open: impl Fn(&Path) -> S) {
    let parts: [fn(Open<'_>); 6] = [
        keeps_what_it_was_given,
        once_for_equal_bodies,
        once_for_different_bodies,
        publishes_and_supersedes,
        drains_when_closed,
        refuses_a_decision_without_its_policy,
    ];
    for part in parts {
        let folder = tempfile::tempdir().expect("a folder");
        part(&|| Arc::new(open(folder.path())));
    }
}

#[test]
fn sqlite() {
    suite(|folder| SqliteStore::open(&folder.join("test.sqlite")).expect("opened"));
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(future)
}

fn policy(number: u8) -> PolicyRecord {
    let bytes = vec![number; 9];
    let (id, version) = ("instalment".to_owned(), number.to_string());
    PolicyRecord {
        hash: Digest::of(&bytes),
        id,
        version,
        bytes,
    }
}

fn record(nonce: Nonce, body: &str) -> Record {
    Record {
        nonce,
        reference: format!("REF-{}", nonce[0]),
        partner: "pk_test_demo".to_owned(),
        policy: policy(1).hash,
        engine: "0.1.0".to_owned(),
        body: body.as_bytes().to_vec(),
        decision: format!("{{\"of\":\"{body}\"}}"),
        received_at: Time(1_795_366_800),
    }
}

async fn ready(open: Open<'_>) -> Arc<dyn Store> {
    let store = open();
    store
        .publish(vec![policy(1)], Time(0))
        .await
        .expect("published");
    store
}

fn keeps_what_it_was_given(open: Open<'_>) {
    run(async {
        let store = ready(open).await;
        store.ready().await.expect("ready");
        assert_eq!(store.find([7; 16]).await, Ok(None));
        let kept = record([7; 16], "a \u{0} body");
        assert_eq!(store.decide(kept.clone()).await, Ok(Verdict::Stored));
        assert_eq!(store.find([7; 16]).await, Ok(Some(kept.clone())));
        assert_eq!(store.find([8; 16]).await, Ok(None));
        store.close().await.expect("closed");
        drop(store);
        let again = open();
        assert_eq!(
            again.find([7; 16]).await,
            Ok(Some(kept.clone())),
            "kept over a restart"
        );
        assert_eq!(
            again.decide(kept.clone()).await,
            Ok(Verdict::Duplicate(Box::new(kept)))
        );
    });
}

fn once_for_equal_bodies(open: Open<'_>) {
    run(async {
        let store = ready(open).await;
        let mut verdicts = race(&store, (0..50).map(|_| record([1; 16], "same"))).await;
        verdicts.retain(|v| *v != Verdict::Stored);
        let same = Verdict::Duplicate(Box::new(record([1; 16], "same")));
        assert_eq!(verdicts, vec![same; 49]);
    });
}

fn once_for_different_bodies(open: Open<'_>) {
    run(async {
        let store = ready(open).await;
        let verdicts = race(&store, (0..50).map(|n| record([1; 16], &n.to_string()))).await;
        let count = |wanted| verdicts.iter().filter(|v| **v == wanted).count();
        assert_eq!((count(Verdict::Stored), count(Verdict::Replayed)), (1, 49));
    });
}

async fn race(store: &Arc<dyn Store>, records: impl Iterator<Item = Record>) -> Vec<Verdict> {
    let mut runners = JoinSet::new();
    for record in records {
        let store = Arc::clone(store);
        runners.spawn(async move { store.decide(record).await.expect("decided") });
    }
    runners.join_all().await
}

fn publishes_and_supersedes(open: Open<'_>) {
    run(async {
        let store = ready(open).await;
        assert_eq!(
            store.publish(vec![policy(1)], Time(10)).await,
            Ok(vec![]),
            "still current"
        );
        let superseded = store.publish(vec![policy(2)], Time(20)).await;
        assert_eq!(superseded, Ok(vec![(policy(1), Time(20))]));
        let superseded = store.publish(vec![policy(2)], Time(30)).await;
        assert_eq!(
            superseded,
            Ok(vec![(policy(1), Time(20))]),
            "a restart changes nothing"
        );
        let superseded = store.publish(vec![policy(1)], Time(40)).await;
        assert_eq!(
            superseded,
            Ok(vec![(policy(2), Time(40))]),
            "back to the first"
        );
    });
}

fn drains_when_closed(open: Open<'_>) {
    run(async {
        let store = ready(open).await;
        let waiting: Vec<_> = (0..100)
            .map(|n| store.decide(record([n; 16], "x")))
            .collect();
        store.close().await.expect("closed");
        for answer in waiting {
            assert_eq!(
                answer.await,
                Ok(Verdict::Stored),
                "accepted before the close"
            );
        }
        let late = store.decide(record([200; 16], "x")).await;
        assert_eq!(late, Err(StoreError::Closed));
        assert_eq!(store.ready().await, Err(StoreError::Closed));
        drop(store);
        let again = open();
        for n in 0..100 {
            assert!(again.find([n; 16]).await.expect("found").is_some());
        }
        assert_eq!(again.find([200; 16]).await, Ok(None));
    });
}

fn refuses_a_decision_without_its_policy(open: Open<'_>) {
    run(async {
        let store = ready(open).await;
        let orphan = Record {
            policy: policy(9).hash,
            ..record([1; 16], "x")
        };
        assert!(matches!(
            store.decide(orphan).await,
            Err(StoreError::Failed(_))
        ));
        assert_eq!(store.find([1; 16]).await, Ok(None), "nothing is kept");
        assert_eq!(
            store.decide(record([1; 16], "y")).await,
            Ok(Verdict::Stored),
            "still free"
        );
    });
}

/// What opening this file says, after checking that it names the file.
fn problem(file: &Path) -> OpenProblem {
    let error = SqliteStore::open(file).err().expect("refused");
    let sentence = error.to_string();
    assert!(
        sentence.contains(file.to_str().expect("text")),
        "{sentence}"
    );
    error.problem
}

#[test]
fn garbage_is_not_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.sqlite");
    std::fs::write(&file, b"not a database at all, ".repeat(500)).expect("written");
    assert_eq!(problem(&file), OpenProblem::NotADatabase);
}

#[test]
fn a_damaged_database_is_not_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.sqlite");
    run(async {
        let store = SqliteStore::open(&file).expect("opened");
        store
            .publish(vec![policy(1)], Time(0))
            .await
            .expect("published");
        for n in 0..200 {
            store
                .decide(record([n; 16], &"x".repeat(2000)))
                .await
                .expect("decided");
        }
        store.close().await.expect("closed");
    });
    let mut bytes = std::fs::read(&file).expect("read");
    let pages = bytes.len() / 4096;
    assert!(pages > 20, "{pages}");
    for page in 2..pages {
        bytes[page * 4096..page * 4096 + 64].fill(0xff);
    }
    std::fs::write(&file, bytes).expect("written");
    let problem = problem(&file);
    assert!(matches!(problem, OpenProblem::Damaged(_)), "{problem:?}");
}

#[test]
fn a_locked_database_is_not_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.sqlite");
    let store = SqliteStore::open(&file).expect("opened");
    run(store.close()).expect("closed");
    drop(store);
    let other = rusqlite::Connection::open(&file).expect("opened");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locked");
    assert_eq!(problem(&file), OpenProblem::Locked);
    other.execute_batch("ROLLBACK").expect("unlocked");
    SqliteStore::open(&file).expect("free again");
}

#[test]
fn anothers_database_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.sqlite");
    let other = rusqlite::Connection::open(&file).expect("opened");
    other
        .execute_batch("CREATE TABLE theirs (x)")
        .expect("made");
    drop(other);
    let before = std::fs::read(&file).expect("read");
    assert_eq!(problem(&file), OpenProblem::Foreign);
    assert_eq!(std::fs::read(&file).expect("read"), before);
}

#[test]
fn another_layout_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.sqlite");
    run(SqliteStore::open(&file).expect("opened").close()).expect("closed");
    let other = rusqlite::Connection::open(&file).expect("opened");
    other.execute_batch("PRAGMA user_version = 7").expect("set");
    drop(other);
    assert_eq!(problem(&file), OpenProblem::OtherVersion(7));
}
