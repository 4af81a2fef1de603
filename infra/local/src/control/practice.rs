//! `/local/keys`, `/local/token`, `/local/tenants` and the identity provider.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Given, Problem};
use crate::machine::Machine;
use crate::oidc::{LIFETIME_SECONDS, Role};
use crate::practice::Keys;

pub(crate) async fn keys(State(machine): State<Arc<Machine>>) -> Json<Keys> {
    Json(machine.demo())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignIn {
    role: Role,
    sub: Option<String>,
    tenant_id: Option<String>,
}

pub(crate) async fn token(State(machine): State<Arc<Machine>>, Given(sign_in): Given<SignIn>) -> Answer {
    let practice = match &sign_in.tenant_id {
        None => machine.practices.demo(),
        Some(tenant) => {
            let unknown = || Problem::not_found("There is no such tenant on this laptop.");
            machine.practices.find(tenant).ok_or_else(unknown)?
        }
    };
    let subject = sign_in.sub.unwrap_or_else(|| match sign_in.role {
        Role::Clinician => practice.clinician_id.clone(),
        Role::Patient => practice.patient_id.clone(),
        Role::Admin | Role::Auditor => format!("{}-1", sign_in.role.name()),
    });
    let token = machine.issuer.token(&practice.client_id, &subject, sign_in.role, machine.clock.now());
    let token = token.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(Json(json!({ "accessToken": token, "expiresIn": LIFETIME_SECONDS })))
}

/// A body without members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

pub(crate) async fn another(
    State(machine): State<Arc<Machine>>,
    Given(Nothing {}): Given<Nothing>,
) -> Result<Json<Keys>, Problem> {
    let made = machine.add_practice().await;
    made.map(Json).map_err(|error| Problem::internal(format!("The practice could not be made: {error}.")))
}

pub(crate) async fn discovery(State(machine): State<Arc<Machine>>) -> Json<Value> {
    Json(machine.issuer.discovery())
}

pub(crate) async fn key_set(State(machine): State<Arc<Machine>>) -> Json<Value> {
    Json(machine.issuer.key_set())
}
