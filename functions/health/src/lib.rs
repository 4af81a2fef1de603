//! `GET /api/health`: whether the service is well; with `deep=true`, by really doing it.

use bedside_app::health::SetUp;
use bedside_app::practice::App;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

/// The application, and what else is set up in this deployment.
struct Health {
    app: App<Dynamo, Kms>,
    set_up: SetUp,
}

async fn handle(edge: Arc<Edge<Health>>, call: Call) -> Result<Reply, Failure> {
    let Health { app, set_up } = &edge.app;
    let deep = call.query("deep", |text| text.parse().ok(), "Must be true or false.")?;
    if deep != Some(true) {
        return Reply::ok(&app.health());
    }
    let staff = call.staff_of(app, &edge, Action::DeepHealth).await?;
    Reply::ok(&app.deep_health(&staff, set_up).await?)
}

/// The function, built from its settings.
///
/// # Errors
/// When a setting is missing, or KMS does not answer.
pub async fn service(runtime: &Runtime) -> Result<impl HttpService + use<>, SetupError> {
    let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
    let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
    let is_set = |name: &str| runtime.settings.get(name).is_some();
    let connect = runtime.settings.get("CONNECT_INSTANCE").map(str::to_owned);
    let set_up = SetUp { email: is_set("MAIL_FROM"), sms: is_set("SMS_ORIGINATION"), connect };
    Ok(service_of(runtime, Health { app: runtime.app(store, keys)?, set_up }, handle))
}
