//! `POST /api/session/consent`: records a consent.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(record_consent::service).await
}
