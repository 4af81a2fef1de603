//! `GET /api/visits/{visitId}/participants`: who is there.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(list_participants::service).await
}
