//! `GET /api/patients/{patientId}`: reads a patient.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedside_http::run(get_patient::service).await
}
