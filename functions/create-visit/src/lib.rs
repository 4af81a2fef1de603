//! `POST /api/visits`: schedules a visit.

use bedside_app::api::CreateVisit;
use bedside_app::practice::App;
use bedside_domain::contact;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

type Application = App<Dynamo, Kms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let staff = call.staff(&edge, Action::CreateVisit).await?;
    call.once(&edge.app, staff.identity(), async |claim| {
        let visit = edge.app.create_visit(&staff, call.json::<CreateVisit>()?, claim.as_ref()).await?;
        Reply::created(format!("/api/visits/{}", visit.visit_id), &visit)
    })
    .await
}

/// The function, built from its settings.
///
/// # Errors
/// When a setting is missing, or KMS does not answer.
pub async fn service(runtime: &Runtime) -> Result<impl HttpService + use<>, SetupError> {
    contact::read_ahead();
    let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
    let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
    let app = runtime.app(store, keys)?;
    Ok(service_of(runtime, app, handle))
}
