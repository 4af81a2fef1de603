//! `GET /api/tenant`: reads the practice's settings.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(get_tenant::service).await
}
