//! Running a function in Lambda: INIT, then one request after the other.

use crate::runtime::Runtime;
use crate::serve::{AsItIs, HttpService};
use bedside_app::error::Error;
use bedside_aws::SetupError;
use lambda_http::{LambdaEvent, lambda_runtime, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::process::ExitCode;
use tower::ServiceExt as _;

/// JSON lines on standard output. What is logged is chosen field by field: no bodies, no headers, no paths.
pub fn start_logs() {
    let level = std::env::var("LOG_LEVEL").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO);
    let quiet =
        tracing_subscriber::filter::Targets::new().with_default(tracing::Level::WARN).with_target("bedside", level);
    use tracing_subscriber::prelude::*;
    let lines = tracing_subscriber::fmt::layer().json().without_time().with_current_span(false).with_filter(quiet);
    // Set already: somebody else's subscriber counts.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

/// Builds a function that answers HTTP once, in INIT, and runs it. What is missing is said in one plain line.
pub async fn run<S: HttpService>(build: impl AsyncFnOnce(&Runtime) -> Result<S, SetupError>) -> ExitCode {
    let ran = match init(build).await {
        Ok(service) => lambda_http::run(service.map_response(AsItIs)).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    ended(ran)
}

/// The same of a function behind events: `handle` does what one of them asks for.
pub async fn run_events<F, V, D>(
    build: impl AsyncFnOnce(&Runtime) -> Result<F, SetupError>,
    handle: impl AsyncFn(&F, V) -> Result<D, Error>,
) -> ExitCode
where
    V: DeserializeOwned,
    D: Serialize,
{
    let ran = match init(build).await {
        Ok(function) => {
            let (function, handle) = (&function, &handle);
            let one = service_fn(async move |event: LambdaEvent<V>| {
                // What Lambda is told of a failure is kept in its logs: the kind, no more.
                handle(function, event.payload).await.map_err(|error| format!("{error:?}"))
            });
            lambda_runtime::run(one).await.map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    ended(ran)
}

async fn init<F>(build: impl AsyncFnOnce(&Runtime) -> Result<F, SetupError>) -> Result<F, SetupError> {
    start_logs();
    build(&Runtime::of_process()?).await
}

fn ended(ran: Result<(), String>) -> ExitCode {
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            tracing::error!(target: "bedside", "{why}");
            ExitCode::FAILURE
        }
    }
}
