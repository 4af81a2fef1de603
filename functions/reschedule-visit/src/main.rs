//! `PATCH /api/visits/{visitId}`: moves a visit.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(reschedule_visit::service).await
}
