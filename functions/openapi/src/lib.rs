//! `GET /api/openapi.json`: the OpenAPI document. `./dev openapi` makes it from the types; here it is only handed out.

use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use std::sync::Arc;

const DOCUMENT: &str = include_str!("../openapi.json");

async fn handle(_: Arc<Edge<()>>, _: Call) -> Result<Reply, Failure> {
    Ok(Reply::ready(DOCUMENT))
}

/// The function; it needs no settings.
///
/// # Errors
/// None: it is built as the others are.
pub async fn service(runtime: &Runtime) -> Result<impl HttpService + use<>, SetupError> {
    Ok(service_of(runtime, (), handle))
}
