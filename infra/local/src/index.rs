//! `GET /`: what is there, for whoever opens the address in a browser.

use axum::Router;
use axum::response::Html;
use axum::routing::get;

const PAGE: &str = include_str!("index.html");

/// The page, where pages are wanted.
pub(crate) fn router(web: bool) -> Router {
    if web { Router::new().route("/", get(|| async { Html(PAGE) })) } else { Router::new() }
}
