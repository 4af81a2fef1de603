//! Reading a body: JSON in UTF-8, at most 16 KiB and depth 32, without duplicate keys, unknown fields or `null`.
//! All that is not right with its fields is said at once.

use bedside_app::error::{Error, FieldError};
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::ops::ControlFlow;

/// The largest body.
pub(crate) const MAX_BYTES: usize = 16 * 1024;
/// The deepest nesting.
const MAX_DEPTH: u8 = 32;
/// A problem names at most so many fields.
const MAX_ERRORS: usize = 50;
/// Whole numbers up to here are exact in every JSON reader (RFC 8259, 6).
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// The value of a body.
///
/// # Errors
/// 400 `MALFORMED_REQUEST`, or `VALIDATION_FAILED` with each field that is not right.
pub(crate) fn read<T: Deserr<FieldErrors>>(bytes: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }.deserialize(&mut reader).map_err(|_| Error::MalformedRequest)?;
    reader.end().map_err(|_| Error::MalformedRequest)?;
    if !value.is_object() {
        return Err(Error::MalformedRequest);
    }
    let mut nulls = Vec::new();
    find_nulls(&value, String::new(), &mut nulls);
    match deserr::deserialize::<T, _, FieldErrors>(value) {
        Ok(read) if nulls.is_empty() => Ok(read),
        Ok(_) => Err(Error::ValidationFailed(nulls)),
        Err(FieldErrors(errors)) => {
            // A null that is of the wrong kind besides is said once.
            nulls.retain(|null| errors.iter().all(|error| error.pointer != null.pointer));
            nulls.extend(errors);
            nulls.truncate(MAX_ERRORS);
            Err(Error::ValidationFailed(nulls))
        }
    }
}

fn find_nulls(value: &Value, pointer: String, found: &mut Vec<FieldError>) {
    match value {
        Value::Null => found.push(FieldError::new(pointer, "Must not be null. Leave it out instead.")),
        Value::Array(list) => {
            for (n, one) in list.iter().enumerate() {
                find_nulls(one, format!("{pointer}/{n}"), found);
            }
        }
        Value::Object(map) => {
            for (key, one) in map {
                find_nulls(one, format!("{pointer}/{}", escape(key)), found);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A member's name in a JSON pointer (RFC 6901, 3), shortened: names come from outside.
fn escape(key: &str) -> String {
    let short: String = key.chars().take(60).collect();
    short.replace('~', "~0").replace('/', "~1")
}

/// All that is not right with the fields of a body.
#[derive(Debug)]
pub struct FieldErrors(Vec<FieldError>);

impl MergeWithError<Self> for FieldErrors {
    fn merge(before: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut errors = before.map_or_else(Vec::new, |before| before.0);
        errors.extend(other.0);
        if errors.len() >= MAX_ERRORS { ControlFlow::Break(Self(errors)) } else { ControlFlow::Continue(Self(errors)) }
    }
}

impl DeserializeError for FieldErrors {
    fn error<V: IntoValue>(
        before: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let at = pointer(location);
        let error = match error {
            ErrorKind::MissingField { field } => FieldError::new(format!("{at}/{}", escape(field)), "Is needed."),
            ErrorKind::UnknownKey { key, .. } => {
                FieldError::new(format!("{at}/{}", escape(key)), "Is not a field of this request.")
            }
            ErrorKind::UnknownValue { accepted, .. } => {
                FieldError::new(at, format!("Must be one of: {}.", accepted.join(", ")))
            }
            ErrorKind::IncorrectValueKind { accepted, .. } => FieldError::new(at, kind_expected(accepted)),
            ErrorKind::BadSequenceLen { expected, .. } => FieldError::new(at, format!("Must have {expected} entries.")),
            ErrorKind::Unexpected { msg } => FieldError::new(at, msg),
        };
        Self::merge(before, Self(vec![error]), location)
    }
}

fn pointer(location: ValuePointerRef<'_>) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => format!("{}/{}", pointer(*prev), escape(key)),
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(*prev)),
    }
}

fn kind_expected(accepted: &[ValueKind]) -> String {
    let name = |kind: &ValueKind| match kind {
        ValueKind::Null => "nothing",
        ValueKind::Boolean => "true or false",
        ValueKind::Integer | ValueKind::NegativeInteger => "a whole number",
        ValueKind::Float => "a number",
        ValueKind::String => "a text",
        ValueKind::Sequence => "a list",
        ValueKind::Map => "an object",
    };
    accepted.first().map_or_else(|| "Is of the wrong kind.".to_owned(), |kind| format!("Must be {}.", name(kind)))
}

/// Reads a JSON value that says each thing once, and not too deep.
struct Strict {
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Strict {
    fn deeper<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH { Err(E::custom("too deep")) } else { Ok(Self { depth: self.depth + 1 }) }
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // JSON has one kind of number: 30.0 is 30.
        if value.fract() == 0.0 && value.abs() <= MAX_EXACT {
            return Ok(Value::Number((value as i64).into()));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(one) = list.next_element_seed(self.deeper()?)? {
            read.push(one);
        }
        Ok(Value::Array(read))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(self.deeper()?)?;
            if read.insert(key, value).is_some() {
                return Err(serde::de::Error::custom("a key twice"));
            }
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use bedside_app::api::{CreateVisit, EndVisit};

    fn fields<T: Deserr<FieldErrors> + std::fmt::Debug>(text: &str) -> Vec<String> {
        match read::<T>(text.as_bytes()) {
            Err(Error::ValidationFailed(errors)) => errors.into_iter().map(|e| e.pointer).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let body = r#"{"clinicianId": "no spaces", "scheduledAt": "tomorrow", "duration": 17, "wat": 1, "channel": null,
            "patient": {"patientId": "p", "givenName": "", "phone": "911"}}"#;
        let mut named = fields::<CreateVisit>(body);
        named.sort();
        assert_eq!(
            named,
            [
                "/channel",
                "/clinicianId",
                "/duration",
                "/patient/familyName",
                "/patient/givenName",
                "/patient/phone",
                "/scheduledAt",
                "/wat"
            ]
        );
    }

    #[test]
    fn what_is_no_plain_json_object_is_malformed() {
        for body in
            ["", "[]", "1", "null", "{", "{} {}", r#"{"endReason": "completed", "endReason": "no-show"}"#, "\u{feff}{}"]
        {
            assert_eq!(read::<EndVisit>(body.as_bytes()).unwrap_err(), Error::MalformedRequest, "{body}");
        }
        assert_eq!(read::<EndVisit>(b"{\"endReason\": \"\xff\"}").unwrap_err(), Error::MalformedRequest);
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(40), "]".repeat(40));
        assert_eq!(read::<EndVisit>(deep.as_bytes()).unwrap_err(), Error::MalformedRequest);
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        let body = r#"{"patientId": "p", "clinicianId": "c", "scheduledAt": "2026-12-01T20:00:00Z", "duration": 30.0}"#;
        assert_eq!(read::<CreateVisit>(body.as_bytes()).unwrap().duration.minutes(), 30);
    }
}
