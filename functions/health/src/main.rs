//! `GET /api/health`: whether the service is well; with `deep=true`, by really doing it.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(health::service).await
}
