//! `POST /api/challenges`: asks for a factor.

use bedside_app::api::CreateChallenge;
use bedside_app::challenges::Asker;
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
    let device = call.fresh_device(&edge.app).await?;
    let body = call.json::<CreateChallenge>()?;
    let principal = call.principal_if_any(&edge, Action::CreateChallenge).await?;
    let (factor, asker) = (body.factor, Asker::of(&body, principal)?);
    let thumbprint = device.proof.as_ref().map(|proof| &proof.thumbprint);
    Reply::accepted(&edge.app.create_challenge(factor, asker, thumbprint, call.client()).await?)
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
