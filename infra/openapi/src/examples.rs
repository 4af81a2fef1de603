//! Examples of requests and answers: recorded by a journey over the running laptop, kept beside this crate.

use crate::document::set;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Where what was recorded is kept.
#[must_use]
pub fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples.json")
}

/// Puts the examples where they belong.
///
/// # Errors
/// When the file cannot be read, or names an operation that is not described.
pub(crate) fn put(document: &mut Value) -> Result<(), String> {
    let text = std::fs::read_to_string(recorded()).map_err(|why| why.to_string())?;
    let examples: Value = serde_json::from_str(&text).map_err(|why| why.to_string())?;
    let members = |value: &Value, at: &str| value.get(at).and_then(Value::as_object).cloned().unwrap_or_default();
    for (id, example) in members(&examples, "operations") {
        let operation = operation(document, &id).ok_or_else(|| format!("{id} has examples and is not described"))?;
        if let (Some(body), Some(request)) = (operation.pointer_mut(BODY), example.get("request")) {
            set(body, "example", request.clone());
        }
        for (status, answer) in members(&example, "responses") {
            if let Some(content) = operation.pointer_mut(&format!("/responses/{status}/content/application~1json")) {
                set(content, "example", answer);
            }
        }
    }
    let responses =
        document.pointer_mut("/components/responses").and_then(Value::as_object_mut).ok_or("no problems")?;
    let (plain, of_links) = (members(&examples, "problems"), members(&examples, "linkProblems"));
    for (codes, response) in responses {
        // check-link tells more of a dead link than others do.
        let problems = if response.to_string().contains("\"valid\"") { &of_links } else { &plain };
        let of_codes = codes.split('.').filter_map(|code| Some((code, problems.get(code)?)));
        let shown: serde_json::Map<String, Value> =
            of_codes.map(|(code, problem)| (code.to_owned(), json!({"value": problem}))).collect();
        if let Some(content) = response.pointer_mut("/content/application~1problem+json").filter(|_| !shown.is_empty())
        {
            set(content, "examples", Value::Object(shown));
        }
    }
    Ok(())
}

const BODY: &str = "/requestBody/content/application~1json";

fn operation<'d>(document: &'d mut Value, id: &str) -> Option<&'d mut Value> {
    let paths = document.get_mut("paths")?.as_object_mut()?.values_mut();
    let mut operations = paths.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    operations.find(|operation| operation.get("operationId").is_some_and(|is| is == id))
}
