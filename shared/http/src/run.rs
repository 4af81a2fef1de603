//! Running a function in Lambda: INIT, then one request after the other.

use crate::runtime::Runtime;
use crate::serve::HttpService;
use bedside_aws::SetupError;
use std::process::ExitCode;

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

/// Builds the function once, in INIT, and runs it. What is missing is said in one plain line.
pub async fn run<S: HttpService>(build: impl AsyncFnOnce(&Runtime) -> Result<S, SetupError>) -> ExitCode {
    start_logs();
    let service = match Runtime::of_process() {
        Ok(runtime) => build(&runtime).await,
        Err(error) => Err(error),
    };
    let ran = match service {
        Ok(service) => lambda_http::run(service).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            tracing::error!(target: "bedside", "{why}");
            ExitCode::FAILURE
        }
    }
}
