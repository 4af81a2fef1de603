//! `POST /api/visits/{visitId}/participants/{participantId}/admit`: lets somebody in.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(admit_participant::service).await
}
