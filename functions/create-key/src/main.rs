//! `POST /api/keys`: makes a key for a lander, and shows it this once.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(create_key::service).await
}
