//! `GET /api/visits/{visitId}/audit`: a visit's audit chain, and whether it is still what it was.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(get_audit::service).await
}
