//! SES v2: mail is kept, and refused where the service refuses it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::mailbox::{self, Channel, Mailbox, Message, links_in};
use super::mime::{self, Mail};
use super::service::{Reply, Service, ServiceError};
use crate::clock::LocalClock;

/// SES's own limits: <https://docs.aws.amazon.com/ses/latest/dg/quotas.html>
const MOST_RECIPIENTS: usize = 50;
const MOST_BYTES: usize = 40 * 1024 * 1024;

/// The addresses and domains whose owner has been verified, in lower case.
pub(crate) struct Ses {
    verified: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
    template: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    raw_content: String,
    file_name: String,
    content_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: String,
}

impl Ses {
    pub(crate) fn new(verified: Vec<String>) -> Self {
        Self { verified: verified.into_iter().map(|identity| identity.to_ascii_lowercase()).collect() }
    }

    pub(crate) fn send(&self, body: Value, mailbox: &Mailbox, clock: &LocalClock) -> Result<Reply, ServiceError> {
        let request: SendEmail =
            serde_json::from_value(body).map_err(|error| Service::SesV2.malformed(&error.to_string()))?;
        let Destination { to_addresses, cc_addresses, bcc_addresses } = request.destination;
        let named: Vec<String> = [to_addresses, cc_addresses, bcc_addresses].concat();
        for reply_to in &request.reply_to_addresses {
            checked(reply_to)?;
        }
        let mail = read(request.content)?;
        // A raw message's own headers stand where the request does not say otherwise.
        let from = request.from_email_address.or(mail.from.clone()).unwrap_or_default();
        self.check_sender(&from)?;
        let recipients = recipients(if named.is_empty() { &mail.to } else { &named })?;
        let id = format!("{}-000000", uuid::Uuid::now_v7());
        keep(&id, &from, &recipients, &mail, mailbox, clock);
        Ok(Reply::ok(&json!({ "MessageId": id })))
    }

    fn check_sender(&self, from: &str) -> Result<(), ServiceError> {
        let address = checked(from)?.to_ascii_lowercase();
        let domain = address.rsplit('@').next().unwrap_or_default();
        // A verified domain covers its subdomains.
        let covers = |identity: &String| {
            *identity == address
                || *identity == domain
                || domain.strip_suffix(identity.as_str()).is_some_and(|rest| rest.ends_with('.'))
        };
        if self.verified.iter().any(covers) {
            return Ok(());
        }
        let text = format!(
            "Email address is not verified. The following identities failed the check in region US-EAST-1: {from}"
        );
        Err(ServiceError::new(Service::SesV2, 400, "MessageRejected", &text))
    }
}

fn checked(address: &str) -> Result<&str, ServiceError> {
    mime::address(address).ok_or_else(|| Service::SesV2.invalid(&format!("Invalid email address<{address}>.")))
}

fn recipients(named: &[String]) -> Result<Vec<&str>, ServiceError> {
    if named.is_empty() {
        return Err(Service::SesV2.invalid("Destination must have at least one recipient."));
    }
    if named.len() > MOST_RECIPIENTS {
        return Err(Service::SesV2.invalid("Recipient count exceeds 50."));
    }
    named.iter().map(|address| checked(address)).collect()
}

fn read(content: Content) -> Result<Mail, ServiceError> {
    match (content.simple, content.raw, content.template) {
        (Some(simple), None, None) => read_simple(simple),
        (None, Some(raw), None) => {
            let bytes = decoded(&raw.data)?;
            within_size(bytes.len())?;
            mime::parse(&bytes).ok_or_else(|| Service::SesV2.invalid("The raw message is not MIME."))
        }
        (None, None, Some(_)) => {
            Err(ServiceError::new(Service::SesV2, 404, "NotFoundException", "The template does not exist."))
        }
        _ => Err(Service::SesV2.invalid("Content must be one of Simple, Raw and Template.")),
    }
}

fn read_simple(simple: Simple) -> Result<Mail, ServiceError> {
    let subject = simple.subject.data;
    if subject.trim().is_empty() {
        return Err(Service::SesV2.invalid("Subject must not be empty."));
    }
    if subject.chars().any(char::is_control) {
        return Err(Service::SesV2.invalid("Subject must not contain control characters."));
    }
    let written = |part: Option<Text>| part.map(|part| part.data).filter(|data| !data.trim().is_empty());
    let (text, html) = (written(simple.body.text), written(simple.body.html));
    if text.is_none() && html.is_none() {
        return Err(Service::SesV2.invalid("Body must have a text or an HTML part."));
    }
    let mut size = text.as_ref().map_or(0, String::len) + html.as_ref().map_or(0, String::len);
    let mut attachments = Vec::new();
    for attachment in simple.attachments {
        let bytes = decoded(&attachment.raw_content)?;
        size += bytes.len();
        attachments.push(mailbox::Attachment {
            name: attachment.file_name,
            content_type: attachment.content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            text: String::from_utf8(bytes).unwrap_or_default(),
        });
    }
    within_size(size)?;
    Ok(Mail { from: None, to: Vec::new(), subject, text: text.unwrap_or_default(), html, attachments })
}

fn decoded(base64: &str) -> Result<Vec<u8>, ServiceError> {
    STANDARD.decode(base64).map_err(|_| Service::SesV2.malformed("The data is not base64."))
}

fn within_size(bytes: usize) -> Result<(), ServiceError> {
    if bytes > MOST_BYTES {
        return Err(Service::SesV2.invalid("Message length is more than 41943040 bytes long."));
    }
    Ok(())
}

fn keep(id: &str, from: &str, recipients: &[&str], mail: &Mail, mailbox: &Mailbox, clock: &LocalClock) {
    // A message in HTML alone has its links there.
    let links = match (mail.text.is_empty(), &mail.html) {
        (true, Some(html)) => links_in(&html.replace("&amp;", "&")),
        (true | false, _) => links_in(&mail.text),
    };
    for (place, to) in recipients.iter().enumerate() {
        mailbox.keep(Message {
            id: if place == 0 { id.to_owned() } else { format!("{id}-{}", place + 1) },
            channel: Channel::Email,
            to: (*to).to_owned(),
            from: Some(from.to_owned()),
            subject: Some(mail.subject.clone()),
            text: mail.text.clone(),
            html: mail.html.clone(),
            links: links.clone(),
            attachments: mail.attachments.clone(),
            at: clock.now(),
        });
    }
}
