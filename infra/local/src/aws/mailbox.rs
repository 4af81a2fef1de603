//! What was sent: every text and e-mail, newest first.

use std::collections::VecDeque;
use std::sync::Mutex;

use jiff::Timestamp;
use serde::Serialize;

use super::held;

/// The newest messages kept; older ones are let go.
const KEPT: usize = 10_000;

/// The way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A text to a phone.
    Sms,
    /// An e-mail.
    Email,
}

/// A file that came with an e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// The file's name.
    pub name: String,
    /// The media type, such as `text/calendar`.
    pub content_type: String,
    /// The content, where it is UTF-8; otherwise empty.
    pub text: String,
}

/// A message as its recipient got it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The provider's message id; further recipients of one e-mail get `-2`, `-3` and so on behind it.
    pub id: String,
    /// Text or e-mail.
    pub channel: Channel,
    /// The phone number or the e-mail address.
    pub to: String,
    /// The number, pool, sender id or address it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The e-mail's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The words.
    pub text: String,
    /// The e-mail's HTML part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Every `http` and `https` address in the words, in order, each once.
    pub links: Vec<String>,
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// When it was sent, by the laptop's clock.
    pub at: Timestamp,
}

#[derive(Debug, Default)]
pub(crate) struct Mailbox(Mutex<VecDeque<Message>>);

impl Mailbox {
    pub(crate) fn keep(&self, message: Message) {
        let mut messages = held(&self.0);
        messages.push_front(message);
        messages.truncate(KEPT);
    }

    /// Newest first.
    pub(crate) fn list(&self) -> Vec<Message> {
        held(&self.0).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        held(&self.0).clear();
    }
}

/// The `http` and `https` addresses in a text, in order, each once. Punctuation that ends a sentence is not theirs.
pub(crate) fn links_in(text: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(start) = next_scheme(rest) {
        let (_, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"'`\\^{|}".contains(c)).unwrap_or(from.len());
        let (link, after) = from.split_at(end);
        let link = link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
        // A bare scheme leads nowhere.
        if link.split_once("://").is_some_and(|(_, host)| !host.is_empty()) && !links.iter().any(|known| known == link)
        {
            links.push(link.to_owned());
        }
        rest = after;
    }
    links
}

fn next_scheme(text: &str) -> Option<usize> {
    let found = [text.find("https://"), text.find("http://")];
    found.into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_whole_and_without_the_sentence_around_them() {
        let text = "Join: https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA. (See http://localhost:8787/help), \
                    again https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA";
        assert_eq!(
            links_in(text),
            ["https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA", "http://localhost:8787/help"]
        );
        assert_eq!(links_in("<a href=\"https://a.example/x\">here</a>"), ["https://a.example/x"]);
        assert!(links_in("no link, https:// only").is_empty());
    }
}
