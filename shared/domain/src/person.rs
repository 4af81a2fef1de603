//! The practice, its people, and the keys of its landers.

use crate::access::AccessPolicy;
use crate::contact::PhoneNumber;
use crate::id::{ClinicianId, KeyId, PatientId, TenantId};
use crate::parse::{Invalid, text_value, word_enum};
use crate::secret::{Mac, Salt, Sealed};
use crate::settings::{Connect, LocationPolicy, QuickAction, Webhook};
use crate::time::Time;
use crate::visit::MediaProvider;
use crate::zone::Zone;
use serde::{Deserialize, Serialize};

/// A state: USPS code, or outside of the US the part of ISO 3166-2 after the country.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State(String);

impl State {
    /// # Errors
    /// When it is not 2 or 3 of `A-Z 0-9`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(Invalid("Must be a state's code, such as NY.")) }
    }
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
text_value!(State);

/// A country, ISO 3166-1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Country(String);

impl Country {
    /// Where nobody says otherwise.
    #[must_use]
    pub fn us() -> Self {
        Self("US".to_owned())
    }
    /// # Errors
    /// When it is not two capital letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        if fits { Ok(Self(text.to_owned())) } else { Err(Invalid("Must be a country's code, such as US.")) }
    }
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
text_value!(Country);

/// A language, BCP 47.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale(String);

impl Locale {
    /// # Errors
    /// When it is not shaped like `en-US`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let mut parts = text.split('-');
        let language =
            parts.next().is_some_and(|l| (2..=3).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphabetic()));
        let rest = parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        if language && rest && text.len() <= 35 {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("Must be a language, such as en-US."))
        }
    }
    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
text_value!(Locale);

/// Where the tenant's staff and portal patients sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Oidc {
    /// `iss` of its tokens, to the letter.
    pub issuer: String,
    /// Our client there.
    pub client_id: String,
    /// The claim that holds the roles.
    pub roles_claim: String,
    /// The claim that holds the clinician's or patient's id.
    pub subject_claim: String,
}

/// A practice and its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Its id.
    pub tenant: TenantId,
    /// As people know it.
    pub name: String,
    /// As a text names it: GSM-7, 20 characters at most.
    pub sms_name: String,
    /// Whom to call.
    pub support_phone: String,
    /// The same as people write it; rows of before this was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_phone_written: Option<String>,
    /// Whom to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_email: Option<String>,
    /// Where nobody says otherwise.
    pub timezone: Zone,
    /// Where nobody says otherwise.
    pub locale: Locale,
    /// Origin of all links.
    pub join_base_url: String,
    /// From how many minutes before the start one may come in.
    pub early_minutes: u16,
    /// Until how many minutes after the planned end.
    pub late_minutes: u16,
    /// The access policy of a visit that says nothing.
    pub default_access: AccessPolicy,
    /// Whether a visit may do without waiting room and factor.
    pub allow_open: bool,
    /// Who carries the calls.
    pub media_provider: MediaProvider,
    /// Where.
    pub media_region: String,
    /// Needed where Amazon Connect carries them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<Connect>,
    /// Buttons at the desk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_actions: Vec<QuickAction>,
    /// Who is told of what happens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub webhooks: Vec<Webhook>,
    /// What happens when someone comes from a new country.
    #[serde(default)]
    pub location_policy: LocationPolicy,
    /// Where its people sign in.
    pub oidc: Oidc,
    /// The data key, wrapped by KMS under the tenant's encryption context, in base64.
    pub wrapped_key: String,
    /// Countries whose numbers get texts.
    pub countries: Vec<Country>,
    /// When it was written last; rows of before this was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
}

impl Tenant {
    /// Whom to call; `None` for a number that does not exist.
    #[must_use]
    pub fn phone(&self) -> Option<PhoneNumber> {
        PhoneNumber::kept(&self.support_phone, self.support_phone_written.as_deref())
    }

    /// The names of the settings that are not as in the other one, in the contract's spelling.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let fields: [(&str, bool); 18] = [
            ("name", self.name != other.name),
            ("smsName", self.sms_name != other.sms_name),
            ("supportPhone", self.support_phone != other.support_phone),
            ("supportEmail", self.support_email != other.support_email),
            ("timezone", self.timezone != other.timezone),
            ("locale", self.locale != other.locale),
            ("joinBaseUrl", self.join_base_url != other.join_base_url),
            ("earlyMinutes", self.early_minutes != other.early_minutes),
            ("lateMinutes", self.late_minutes != other.late_minutes),
            ("defaultAccess", self.default_access != other.default_access),
            ("allowOpen", self.allow_open != other.allow_open),
            ("mediaProvider", self.media_provider != other.media_provider),
            ("mediaRegion", self.media_region != other.media_region),
            ("connect", self.connect != other.connect),
            ("oidc", self.oidc != other.oidc),
            ("quickActions", self.quick_actions != other.quick_actions),
            ("webhooks", self.webhooks != other.webhooks),
            ("locationPolicy", self.location_policy != other.location_policy),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// A clinician, as the table holds one: names and addresses are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clinician {
    /// The practice's id for them.
    pub clinician_id: ClinicianId,
    /// Whose they are.
    pub tenant: TenantId,
    /// First name: messages and the join page may say it.
    pub given_name: String,
    /// Where they may treat; empty: nowhere.
    pub licensed_states: Vec<State>,
    /// Their zone.
    pub timezone: Zone,
    /// Their agent in Connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_agent_id: Option<String>,
    /// The record's salt.
    pub salt: Salt,
    /// Family name, title, phone and e-mail, sealed.
    pub profile: Sealed,
    /// When it was written last.
    pub updated_at: Time,
}

/// A patient, as the table holds one: names and addresses are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
    /// The practice's id for them.
    pub patient_id: PatientId,
    /// Whose they are.
    pub tenant: TenantId,
    /// Where they are: the clinician needs a licence there.
    pub state: State,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Their zone.
    pub timezone: Zone,
    /// Their language.
    pub locale: Locale,
    /// Who registered them: a key's id or a subject.
    pub created_by: String,
    /// Clinicians who have or had a visit with them.
    #[serde(default)]
    pub clinicians: Vec<ClinicianId>,
    /// The record's salt.
    pub salt: Salt,
    /// Names, phone and e-mail, sealed.
    pub profile: Sealed,
    /// When it was written last.
    pub updated_at: Time,
}

word_enum! {
    /// What a lander's key may be used for.
    pub enum KeyKind: "Must be secret or publishable." {
        /// A server's.
        Secret = "secret",
        /// A page's.
        Publishable = "publishable",
    }
}

/// A lander's key, as the table holds one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Its id.
    pub key_id: KeyId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What it is for.
    pub kind: KeyKind,
    /// As its maker named it.
    pub label: String,
    /// HMAC of the key.
    pub mac: Mac,
    /// Its first characters, to know it by.
    pub prefix: String,
    /// Publishable keys: exact origins that may use it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// Publishable keys: who may be booked with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clinician_ids: Vec<ClinicianId>,
    /// When it was made.
    pub created_at: Time,
    /// When it was used, to within an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Time>,
}

/// Whether a clinician may treat there; an empty list licenses nowhere.
#[must_use]
pub fn is_licensed(licensed: &[State], state: &State) -> bool {
    licensed.contains(state)
}
