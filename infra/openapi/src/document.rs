//! The document: operations, and what they refer to.

use crate::examples;
use crate::operations::{self, Caller, Operation};
use crate::parameters::{headers, parameters, security_schemes};
use crate::responses::{LINK_CODES, answer, codes_of, problem};
use crate::schemas::schemas;
use crate::template::Route;
use bedside_domain::visit::VisitStatus;
use bedside_http::{ProblemKind, problem_kinds};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A reference into the components.
pub(crate) fn refer(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// Gives an object a member.
pub(crate) fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// What the document is put together from.
struct Document {
    kinds: BTreeMap<&'static str, ProblemKind>,
    /// Problems of one status, by the codes that may come; each stands once.
    responses: Map<String, Value>,
}

/// The document of the routes that there are.
///
/// # Errors
/// In plain words, when a route is not described, or a description names what is not there.
pub(crate) fn document(routes: &[Route]) -> Result<Value, String> {
    let kinds = problem_kinds().into_iter().map(|kind| (kind.code, kind)).collect();
    let mut document = Document { kinds, responses: Map::new() };
    let described = operations::all();
    let mut paths = Map::new();
    for operation in &described {
        if !routes.iter().any(|route| route.is(operation.method, operation.path)) {
            continue;
        }
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_ascii_lowercase()] = document.operation(operation)?;
    }
    for route in routes {
        let found = described.iter().find(|operation| route.is(operation.method, operation.path));
        let found =
            found.ok_or_else(|| format!("{} {}: say in infra/openapi what it does", route.method, route.path))?;
        if found.function != route.function {
            return Err(format!(
                "{} {}: template.yaml calls {}, not {}",
                route.method, route.path, route.function, found.function
            ));
        }
    }
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Bedside",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Video visits by a link in a text message",
            "description": INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        },
        "servers": [
            {"url": "/", "description": "Where this document was read"},
            {"url": "https://visit.example.com", "description": "As examples name it"}
        ],
        "tags": [
            {"name": "Scheduling", "description": "Visits, links, messages, audit"},
            {"name": "Directory", "description": "Clinicians, patients, the practice, keys"},
            {"name": "Coming in", "description": "From a link or a code to the waiting room"},
            {"name": "In the visit", "description": "The visit session, and who is let in"},
            {"name": "Service", "description": "Keys, health, this document"}
        ],
        "x-common-headers": {
            "X-Request-Id": "the request's id",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
            "Cache-Control": "no-store (the JWKS: public, max-age=300)"
        },
        "x-problem-codes": document.codes(),
        "paths": paths,
        "components": {
            "securitySchemes": security_schemes(),
            "parameters": parameters(),
            "headers": headers(),
            "responses": document.responses,
            "schemas": schemas()?
        }
    });
    only_what_is_used(&mut whole)?;
    examples::put(&mut whole)?;
    Ok(whole)
}

const INTRODUCTION: &str = "The HTTP API of Bedside: functions through which a practice gives a video visit to a patient who has nothing but a text message.\n\n- JSON in UTF-8, camelCase. Times RFC 3339 in UTC with `Z`; zones IANA names. Bodies at most 16 KiB and depth 32; unknown fields, `null` and duplicate keys are refused. Absent optional fields are left out, never `null`.\n- Every answer carries `x-common-headers`, errors and the gateway's own included.\n- Errors are RFC 9457 problems; `x-problem-codes` lists every code. Another practice's thing, and a visit that is not the caller's to see, is 404, as one that never was; a right thing with a wrong role is 403. An unknown path or method is 404 NOT_FOUND. An id in a path that is not well formed is 404 too (PUT: 400).\n- `x-function`: the function behind the operation. `x-roles`: who may call, and for which things (`tenant`: all of the practice; `own`: visits of one's own; `created`: what that key made; `self`; `key`: what the key allows; `any`). `session:…` is a visit session of that role, `public` no credential. `x-visit-states`: states of the visit in which it works, empty where it is about no visit. `x-audit`: events that it may write. `x-limits`: a limit without a number is a setting of the deployment.\n- `security` with `{}`: no credential is needed. Where a visit session is accepted, `visitSession` or `visitSessionUnbound`.";

impl Document {
    fn codes(&self) -> Value {
        let all = problem_kinds().into_iter().map(|kind| {
            let mut said = json!({"status": kind.status, "title": kind.title, "when": kind.when});
            if let Some(action) = kind.action {
                set(&mut said, "action", json!(action));
            }
            if !kind.members.is_empty() {
                set(&mut said, "members", json!(kind.members));
            }
            (kind.code.to_owned(), said)
        });
        Value::Object(all.collect())
    }

    fn operation(&mut self, operation: &Operation) -> Result<Value, String> {
        let roles = operation.roles();
        let mut said = json!({
            "operationId": operation.id(),
            "summary": operation.summary,
            "description": operation.text,
            "tags": [operation.tag],
            "x-function": operation.function,
            "x-roles": roles.iter().map(|(role, scope)| (role.clone(), json!(scope))).collect::<Map<_, _>>(),
            "x-visit-states": operation.states.iter().map(VisitStatus::as_str).collect::<Vec<_>>(),
            "x-audit": operation.audit.iter().map(|event| event.as_str()).collect::<Vec<_>>(),
            "x-limits": limits(operation),
            "security": security(&roles),
        });
        if operation.callers.iter().any(|caller| has_page(*caller, &roles)) {
            set(
                &mut said,
                "x-cors",
                json!({
                    "methods": [operation.method],
                    "headers": ["authorization", "content-type", "idempotency-key"],
                    "origin": "one that the publishable key allows, echoed, on errors too"
                }),
            );
        }
        let parameters = parameters_of(operation, &roles);
        if !parameters.is_empty() {
            let parameters = parameters.iter().map(|name| refer("parameters", name));
            set(&mut said, "parameters", parameters.collect());
        }
        if let Some((schema, required)) = operation.body {
            let content = json!({"application/json": {"schema": refer("schemas", schema)}});
            set(&mut said, "requestBody", json!({"required": required, "content": content}));
        }
        set(&mut said, "responses", self.responses_of(operation, &roles)?);
        Ok(said)
    }

    fn responses_of(&mut self, operation: &Operation, roles: &[(String, &str)]) -> Result<Value, String> {
        let mut responses = Map::new();
        for good in &operation.good {
            responses.insert(good.status.to_string(), answer(operation, *good));
        }
        let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        for code in codes_of(operation, roles) {
            let kind =
                self.kinds.get(code).ok_or_else(|| format!("{}: {code} is no problem's code", operation.function))?;
            by_status.entry(kind.status).or_default().push(code);
        }
        for (status, codes) in by_status {
            let of_link = operation.of_link && codes.iter().any(|code| LINK_CODES.contains(code));
            let name = if of_link { format!("link.{}", codes.join(".")) } else { codes.join(".") };
            let response = problem(status, &codes, of_link);
            responses.insert(status.to_string(), refer("responses", &name));
            self.responses.insert(name, response);
        }
        Ok(Value::Object(responses))
    }
}

fn has_page(caller: Caller, roles: &[(String, &str)]) -> bool {
    match caller {
        Caller::Page => true,
        Caller::May(_) => roles.iter().any(|(role, _)| role == "publishable"),
        Caller::Seated | Caller::Desk | Caller::Public => false,
    }
}

fn limits(operation: &Operation) -> Value {
    let said = operation.limits.iter().map(|limit| {
        let mut said = json!({"per": limit.per, "what": limit.what});
        if let Some(limit) = limit.limit {
            set(&mut said, "limit", json!(limit));
        }
        if let Some(window) = limit.window {
            set(&mut said, "window", json!(window));
        }
        said
    });
    said.collect()
}

/// How each of the roles shows who it is.
fn security(roles: &[(String, &str)]) -> Value {
    let mut schemes: Vec<Value> = Vec::new();
    for (role, _) in roles {
        let names: &[&str] = match role.as_str() {
            "public" => &[],
            "scheduler" => &["secretKey"],
            "publishable" => &["publishableKey"],
            session if session.starts_with("session:") => &["visitSession", "visitSessionUnbound"],
            _ => &["staffOidc"],
        };
        let named = names.iter().map(|name| json!({ *name: [] }));
        let nothing = names.is_empty().then(|| json!({}));
        for scheme in named.chain(nothing) {
            if !schemes.contains(&scheme) {
                schemes.push(scheme);
            }
        }
    }
    Value::Array(schemes)
}

/// Whether a role of them begins so.
pub(crate) fn has(roles: &[(String, &str)], start: &str) -> bool {
    roles.iter().any(|(role, _)| role.starts_with(start))
}

/// The parameters of an operation by their names.
pub(crate) fn parameters_of(operation: &Operation, roles: &[(String, &str)]) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = operation.path_parameters().collect();
    if has(roles, "session:") {
        all.push("DPoP");
    }
    all.extend(&operation.parameters);
    if has(roles, "publishable") {
        all.push("Origin");
    }
    all
}

/// Leaves out the components that no operation leads to; what is led to must be there.
fn only_what_is_used(whole: &mut Value) -> Result<(), String> {
    let mut used: Vec<String> = Vec::new();
    let mut open = vec![whole["paths"].clone()];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(object) => {
                if let Some(at) = object.get("$ref").and_then(Value::as_str)
                    && !used.iter().any(|one| one == at)
                {
                    let there = whole.pointer(at.trim_start_matches('#'));
                    open.push(
                        there
                            .ok_or_else(|| format!("{at} is not there: name its type in infra/openapi/src/schemas.rs"))?
                            .clone(),
                    );
                    used.push(at.to_owned());
                }
                open.extend(object.into_iter().map(|(_, value)| value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for kind in ["parameters", "headers", "responses", "schemas"] {
        if let Some(components) = whole.pointer_mut(&format!("/components/{kind}")).and_then(Value::as_object_mut) {
            components.retain(|name, _| used.contains(&format!("#/components/{kind}/{name}")));
        }
    }
    Ok(())
}
