//! What every response says to browsers.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::origin::Origin;
use crate::partner::Partner;

/// Everything but who may put the page into a frame.
const LENDER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; \
    manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
    gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// The content security policy of the lender's pages, in no frame.
pub(crate) fn lender_policy() -> HeaderValue {
    in_frames_of(&[])
}

/// The content security policy of the widget's frame: this partner's pages may
/// hold it, and without a partner nobody's.
pub(crate) fn frame_policy(partner: Option<&Partner>) -> HeaderValue {
    in_frames_of(partner.map_or(&[], |p| &p.origins))
}

/// Relies on HEADER SAFE.
fn in_frames_of(ancestors: &[Origin]) -> HeaderValue {
    let ancestors: Vec<&str> = ancestors.iter().map(Origin::as_str).collect();
    let ancestors = if ancestors.is_empty() {
        "'none'".to_owned()
    } else {
        ancestors.join(" ")
    };
    header_of(format!("{LENDER_POLICY}; frame-ancestors {ancestors}"))
}

/// The content security policy that a partner's shop sets: two sources more
/// than it needs for itself, and no `wasm-unsafe-eval`. Relies on HEADER SAFE.
pub(crate) fn shop_policy(lender: &Origin) -> HeaderValue {
    header_of(format!(
        "default-src 'none'; script-src 'self' {lender}; style-src 'self'; img-src 'self'; \
         connect-src 'self'; frame-src {lender}; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    ))
}

/// A header that cannot be made closes everything.
fn header_of(policy: String) -> HeaderValue {
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Adds to every response what it does not set itself.
pub(crate) fn with_security(router: Router, policy: HeaderValue, origin: &Origin) -> Router {
    let add = |router: Router, name: HeaderName, value: HeaderValue| {
        router.layer(SetResponseHeaderLayer::if_not_present(name, value))
    };
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ];
    let router = add(router, header::CONTENT_SECURITY_POLICY, policy);
    let router = fixed.into_iter().fold(router, |router, (name, value)| {
        add(router, name, HeaderValue::from_static(value))
    });
    if origin.as_str().starts_with("https://") {
        let year = HeaderValue::from_static("max-age=31536000");
        add(router, header::STRICT_TRANSPORT_SECURITY, year)
    } else {
        router
    }
}
