//! Where a person can be reached: telephone numbers and e-mail addresses.
//!
//! Both are personal data. Neither type prints or serialises itself in clear: `Debug` shows the
//! mask, and the value itself is only given by `expose`, which is easy to find in a review. What is
//! made to be sealed is a type of its own: [`KeptPhone`].

use std::{fmt, sync::LazyLock, thread};

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

use crate::parse::{Invalid, from_body};

const NO_PHONE_FORM: Invalid = Invalid("Must be a phone number in international form, such as +12025550123.");
const NOT_IN_PLAN: Invalid = Invalid("Must be a phone number that exists. Please check its digits.");
const NO_EMAIL: Invalid = Invalid("Must be an email address, such as jane@example.com.");

/// Reads the numbering plans of all countries while whoever asks for it waits for something else: 4 ms and 4 MB, for
/// which the first number that somebody types would wait otherwise. What is kept needs them no more ([`KeptPhone`]).
pub fn read_ahead() {
    // Without a thread to spare, the first number reads them.
    let _ = thread::Builder::new().spawn(|| {
        LazyLock::force(&PHONE_NUMBER_UTIL);
    });
}

/// A telephone number in E.164 form that exists by the numbering plan of its country.
#[derive(Clone)]
pub struct PhoneNumber {
    e164: String,
    country: Option<String>,
    /// As people write it, where that is known.
    written: Option<String>,
}

/// By what is dialled: all else follows from it.
impl PartialEq for PhoneNumber {
    fn eq(&self, other: &Self) -> bool {
        self.e164 == other.e164
    }
}

impl Eq for PhoneNumber {}

impl PhoneNumber {
    /// Reads a number in international form, `+` and 7 to 15 digits.
    ///
    /// A national prefix after the country code (`+4402071838750`) is dropped, so that one number
    /// has one spelling: limits are counted by it.
    ///
    /// # Errors
    /// When it is not of this form, or no number of its country looks like it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if !is_e164(text) {
            return Err(NO_PHONE_FORM);
        }
        let number = PHONE_NUMBER_UTIL.parse(text, None).map_err(|_| NOT_IN_PLAN)?;
        let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
        if !number.is_valid() || !is_e164(&e164) {
            return Err(NOT_IN_PLAN);
        }
        let country = number.get_region_code().map(|region| region.to_string()).filter(|code| is_country(code));
        Ok(Self { e164, country, written: None })
    }

    /// A practice's number that was parsed when it was kept, with how people write it; its country is not known then.
    /// Without that it is parsed anew.
    #[must_use]
    pub fn kept(e164: &str, written: Option<&str>) -> Option<Self> {
        match written {
            Some(written) => Some(Self { e164: e164.to_owned(), country: None, written: Some(written.to_owned()) }),
            None => Self::parse(e164).ok(),
        }
    }

    /// The number in E.164 form, in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.e164
    }

    /// The country in ISO 3166-1 alpha-2, `US` for a toll-free number of the North American plan.
    /// `None` for numbers that belong to no country, such as `+800` and satellite numbers.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// The last four digits.
    #[must_use]
    pub fn last4(&self) -> &str {
        self.e164.get(self.e164.len().saturating_sub(4)..).unwrap_or_default()
    }

    /// What may be shown and kept in the audit: `***-***-1234`.
    #[must_use]
    pub fn mask(&self) -> String {
        format!("***-***-{}", self.last4())
    }

    /// The number as people write it, in clear: `+1 202-555-0100`.
    #[must_use]
    pub fn format_international(&self) -> String {
        if let Some(written) = &self.written {
            return written.clone();
        }
        PHONE_NUMBER_UTIL.parse(&self.e164, None).map_or_else(
            |_| self.e164.clone(),
            |number| number.format_as(PhoneNumberFormat::International).into_owned(),
        )
    }
}

from_body!(PhoneNumber);

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.mask())
    }
}

/// A number as it is kept, in clear, on its way into and out of a seal: with its country, which only the numbering plans
/// tell. Whoever reads it again need not read them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptPhone {
    phone: String,
    /// As [`PhoneNumber::country`] told it, empty for none. Numbers of before it was kept are parsed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone_country: Option<String>,
}

impl KeptPhone {
    /// The number in E.164 form, in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.phone
    }

    /// The number; `None` where it has to be parsed anew and exists no more by its country's plan.
    #[must_use]
    pub fn number(&self) -> Option<PhoneNumber> {
        match &self.phone_country {
            Some(country) => {
                let country = Some(country.clone()).filter(|country| !country.is_empty());
                Some(PhoneNumber { e164: self.phone.clone(), country, written: None })
            }
            None => PhoneNumber::parse(&self.phone).ok(),
        }
    }
}

impl From<&PhoneNumber> for KeptPhone {
    fn from(phone: &PhoneNumber) -> Self {
        Self { phone: phone.e164.clone(), phone_country: Some(phone.country.clone().unwrap_or_default()) }
    }
}

/// ITU-T E.164: at most 15 digits, the first one never 0. Seven is the shortest that we take.
fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The library answers `001` for numbers of no country.
fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// An e-mail address: a dot-atom, `@`, and a host name (RFC 5321, 4.1.2), 3 to 254 characters.
///
/// Quoted local parts and address literals are refused: nobody is reached by them, and they may
/// hold the characters that break mail headers. Characters outside ASCII are refused since SES
/// takes none in the local part and wants host names in their `xn--` form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    address: String,
    at: usize,
}

impl EmailAddress {
    /// Reads an address. The host name is put in lower case; the local part belongs to its host
    /// (RFC 5321, 2.4) and stays as it is.
    ///
    /// # Errors
    /// When nobody could be reached by it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > 254 {
            return Err(NO_EMAIL);
        }
        let (local, host) = text.split_once('@').ok_or(NO_EMAIL)?;
        if !is_dot_atom(local) || !is_host_name(host) {
            return Err(NO_EMAIL);
        }
        Ok(Self { address: format!("{local}@{}", host.to_ascii_lowercase()), at: local.len() })
    }

    /// The address in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.address
    }

    /// What may be shown and kept in the audit: `j***@example.com`.
    #[must_use]
    pub fn mask(&self) -> String {
        let (local, host) = self.address.split_at_checked(self.at).unwrap_or_default();
        format!("{}***{host}", local.get(..1).unwrap_or_default())
    }
}

from_body!(EmailAddress);

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.mask())
    }
}

/// RFC 5322, 3.2.3, and at most 64 characters (RFC 5321, 4.5.3.1.1).
fn is_dot_atom(local: &str) -> bool {
    local.len() <= 64
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
        })
}

/// RFC 1123, 2.1: labels of 1 to 63 letters, digits and inner hyphens.
fn is_host_name(host: &str) -> bool {
    host.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}
