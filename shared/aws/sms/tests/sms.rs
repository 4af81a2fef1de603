//! What is sent to End User Messaging, and what its answers mean.

#![allow(missing_docs, unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../config/tests/canned/mod.rs"]
mod canned;

use bedside_app::ports::{SendError, Texter as _};
use bedside_aws::Environment;
use bedside_sms::Sms;
use serde_json::{Value, json};

async fn answered(status: u16, body: Value) -> Result<String, SendError> {
    let (config, _) = canned::service(move |_| (status, body.clone()));
    let settings = Environment::from_pairs([("SMS_ORIGINATION", "+18005550100")]);
    Sms::new(&config, &settings).send("+12025550123", "text").await
}

#[tokio::test]
async fn a_text_is_transactional() {
    let (config, log) = canned::service(|_| (200, json!({ "MessageId": "id-1" })));
    let settings = Environment::from_pairs([("SMS_ORIGINATION", "pool-1"), ("SMS_CONFIGURATION_SET", "visits")]);
    assert_eq!(Sms::new(&config, &settings).send("+12025550123", "text").await, Ok("id-1".to_owned()));
    let asked = log.lock().unwrap().pop().unwrap();
    assert_eq!(asked.target, "SendTextMessage");
    let expected = json!({
        "DestinationPhoneNumber": "+12025550123",
        "OriginationIdentity": "pool-1",
        "MessageBody": "text",
        "MessageType": "TRANSACTIONAL",
        "ConfigurationSetName": "visits",
    });
    assert_eq!(asked.body, expected);
}

#[tokio::test]
async fn a_deployment_without_texts_refuses_and_calls_nobody() {
    let (config, log) = canned::service(|_| (200, json!({})));
    let refused = Sms::new(&config, &Environment::default()).send("+12025550123", "text").await.unwrap_err();
    assert!(matches!(refused, SendError::Refused(outage) if outage.to_string() == "sms: not set up"));
    assert!(log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_answered_stop_is_told_apart() {
    let conflict = |reason: &str| json!({ "__type": "ConflictException", "Reason": reason, "message": "conflict" });
    let opted_out = answered(400, conflict("DESTINATION_PHONE_NUMBER_OPTED_OUT")).await;
    assert_eq!(opted_out, Err(SendError::OptedOut));
    let other = answered(400, conflict("PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL")).await.unwrap_err();
    assert!(matches!(other, SendError::Refused(_)));
}

#[tokio::test]
async fn a_text_that_will_never_go_is_refused_and_its_number_not_logged() {
    for code in ["ValidationException", "ServiceQuotaExceededException", "AccessDeniedException"] {
        let answer = json!({ "__type": code, "message": "+12025550123 is not valid" });
        let Err(SendError::Refused(outage)) = answered(400, answer).await else { panic!("{code}") };
        assert_eq!(outage.to_string(), format!("sms: SendTextMessage {code}"));
    }
}

#[tokio::test]
async fn throttles_and_faults_pass() {
    for (status, code) in [(400, "ThrottlingException"), (500, "InternalServerException"), (503, "")] {
        let error = answered(status, json!({ "__type": code })).await.unwrap_err();
        assert!(matches!(error, SendError::Down(_)), "{code}: {error:?}");
    }
}
