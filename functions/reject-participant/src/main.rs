//! `POST /api/visits/{visitId}/participants/{participantId}/reject`: turns away somebody who waits.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(reject_participant::service).await
}
