//! `POST /api/visits/{visitId}/cancel`: calls a visit off.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(cancel_visit::service).await
}
