//! One line in the log for every request: what was asked and how it ended,
//! and nothing of whom. Neither addresses nor queries nor bodies are written.

use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::refusal::{LoggedCode, Refusal};

/// Logs every request and turns a defect into an answer.
pub(crate) fn watched(router: Router) -> Router {
    router
        .layer(CatchPanicLayer::custom(defect))
        .layer(from_fn(log))
}

fn defect(_: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::Internal.into_response()
}

async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::info!(
        method = method.as_str(),
        route = route.as_ref().map_or("page", MatchedPath::as_str),
        status = response.status().as_u16(),
        code = response.extensions().get::<LoggedCode>().map(|code| code.0),
        milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}
