//! `/local/texts/reply`: somebody answers a text.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Given, Problem};
use crate::aws::Channel;
use crate::functions::ON_TEXT_REPLY;
use crate::machine::Machine;

/// A text from a phone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reply {
    from: String,
    text: String,
}

/// Tells the function of it as End User Messaging does for a number with two-way SMS and self-managed opt-outs, through
/// SNS; answers what the function did.
pub(crate) async fn reply(State(machine): State<Arc<Machine>>, Given(reply): Given<Reply>) -> Answer {
    if !reply.from.starts_with('+') {
        return Err(Problem::malformed("from must be a phone number in international form, such as +12025550123."));
    }
    let inbound = uuid::Uuid::now_v7().to_string();
    let event = event(&machine, &reply, &inbound);
    let did = machine.deliver_surely(ON_TEXT_REPLY, &event).await;
    let did = did.map_err(|error| Problem::internal(format!("{error}.")))?;
    Ok(Json(json!({ "inboundMessageId": inbound, "heard": did.pointer("/heard/0") })))
}

/// <https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html>, within
/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
fn event(machine: &Machine, reply: &Reply, inbound: &str) -> Value {
    let texts = machine.aws.messages();
    let last = texts.iter().find(|text| text.channel == Channel::Sms && text.to == reply.from);
    let number = last.and_then(|text| text.from.clone()).unwrap_or_default();
    let mut message = json!({
        "originationNumber": reply.from,
        "destinationNumber": number,
        "messageKeyword": format!("KEYWORD_{number}"),
        "messageBody": reply.text,
        "inboundMessageId": inbound,
    });
    if let (Some(last), Some(members)) = (last, message.as_object_mut()) {
        members.insert("previousPublishedMessageId".to_owned(), json!(last.id));
    }
    json!({ "Records": [{
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "Sns": {
            "Type": "Notification",
            "MessageId": uuid::Uuid::now_v7().to_string(),
            "Message": message.to_string(),
            "Timestamp": machine.clock.now(),
        },
    }] })
}
