//! Somebody came into a meeting of Chime or went, or it ended: who is in the call.

use on_meeting_event::{MeetingEvent, OnMeetingEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run_events(OnMeetingEvent::new, async |function: &OnMeetingEvent, event: MeetingEvent| {
        function.run(event).await
    })
    .await
}
