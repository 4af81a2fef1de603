//! `POST /api/schedule`: takes a lander's form.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(schedule_visit::service).await
}
