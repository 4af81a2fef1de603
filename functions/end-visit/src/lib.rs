//! `POST /api/visits/{visitId}/end`: ends a visit.

use bedside_app::api::EndVisit;
use bedside_app::ports::Carriers;
use bedside_app::practice::App;
use bedside_chime::Chime;
use bedside_connect::Connect;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use std::sync::Arc;

type Application = App<Dynamo, Kms, Carriers<Chime, Connect>>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let desk = call.desk(&edge, Action::EndVisit, "visitId").await?;
    call.once(&edge.app, desk.signed_in.clone(), async |_| {
        Reply::ok(&edge.app.end_visit(desk, call.json::<EndVisit>()?).await?)
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
    let (sdk, settings) = (&runtime.sdk, &runtime.settings);
    let media = Carriers { chime: Chime::new(sdk, settings), connect: Connect::new(sdk) };
    let app = runtime.app(store, keys)?.with_media(media);
    Ok(service_of(runtime, app, handle))
}
