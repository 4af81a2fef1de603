//! `GET /.well-known/jwks.json`: the keys that verify our tokens.

use bedside_domain::jose::Jwk;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::PublicKeys;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

async fn handle(edge: Arc<Edge<PublicKeys>>, _: Call) -> Result<Reply, Failure> {
    let keys = edge.app.as_slice().iter().map(bedside_domain::jose::EcPublicKey::to_jwk).collect();
    Ok(Reply::ok(&Jwks { keys })?.kept_five_minutes())
}

/// The function, built from its settings.
///
/// # Errors
/// When a setting is missing, or KMS does not answer.
pub async fn service(runtime: &Runtime) -> Result<impl HttpService + use<>, SetupError> {
    let keys = PublicKeys::connect(&runtime.sdk, &runtime.settings).await?;
    Ok(service_of(runtime, keys, handle))
}
