//! The schemas of bodies: derived from the types, and what a type's fields alone do not say beside them.

use bedside_app::api;
use bedside_app::api::INLINE;
use bedside_domain::audit::EventType;
use bedside_domain::id;
use bedside_domain::jose::Jwk;
use bedside_domain::link::Locator;
use bedside_domain::time::Rfc3339;
use bedside_domain::visit::VisitStatus;
use bedside_http::Problem;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

type Named = Vec<(String, RefOr<Schema>)>;

fn add<T: ToSchema>(all: &mut Named) {
    all.push((T::name().into_owned(), T::schema()));
    T::schemas(all);
}

/// Adds types, and whatever they are made of.
macro_rules! add {
    ($all:ident: $($type:ty),+ $(,)?) => { $(add::<$type>(&mut $all);)+ };
}

/// Every type that crosses the API.
fn derived() -> Named {
    let mut all = Named::new();
    add!(all: api::CreateVisit, api::PutClinician, api::PutPatient, api::CreateLinks, api::NotifyVisit);
    add!(all: api::ResendLink, api::EndVisit, api::CredentialBody, api::StartVisit, api::StartVisitAuthenticated);
    add!(all: api::JoinByCode, api::CheckedCode);
    add!(all: api::RecordConsent, api::CreateChallenge, api::AnswerChallenge, api::Empty);
    add!(all: api::Visit, api::Clinician, api::Patient, api::Links, api::SentAnswer, api::CheckedLink);
    add!(all: api::Started, api::Waiting, api::JoinedSession, api::Session, api::Consent, api::Participants);
    add!(all: api::ParticipantState, api::ChallengeAnswer, api::Answered, api::AuditPage, api::Health);
    add!(all: api::RescheduleVisit, api::CancelVisit, api::ScheduleVisit, api::VisitPage, api::Scheduled);
    add!(all: api::PutTenant, api::TenantView, api::CreateKey, api::CreatedKey, api::KeyList);
    // What paths, queries and headers are made of.
    add!(all: id::VisitId, id::ParticipantId, id::ChallengeId, id::KeyId, id::ClinicianId, id::PatientId);
    add!(all: Locator, Rfc3339, VisitStatus, EventType, Jwk, Problem);
    all
}

/// All schemas by name.
///
/// # Errors
/// When two types of one name are not the same, or a type has no JSON form.
pub(crate) fn schemas() -> Result<Map<String, Value>, String> {
    let (mut named, mut inline) = (Map::new(), Map::new());
    for (name, schema) in derived() {
        let mut schema = serde_json::to_value(schema).map_err(|why| format!("{name}: {why}"))?;
        plain(&mut schema);
        let all = if name.starts_with(INLINE) { &mut inline } else { &mut named };
        if all.insert(name.clone(), schema.clone()).is_some_and(|earlier| earlier != schema) {
            return Err(format!(
                "two types are called {name} in the document: give one another name by #[schema(as = …)]"
            ));
        }
    }
    named.extend(of_no_type());
    for schema in named.values_mut() {
        put_in(schema, &inline);
    }
    for (name, more) in besides() {
        let schema = named.get_mut(name).ok_or_else(|| format!("{name} is no schema, and has more rules"))?;
        merge(schema, more);
    }
    Ok(named)
}

/// What is no type of ours.
fn of_no_type() -> Map<String, Value> {
    let jwks = json!({
        "type": "object",
        "required": ["keys"],
        "properties": {"keys": {"type": "array", "items": {"$ref": "#/components/schemas/Jwk"}, "minItems": 1}},
        "additionalProperties": false
    });
    let document = json!({
        "type": "object",
        "required": ["openapi", "info", "paths"],
        "properties": {
            "openapi": {"type": "string", "pattern": r"^3\.1\.[0-9]+$"},
            "info": {"type": "object"},
            "paths": {"type": "object"}
        },
        "additionalProperties": true
    });
    [("Jwks".to_owned(), jwks), ("OpenApiDocument".to_owned(), document)].into_iter().collect()
}

/// Makes a derived schema plain: nothing is ever `null`, objects take no unknown members (`deny_unknown_fields`, and
/// answers have the fields of their type), and Rust's widths of numbers are nobody's business.
fn plain(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(plain),
        Value::Object(object) => {
            object.retain(|name, value| !(name == "format" && matches!(value.as_str(), Some("int32" | "int64"))));
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|one| one != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    object.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("oneOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|one| one != "null"));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    object.remove("oneOf");
                    object.extend(only);
                }
            }
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(plain);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Puts the schemas that have no name of their own where they are used.
fn put_in(schema: &mut Value, inline: &Map<String, Value>) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(|one| put_in(one, inline)),
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str).and_then(|at| at.rsplit('/').next());
            if let Some(Value::Object(there)) = target.and_then(|name| inline.get(name)) {
                object.remove("$ref");
                for (name, value) in there {
                    object.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
            object.values_mut().for_each(|one| put_in(one, inline));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Adds members to a schema, deep.
fn merge(schema: &mut Value, more: Value) {
    match (schema, more) {
        (Value::Object(schema), Value::Object(more)) => {
            for (name, value) in more {
                merge(schema.entry(name).or_insert(Value::Null), value);
            }
        }
        (schema, more) => *schema = more,
    }
}

/// What holds between the fields of a type, and the fields of which only one value is ever sent.
fn besides() -> Vec<(&'static str, Value)> {
    let pair = || json!({"code": ["secret"], "secret": ["code"]});
    let credential =
        || json!({"oneOf": [{"required": ["token"]}, {"required": ["code", "secret"]}], "dependentRequired": pair()});
    let with_chime = || {
        let chime = json!({"properties": {"media": {"properties": {"provider": {"const": "chime"}}}}});
        json!({"allOf": [{"if": chime, "then": {"required": ["chimeJoinInfo"]}}]})
    };
    let with_connect = || {
        let connect = json!({"required": ["mediaProvider"], "properties": {"mediaProvider": {"const": "connect"}}});
        json!({"allOf": [{"if": connect, "then": {"required": ["connect"]}}]})
    };
    vec![
        ("CreateVisitRequest", json!({"oneOf": [{"required": ["patientId"]}, {"required": ["patient"]}]})),
        (
            "CreateLinksRequest",
            json!({"anyOf": [{"properties": {"roles": {"minItems": 1}}}, {"required": ["guests"]}]}),
        ),
        ("Empty", json!({"properties": {}, "additionalProperties": false})),
        ("CreateLinksResponse", json!({"minProperties": 1})),
        ("RescheduleVisitRequest", json!({"minProperties": 1})),
        (
            "ScheduleRequest",
            json!({"properties": {"consent": {"allOf": [
                {"$ref": "#/components/schemas/ConsentInput"},
                {"properties": {"sms": {"const": true}, "telehealth": {"const": true}}}
            ]}}}),
        ),
        (
            "ScheduleResponse",
            json!({"allOf": [{
                "if": {"properties": {"status": {"const": "REQUESTED"}}},
                "then": {"required": ["challengeId"]},
                "else": {"not": {"required": ["challengeId"]}}
            }]}),
        ),
        ("Tenant", with_connect()),
        ("PutTenantRequest", with_connect()),
        (
            "CreateKeyRequest",
            json!({"allOf": [{
                "if": {"properties": {"kind": {"const": "publishable"}}},
                "then": {"required": ["origins", "clinicianIds"]},
                "else": {"not": {"anyOf": [{"required": ["origins"]}, {"required": ["clinicianIds"]}]}}
            }]}),
        ),
        ("Credential", credential()),
        ("StartVisitRequest", credential()),
        (
            "CreateChallengeRequest",
            json!({
                "oneOf": [
                    {"required": ["token"]},
                    {"required": ["code", "secret"]},
                    {"required": ["meetingCode"]},
                    {"required": ["visitId"]}
                ],
                "dependentRequired": pair()
            }),
        ),
        ("CheckLinkResponse", json!({"properties": {"valid": {"const": true}}})),
        ("AnswerChallengeResponse", json!({"properties": {"answered": {"const": true}}})),
        (
            "Joinable",
            json!({"allOf": [{
                "if": {"properties": {"now": {"const": false}}},
                "then": {"required": ["reason", "opensInMs"]},
                "else": {"not": {"anyOf": [{"required": ["reason"]}, {"required": ["opensInMs"]}]}}
            }]}),
        ),
        (
            "Media",
            json!({
                "dependentRequired": {"meeting": ["attendee"], "attendee": ["meeting"]},
                "allOf": [{
                    "if": {"properties": {"provider": {"const": "chime"}}},
                    "then": {"required": ["meeting", "attendee"]}
                }]
            }),
        ),
        ("StartedResponse", with_chime()),
        ("JoinSessionResponse", with_chime()),
        (
            "Session",
            json!({"allOf": [{"if": {"properties": {"status": {"const": "WAITING"}}}, "then": {"required": ["position"]}}]}),
        ),
        (
            "Jwk",
            json!({"properties": {
                "kty": {"const": "EC"}, "crv": {"const": "P-256"}, "use": {"const": "sig"}, "alg": {"const": "ES256"}
            }}),
        ),
        ("Problem", problem()),
    ]
}

/// The members that come with some codes come with them always, and with no other.
fn problem() -> Value {
    let kinds = bedside_http::problem_kinds();
    let mut members: Vec<&String> = kinds.iter().flat_map(|kind| &kind.members).collect();
    members.sort();
    members.dedup();
    let with = kinds.iter().filter(|kind| !kind.members.is_empty());
    let always = with
        .map(|kind| json!({"if": {"properties": {"code": {"const": kind.code}}}, "then": {"required": kind.members}}));
    let only = members.into_iter().map(|member| {
        let codes: Vec<_> = kinds.iter().filter(|kind| kind.members.contains(member)).map(|kind| kind.code).collect();
        json!({"if": {"required": [member]}, "then": {"properties": {"code": {"enum": codes}}}})
    });
    let all: Vec<Value> = always.chain(only).collect();
    json!({"properties": {"valid": {"const": false}}, "allOf": all})
}
