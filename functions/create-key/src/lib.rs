//! `POST /api/keys`: makes a key for a lander, and shows it this once.

use bedside_app::api::CreateKey;
use bedside_app::practice::App;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

type Application = App<Dynamo, Kms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let staff = call.staff(&edge, Action::CreateKey).await?;
    call.once(&edge.app, staff.identity(), async |_| {
        let made = edge.app.create_key(&staff, call.json::<CreateKey>()?).await?;
        Reply::created(format!("/api/keys/{}", made.key_id), &made)
    })
    .await
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
