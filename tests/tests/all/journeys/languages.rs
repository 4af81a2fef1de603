//! People are written to in their own language, by their own clocks.

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};

/// A visit of somebody who reads this language, elsewhere than the practice; its messages.
async fn visit<'a>(practice: &'a Practice, locale: &str, phone: &str, timezone: &str) -> Appointment<'a> {
    let patient = json!({
        "patientId": format!("p-{locale}"), "givenName": "Ann", "familyName": "Leeward", "phone": phone,
        "email": format!("{locale}@example.org"), "state": "TX", "timezone": timezone, "locale": locale,
    });
    let over = json!({"patient": patient, "scheduledAt": "2027-01-15T20:30:00Z"});
    let visit = Appointment::make(practice, over).await;
    let body = json!({"channel": "both", "recipientRole": "both", "template": "initial"});
    practice.lander(&visit.path("/notify"), &body).await.expect(200);
    visit
}

async fn sent(practice: &Practice, to: &str) -> Value {
    let messages = practice.messages().await;
    messages.into_iter().find(|m| m["to"] == to).unwrap_or_else(|| panic!("nothing was sent to {to}"))
}

fn text<'a>(message: &'a Value, member: &str) -> &'a str {
    message[member].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_arabic_speaker_far_from_the_practice_reads_arabic_by_their_own_clock() {
    let practice = Practice::open().await;
    let visit = visit(&practice, "ar-EG", "+16025550123", "America/Los_Angeles").await;
    let sms = sent(&practice, "+16025550123").await;
    let words = text(&sms, "text");
    assert!(words.contains("الجمعة 15 يناير 12:30 م PST بالفيديو"), "{words}");
    assert!(words.encode_utf16().count() <= 134, "two parts: {words}");
    let link = sms["links"][0].as_str().unwrap().to_owned();
    assert!(words.lines().any(|line| line == link), "the link has a line of its own: {words}");

    let mail = sent(&practice, "ar-EG@example.org").await;
    assert_eq!(text(&mail, "subject"), "لديك موعد عبر الفيديو: الجمعة 15 يناير الساعة 12:30 مساءً PST");
    assert!(text(&mail, "text").contains("(بتوقيت \u{2068}لوس أنجلوس\u{2069})"), "{mail}");
    let html = text(&mail, "html");
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">") && html.contains("<bdi>Example Practice</bdi>"), "{html}");
    assert_eq!(mail["links"][0], link.as_str());
    for secret in ["Leeward", "Ann", "Headache"] {
        assert!(!mail.to_string().contains(secret) && !words.contains(secret), "{secret}: {mail}");
    }

    let clinician = sent(&practice, &visit.clinician_phone).await;
    assert!(text(&clinician, "text").contains("you have a visit Fri Jan 15 2:30 PM CST by video"), "{clinician}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spanish_speaker_reads_spanish_whatever_their_country() {
    let practice = Practice::open().await;
    let visit = visit(&practice, "es-MX", "+16025550124", "America/Chicago").await;
    let sms = sent(&practice, "+16025550124").await;
    let words = text(&sms, "text");
    assert!(words.contains("cita con Jane vie 15 ene 2:30 PM CST por video, no tiene que venir"), "{words}");
    assert!(!words.contains(['á', 'í', 'ó', 'ú']), "letters that would make it dearer: {words}");
    let mail = sent(&practice, "es-MX@example.org").await;
    assert_eq!(text(&mail, "subject"), "Su cita por video: viernes 15 de enero, 2:30 p.m. CST");
    assert!(text(&mail, "text").contains("(hora de Chicago)"), "{mail}");
    let credential = bedside_tests::credential(sms["links"][0].as_str().unwrap());
    practice.post("/api/token/redeem", &credential).send().await.expect(200);

    let mut ask = credential;
    ask["factor"] = json!("sms-otp");
    let device = bedside_tests::Device::new();
    practice.post("/api/challenges", &ask).device(&device).send().await.expect(202);
    let code = sent(&practice, "+16025550124").await;
    assert!(text(&code, "text").contains("es su clave para Example Practice"), "{code}");
    drop(visit);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_a_language_that_we_lack_gets_the_practices() {
    let practice = Practice::open().await;
    let _visit = visit(&practice, "vi-VN", "+16025550125", "America/Chicago").await;
    let mail = sent(&practice, "vi-VN@example.org").await;
    assert_eq!(text(&mail, "subject"), "Your video visit on Fri, Jan 15 at 2:30 PM CST");
    assert!(text(&mail, "html").contains("<html lang=\"en\" dir=\"ltr\">"));
}
