//! A contact of Amazon Connect was taken, or has ended: who is in the call.

use on_contact_event::{ContactEvent, OnContactEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run_events(OnContactEvent::new, async |function: &OnContactEvent, event: ContactEvent| {
        function.run(event).await
    })
    .await
}
