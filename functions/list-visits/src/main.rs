//! `GET /api/visits`: the visits that the caller may see, the soonest first.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(list_visits::service).await
}
