//! `POST /api/visits/{visitId}/notify`: sends the links.

use bedside_app::api::NotifyVisit;
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
    let staff = call.staff(&edge, Action::NotifyVisit).await?;
    call.once(&edge.app, staff.identity(), async |_| {
        Reply::ok(&edge.app.notify_visit(&staff, call.id("visitId")?, call.json::<NotifyVisit>()?).await?)
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
    let app = runtime
        .app(store, keys)?
        .with_mailer(Ses::new(&runtime.sdk, &runtime.settings)?)
        .with_texter(Sms::new(&runtime.sdk, &runtime.settings));
    Ok(service_of(runtime, app, handle))
}
