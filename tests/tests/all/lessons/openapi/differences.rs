//! What a document lacks of another, or says otherwise, wherever in the two a thing may be defined.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Words for people, which bind nobody.
const WORDS: [&str; 8] =
    ["description", "summary", "example", "examples", "title", "x-decided", "x-decided-what", "when"];
/// Objects whose members are names, not keywords.
const NAMES: [&str; 4] = ["properties", "headers", "responses", "schemas"];
/// Lists in which the order says nothing.
const SETS: [&str; 12] = [
    "required",
    "enum",
    "allOf",
    "anyOf",
    "oneOf",
    "security",
    "x-visit-states",
    "x-audit",
    "x-limits",
    "members",
    "events",
    "tags",
];

/// An operation or schema in a form that can be compared: references followed, words left out, sets in order,
/// parameters by their place and name, a problem's answers by their codes.
pub(super) fn plain(document: &Value, value: &Value) -> Value {
    keyword(document, "", value)
}

fn keyword(document: &Value, name: &str, value: &Value) -> Value {
    let value = &followed(document, value);
    match value {
        Value::Object(object) if NAMES.contains(&name) => {
            object.iter().map(|(name, value)| (name.clone(), keyword(document, "", value))).collect()
        }
        Value::Object(object) if name == "application/problem+json" => codes(document, &object["schema"]),
        Value::Object(object) => {
            let kept = object.iter().filter(|(name, _)| !WORDS.contains(&name.as_str()));
            let mut plain: Map<_, _> = kept.map(|(name, one)| (name.clone(), keyword(document, name, one))).collect();
            if let Some(only) = plain.remove("const") {
                plain.insert("enum".to_owned(), json!([only]));
            }
            Value::Object(plain)
        }
        Value::Array(list) if name == "parameters" => {
            let place = |one: &Value| format!("{} {}", one["in"].as_str().unwrap(), one["name"].as_str().unwrap());
            let plain = list.iter().map(|one| keyword(document, "", one));
            plain.map(|one| (place(&one), one)).collect()
        }
        Value::Array(list) => {
            let mut plain: Vec<Value> = list.iter().map(|one| keyword(document, "", one)).collect();
            if SETS.contains(&name) {
                plain.sort_by_key(Value::to_string);
            }
            Value::Array(plain)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// What a reference stands for, with what stands beside it.
fn followed(document: &Value, value: &Value) -> Value {
    let Some(at) = value["$ref"].as_str() else { return value.clone() };
    let there = document.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("no {at}"));
    let mut whole = followed(document, there);
    let beside = value.as_object().unwrap().iter().filter(|(name, _)| *name != "$ref");
    for (name, value) in beside {
        whole[name] = value.clone();
    }
    whole
}

/// The codes that a problem's schema lets through, and those of them that carry `valid`; the problem itself is compared
/// on its own.
fn codes(document: &Value, schema: &Value) -> Value {
    let (mut all, mut valid) = (BTreeSet::new(), BTreeSet::new());
    let choices = schema["oneOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
    for choice in choices {
        let mut parts = Vec::new();
        collect(document, &choice, &mut parts);
        // The narrowest list of codes is the one that counts.
        let lists = parts.iter().filter_map(|part| said(&part["properties"]["code"]));
        let narrowest = lists.min_by_key(Vec::len).expect("a problem's codes");
        if parts.iter().any(|part| part["required"].as_array().is_some_and(|names| names.contains(&json!("valid")))) {
            valid.extend(narrowest.iter().cloned());
        }
        all.extend(narrowest);
    }
    json!({"codes": all, "valid": valid})
}

/// The parts that a problem's schema is put together from, but the problem that is common to all.
fn collect(document: &Value, schema: &Value, parts: &mut Vec<Value>) {
    if schema["$ref"] == "#/components/schemas/Problem" {
        return;
    }
    let schema = followed(document, schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect(document, part, parts);
    }
    parts.push(schema);
}

fn said(codes: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    text(&codes["const"])
        .map(|one| vec![one])
        .or_else(|| Some(codes["enum"].as_array()?.iter().filter_map(text).collect()))
}

/// What `found` lacks of `wanted`, or says otherwise, each by its path. What it says more is no difference, but in lists.
pub(super) fn differences(wanted: &Value, found: &Value, path: &str, all: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (name, value) in wanted {
                let at = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                match found.get(name) {
                    Some(there) => differences(value, there, &at, all),
                    None => all.push(format!("{at} is missing: {value}")),
                }
            }
        }
        (wanted, found) if wanted == found => {}
        (wanted, found) => all.push(format!("{path} is {found}, and should be {wanted}")),
    }
}

#[test]
fn what_is_missing_or_other_is_seen_and_what_is_more_is_not() {
    let seen = |wanted: Value, found: Value| {
        let mut all = Vec::new();
        differences(&plain(&wanted, &wanted), &plain(&found, &found), "", &mut all);
        all
    };
    let wanted = json!({"properties": {"title": {"const": 1}}, "required": ["a", "b"], "title": "x"});
    assert!(
        seen(wanted.clone(), json!({"properties": {"title": {"enum": [1]}, "c": {}}, "required": ["b", "a"]}))
            .is_empty()
    );
    assert_eq!(
        seen(wanted.clone(), json!({"properties": {}, "required": ["b", "a"]})),
        [r#"/properties/title is missing: {"enum":[1]}"#]
    );
    assert_eq!(seen(wanted, json!({"properties": {"title": {"const": 1}}, "required": ["a"]})).len(), 1);
    let wanted = json!({"a": {"$ref": "#/b"}, "b": {"type": "string", "maxLength": 3}});
    assert_eq!(
        seen(wanted, json!({"a": {"type": "string"}, "b": {"type": "string", "maxLength": 3}})),
        ["/a/maxLength is missing: 3"]
    );
}
