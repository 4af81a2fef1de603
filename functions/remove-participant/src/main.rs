//! `POST /api/visits/{visitId}/participants/{participantId}/remove`: takes somebody out of the call.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(remove_participant::service).await
}
