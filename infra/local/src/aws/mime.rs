//! E-mail addresses, and raw messages in MIME.

use mail_parser::{Address, ContentType, MessageParser, MessagePart, MimeHeaders as _};

use super::mailbox::Attachment;

/// An e-mail as sent, whichever form it was sent in.
#[derive(Debug, Default)]
pub(crate) struct Mail {
    pub(crate) from: Option<String>,
    pub(crate) to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: Option<String>,
    pub(crate) attachments: Vec<Attachment>,
}

/// The bare address in `Name <address>` or `address`; `None` where SES would not take it.
pub(crate) fn address(text: &str) -> Option<&str> {
    let text = text.trim();
    let address = match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>')?,
        None => text,
    };
    let (local, domain) = address.rsplit_once('@')?;
    // SES takes local parts of 7-bit ASCII only, and at most 320 characters:
    // https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
    let sound_local = !local.is_empty()
        && local.len() <= 64
        && local.bytes().all(|b| b.is_ascii_graphic() && !b"()<>[]:;@\\,\"".contains(&b))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let sound_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let sound_domain = domain.contains('.') && domain.len() <= 253 && domain.split('.').all(sound_label);
    (sound_local && sound_domain).then_some(address)
}

/// Reads a raw message; `None` where it is none.
pub(crate) fn parse(raw: &[u8]) -> Option<Mail> {
    let message = MessageParser::default().parse(raw)?;
    // A form of the body that we show neither as text nor as HTML, as a calendar is, is no file.
    let is_file = |part: &&MessagePart<'_>| part.content_disposition().is_some_and(ContentType::is_attachment);
    let attachments = message.attachments().filter(is_file).map(|part| {
        let content_type = part.content_type().map_or_else(
            || "application/octet-stream".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")),
        );
        Attachment {
            name: part.attachment_name().unwrap_or_default().to_owned(),
            content_type,
            text: std::str::from_utf8(part.contents()).unwrap_or_default().to_owned(),
        }
    });
    Some(Mail {
        from: addresses(message.from()).into_iter().next(),
        to: [message.to(), message.cc(), message.bcc()].into_iter().flat_map(addresses).collect(),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: body(&message, false).unwrap_or_default(),
        html: body(&message, true),
        attachments: attachments.collect(),
    })
}

/// A body that was written in this form: the parser would turn one form into the other.
fn body(message: &mail_parser::Message<'_>, html: bool) -> Option<String> {
    let mut parts: Box<dyn Iterator<Item = _>> =
        if html { Box::new(message.html_bodies()) } else { Box::new(message.text_bodies()) };
    let part = parts.find(|part| part.is_text_html() == html)?;
    part.text_contents().map(ToOwned::to_owned)
}

fn addresses(list: Option<&Address<'_>>) -> Vec<String> {
    let all = list.into_iter().flat_map(Address::iter);
    all.filter_map(|one| one.address().map(ToOwned::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_bare_or_with_a_name() {
        assert_eq!(address("jo@example.com"), Some("jo@example.com"));
        assert_eq!(address("Example Practice <care@example.com>"), Some("care@example.com"));
        for bad in [
            "",
            "jo",
            "jo@",
            "@example.com",
            "jo@example",
            "j o@example.com",
            "jo@exa_mple.com",
            "jö@example.com",
            "jo@example.com\r\nBcc: x@example.com",
            "a..b@example.com",
            "jo@-example.com",
        ] {
            assert_eq!(address(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_raw_message_is_read_with_its_parts() {
        let raw = "From: Practice <care@example.com>\r\nTo: jo@example.org\r\nSubject: =?utf-8?Q?Visita_ma=C3=B1ana?=\r\n\
                   MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
                   Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain\r\n\r\nhello\r\n\
                   --c\r\nContent-Type: text/html\r\n\r\n<p>hello</p>\r\n--c--\r\n--b\r\nContent-Type: text/calendar; \
                   name=visit.ics\r\nContent-Disposition: attachment; filename=visit.ics\r\n\
                   Content-Transfer-Encoding: base64\r\n\r\nQkVHSU46VkNBTEVOREFS\r\n--b--\r\n";
        let mail = parse(raw.as_bytes()).unwrap_or_default();
        assert_eq!(mail.from.as_deref(), Some("care@example.com"));
        assert_eq!(mail.to, ["jo@example.org"]);
        assert_eq!(mail.subject, "Visita mañana");
        assert_eq!(mail.text.trim(), "hello");
        assert_eq!(mail.html.as_deref().map(str::trim), Some("<p>hello</p>"));
        let calendar = Attachment {
            name: "visit.ics".to_owned(),
            content_type: "text/calendar".to_owned(),
            text: "BEGIN:VCALENDAR".to_owned(),
        };
        assert_eq!(mail.attachments, [calendar]);
    }
}
