//! One type for each kind of id.

use crate::parse::{Invalid, from_body, text_value};
use crate::time::Time;
use uuid::Uuid;

macro_rules! our_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);
        impl $name {
            /// A UUIDv7 (RFC 9562) of a time and 80 random bits.
            #[must_use]
            pub fn new(now: Time, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
            /// # Errors
            /// When the text is not a UUIDv7 in lower case with hyphens.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                const WHY: Invalid = Invalid("Must be a UUIDv7 in lower case.");
                let id = Uuid::try_parse(text).map_err(|_| WHY)?;
                let canonical = text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase());
                let rfc = id.get_variant() == uuid::Variant::RFC4122;
                if canonical && rfc && id.get_version_num() == 7 { Ok(Self(id)) } else { Err(WHY) }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
        from_body!($name);
    };
}

our_id!(/// A visit.
    VisitId);
our_id!(/// A link: `tokenId` in the contract, `jti` of its JWT.
    LinkId);
our_id!(/// A seat in a visit.
    ParticipantId);
our_id!(/// A challenge; once answered, its id is the proof.
    ChallengeId);
our_id!(/// A message that was owed to somebody.
    MessageId);
our_id!(/// A visit session: `sid` of its token, and on the participant's row.
    SessionId);
our_id!(/// A lander's key.
    KeyId);

macro_rules! caller_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);
        impl $name {
            /// # Errors
            /// When it is not 1–64 of `A-Z a-z 0-9 - _ . :`.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let fits = (1..=64).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
                if fits { Ok(Self(text.to_owned())) } else { Err(Invalid("Must be 1 to 64 of A-Z a-z 0-9 - _ . :")) }
            }
            /// The id as its owner wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        text_value!($name);
    };
}

caller_id!(/// A patient, as the practice numbers them.
    PatientId);
caller_id!(/// A clinician, as the practice numbers them.
    ClinicianId);
caller_id!(/// A practice. It comes from a credential, never from a request's body.
    TenantId);
