//! The same of what comes before and after `start`: nothing is done twice, by half, or said to be done when it was not.

use super::{Cell, table, worst};
use bedside_tests::{Answer, Appointment, Practice, slot};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Tries again until the calls go well, and gives the first answer and the last.
async fn until_done(practice: &Practice, cell: Cell, attempt: impl AsyncFn() -> Answer) -> (u16, Answer) {
    cell.begin(practice).await;
    let mut last = attempt().await;
    let first = cell.judge(practice, &last);
    for _ in 0..cell.times {
        if last.status.is_success() {
            break;
        }
        last = attempt().await;
    }
    practice.no_faults().await;
    (first, last)
}

/// What is owed is done by the scheduled function; what failed is tried again later and later.
async fn time_passes(practice: &Practice) {
    for _ in 0..2 {
        practice.advance(121).await;
        let _ = practice.local("/local/tick", &json!({})).await;
    }
}

fn count(events: &[String], name: &str) -> usize {
    events.iter().filter(|event| *event == name).count()
}

/// Kinds by which a call has no effect at all.
fn does_nothing(cell: Cell) -> bool {
    matches!(cell.kind, "error" | "throttle" | "timeout" | "conflict" | "die")
}

/// The rows of a clinician's visits, and of the marks that they book, as visits' ids.
async fn booked(practice: &Practice, clinician: &str) -> (BTreeSet<String>, Vec<String>) {
    let scan = json!({"TableName": bedside_local::aws::VISITS});
    let rows = practice.laptop().aws().dynamodb("Scan", scan).await.unwrap();
    let text = |row: &Value, name: &str| row[name]["S"].as_str().unwrap_or_default().to_owned();
    let rows = rows["Items"].as_array().unwrap();
    let visits = rows.iter().filter(|row| text(row, "SK").ends_with("VISIT") && text(row, "clinicianId") == clinician);
    let marks = rows.iter().filter(|row| text(row, "PK").contains(&format!("#B#{clinician}#")));
    (visits.map(|row| text(row, "visitId")).collect(), marks.map(|row| text(row, "visitId")).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_made_once_and_whole_or_not_at_all() {
    let calls = [("create", "dynamodb", "GetItem"), ("create", "dynamodb", "TransactWriteItems")];
    table("create-visit: the first answer, and the last", 4, worst(&calls), async |practice, cell| {
        let clinician = Appointment::make(practice, json!({})).await.clinician_id;
        let before = booked(practice, &clinician).await;
        let body = json!({
            "patient": {
                "patientId": format!("p-of-{clinician}"), "givenName": "Ann", "familyName": "Leeward",
                "phone": "+12025550123", "email": "ann@example.com", "state": "TX",
            },
            "clinicianId": clinician, "scheduledAt": slot(practice.now(), 60), "duration": 15,
        });
        let (first, last) = until_done(practice, cell, async || practice.lander("/api/visits", &body).await).await;
        // Without a key of idempotency the visit that was made already is in the way: it has the slot.
        let last = if last.status == 201 { last } else { last.problem(409, "CLINICIAN_DOUBLE_BOOKED") };
        let _ = practice.lander("/api/visits", &body).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
        let (visits, marks) = booked(practice, &clinician).await;
        let made: Vec<_> = visits.difference(&before.0).collect();
        let [made] = made[..] else { panic!("{} visits", made.len()) };
        assert_eq!(marks.iter().filter(|visit| *visit == made).count(), 3, "all of its quarter of an hour is booked");
        assert_eq!(marks.len(), before.1.len() + 3, "and nothing else is");
        let admin = practice.token("admin", None).await;
        let read = practice.get(&format!("/api/visits/{made}")).bearer(&admin).send().await.expect(200);
        assert_eq!(read.json["status"], "SCHEDULED");
        let audit = practice.get(&format!("/api/visits/{made}/audit")).bearer(&practice.token("auditor", None).await);
        let audit = audit.send().await.expect(200).json;
        assert_eq!((&audit["verified"], audit["events"].as_array().unwrap().len()), (&json!(true), 1));
        format!("{first}, {}", last.status.as_u16())
    })
    .await;
}

/// What the patient got, by channel.
async fn received(visit: &Appointment<'_>, channel: &str) -> Vec<Value> {
    let email = format!("{}@example.com", visit.visit["patientId"].as_str().unwrap());
    let to = if channel == "sms" { visit.phone.clone() } else { email };
    let messages = visit.practice.messages().await;
    messages.into_iter().filter(|message| message["to"] == to.as_str()).collect()
}

/// In the end everything owed has come, in the same words each time, with a link that works.
async fn all_has_come(visit: &Appointment<'_>, cell: Cell) {
    let view =
        visit.practice.get(&visit.path("")).bearer(visit.practice.key("secretKey")).send().await.expect(200).json;
    for (channel, operation) in [("sms", "SendTextMessage"), ("email", "SendEmail")] {
        assert_eq!(view["messages"][channel]["status"], "sent", "{}", view["messages"]);
        let came = received(visit, channel).await;
        assert!(!came.is_empty());
        assert!(came.iter().all(|message| message["text"] == came[0]["text"]), "{came:#?}");
        if cell.operation == operation && does_nothing(cell) {
            assert_eq!(came.len(), 1, "what never went did not go twice");
        }
        let link = bedside_tests::credential(came[0]["links"][0].as_str().unwrap());
        let look = visit.practice.post("/api/token/redeem", &link).send().await.expect(200);
        assert_eq!(look.json["valid"], true);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_sent_at_last_and_never_said_to_be_sent_before() {
    let calls = [
        ("notify", "dynamodb", "Query"),
        ("notify", "dynamodb", "TransactWriteItems"),
        ("notify", "sms", "SendTextMessage"),
        ("notify", "sesv2", "SendEmail"),
    ];
    table("notify: the first answer, and what it said of text and e-mail", 4, worst(&calls), async |practice, cell| {
        let visit = Appointment::make(practice, json!({})).await;
        let body = json!({"channel": "both", "recipientRole": "patient", "template": "initial"});
        cell.begin(practice).await;
        let first = practice.lander(&visit.path("/notify"), &body).await;
        let status = cell.judge(practice, &first);
        practice.no_faults().await;
        let mut said = vec![];
        for channel in ["sms", "email"] {
            let word = first.json["sent"][channel]["status"].as_str().unwrap_or("-");
            assert!(word != "sent" || !received(&visit, channel).await.is_empty(), "{channel} was not sent");
            said.push(word.to_owned());
        }
        time_passes(practice).await;
        if received(&visit, "sms").await.is_empty() {
            // Nothing was owed: the caller was told that it failed.
            assert!(status >= 500);
            let _ = practice.lander(&visit.path("/notify"), &body).await.expect(200);
        }
        all_has_come(&visit, cell).await;
        format!("{status} {}", said.join(" "))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_owed_is_sent_whatever_happens_to_the_scheduled_function() {
    let calls = [
        ("tick", "dynamodb", "Query"),
        ("tick", "dynamodb", "UpdateItem"),
        ("tick", "dynamodb", "TransactWriteItems"),
        ("tick", "sms", "SendTextMessage"),
    ];
    table("tick: how many texts in the end", 4, worst(&calls), async |practice, cell| {
        let visit = Appointment::make(practice, json!({})).await;
        practice.fault("sms", "SendTextMessage", "error", 3).await;
        let body = json!({"channel": "both", "recipientRole": "patient", "template": "reminder"});
        let told = practice.lander(&visit.path("/notify"), &body).await.expect(200);
        assert_eq!(told.json["sent"]["sms"]["status"], "failed");
        practice.no_faults().await;
        practice.advance(61).await;
        cell.begin(practice).await;
        let _ = practice.post("/local/tick", &json!({})).send().await;
        let left: u32 = practice.laptop().aws().faults().iter().map(|fault| fault.times).sum();
        assert!(left < cell.times, "the call was not made");
        practice.no_faults().await;
        time_passes(practice).await;
        all_has_come(&visit, cell).await;
        received(&visit, "sms").await.len().to_string()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_ends_once_and_nothing_of_it_stays_open() {
    let calls = [
        ("end", "dynamodb", "Query"),
        ("end", "dynamodb", "TransactWriteItems"),
        ("end", "chime", "DeleteMeeting"),
        ("end", "kms", "Sign"),
    ];
    table("end: the first answer", 4, worst(&calls), async |practice, cell| {
        let visit = Appointment::make(practice, json!({})).await;
        let patient = visit.patient_waits().await;
        let desk = visit.clinician_sits().await;
        let _ = visit.admit(&desk, &patient.id).await.expect(200);
        let _ = patient.join().await.expect(200);
        let token = visit.clinician_token().await;
        let body = json!({"endReason": "completed", "notes": "Rest."});
        let end = async || practice.post(&visit.path("/end"), &body).bearer(&token).send().await;
        let (first, last) = until_done(practice, cell, end).await;
        assert_eq!(last.expect(200).json["status"], "COMPLETED");
        assert_eq!(patient.join().await.status, 409);
        time_passes(practice).await;
        assert_eq!(practice.meetings_of(&visit.id), [], "the meeting is closed");
        let events = visit.events().await;
        assert_eq!((count(&events, "VISIT_ENDED"), count(&events, "TOKEN_REVOKED")), (1, 1), "{events:?}");
        assert!(visit.head().await["signature"].is_string(), "the record's end is signed");
        first.to_string()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_admitted_once_and_called_in() {
    let calls = [
        ("admit", "dynamodb", "Query"),
        ("admit", "dynamodb", "TransactWriteItems"),
        ("admit", "sms", "SendTextMessage"),
    ];
    table("admit: the first answer, and how many texts call in", 4, worst(&calls), async |practice, cell| {
        let visit = Appointment::make(practice, json!({})).await;
        let patient = visit.patient_waits().await;
        // The phone was put away: it has not asked for more than 10 seconds.
        practice.advance(12).await;
        let token = visit.clinician_token().await;
        let path = visit.path(&format!("/participants/{}/admit", patient.id));
        let admit = async || practice.post(&path, &json!({})).bearer(&token).send().await;
        let (first, last) = until_done(practice, cell, admit).await;
        assert_eq!(last.expect(200).json["status"], "ADMITTED");
        let _ = patient.join().await.expect(200);
        time_passes(practice).await;
        let texts = received(&visit, "sms").await;
        assert!(!texts.is_empty(), "they are called");
        assert!(texts.iter().all(|text| text["text"] == texts[0]["text"]));
        assert!(texts.len() == 1 || !does_nothing(cell), "once, where nothing went twice");
        assert_eq!(count(&visit.events().await, "PARTICIPANT_ADMITTED"), 1);
        format!("{first}, {}", texts.len())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_was_admitted_gets_media_once() {
    let calls = [
        ("join", "dynamodb", "Query"),
        ("join", "dynamodb", "PutItem"),
        ("join", "dynamodb", "TransactWriteItems"),
        ("join", "chime", "CreateMeeting"),
        ("join", "chime", "CreateAttendee"),
    ];
    table("session/join: the first answer", 4, worst(&calls), async |practice, cell| {
        let visit = Appointment::make(practice, json!({})).await;
        let patient = visit.patient_waits().await;
        let _ = visit.at_desk(&patient.id, "admit").await.expect(200);
        let (first, last) = until_done(practice, cell, async || patient.join().await).await;
        let last = last.expect(200);
        assert_eq!(patient.join().await.expect(200).json["media"], last.json["media"]);
        let clinician = visit.clinician_sits().await;
        assert_eq!(clinician.start.json["media"]["meeting"], last.json["media"]["meeting"], "they meet");
        assert_eq!(practice.meetings_of(&visit.id).len(), 1);
        let there: BTreeSet<_> = visit.in_the_call().into_iter().collect();
        let attendee = |answer: &Answer| answer.text_at("/media/attendee/AttendeeId");
        let expected = [(patient.id.clone(), attendee(&last)), (clinician.id.clone(), attendee(&clinician.start))];
        assert_eq!(there, BTreeSet::from(expected));
        assert_eq!(count(&visit.events().await, "PARTICIPANT_JOINED"), 2);
        first.to_string()
    })
    .await;
}
