//! Texts through AWS End User Messaging.

use bedside_app::error::Outage;
use bedside_app::ports::{SendError, Texter};
use bedside_aws::{Api, Ask, CallError, Environment, SdkConfig};
use serde::{Deserialize, Serialize};

/// Texts through AWS End User Messaging.
#[derive(Debug, Clone)]
pub struct Sms {
    api: Api,
    origination: Option<String>,
    configuration_set: Option<String>,
}

impl Sms {
    /// Sends from `SMS_ORIGINATION` (a number, sender id or pool), by the rules of `SMS_CONFIGURATION_SET`. Without
    /// `SMS_ORIGINATION` every text is refused, and visits are scheduled all the same. No call is made.
    #[must_use]
    pub fn new(config: &SdkConfig, settings: &Environment) -> Self {
        Self {
            api: Api::new(config, "sms-voice", Some("sms-voice")),
            origination: settings.get("SMS_ORIGINATION").map(str::to_owned),
            configuration_set: settings.get("SMS_CONFIGURATION_SET").map(str::to_owned),
        }
    }
}

impl Texter for Sms {
    async fn send(&self, to: &str, text: &str) -> Result<String, SendError> {
        let Some(origination) = &self.origination else {
            return Err(SendError::Refused(Outage::new("sms", "not set up")));
        };
        let body = SendTextMessage {
            destination_phone_number: to,
            origination_identity: origination,
            message_body: text,
            message_type: "TRANSACTIONAL",
            configuration_set_name: self.configuration_set.as_deref(),
        };
        let ask = Ask::json_1_0("PinpointSMSVoiceV2", "SendTextMessage").body(body);
        match self.api.ask(ask).await {
            Ok(SentTextMessage { message_id }) => Ok(message_id.unwrap_or_default()),
            Err(error) if has_opted_out(&error) => Err(SendError::OptedOut),
            Err(error) => {
                let outage = Outage::new("sms", bedside_aws::what("SendTextMessage", &error));
                Err(if bedside_aws::is_passing(&error) { SendError::Down(outage) } else { SendError::Refused(outage) })
            }
        }
    }
}

/// What is sent, by the service's own description.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendTextMessage<'a> {
    destination_phone_number: &'a str,
    origination_identity: &'a str,
    message_body: &'a str,
    message_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration_set_name: Option<&'a str>,
}

/// What is answered, as far as it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SentTextMessage {
    message_id: Option<String>,
}

/// The number has answered STOP.
fn has_opted_out(error: &CallError) -> bool {
    error.as_service_error().is_some_and(|error| {
        error.code() == Some("ConflictException") && error.extra("Reason") == Some("DESTINATION_PHONE_NUMBER_OPTED_OUT")
    })
}
