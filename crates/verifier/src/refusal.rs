//! Why a request is not answered with what it asked for.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use prequal::seal::Rejection;
use serde_json::json;

use crate::store::StoreError;

/// One closed set of codes: the core's rejections, and what only HTTP knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The submission or challenge was rejected.
    Rejected(Rejection),
    /// There is nothing at this address.
    NotFound,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The body is not declared as JSON.
    UnsupportedMediaType,
    /// The body did not arrive in time.
    RequestTimeout,
    /// No partner has this site key.
    UnknownPartner,
    /// A defect of the service.
    Internal,
}

/// The code of a refusal, for the log.
#[derive(Clone, Copy)]
pub(crate) struct LoggedCode(pub(crate) &'static str);

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Rejected(rejection) => rejection.code(),
            Refusal::NotFound => "not_found",
            Refusal::MethodNotAllowed => "method_not_allowed",
            Refusal::UnsupportedMediaType => "unsupported_media_type",
            Refusal::RequestTimeout => "request_timeout",
            Refusal::UnknownPartner => "unknown_partner",
            Refusal::Internal => "internal",
        }
    }

    /// Whether the same wish, sent anew, may succeed.
    pub fn retry(self) -> bool {
        match self {
            Refusal::Rejected(rejection) => rejection.retry(),
            Refusal::RequestTimeout | Refusal::Internal => true,
            Refusal::NotFound
            | Refusal::MethodNotAllowed
            | Refusal::UnsupportedMediaType
            | Refusal::UnknownPartner => false,
        }
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Refusal::Rejected(rejection) => status(rejection),
            Refusal::NotFound => StatusCode::NOT_FOUND,
            Refusal::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Refusal::UnknownPartner => StatusCode::FORBIDDEN,
            Refusal::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(self) -> String {
        match self {
            Refusal::Rejected(rejection) => rejection.to_string(),
            Refusal::NotFound => "there is nothing at this address".to_owned(),
            Refusal::MethodNotAllowed => "the address does not take this method".to_owned(),
            Refusal::UnsupportedMediaType => {
                "the content type has to be `application/json`".to_owned()
            }
            Refusal::RequestTimeout => "the body did not arrive in time".to_owned(),
            Refusal::UnknownPartner => "no partner has this site key".to_owned(),
            Refusal::Internal => "the service failed; nothing was stored".to_owned(),
        }
    }
}

fn status(rejection: Rejection) -> StatusCode {
    match rejection {
        Rejection::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Rejection::Malformed | Rejection::UnsupportedVersion | Rejection::BadChallenge => {
            StatusCode::BAD_REQUEST
        }
        Rejection::PartnerMismatch => StatusCode::FORBIDDEN,
        Rejection::UnknownPolicy => StatusCode::NOT_FOUND,
        Rejection::EngineOutdated | Rejection::PolicySuperseded | Rejection::Replayed => {
            StatusCode::CONFLICT
        }
        Rejection::ChallengeExpired => StatusCode::GONE,
        Rejection::RequestMismatch
        | Rejection::DateMismatch
        | Rejection::BadSignature
        | Rejection::SummaryInvalid
        | Rejection::OutcomeMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        Rejection::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Rejection::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Refusal {
        Refusal::Rejected(rejection)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        tracing::error!(%error, "the store did not answer");
        Refusal::Rejected(Rejection::Unavailable)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = json!({
            "code": self.code(),
            "retry": self.retry(),
            "message": self.message(),
        });
        let mut response = (self.status(), Json(json!({ "error": error }))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(LoggedCode(self.code()));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes are a promise to pages and partners: renaming one, or moving
    /// it to another status, has to be done here as well.
    #[test]
    fn codes_and_statuses_by_name() {
        let own = [
            (Refusal::NotFound, "not_found", 404, false),
            (Refusal::MethodNotAllowed, "method_not_allowed", 405, false),
            (
                Refusal::UnsupportedMediaType,
                "unsupported_media_type",
                415,
                false,
            ),
            (Refusal::RequestTimeout, "request_timeout", 408, true),
            (Refusal::UnknownPartner, "unknown_partner", 403, false),
            (Refusal::Internal, "internal", 500, true),
        ];
        for (refusal, code, status, retry) in own {
            assert_eq!((refusal.code(), refusal.retry()), (code, retry));
            assert_eq!(refusal.status().as_u16(), status, "{code}");
            let message = refusal.message();
            assert!(message.starts_with(char::is_lowercase) && !message.ends_with('.'));
        }
        let statuses = [
            413, 400, 400, 409, 400, 410, 403, 422, 422, 422, 404, 409, 422, 422, 409, 429, 503,
        ];
        for (rejection, status) in Rejection::ALL.into_iter().zip(statuses) {
            let refusal = Refusal::from(rejection);
            assert_eq!(refusal.code(), rejection.code());
            assert_eq!(refusal.status().as_u16(), status, "{}", rejection.code());
            assert!(own.iter().all(|(_, code, ..)| *code != rejection.code()));
        }
        assert_eq!(statuses.len(), Rejection::ALL.len());
    }
}
