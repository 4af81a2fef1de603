//! `DELETE /api/keys/{keyId}`: revokes a key, at once.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(delete_key::service).await
}
