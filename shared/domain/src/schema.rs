//! What each value looks like in JSON, as a JSON Schema: the part of its rule that a schema can say.
//!
//! Words (`word_enum!`) derive theirs from their spelling. Here stand the texts and numbers, whose rule is a `parse`.

use std::borrow::Cow;
use utoipa::openapi::schema::{AdditionalProperties, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::audit::{Metadata, Sha256};
use crate::contact::{EmailAddress, PhoneNumber};
use crate::id::{
    ChallengeId, ClinicianId, KeyId, LinkId, MessageId, ParticipantId, PatientId, SessionId, TenantId, VisitId,
};
use crate::link::Locator;
use crate::name::DisplayName;
use crate::person::{Country, Locale, State};
use crate::settings::{ConnectId, Issuer, MediaRegion, Origin, SmsName, UrlTemplate, WebhookUrl};
use crate::time::{Duration, Rfc3339, SLOT_MINUTES, SlotTime, Time};
use crate::zone::Zone;

/// A text: what it is, an example, its lengths in characters (0: no bound to say), its pattern, its format.
struct Text(&'static str, Option<&'static str>, [usize; 2], Option<&'static str>, Option<SchemaFormat>);

impl Text {
    fn schema(self) -> RefOr<Schema> {
        let Self(what, example, [min, max], pattern, format) = self;
        let bound = |length: usize| Some(length).filter(|length| *length > 0);
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(what));
        let text = text.min_length(bound(min)).max_length(bound(max)).pattern(pattern).format(format);
        text.examples(example).into()
    }
}

/// Gives types whose JSON is a text their schema.
macro_rules! texts {
    ($($name:ty: $text:expr;)+) => {
        $(
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    $text.schema()
                }
            }
            impl ToSchema for $name {}
        )+
    };
}

/// A UUIDv7 (RFC 9562) in lower case.
const UUID: Option<&str> = Some("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
const AN_ID: Option<&str> = Some("019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01");
const CALLERS_ID: Option<&str> = Some(r"^[A-Za-z0-9\-_.:]+$");
const DATE_TIME: Option<SchemaFormat> = Some(SchemaFormat::KnownFormat(KnownFormat::DateTime));

texts! {
    VisitId: Text("A visit: UUIDv7, lower case", AN_ID, [0, 0], UUID, None);
    LinkId: Text("A link: UUIDv7, `jti` of its JWT", AN_ID, [0, 0], UUID, None);
    ParticipantId: Text("A seat in a visit: UUIDv7, lower case", AN_ID, [0, 0], UUID, None);
    ChallengeId: Text("A challenge; once answered, the proof: UUIDv7, lower case", AN_ID, [0, 0], UUID, None);
    MessageId: Text("A message: UUIDv7, lower case", AN_ID, [1, 200], UUID, None);
    SessionId: Text("A visit session: UUIDv7, lower case", AN_ID, [0, 0], UUID, None);
    KeyId: Text("A lander's key: UUIDv7, lower case", AN_ID, [0, 0], UUID, None);
    PatientId: Text("A patient, as the practice numbers them", Some("p-17"), [1, 64], CALLERS_ID, None);
    ClinicianId: Text("A clinician, as the practice numbers them", Some("c-3"), [1, 64], CALLERS_ID, None);
    TenantId: Text("A practice", Some("lakeside"), [1, 64], CALLERS_ID, None);
    Rfc3339: Text("RFC 3339 in UTC with `Z`", Some("2026-12-01T19:45:00Z"), [0, 32], Some("Z$"), DATE_TIME);
    SlotTime: Text(
        "RFC 3339 in UTC with `Z`, a multiple of 5 minutes",
        Some("2026-12-01T20:00:00Z"),
        [0, 32],
        Some(r"T[0-9]{2}:[0-5][05]:00(\.0{1,9})?Z$"),
        DATE_TIME,
    );
    Zone: Text(
        "IANA zone name, one that exists",
        Some("America/New_York"),
        [1, 64],
        Some(r"^[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*$"),
        None,
    );
    Locale: Text("BCP 47", Some("en-US"), [2, 35], Some("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"), None);
    PhoneNumber: Text(
        "E.164, a number that exists by its country's plan",
        Some("+12025550123"),
        [8, 16],
        Some(r"^\+[1-9][0-9]{6,14}$"),
        None,
    );
    EmailAddress: Text(
        "An address that mail can reach: a dot-atom, `@`, a host name",
        Some("ada@example.com"),
        [3, 254],
        Some(r"^[^@\s]+@[^@\s]+$"),
        Some(SchemaFormat::KnownFormat(KnownFormat::Email)),
    );
    State: Text(
        "USPS code; outside of the US the part of ISO 3166-2 after the country",
        Some("NY"),
        [2, 3],
        Some("^[A-Z0-9]{2,3}$"),
        None,
    );
    Country: Text("ISO 3166-1; absent means US", Some("US"), [2, 2], Some("^[A-Z]{2}$"), None);
    DisplayName: Text(
        "A name to go by; control, bidi and line-break characters and URLs are taken out of it",
        Some("Ada Example"),
        [1, 80],
        None,
        None,
    );
    Locator: Text(
        "The code of a link, or a public meeting code: it names, it proves nothing",
        Some("K7QX2MPA"),
        [8, 8],
        Some("^[A-HJ-NP-Z2-9]{8}$"),
        None,
    );
    SmsName: Text("The practice in a text: GSM-7 basic set", None, [1, 20], Some(r##"^[A-Za-z0-9 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]+$"##), None);
    Origin: Text(
        "An origin, no slash at the end",
        Some("https://visit.example.com"),
        [1, 200],
        Some(r#"^(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?)$"#),
        None,
    );
    Issuer: Text(
        "`iss` of the identity provider's tokens",
        Some("https://login.example.com"),
        [1, 255],
        Some(r#"^(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?)(/[^\s?#]*)?$"#),
        None,
    );
    WebhookUrl: Text(
        "Where a webhook goes",
        Some("https://example.com/hooks/visits"),
        [1, 500],
        Some(r#"^(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?)(/[^\s#]*)?$"#),
        None,
    );
    UrlTemplate: Text(
        "`{visitId}`, `{patientId}`, `{clinicianId}` are filled in",
        Some("https://example.com/chart/{patientId}"),
        [1, 500],
        Some(r#"^https://[^\s]+$"#),
        None,
    );
    MediaRegion: Text("A region of AWS", Some("us-east-1"), [5, 25], Some(r#"^[a-z]{2}(-[a-z]+)+-[0-9]$"#), None);
    ConnectId: Text("Of Amazon Connect", None, [1, 100], Some("^[A-Za-z0-9-]+$"), None);
    Sha256: Text("SHA-256 in lower-case hexadecimal", None, [64, 64], Some("^[0-9a-f]{64}$"), None);
}

/// In JSON a time is always [`Rfc3339`].
impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        Ref::from_schema_name(Rfc3339::name()).into()
    }
}

impl ToSchema for Time {
    fn name() -> Cow<'static, str> {
        Rfc3339::name()
    }
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Rfc3339::name().into_owned(), Rfc3339::schema()));
    }
}

impl PartialSchema for Duration {
    fn schema() -> RefOr<Schema> {
        let minutes = ObjectBuilder::new().schema_type(Type::Integer).description(Some("Minutes"));
        minutes.minimum(Some(15)).maximum(Some(120)).multiple_of(Some(SLOT_MINUTES as isize)).into()
    }
}
impl ToSchema for Duration {}

impl PartialSchema for Metadata {
    fn schema() -> RefOr<Schema> {
        let what = "Texts, whole numbers, flags and lists of texts. No PHI; addresses masked";
        let free = AdditionalProperties::<Schema>::FreeForm(true);
        ObjectBuilder::new().schema_type(Type::Object).description(Some(what)).additional_properties(Some(free)).into()
    }
}
impl ToSchema for Metadata {}
