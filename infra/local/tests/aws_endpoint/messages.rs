//! Mail and texts.

use aws_sdk_pinpointsmsvoicev2::error::ProvideErrorMetadata as _;
use aws_sdk_pinpointsmsvoicev2::operation::send_text_message::SendTextMessageError;
use aws_sdk_pinpointsmsvoicev2::types::ConflictExceptionReason;
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Attachment, Body, Content, Destination, EmailContent, Message, RawMessage};
use bedside_local::aws::Channel;

use crate::endpoint::{Endpoint, outcome, refused};

const LINK: &str = "https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA";

fn content(data: &str) -> Content {
    Content::builder().data(data).charset("UTF-8").build().unwrap()
}

fn simple(subject: &str, body: Body) -> EmailContent {
    let calendar = Attachment::builder()
        .file_name("visit.ics")
        .content_type("text/calendar")
        .raw_content(Blob::new("BEGIN:VCALENDAR"))
        .build()
        .unwrap();
    let message = Message::builder().subject(content(subject)).body(body).attachments(calendar).build();
    EmailContent::builder().simple(message).build()
}

fn body() -> Body {
    Body::builder()
        .text(content(&format!("Join: {LINK}.")))
        .html(content(&format!("<a href=\"{LINK}\">Join</a>")))
        .build()
}

fn mail(endpoint: &Endpoint, to: &[&str]) -> SendEmailFluentBuilder {
    let to = Destination::builder().set_to_addresses(Some(to.iter().map(|to| (*to).to_owned()).collect())).build();
    endpoint.ses().send_email().from_email_address("Example Practice <care@example.com>").destination(to)
}

#[tokio::test]
async fn mail_is_kept_with_text_html_links_and_attachments() {
    let endpoint = Endpoint::start().await;
    let sent = mail(&endpoint, &["jo@example.org"]).content(simple("Your visit", body())).send().await.unwrap();
    let messages = endpoint.state.messages();
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(Some(&message.id), sent.message_id.as_ref());
    assert_eq!((message.channel, message.to.as_str()), (Channel::Email, "jo@example.org"));
    assert_eq!(message.subject.as_deref(), Some("Your visit"));
    assert_eq!(message.text, format!("Join: {LINK}."));
    assert_eq!(message.html.as_deref(), Some(format!("<a href=\"{LINK}\">Join</a>").as_str()));
    assert_eq!(message.links, [LINK]);
    assert_eq!(message.attachments[0].name, "visit.ics");
    assert_eq!(message.attachments[0].content_type, "text/calendar");
    assert_eq!(message.attachments[0].text, "BEGIN:VCALENDAR");
    let json = serde_json::to_value(message).unwrap();
    assert_eq!(json["attachments"][0]["contentType"], "text/calendar");
    assert_eq!(json["channel"], "email");
}

#[tokio::test]
async fn the_newest_message_comes_first_and_each_recipient_has_one() {
    let endpoint = Endpoint::start().await;
    mail(&endpoint, &["a@example.org", "b@example.org"]).content(simple("First", body())).send().await.unwrap();
    mail(&endpoint, &["c@example.org"]).content(simple("Second", body())).send().await.unwrap();
    let messages = endpoint.state.messages();
    let to: Vec<_> = messages.iter().map(|message| message.to.as_str()).collect();
    assert_eq!(to, ["c@example.org", "b@example.org", "a@example.org"]);
    assert_ne!(messages[1].id, messages[2].id);
    endpoint.state.clear_messages();
    assert!(endpoint.state.messages().is_empty());
}

#[tokio::test]
async fn a_raw_message_is_kept_like_a_simple_one() {
    let endpoint = Endpoint::start().await;
    let raw = format!(
        "From: care@example.com\r\nTo: jo@example.org\r\nSubject: Your visit\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nJoin: {LINK}\r\n"
    );
    let raw = RawMessage::builder().data(Blob::new(raw)).build().unwrap();
    let content = EmailContent::builder().raw(raw).build();
    endpoint.ses().send_email().content(content).send().await.unwrap();
    let message = &endpoint.state.messages()[0];
    assert_eq!((message.to.as_str(), message.subject.as_deref()), ("jo@example.org", Some("Your visit")));
    assert_eq!(message.links, [LINK]);
}

#[tokio::test]
async fn what_ses_refuses_is_refused_and_not_kept() {
    let endpoint = Endpoint::start().await;
    let to = &["jo@example.org"];
    let send = async |request: SendEmailFluentBuilder| outcome(request.send().await);
    let good = || simple("Your visit", body());
    let bad = refused("BadRequestException");
    assert_eq!(send(mail(&endpoint, &[]).content(good())).await, bad);
    assert_eq!(send(mail(&endpoint, &["not an address"]).content(good())).await, bad);
    assert_eq!(send(mail(&endpoint, &["a@b.example\r\nBcc: c@d.example"]).content(good())).await, bad);
    assert_eq!(send(mail(&endpoint, &["a@example.org"; 51]).content(good())).await, bad);
    assert_eq!(send(mail(&endpoint, to).content(simple("", body()))).await, bad);
    assert_eq!(send(mail(&endpoint, to).content(simple("Two\r\nlines", body()))).await, bad);
    assert_eq!(send(mail(&endpoint, to).content(simple("No body", Body::builder().build()))).await, bad);
    assert_eq!(send(mail(&endpoint, to).content(EmailContent::builder().build())).await, bad);
    let stranger = mail(&endpoint, to).from_email_address("someone@elsewhere.example").content(good());
    assert_eq!(send(stranger).await, refused("MessageRejected"));
    assert!(endpoint.state.messages().is_empty());
    let domain = mail(&endpoint, to).from_email_address("desk@mail.clinic.example").content(good());
    domain.send().await.expect("a verified domain covers its subdomains");
}

#[tokio::test]
async fn texts_are_kept_with_their_links() {
    let endpoint = Endpoint::start().await;
    let sms = endpoint.sms();
    let text = sms.send_text_message().destination_phone_number("+12025550123").origination_identity("pool-1");
    let sent = text.message_body(format!("Your visit: {LINK}")).send().await.unwrap();
    let message = &endpoint.state.messages()[0];
    assert_eq!(Some(&message.id), sent.message_id.as_ref());
    assert_eq!((message.channel, message.to.as_str()), (Channel::Sms, "+12025550123"));
    assert_eq!((message.from.as_deref(), &message.links[..]), (Some("pool-1"), &[LINK.to_owned()][..]));
    assert_eq!(serde_json::to_value(message).unwrap().get("html"), None);
}

#[tokio::test]
async fn a_number_that_opted_out_gets_no_text() {
    let endpoint = Endpoint::start().await;
    endpoint.state.opt_out("+12025550123");
    let text = endpoint.sms().send_text_message().destination_phone_number("+12025550123").message_body("hello");
    let error = text.clone().send().await.unwrap_err().into_service_error();
    let SendTextMessageError::ConflictException(conflict) = &error else { panic!("{error}") };
    assert_eq!(conflict.reason, Some(ConflictExceptionReason::DestinationPhoneNumberOptedOut));
    assert!(error.message().is_some());
    assert!(endpoint.state.messages().is_empty());
    text.destination_phone_number("+12025550124").send().await.expect("another number");
}

#[tokio::test]
async fn what_the_sms_service_refuses_is_refused() {
    let endpoint = Endpoint::start().await;
    let sms = endpoint.sms();
    let bad = refused("ValidationException");
    for number in ["12025550123", "+02025550123", "+1 202 555 0123", "+1234567890123456", "+", "x"] {
        let text = sms.send_text_message().destination_phone_number(number).message_body("hello");
        assert_eq!(outcome(text.send().await), bad, "{number}");
    }
    let text = || sms.send_text_message().destination_phone_number("+12025550123");
    assert_eq!(outcome(text().send().await), bad);
    for body in [String::new(), "  \n".to_owned(), "x".repeat(1601)] {
        assert_eq!(outcome(text().message_body(body).send().await), bad);
    }
    assert_eq!(outcome(text().message_body("hello").time_to_live(4).send().await), bad);
    assert!(endpoint.state.messages().is_empty());
    text().message_body("x".repeat(1600)).send().await.expect("1600 characters");
    text().message_body("hello").dry_run(true).send().await.expect("a dry run");
    assert_eq!(endpoint.state.messages().len(), 1, "a dry run sends nothing");
}
