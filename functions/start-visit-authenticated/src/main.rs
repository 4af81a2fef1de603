//! `POST /api/visits/{visitId}/start-authenticated`: comes in by a sign-in.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(start_visit_authenticated::service).await
}
