//! `GET /api/clinicians/{clinicianId}`: reads a clinician.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(get_clinician::service).await
}
