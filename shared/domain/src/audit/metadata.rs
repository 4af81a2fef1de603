//! The details of an audit event.

use core::fmt;
use std::collections::BTreeMap;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

/// The largest whole number that survives RFC 8785, whose numbers are doubles (RFC 7493, 2.2).
const MAX_EXACT: i64 = (1 << 53) - 1;

/// One detail of an event. It has no form for nested objects: a record stays flat enough to be read in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meta {
    /// A text.
    Text(String),
    /// A whole number within ±(2⁵³ − 1); others cannot be appended.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Several texts, in their order.
    List(Vec<String>),
}

/// The details of an event, ordered by name, so that equal details have one form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Metadata(BTreeMap<String, Meta>);

impl Metadata {
    /// No details.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a detail; an earlier one of that name is replaced.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Meta>) {
        self.0.insert(name.into(), value.into());
    }

    /// The detail of that name.
    pub fn get(&self, name: &str) -> Option<&Meta> {
        self.0.get(name)
    }

    /// All details by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Meta)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, M: Into<Meta>> FromIterator<(N, M)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (N, M)>>(details: I) -> Self {
        Self(details.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl From<&str> for Meta {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Meta {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Meta {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Meta {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Meta {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<String>> for Meta {
    fn from(list: Vec<String>) -> Self {
        Self::List(list)
    }
}

impl Serialize for Meta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) if number.unsigned_abs() > MAX_EXACT.unsigned_abs() => {
                Err(ser::Error::custom("a whole number beyond 2^53 - 1 has no exact canonical form"))
            }
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Meta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MetaVisitor)
    }
}

struct MetaVisitor;

impl<'de> Visitor<'de> for MetaVisitor {
    type Value = Meta;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a whole number, a flag or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Meta, E> {
        Ok(Meta::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Meta, E> {
        Ok(Meta::Text(text))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Meta, E> {
        Ok(Meta::Flag(flag))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Meta, E> {
        if number.unsigned_abs() > MAX_EXACT.unsigned_abs() {
            return Err(E::custom("a whole number beyond 2^53 - 1"));
        }
        Ok(Meta::Number(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Meta, E> {
        let number = i64::try_from(number).map_err(|_| E::custom("a whole number beyond 2^53 - 1"))?;
        self.visit_i64(number)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Meta, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Meta::List(list))
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MetadataVisitor)
    }
}

struct MetadataVisitor;

impl<'de> Visitor<'de> for MetadataVisitor {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of details")
    }

    /// A name that comes twice would make two readers see two records: refused.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Metadata, A::Error> {
        let mut details = BTreeMap::new();
        while let Some((name, value)) = members.next_entry::<String, Meta>()? {
            if details.insert(name, value).is_some() {
                return Err(A::Error::custom("a detail comes twice"));
            }
        }
        Ok(Metadata(details))
    }
}
