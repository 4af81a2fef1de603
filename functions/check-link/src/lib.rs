//! `POST /api/token/redeem`: a look at a link. Consumes nothing.

use bedside_app::api::CredentialBody;
use bedside_app::credential::Credential;
use bedside_app::practice::App;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

type Application = App<Dynamo, Kms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let device = call.device(&edge.app)?;
    let credential = Credential::try_from(call.json::<CredentialBody>()?)?;
    let thumbprint = device.proof.as_ref().map(|proof| &proof.thumbprint);
    // At once: noting the proof makes nobody wait.
    let (noted, checked) = tokio::join!(
        edge.app.note_proof(&device, call.client()),
        edge.app.check_link(&credential, thumbprint, call.client())
    );
    noted?;
    Reply::ok(&checked.map_err(Failure::of_link)?)
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
