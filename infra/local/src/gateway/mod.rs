//! API Gateway on the laptop: the routes of `template.yaml`, each to its function, which runs in this process.

mod edge;
mod event;
mod invoke;
mod percent;
mod problem;
mod registry;
mod route;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use tokio::sync::RwLock;

pub(crate) use edge::check_origin;
pub(crate) use invoke::{LONGEST, answer};
pub(crate) use percent::pairs as query_pairs;
pub(crate) use problem::Problem;
pub use registry::{EventRun, HttpFunction, Registry};

use crate::aws::Invocations;
use crate::clock::LocalClock;
use crate::template::{Route, Template};
use edge::Caller;
use event::Incoming;
use problem::{RequestId, finish, gateway_response};
use route::Destination;

/// The largest body that API Gateway takes:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// What the gateway works with.
pub struct Gateway {
    /// Routes and own answers.
    pub template: Template,
    /// The functions. Whoever calls one reads; whoever needs them all at rest writes.
    pub functions: Arc<RwLock<Registry>>,
    /// Where running functions are known.
    pub invocations: Invocations,
    /// The laptop's time.
    pub clock: LocalClock,
    /// What the edge proves itself with to the functions.
    pub origin_secret: String,
    /// The port it listens on.
    pub port: u16,
    /// Whether each request is told on standard error.
    pub verbose: bool,
}

/// The route of an answer, for the access log: never the path itself, which may hold a code.
#[derive(Clone)]
struct RouteName(String);

/// The whole service: `own` for what the laptop itself answers, the gateway for all else.
pub fn service(gateway: &Arc<Gateway>, own: Router) -> Router {
    let passing = Arc::clone(gateway);
    let pass = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request| {
        let gateway = Arc::clone(&passing);
        async move { pass(&gateway, peer, request).await }
    };
    own.layer(from_fn(own_answer))
        .fallback(pass.clone())
        .method_not_allowed_fallback(pass)
        .layer(from_fn_with_state(Arc::clone(gateway), front))
}

/// In front of everything: gives the request its id, refuses foreign hosts, tells the access log.
async fn front(State(gateway): State<Arc<Gateway>>, mut request: Request, next: Next) -> Response {
    let (started, id, method) = (Instant::now(), RequestId::new(), request.method().clone());
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    request.extensions_mut().insert(id.clone());
    let (parts, body) = request.into_parts();
    let response =
        match edge::check_host(&parts, gateway.port).and_then(|()| edge::check_idempotency_key(&parts.headers)) {
            Ok(()) => next.run(Request::from_parts(parts, body)).await,
            Err(problem) => finish(problem.into_response(), &id),
        };
    if gateway.verbose {
        let route = response.extensions().get::<RouteName>().map(|route| route.0.clone()).or(matched);
        let (route, status) = (route.as_deref().unwrap_or("(no route)"), response.status().as_u16());
        // Nobody is left to tell that standard error is closed.
        let _ = writeln!(std::io::stderr(), "{method} {route} {status} {} ms", started.elapsed().as_millis());
    }
    response
}

/// Completes the laptop's own answers.
async fn own_answer(request: Request, next: Next) -> Response {
    let id = request_id(request.extensions());
    finish(next.run(request).await, &id)
}

fn request_id(extensions: &http::Extensions) -> RequestId {
    extensions.get().cloned().unwrap_or_else(RequestId::new)
}

/// Passes a request on to its function.
async fn pass(gateway: &Gateway, peer: SocketAddr, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let id = request_id(&parts.extensions);
    let destination = route::find(&gateway.template.routes, &parts.method, parts.uri.path());
    let (answer, name) = match destination {
        Destination::Unknown => return gateway_response(&gateway.template.responses.unknown_route, &id),
        Destination::Planned(path) => (Err(Problem::not_built("This is not built yet.")), path.to_owned()),
        Destination::Function(route, parameters) => {
            (call(gateway, peer, &parts, body, &id, route, &parameters).await, route.path.clone())
        }
    };
    let mut response = answer.unwrap_or_else(|problem| finish(problem.into_response(), &id));
    response.extensions_mut().insert(RouteName(name));
    response
}

async fn call(
    gateway: &Gateway,
    peer: SocketAddr,
    parts: &Parts,
    body: Body,
    id: &RequestId,
    route: &Route,
    parameters: &BTreeMap<String, String>,
) -> Result<Response, Problem> {
    let responses = &gateway.template.responses;
    let caller = Caller::read(&parts.headers, peer)?;
    let headers = edge::forwarded(&parts.headers, &caller, gateway.port, &gateway.origin_secret)?;
    let Ok(body) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return Ok(gateway_response(&responses.too_large, id));
    };
    let incoming = Incoming {
        id,
        method: &parts.method,
        uri: &parts.uri,
        headers: &headers,
        caller: &caller,
        resource: &route.path,
        parameters,
        body: &body,
        now: gateway.clock.now(),
    };
    let functions = Arc::clone(&gateway.functions).read_owned().await;
    let Some(function) = functions.get(&route.function) else {
        tracing::error!(function = route.function, "the template has a function that is not in this program");
        return Ok(gateway_response(&responses.failed, id));
    };
    let ran = invoke::invoke(&route.function, function, &incoming.event(), &gateway.invocations, functions).await;
    Ok(ran.unwrap_or_else(|failure| {
        tracing::error!(function = route.function, request = id.0, %failure, "a function gave no answer");
        gateway_response(&responses.failed, id)
    }))
}
