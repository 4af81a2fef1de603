//! What a use case costs: calls to the store in sequence, and to KMS. A count that grows fails.

use bedside_tests::{Answer, Appointment, Device, Practice, credential};
use serde_json::json;
use std::collections::BTreeMap;
use std::future::Future;

/// What these calls are, by service and operation.
fn bill<const N: usize>(calls: [(&str, u64); N]) -> BTreeMap<String, u64> {
    calls.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// The AWS calls that `act` makes.
async fn cost<F: Future<Output = Answer>>(practice: &Practice, act: F) -> (BTreeMap<String, u64>, Answer) {
    practice.reset_calls().await;
    let answer = act.await;
    (practice.calls().await, answer)
}

/// A practice whose functions have been used before, with another visit: what they keep in memory is there.
async fn warm_practice() -> Practice {
    let practice = Practice::open().await;
    for preset in ["standard", "open"] {
        let visit = Appointment::make(&practice, json!({"access": {"preset": preset}})).await;
        let link = visit.patient_credential().await;
        let _ = practice.post("/api/token/redeem", &link).send().await.expect(200);
        let phone = Device::new();
        let start = visit.start(&link, &phone).await;
        let session = start.text_at("/visitSession/sessionToken");
        let _ = practice.get("/api/session").session(&session, &phone).send().await.expect(200);
        let _ = visit.clinician_comes(&Device::new()).await.expect(200);
        let _ = visit.at_desk(&start.text_at("/participantId"), "admit").await.expect(200);
        let join = practice.post("/api/session/join", &json!({})).session(&session, &phone);
        let _ = join.send().await.expect(200);
    }
    practice
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_at_a_link_takes_two_reads_and_no_key() {
    let practice = warm_practice().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    let link = credential(links["patient"]["link"].as_str().unwrap());
    let (calls, look) = cost(&practice, practice.post("/api/token/redeem", &link).send()).await;
    assert_eq!(look.expect(200).json["valid"], true);
    assert_eq!(calls, bill([("dynamodb.GetItem", 1), ("dynamodb.Query", 1)]));

    let embedded = json!({"token": links["patient"]["token"]});
    let (calls, look) = cost(&practice, practice.post("/api/token/redeem", &embedded).send()).await;
    assert_eq!(look.expect(200).json["valid"], true);
    assert_eq!(calls, bill([("dynamodb.Query", 1)]), "a JWT names its visit, and our own key verifies it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_waits_takes_one_read_one_transaction_and_one_signature() {
    let practice = warm_practice().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let link = visit.patient_credential().await;
    let phone = Device::new();
    let (calls, start) = cost(&practice, visit.start(&link, &phone)).await;
    let session = start.expect(202).text_at("/visitSession/sessionToken");
    assert_eq!(calls, bill([("dynamodb.Query", 1), ("dynamodb.TransactWriteItems", 1), ("kms.Sign", 1)]));

    let (calls, again) = cost(&practice, visit.start(&link, &phone)).await;
    let _ = again.expect(202);
    let once = [("dynamodb.PutItem", 1), ("dynamodb.Query", 1), ("kms.Sign", 1)];
    assert_eq!(calls, bill(once), "coming again writes nothing but that its proof was used");

    let poll = practice.get("/api/session").session(&session, &phone).send();
    let (calls, poll) = cost(&practice, poll).await;
    assert_eq!(poll.expect(200).json["status"], "WAITING");
    // A warm forecast is kept for a minute, for each clinician: this one was not asked about before.
    assert_eq!(calls, bill([("dynamodb.Query", 2), ("dynamodb.UpdateItem", 1)]));
    let poll = practice.get("/api/session").session(&session, &phone).send();
    let (calls, poll) = cost(&practice, poll).await;
    assert_eq!(poll.expect(200).json["status"], "WAITING");
    assert_eq!(calls, bill([("dynamodb.Query", 1), ("dynamodb.UpdateItem", 1)]), "and so on, every 4 seconds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_makes_the_meeting_takes_one_transaction_more_and_two_calls_of_the_provider() {
    let practice = warm_practice().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "open"}})).await;
    let link = visit.patient_credential().await;
    let phone = Device::new();
    let (calls, start) = cost(&practice, visit.start(&link, &phone)).await;
    let session = start.expect(200).text_at("/visitSession/sessionToken");
    let made = bill([
        ("chime.CreateAttendee", 1),
        ("chime.CreateMeeting", 1),
        ("dynamodb.Query", 1),
        ("dynamodb.TransactWriteItems", 2),
        ("kms.Sign", 1),
    ]);
    assert_eq!(calls, made);

    let poll = practice.get("/api/session").session(&session, &phone).send();
    let (calls, poll) = cost(&practice, poll).await;
    assert_eq!(poll.expect(200).json["status"], "JOINED");
    assert_eq!(calls, bill([("dynamodb.Query", 1), ("dynamodb.UpdateItem", 1)]), "in the call nothing is forecast");

    let rejoin = practice.post("/api/session/join", &json!({})).session(&session, &phone).send();
    let (calls, rejoin) = cost(&practice, rejoin).await;
    let _ = rejoin.expect(200);
    let back = bill([("chime.GetMeeting", 1), ("dynamodb.PutItem", 1), ("dynamodb.Query", 1)]);
    assert_eq!(calls, back, "coming back asks whether the meeting is on, and makes nothing");
}
