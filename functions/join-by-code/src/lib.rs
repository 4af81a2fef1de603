//! `POST /api/join/{meetingCode}`: sits somebody down in the waiting room who has the public meeting code.

use bedside_app::api::JoinByCode;
use bedside_app::ports::Carriers;
use bedside_app::practice::App;
use bedside_app::start::StartAnswer;
use bedside_chime::Chime;
use bedside_connect::Connect;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

type Application = App<Dynamo, Kms, Carriers<Chime, Connect>>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let device = call.device(&edge.app)?;
    let body = call.json::<JoinByCode>()?;
    match edge.app.join_by_code(call.segment("meetingCode"), &body, &device, call.client()).await? {
        StartAnswer::Started(started) => Reply::ok(&started),
        StartAnswer::Waiting(waiting) => Reply::accepted(&waiting),
    }
}

/// The function, built from its settings.
///
/// # Errors
/// When a setting is missing, or KMS does not answer.
pub async fn service(runtime: &Runtime) -> Result<impl HttpService + use<>, SetupError> {
    let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
    let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
    let (sdk, settings) = (&runtime.sdk, &runtime.settings);
    let media = Carriers { chime: Chime::new(sdk, settings), connect: Connect::new(sdk) };
    let app = runtime.app(store, keys)?.with_media(media);
    Ok(service_of(runtime, app, handle))
}
