//! Parameters, headers and credentials, each described once.

use crate::document::refer;
use serde_json::{Map, Value, json};

/// Parameters by the names that operations call them.
pub(crate) fn parameters() -> Map<String, Value> {
    let path = |name: &str, schema: &str, example: &str| json!({"name": name, "in": "path", "required": true, "schema": refer("schemas", schema), "example": example});
    let query = |name: &str, schema: Value, text: &str| json!({"name": name, "in": "query", "schema": schema, "description": text});
    let header = |name: &str, schema: Value, text: &str| json!({"name": name, "in": "header", "schema": schema, "description": text});
    let key = || json!({"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+( +[!-~]+)*$"});
    let all = [
        ("visitId", path("visitId", "VisitId", "019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01")),
        ("participantId", path("participantId", "ParticipantId", "019ac0de-9a44-7d10-8b1e-51f0c2a7e302")),
        ("challengeId", path("challengeId", "ChallengeId", "019ac0de-a001-7f21-9c33-6a5b4c3d2e1f")),
        ("keyId", path("keyId", "KeyId", "019ac0de-b002-7a90-8d44-1f2e3d4c5b6a")),
        ("clinicianId", path("clinicianId", "ClinicianId", "c-3")),
        ("patientId", path("patientId", "PatientId", "p-17")),
        ("meetingCode", path("meetingCode", "Locator", "R6TB3YHN")),
        ("StatusFilter", query("status", refer("schemas", "VisitStatus"), "Visits that stand there")),
        ("ClinicianIdFilter", query("clinicianId", refer("schemas", "ClinicianId"), "Visits of that clinician")),
        ("PatientIdFilter", query("patientId", refer("schemas", "PatientId"), "Visits of that patient")),
        ("From", query("from", refer("schemas", "Rfc3339"), "`scheduledAt` at or after")),
        ("To", query("to", refer("schemas", "Rfc3339"), "`scheduledAt` before")),
        (
            "Limit",
            query(
                "limit",
                json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
                "At most so many on a page",
            ),
        ),
        (
            "Cursor",
            query(
                "cursor",
                refer("schemas", "CursorToken"),
                "`nextCursor` of the page before, with the same filters; one that is not ours is VALIDATION_FAILED",
            ),
        ),
        (
            "People",
            query(
                "people",
                json!({"type": "boolean", "default": false}),
                "Tells besides who is in the call and whether it is recorded, once one was let in",
            ),
        ),
        (
            "Deep",
            query("deep", json!({"type": "boolean", "default": false}), "Really signs, writes and reads; for `admin`"),
        ),
        (
            "DPoP",
            header(
                "DPoP",
                refer("schemas", "Jwt"),
                "A proof of the device key (RFC 9449): ES256, `typ` dpop+jwt, `jwk`, `htm`, `htu` (a public origin plus the path), `iat` ± 60 s, `jti` once on POSTs, and `ath` beside a visit session. A must with a bound session",
            ),
        ),
        (
            "IdempotencyKey",
            header(
                "Idempotency-Key",
                key(),
                "Same key and body: the stored answer (2xx and final 4xx, 24 h). Scope: practice, principal, method, path",
            ),
        ),
        (
            "OwnerKey",
            header(
                "Idempotency-Key",
                key(),
                "Names the owner when no device key is presented, from 22 characters on, for ten minutes. Nothing is stored under it: the answer is made anew for the same owner",
            ),
        ),
        (
            "Origin",
            header(
                "Origin",
                json!({"type": "string", "minLength": 1, "maxLength": 200}),
                "A must with a publishable key; sent by the browser",
            ),
        ),
    ];
    all.into_iter().map(|(name, parameter)| (name.to_owned(), parameter)).collect()
}

/// Headers of answers.
pub(crate) fn headers() -> Map<String, Value> {
    let all = json!({
        "X-Request-Id": {
            "description": "Names the request; in problems also `instance`",
            "required": true,
            "schema": {"type": "string", "minLength": 1, "maxLength": 128},
            "example": "019ac0de-c111-7b22-9c33-4d55e66f7788"
        },
        "Location": {
            "description": "Path of what was made",
            "required": true,
            "schema": {"type": "string", "format": "uri-reference"},
            "example": "/api/visits/019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01"
        },
        "Cache-Control": {
            "description": "Here not `no-store`",
            "required": true,
            "schema": {"type": "string", "pattern": "max-age=300"},
            "example": "public, max-age=300"
        },
        "WWW-Authenticate": {
            "description": "RFC 9110; `Bearer` or `DPoP`",
            "schema": {"type": "string"},
            "example": "Bearer"
        },
        "RateLimit-Policy": {
            "description": "draft-ietf-httpapi-ratelimit-headers; on limited operations (`x-limits`)",
            "schema": {"type": "string"},
            "example": "\"address\";q=5;w=600"
        },
        "RateLimit": {
            "description": "draft-ietf-httpapi-ratelimit-headers; the limit that is nearest",
            "schema": {"type": "string"},
            "example": "\"address\";r=4;t=540"
        },
        "Retry-After": {
            "description": "Seconds",
            "required": true,
            "schema": {"type": "integer", "minimum": 1, "maximum": 86400},
            "example": 600
        },
        "Idempotency-Replayed": {
            "description": "`true` on a stored answer, else absent",
            "schema": {"type": "string", "enum": ["true"]}
        }
    });
    members(all)
}

/// Credentials.
pub(crate) fn security_schemes() -> Map<String, Value> {
    let all = json!({
        "staffOidc": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "Access token of the practice's identity provider (RS256 or ES256). Roles `admin`, `clinician`, `auditor`, and the portal's `patient`. The practice follows from issuer and client"
        },
        "secretKey": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "bsk_…",
            "description": "A lander's server or an EHR: role `scheduler`. Never in a browser"
        },
        "publishableKey": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "bpk_…",
            "description": "A lander's page, with an `Origin` that the key allows: schedule-visit and its confirmation only, elsewhere 403"
        },
        "visitSession": {
            "type": "http",
            "scheme": "DPoP",
            "description": "`visitSession.sessionToken`, bound to a device key: with a `DPoP` proof on every call. A bound one as Bearer is 401"
        },
        "visitSessionUnbound": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "`visitSession.sessionToken` of a start without a device key"
        }
    });
    members(all)
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
