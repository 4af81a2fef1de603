//! AWS End User Messaging SMS: texts are kept, and refused where the service refuses them.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde::Deserialize;
use serde_json::json;

use super::held;
use super::mailbox::{Channel, Mailbox, Message, links_in};
use super::service::{Reply, Service, ServiceError};
use crate::clock::LocalClock;

/// The numbers that have opted out, as a reply of STOP does it.
#[derive(Debug, Default)]
pub(crate) struct Sms {
    opted_out: Mutex<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendTextMessage {
    destination_phone_number: String,
    origination_identity: Option<String>,
    message_body: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

impl Sms {
    pub(crate) fn opt_out(&self, number: &str) {
        held(&self.opted_out).insert(number.to_owned());
    }

    pub(crate) fn opted_out(&self) -> Vec<String> {
        held(&self.opted_out).iter().cloned().collect()
    }

    pub(crate) fn reset(&self) {
        held(&self.opted_out).clear();
    }

    pub(crate) fn send(
        &self,
        body: serde_json::Value,
        mailbox: &Mailbox,
        clock: &LocalClock,
    ) -> Result<Reply, ServiceError> {
        let request: SendTextMessage =
            serde_json::from_value(body).map_err(|error| Service::Sms.malformed(&error.to_string()))?;
        let number = request.destination_phone_number;
        if !is_e164(&number) {
            return Err(refused("DestinationPhoneNumber", "INVALID_PARAMETER", "The phone number is not valid."));
        }
        let Some(text) = request.message_body else {
            return Err(refused("MessageBody", "MISSING_PARAMETER", "A message body is required."));
        };
        if held(&self.opted_out).contains(&number) {
            return Err(opted_out(&number));
        }
        let id = uuid::Uuid::now_v7().to_string();
        if !request.dry_run {
            mailbox.keep(Message {
                id: id.clone(),
                channel: Channel::Sms,
                to: number,
                from: request.origination_identity,
                subject: None,
                links: links_in(&text),
                text,
                html: None,
                attachments: Vec::new(),
                at: clock.now(),
            });
        }
        Ok(Reply::ok(&json!({ "MessageId": id })))
    }
}

/// The shape of ITU-T E.164: a plus and up to 15 digits, the first of them not 0.
fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
    })
}

fn refused(field: &str, reason: &str, message: &str) -> ServiceError {
    Service::Sms.invalid(message).with("Reason", reason).with("Fields", json!([{ "Name": field, "Message": message }]))
}

fn opted_out(number: &str) -> ServiceError {
    ServiceError::new(Service::Sms, 400, "ConflictException", "The destination phone number has opted out.")
        .with("Reason", "DESTINATION_PHONE_NUMBER_OPTED_OUT")
        .with("ResourceType", "opted-out-number")
        .with("ResourceId", number)
}
