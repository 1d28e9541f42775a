//! Bad input and too much of it: each gets its code and costs little.
use std::convert::Infallible;
use std::time::{Duration, Instant};

use crate::bench::{Bench, ask, post};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use prequal_verifier::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const POSTS: [&str; 2] = ["/v1/challenges", "/v1/submissions"];

#[tokio::test]
async fn what_is_not_the_one_object_is_malformed() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let deep = format!("{{\"challenge\":{}{}}}", "[".repeat(900), "]".repeat(900));
    let deeper = "{\"a\":".repeat(300);
    for path in POSTS {
        for body in [
            "",
            "not json",
            "null",
            "7",
            "\"text\"",
            "{}",
            "[]",
            "{",
            "{\"partner\":7}",
            "[\"pk_test_demo\",\"x\",null,null]",
            "[\"a\",\"b\",\"c\"]",
            "{\"partner\":\"a\",\"policy\":\"b\",\"surplus\":1}",
            "{\"partner\":\"a\",\"partner\":\"a\",\"policy\":\"b\"}",
            "{\"challenge\":\"a\",\"partner\":\"b\",\"submission\":\"c\",\"more\":1}",
            "{\"challenge\":[\"a\"],\"partner\":\"b\",\"submission\":\"c\"}",
            "\u{feff}{}",
            "{\"partner\":\"\u{0}\"}",
            &deep,
            &deeper,
        ] {
            let answered = post(&lender, path, body.to_owned()).await;
            assert_eq!(
                (answered.status, answered.code().as_str()),
                (StatusCode::BAD_REQUEST, "malformed"),
                "{path} {body}"
            );
            assert_eq!(answered.header(header::CACHE_CONTROL), "no-store");
        }
        let answered = post(&lender, path, b"{\"partner\":\"\xff\"}".to_vec()).await;
        assert_eq!(answered.code(), "malformed", "not UTF-8");
    }
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    for path in POSTS {
        for kind in [
            None,
            Some("text/plain"),
            Some("application/jsonp"),
            Some("application/x-www-form-urlencoded"),
        ] {
            let mut request = Request::post(path);
            if let Some(kind) = kind {
                request = request.header(header::CONTENT_TYPE, kind);
            }
            let answered = ask(&lender, request.body(Body::from("{}")).expect("a request")).await;
            assert_eq!(
                answered.status,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "{path} {kind:?}"
            );
            assert_eq!(answered.code(), "unsupported_media_type");
        }
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "Application/JSON; charset=utf-8");
        let answered = ask(&lender, request.body(Body::from("{}")).expect("a request")).await;
        assert_eq!(
            answered.code(),
            "malformed",
            "the type is right, the object is not"
        );
    }
}

#[tokio::test]
async fn too_large_is_refused_at_the_stated_size() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    for (path, limit) in POSTS
        .into_iter()
        .zip([2 * 1024, prequal::seal::MAX_TOKEN + 2 * 1024])
    {
        let fits = post(&lender, path, " ".repeat(limit)).await;
        assert_eq!(fits.code(), "malformed", "{path}");
        let announced = post(&lender, path, " ".repeat(limit + 1)).await;
        assert_eq!(announced.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(announced.code(), "payload_too_large");
        let chunks =
            (0..limit / 1024 + 1).map(|_| Ok::<_, Infallible>(Bytes::from(vec![b' '; 1024])));
        let unannounced = Body::from_stream(tokio_stream::iter(chunks));
        assert_eq!(
            post(&lender, path, unannounced).await.code(),
            "payload_too_large",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_slow_body_is_given_up() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let begun = Instant::now();
    let body = Body::from_stream(tokio_stream::pending::<Result<Bytes, Infallible>>());
    let answered = post(&lender, "/v1/submissions", body).await;
    assert_eq!(answered.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answered.code(), "request_timeout");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_is_too_much_at_a_time_is_shed() {
    let mut bench = Bench::new();
    bench.config.limits.in_flight = 0;
    let service = bench.service().await;
    for path in POSTS {
        let answered = post(&service.router(), path, "{}").await;
        assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answered.code(), "unavailable");
        assert_eq!(answered.header(header::RETRY_AFTER), "1");
    }
}

/// Sends bytes over a connection of its own and reads until the service ends it.
async fn speak(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(bytes).await.expect("sent");
    let mut heard = Vec::new();
    let end = stream.read_to_end(&mut heard);
    // A reset ends a connection as well as a close.
    let _ = tokio::time::timeout(Duration::from_secs(5), end)
        .await
        .expect("ended in time");
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn connections_that_dawdle_are_ended_and_a_stop_ends_all() {
    let mut bench = Bench::new();
    bench.config.limits = Limits {
        head: Duration::from_millis(200),
        body: Duration::from_millis(200),
        connection: Duration::from_millis(1500),
        grace: Duration::from_millis(500),
        connections: 4,
        ..Limits::default()
    };
    let service = bench.service().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(service.run(listener, None, async {
        let _ = stopped.await;
    }));

    let heard = speak(
        address,
        b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(
        heard.starts_with("HTTP/1.1 200 OK\r\n") && heard.ends_with("{\"status\":\"alive\"}"),
        "{heard}"
    );

    // More slow heads than there are places: later ones wait, none is left over.
    let slow = (0..8).map(|_| speak(address, b"GET /healthz HTTP/1.1\r\nhost:"));
    let begun = Instant::now();
    for heard in together(slow).await {
        assert!(!heard.contains("200 OK"), "{heard}");
    }
    assert!(begun.elapsed() < Duration::from_secs(3));

    let heard = speak(address, b"POST /v1/submissions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{").await;
    assert!(heard.starts_with("HTTP/1.1 408 "), "{heard}");

    let mut head = b"GET / HTTP/1.1\r\nhost: a\r\nx: ".to_vec();
    head.resize(64 * 1024, b'x');
    let heard = speak(address, &head).await;
    assert!(!heard.contains("200 OK"), "{heard}");

    let _idle = TcpStream::connect(address).await.expect("connected");
    stop.send(()).expect("told");
    let ended = tokio::time::timeout(Duration::from_secs(5), running)
        .await
        .expect("in time");
    ended.expect("not panicked").expect("drained");
    TcpStream::connect(address)
        .await
        .expect_err("nobody listens");
    bench
        .service()
        .await
        .close()
        .await
        .expect("the data folder is free again");
}

async fn together(
    slow: impl Iterator<Item = impl Future<Output = String> + Send + 'static>,
) -> Vec<String> {
    let mut all = tokio::task::JoinSet::new();
    for one in slow {
        all.spawn(one);
    }
    all.join_all().await
}
