//! What an administrator may set for their practice: each value parsed, so that none of them can be wrong later.

use crate::audit::EventType;
use crate::message::gsm7;
use crate::parse::{Invalid, text_value, word_enum};
use serde::{Deserialize, Serialize};

/// A type of one text with its rule.
macro_rules! ruled_text {
    ($(#[$meta:meta])* $name:ident, $why:literal, $rule:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);
        impl $name {
            /// # Errors
            /// When it breaks the rule that stands with the type.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let rule: fn(&str) -> bool = $rule;
                if rule(text) { Ok(Self(text.to_owned())) } else { Err(Invalid($why)) }
            }
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        text_value!($name);
    };
}

ruled_text! {
    /// The practice in a text message: 1–20 characters of the GSM-7 basic set, so that no text grows a second segment.
    SmsName,
    "Must be 1 to 20 characters that every phone knows: letters, digits and common signs.",
    |text| (1..=20).contains(&text.chars().count()) && text.chars().all(|c| gsm7::septets_of(c) == Some(1))
}

ruled_text! {
    /// An origin (RFC 6454) without a slash at its end: `https://` and a host, or `http://` and this machine. A host is
    /// written in ASCII: a browser says its own so, and a text message with another letter would cost two.
    Origin,
    "Must be an origin such as https://visit.example.com, without a path.",
    |text| (1..=200).contains(&text.len()) && after_origin(text) == Some("")
}

ruled_text! {
    /// `iss` of an identity provider's tokens: an origin, and perhaps a path.
    Issuer,
    "Must be an address such as https://login.example.com/practice, without a query.",
    |text| (1..=255).contains(&text.len()) && after_origin(text).is_some_and(|rest| is_path(rest) && !rest.contains('?'))
}

ruled_text! {
    /// Where a webhook goes: an origin, and perhaps a path with a query.
    WebhookUrl,
    "Must be an address such as https://example.com/hooks/visits.",
    |text| (1..=500).contains(&text.len()) && after_origin(text).is_some_and(is_path)
}

ruled_text! {
    /// An `https` address in which `{visitId}`, `{patientId}` and `{clinicianId}` are filled in.
    UrlTemplate,
    "Must be an address such as https://example.com/chart/{patientId}.",
    |text| {
        let rest = text.strip_prefix("https://").unwrap_or_default();
        text.chars().count() <= 500 && !rest.is_empty() && !rest.chars().any(|c| c.is_whitespace() || c.is_control())
    }
}

ruled_text! {
    /// A region of AWS.
    MediaRegion,
    "Must be a region such as us-east-1.",
    |text| {
        let mut parts = text.split('-');
        let area = parts.next().unwrap_or_default();
        let Some(number) = parts.next_back() else { return false };
        let between: Vec<&str> = parts.collect();
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let is_digit = number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit());
        let fits = area.len() == 2 && is_word(area) && !between.is_empty() && between.into_iter().all(is_word);
        (5..=25).contains(&text.len()) && fits && is_digit
    }
}

ruled_text! {
    /// An instance or a flow of Amazon Connect: 1–100 of `A-Z a-z 0-9 -`.
    ConnectId,
    "Must be 1 to 100 of A-Z a-z 0-9 -",
    |text| (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// What follows an origin; nothing where there is none.
fn after_origin(text: &str) -> Option<&str> {
    let (rest, of_this_machine) = match text.strip_prefix("https://") {
        Some(rest) => (rest, false),
        None => (text.strip_prefix("http://")?, true),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at_checked(end)?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    // A number above 65,535 or 0 is no port: nobody would be reached.
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()) && port.parse() != Ok(0_u16);
    let port = port.is_none_or(|port| is_port(port) && port.parse::<u16>().is_ok());
    let host = if of_this_machine { matches!(host, "localhost" | "127.0.0.1") } else { is_host(host) };
    (port && host).then_some(after)
}

/// RFC 1123, 2.1: labels of letters, digits and inner hyphens.
fn is_host(host: &str) -> bool {
    host.len() <= 253
        && host.split('.').all(|label| {
            let edges = [label.bytes().next(), label.bytes().next_back()];
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && edges.into_iter().flatten().all(|b| b != b'-')
        })
}

/// What may follow an origin in an address: nothing, or a path, without a fragment.
fn is_path(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/')) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
}

/// Minutes around a visit, at most `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes<const MAX: u16>(u16);

impl<const MAX: u16> Minutes<MAX> {
    /// `None` beyond `MAX`.
    #[must_use]
    pub fn new(minutes: u64) -> Option<Self> {
        u16::try_from(minutes).ok().filter(|minutes| *minutes <= MAX).map(Self)
    }
    /// How many.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl<E: deserr::DeserializeError, const MAX: u16> deserr::Deserr<E> for Minutes<MAX> {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, E> {
        let minutes = match value {
            deserr::Value::Integer(minutes) => Some(minutes),
            deserr::Value::Float(f) if f.fract() == 0.0 && (0.0..=f64::from(MAX)).contains(&f) => Some(f as u64),
            deserr::Value::Null
            | deserr::Value::Boolean(_)
            | deserr::Value::NegativeInteger(_)
            | deserr::Value::Float(_)
            | deserr::Value::String(_)
            | deserr::Value::Sequence(_)
            | deserr::Value::Map(_) => None,
        };
        minutes.and_then(Self::new).ok_or_else(|| {
            let kind = deserr::ErrorKind::Unexpected { msg: format!("Must be a whole number from 0 to {MAX}.") };
            deserr::take_cf_content(E::error::<V>(None, kind, location))
        })
    }
}

word_enum! {
    /// What happens when someone comes from a new country.
    #[derive(Default)]
    pub enum LocationPolicy: "Must be alert, verify or off." {
        /// It is recorded, and an alarm goes.
        #[default]
        Alert = "alert",
        /// A factor is asked for again.
        Verify = "verify",
        /// Nothing.
        Off = "off",
    }
}

/// Where calls over Amazon Connect are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, deserr::Deserr, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
pub struct Connect {
    /// Which instance.
    pub instance_id: ConnectId,
    /// Which flow.
    pub flow_id: ConnectId,
}

/// A button at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuickAction {
    /// Its words: 1–40 characters.
    #[schema(min_length = 1, max_length = 40)]
    pub label: String,
    /// Where it leads.
    pub url_template: UrlTemplate,
}

/// Who is told of what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Where.
    pub url: WebhookUrl,
    /// Of which events, each once.
    #[schema(value_type = BTreeSet<EventType>, min_items = 1, max_items = 35)]
    pub events: Vec<EventType>,
}
