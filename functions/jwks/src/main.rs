//! `GET /.well-known/jwks.json`: the keys that verify our tokens.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(jwks::service).await
}
