//! `GET /api/session`: how it stands for whoever came in.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(get_session::service).await
}
