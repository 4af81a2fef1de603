//! `PUT /api/patients/{patientId}`: registers or replaces a patient.

use bedside_app::api::PutPatient;
use bedside_app::practice::App;
use bedside_domain::contact;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

type Application = App<Dynamo, Kms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let staff = call.staff(&edge, Action::PutPatient).await?;
    let id = call.new_id("patientId")?;
    let (patient, is_new) = edge.app.put_patient(&staff, &id, call.json::<PutPatient>()?).await?;
    if is_new { Reply::created(format!("/api/patients/{id}"), &patient) } else { Reply::ok(&patient) }
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
