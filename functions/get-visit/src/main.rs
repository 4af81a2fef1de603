//! `GET /api/visits/{visitId}`: reads a visit.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(get_visit::service).await
}
