//! A contact of Amazon Connect was taken, or has ended: who is in the call.

use bedside_app::error::Error;
use bedside_app::practice::App;
use bedside_connect::Connect;
use bedside_domain::settings::ConnectId;
use bedside_dynamodb::Dynamo;
use bedside_http::{Runtime, SetupError};
use bedside_kms::Kms;
use serde::{Deserialize, Serialize};

/// The function.
pub struct OnContactEvent(App<Dynamo, Kms, Connect>);

/// What EventBridge delivers: <https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html>. What has
/// happened does not count: the contact is asked how it stands.
#[derive(Debug, Deserialize)]
pub struct ContactEvent {
    detail: Detail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    contact_id: ConnectId,
    /// A transferred contact is a new one; the call is the first one's.
    initial_contact_id: Option<ConnectId>,
    instance_arn: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// Whether it is a contact of a visit.
    pub ours: bool,
}

impl OnContactEvent {
    /// The function, built from its settings.
    ///
    /// # Errors
    /// When a setting is missing, or KMS does not answer.
    pub async fn new(runtime: &Runtime) -> Result<Self, SetupError> {
        let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
        let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
        Ok(Self(runtime.app(store, keys)?.with_media(Connect::new(&runtime.sdk))))
    }

    /// Takes over how the contact stands.
    ///
    /// # Errors
    /// When Connect or the store is down: Lambda tries the event again.
    pub async fn run(&self, event: ContactEvent) -> Result<Followed, Error> {
        let Detail { contact_id, initial_contact_id, instance_arn } = event.detail;
        let instance = instance_arn.rsplit('/').next().and_then(|id| ConnectId::parse(id).ok());
        let Some(instance) = instance else { return Ok(Followed { ours: false }) };
        let contact = initial_contact_id.unwrap_or(contact_id);
        Ok(Followed { ours: self.0.follow_contact(&instance, contact.as_str()).await? })
    }
}
