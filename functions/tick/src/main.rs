//! Every minute: what is due is done.

use bedside_http::Runtime;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::de::IgnoredAny;
use std::process::ExitCode;
use tick::Tick;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    bedside_http::start_logs();
    let tick = match Runtime::of_process() {
        Ok(runtime) => Tick::new(&runtime).await,
        Err(error) => Err(error),
    };
    let tick = match tick {
        Ok(tick) => tick,
        Err(error) => {
            tracing::error!(target: "bedside", "{error}");
            return ExitCode::FAILURE;
        }
    };
    let tick = &tick;
    let ran = lambda_runtime::run(service_fn(async move |_: LambdaEvent<IgnoredAny>| {
        // What Lambda is told of a failure is kept in its logs: the kind, no more.
        tick.run().await.map_err(|error| format!("{error:?}"))
    }));
    if ran.await.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
