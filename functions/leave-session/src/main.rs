//! `POST /api/session/leave`: leaves; coming back stays possible.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(leave_session::service).await
}
