//! `POST /api/token/redeem`: a look at a link. Consumes nothing.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(check_link::service).await
}
