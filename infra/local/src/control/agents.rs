//! `/local/connect`: the agents' side of the Connect stand-in. The page at `/local/connect/ccp` is built on it, as the
//! Contact Control Panel is on the service.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use bedside_domain::settings::ConnectId;
use http::header::X_FRAME_OPTIONS;
use http::request::Parts;
use serde::Deserialize;
use serde_json::json;

use super::sign_in::escaped;
use super::{Answer, Given, Problem};
use crate::aws::{AgentAct, AgentState, Carries};
use crate::demo::AGENT;
use crate::machine::Machine;

/// Where an agent signs in.
pub(crate) const SIGN_IN: &str = "/local/connect/login";

/// Whoever is signed in at the panel.
pub(crate) struct SignedIn(String);

impl FromRequestParts<Arc<Machine>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, machine: &Arc<Machine>) -> Result<Self, Problem> {
        let agent = machine.aws.signed_in();
        agent.map(Self).ok_or_else(|| Problem::forbidden("Nobody is signed in at this panel."))
    }
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    agent: Option<String>,
}

/// Asks which agent to be; one at a time on a laptop. Like the service's own, this page is in no frame.
pub(crate) async fn sign_in(
    State(machine): State<Arc<Machine>>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let alone = [(X_FRAME_OPTIONS, "DENY")];
    let Some(agent) = wanted.agent else {
        let choice =
            format!("<p>Nobody types a password here.</p><ul><li><a href=\"?agent={AGENT}\">{AGENT}</a></li></ul>");
        return Ok((alone, Html(plain_page("Who takes the calls?", &choice))).into_response());
    };
    let agent = ConnectId::parse(&agent).map_err(|_| Problem::malformed("agent is no id of an agent."))?;
    let done = format!("<p>You take calls as {}. Close this window.</p>", escaped(agent.as_str()));
    machine.aws.sign_in(Some(agent.as_str()));
    Ok((alone, Html(plain_page("You are signed in", &done))).into_response())
}

/// Signs out, and asks who comes next.
pub(crate) async fn sign_out(State(machine): State<Arc<Machine>>) -> Redirect {
    machine.aws.sign_in(None);
    Redirect::to(SIGN_IN)
}

pub(crate) async fn panel(State(machine): State<Arc<Machine>>, SignedIn(agent): SignedIn) -> Answer {
    Ok(Json(json!(machine.aws.panel(&agent))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stand {
    state: AgentState,
}

pub(crate) async fn stand(
    State(machine): State<Arc<Machine>>,
    SignedIn(agent): SignedIn,
    Given(stand): Given<Stand>,
) -> Answer {
    machine.aws.set_agent(&agent, stand.state);
    Ok(Json(json!(machine.aws.panel(&agent))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Act {
    act: AgentAct,
}

pub(crate) async fn act(
    State(machine): State<Arc<Machine>>,
    SignedIn(agent): SignedIn,
    Path(contact): Path<String>,
    Given(Act { act }): Given<Act>,
) -> Answer {
    if machine.aws.act_as_agent(&agent, &contact, act) {
        Ok(Json(json!(machine.aws.panel(&agent))))
    } else {
        Err(Problem::not_found("No such contact is at this panel, or it is not in that state."))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transport {
    carries: Carries,
}

pub(crate) async fn transport(
    State(machine): State<Arc<Machine>>,
    SignedIn(agent): SignedIn,
    Path(contact): Path<String>,
    Given(wanted): Given<Transport>,
) -> Answer {
    let transport = machine.aws.transport(&agent, &contact, wanted.carries);
    transport.map(Json).ok_or_else(|| Problem::not_found("No such contact was taken at this panel, or it is over."))
}

fn plain_page(title: &str, body: &str) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>"
    );
    page
}
