//! The schemas of what requests and answers are made of, where the type alone does not say it.
//!
//! A text with bounds has no name of its own in the document: it stands where it is used (`INLINE`).

use super::{AppointmentReference, GivenAnswer, Text};
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// How the names of schemas begin that stand where they are used.
pub const INLINE: &str = "inline.";

impl<const MIN: usize, const MAX: usize> PartialSchema for Text<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        let min = Some(MIN).filter(|min| *min > 0);
        ObjectBuilder::new().schema_type(Type::String).min_length(min).max_length(Some(MAX)).into()
    }
}

impl<const MIN: usize, const MAX: usize> ToSchema for Text<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        format!("{INLINE}Text.{MIN}.{MAX}").into()
    }
}

impl PartialSchema for AppointmentReference {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some("FHIR reference"));
        let text = text.min_length(Some(13)).max_length(Some(76)).pattern(Some(r"^Appointment/[A-Za-z0-9\-.]{1,64}$"));
        text.examples(["Appointment/123"]).into()
    }
}
impl ToSchema for AppointmentReference {}

impl PartialSchema for GivenAnswer {
    fn schema() -> RefOr<Schema> {
        let what = "6 digits, 4 digits, or the e-mail link's secret";
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(what));
        text.min_length(Some(4)).max_length(Some(64)).pattern(Some("^[A-Za-z0-9]+$")).into()
    }
}
impl ToSchema for GivenAnswer {}

/// Texts of answers that are of a few words: what the document says of them. They are no values.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident [$($word:literal),+];)+) => {
        $(
            $(#[$doc])*
            pub(super) enum $name {}
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    ObjectBuilder::new().schema_type(Type::String).enum_values(Some([$($word),+])).into()
                }
            }
            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    concat!("inline.", stringify!($name)).into()
                }
            }
        )+
    };
}

words! {
    /// `status` of who may have media.
    Admitted ["ADMITTED"];
    /// `status` of who waits.
    Waits ["WAITING"];
    /// `status` of what a form led to.
    Asked ["REQUESTED", "SCHEDULED"];
    /// What came of a message that was tried.
    SentStatus ["sent", "failed", "opted-out"];
    /// Who carries messages.
    Provider ["end-user-messaging", "ses"];
    /// Why one may not come in yet.
    NotJoinable ["NOT_OPEN_YET"];
    /// What to be told of a link.
    Warning ["EXPIRES_SOON"];
    /// Whether all is set up.
    HealthStatus ["ok", "incomplete"];
    /// What the deep check does.
    DeepCheck ["sign", "write", "read", "encrypt", "email", "sms", "media", "connect"];
}

/// Texts of answers of a certain form: what the document says of them. They are no values.
macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident $what:literal $min:literal..=$max:literal $pattern:expr;)+) => {
        $(
            $(#[$doc])*
            pub(super) enum $name {}
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    let pattern: Option<&str> = $pattern;
                    let text = ObjectBuilder::new().schema_type(Type::String).description(Some($what));
                    text.min_length(Some($min)).max_length(Some($max)).pattern(pattern).into()
                }
            }
            impl ToSchema for $name {}
        )+
    };
}

forms! {
    /// The first characters of a key.
    KeyPrefix "The key's beginning, to know it by" 5..=12 Some("^b[sp]k_[A-Za-z0-9]+$");
    /// A key in clear.
    KeyInClear "Shown this once; kept as a keyed hash" 30..=128 Some("^b[sp]k_[A-Za-z0-9]+$");
    /// A token of ours.
    Jwt "A compact JWS" 1..=4096 Some(r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$");
    /// Where a message went.
    MaskedContact "`***-***-1234` or `j***@example.com`" 3..=254 None;
    /// Where the next page begins.
    CursorToken "Opaque" 1..=1024 None;
}
