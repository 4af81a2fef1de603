//! `GET /api/openapi.json`: the OpenAPI document.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(openapi::service).await
}
