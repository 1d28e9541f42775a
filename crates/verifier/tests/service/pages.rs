//! Static pages and policies: types, caching, compression, and what the
//! headers allow.
use crate::bench::{Bench, LENDER, SHOP, ask, get, post};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use prequal::policy::Source;
use prequal::{Digest, Policy};

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

#[tokio::test]
async fn pages_are_asked_after_and_hashed_files_are_kept() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    for (path, mime, caching) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/?policy=tiny", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/frame.html", "text/html; charset=utf-8", "no-cache"),
        ("/prequal.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        (
            "/assets/app-1a2b3c.js",
            "text/javascript; charset=utf-8",
            IMMUTABLE,
        ),
        ("/assets/engine-4d5e6f.wasm", "application/wasm", IMMUTABLE),
    ] {
        let answered = get(&lender, path).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}");
        assert_eq!(answered.header(header::CONTENT_TYPE), mime, "{path}");
        assert_eq!(answered.header(header::CACHE_CONTROL), caching, "{path}");
        let held = Request::get(path).header(header::IF_NONE_MATCH, answered.header(header::ETAG));
        let again = ask(&lender, held.body(Body::empty()).expect("a request")).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(again.header(header::CACHE_CONTROL), caching, "{path}");
        assert!(again.bytes.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn scripts_are_compressed_for_those_who_accept_it() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let plain = get(&lender, "/assets/app-1a2b3c.js").await;
    assert_eq!(plain.headers.get(header::CONTENT_ENCODING), None);
    assert_eq!(plain.header(header::VARY), "accept-encoding");
    for coding in ["br", "gzip"] {
        let request = Request::get("/assets/app-1a2b3c.js").header(header::ACCEPT_ENCODING, coding);
        let answered = ask(&lender, request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answered.header(header::CONTENT_ENCODING), coding);
        let mut text = Vec::new();
        let mut bytes = answered.bytes.as_slice();
        match coding {
            "br" => brotli::BrotliDecompress(&mut bytes, &mut text).expect("brotli"),
            _ => {
                let mut decoder = flate2::read::GzDecoder::new(bytes);
                std::io::copy(&mut decoder, &mut text)
                    .map(drop)
                    .expect("gzip");
            }
        }
        assert_eq!(text, plain.bytes);
        assert!(answered.bytes.len() * 10 < plain.bytes.len());
    }
}

#[tokio::test]
async fn every_response_of_the_lender_is_closed_to_others() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
        connect-src 'self'; img-src 'self'; frame-src 'self'; manifest-src 'self'; \
        worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    for path in [
        "/",
        "/assets/app-1a2b3c.js",
        "/v1/policies",
        "/healthz",
        "/nothing",
        "/v1/challenges",
    ] {
        let answered = get(&lender, path).await;
        assert_eq!(
            answered.header(header::CONTENT_SECURITY_POLICY),
            policy,
            "{path}"
        );
        assert_eq!(
            answered.header(header::X_CONTENT_TYPE_OPTIONS),
            "nosniff",
            "{path}"
        );
        assert_eq!(
            answered.header(header::REFERRER_POLICY),
            "no-referrer",
            "{path}"
        );
        assert_eq!(
            answered.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            answered.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            answered.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert_eq!(
            answered.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            None,
            "{path}"
        );
        assert_eq!(
            answered.headers.get(header::STRICT_TRANSPORT_SECURITY),
            None,
            "plain http"
        );
    }
}

#[tokio::test]
async fn only_a_partners_pages_may_hold_the_frame() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let ancestors = async |path: &str| {
        let answered = get(&lender, path).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}");
        assert_eq!(
            answered.header("cross-origin-resource-policy"),
            "cross-origin"
        );
        let policy = answered.header(header::CONTENT_SECURITY_POLICY).to_owned();
        policy
            .rsplit_once("; frame-ancestors ")
            .expect("named")
            .1
            .to_owned()
    };
    assert_eq!(
        ancestors("/frame.html?partner=pk_test_demo&policy=tiny").await,
        SHOP
    );
    assert_eq!(
        ancestors("/frame.html?partner=pk_test_nobody").await,
        "'none'"
    );
    assert_eq!(
        ancestors("/frame.html?partner=pk_test_demo&partner=x").await,
        "'none'"
    );
    assert_eq!(ancestors("/frame.html").await, "'none'");
}

#[tokio::test]
async fn a_partner_loads_the_loader_and_nothing_else() {
    let bench = Bench::new();
    let service = bench.service().await;
    let loader = get(&service.router(), "/prequal.js").await;
    assert_eq!(loader.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    assert_eq!(
        loader.header("cross-origin-resource-policy"),
        "cross-origin"
    );
}

#[tokio::test]
async fn the_shop_is_a_partners_site() {
    let bench = Bench::new();
    let service = bench.service().await;
    let shop = service.shop(&SHOP.parse().expect("an origin"));
    let page = get(&shop, "/").await;
    let text = String::from_utf8(page.bytes.clone()).expect("text");
    assert_eq!(
        text,
        format!("<!doctype html><script src=\"{LENDER}/prequal.js\"></script>")
    );
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(
        policy.contains(&format!("script-src 'self' {LENDER};")),
        "{policy}"
    );
    assert!(policy.contains(&format!("frame-src {LENDER};")), "{policy}");
    assert_eq!(policy.matches(LENDER).count(), 2, "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(
        get(&shop, "/assets/app-1a2b3c.js").await.status,
        StatusCode::OK
    );
    for path in [
        "/index.html",
        "/frame.html",
        "/prequal.js",
        "/v1/policies",
        "/healthz",
    ] {
        assert_eq!(get(&shop, path).await.code(), "not_found", "{path}");
    }
    assert_eq!(
        get(&service.router(), "/shop.html").await.code(),
        "not_found"
    );
}

#[tokio::test]
async fn unknown_addresses_and_methods_have_codes() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    for path in [
        "/nothing",
        "/v1",
        "/v1/nothing",
        "/.hidden",
        "/assets/",
        "/assets/../index.html",
        "/%2e%2e/data/secrets.json",
        "//etc/passwd",
        "/v1/policies/tiny/x.policy",
    ] {
        let answered = get(&lender, path).await;
        assert_eq!(
            (answered.status, answered.code().as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{path}"
        );
    }
    for (method, path, allowed) in [
        ("POST", "/", "GET,HEAD"),
        ("DELETE", "/assets/app-1a2b3c.js", "GET,HEAD"),
        ("POST", "/frame.html", "GET,HEAD"),
        ("POST", "/v1/policies", "GET,HEAD"),
        ("GET", "/v1/submissions", "POST"),
        ("PUT", "/v1/challenges", "POST"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty());
        let answered = ask(&lender, request.expect("a request")).await;
        assert_eq!(
            answered.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path}"
        );
        assert_eq!(answered.code(), "method_not_allowed");
        assert_eq!(answered.header(header::ALLOW), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn policies_are_listed_and_loaded_by_hash() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let listed = get(&lender, "/v1/policies").await;
    assert_eq!(listed.header(header::CACHE_CONTROL), "no-cache");
    assert_eq!(listed.header(header::CONTENT_TYPE), "application/json");
    let listed = listed.json();
    let entry = &listed["policies"][0];
    assert_eq!(
        (&entry["id"], &entry["version"]),
        (&"tiny".into(), &"1".into())
    );
    let url = entry["url"].as_str().expect("an address");
    assert_eq!(
        url,
        format!(
            "/v1/policies/tiny/{}.policy",
            entry["hash"].as_str().expect("a hash")
        )
    );
    let loaded = get(&lender, url).await;
    assert_eq!(
        loaded.header(header::CONTENT_TYPE),
        "application/octet-stream"
    );
    assert_eq!(loaded.header(header::CACHE_CONTROL), IMMUTABLE);
    let policy = Policy::decode(&loaded.bytes).expect("a policy");
    assert_eq!(
        policy.hash().to_string(),
        entry["hash"].as_str().expect("a hash")
    );
    let english = &entry["languages"]["en"];
    let texts = get(&lender, english["url"].as_str().expect("an address")).await;
    assert_eq!(texts.header(header::CACHE_CONTROL), IMMUTABLE);
    assert_eq!(
        Digest::of(&texts.bytes).to_string(),
        english["hash"].as_str().expect("a hash")
    );
}

/// A borrower's word for what only the lender knows counts for nothing, so
/// that such a policy is not one to submit to.
#[tokio::test]
async fn policies_that_the_lender_feeds_are_left_out() {
    let bench = Bench::new();
    let mut held = bench.policy().body().clone();
    held.id = String::from("held").try_into().expect("a name");
    held.languages.clear();
    for question in &mut held.questions {
        question.source = Source::Lender;
    }
    let bytes = held.encode();
    std::fs::write(bench.config.policies.join("held.policy"), &bytes).expect("written");
    let service = bench.service().await;
    let lender = service.router();
    let listed = get(&lender, "/v1/policies").await.json();
    let ids = listed["policies"].as_array().expect("a list").iter();
    let ids: Vec<_> = ids.map(|entry| entry["id"].as_str()).collect();
    assert_eq!(ids, [Some("tiny")]);
    let hash = Digest::of(&bytes);
    let wish = format!("{{\"partner\":\"pk_test_demo\",\"policy\":\"{hash}\"}}");
    assert_eq!(
        post(&lender, "/v1/challenges", wish).await.code(),
        "unknown_policy"
    );
}

#[tokio::test]
async fn alive_and_ready() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    assert_eq!(get(&lender, "/healthz").await.json()["status"], "alive");
    assert_eq!(get(&lender, "/readyz").await.json()["status"], "ready");
    service.close().await.expect("closed");
    assert_eq!(get(&lender, "/healthz").await.status, StatusCode::OK);
    let answered = get(&lender, "/readyz").await;
    assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answered.code(), "unavailable");
    assert_eq!(answered.header(header::RETRY_AFTER), "1");
}
