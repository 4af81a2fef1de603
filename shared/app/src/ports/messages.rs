//! What carries messages.

use crate::error::Outage;
use bedside_domain::message::calendar::Invitation;
use std::future::Future;

/// Why a message did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// The person does not want texts.
    OptedOut,
    /// The carrier will never take it.
    Refused(Outage),
    /// The carrier is down or throttles.
    Down(Outage),
}

/// An e-mail to one person.
#[derive(Debug)]
pub struct Mail<'a> {
    /// To whom.
    pub to: &'a str,
    /// One line.
    pub subject: &'a str,
    /// For those who read text.
    pub text: &'a str,
    /// For the others.
    pub html: &'a str,
    /// The visit for the recipient's calendar.
    pub invitation: Option<&'a Invitation>,
    /// Whom an answer reaches.
    pub reply_to: Option<&'a str>,
}

/// E-mail.
pub trait Mailer: Send + Sync + 'static {
    /// The address that it comes from, without a name; `None` where nothing can be sent.
    fn sender(&self) -> Option<&str>;
    /// Sends it, and gives the carrier's id.
    fn send(&self, mail: &Mail<'_>) -> impl Future<Output = Result<String, SendError>> + Send;
}

/// Texts.
pub trait Texter: Send + Sync + 'static {
    /// Sends one segment to a number in E.164, and gives the carrier's id.
    fn send(&self, to: &str, text: &str) -> impl Future<Output = Result<String, SendError>> + Send;
}
