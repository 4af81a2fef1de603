//! What a control is given.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::gateway::Problem;

/// The largest body of a control.
const MOST_BYTES: usize = 64 * 1024;

/// A JSON body; an empty one counts as `{}`. The content type does not matter: who may call is settled by `Host` and
/// `Origin`.
pub(crate) struct Given<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = axum::body::to_bytes(request.into_body(), MOST_BYTES).await;
        let bytes = bytes.map_err(|_| Problem::malformed("The body is too large or broke off."))?;
        let bytes = if bytes.is_empty() { b"{}" } else { bytes.as_ref() };
        serde_json::from_slice(bytes).map(Self).map_err(|error| Problem::malformed(format!("The body: {error}.")))
    }
}
