//! The stand-in for the Contact Control Panel of Amazon Connect: a page that the desk frames. In no build that is deployed.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::{UNBUILT, files, media_hosts, own_origins};
use crate::control::SIGN_IN;
use crate::machine::Machine;

const PATH: &str = "/local/connect/ccp";
const FILE: &str = "/ccp/index.html";

struct Ccp {
    folder: PathBuf,
    headers: HeaderMap,
    machine: Arc<Machine>,
}

/// Where the desk finds the panel: under the other name of loopback, so that it is another site here as in the cloud.
pub(super) fn address(headers: &HeaderMap, port: u16) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let other = if host.starts_with("localhost") { "127.0.0.1" } else { "localhost" };
    format!("http://{other}:{port}{PATH}")
}

pub(super) fn router(folder: PathBuf, media_port: u16, machine: &Arc<Machine>) -> Router {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; \
         connect-src 'self' {}; form-action 'none'; base-uri 'none'; frame-ancestors {}",
        media_hosts(media_port),
        own_origins(machine.port).join(" "),
    );
    let policy = HeaderValue::from_str(&policy).ok().map(|policy| (CONTENT_SECURITY_POLICY, policy));
    let fresh = Some((CACHE_CONTROL, HeaderValue::from_static("no-cache")));
    let headers = [policy, fresh].into_iter().flatten().collect();
    Router::new().route(PATH, get(page)).with_state(Arc::new(Ccp { folder, headers, machine: Arc::clone(machine) }))
}

/// The panel, for whoever is signed in; all others are sent to sign in, which no frame shows.
async fn page(State(ccp): State<Arc<Ccp>>, request: Request) -> Response {
    if ccp.machine.aws.signed_in().is_none() {
        return Redirect::to(SIGN_IN).into_response();
    }
    match files::read(&ccp.folder, FILE, request.headers()).await {
        Some(served) => (ccp.headers.clone(), served).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, UNBUILT).into_response(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_panel_is_of_another_site_than_the_desk() {
        for (desk, panel) in [("127.0.0.1:8787", "localhost"), ("localhost:8787", "127.0.0.1"), ("", "localhost")] {
            let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_str(desk).unwrap())]);
            assert_eq!(address(&headers, 8787), format!("http://{panel}:8787/local/connect/ccp"));
        }
    }
}
