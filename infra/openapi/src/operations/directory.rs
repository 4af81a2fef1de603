//! Clinicians, patients, the practice, keys.

use super::Caller::May;
use super::Operation;
use bedside_domain::audit::EventType as E;
use bedside_domain::permit::Action as A;

const TAG: &str = "Directory";
const WHOLE: &str = "The whole record: what is left out is removed or takes its default. An id in the body must equal the path's, so that an answer can be put back.";

pub(super) fn all() -> Vec<Operation> {
    [people(), practice()].concat()
}

fn people() -> Vec<Operation> {
    vec![
        Operation::new("PUT", "/api/clinicians/{clinicianId}", "put-clinician")
            .about(TAG, "Register or replace a clinician", WHOLE)
            .by(&[May(A::PutClinician)])
            .records(&[E::ContactChanged])
            .takes("PutClinicianRequest")
            .answers(200, "Clinician", "Replaced")
            .answers(201, "Clinician", "Registered"),
        Operation::new("GET", "/api/clinicians/{clinicianId}", "get-clinician")
            .about(TAG, "Read a clinician", "A clinician reads oneself.")
            .by(&[May(A::GetClinician)])
            .answers(200, "Clinician", "The clinician")
            .refuses(&["NOT_FOUND"]),
        Operation::new("PUT", "/api/patients/{patientId}", "put-patient")
            .about(TAG, "Register or replace a patient", WHOLE)
            .by(&[May(A::PutPatient)])
            .records(&[E::ContactChanged])
            .takes("PutPatientRequest")
            .answers(200, "Patient", "Replaced")
            .answers(201, "Patient", "Registered")
            .refuses(&["NOT_FOUND"]),
        Operation::new("GET", "/api/patients/{patientId}", "get-patient")
            .about(TAG, "Read a patient", "A clinician reads those of own visits. The reading is audited.")
            .by(&[May(A::GetPatient)])
            .records(&[E::PhiRead])
            .answers(200, "Patient", "The patient")
            .refuses(&["NOT_FOUND"]),
    ]
}

fn practice() -> Vec<Operation> {
    vec![
        Operation::new("PUT", "/api/tenant", "put-tenant")
            .about(
                TAG,
                "Replace the practice's settings",
                "The whole record: what is left out takes its default. Visits that exist keep their window and access policy. PUT never makes a practice.",
            )
            .by(&[May(A::PutTenant)])
            .records(&[E::SettingsChanged])
            .takes("PutTenantRequest")
            .answers(200, "Tenant", "The settings as they are now")
            .refuses(&["POLICY_TOO_WEAK"]),
        Operation::new("GET", "/api/tenant", "get-tenant")
            .about(TAG, "Read the practice's settings", "A clinician reads them without `oidc` and `webhooks`.")
            .by(&[May(A::GetTenant)])
            .answers(200, "Tenant", "The settings; `oidc` and `webhooks` for `admin` only"),
        Operation::new("POST", "/api/keys", "create-key")
            .about(TAG, "Make an API key", "The key is shown this once; a keyed hash is kept.")
            .by(&[May(A::CreateKey)])
            .records(&[E::KeyCreated])
            .with(&["IdempotencyKey"])
            .takes("CreateKeyRequest")
            .answers(201, "CreatedKey", "The key, shown this once")
            .refuses(&["CLINICIAN_NOT_FOUND"]),
        Operation::new("GET", "/api/keys", "list-keys")
            .about(TAG, "List API keys", "Newest first; never the keys themselves.")
            .by(&[May(A::ListKeys)])
            .with(&["Limit", "Cursor"])
            .answers(200, "KeyList", "One page of keys, newest first"),
        Operation::new("DELETE", "/api/keys/{keyId}", "delete-key")
            .about(TAG, "Revoke an API key", "The key stops at once. Again: 404.")
            .by(&[May(A::DeleteKey)])
            .records(&[E::KeyRevoked])
            .answers_nothing("Revoked; the key stops at once"),
    ]
}
