//! `POST /api/challenges/{challengeId}/answer`: answers what was asked; the id is then the proof.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(answer_challenge::service).await
}
