//! `POST /api/visits/{visitId}/start`: spends a link, opens the session, admits or seats.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(start_visit::service).await
}
