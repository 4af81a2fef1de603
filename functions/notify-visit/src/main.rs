//! `POST /api/visits/{visitId}/notify`: sends the links.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(notify_visit::service).await
}
