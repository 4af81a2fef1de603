//! What people text back: STOP, START, HELP.

use bedside_tests::{Answer, Appointment, Practice};
use serde_json::{Value, json};

/// The number of the tests' own patient in the words of people, as it stands nowhere.
async fn reply(visit: &Appointment<'_>, text: &str) -> Value {
    let body = json!({"from": visit.phone, "text": text});
    visit.practice.local("/local/texts/reply", &body).await["heard"].clone()
}

async fn notify(visit: &Appointment<'_>, channel: &str) -> Answer {
    let body = json!({"channel": channel, "recipientRole": "patient", "template": "reminder"});
    visit.practice.lander(&visit.path("/notify"), &body).await
}

async fn mails(visit: &Appointment<'_>) -> usize {
    let messages = visit.practice.messages().await;
    messages.iter().filter(|m| m["channel"] == "email" && m["to"].as_str().unwrap().starts_with("p-")).count()
}

fn words(text: &Value) -> &str {
    text["text"].as_str().unwrap()
}

/// What SNS tells of a text: with an id and a time of its own.
fn event(from: &str, text: &str, id: &str, at: &str, answers: Option<&str>) -> Value {
    let message = json!({
        "originationNumber": from, "destinationNumber": "+18005550199", "messageKeyword": "KEYWORD_+18005550199",
        "messageBody": text, "inboundMessageId": id, "previousPublishedMessageId": answers,
    });
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {
        "Type": "Notification", "MessageId": "m", "Message": message.to_string(), "Timestamp": at,
    }}]})
}

async fn tell(practice: &Practice, event: &Value) -> Value {
    practice.laptop().invoke("on-text-reply", event).await.unwrap()["heard"][0].clone()
}

async fn wishes(visit: &Appointment<'_>) -> Vec<String> {
    let audit = visit.audit().await;
    assert_eq!(audit["verified"], true, "{audit}");
    let events = audit["events"].as_array().unwrap().iter().filter(|event| event["type"] == "CONTACT_CHANGED");
    events.map(|event| event["metadata"]["texts"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stop_is_confirmed_once_and_then_nothing_more_goes_but_email_until_start() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    notify(&visit, "sms").await.expect(200);
    assert_eq!(reply(&visit, "Stop.").await, "stopped");
    let texts = visit.texts().await;
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(words(&texts[0]).contains("no more texts") && words(&texts[0]).contains("START"), "{texts:?}");
    assert_eq!(reply(&visit, "STOP").await, "stopped");
    assert_eq!(visit.texts().await.len(), 2, "said twice, it is confirmed once");
    assert_eq!(wishes(&visit).await, ["stopped"]);

    let sent = notify(&visit, "sms").await.expect(200).json;
    assert_eq!(sent["sent"]["sms"]["status"], "opted-out", "{sent}");
    assert_eq!(sent["sent"]["email"]["status"], "sent", "it goes by e-mail instead: {sent}");
    assert_eq!((visit.texts().await.len(), mails(&visit).await), (2, 1));
    let sent = notify(&visit, "both").await.expect(200).json;
    assert_eq!(sent["sent"]["sms"]["status"], "opted-out", "{sent}");
    assert_eq!((visit.texts().await.len(), mails(&visit).await), (2, 2), "with both, once");
    let read = practice.get(&visit.path("")).bearer(practice.key("secretKey")).send().await.expect(200).json;
    assert_eq!(read["messages"]["sms"]["status"], "opted-out");

    assert_eq!(reply(&visit, "start").await, "started");
    assert_eq!(words(&visit.texts().await[0]).matches("STOP").count(), 1);
    assert_eq!(wishes(&visit).await, ["stopped", "started"]);
    assert_eq!(notify(&visit, "sms").await.expect(200).json["sent"]["sms"]["status"], "sent");
    assert_eq!((visit.texts().await.len(), mails(&visit).await), (4, 2));
    assert_eq!(reply(&visit, "yes").await, "started");
    assert_eq!(visit.texts().await.len(), 4, "nothing has changed, nothing is said");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_number_is_kept_in_clear_and_the_record_shows_its_last_digits() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    notify(&visit, "sms").await.expect(200);
    reply(&visit, "STOP").await;
    let audit = visit.audit().await;
    let record = audit["events"].as_array().unwrap().iter().find(|event| event["type"] == "CONTACT_CHANGED").unwrap();
    assert_eq!(record["metadata"]["to"], format!("***-***-{}", &visit.phone[8..]));
    assert_eq!(record["actorRole"], "patient");
    let mut kept = String::new();
    for table in ["Visits", "Audit", "Limits"] {
        let page = practice.laptop().aws().dynamodb("Scan", json!({"TableName": table})).await.unwrap();
        kept += &page.to_string();
    }
    assert!(kept.contains("NUMBER#") && !kept.contains(&visit.phone[2..]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_last_counts_in_whatever_order_it_comes_and_however_often() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    notify(&visit, "sms").await.expect(200);
    let text = visit.texts().await[0]["id"].as_str().unwrap().to_owned();
    let at = |second: u8| format!("2026-01-05T14:30:{second:02}.000Z");
    let said = |word: &str, id: &str, second: u8| event(&visit.phone, word, id, &at(second), Some(&text));
    let (stop, start) = (said("STOP", "r-1", 1), said("START", "r-2", 2));
    assert_eq!(tell(&practice, &start).await, "started");
    assert_eq!(tell(&practice, &stop).await, "before", "the earlier one comes late");
    assert_eq!(notify(&visit, "sms").await.expect(200).json["sent"]["sms"]["status"], "sent");

    let stop = said("STOP", "r-3", 3);
    assert_eq!(tell(&practice, &stop).await, "stopped");
    for _ in 0..3 {
        assert_eq!(tell(&practice, &stop).await, "before", "the same again");
        assert_eq!(tell(&practice, &start).await, "before");
    }
    assert_eq!(notify(&visit, "sms").await.expect(200).json["sent"]["sms"]["status"], "opted-out");
    assert_eq!(wishes(&visit).await, ["stopped"]);
    assert_eq!(visit.texts().await.len(), 3, "two reminders and one confirmation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn help_says_who_we_are_and_whom_to_call_once_for_each_that_asks() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    notify(&visit, "sms").await.expect(200);
    let text = visit.texts().await[0]["id"].as_str().unwrap().to_owned();
    let asked = event(&visit.phone, "Help?", "r-1", "2026-01-05T14:30:00.000Z", Some(&text));
    for _ in 0..2 {
        assert_eq!(tell(&practice, &asked).await, "helped");
    }
    let texts = visit.texts().await;
    assert_eq!(texts.len(), 2, "{texts:?}");
    let tenant = practice.get("/api/tenant").bearer(&practice.token("admin", None).await).send().await.expect(200).json;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (name, phone) = (tenant["smsName"].as_str().unwrap(), digits(tenant["supportPhone"].as_str().unwrap()));
    assert!(words(&texts[0]).starts_with(name) && digits(words(&texts[0])).contains(&phone), "{texts:?}");
    assert!(words(&texts[0]).contains("STOP") && !words(&texts[0]).contains("http"));
    // Whoever has stopped may ask for help, and is told; nobody is told without end.
    reply(&visit, "STOP").await;
    for _ in 0..9 {
        assert_eq!(reply(&visit, "INFO").await, "helped");
    }
    assert_eq!(visit.texts().await.len(), 1 + 5, "at most five answers an hour");
    let read = practice.get(&visit.path("")).bearer(practice.key("secretKey")).send().await.expect(200).json;
    assert_eq!(read["messages"]["sms"]["status"], "sent", "of the last message, not of an answer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_understood_and_answered_in_their_language() {
    let practice = Practice::open().await;
    for (n, (locale, stop, start, answer)) in
        [("es-MX", "¡Alto!", "Sí", "responda START"), ("ar", "إيقاف", "ابدأ", "START")].into_iter().enumerate()
    {
        let phone = format!("+1602555015{n}");
        let patient = json!({"patient": {
            "patientId": format!("p-{n}"), "givenName": "Ana", "familyName": "Leeward", "phone": phone, "state": "TX",
            "email": format!("p-{n}@example.com"), "locale": locale,
        }});
        let visit = Appointment { phone, ..Appointment::make(&practice, patient).await };
        notify(&visit, "sms").await.expect(200);
        assert_eq!(reply(&visit, stop).await, "stopped");
        let texts = visit.texts().await;
        assert!(words(&texts[0]).contains(answer), "{texts:?}");
        assert_eq!(notify(&visit, "sms").await.expect(200).json["sent"]["sms"]["status"], "opted-out");
        assert_eq!(reply(&visit, start).await, "started");
        assert_eq!(notify(&visit, "sms").await.expect(200).json["sent"]["sms"]["status"], "sent");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sentence_asks_for_nothing() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    notify(&visit, "sms").await.expect(200);
    let head = visit.head().await;
    for text in ["Please do not stop", "Can you help me find the link?", "Thanks!", "", "🛑"] {
        assert_eq!(reply(&visit, text).await, "nothing", "{text}");
    }
    assert_eq!((visit.texts().await.len(), visit.head().await), (1, head));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stop_counts_though_nobody_knows_what_it_answers() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    for answers in [None, Some("no-text-of-ours")] {
        let stop = event(&visit.phone, "STOP", "r-1", "2026-01-05T14:30:00.000Z", answers);
        let heard = tell(&practice, &stop).await;
        assert_eq!(heard, if answers.is_none() { "stopped" } else { "before" });
    }
    assert_eq!(tell(&practice, &event("72345", "STOP", "r-2", "2026-01-05T14:30:00Z", None)).await, "nothing");
    assert_eq!(notify(&visit, "sms").await.expect(200).json["sent"]["sms"]["status"], "opted-out");
    assert!(visit.texts().await.is_empty());
    // Nobody is there to be answered, and what is no text at all is kept for somebody to look at.
    let help = event(&visit.phone, "HELP", "r-3", "2026-01-05T14:30:01.000Z", None);
    assert_eq!(tell(&practice, &help).await, "nothing");
    let mut broken = help;
    broken["Records"][0]["Sns"]["Message"] = json!("{\"messageBody\": 7}");
    let refused = practice.laptop().invoke("on-text-reply", &broken).await.unwrap_err();
    assert!(!refused.contains("messageBody"), "no word of it is logged: {refused}");
}

/// A code is to show that one has the phone: no other way carries it, and none goes to who has said STOP.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_code_goes_to_who_has_said_stop_and_they_are_told_so_at_once() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    notify(&visit, "sms").await.expect(200);
    reply(&visit, "STOP").await;
    let (before, mut asked) = (visit.texts().await.len(), visit.patient_credential().await);
    asked["factor"] = json!("sms-otp");
    practice.post("/api/challenges", &asked).send().await.problem(422, "NO_CONTACT_FOR_CHANNEL");
    assert_eq!((visit.texts().await.len(), mails(&visit).await), (before, 0));
    asked["factor"] = json!("email-link");
    practice.post("/api/challenges", &asked).send().await.expect(202);
    assert_eq!(mails(&visit).await, 1, "the other factor goes");
    practice.advance(61).await;
    reply(&visit, "UNSTOP").await;
    asked["factor"] = json!("sms-otp");
    practice.post("/api/challenges", &asked).send().await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_owed_when_stop_comes_goes_by_email() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    notify(&visit, "sms").await.expect(200);
    practice.fault("sms", "SendTextMessage", "error", 100).await;
    notify(&visit, "sms").await.problem(502, "NOTIFICATION_FAILED");
    practice.no_faults().await;
    reply(&visit, "STOP").await;
    practice.advance(61).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(
        (visit.texts().await.len(), mails(&visit).await),
        (2, 1),
        "the text, its STOP's confirmation, an e-mail"
    );
    practice.advance(600).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!((visit.texts().await.len(), mails(&visit).await), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_a_phone_alone_is_told_nothing_more_and_the_practice_sees_it() {
    let practice = Practice::open().await;
    let phone = "+16025550161".to_owned();
    let patient = json!({"patient": {
        "patientId": "p-phone", "givenName": "Ann", "familyName": "Leeward", "phone": phone, "state": "TX",
    }});
    let visit = Appointment { phone, ..Appointment::make(&practice, patient).await };
    notify(&visit, "sms").await.expect(200);
    reply(&visit, "cancel").await;
    let sent = notify(&visit, "both").await.expect(200).json;
    assert_eq!(sent["sent"]["sms"]["status"], "opted-out");
    assert!(sent["sent"].get("email").is_none(), "{sent}");
}

/// Whatever fails while a STOP is heard: Lambda tells it again, and it counts, on record once, confirmed at least once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stop_is_heard_whatever_fails_meanwhile() {
    let calls = [
        ("dynamodb", "GetItem"),
        ("dynamodb", "Query"),
        ("dynamodb", "TransactWriteItems"),
        ("sms", "SendTextMessage"),
    ];
    let practice = Practice::open().await;
    for (service, operation) in calls {
        for kind in ["die", "die-after", "lost-answer", "error", "twice", "conflict"] {
            let visit = Appointment::make(&practice, json!({})).await;
            notify(&visit, "sms").await.expect(200);
            practice.fault(service, operation, kind, 1).await;
            // The laptop, as Lambda, tells it up to three times.
            let heard = reply(&visit, "STOP").await;
            practice.no_faults().await;
            let what = format!("{kind} at {service} {operation}");
            assert!(heard == "stopped" || heard == "before", "{what}: {heard}");
            for _ in 0..2 {
                practice.advance(125).await;
                practice.local("/local/tick", &json!({})).await;
            }
            assert_eq!(wishes(&visit).await, ["stopped"], "{what}");
            let texts = visit.texts().await.len();
            assert!((2..=3).contains(&texts), "{what}: {texts} texts");
            assert_eq!(notify(&visit, "sms").await.expect(200).json["sent"]["sms"]["status"], "opted-out", "{what}");
            assert_eq!(visit.texts().await.len(), texts, "{what}");
        }
    }
}
