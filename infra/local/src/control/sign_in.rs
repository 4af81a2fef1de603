//! The laptop's identity provider as a page meets it: the authorization code flow with PKCE (RFC 6749, RFC 7636). Nobody types a
//! password: whoever asks chooses who to be.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::StatusCode;
use http::uri::Uri;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use crate::gateway::query_pairs;
use crate::grants::{Asked, Person};
use crate::machine::Machine;
use crate::oidc::{LIFETIME_SECONDS, Role, SignIn};
use crate::practice::Practice;

/// The longest form that the token endpoint reads.
const MOST_BYTES: usize = 16 * 1024;

#[derive(Deserialize)]
pub(crate) struct Authorize {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    state: String,
    code_challenge: String,
    code_challenge_method: String,
    /// Who to be; without it, the page asks.
    role: Option<Role>,
    /// As whom, where it is not the practice's own clinician or patient.
    sub: Option<String>,
}

/// Asks who to be, then sends the page back with a code.
pub(crate) async fn authorize(
    State(machine): State<Arc<Machine>>,
    uri: Uri,
    Query(asked): Query<Authorize>,
) -> Result<Response, Problem> {
    let practices = machine.practices.all();
    let practice = practices.iter().find(|practice| practice.client_id == asked.client_id);
    let practice = practice.ok_or_else(|| Problem::malformed("There is no such client on this laptop."))?;
    if !is_ours(&machine, &asked.redirect_uri) {
        return Err(Problem::malformed("redirect_uri is no page of this laptop."));
    }
    if asked.response_type != "code" || asked.code_challenge_method != "S256" || asked.code_challenge.len() != 43 {
        return Err(Problem::malformed("Only response_type=code with an S256 challenge is known here."));
    }
    let Some(role) = asked.role else { return Ok(Html(choice(&uri, practice)).into_response()) };
    let subject = asked.sub.unwrap_or_else(|| practice.subject(role));
    let person = Person { client: asked.client_id, subject, role };
    let granted = Asked { person, redirect_uri: asked.redirect_uri.clone(), challenge: asked.code_challenge };
    let code = machine.grants.code(granted, machine.clock.now());
    let code = code.ok_or_else(|| Problem::internal("The system has no randomness."))?;
    let state = form_encoded(&asked.state);
    let join = if asked.redirect_uri.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!("{}{join}code={code}&state={state}", asked.redirect_uri)).into_response())
}

/// The page that asks who to be.
fn choice(uri: &Uri, practice: &Practice) -> String {
    let query = escaped(uri.query().unwrap_or_default());
    let links = [Role::Patient, Role::Clinician, Role::Admin].iter().fold(String::new(), |mut links, role| {
        let (name, subject) = (role.name(), escaped(&practice.subject(*role)));
        // Writing to a String cannot fail.
        let _ = write!(links, "<li><a href=\"?{query}&amp;role={name}\">{subject}</a>, {name}</li>");
        links
    });
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Sign in on this laptop</title></head>\
         <body><main><h1>Sign in on this laptop</h1><p>Nobody types a password here. Who are you?</p><ul>{links}</ul></main></body></html>"
    )
}

/// Hands out tokens for a code, or for the token that renews.
pub(crate) async fn token(State(machine): State<Arc<Machine>>, request: axum::extract::Request) -> Response {
    let Ok(body) = axum::body::to_bytes(request.into_body(), MOST_BYTES).await else {
        return refused("invalid_request");
    };
    let text = String::from_utf8_lossy(&body).into_owned();
    let given =
        |name: &str| query_pairs(&text).find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default();
    let (now, client) = (machine.clock.now(), given("client_id"));
    let person = match given("grant_type").as_str() {
        "authorization_code" => {
            machine.grants.spend(&given("code"), &client, &given("redirect_uri"), &given("code_verifier"), now)
        }
        "refresh_token" => machine.grants.renew(&given("refresh_token"), &client, now),
        _ => return refused("unsupported_grant_type"),
    };
    let Some(person) = person else { return refused("invalid_grant") };
    let sign_in = SignIn { subject: &person.subject, role: person.role, now, lifetime_seconds: LIFETIME_SECONDS };
    let access = machine.issuer.token(&person.client, &sign_in);
    let refresh = machine.grants.refresh(person, now);
    let answer = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "refresh_token": refresh,
        "scope": "openid",
    });
    Json(answer).into_response()
}

#[derive(Deserialize)]
pub(crate) struct End {
    post_logout_redirect_uri: Option<String>,
}

/// Sends whoever signed out back to the page.
pub(crate) async fn end(State(machine): State<Arc<Machine>>, Query(end): Query<End>) -> Result<Redirect, Problem> {
    let page = end.post_logout_redirect_uri.unwrap_or_else(|| machine.origin.clone());
    if is_ours(&machine, &page) {
        Ok(Redirect::to(&page))
    } else {
        Err(Problem::malformed("post_logout_redirect_uri is no page of this laptop."))
    }
}

/// As RFC 6749, 5.2, says it.
fn refused(error: &str) -> Response {
    let body: Value = json!({ "error": error });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// Whether an address is of the laptop's own origin, by either name of loopback.
fn is_ours(machine: &Machine, address: &str) -> bool {
    let origins = [machine.origin.clone(), format!("http://localhost:{}", machine.port)];
    origins.iter().any(|origin| {
        address.strip_prefix(origin.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// As the value of a query.
fn form_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_stays_text() {
        assert_eq!(escaped("\"><script>&"), "&quot;&gt;&lt;script&gt;&amp;");
        assert_eq!(form_encoded("a b&c=%/ü"), "a%20b%26c%3D%25%2F%C3%BC");
    }
}
