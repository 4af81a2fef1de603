//! Texts through AWS End User Messaging.

use aws_sdk_pinpointsmsvoicev2::Client;
use aws_sdk_pinpointsmsvoicev2::operation::send_text_message::SendTextMessageError as Failure;
use aws_sdk_pinpointsmsvoicev2::types::{ConflictExceptionReason, MessageType};
use bedside_app::error::Outage;
use bedside_app::ports::{SendError, Texter};
use bedside_aws::{Environment, SdkConfig};

/// Texts through AWS End User Messaging.
#[derive(Debug, Clone)]
pub struct Sms {
    client: Client,
    origination: Option<String>,
    configuration_set: Option<String>,
}

impl Sms {
    /// Sends from `SMS_ORIGINATION` (a number, sender id or pool), by the rules of `SMS_CONFIGURATION_SET`. Without
    /// `SMS_ORIGINATION` every text is refused, and visits are scheduled all the same. No call is made.
    #[must_use]
    pub fn new(config: &SdkConfig, settings: &Environment) -> Self {
        Self {
            client: Client::new(config),
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
        let call = self.client.send_text_message().destination_phone_number(to).origination_identity(origination);
        let call = call
            .message_body(text)
            .message_type(MessageType::Transactional)
            .set_configuration_set_name(self.configuration_set.clone());
        match call.send().await {
            Ok(answer) => Ok(answer.message_id.unwrap_or_default()),
            Err(error) if error.as_service_error().is_some_and(has_opted_out) => Err(SendError::OptedOut),
            Err(error) => {
                let outage = Outage::new("sms", bedside_aws::what("SendTextMessage", &error));
                Err(if bedside_aws::is_passing(&error) { SendError::Down(outage) } else { SendError::Refused(outage) })
            }
        }
    }
}

/// The number has answered STOP.
fn has_opted_out(error: &Failure) -> bool {
    match error {
        Failure::ConflictException(conflict) => {
            conflict.reason() == Some(&ConflictExceptionReason::DestinationPhoneNumberOptedOut)
        }
        _ => false,
    }
}
