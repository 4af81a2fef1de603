//! The controls of the laptop, under `/local/`: they are never in the cloud.

mod agents;
mod audit;
mod body;
mod clock;
mod faults;
mod media;
mod messages;
mod practice;
mod run;
mod sign_in;
mod texts;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use crate::gateway::{Problem, check_origin};
use crate::machine::Machine;
pub(crate) use agents::SIGN_IN;
use body::Given;

/// A control's answer.
type Answer = Result<Json<Value>, Problem>;

/// All controls.
pub(crate) fn router(machine: &Arc<Machine>) -> Router {
    Router::new()
        .route("/local/keys", get(practice::keys))
        .route("/local/token", post(practice::token))
        .route("/local/tenants", post(practice::another))
        .route("/local/oidc/.well-known/openid-configuration", get(practice::discovery))
        .route("/local/oidc/jwks.json", get(practice::key_set))
        .route("/local/oidc/authorize", get(sign_in::authorize))
        .route("/local/oidc/token", post(sign_in::token))
        .route("/local/oidc/end", get(sign_in::end))
        .route("/local/messages", get(messages::list))
        .route("/local/texts/reply", post(texts::reply))
        .route("/local/messages/{id}/email", get(messages::email))
        .route("/local/clock", get(clock::show).post(clock::change))
        .route("/local/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/local/calls", get(faults::calls).post(faults::reset_calls).delete(faults::forget_calls))
        .route("/local/limits", post(run::limits))
        .route("/local/audit", post(audit::tamper))
        .route(SIGN_IN, get(agents::sign_in))
        .route("/local/connect/logout", get(agents::sign_out))
        .route("/local/connect/agent", get(agents::panel).post(agents::stand))
        .route("/local/connect/contacts/{id}", post(agents::act))
        .route("/local/connect/contacts/{id}/transport", post(agents::transport))
        .route("/local/media", post(media::change))
        .route("/local/tick", post(run::tick))
        .route("/local/reset", post(run::reset))
        .route("/local/state", get(run::state))
        .route_layer(from_fn_with_state(machine.port, own_pages_only))
        .with_state(Arc::clone(machine))
}

async fn own_pages_only(State(port): State<u16>, request: Request, next: Next) -> Response {
    match check_origin(request.headers(), port) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// A body that says `{"reset": true}`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    reset: bool,
}

impl Reset {
    fn confirmed(Given(reset): Given<Self>) -> Result<(), Problem> {
        if reset.reset { Ok(()) } else { Err(Problem::malformed("reset must be true.")) }
    }
}

fn database(error: &crate::aws::ServiceError) -> Problem {
    Problem::internal(format!("The database refused: {error}."))
}
