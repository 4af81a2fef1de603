//! `POST /api/visits`: schedules a visit.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(create_visit::service).await
}
