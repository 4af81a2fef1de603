//! `GET /api/keys`: lists the practice's keys, the newest first.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(list_keys::service).await
}
