//! `Idempotency-Key` on POSTs by staff and keys: a request is done once, and its answer is given as often as it comes.

use crate::call::Call;
use crate::problem::{Failure, Problem};
use crate::reply::Reply;
use bedside_app::caller::Identity;
use bedside_app::once::{Begun, Claim, Named, Turn};
use bedside_app::ports::{Keys, Store};
use bedside_app::practice::App;
use bedside_domain::secret::Phi;
use serde::{Deserialize, Serialize};

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// Of a problem: its request, whose place the one that asks again takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    body: Option<String>,
}

impl Kept {
    /// The answer, if it is one that is kept: 2xx, and 4xx that would be the same again.
    fn of(result: &Result<Reply, Failure>, request_id: &str) -> Result<Self, Unkept> {
        match result {
            Ok(reply) => {
                let (status, location, body) = reply.parts();
                Ok(Self { status, location, instance: None, body })
            }
            Err(failure) => {
                let problem = Problem::of(failure.clone(), request_id);
                match problem.status {
                    401 | 408 | 429 => Err(Unkept { undone: true }),
                    400..=499 => {
                        let body = serde_json::to_string(&problem).ok();
                        let instance = Some(request_id.to_owned());
                        Ok(Self { status: problem.status, location: None, instance, body })
                    }
                    // It may have been done, or a part of it.
                    _ => Err(Unkept { undone: false }),
                }
            }
        }
    }

    fn into_reply(self, request_id: &str) -> Reply {
        let (is_problem, mut body) = (self.instance.is_some(), self.body);
        if let (Some(before), Some(text)) = (&self.instance, &mut body) {
            let member = |id: &str| format!("\"instance\":{}", serde_json::Value::from(id));
            *text = text.replacen(&member(before), &member(request_id), 1);
        }
        Reply::replayed(self.status, self.location, body, is_problem)
    }
}

/// An answer that is not kept.
struct Unkept {
    /// Whether nothing was done.
    undone: bool,
}

impl Call {
    /// Does a request once: with an `Idempotency-Key`, whoever comes again with the same body gets the same answer.
    /// Without one, or without an identity (a visit session), it is done as it comes. Call it when the role is known:
    /// who may not do this leaves no claim.
    ///
    /// # Errors
    /// What `act` says; 400 for what is no key, 409 while it is under way, 422 for another body, 503 when it could not
    /// be claimed.
    pub async fn once<S: Store, K: Keys, M, E, T>(
        &self,
        app: &App<S, K, M, E, T>,
        who: impl Into<Option<Identity>>,
        act: impl AsyncFnOnce(Option<Claim>) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let who: Option<Identity> = who.into();
        let Some(who) = who else { return act(None).await };
        let Some(key) = self.idempotency_key()? else { return act(None).await };
        let named = Named { method: self.method.as_str(), path: &self.path, key: &key, body: self.body() };
        match app.begin_once(&who, named).await? {
            Begun::Answered(kept) => self.replay(&kept),
            Begun::Turn(turn) => {
                let result = act(Some(turn.claim.clone())).await;
                self.settle(app, &turn, &result).await;
                result
            }
        }
    }

    fn replay(&self, kept: &Phi<String>) -> Result<Reply, Failure> {
        let broken = |_| bedside_app::error::Error::Internal("a kept answer cannot be read".to_owned());
        let kept: Kept = serde_json::from_str(kept.expose()).map_err(broken)?;
        Ok(kept.into_reply(&self.client.request_id))
    }

    async fn settle<S: Store, K: Keys, M, E, T>(
        &self,
        app: &App<S, K, M, E, T>,
        turn: &Turn,
        result: &Result<Reply, Failure>,
    ) {
        match Kept::of(result, &self.client.request_id) {
            Ok(kept) => match serde_json::to_string(&kept) {
                Ok(text) => app.keep_answer(turn, &text).await,
                Err(why) => tracing::error!(%why, "an answer has no form to be kept in"),
            },
            Err(unkept) => app.let_go(turn, unkept.undone).await,
        }
    }
}
