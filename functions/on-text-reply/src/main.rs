//! Somebody answers a text: STOP, START, HELP.

use on_text_reply::{OnTextReply, TextEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run_events(OnTextReply::new, async |function: &OnTextReply, event: TextEvent| {
        function.run(event).await
    })
    .await
}
