//! Every minute: what is due is done.

use serde::de::IgnoredAny;
use tick::Tick;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run_events(Tick::new, async |tick: &Tick, _: IgnoredAny| tick.run().await).await
}
