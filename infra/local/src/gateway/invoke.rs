//! A function's run: the event in, the answer out, in a task of its own that a fault can kill.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayProxyResponse;
use axum::response::Response;
use bedside_http::AsItIs;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, LambdaEvent};
use serde_json::Value;
use tower::{Service as _, ServiceExt as _};

use super::event;
use super::problem::RequestId;
use super::registry::HttpFunction;
use crate::aws::Invocations;
use crate::invocation;

/// How long API Gateway waits for a function.
pub(crate) const LONGEST: Duration = Duration::from_secs(29);

/// Why there is no answer of the function.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the event could not be read: {0}")]
    Event(serde_json::Error),
    #[error("the function panicked or was killed")]
    Died,
    #[error("the function took more than 29 seconds")]
    TooLong,
    #[error("the function's answer could not be read: {0}")]
    Answer(serde_json::Error),
    #[error("the function's answer is not one that API Gateway takes")]
    Nonsense,
}

/// Runs the function once, and reads its answer as API Gateway does.
pub(crate) async fn invoke<B: Send + 'static>(
    name: &str,
    function: HttpFunction,
    event: &Value,
    invocations: &Invocations,
    busy: B,
) -> Result<Response, Failure> {
    let answer = answer(name, function, event, invocations, busy).await?;
    let answer: ApiGatewayProxyResponse = serde_json::from_value(answer).map_err(Failure::Answer)?;
    event::response(answer).ok_or(Failure::Nonsense)
}

/// Runs the function once; gives its answer as Lambda does. `busy` is held for as long as it runs, even where nobody
/// waits for it any more.
pub(crate) async fn answer<B: Send + 'static>(
    name: &str,
    function: HttpFunction,
    event: &Value,
    invocations: &Invocations,
    busy: B,
) -> Result<Value, Failure> {
    // The same way through JSON as in the cloud, so that nothing passes here that would not pass there.
    let payload: LambdaRequest = serde_json::from_str(&event.to_string()).map_err(Failure::Event)?;
    let id = RequestId::new().0;
    let call = LambdaEvent::new(payload, context(name, &id));
    let run = async move {
        let _busy = busy;
        let mut adapter = Adapter::from(function.map_response(AsItIs));
        let Ok(answer) = adapter.ready().await?.call(call).await;
        Ok::<_, std::convert::Infallible>(serde_json::to_string(&answer))
    };
    let mut task = invocations.spawn(&id, invocation::within(Arc::from(id.as_str()), run));
    let ended = tokio::time::timeout(LONGEST, &mut task).await;
    let Ok(ended) = ended else {
        task.abort();
        return Err(Failure::TooLong);
    };
    let Ok(answer) = ended.map_err(|_| Failure::Died)?;
    answer.and_then(|answer| serde_json::from_str(&answer)).map_err(Failure::Answer)
}

fn context(name: &str, id: &str) -> Context {
    let mut context = Context::default();
    id.clone_into(&mut context.request_id);
    context.invoked_function_arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{name}");
    let deadline = jiff::Timestamp::now().as_millisecond() + i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX);
    context.deadline = u64::try_from(deadline).unwrap_or_default();
    context
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;
    use tokio::sync::mpsc;
    use tower::{service_fn, util::BoxCloneSyncService};

    use super::*;

    #[tokio::test]
    async fn a_killed_function_ends_and_lets_go_of_what_it_held() {
        let (tell, mut told) = mpsc::channel(1);
        let function = BoxCloneSyncService::new(service_fn(move |_: lambda_http::Request| {
            let tell = tell.clone();
            async move {
                tell.send(invocation::current()).await.unwrap();
                std::future::pending().await
            }
        }));
        let invocations = Invocations::default();
        let (busy, mut at_rest) = mpsc::channel::<()>(1);
        let event = json!({
            "httpMethod": "GET", "path": "/", "headers": {}, "requestContext": { "httpMethod": "GET" },
        });
        let running = invoke("it", function, &event, &invocations, busy);
        let killing = async {
            let id = told.recv().await.flatten().unwrap();
            assert!(invocations.kill(&id));
        };
        let (ended, ()) = tokio::join!(running, killing);
        assert!(matches!(ended, Err(Failure::Died)));
        assert_eq!(at_rest.recv().await, None);
    }
}
