//! What keeps the service from starting: a sentence that names the file and
//! says what to do.
use crate::bench::{Bench, get};
use prequal_verifier::StartError;

/// The refusal of a service that must not start: its code, and its sentence,
/// which names the file.
async fn refused(bench: &Bench, file: &str) -> (&'static str, String) {
    let error: StartError = bench.start().await.err().expect("refused");
    let sentence = error.to_string();
    assert!(sentence.contains(file), "{sentence}");
    assert!(!sentence.ends_with('.'), "{sentence}");
    (error.code(), sentence)
}

#[tokio::test]
async fn a_page_is_missing() {
    for page in ["index.html", "shop.html"] {
        let bench = Bench::new();
        std::fs::remove_file(bench.config.site.join(page)).expect("removed");
        let (code, sentence) = refused(&bench, page).await;
        assert_eq!(code, "site_unreadable");
        assert!(sentence.contains("build the front end"), "{sentence}");
    }
    let mut bench = Bench::new();
    std::fs::remove_file(bench.config.site.join("shop.html")).expect("removed");
    bench.config.shop = None;
    bench.service().await;
    bench.config.site = bench.path().join("nowhere");
    assert_eq!(refused(&bench, "nowhere").await.0, "site_unreadable");
}

#[tokio::test]
async fn a_policy_is_missing_cut_off_or_misnamed() {
    let bench = Bench::new();
    let file = bench.config.policies.join("tiny.policy");
    let bytes = std::fs::read(&file).expect("read");
    for wrong in [&bytes[..bytes.len() - 1], b"", b"<!doctype html>"] {
        std::fs::write(&file, wrong).expect("written");
        let (code, sentence) = refused(&bench, "tiny.policy").await;
        assert_eq!(code, "policies_unusable");
        assert!(sentence.contains("build"), "{sentence}");
    }
    std::fs::remove_file(&file).expect("removed");
    assert_eq!(refused(&bench, "policies").await.0, "policies_unusable");
    std::fs::write(bench.config.policies.join("other.policy"), bytes).expect("written");
    let (_, sentence) = refused(&bench, "other.policy").await;
    assert!(
        sentence.contains("name the file `tiny.policy`"),
        "{sentence}"
    );
}

#[tokio::test]
async fn a_language_file_is_missing_or_another_one() {
    let bench = Bench::new();
    let file = bench.config.policies.join("tiny.en.json");
    std::fs::write(&file, "{\"policy.title\":\"another\"}").expect("written");
    let (code, sentence) = refused(&bench, "tiny.en.json").await;
    assert_eq!(code, "policies_unusable");
    assert!(sentence.contains("build the policy again"), "{sentence}");
    std::fs::remove_file(&file).expect("removed");
    assert_eq!(refused(&bench, "tiny.en.json").await.0, "policies_unusable");
}

#[tokio::test]
async fn a_database_is_garbage_or_locked() {
    let bench = Bench::new();
    let file = bench.config.data.join("prequal.sqlite");
    bench.service().await.close().await.expect("closed");
    let other = rusqlite::Connection::open(&file).expect("opened");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locked");
    let (code, sentence) = refused(&bench, "prequal.sqlite").await;
    assert_eq!(code, "database_unusable");
    assert!(sentence.contains("locked by another program"), "{sentence}");
    drop(other);
    bench.service().await.close().await.expect("free again");
    std::fs::write(&file, b"garbage, ".repeat(1000)).expect("written");
    let (code, sentence) = refused(&bench, "prequal.sqlite").await;
    assert_eq!(code, "database_unusable");
    assert!(sentence.contains("restore it from a backup"), "{sentence}");
}

#[tokio::test]
async fn two_on_one_data_folder() {
    let bench = Bench::new();
    let first = bench.service().await;
    let (code, sentence) = refused(&bench, "data").await;
    assert_eq!(code, "data_folder_in_use");
    assert!(sentence.contains("used by another process"), "{sentence}");
    assert_eq!(
        get(&first.router(), "/readyz").await.json()["status"],
        "ready"
    );
    first.close().await.expect("closed");
    bench.service().await;
}

#[tokio::test]
async fn a_data_folder_that_is_a_file() {
    let bench = Bench::new();
    std::fs::write(&bench.config.data, "").expect("written");
    assert_eq!(refused(&bench, "data").await.0, "data_folder_unusable");
}

#[tokio::test]
async fn the_data_folder_is_made_for_its_owner_alone() {
    let bench = Bench::new();
    bench.service().await.close().await.expect("closed");
    #[cfg(unix)]
    for (path, mode) in [
        ("data", 0o700),
        ("data/secrets.json", 0o600),
        ("data/lock", 0o600),
        ("data/prequal.sqlite", 0o600),
    ] {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = std::fs::metadata(bench.path().join(path)).expect("there");
        assert_eq!(metadata.mode() & 0o777, mode, "{path}");
    }
    std::fs::write(bench.config.data.join("secrets.json"), "{}").expect("written");
    assert_eq!(refused(&bench, "secrets.json").await.0, "secrets_unusable");
}
