//! `GET /api/visits`: the visits that the caller may see, the soonest first.

use bedside_app::api::VisitFilter;
use bedside_app::practice::App;
use bedside_domain::permit::Action;
use bedside_domain::time::Time;
use bedside_domain::visit::VisitStatus;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

const TIME: &str = "Must be a time such as 2026-12-01T20:00:00Z.";

type Application = App<Dynamo, Kms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let staff = call.staff(&edge, Action::ListVisits).await?;
    let filter = VisitFilter {
        status: call.query("status", |text| VisitStatus::parse(text).ok(), "Must be a visit's status.")?,
        clinician_id: call.query("clinicianId", |text| text.parse().ok(), "Must be a clinician's id.")?,
        patient_id: call.query("patientId", |text| text.parse().ok(), "Must be a patient's id.")?,
        from: call.query("from", |text| Time::parse(text).ok(), TIME)?,
        to: call.query("to", |text| Time::parse(text).ok(), TIME)?,
    };
    let (limit, cursor) = call.paging()?;
    Reply::ok(&edge.app.list_visits(&staff, &filter, limit, cursor.as_deref()).await?)
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
