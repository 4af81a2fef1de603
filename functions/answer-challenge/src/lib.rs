//! `POST /api/challenges/{challengeId}/answer`: answers what was asked; the id is then the proof.

use bedside_app::api::AnswerChallenge;
use bedside_app::practice::App;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service_for_pages as service_of};
use bedside_kms::Kms;
use bedside_ses::Ses;
use bedside_sms::Sms;
use std::sync::Arc;

type Application = App<Dynamo, Kms, (), Ses, Sms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let page_of = call.page(&edge).await?;
    let device = call.fresh_device(&edge.app).await?;
    let body = call.json::<AnswerChallenge>()?;
    let thumbprint = device.proof.as_ref().map(|proof| &proof.thumbprint);
    let (id, client) = (call.id("challengeId")?, call.client());
    Reply::ok(&edge.app.answer_challenge(id, &body, thumbprint, page_of.as_ref(), client).await?)
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
