//! A service whose answers a test gives: the SDK's runtime, and no network. For the tests of every adapter.

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use bedside_aws::{Environment, SdkConfig, SharedHttpConnector, http_client_over, sdk_config};
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a service was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of the operation, with `JSON 1.x` protocols.
    pub target: String,
    /// Method and address.
    pub call: String,
    /// The body.
    pub body: Value,
}

/// All that a service was asked, in its order.
pub type Log = Arc<Mutex<Vec<Asked>>>;

/// A configuration under which every call is answered by `answer`, with a status and a body.
pub fn service(answer: impl Fn(&Asked) -> (u16, Value) + Send + Sync + 'static) -> (SdkConfig, Log) {
    let log = Log::default();
    let settings = Environment::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ]);
    let wire = SharedHttpConnector::new(Wire { answer, log: Arc::clone(&log) });
    let config = sdk_config(&settings, http_client_over(wire)).expect("settings are complete");
    (config.to_builder().sleep_impl(NoWaiting).build(), log)
}

/// Retries come at once, and no time runs out: timeouts are whole seconds, the jittered waits are not.
#[derive(Debug)]
struct NoWaiting;

impl AsyncSleep for NoWaiting {
    fn sleep(&self, duration: Duration) -> Sleep {
        if duration.subsec_nanos() == 0 && !duration.is_zero() {
            Sleep::new(std::future::pending())
        } else {
            Sleep::new(std::future::ready(()))
        }
    }
}

struct Wire<F> {
    answer: F,
    log: Log,
}

impl<F> fmt::Debug for Wire<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl<F: Fn(&Asked) -> (u16, Value) + Send + Sync> HttpConnector for Wire<F> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").and_then(|target| target.rsplit('.').next());
        let body = request.body().bytes().unwrap_or_default();
        let asked = Asked {
            target: target.unwrap_or_default().to_owned(),
            call: format!("{} {}", request.method(), request.uri()),
            body: serde_json::from_slice(body).unwrap_or_default(),
        };
        let (status, body) = (self.answer)(&asked);
        self.log.lock().expect("no test has panicked here").push(asked);
        let status = status.try_into().expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body.to_string()))))
    }
}
