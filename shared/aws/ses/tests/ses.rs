//! What is sent to SES, and what its answers mean.

#![allow(missing_docs, unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../config/tests/canned/mod.rs"]
mod canned;

use bedside_app::ports::{Mail, Mailer as _, SendError};
use bedside_aws::Environment;
use bedside_ses::Ses;
use serde_json::{Value, json};

const MAIL: Mail<'static> = Mail {
    to: "jane@example.com",
    subject: "Your visit – 20:05",
    text: "https://visit.example.com/j/K7QX2MPA",
    html: "<p>Zoë</p>",
    reply_to: Some("help@practice.example"),
};

async fn answered(status: u16, body: Value) -> Result<String, SendError> {
    let (config, _) = canned::service(move |_| (status, body.clone()));
    Ses::new(&config, &Environment::from_pairs([("MAIL_FROM", "visit@example.com")])).send(&MAIL).await
}

#[tokio::test]
async fn a_mail_has_text_and_html_in_utf_8() {
    let (config, log) = canned::service(|_| (200, json!({ "MessageId": "id-1" })));
    let settings = Environment::from_pairs([("MAIL_FROM", "visit@example.com"), ("MAIL_CONFIGURATION_SET", "plain")]);
    assert_eq!(Ses::new(&config, &settings).send(&MAIL).await, Ok("id-1".to_owned()));
    let asked = log.lock().unwrap().pop().unwrap();
    assert!(asked.call.ends_with("/v2/email/outbound-emails"), "{}", asked.call);
    let content = |data: &str| json!({ "Data": data, "Charset": "UTF-8" });
    let expected = json!({
        "FromEmailAddress": "visit@example.com",
        "Destination": { "ToAddresses": ["jane@example.com"] },
        "ReplyToAddresses": ["help@practice.example"],
        "ConfigurationSetName": "plain",
        "Content": { "Simple": {
            "Subject": content(MAIL.subject),
            "Body": { "Text": content(MAIL.text), "Html": content(MAIL.html) },
        } },
    });
    assert_eq!(asked.body, expected);
}

#[tokio::test]
async fn a_deployment_without_mail_refuses_and_calls_nobody() {
    let (config, log) = canned::service(|_| (200, json!({})));
    let refused = Ses::new(&config, &Environment::default()).send(&MAIL).await.unwrap_err();
    assert!(matches!(refused, SendError::Refused(outage) if outage.to_string() == "sesv2: not set up"));
    assert!(log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_mail_that_will_never_go_is_refused_and_its_address_not_logged() {
    for code in [
        "MessageRejected",
        "BadRequestException",
        "MailFromDomainNotVerifiedException",
        "AccountSuspendedException",
        "SendingPausedException",
    ] {
        let answer = json!({ "__type": code, "message": "jane@example.com is not verified" });
        let Err(SendError::Refused(outage)) = answered(400, answer).await else { panic!("{code}") };
        assert_eq!(outage.to_string(), format!("sesv2: SendEmail {code}"));
    }
}

#[tokio::test]
async fn throttles_and_faults_pass() {
    for (status, code) in
        [(429, "TooManyRequestsException"), (400, "LimitExceededException"), (500, "InternalFailure"), (503, "")]
    {
        let error = answered(status, json!({ "__type": code })).await.unwrap_err();
        assert!(matches!(error, SendError::Down(_)), "{code}: {error:?}");
    }
}
