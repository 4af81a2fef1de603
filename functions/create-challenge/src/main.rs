//! `POST /api/challenges`: asks for a factor.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(create_challenge::service).await
}
