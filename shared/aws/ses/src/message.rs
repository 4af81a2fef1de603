//! An e-mail as MIME. Mail programs show a visit as an invitation only where its calendar is one of the alternatives
//! that the body comes in (RFC 6047, 2.4), which SES does not make of parts: so the whole message is made here.

use bedside_app::ports::Mail;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};

/// The file that a mail program without a calendar offers to save.
const FILE: &str = "invite.ics";
/// RFC 5322, 2.1.1.
const LINE_MAX: usize = 998;

/// The message in bytes; `None` where an address would break a header. SES adds date and id.
pub(crate) fn mime(mail: &Mail<'_>, from: &str) -> Option<Vec<u8>> {
    let (name, sender) = mailbox(from)?;
    let mut part = body(mail);
    let mut headers = vec![
        ("From".into(), HeaderType::from(Address::new_address(name, sender))),
        ("To".into(), HeaderType::from(Address::new_address(None::<&str>, address(mail.to)?))),
        ("Subject".into(), HeaderType::from(Text::new(mail.subject))),
        ("MIME-Version".into(), HeaderType::from(Raw::new("1.0"))),
    ];
    if let Some(reply_to) = mail.reply_to {
        let reply_to = Address::new_address(None::<&str>, address(reply_to)?);
        headers.push(("Reply-To".into(), HeaderType::from(reply_to)));
    }
    headers.append(&mut part.headers);
    part.headers = headers;
    let mut bytes = Vec::new();
    part.write_part(&mut bytes);
    Some(bytes)
}

/// `multipart/alternative`, the richest form last; with an invitation, the same file once more as an attachment, for
/// programs that look for it there.
fn body<'a>(mail: &'a Mail<'_>) -> MimePart<'a> {
    let mut forms = vec![text("text/plain", mail.text), text("text/html", mail.html)];
    let Some(invitation) = mail.invitation else {
        return MimePart::new("multipart/alternative", BodyPart::Multipart(forms));
    };
    let kind = || {
        let kind = ContentType::new("text/calendar").attribute("charset", "utf-8");
        kind.attribute("method", invitation.method.as_str())
    };
    forms.push(MimePart::new(kind(), invitation.text.as_str()));
    let alternative = MimePart::new("multipart/alternative", BodyPart::Multipart(forms));
    // In base64: some programs that save a file keep the line ends of another form as they like.
    let file = MimePart::new(kind().attribute("name", FILE), invitation.text.as_bytes()).attachment(FILE);
    MimePart::new("multipart/mixed", BodyPart::Multipart(vec![alternative, file]))
}

fn text<'a>(kind: &'a str, body: &'a str) -> MimePart<'a> {
    MimePart::new(ContentType::new(kind).attribute("charset", "utf-8"), body)
}

/// `Name <address>` or `address`.
pub(crate) fn mailbox(text: &str) -> Option<(Option<&str>, &str)> {
    match text.split_once('<') {
        Some((name, rest)) => {
            let name = name.trim().trim_matches('"');
            let sound = !name.chars().any(char::is_control) && name.len() < LINE_MAX;
            let name = Some(name).filter(|name| !name.is_empty());
            sound.then_some(())?;
            Some((name, address(rest.strip_suffix('>')?)?))
        }
        None => Some((None, address(text)?)),
    }
}

/// An address that can end neither its brackets nor its header.
fn address(text: &str) -> Option<&str> {
    let text = text.trim();
    let sound = text.len() <= 320 && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,;:\"()".contains(&byte));
    (sound && text.contains('@')).then_some(text)
}
