//! The OpenAPI document, and whether an answer is as it says.

use crate::practice::Answer;
use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

/// The document that the function `openapi` hands out.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../functions/openapi/openapi.json")).unwrap());

/// Validators by the schema's reference, compiled when they are first needed.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// What a reference stands for; what is none stands for itself.
#[must_use]
pub fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(at) => DOCUMENT.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("no {at}")),
        None => value,
    }
}

/// The operation of a request: its path as the document has it, and what is said of it. Fixed parts of a path go before
/// parameters.
#[must_use]
pub fn operation(method: &str, path: &str) -> Option<(&'static str, &'static Value)> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let fits = |template: &str| {
        let (wanted, given) = (template.split('/'), path.split('/'));
        wanted.clone().count() == given.clone().count()
            && wanted
                .zip(given)
                .all(|(wanted, given)| wanted == given || (wanted.starts_with('{') && !given.is_empty()))
    };
    let method = method.to_ascii_lowercase();
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let found = paths.filter(|(template, item)| fits(template) && !item[&method].is_null());
    found
        .min_by_key(|(template, _)| template.matches('{').count())
        .map(|(template, item)| (template.as_str(), &item[&method]))
}

/// What is wrong with a value by a schema of the document; nothing, when it is valid.
#[must_use]
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let validator = {
        let mut validators = VALIDATORS.lock().unwrap();
        Arc::clone(validators.entry(schema.to_string()).or_insert_with(|| Arc::new(validator(schema))))
    };
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn validator(schema: &Value) -> Validator {
    let whole = json!({"allOf": [schema], "components": {"schemas": DOCUMENT["components"]["schemas"]}});
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

/// Whether an answer of the API is one that the document knows; else the test fails.
#[track_caller]
pub fn check(method: &Method, path: &str, answer: &Answer) {
    if !path.starts_with("/api/") && !path.starts_with("/.well-known/") {
        return;
    }
    let status = answer.status.as_u16();
    if method == Method::OPTIONS && status == 204 {
        // What a browser asks before it lets a page ask is no operation of the API.
        return;
    }
    let Some((_, operation)) = operation(method.as_str(), path) else {
        // A route that is planned says so on the laptop; any other is not there.
        assert!([404, 501].contains(&status), "{method} {path} is not in the document: {}", answer.text);
        return;
    };
    let what = format!("{method} {path} {status}: {}", answer.text);
    let response = &operation["responses"][status.to_string()];
    assert!(!response.is_null(), "a status that the document does not know: {what}");
    let response = resolved(response);
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let is_needed = resolved(header)["required"] == true;
        assert!(!is_needed || answer.headers.contains_key(name.as_str()), "no {name}: {what}");
    }
    let Some((media, content)) = response["content"].as_object().and_then(|content| content.iter().next()) else {
        assert!(answer.text.is_empty(), "a body that the document does not know: {what}");
        return;
    };
    assert_eq!(answer.headers["content-type"], media.as_str(), "{what}");
    let errors = errors(&content["schema"], &answer.json);
    assert!(errors.is_empty(), "not as the document says: {errors:#?}\n{what}");
}
