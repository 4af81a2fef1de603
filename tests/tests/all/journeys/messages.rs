//! What people are sent.

use bedside_tests::{Answer, Appointment, Practice};
use serde_json::{Value, json};
use std::time::Duration;

/// The basic alphabet of GSM 03.38 that a text of one segment is written in.
const GSM7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// What costs two.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

fn septets(text: &str) -> usize {
    let cost = |letter: char| match (GSM7.contains(letter), EXTENDED.contains(letter)) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => panic!("{letter:?} is no letter of GSM-7: {text}"),
    };
    text.chars().map(cost).sum()
}

async fn notify(visit: &Appointment<'_>, channel: &str, role: &str, template: &str) -> Answer {
    let body = json!({"channel": channel, "recipientRole": role, "template": template});
    visit.practice.lander(&visit.path("/notify"), &body).await
}

/// Nothing that says who the patient is or why they come.
fn is_discreet(text: &str) {
    for secret in ["Leeward", "Ann ", "Headache", "Doe", "headache", "p-"] {
        assert!(!text.contains(secret), "{secret} is told in: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_is_one_segment_and_says_nothing_of_the_patient() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    for template in ["initial", "reminder", "urgent", "ready"] {
        let sent = notify(&visit, "sms", "both", template).await.expect(200).json;
        assert_eq!(sent["sent"]["sms"]["to"], format!("***-***-{}", &visit.phone[8..]));
        assert_eq!(sent["sent"]["sms"]["provider"], "end-user-messaging");
        assert!(sent["sent"].get("email").is_none());
        let messages = practice.messages().await;
        let newest = |to: &str| messages.iter().find(|m| m["to"] == to).unwrap()["text"].as_str().unwrap().to_owned();
        let (patients, clinicians) = (newest(&visit.phone), newest(&visit.clinician_phone));
        for text in [&patients, &clinicians] {
            let cost = septets(text);
            assert!(cost <= 160, "{cost} septets: {text}");
            is_discreet(text);
            assert!(
                text.contains(" CT") || text.contains(" CST") || text.contains(" CDT"),
                "the zone is named: {text}"
            );
            assert_eq!(text.matches("http").count(), 1, "{text}");
        }
        assert!(!patients.contains("Jane Doe") && !patients.contains("Dr."), "first name at most: {patients}");
        assert!(!clinicians.contains("Ann"), "{clinicians}");
    }
    let texts = visit.texts().await;
    let links: Vec<_> = texts.iter().map(|text| text["links"][0].clone()).collect();
    assert!(links.iter().all(|link| *link == links[0]), "reminders send the same link: {links:?}");
    assert!(texts.iter().any(|text| text["text"].as_str().unwrap().contains("Jane")), "{texts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_are_told_in_the_recipients_zone() {
    let practice = Practice::open().await;
    let elsewhere = json!({"patient": {
        "patientId": "p-phx", "givenName": "Ann", "familyName": "Leeward", "phone": "+16025550123", "state": "TX",
        "timezone": "America/Phoenix",
    }, "scheduledAt": "2027-01-15T20:30:00Z", "channel": "sms"});
    let visit = Appointment::make(&practice, elsewhere).await;
    notify(&visit, "sms", "both", "initial").await.expect(200);
    let messages = practice.messages().await;
    let text = |to: &str| messages.iter().find(|m| m["to"] == to).unwrap()["text"].as_str().unwrap().to_owned();
    let patients = text("+16025550123");
    assert!(patients.contains("1:30") && patients.contains("MST"), "{patients}");
    let clinicians = text(&visit.clinician_phone);
    assert!(clinicians.contains("2:30") && clinicians.contains("CST"), "{clinicians}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_email_says_the_same_as_text_and_as_html() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let sent = notify(&visit, "email", "both", "initial").await.expect(200).json;
    assert!(sent["sent"]["email"]["to"].as_str().unwrap().starts_with("p***@"), "{sent}");
    assert!(sent["sent"]["clinicianEmail"]["to"].as_str().unwrap().starts_with("c***@"), "{sent}");
    let mails: Vec<Value> = practice.messages().await.into_iter().filter(|m| m["channel"] == "email").collect();
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
        let link = mail["links"][0].as_str().unwrap();
        assert!(text.contains(link) && html.contains(link) && html.contains("<html"), "{html}");
        for part in [text, html, mail["subject"].as_str().unwrap()] {
            for secret in ["Leeward", "Headache", "headache", "Doe"] {
                assert!(!part.contains(secret), "{secret} is told in: {part}");
            }
        }
        assert!(text.contains("CT") || text.contains("CST") || text.contains("Chicago"), "the zone is named: {text}");
        assert!(!html.contains("<img") && !html.contains("<script"), "nothing is loaded from anywhere");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_wants_no_texts_gets_none_and_the_sender_is_told() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    practice.laptop().aws().opt_out(&visit.phone);
    let sent = notify(&visit, "both", "patient", "initial").await.expect(200).json;
    assert_eq!(sent["sent"]["sms"]["status"], "opted-out");
    assert_eq!(sent["sent"]["email"]["status"], "sent");
    let only = notify(&visit, "sms", "patient", "reminder").await.expect(200).json;
    assert_eq!(only["sent"]["sms"]["status"], "opted-out", "that is an answer, not a failure");
    assert!(visit.texts().await.is_empty());
    let read = practice.get(&visit.path("")).bearer(practice.key("secretKey")).send().await.expect(200).json;
    assert_eq!(read["messages"]["sms"]["status"], "opted-out");
    assert_eq!(read["messages"]["email"]["status"], "sent");
    practice.advance(3600).await;
    practice.local("/local/tick", &json!({})).await;
    assert!(visit.texts().await.is_empty(), "nor later");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_sent_stays_owed_and_goes_later() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    // Each call is tried more than once at once; all of these fail.
    practice.fault("sms", "SendTextMessage", "error", 100).await;
    let sent = notify(&visit, "both", "patient", "initial").await.expect(200).json;
    assert_eq!(sent["sent"]["sms"]["status"], "failed");
    assert_eq!(sent["sent"]["email"]["status"], "sent");
    practice.fault("sesv2", "SendEmail", "throttle", 100).await;
    let head = visit.head().await;
    let failed = notify(&visit, "both", "patient", "reminder").await.problem(502, "NOTIFICATION_FAILED").json;
    assert_eq!(failed["action"], "RETRY");
    assert!(visit.head().await["seq"].as_u64() > head["seq"].as_u64(), "what failed is on record");
    let mails = |messages: &[Value]| messages.iter().filter(|m| m["channel"] == "email").count();
    assert_eq!((visit.texts().await.len(), mails(&practice.messages().await)), (0, 1));
    let read = async || practice.get(&visit.path("")).bearer(practice.key("secretKey")).send().await.expect(200).json;
    assert_eq!(read().await["messages"]["sms"]["status"], "failed");

    practice.no_faults().await;
    practice.advance(120).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!((visit.texts().await.len(), mails(&practice.messages().await)), (2, 2));
    assert_eq!(read().await["messages"]["sms"]["status"], "sent");
    practice.advance(3600).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(visit.texts().await.len(), 2, "what has gone does not go again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sleeping_phone_is_called_in_and_one_that_is_awake_is_not() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    practice.advance(11).await;
    visit.at_desk(&patient.id, "admit").await.expect(200);
    let texts = visit.texts().await;
    assert_eq!(texts.len(), 1);
    let text = texts[0]["text"].as_str().unwrap();
    assert!(text.contains("Come in now"), "{text}");
    assert!(septets(text) <= 160);
    is_discreet(text);
    visit.at_desk(&patient.id, "admit").await.expect(200);
    assert_eq!(visit.texts().await.len(), 1, "once");

    let awake = Appointment::make(&practice, json!({})).await;
    let patient = awake.patient_waits().await;
    practice.advance(11).await;
    patient.look().await.expect(200);
    practice.advance(6).await;
    awake.at_desk(&patient.id, "admit").await.expect(200);
    assert!(awake.texts().await.is_empty());

    let unreachable = Appointment::make(&practice, json!({})).await;
    let patient = unreachable.patient_waits().await;
    practice.fault("sms", "SendTextMessage", "error", 100).await;
    practice.advance(11).await;
    let admitted = unreachable.at_desk(&patient.id, "admit").await.expect(200);
    assert_eq!(admitted.json["status"], "ADMITTED", "the person is in, whatever becomes of the text");
    practice.no_faults().await;
    practice.advance(61).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(unreachable.texts().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_without_a_phone_is_reached_by_email_and_by_nothing_else() {
    let practice = Practice::open().await;
    let patient = json!({"patient": {
        "patientId": "p-mail", "givenName": "Ann", "familyName": "Leeward", "email": "ann@example.com", "state": "TX",
    }});
    let visit = Appointment::make(&practice, patient).await;
    let head = visit.head().await;
    notify(&visit, "sms", "patient", "initial").await.problem(422, "NO_CONTACT_FOR_CHANNEL");
    let resend = json!({"role": "patient", "reason": "lost", "channel": "sms"});
    practice.lander(&visit.path("/resend-link"), &resend).await.problem(422, "NO_CONTACT_FOR_CHANNEL");
    assert_eq!(visit.head().await, head, "no link is made or replaced for a message that cannot be");
    let sent = notify(&visit, "both", "patient", "initial").await.expect(200).json;
    assert!(sent["sent"].get("sms").is_none(), "{sent}");
    assert_eq!(sent["sent"]["email"]["to"], "a***@example.com");

    let credential = visit.patient_credential().await;
    let device = bedside_tests::Device::new();
    visit.start(&credential, &device).await.expect(202);
    let stranger = bedside_tests::Device::new();
    let refused = visit.start(&credential, &stranger).await.problem(409, "TOKEN_USED");
    assert_eq!(refused.json["action"], "REQUEST_NEW_LINK", "no code can be sent anywhere");
    let mut ask = credential.clone();
    ask["factor"] = json!("sms-otp");
    practice.post("/api/challenges", &ask).device(&stranger).send().await.problem(422, "NO_CONTACT_FOR_CHANNEL");
}

/// Two send one message: whoever began is so slow that `tick` takes it up. The first one's failure, told last, must not
/// bring the message up once more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_went_is_not_sent_again_since_somebody_slower_failed() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    practice.fault("sms", "SendTextMessage", "timeout", 1).await;
    let slow = notify(&visit, "sms", "patient", "initial");
    let quick = async {
        // The call hangs once the fault is used up.
        while !practice.get("/local/faults").send().await.expect(200).json["faults"].as_array().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        practice.advance(61).await;
        practice.local("/local/tick", &json!({})).await;
        assert_eq!(visit.texts().await.len(), 1, "tick has sent it");
        practice.fault("sms", "SendTextMessage", "error", 100).await;
    };
    let (slow, ()) = tokio::join!(slow, quick);
    assert_eq!(slow.expect(200).json["sent"]["sms"]["status"], "sent", "it did go, by whomever");
    practice.no_faults().await;
    practice.advance(120).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(visit.texts().await.len(), 1, "what has gone does not go again");
    let read = practice.get(&visit.path("")).bearer(practice.key("secretKey")).send().await.expect(200).json;
    assert_eq!(read["messages"]["sms"]["status"], "sent");
    let events = visit.events().await;
    let both = events.windows(2).any(|two| two == ["NOTIFICATION_SENT", "NOTIFICATION_FAILED"]);
    assert!(both, "both tries are on record: {events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_email_does_not_wait_for_a_text_that_hangs() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    practice.fault("sms", "SendTextMessage", "timeout", 2).await;
    let slow = notify(&visit, "both", "patient", "initial");
    let mail = tokio::time::timeout(Duration::from_secs(20), async {
        while !practice.messages().await.iter().any(|message| message["channel"] == "email") {
            tokio::task::yield_now().await;
        }
        assert_eq!(visit.texts().await.len(), 0, "the text has gone nowhere yet");
    });
    let (slow, mail) = tokio::join!(slow, mail);
    mail.expect("the e-mail goes meanwhile");
    let sent = slow.expect(200).json;
    assert_eq!((&sent["sent"]["sms"]["status"], &sent["sent"]["email"]["status"]), (&json!("sent"), &json!("sent")));
    assert_eq!(visit.texts().await.len(), 1);
}

/// All that is needed is read before the first message goes: a store that fails between two leaves none unrecorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_person_is_looked_up_once_however_many_messages_they_get() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let reads = async |channel: &str| {
        practice.reset_calls().await;
        notify(&visit, channel, "both", "reminder").await.expect(200);
        practice.calls().await["dynamodb.GetItem"]
    };
    let _ = reads("sms").await;
    let (of_two, of_four) = (reads("sms").await, reads("both").await);
    assert_eq!(of_two, of_four, "two messages or four to the same two people");
}
