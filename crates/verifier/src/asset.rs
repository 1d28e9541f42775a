//! Files held in memory, compressed once, and how they are cached.

use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use prequal::Digest;

/// What changes under an address, and so how long a copy of it may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// The address names the content: a copy is good for a year.
    Immutable,
    /// The content may change: a copy is asked after every time.
    Revalidate,
}

/// A file as it is sent.
#[derive(Debug)]
pub(crate) struct Asset {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    mime: HeaderValue,
    /// Weak (RFC 9110, section 8.8.1): the same for every encoding.
    etag: Option<HeaderValue>,
    caching: Caching,
}

/// Encodings of a file that the build made beside it.
#[derive(Debug, Default)]
pub(crate) struct Siblings {
    pub(crate) brotli: Option<Vec<u8>>,
    pub(crate) gzip: Option<Vec<u8>>,
}

impl Asset {
    /// A file of this name; encodings that the build did not make are made
    /// here, where they save anything.
    pub(crate) fn new(name: &str, bytes: Vec<u8>, siblings: Siblings, caching: Caching) -> Asset {
        let (mime, is_text) = mime(name);
        let smaller = |encoded: Vec<u8>| (encoded.len() < bytes.len()).then(|| encoded.into());
        let made = |sibling: Option<Vec<u8>>, make: fn(&[u8]) -> Option<Vec<u8>>| {
            sibling
                .or_else(|| if is_text { make(&bytes) } else { None })
                .and_then(smaller)
        };
        Asset {
            brotli: made(siblings.brotli, brotli),
            gzip: made(siblings.gzip, gzip),
            mime: HeaderValue::from_static(mime),
            etag: HeaderValue::try_from(format!("W/\"{}\"", Digest::of(&bytes))).ok(),
            plain: bytes.into(),
            caching,
        }
    }

    /// The file as it is, not encoded.
    pub(crate) fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// The response to a request with these headers.
    pub(crate) fn respond(&self, request: &HeaderMap) -> Response {
        let mut response = if self.is_held_by(request) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let (encoding, bytes) = self.encoding_for(request);
            let mut response = Response::new(Body::from(bytes.clone()));
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, self.mime.clone());
            if let Some(encoding) = encoding {
                let encoding = HeaderValue::from_static(encoding);
                response
                    .headers_mut()
                    .insert(header::CONTENT_ENCODING, encoding);
            }
            response
        };
        let headers = response.headers_mut();
        let caching = match self.caching {
            Caching::Immutable => "public, max-age=31536000, immutable",
            Caching::Revalidate => "no-cache",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(etag) = &self.etag {
            headers.insert(header::ETAG, etag.clone());
        }
        response
    }

    fn is_held_by(&self, request: &HeaderMap) -> bool {
        let Some(etag) = self.etag.as_ref().and_then(|e| e.to_str().ok()) else {
            return false;
        };
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
    }

    fn encoding_for(&self, request: &HeaderMap) -> (Option<&'static str>, &Bytes) {
        match (&self.brotli, &self.gzip) {
            (Some(bytes), _) if accepts(request, "br") => (Some("br"), bytes),
            (_, Some(bytes)) if accepts(request, "gzip") => (Some("gzip"), bytes),
            _ => (None, &self.plain),
        }
    }
}

/// Whether a request accepts a content coding by name and not with weight 0
/// (RFC 9110, section 12.5.3).
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(coding))
                && !parts
                    .any(|p| p.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0))
        })
}

/// The media type of a file by its name, and whether it is worth compressing.
fn mime(name: &str) -> (&'static str, bool) {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => ("text/html; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "json" | "map" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "svg" => ("image/svg+xml", true),
        "ico" => ("image/x-icon", true),
        "png" => ("image/png", false),
        "jpg" | "jpeg" => ("image/jpeg", false),
        "webp" => ("image/webp", false),
        "avif" => ("image/avif", false),
        "woff2" => ("font/woff2", false),
        _ => ("application/octet-stream", true),
    }
}

/// Brotli near its best ratio, at a tenth of the time of the very best.
fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoded = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 9,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut encoded, &params).ok()?;
    Some(encoded)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("a value"))])
    }

    fn text() -> Asset {
        Asset::new(
            "a.js",
            b"let a = 1;\n".repeat(100),
            Siblings::default(),
            Caching::Revalidate,
        )
    }

    #[test]
    fn encodings_by_what_is_accepted() {
        let encoding = |accept: &str| {
            let response = text().respond(&asked(header::ACCEPT_ENCODING, accept));
            response.headers().get(header::CONTENT_ENCODING).cloned()
        };
        assert_eq!(encoding("gzip, deflate, br").expect("one"), "br");
        assert_eq!(encoding("gzip;q=1.0, br;q=0").expect("one"), "gzip");
        assert_eq!(encoding("GZIP").expect("one"), "gzip");
        assert_eq!(encoding("identity"), None);
        assert_eq!(encoding("brotli"), None);
    }

    #[test]
    fn a_held_copy_is_not_sent_again() {
        let first = text().respond(&HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        let etag = first.headers()[header::ETAG]
            .to_str()
            .expect("text")
            .to_owned();
        let status = |held: &str| text().respond(&asked(header::IF_NONE_MATCH, held)).status();
        assert_eq!(status(&etag), StatusCode::NOT_MODIFIED);
        assert_eq!(status(&format!("\"x\", {etag}")), StatusCode::NOT_MODIFIED);
        assert_eq!(status("*"), StatusCode::NOT_MODIFIED);
        assert_eq!(status("W/\"x\""), StatusCode::OK);
    }

    #[test]
    fn what_compression_would_lengthen_stays_plain() {
        let asset = Asset::new("a.txt", vec![b'x'], Siblings::default(), Caching::Immutable);
        assert!(asset.brotli.is_none() && asset.gzip.is_none());
    }

    #[test]
    fn the_builds_own_encodings_are_used() {
        let siblings = Siblings {
            brotli: Some(vec![1]),
            gzip: None,
        };
        let asset = Asset::new("a.png", vec![0; 9], siblings, Caching::Immutable);
        assert_eq!(asset.brotli.as_deref(), Some(&[1][..]));
        assert!(asset.gzip.is_none(), "an image is not compressed again");
    }
}
