//! `POST /api/visits/{visitId}/links`: makes one-time links.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(create_links::service).await
}
