//! What went wrong, in one plain line.

use bedside_app::error::{Error, FieldError, Outage};
use bedside_aws::SetupError;
use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValuePointerRef};
use serde_json::Value;
use std::ops::ControlFlow;

/// What went wrong, in one plain line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    /// This line.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        Self(error.to_string())
    }
}

impl From<Outage> for Failure {
    fn from(outage: Outage) -> Self {
        Error::from(outage).into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(match error {
            Error::ValidationFailed(fields) => fields.iter().map(said).collect::<Vec<_>>().join(" "),
            Error::NotFound => "There is no such thing in this practice.".to_owned(),
            Error::ClinicianNotFound => "The practice has no such clinician.".to_owned(),
            Error::PolicyTooWeak => "The access policy is too weak without allowOpen.".to_owned(),
            Error::Unavailable(what) => format!("A service did not do what was asked: {what}."),
            Error::Internal(why) => format!("It went wrong: {why}."),
            other => format!("It was refused: {other:?}."),
        })
    }
}

/// A wrong field, by the flag that gives it: `/oidc/clientId` is `--oidc-client-id`.
fn said(field: &FieldError) -> String {
    let parts = field.pointer.split('/').filter(|part| !part.is_empty() && part.parse::<u32>().is_err());
    let name: String = parts.map(|part| format!("-{}", kebab(part))).collect();
    let detail = &field.detail;
    if name.is_empty() { detail.clone() } else { format!("-{name}: {detail}") }
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// A request's body from its JSON, checked as a caller's would be.
pub(crate) fn body<T: deserr::Deserr<Fields>>(json: Value) -> Result<T, Failure> {
    deserr::deserialize::<T, Value, Fields>(json).map_err(|Fields(fields)| Error::ValidationFailed(fields).into())
}

/// All that is not right with the fields of a body.
pub(crate) struct Fields(Vec<FieldError>);

impl MergeWithError<Self> for Fields {
    fn merge(before: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut fields = before.map_or_else(Vec::new, |before| before.0);
        fields.extend(other.0);
        ControlFlow::Continue(Self(fields))
    }
}

impl DeserializeError for Fields {
    fn error<V: IntoValue>(
        before: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let at = pointer(location);
        let field = match error {
            ErrorKind::MissingField { field } => FieldError::new(format!("{at}/{field}"), "Is needed."),
            ErrorKind::Unexpected { msg } => FieldError::new(at, msg),
            ErrorKind::UnknownKey { .. }
            | ErrorKind::UnknownValue { .. }
            | ErrorKind::IncorrectValueKind { .. }
            | ErrorKind::BadSequenceLen { .. } => FieldError::new(at, "Is of the wrong kind."),
        };
        Self::merge(before, Self(vec![field]), location)
    }
}

fn pointer(location: ValuePointerRef<'_>) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => format!("{}/{key}", pointer(*prev)),
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(*prev)),
    }
}
