//! What is sent to SES, and what its answers mean.

#![allow(missing_docs, unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../config/tests/canned/mod.rs"]
mod canned;

use base64::Engine as _;
use bedside_app::ports::{Mail, Mailer as _, SendError};
use bedside_aws::Environment;
use bedside_domain::message::calendar::{Invitation, Method};
use bedside_ses::Ses;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use serde_json::{Value, json};

const MAIL: Mail<'static> = Mail {
    to: "jane@example.com",
    subject: "Your visit – 20:05",
    text: "https://visit.example.com/j/K7QX2MPA",
    html: "<p>Zoë</p>",
    invitation: None,
    reply_to: Some("help@practice.example"),
};

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:موعد عبر الفيديو\r\nEND:VCALENDAR\r\n";

/// What was given to SES: its fields, and the message itself.
async fn sent(mail: &Mail<'_>, from: &str) -> (Value, String) {
    let (config, log) = canned::service(|_| (200, json!({ "MessageId": "id-1" })));
    let settings = Environment::from_pairs([("MAIL_FROM", from), ("MAIL_CONFIGURATION_SET", "plain")]);
    assert_eq!(Ses::new(&config, &settings).unwrap().send(mail).await, Ok("id-1".to_owned()));
    let asked = log.lock().unwrap().pop().unwrap();
    assert!(asked.call.ends_with("/v2/email/outbound-emails"), "{}", asked.call);
    let raw = asked.body["Content"]["Raw"]["Data"].as_str().unwrap();
    let raw = base64::engine::general_purpose::STANDARD.decode(raw).unwrap();
    (asked.body, String::from_utf8(raw).unwrap())
}

/// The kinds of a message's parts, from the outside in.
fn kinds(message: &Message<'_>) -> Vec<String> {
    let kind = |part: &mail_parser::MessagePart<'_>| {
        let kind = part.content_type().unwrap();
        let method = kind.attribute("method").map(|method| format!("; method={method}")).unwrap_or_default();
        format!("{}/{}{method}", kind.ctype(), kind.subtype().unwrap())
    };
    message.parts.iter().map(kind).collect()
}

async fn answered(status: u16, body: Value) -> Result<String, SendError> {
    let (config, _) = canned::service(move |_| (status, body.clone()));
    Ses::new(&config, &Environment::from_pairs([("MAIL_FROM", "visit@example.com")])).unwrap().send(&MAIL).await
}

#[tokio::test]
async fn a_mail_has_text_and_html_in_utf_8() {
    let (body, raw) = sent(&MAIL, "visit@example.com").await;
    assert_eq!(body["FromEmailAddress"], "visit@example.com");
    assert_eq!(body["Destination"], json!({ "ToAddresses": ["jane@example.com"] }));
    assert_eq!(body["ConfigurationSetName"], "plain");
    let message = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(kinds(&message), ["multipart/alternative", "text/plain", "text/html"]);
    assert_eq!(message.subject(), Some(MAIL.subject));
    assert_eq!(message.body_text(0).as_deref(), Some(MAIL.text));
    assert_eq!(message.body_html(0).as_deref(), Some(MAIL.html));
    let address =
        |list: Option<&mail_parser::Address<'_>>| list.unwrap().first().unwrap().address().unwrap().to_owned();
    assert_eq!(address(message.from()), "visit@example.com");
    assert_eq!(address(message.to()), "jane@example.com");
    assert_eq!(address(message.reply_to()), "help@practice.example");
    assert!(raw.is_ascii(), "what is not ASCII is encoded");
}

/// As Gmail, Outlook and Apple Mail look for it: one of the forms of the body, and a file.
#[tokio::test]
async fn a_visit_comes_as_an_invitation() {
    let invitation = Invitation { method: Method::Request, text: CALENDAR.to_owned() };
    let mail = Mail { invitation: Some(&invitation), subject: "لديك موعد عبر الفيديو", ..MAIL };
    let (_, raw) = sent(&mail, "Lakeside <visit@example.com>").await;
    let message = MessageParser::default().parse(&raw).unwrap();
    let calendar = "text/calendar; method=REQUEST";
    assert_eq!(
        kinds(&message),
        ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", calendar, calendar]
    );
    assert_eq!(message.subject(), Some(mail.subject));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("Lakeside"));
    let (form, file) = (&message.parts[4], &message.parts[5]);
    assert!(form.content_disposition().is_none() && form.attachment_name().is_none());
    assert!(file.content_disposition().unwrap().is_attachment());
    assert_eq!(file.attachment_name(), Some("invite.ics"));
    for part in [form, file] {
        let read = match &part.body {
            PartType::Text(text) => text.to_string(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            PartType::Html(_) | PartType::Message(_) | PartType::Multipart(_) => panic!("no calendar"),
        };
        assert_eq!(read.replace("\r\n", "\n").trim_end(), CALENDAR.replace("\r\n", "\n").trim_end());
        assert_eq!(part.content_type().unwrap().attribute("charset"), Some("utf-8"));
    }
    assert!(raw.lines().all(|line| line.len() <= 998), "RFC 5322, 2.1.1");
}

#[tokio::test]
async fn nothing_adds_a_header_or_a_recipient() {
    let subject = "Visit\r\nBcc: all@example.com\r\n\r\n<b>";
    let (_, raw) = sent(&Mail { subject, ..MAIL }, "visit@example.com").await;
    let message = MessageParser::default().parse(&raw).unwrap();
    assert!(message.bcc().is_none() && kinds(&message).len() == 3, "{raw}");
    assert!(!raw.contains("\nBcc:"), "{raw}");
    for to in ["jane@example.com\r\nBcc: all@example.com", "jane@example.com, all@example.com", "Jane <j@e.example>"] {
        let (config, log) = canned::service(|_| (200, json!({})));
        let ses = Ses::new(&config, &Environment::from_pairs([("MAIL_FROM", "visit@example.com")])).unwrap();
        assert!(matches!(ses.send(&Mail { to, ..MAIL }).await, Err(SendError::Refused(_))), "{to:?}");
        assert!(log.lock().unwrap().is_empty(), "nobody was called");
    }
}

#[tokio::test]
async fn whoever_invites_knows_the_sender_without_its_name() {
    let (config, _) = canned::service(|_| (200, json!({})));
    for from in ["visit@example.com", "\"Lakeside, Family\" <visit@example.com>"] {
        let ses = Ses::new(&config, &Environment::from_pairs([("MAIL_FROM", from)])).unwrap();
        assert_eq!(ses.sender(), Some("visit@example.com"), "{from}");
    }
    for from in ["<visit@example.com", "nobody"] {
        let wrong = Ses::new(&config, &Environment::from_pairs([("MAIL_FROM", from)])).unwrap_err().to_string();
        assert!(wrong.starts_with("The setting MAIL_FROM cannot be used: "), "{wrong}");
    }
}

#[tokio::test]
async fn a_deployment_without_mail_refuses_and_calls_nobody() {
    let (config, log) = canned::service(|_| (200, json!({})));
    let refused = Ses::new(&config, &Environment::default()).unwrap().send(&MAIL).await.unwrap_err();
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
