//! `PATCH /api/visits/{visitId}`: moves a visit.

use bedside_app::api::RescheduleVisit;
use bedside_app::practice::App;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use bedside_ses::Ses;
use bedside_sms::Sms;
use std::sync::Arc;

type Application = App<Dynamo, Kms, (), Ses, Sms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let staff = call.staff(&edge, Action::RescheduleVisit).await?;
    Reply::ok(&edge.app.reschedule_visit(&staff, call.id("visitId")?, &call.json::<RescheduleVisit>()?).await?)
}

/// The function, built from its settings.
///
/// # Errors
/// When a setting is missing, or KMS does not answer.
pub async fn service(runtime: &Runtime) -> Result<impl HttpService + use<>, SetupError> {
    let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
    let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
    let (sdk, settings) = (&runtime.sdk, &runtime.settings);
    let app = runtime.app(store, keys)?.with_mailer(Ses::new(sdk, settings)?).with_texter(Sms::new(sdk, settings));
    Ok(service_of(runtime, app, handle))
}
