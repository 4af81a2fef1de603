//! E-mails about a visit put it into a calendar.

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};

async fn notify(visit: &Appointment<'_>, template: &str) -> Vec<Value> {
    let before = visit.practice.messages().await.len();
    let body = json!({"channel": "email", "recipientRole": "both", "template": template});
    visit.practice.lander(&visit.path("/notify"), &body).await.expect(200);
    let mut messages = visit.practice.messages().await;
    messages.truncate(messages.len() - before);
    messages
}

fn entry(mail: &Value) -> &str {
    let attachments = mail["attachments"].as_array().unwrap();
    assert_eq!(attachments.len(), 1, "{mail}");
    assert_eq!(
        (&attachments[0]["name"], &attachments[0]["contentType"]),
        (&json!("invite.ics"), &json!("text/calendar"))
    );
    attachments[0]["text"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patient_clinician_and_guest_get_one_and_the_same_entry_each_by_their_clock() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"scheduledAt": "2027-01-15T20:30:00Z", "duration": 30})).await;
    let mut mails = notify(&visit, "initial").await;
    let guest = json!([{"role": "guest", "displayName": "Maria", "email": "niece@example.org"}]);
    practice.lander(&visit.path("/links"), &json!({"roles": [], "guests": guest})).await.expect(200);
    mails.push(practice.messages().await[0].clone());
    mails.extend(notify(&visit, "reminder").await);
    assert_eq!(mails.len(), 5);
    let entries: Vec<&str> = mails.iter().map(entry).collect();
    let read = super::super::lessons::read_entries(&entries);
    for (mail, read) in mails.iter().zip(&read) {
        assert_eq!(read["uid"], format!("{}@127.0.0.1", visit.id));
        assert_eq!((&read["method"], &read["status"]), (&json!("REQUEST"), &json!("CONFIRMED")));
        assert_eq!(read["sequence"], 0, "the time has not changed");
        assert_eq!((&read["start"], &read["end"]), (&json!("2027-01-15T20:30:00Z"), &json!("2027-01-15T21:00:00Z")));
        assert_eq!((&read["zone"], &read["wall"]), (&json!("America/Chicago"), &json!("2027-01-15T14:30:00")));
        assert_eq!(read["summary"], "Video visit with Example Practice");
        assert_eq!(read["organizer"], "mailto:help@example.com");
        assert_eq!(read["attendees"], json!([format!("mailto:{}", mail["to"].as_str().unwrap())]));
        assert_eq!(read["rsvp"], json!(["FALSE"]));
        // A calendar is shared: no link, no code, no name.
        let said = read.to_string();
        for secret in ["/j/", "http", "Leeward", "Ann ", "Headache", "Jane", "Maria"] {
            assert!(!said.contains(secret), "{secret}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_to_come_in_now_and_a_link_to_confirm_change_no_calendar() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    for mail in notify(&visit, "ready").await {
        assert_eq!(mail["attachments"], json!([]), "{mail}");
    }
    let mut ask = visit.patient_credential().await;
    ask["factor"] = json!("email-link");
    practice.post("/api/challenges", &ask).device(&bedside_tests::Device::new()).send().await.expect(202);
    assert_eq!(practice.messages().await[0]["attachments"], json!([]));
}
