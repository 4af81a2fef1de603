//! `POST /api/session/join`: media for whoever was admitted; the same again after a drop.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(join_session::service).await
}
