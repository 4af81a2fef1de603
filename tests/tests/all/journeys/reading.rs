//! Who reads what of a visit.

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};

async fn read(visit: &Appointment<'_>, bearer: &str) -> Value {
    visit.practice.get(&visit.path("")).bearer(bearer).send().await.expect(200).json
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clinical_text_is_for_those_who_treat_and_notes_for_the_patient_once_released() {
    let practice = Practice::open().await;
    let (admin, lander) = (practice.token("admin", None).await, practice.key("secretKey").to_owned());
    for released in [false, true] {
        let instructions = "Have your medicines ready.";
        let visit = Appointment::make(&practice, json!({"patientInstructions": instructions})).await;
        assert!(visit.visit.get("chiefComplaint").is_none(), "the lander is not told its own words again");
        let patient = practice.token("patient", visit.visit["patientId"].as_str()).await;
        let clinician = visit.clinician_token().await;
        let waiting = visit.patient_waits().await;
        visit.clinician_sits().await;
        assert_eq!(
            visit.admit(&visit.clinician_sits().await, &waiting.id).await.expect(200).json["status"],
            "ADMITTED"
        );
        let notes = json!({"endReason": "completed", "notes": "Rest, and drink.", "releaseNotes": released});
        visit.end(&notes).await.expect(200);
        for treats in [&clinician, &admin] {
            let view = read(&visit, treats).await;
            assert_eq!(view["chiefComplaint"], "Headache for three days");
            assert_eq!(view["notes"], "Rest, and drink.");
            assert_eq!(view["patientInstructions"], instructions);
            assert_eq!(view["participants"].as_array().unwrap().len(), 2);
            assert_eq!((&view["status"], &view["endReason"]), (&json!("COMPLETED"), &json!("completed")));
        }
        let own = read(&visit, &patient).await;
        assert_eq!(own.get("notes"), released.then(|| json!("Rest, and drink.")).as_ref());
        assert!(own.get("chiefComplaint").is_none() && own.get("participants").is_none(), "{own}");
        assert_eq!(own["patientInstructions"], instructions);
        let before = visit.head().await;
        let plain = read(&visit, &lander).await;
        for secret in ["notes", "chiefComplaint", "participants"] {
            assert!(plain.get(secret).is_none(), "{plain}");
        }
        assert_eq!(visit.head().await, before, "reading what is no clinical text leaves no mark");
        let reads = visit.events().await.iter().filter(|event| *event == "PHI_READ").count();
        assert_eq!(reads, if released { 3 } else { 2 }, "each reading of clinical text is on record");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_session_reads_no_record() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let desk = visit.clinician_sits().await;
    desk.get(&visit.path("")).await.problem(401, "UNAUTHENTICATED");
    desk.get(&visit.path("/audit")).await.problem(401, "UNAUTHENTICATED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_was_read_can_be_put_back() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let admin = practice.token("admin", None).await;
    let patient = format!("/api/patients/{}", visit.visit["patientId"].as_str().unwrap());
    let clinician = format!("/api/clinicians/{}", visit.clinician_id);
    for path in [patient.as_str(), &clinician] {
        let record = practice.get(path).bearer(&admin).send().await.expect(200).json;
        let again = practice.put(path, &record).bearer(&admin).send().await.expect(200).json;
        assert_eq!(again, record);
        let mut other = record;
        for id in ["patientId", "clinicianId"] {
            if other.get(id).is_some() {
                other[id] = json!("another");
                let refused = practice.put(path, &other).bearer(&admin).send().await;
                let refused = refused.problem(400, "VALIDATION_FAILED");
                assert_eq!(refused.json["errors"][0]["pointer"], format!("/{id}"));
            }
        }
    }
    let fresh = json!({"givenName": "Bo", "familyName": "Neu", "state": "NY"});
    let made = practice.put("/api/patients/p-fresh", &fresh).bearer(&admin).send().await.expect(201);
    assert_eq!(made.headers["location"], "/api/patients/p-fresh");
    assert_eq!(made.json["timezone"], "America/New_York", "what is left out takes the practice's default");
    practice.put("/api/patients/p-fresh", &fresh).bearer(&admin).send().await.expect(200);
}
