//! `PUT /api/tenant`: replaces the practice's settings.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(put_tenant::service).await
}
