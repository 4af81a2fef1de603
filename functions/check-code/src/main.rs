//! `GET /api/join/{meetingCode}`: a look at a public meeting code. Consumes nothing.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(check_code::service).await
}
