//! Somebody answers a text: STOP, START, HELP.

use bedside_app::error::Error;
use bedside_app::practice::App;
use bedside_app::text_replies::{Heard, TextReply};
use bedside_domain::contact::{self, PhoneNumber};
use bedside_domain::secret::Phi;
use bedside_domain::time::Time;
use bedside_dynamodb::Dynamo;
use bedside_http::{Runtime, SetupError};
use bedside_kms::Kms;
use bedside_sms::Sms;
use serde::{Deserialize, Deserializer, Serialize, de};

/// The function.
pub struct OnTextReply(App<Dynamo, Kms, (), (), Sms>);

/// What SNS delivers: <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TextEvent {
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    sns: Notification,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Notification {
    #[serde(deserialize_with = "inside")]
    message: InboundText,
    /// When SNS was told of it: the text itself has no time.
    #[serde(deserialize_with = "when")]
    timestamp: Time,
}

/// A text as End User Messaging tells of it:
/// <https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers-two-way-sms.html>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InboundText {
    origination_number: String,
    message_body: String,
    inbound_message_id: String,
    previous_published_message_id: Option<String>,
}

/// What came of the texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// Of each.
    pub heard: Vec<Heard>,
}

impl OnTextReply {
    /// The function, built from its settings.
    ///
    /// # Errors
    /// When a setting is missing, or KMS does not answer.
    pub async fn new(runtime: &Runtime) -> Result<Self, SetupError> {
        contact::read_ahead();
        let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
        let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
        Ok(Self(runtime.app(store, keys)?.with_texter(Sms::new(&runtime.sdk, &runtime.settings))))
    }

    /// Does what the texts ask for.
    ///
    /// # Errors
    /// When the store is down: Lambda tries the event again.
    pub async fn run(&self, event: TextEvent) -> Result<Answered, Error> {
        let mut heard = Vec::with_capacity(event.records.len());
        for Record { sns } in event.records {
            heard.push(match reply(sns) {
                Some(reply) => self.0.hear(&reply).await?,
                // A short code, or a number that is none: nothing of ours ever goes there.
                None => Heard::Nothing,
            });
        }
        Ok(Answered { heard })
    }
}

fn reply(sns: Notification) -> Option<TextReply> {
    let InboundText { origination_number, message_body, inbound_message_id, previous_published_message_id } =
        sns.message;
    Some(TextReply {
        from: PhoneNumber::parse(&origination_number).ok()?,
        text: Phi::new(message_body),
        reply_id: inbound_message_id,
        answers: previous_published_message_id.filter(|id| !id.is_empty()),
        at: sns.timestamp,
    })
}

/// JSON within JSON.
fn inside<'de, D: Deserializer<'de>>(from: D) -> Result<InboundText, D::Error> {
    let text = String::deserialize(from)?;
    // serde's own message could quote the text.
    serde_json::from_str(&text).map_err(|_| de::Error::custom("a message that is no text of somebody's"))
}

fn when<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
    Time::parse(&String::deserialize(from)?).map_err(de::Error::custom)
}
