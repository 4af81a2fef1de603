//! Guests and interpreters are sent their own link.

use bedside_tests::{Appointment, Practice, credential};
use serde_json::{Value, json};

const NIECE: &str = "niece@example.org";
const INTERPRETER: &str = "+12065550188";

fn guests() -> Value {
    json!([
        {"role": "guest", "displayName": "Maria Windward", "email": NIECE},
        {"role": "interpreter", "displayName": "Kim Downhill", "phone": INTERPRETER},
        {"role": "guest", "displayName": "Alex"},
    ])
}

async fn invite(visit: &Appointment<'_>) -> Value {
    let body = json!({"roles": [], "guests": guests()});
    visit.practice.lander(&visit.path("/links"), &body).await.expect(200).json["guests"].clone()
}

async fn to(practice: &Practice, address: &str) -> Vec<Value> {
    practice.messages().await.into_iter().filter(|message| message["to"] == address).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_niece_gets_her_link_by_email_and_an_interpreter_by_text() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = invite(&visit).await;
    assert_eq!(links.as_array().unwrap().len(), 3, "each link is answered: {links}");

    let (mails, texts) = (to(&practice, NIECE).await, to(&practice, INTERPRETER).await);
    assert_eq!((mails.len(), texts.len(), practice.messages().await.len()), (1, 1, 2));
    assert_eq!(mails[0]["links"][0], links[0]["link"]);
    assert_eq!(texts[0]["links"][0], links[1]["link"]);
    let (mail, text) = (mails[0]["text"].as_str().unwrap(), texts[0]["text"].as_str().unwrap());
    assert!(mail.contains("Example Practice invites you to a visit with Jane."), "{mail}");
    assert!(text.starts_with("Example Practice: please interpret at a visit"), "{text}");
    assert!(text.contains(" by video") && mail.contains("by video, do not travel"), "{text} {mail}");
    for said in [&mails[0], &texts[0]].map(Value::to_string) {
        for secret in ["Leeward", "Ann ", "Headache", "Windward", "Downhill", "Doe"] {
            assert!(!said.contains(secret), "{secret} is told in: {said}");
        }
    }
    for (message, role) in [(&mails[0], "guest"), (&texts[0], "interpreter")] {
        let look = credential(message["links"][0].as_str().unwrap());
        let look = practice.post("/api/token/redeem", &look).send().await.expect(200);
        assert_eq!(look.json["role"], role);
    }
    let events = visit.audit().await.to_string();
    assert!(events.contains("NOTIFICATION_SENT") && events.contains("n***@example.org"), "{events}");
    assert!(!events.contains(NIECE) && !events.contains(INTERPRETER), "addresses are masked: {events}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_that_fails_undoes_no_link_and_goes_later() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    practice.fault("sesv2", "SendEmail", "error", 100).await;
    practice.fault("sms", "SendTextMessage", "throttle", 100).await;
    let links = invite(&visit).await;
    let look = credential(links[0]["link"].as_str().unwrap());
    practice.post("/api/token/redeem", &look).send().await.expect(200);
    assert!(practice.messages().await.is_empty());

    practice.no_faults().await;
    practice.advance(120).await;
    practice.local("/local/tick", &json!({})).await;
    let (mails, texts) = (to(&practice, NIECE).await, to(&practice, INTERPRETER).await);
    assert_eq!((mails.len(), texts.len()), (1, 1));
    assert_eq!((&mails[0]["links"][0], &texts[0]["links"][0]), (&links[0]["link"], &links[1]["link"]));
    practice.advance(3600).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(practice.messages().await.len(), 2, "what has gone does not go again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_invited_to_a_visit_that_is_over() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    practice.fault("sesv2", "SendEmail", "error", 100).await;
    practice.fault("sms", "SendTextMessage", "error", 100).await;
    invite(&visit).await;
    visit.end(&json!({"endReason": "cancelled"})).await.expect(200);
    practice.no_faults().await;
    practice.advance(120).await;
    practice.local("/local/tick", &json!({})).await;
    assert!(practice.messages().await.is_empty(), "with the link its address is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_abroad_gets_no_text_and_their_link_all_the_same() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let guest = json!([{"role": "guest", "displayName": "Zoe", "phone": "+442071838750"}]);
    let links = practice.lander(&visit.path("/links"), &json!({"roles": [], "guests": guest})).await.expect(200);
    assert!(links.text_at("/guests/0/link").contains("/j/"));
    assert!(practice.messages().await.is_empty());
}
