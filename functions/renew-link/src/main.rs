//! `POST /api/links/renew`: sends a new link in place of an old one.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(renew_link::service).await
}
