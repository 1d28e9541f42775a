//! The static pages: the lender's, and the demo partner's shop.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::asset::{Asset, Caching, Siblings};
use crate::headers::{frame_policy, shop_policy, with_security};
use crate::origin::Origin;
use crate::partner::Registry;
use crate::refusal::Refusal;
use crate::site::Site;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const CROSS_ORIGIN: HeaderValue = HeaderValue::from_static("cross-origin");

/// The file that a partner's page loads as a module.
const LOADER: &str = "prequal.js";
/// The page of the demo partner's shop.
pub(crate) const SHOP: &str = "shop.html";
/// The borrower's page.
pub(crate) const INDEX: &str = "index.html";

/// The lender in the tag that the shop's page shows as an example.
const EXAMPLE: &str = "https://lender.example/";

/// What the lender's pages and the shop's are made of.
pub(crate) struct Pages {
    site: Site,
    partners: Arc<Registry>,
    /// The shop's page, with this lender in the place of the example.
    shop: Option<Asset>,
}

impl Pages {
    /// The pages of a site, for a lender at this origin.
    pub(crate) fn new(site: Site, partners: Arc<Registry>, lender: &Origin) -> Pages {
        let shop = site.get(SHOP).map(|page| {
            let text = String::from_utf8_lossy(page.plain());
            let text = text.replace(EXAMPLE, &format!("{lender}/"));
            Asset::new(
                SHOP,
                text.into_bytes(),
                Siblings::default(),
                Caching::Revalidate,
            )
        });
        Pages {
            site,
            partners,
            shop,
        }
    }
}

/// The lender's pages.
pub(crate) fn lender(pages: Arc<Pages>) -> Router {
    Router::new()
        .route("/frame.html", get(frame))
        .fallback(page)
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .with_state(pages)
}

/// The shop's pages: its own, its assets, and nothing of the lender's.
pub(crate) fn shop(pages: Arc<Pages>, origin: &Origin, lender: &Origin) -> Router {
    let router = Router::new().fallback(shop_page).with_state(pages);
    with_security(router, shop_policy(lender), origin)
}

#[derive(Deserialize)]
struct Frame {
    partner: Option<String>,
}

/// The widget's frame, in the pages of the partner that its address names.
async fn frame(
    State(pages): State<Arc<Pages>>,
    headers: HeaderMap,
    query: Result<Query<Frame>, QueryRejection>,
) -> Result<Response, Refusal> {
    let mut response = file(&pages.site, "frame.html", &headers)?;
    let partner = query.ok().and_then(|Query(frame)| frame.partner);
    let partner = partner.and_then(|key| pages.partners.get(&key));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, frame_policy(partner));
    headers.insert(RESOURCE_POLICY, CROSS_ORIGIN);
    Ok(response)
}

async fn page(
    State(pages): State<Arc<Pages>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let path = path(&uri, INDEX);
    if path == SHOP {
        return Err(Refusal::NotFound);
    }
    let mut response = reading(&method, file(&pages.site, path, &headers))?;
    if path == LOADER {
        // A module of another origin is loaded with CORS, and without
        // credentials; it is public.
        let headers = response.headers_mut();
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        headers.insert(RESOURCE_POLICY, CROSS_ORIGIN);
    }
    Ok(response)
}

async fn shop_page(
    State(pages): State<Arc<Pages>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let path = path(&uri, SHOP);
    let found = match &pages.shop {
        Some(page) if path == SHOP => Ok(page.respond(&headers)),
        _ if path.ends_with(".html") || path == LOADER => Err(Refusal::NotFound),
        _ => file(&pages.site, path, &headers),
    };
    reading(&method, found)
}

fn path<'a>(uri: &'a Uri, index: &'a str) -> &'a str {
    match uri.path().trim_start_matches('/') {
        "" => index,
        path => path,
    }
}

fn file(site: &Site, path: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    site.get(path)
        .map(|asset| asset.respond(headers))
        .ok_or(Refusal::NotFound)
}

/// A file can be read; it takes no other method.
fn reading(method: &Method, found: Result<Response, Refusal>) -> Result<Response, Refusal> {
    let response = found?;
    if method == Method::GET || method == Method::HEAD {
        return Ok(response);
    }
    let mut refused = Refusal::MethodNotAllowed.into_response();
    refused
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    Ok(refused)
}
