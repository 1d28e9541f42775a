//! The API: policies, challenges, submissions, health.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use prequal::seal::Rejection;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::config::Limits;
use crate::refusal::Refusal;
use crate::request::{parse, read};
use crate::verify::{LIFETIME, Verifier};

/// What the API is made of.
pub(crate) struct App {
    pub(crate) verifier: Verifier,
    limits: Limits,
    /// One permit for each challenge or submission that is worked on.
    in_flight: Semaphore,
}

impl App {
    pub(crate) fn new(verifier: Verifier, limits: Limits) -> App {
        App {
            verifier,
            limits,
            in_flight: Semaphore::new(limits.in_flight),
        }
    }

    /// Sheds what is more than the service works on at a time, instead of
    /// letting it queue. Taken after the body was read: a slow client holds
    /// its connection and nothing else.
    fn enter(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        self.in_flight
            .try_acquire()
            .map_err(|_| Rejection::Unavailable.into())
    }
}

/// The routes of the API; a method that a route does not take gets its code.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/policies", get(policies))
        .route("/v1/policies/{id}/{file}", get(policy_file))
        .route("/v1/challenges", post(challenge))
        .route("/v1/submissions", post(submission))
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .with_state(app)
}

async fn policies(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    app.verifier.shelf.listing().respond(&headers)
}

async fn policy_file(
    State(app): State<Arc<App>>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let asset = app
        .verifier
        .shelf
        .file(&format!("{id}/{file}"))
        .ok_or(Refusal::NotFound)?;
    Ok(asset.respond(&headers))
}

async fn challenge(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let body = read(&headers, body, app.limits.challenge, app.limits.body).await?;
    let _place = app.enter()?;
    let (challenge, as_of) = app.verifier.challenge(parse(&body)?)?;
    Ok(answer(
        StatusCode::CREATED,
        json!({
            "challenge": challenge,
            "as_of": as_of.to_string(),
            "expires_in": LIFETIME,
            "audience": app.verifier.audience.as_str(),
        }),
    ))
}

async fn submission(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let body = read(&headers, body, app.limits.submission, app.limits.body).await?;
    let _place = app.enter()?;
    let (record, duplicate) = app.verifier.submission(&body).await?;
    let decision: Value = serde_json::from_str(&record.decision).map_err(|_| Refusal::Internal)?;
    Ok(answer(
        StatusCode::OK,
        json!({
            "decision": decision,
            "reference": record.reference,
            "received_at": record.received_at.to_string(),
            "duplicate": duplicate,
        }),
    ))
}

async fn health() -> Response {
    answer(StatusCode::OK, json!({ "status": "alive" }))
}

async fn ready(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    app.verifier.store.ready().await?;
    Ok(answer(StatusCode::OK, json!({ "status": "ready" })))
}

/// An answer for this client and this moment.
fn answer(status: StatusCode, body: Value) -> Response {
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, no_store, Json(body)).into_response()
}
