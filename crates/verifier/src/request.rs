//! Reading a request's body: bounded in size, time and depth.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use prequal::seal::Rejection;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::refusal::Refusal;

/// The bytes of a JSON body, of at most `limit` bytes, if they arrive in time.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, Refusal> {
    if !is_json(headers) {
        return Err(Refusal::UnsupportedMediaType);
    }
    // What announces itself as too large is refused before it is sent.
    if body.size_hint().lower() > limit as u64 {
        return Err(Rejection::PayloadTooLarge.into());
    }
    let read = timeout(patience, Limited::new(body, limit).collect()).await;
    match read.map_err(|_| Refusal::RequestTimeout)? {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Rejection::PayloadTooLarge.into()),
        Err(_) => Err(Rejection::Malformed.into()),
    }
}

/// An object from its JSON text. The type refuses unknown and repeated
/// members; an array in the place of the object, which serde would take for
/// one, is refused here.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let begins = body.iter().find(|b| !b.is_ascii_whitespace());
    if begins != Some(&b'{') {
        return Err(Rejection::Malformed.into());
    }
    serde_json::from_slice(body).map_err(|_| Rejection::Malformed.into())
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
