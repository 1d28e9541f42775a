//! What is written to the log, in a process of its own: the interest of
//! subscribers is shared by all threads.
use std::io;
use std::sync::{Arc, Mutex};

use crate::bench::device::{Device, Sending, envelope};
use crate::bench::{Bench, challenge, get, submit};

#[tokio::test]
async fn the_log_tells_what_happened_and_not_to_whom() {
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);
    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("held").extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let issued = challenge(&lender, &bench.policy()).await;
    let sending = Sending::to(&issued, &bench.policy());
    let token = Device::new().token(&sending);
    let answered = submit(&lender, &envelope(&sending, &token)).await.json();
    submit(&lender, &envelope(&sending, "a.b.c")).await;
    get(&lender, "/?secret=in-the-address").await;
    let log = String::from_utf8(written.0.lock().expect("held").clone()).expect("text");
    assert!(
        log.contains("\"route\":\"/v1/submissions\"") && log.contains("\"status\":200"),
        "{log}"
    );
    assert!(log.contains("\"code\":\"replayed\""), "{log}");
    let keys = std::fs::read_to_string(bench.config.data.join("secrets.json")).expect("read");
    let key = keys
        .split('"')
        .max_by_key(|part| part.trim().len())
        .expect("a key");
    assert_eq!(key.len(), 43, "32 bytes in base64url");
    let reference = answered["reference"].as_str().expect("text");
    for private in [
        &token,
        &sending.challenge,
        reference,
        key,
        "in-the-address",
        "830000",
        "p-12",
    ] {
        assert!(!log.contains(private), "{private} in {log}");
    }
}
