//! A patient who signs in: their own visits, no link.

use bedside_tests::{Appointment, Device, Practice};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_in_patient_finds_reads_and_joins_their_visit_without_a_link() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"patientInstructions": "Have your medicines at hand"})).await;
    let other = Appointment::make(&practice, json!({})).await;
    let patient = practice.token("patient", visit.visit["patientId"].as_str()).await;
    let list = practice.get("/api/visits").bearer(&patient).send().await.expect(200).json;
    assert_eq!(list["visits"].as_array().unwrap().len(), 1);
    assert_eq!(list["visits"][0]["visitId"], visit.id.as_str());
    let read = practice.get(&visit.path("")).bearer(&patient).send().await.expect(200).json;
    assert_eq!(read["patientInstructions"], "Have your medicines at hand");
    assert!(read.get("chiefComplaint").is_none() && read.get("participants").is_none(), "{read}");
    practice.get(&other.path("")).bearer(&patient).send().await.problem(404, "NOT_FOUND");
    let phone = Device::new();
    let path = visit.path("/start-authenticated");
    let start = practice.post(&path, &json!({})).bearer(&patient).device(&phone).send().await.expect(202);
    assert_eq!(start.text_at("/status"), "WAITING");
    let foreign = practice.post(&other.path("/start-authenticated"), &json!({})).bearer(&patient).device(&phone);
    foreign.send().await.problem(404, "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_are_the_patients_to_read_once_they_are_released() {
    let practice = Practice::open().await;
    for release in [false, true] {
        let visit = Appointment::make(&practice, json!({})).await;
        let patient = practice.token("patient", visit.visit["patientId"].as_str()).await;
        let seat = visit.patient_waits().await;
        let desk = visit.clinician_sits().await;
        visit.admit(&desk, &seat.id).await.expect(200);
        let end = json!({"endReason": "completed", "notes": "Rest and fluids", "releaseNotes": release});
        visit.end(&end).await.expect(200);
        let read = practice.get(&visit.path("")).bearer(&patient).send().await.expect(200).json;
        assert_eq!(read.get("notes").is_some(), release, "{read}");
        // What the patient reads of their own notes is recorded like any reading.
        assert_eq!(visit.events().await.contains(&"PHI_READ".to_owned()), release);
    }
}
