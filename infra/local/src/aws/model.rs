//! The services' own models, cut to what is served: which request is which operation, and what its input may hold.

use std::collections::BTreeMap;

use fancy_regex::Regex;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One service's operations and the shapes of their inputs.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    operations: BTreeMap<String, Operation>,
    shapes: BTreeMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    http: Http,
    input: ShapeRef,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    method: String,
    request_uri: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShapeRef {
    shape: String,
    location: Option<String>,
    location_name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Shape {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    members: BTreeMap<String, ShapeRef>,
    member: Option<ShapeRef>,
    key: Option<ShapeRef>,
    value: Option<ShapeRef>,
    min: Option<i64>,
    max: Option<i64>,
    #[serde(default, deserialize_with = "whole")]
    pattern: Option<Regex>,
    #[serde(rename = "enum", default)]
    allowed: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Structure,
    List,
    Map,
    String,
    Blob,
    Boolean,
    Integer,
}

/// The services match a pattern against the whole text.
fn whole<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Regex>, D::Error> {
    let pattern = String::deserialize(from)?;
    Regex::new(&format!(r"\A(?:{pattern})\z")).map(Some).map_err(serde::de::Error::custom)
}

/// An operation found by method and path, with what the path holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route<'m> {
    pub(crate) operation: &'m str,
    labels: Vec<(&'m str, String)>,
}

impl Model {
    pub(crate) fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The operation of this name, where it is served.
    pub(crate) fn operation(&self, name: &str) -> Option<&str> {
        self.operations.get_key_value(name).map(|(name, _)| name.as_str())
    }

    /// The operation that a method and a path mean.
    pub(crate) fn route(&self, method: &str, path: &str) -> Option<Route<'_>> {
        self.operations.iter().find_map(|(name, operation)| {
            let labels = labels(&operation.http.request_uri, path)?;
            (operation.http.method == method).then_some(Route { operation: name, labels })
        })
    }

    /// Puts what path, query and headers hold beside the members of the body.
    pub(crate) fn bind(&self, route: &Route<'_>, query: &str, headers: &HeaderMap, body: &mut Map<String, Value>) {
        let Some(shape) = self.operations.get(route.operation).and_then(|found| self.shapes.get(&found.input.shape))
        else {
            return;
        };
        for (name, member) in &shape.members {
            let wire = member.location_name.as_deref().unwrap_or(name);
            let found = match member.location.as_deref() {
                Some("uri") => route.labels.iter().find(|(label, _)| *label == wire).map(|(_, text)| text.clone()),
                Some("querystring") => parameter(query, wire),
                Some("header") => headers.get(wire).and_then(|value| value.to_str().ok()).map(str::to_owned),
                _ => continue,
            };
            body.remove(name);
            if let Some(text) = found {
                body.insert(name.clone(), self.typed(&member.shape, text));
            }
        }
    }

    fn typed(&self, shape: &str, text: String) -> Value {
        let integer = self.shapes.get(shape).is_some_and(|shape| matches!(shape.kind, Kind::Integer));
        match text.parse::<i64>() {
            Ok(number) if integer => Value::from(number),
            Ok(_) | Err(_) => Value::from(text),
        }
    }

    /// What the model does not allow in an operation's input, in the services' own words; `None` where all is well.
    pub(crate) fn refusal(&self, operation: &str, input: &Value) -> Option<String> {
        let mut found = Vec::new();
        if let Some(operation) = self.operations.get(operation) {
            self.check(&operation.input.shape, input, "", &mut found);
        }
        let errors = if found.len() == 1 { "error" } else { "errors" };
        (!found.is_empty()).then(|| format!("{} validation {errors} detected: {}", found.len(), found.join("; ")))
    }

    fn check(&self, shape: &str, value: &Value, path: &str, found: &mut Vec<String>) {
        let Some(shape) = self.shapes.get(shape) else { return };
        match (shape.kind, value) {
            (Kind::Structure, Value::Object(members)) => self.check_members(shape, members, path, found),
            (Kind::List, Value::Array(items)) => {
                shape.check_size(items.len(), path, found);
                for item in items {
                    self.check_part(shape.member.as_ref(), item, &format!("{path}.member"), found);
                }
            }
            (Kind::Map, Value::Object(entries)) => {
                shape.check_size(entries.len(), path, found);
                for (key, value) in entries {
                    self.check_part(shape.key.as_ref(), &Value::from(key.as_str()), &format!("{path}.key"), found);
                    self.check_part(shape.value.as_ref(), value, &format!("{path}.{key}"), found);
                }
            }
            (Kind::String, Value::String(text)) => shape.check_text(text, path, found),
            (Kind::Blob, Value::String(text)) => match STANDARD.decode(text) {
                Ok(bytes) => shape.check_size(bytes.len(), path, found),
                Err(_) => found.push(failed(path, "Member must be base64")),
            },
            (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Integer, Value::Number(number)) => shape.check_number(number.as_i64(), path, found),
            _ => found.push(failed(path, &format!("Member must be of type {:?}", shape.kind).to_lowercase())),
        }
    }

    fn check_part(&self, part: Option<&ShapeRef>, value: &Value, path: &str, found: &mut Vec<String>) {
        if let Some(part) = part {
            self.check(&part.shape, value, path, found);
        }
    }

    fn check_members(&self, shape: &Shape, members: &Map<String, Value>, path: &str, found: &mut Vec<String>) {
        for (name, member) in &shape.members {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match members.get(name) {
                Some(value) if !value.is_null() => self.check(&member.shape, value, &path, found),
                Some(_) | None if shape.required.contains(name) => found.push(failed(&path, "Member must not be null")),
                Some(_) | None => {}
            }
        }
    }
}

impl Shape {
    fn check_size(&self, size: usize, path: &str, found: &mut Vec<String>) {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        if self.min.is_some_and(|min| size < min) {
            let min = self.min.unwrap_or_default();
            found.push(failed(path, &format!("Member must have length greater than or equal to {min}")));
        }
        if self.max.is_some_and(|max| size > max) {
            let max = self.max.unwrap_or_default();
            found.push(failed(path, &format!("Member must have length less than or equal to {max}")));
        }
    }

    fn check_text(&self, text: &str, path: &str, found: &mut Vec<String>) {
        self.check_size(text.chars().count(), path, found);
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text).unwrap_or(false)) {
            found.push(failed(path, "Member must satisfy regular expression pattern"));
        }
        if !self.allowed.is_empty() && !self.allowed.iter().any(|allowed| allowed == text) {
            let allowed = self.allowed.join(", ");
            found.push(failed(path, &format!("Member must satisfy enum value set: [{allowed}]")));
        }
    }

    fn check_number(&self, number: Option<i64>, path: &str, found: &mut Vec<String>) {
        let Some(number) = number else {
            return found.push(failed(path, "Member must be of type integer"));
        };
        if self.min.is_some_and(|min| number < min) || self.max.is_some_and(|max| number > max) {
            let (min, max) = (self.min.unwrap_or(i64::MIN), self.max.unwrap_or(i64::MAX));
            found.push(failed(path, &format!("Member must have value between {min} and {max}")));
        }
    }
}

fn failed(path: &str, constraint: &str) -> String {
    format!("Value at '{path}' failed to satisfy constraint: {constraint}")
}

/// The labels of a URI template such as `/meetings/{MeetingId}` in a path, where the path fits it.
fn labels<'t>(template: &'t str, path: &str) -> Option<Vec<(&'t str, String)>> {
    let mut labels = Vec::new();
    let mut parts = path.trim_end_matches('/').split('/');
    for expected in template.trim_end_matches('/').split('/') {
        let part = parts.next()?;
        match expected.strip_prefix('{').and_then(|label| label.strip_suffix('}')) {
            Some(_) if part.is_empty() => return None,
            Some(label) => labels.push((label, part.to_owned())),
            None if expected == part => {}
            None => return None,
        }
    }
    parts.next().is_none().then_some(labels)
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}
