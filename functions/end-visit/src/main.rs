//! `POST /api/visits/{visitId}/end`: ends a visit.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(end_visit::service).await
}
