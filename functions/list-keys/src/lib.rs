//! `GET /api/keys`: lists the practice's keys, the newest first.

use bedside_app::practice::App;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

type Application = App<Dynamo, Kms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let staff = call.staff(&edge, Action::ListKeys).await?;
    let limit =
        call.query("limit", |text| text.parse().ok().filter(|n| (1..=100).contains(n)), "Must be from 1 to 100.")?;
    let cursor = call.query("cursor", |text| Some(text.to_owned()), "Must be given once.")?;
    Reply::ok(&edge.app.list_keys(&staff, limit.unwrap_or(25), cursor.as_deref()).await?)
}

/// The function, built from its settings.
///
/// # Errors
/// When a setting is missing, or KMS does not answer.
pub async fn service(runtime: &Runtime) -> Result<impl HttpService + use<>, SetupError> {
    let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
    let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
    let app = runtime.app(store, keys)?;
    Ok(service_of(runtime, app, handle))
}
