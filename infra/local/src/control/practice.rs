//! `/local/keys`, `/local/token`, `/local/tenants` and the identity provider.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Given, Problem};
use crate::machine::Machine;
use crate::oidc::{LIFETIME_SECONDS, Role, SignIn};
use crate::practice::Keys;

pub(crate) async fn keys(State(machine): State<Arc<Machine>>) -> Json<Keys> {
    Json(machine.demo())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wanted {
    role: Role,
    sub: Option<String>,
    tenant_id: Option<String>,
    expires_in: Option<u32>,
}

pub(crate) async fn token(State(machine): State<Arc<Machine>>, Given(wanted): Given<Wanted>) -> Answer {
    let practice = match &wanted.tenant_id {
        None => machine.practices.demo(),
        Some(tenant) => {
            let unknown = || Problem::not_found("There is no such tenant on this laptop.");
            machine.practices.find(tenant).ok_or_else(unknown)?
        }
    };
    let subject = wanted.sub.unwrap_or_else(|| practice.subject(wanted.role));
    let lifetime_seconds = wanted.expires_in.unwrap_or(LIFETIME_SECONDS);
    let sign_in = SignIn { subject: &subject, role: wanted.role, now: machine.clock.now(), lifetime_seconds };
    let token = machine.issuer.token(&practice.client_id, &sign_in);
    Ok(Json(json!({ "accessToken": token, "expiresIn": lifetime_seconds })))
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
