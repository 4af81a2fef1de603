//! `PUT /api/patients/{patientId}`: registers or replaces a patient.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(put_patient::service).await
}
