//! The pages, served as the edge serves them in the cloud: the same paths, the same headers.

mod ccp;
mod edge;
mod files;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::gateway::Problem;
use crate::machine::Machine;
use crate::template::TemplateError;
use edge::{Edge, Parameters};

/// What is there, for whoever opens the address before the pages are built.
const INDEX: &str = include_str!("index.html");
/// What stands in a page's place as long as there is none.
const UNBUILT: &str =
    "The pages are not built. ./dev up builds them; so does `npm ci && npm run build` in the folder web.\n";
/// The page that plays with the laptop's controls: it is nowhere else.
const DEMO: &str = "demo";

/// Where the pages are, once they are built.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/laptop")
}

/// Whether pages are built there.
#[must_use]
pub fn are_built(folder: &Path) -> bool {
    folder.join("join/index.html").is_file()
}

struct Pages {
    folder: PathBuf,
    edge: Edge,
}

/// The routes of the pages; none where none are wanted.
///
/// # Errors
/// Where the template says nothing of an edge.
pub(crate) fn router(
    folder: Option<PathBuf>,
    media_port: u16,
    machine: &Arc<Machine>,
) -> Result<Router, TemplateError> {
    let Some(folder) = folder else { return Ok(Router::new()) };
    let connect_panels = if machine.with_connect { own_origins(machine.port).join(" ") } else { String::new() };
    let edge = Edge::load(&Parameters { media_hosts: media_hosts(media_port), connect_panels })?;
    let mut router = Router::new();
    let names = edge.pages.keys().map(String::as_str).chain([DEMO]);
    for path in names.flat_map(|name| if name.is_empty() { vec!["/".to_owned()] } else { below(name) }) {
        router = router.route(&path, get(page));
    }
    // What the machine says itself is no file here.
    for name in edge.files.iter().filter(|name| *name != "config.json") {
        let path = if name.contains('.') { format!("/{name}") } else { format!("/{name}/{{*file}}") };
        router = router.route(&path, get(file));
    }
    let config = Router::new().route("/config.json", get(config)).with_state(Arc::clone(machine));
    let ccp = ccp::router(folder.clone(), media_port, machine);
    Ok(router.with_state(Arc::new(Pages { folder, edge })).merge(config).merge(ccp))
}

/// The pages' origin, by either name of loopback.
fn own_origins(port: u16) -> [String; 2] {
    ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{port}"))
}

/// A page's name, and whatever stands behind it.
fn below(name: &str) -> Vec<String> {
    vec![format!("/{name}"), format!("/{name}/"), format!("/{name}/{{*rest}}")]
}

/// What pages may connect to for calls, by either name of loopback.
fn media_hosts(port: u16) -> String {
    ["ws://127.0.0.1", "http://127.0.0.1", "ws://localhost", "http://localhost"]
        .map(|host| format!("{host}:{port}"))
        .join(" ")
}

async fn page(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    let path = request.uri().path();
    let name = path.split('/').nth(1).unwrap_or_default();
    let page = if name == DEMO { Some(DEMO) } else { pages.edge.pages.get(name).map(String::as_str) };
    let file = format!("/{}/index.html", page.unwrap_or(name));
    match files::read(&pages.folder, &file, request.headers()).await {
        Some(served) if name == DEMO => (with_frames(pages.edge.headers(path)), served).into_response(),
        Some(served) => (pages.edge.headers(path), served).into_response(),
        None if name.is_empty() => Html(INDEX).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, UNBUILT).into_response(),
    }
}

/// The same headers for the page that shows e-mails in frames.
fn with_frames(mut headers: HeaderMap) -> HeaderMap {
    let policy = headers.get(CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let framing = policy.and_then(|policy| HeaderValue::from_str(&format!("{policy}; frame-src 'self'")).ok());
    if let Some(framing) = framing {
        headers.insert(CONTENT_SECURITY_POLICY, framing);
    }
    headers
}

async fn file(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    let path = request.uri().path();
    match files::read(&pages.folder, path, request.headers()).await {
        Some(served) => (pages.edge.headers(path), served).into_response(),
        None => Problem::not_found("There is no such file.").into_response(),
    }
}

/// Where the practices' people sign in; in the cloud the operator writes it as a file.
async fn config(State(machine): State<Arc<Machine>>, headers: HeaderMap) -> Json<Value> {
    let demo = machine.practices.demo();
    let mut practice = json!({
        "practice": demo.tenant_id,
        "name": crate::demo::NAME,
        "supportPhone": crate::demo::SUPPORT_PHONE,
        "issuer": machine.issuer.issuer(),
        "clientId": demo.client_id,
    });
    if let Some(members) = practice.as_object_mut().filter(|_| machine.with_connect) {
        members.insert("connect".to_owned(), json!({ "ccpUrl": ccp::address(&headers, machine.port) }));
    }
    Json(json!({ "practices": [practice], "lander": {
        "publishableKey": demo.publishable_key,
        "clinicians": [{ "id": demo.clinician_id, "name": crate::demo::CLINICIAN }],
        "timezone": crate::demo::TIMEZONE,
    } }))
}
