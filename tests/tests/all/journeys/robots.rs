//! Mail scanners and previews open links, run their scripts and press buttons: the patient gets in every time.

use bedside_tests::{Appointment, Device, Practice, Seat, credential};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_robot_does_to_a_link_the_patient_gets_in_and_the_robot_has_no_media() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let link = visit.links().await["patient"]["link"].as_str().unwrap().to_owned();
    let body = credential(&link);
    let page = format!("/j/{}", body["code"].as_str().unwrap());
    for method in ["HEAD", "GET", "GET", "OPTIONS", "GET"] {
        let _ = practice.ask(method, &page).try_send().await;
    }
    // One that renders the page looks, and looks again.
    for _ in 0..2 {
        practice.post("/api/token/redeem", &body).send().await.expect(200);
    }
    // One that presses everything: with a browser of its own.
    let robot = Device::new();
    let pressed = Seat::of(&practice, visit.start(&body, &robot).await.expect(202), robot);
    pressed.join().await.problem(409, "NOT_ADMITTED");
    let phone = Device::new();
    visit.start(&body, &phone).await.problem(409, "TOKEN_USED");
    practice.advance(16).await;
    let patient = Seat::of(&practice, visit.start(&body, &phone).await.expect(202), phone);
    pressed.look().await.problem(401, "UNAUTHENTICATED");
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    pressed.join().await.problem(401, "UNAUTHENTICATED");
}
