//! `POST /api/join/{meetingCode}`: sits somebody down in the waiting room who has the public meeting code.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(join_by_code::service).await
}
