//! A function as a service: what Lambda runs, and what the laptop's gateway calls.

use crate::call::Call;
use crate::headers::preflight;
use crate::issuers::HttpIssuers;
use crate::problem::Failure;
use crate::reply::{Reply, finish, respond};
use crate::runtime::Runtime;
use bedside_app::error::Error;
use http::{Method, Response};
use lambda_http::{Body, IntoResponse, Request};
use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use tower::Service;

/// What a handler is given: the application, and who vouches for sign-ins.
pub struct Edge<A> {
    /// The application.
    pub app: A,
    pub(crate) issuers: HttpIssuers,
    origin_secret: Option<String>,
}

impl<A> Edge<A> {
    /// Who vouches for sign-ins.
    pub const fn issuers(&self) -> &HttpIssuers {
        &self.issuers
    }
}

/// A function that answers HTTP requests. It never fails: what goes wrong is a problem.
pub trait HttpService:
    Service<Request, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
}
impl<S> HttpService for S where
    S: Service<Request, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
}

/// An answer whose body stays as it is. Lambda's library would decode a text by the character set that its header
/// names, for which it has the tables of all of them in every binary; ours are UTF-8.
#[derive(Debug)]
pub struct AsItIs(pub Response<Body>);

impl IntoResponse for AsItIs {
    fn into_response(self) -> Pin<Box<dyn Future<Output = Response<Body>> + Send>> {
        Box::pin(ready(self.0))
    }
}

/// The service of a handler over its application.
pub fn service<A, H, F>(runtime: &Runtime, app: A, handler: H) -> impl HttpService + use<A, H, F>
where
    A: Send + Sync + 'static,
    H: Fn(Arc<Edge<A>>, Call) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Reply, Failure>> + Send + 'static,
{
    served(runtime, app, handler, false)
}

/// The same for pages of other origins (CORS): it answers `OPTIONS`, and lets a page read what it answers to a
/// publishable key that allows the page's origin. The template leads `OPTIONS` of the path to it.
pub fn service_for_pages<A, H, F>(runtime: &Runtime, app: A, handler: H) -> impl HttpService + use<A, H, F>
where
    A: Send + Sync + 'static,
    H: Fn(Arc<Edge<A>>, Call) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Reply, Failure>> + Send + 'static,
{
    served(runtime, app, handler, true)
}

fn served<A, H, F>(runtime: &Runtime, app: A, handler: H, pages: bool) -> impl HttpService + use<A, H, F>
where
    A: Send + Sync + 'static,
    H: Fn(Arc<Edge<A>>, Call) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Reply, Failure>> + Send + 'static,
{
    let edge = Arc::new(Edge {
        app,
        issuers: runtime.issuers.clone(),
        origin_secret: runtime.settings.get("ORIGIN_SECRET").map(str::to_owned),
    });
    tower::service_fn(move |request: Request| {
        let edge = Arc::clone(&edge);
        async move {
            let call = Call::of(request, edge.origin_secret.as_deref());
            let request_id = call.client.request_id.clone();
            if pages && call.method == Method::OPTIONS {
                return Ok(finish(preflight(call.header("origin")), &request_id));
            }
            let notes = call.client.notes.clone();
            let result = handler(edge, call).await;
            if let Err(failure) = &result {
                log(failure, &request_id);
            }
            Ok::<_, Infallible>(respond(result, &request_id, &notes, pages))
        }
    })
}

/// What went wrong on our side, with the request's id. A caller's mistakes are no news.
fn log(failure: &Failure, request_id: &str) {
    match failure.error() {
        Error::Internal(why) => tracing::error!(request_id, why, "internal error"),
        Error::Unavailable(why) | Error::MediaUnavailable(why) => tracing::warn!(request_id, why, "unavailable"),
        _ => {}
    }
}
