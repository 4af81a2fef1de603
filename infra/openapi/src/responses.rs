//! What an operation answers: well, and by which problems.

use crate::document::{has, parameters_of, refer, set};
use crate::operations::{Good, Operation};
use serde_json::{Value, json};

/// What every problem about a dead link is refused with.
pub(crate) const LINK_CODES: [&str; 6] =
    ["TOKEN_INVALID", "TOKEN_USED", "TOKEN_EXPIRED", "TOKEN_REVOKED", "VISIT_ENDED", "VISIT_CANCELLED"];

/// The codes of an operation: those that follow from how it is asked, and its own.
pub(crate) fn codes_of(operation: &Operation, roles: &[(String, &str)]) -> Vec<&'static str> {
    let parameters = parameters_of(operation, roles);
    let known = roles.iter().filter(|(role, _)| role != "public");
    let is_asked_by_page_only = known.clone().all(|(role, _)| role == "publishable");
    let queries = ["StatusFilter", "Limit", "People", "Deep"];
    let ids = ["visitId", "participantId", "challengeId", "keyId"];
    let each: [(bool, &[&str]); 8] = [
        (
            operation.body.is_some(),
            &["MALFORMED_REQUEST", "VALIDATION_FAILED", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"],
        ),
        (parameters.iter().any(|name| queries.contains(name)), &["VALIDATION_FAILED"]),
        (known.count() > 0, &["UNAUTHENTICATED"]),
        (parameters.contains(&"DPoP"), &["DPOP_INVALID", "DPOP_CLOCK_SKEW"]),
        (!is_asked_by_page_only, &["FORBIDDEN"]),
        (has(roles, "publishable"), &["ORIGIN_NOT_ALLOWED"]),
        (parameters.iter().any(|name| ids.contains(name)), &["NOT_FOUND"]),
        (parameters.contains(&"IdempotencyKey"), &["REQUEST_IN_PROGRESS", "IDEMPOTENCY_KEY_REUSED"]),
    ];
    let mut all: Vec<&str> =
        each.iter().filter(|(holds, _)| *holds).flat_map(|(_, codes)| codes.iter().copied()).collect();
    all.extend(&operation.problems);
    all.extend(["RATE_LIMITED", "INTERNAL", "UNAVAILABLE"]);
    let mut once: Vec<&str> = Vec::new();
    all.retain(|code| {
        let new = !once.contains(code);
        once.push(code);
        new
    });
    all
}

fn header_refs(names: &[&str]) -> Value {
    let all = names.iter().map(|name| ((*name).to_owned(), refer("headers", name)));
    Value::Object(all.collect())
}

/// An answer that is no problem.
pub(crate) fn answer(operation: &Operation, good: Good) -> Value {
    let mut names = vec!["X-Request-Id"];
    // Whatever has an address of its own says it; a consent has none.
    if good.status == 201 && good.schema != Some("Consent") && good.schema != Some("ScheduleResponse") {
        names.push("Location");
    }
    if !operation.limits.is_empty() {
        names.extend(["RateLimit-Policy", "RateLimit"]);
    }
    if operation.parameters.contains(&"IdempotencyKey") {
        names.push("Idempotency-Replayed");
    }
    if good.schema == Some("Jwks") {
        names.push("Cache-Control");
    }
    let mut said = json!({"description": good.what, "headers": header_refs(&names)});
    if let Some(schema) = good.schema {
        set(&mut said, "content", json!({"application/json": {"schema": refer("schemas", schema)}}));
    }
    said
}

/// The problems of one status; `of_link`: dead links among them are told apart.
pub(crate) fn problem(status: u16, codes: &[&str], of_link: bool) -> Value {
    let mut names = vec!["X-Request-Id"];
    match status {
        401 => names.push("WWW-Authenticate"),
        429 => names.extend(["Retry-After", "RateLimit-Policy", "RateLimit"]),
        503 => names.push("Retry-After"),
        _ => {}
    }
    let one_of = |codes: &[&str]| match codes {
        [one] => json!({"const": one}),
        _ => json!({"enum": codes}),
    };
    let plain = |codes: &[&str]| {
        let rest = json!({"properties": {"status": {"const": status}, "code": one_of(codes)}});
        json!({"allOf": [refer("schemas", "Problem"), rest]})
    };
    let (dead, others): (Vec<&str>, Vec<&str>) = codes.iter().partition(|code| of_link && LINK_CODES.contains(code));
    let mut choices = Vec::new();
    if !dead.is_empty() {
        let rest = json!({
            "required": ["valid"],
            "properties": {"status": {"const": status}, "code": one_of(&dead), "valid": {"const": false}}
        });
        choices.push(json!({"allOf": [refer("schemas", "Problem"), rest]}));
    }
    if !others.is_empty() {
        choices.push(plain(&others));
    }
    let schema = match choices.as_slice() {
        [one] => one.clone(),
        _ => json!({"oneOf": choices}),
    };
    let description = codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
    json!({
        "description": description,
        "headers": header_refs(&names),
        "content": {"application/problem+json": {"schema": schema}}
    })
}
