//! How people come into a visit: the access policy, the factors, the roles in a visit.

use crate::parse::word_enum;
use serde::{Deserialize, Serialize};

word_enum! {
    #[schema(as = ParticipantRole)]
    /// A role in a visit. It comes from the link or the sign-in, never from a caller's choice.
    pub enum Role: "Must be patient, clinician, guest or interpreter." {
        /// Whom the visit is for.
        Patient = "patient",
        /// Who treats, admits and ends.
        Clinician = "clinician",
        /// Family or carer: always waits.
        Guest = "guest",
        /// Always waits.
        Interpreter = "interpreter",
    }
}

word_enum! {
    /// What a person can be asked to prove besides the link.
    pub enum Factor: "Must be sms-otp, email-link or phone-last4." {
        /// Six digits to the registered phone.
        SmsOtp = "sms-otp",
        /// A second link to the registered e-mail.
        EmailLink = "email-link",
        /// The last four digits of the registered phone: catches the wrong person, stops no attacker.
        PhoneLast4 = "phone-last4",
    }
}

word_enum! {
    /// What a person has shown, as the desk sees it.
    pub enum VerifiedBy: "Must be a way of verification." {
        /// The text or e-mail.
        Link = "link",
        /// A sign-in at the practice's identity provider.
        Portal = "portal",
        /// The public code: shows nothing about who it is.
        MeetingCode = "meeting-code",
        /// See [`Factor::SmsOtp`].
        SmsOtp = "sms-otp",
        /// See [`Factor::EmailLink`].
        EmailLink = "email-link",
        /// See [`Factor::PhoneLast4`].
        PhoneLast4 = "phone-last4",
    }
}

impl From<Factor> for VerifiedBy {
    fn from(factor: Factor) -> Self {
        match factor {
            Factor::SmsOtp => Self::SmsOtp,
            Factor::EmailLink => Self::EmailLink,
            Factor::PhoneLast4 => Self::PhoneLast4,
        }
    }
}

word_enum! {
    /// How tightly a session hangs on its device.
    pub enum Binding: "Must be preferred, required or strict." {
        /// A start with a device key is bound, one without is not.
        Preferred = "preferred",
        /// A device key is a must.
        Required = "required",
        /// A must, and each call from the same address and browser family.
        Strict = "strict",
    }
}

word_enum! {
    /// A named policy, before single parts are set.
    pub enum Preset: "Must be standard, strict or open." {
        /// Link and waiting room.
        Standard = "standard",
        /// Link, one-time code and waiting room.
        Strict = "strict",
        /// Link alone; only where the tenant allows it.
        Open = "open",
    }
}

/// An access policy as it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessPolicy {
    /// What it was made from.
    pub preset: Preset,
    /// Whether the patient waits to be admitted.
    pub waiting_room: bool,
    /// What the patient proves besides the link.
    #[schema(value_type = BTreeSet<Factor>, max_items = 3)]
    pub factors: Vec<Factor>,
    /// Whether a public code exists.
    pub public_code: bool,
    /// How tightly sessions hang on their device.
    pub binding: Binding,
}

/// Parts of a policy, as a caller sets them.
#[derive(Debug, Clone, Default, PartialEq, Eq, deserr::Deserr, utoipa::ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase")]
pub struct AccessPolicyInput {
    /// Fills what is not set.
    #[deserr(default)]
    pub preset: Option<Preset>,
    /// See [`AccessPolicy::waiting_room`].
    #[deserr(default)]
    pub waiting_room: Option<bool>,
    /// See [`AccessPolicy::factors`].
    #[deserr(default, from(Option<FactorsOnce>) = FactorsOnce::list)]
    #[schema(value_type = Option<BTreeSet<Factor>>, max_items = 3)]
    pub factors: Option<Vec<Factor>>,
    /// See [`AccessPolicy::public_code`].
    #[deserr(default)]
    pub public_code: Option<bool>,
    /// See [`AccessPolicy::binding`].
    #[deserr(default)]
    pub binding: Option<Binding>,
}

/// Factors as a caller lists them, each one once.
struct FactorsOnce(Vec<Factor>);

impl FactorsOnce {
    fn list(given: Option<Self>) -> Option<Vec<Factor>> {
        given.map(|factors| factors.0)
    }
}

impl<E: deserr::DeserializeError> deserr::Deserr<E> for FactorsOnce {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, E> {
        let list = <Vec<Factor> as deserr::Deserr<E>>::deserialize_from_value(value, location)?;
        let twice = list.iter().enumerate().any(|(n, one)| list.iter().take(n).any(|before| before == one));
        if twice {
            let kind = deserr::ErrorKind::Unexpected { msg: "Must name each factor once.".to_owned() };
            return Err(deserr::take_cf_content(E::error::<V>(None, kind, location)));
        }
        Ok(Self(list))
    }
}

impl AccessPolicy {
    /// What a preset means.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        let (waiting_room, factors, binding) = match preset {
            Preset::Standard => (true, vec![], Binding::Preferred),
            Preset::Strict => (true, vec![Factor::SmsOtp], Binding::Required),
            Preset::Open => (false, vec![], Binding::Preferred),
        };
        Self { preset, waiting_room, factors, public_code: false, binding }
    }

    /// The policy of a visit: the parts that were set, over their preset; without a preset over the tenant's default.
    #[must_use]
    pub fn of(input: &AccessPolicyInput, default: &Self) -> Self {
        let base = input.preset.map_or_else(|| default.clone(), Self::preset);
        Self {
            preset: base.preset,
            waiting_room: input.waiting_room.unwrap_or(base.waiting_room),
            factors: input.factors.clone().unwrap_or(base.factors),
            public_code: input.public_code.unwrap_or(base.public_code),
            binding: input.binding.unwrap_or(base.binding),
        }
    }

    /// Whether it keeps nobody out: no waiting room, and no factor that stops an attacker.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.waiting_room && !self.factors.iter().any(|f| *f != Factor::PhoneLast4)
    }

    /// The factors that a link of this role asks for.
    #[must_use]
    pub fn factors_for(&self, role: Role) -> &[Factor] {
        match role {
            Role::Patient => &self.factors,
            // A clinician's link only names the visit; its holder must also pass this or sign in.
            Role::Clinician => &[Factor::SmsOtp],
            // Always admitted by a person.
            Role::Guest | Role::Interpreter => &[],
        }
    }

    /// Whether somebody of this role waits to be admitted.
    #[must_use]
    pub const fn waits(&self, role: Role) -> bool {
        match role {
            Role::Patient => self.waiting_room,
            Role::Clinician => false,
            Role::Guest | Role::Interpreter => true,
        }
    }
}
