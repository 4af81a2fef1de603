//! `PUT /api/clinicians/{clinicianId}`: registers or replaces a clinician.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(put_clinician::service).await
}
