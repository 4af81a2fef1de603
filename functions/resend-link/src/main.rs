//! `POST /api/visits/{visitId}/resend-link`: replaces a link and sends the new one.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(resend_link::service).await
}
