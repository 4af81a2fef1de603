//! `POST /api/visits/{visitId}/cancel`: calls a visit off.

use bedside_app::api::CancelVisit;
use bedside_app::ports::Carriers;
use bedside_app::practice::App;
use bedside_chime::Chime;
use bedside_connect::Connect;
use bedside_domain::permit::Action;
use bedside_dynamodb::Dynamo;
use bedside_http::{Call, Edge, Failure, HttpService, Reply, Runtime, SetupError, service as service_of};
use bedside_kms::Kms;
use bedside_ses::Ses;
use bedside_sms::Sms;
use std::sync::Arc;

type Application = App<Dynamo, Kms, Carriers<Chime, Connect>, Ses, Sms>;

async fn handle(edge: Arc<Edge<Application>>, call: Call) -> Result<Reply, Failure> {
    let staff = call.staff(&edge, Action::CancelVisit).await?;
    call.once(&edge.app, staff.identity(), async |_| {
        let body = call.json_if_any::<CancelVisit>()?.unwrap_or_default();
        Reply::ok(&edge.app.cancel_visit(&staff, call.id("visitId")?, &body).await?)
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
    let app = runtime
        .app(store, keys)?
        .with_media(Carriers { chime: Chime::new(sdk, settings), connect: Connect::new(sdk) })
        .with_mailer(Ses::new(sdk, settings)?)
        .with_texter(Sms::new(sdk, settings));
    Ok(service_of(runtime, app, handle))
}
