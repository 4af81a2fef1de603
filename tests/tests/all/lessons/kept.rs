//! More faults of the earlier system: what was told to others, kept in clear, sent wrongly, recorded apart.

use super::aws;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use bedside_tests::{Answer, Appointment, Device, Practice, Seat, credential, slot};
use serde_json::{Value, json};

const TABLES: [&str; 3] = ["Visits", "Audit", "Limits"];

/// What no service and no table may hold in clear.
const PERSONAL: [&str; 9] = [
    "Zebulonia",
    "Quistgaard",
    "+13125550199",
    "zebulonia@mail.example",
    "violet spots that itch",
    "take the stairs slowly",
    "bring the blue bottle",
    "Aunt Wilhelmine",
    "aunt.wilhelmine@mail.example",
];

fn personal_visit() -> Value {
    json!({
        "patient": {
            "patientId": "p-personal", "givenName": PERSONAL[0], "familyName": PERSONAL[1], "phone": PERSONAL[2],
            "email": PERSONAL[3], "state": "TX", "timezone": "America/Chicago", "locale": "en-US",
        },
        "chiefComplaint": PERSONAL[4],
        "patientInstructions": PERSONAL[6],
    })
}

/// The patient and an aunt come in under their names, and are let in.
async fn with_an_aunt<'a>(visit: &Appointment<'a>) -> (Seat<'a>, Seat<'a>, Seat<'a>) {
    let guests = json!({"roles": ["patient"], "guests": [
        {"role": "guest", "displayName": PERSONAL[7], "email": PERSONAL[8], "phone": PERSONAL[2]},
    ]});
    let links = visit.practice.lander(&visit.path("/links"), &guests).await.expect(200);
    let mut seats = Vec::new();
    for (link, name) in [("/patient/link", PERSONAL[0]), ("/guests/0/link", PERSONAL[7])] {
        let mut body = credential(&links.text_at(link));
        body["displayName"] = json!(name);
        let device = Device::new();
        let start = visit.start(&body, &device).await.expect(202);
        seats.push(Seat::of(visit.practice, start, device));
    }
    let desk = visit.clinician_sits().await;
    for seat in &seats {
        let _ = visit.admit(&desk, &seat.id).await.expect(200);
        let _ = seat.join().await.expect(200);
    }
    let aunt = seats.pop().unwrap();
    (seats.pop().unwrap(), aunt, desk)
}

/// There: the patient's legal name was the display name in the call's service.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_name_reaches_the_media_service() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, personal_visit()).await;
    let (patient, aunt, desk) = with_an_aunt(&visit).await;
    // The requests that made them, word for word, are part of it.
    let heard = format!("{:?}", practice.laptop().aws().meetings());
    for known in [&visit.id, &patient.id, &aunt.id, &desk.id] {
        assert!(heard.contains(known.as_str()), "{known} is an id that says nothing of a person: {heard}");
    }
    let clinician = ["Jane", "Doe", visit.clinician_phone.as_str(), visit.clinician_id.as_str()];
    for name in PERSONAL.iter().chain(&clinician) {
        assert!(!heard.to_lowercase().contains(&name.to_lowercase()), "{name} in {heard}");
    }
}

/// There: "TODO: encrypt".
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_personal_lies_encrypted_in_the_tables() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, personal_visit()).await;
    let body = json!({"channel": "both", "recipientRole": "both", "template": "initial"});
    let _ = practice.lander(&visit.path("/notify"), &body).await.expect(200);
    let link = visit.links().await["patient"].clone();
    let moved = credential(link["link"].as_str().unwrap());
    let asked = json!({"factor": "sms-otp", "code": moved["code"], "secret": moved["secret"]});
    let _ = practice.post("/api/challenges", &asked).send().await.expect(202);
    let (patient, aunt, _desk) = with_an_aunt(&visit).await;
    let end = json!({"endReason": "completed", "notes": PERSONAL[5], "releaseNotes": true});
    let _ = visit.end(&end).await.expect(200);
    let read = practice.get(&visit.path("")).bearer(&visit.clinician_token().await).send().await.expect(200);
    assert_eq!(read.json["notes"], PERSONAL[5], "it is kept, and can be read by who may");
    assert_eq!(read.json["chiefComplaint"], PERSONAL[4]);

    let items = aws::items(&practice, &TABLES).await;
    let of_visit = items.iter().filter(|item| item["PK"]["S"] == format!("V#{}", visit.id));
    assert!(of_visit.count() > 20, "visit, links, participants, messages and records are among what was read");
    let kept = Value::from(items).to_string().to_lowercase();
    let secrets = [
        moved["secret"].as_str().unwrap(),
        link["token"].as_str().unwrap(),
        &patient.session,
        &aunt.session,
        &patient.join().await.json["media"]["attendee"]["JoinToken"].to_string(),
        practice.key("secretKey"),
        practice.key("publishableKey"),
    ]
    .map(str::to_owned);
    let contact = [visit.clinician_phone.clone(), format!("{}@example.com", visit.clinician_id)];
    let digits = PERSONAL[2].trim_start_matches("+1").to_owned();
    for text in PERSONAL.map(str::to_owned).into_iter().chain(secrets).chain(contact).chain([digits]) {
        assert!(!kept.contains(&text.to_lowercase()), "{text} lies in clear");
        for hidden in [STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
            assert!(!kept.contains(&hidden.to_lowercase()), "{text} lies in base64");
        }
    }
}

/// There: the list was empty, and everyone was licensed everywhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_list_of_licences_licenses_nowhere() {
    let practice = Practice::open().await;
    let admin = practice.token("admin", None).await;
    let clinician = |licensed: Value| {
        json!({
            "givenName": "Jane", "familyName": "Doe", "title": "Dr.", "email": "jane@example.com",
            "phone": "+12125550142", "licensedStates": licensed, "timezone": "America/Chicago",
        })
    };
    let visit = json!({
        "patientId": practice.key("patientId"), "clinicianId": "c-new", "scheduledAt": slot(practice.now(), 60),
        "duration": 15,
    });
    for (licensed, status) in [(json!([]), 201), (json!(["TX"]), 200)] {
        let put = practice.put("/api/clinicians/c-new", &clinician(licensed)).bearer(&admin).send().await;
        let _ = put.expect(status);
        practice.lander("/api/visits", &visit).await.problem(422, "CLINICIAN_NOT_LICENSED");
    }
    let put = practice.put("/api/clinicians/c-new", &clinician(json!(["TX", "NY"]))).bearer(&admin).send().await;
    let _ = put.expect(200);
    let _ = practice.lander("/api/visits", &visit).await.expect(201);
}

/// There: texts of several parts, with times in the server's zone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_is_one_message_and_tells_the_patients_own_time() {
    let practice = Practice::open().await;
    let admin = practice.token("admin", None).await;
    let clinician = json!({
        "givenName": "Wilhelmina-Constantina Aurelia Theodora Maximiliane", "familyName": "Featherstonehaugh",
        "title": "Associate Professor Dr.", "email": "w@example.com", "phone": "+12125550143",
        "licensedStates": ["TX"], "timezone": "America/New_York",
    });
    let put = practice.put("/api/clinicians/c-long", &clinician).bearer(&admin).send().await;
    let _ = put.expect(201);
    // No two of them, nor the server's and the clinician's, tell the same time of day.
    let zones = ["Pacific/Honolulu", "America/Los_Angeles", "America/St_Johns", "Asia/Kolkata", "Pacific/Auckland"];
    for (n, zone) in zones.iter().enumerate() {
        let start: jiff::Timestamp = slot(practice.now(), 60 * (n as i64 + 1)).parse().unwrap();
        let visit = Appointment::make(
            &practice,
            json!({
                "clinicianId": "c-long", "scheduledAt": start.to_string(),
                "patient": {
                    "patientId": format!("p-zone-{n}"), "givenName": "Ann", "familyName": "Lee",
                    "phone": format!("+121255501{:02}", 80 + n), "state": "TX", "timezone": zone, "locale": "en-US",
                },
            }),
        )
        .await;
        let told = |zone: &str| start.in_tz(zone).unwrap().strftime("%-I:%M %p").to_string();
        for template in ["initial", "reminder", "urgent", "ready"] {
            let body = json!({"channel": "sms", "recipientRole": "patient", "template": template});
            let _ = practice.lander(&visit.path("/notify"), &body).await.expect(200);
            let text = practice.messages().await[0].clone();
            assert_eq!(text["to"], format!("+121255501{:02}", 80 + n), "the newest is ours");
            let text = text["text"].as_str().unwrap();
            assert!(text.is_ascii() && text.len() <= 160, "{} characters: {text}", text.len());
            assert!(text.contains("/j/"), "the link is whole: {text}");
            if template != "ready" {
                assert!(text.contains(&told(zone)), "{} in {zone}: {text}", told(zone));
            }
            for other in ["UTC", "America/New_York"] {
                assert!(!text.contains(&told(other)), "the time of {other}: {text}");
            }
        }
    }
}

/// Sends it while every transaction fails, then for good: the tables tell that it happened wholly or not at all.
async fn both_or_neither(practice: &Practice, what: &str, status: u16, send: impl AsyncFn() -> Answer) -> Answer {
    let kept = async || (aws::items(practice, &["Visits"]).await, aws::items(practice, &["Audit"]).await);
    let (before, sent) = (kept().await, practice.messages().await.len());
    practice.fault("dynamodb", "TransactWriteItems", "error", 1000).await;
    let failed = send().await;
    assert_eq!(failed.status, 503, "{what}: {}", failed.text);
    practice.no_faults().await;
    assert_eq!(kept().await, before, "{what}: neither change nor record");
    assert_eq!(practice.messages().await.len(), sent, "{what}: nobody was told of what did not happen");
    practice.reset_calls().await;
    let done = send().await;
    assert_eq!(done.status.as_u16(), status, "{what}: {}", done.text);
    let after = kept().await;
    assert_ne!(after.0, before.0, "{what}: the change");
    assert!(after.1.len() > before.1.len(), "{what}: its record");
    // Each write of a table that is audited goes by transaction. Places of limits are no change: one for each address
    // that is written to, one draw of the practice's day, and one for the role whose link is replaced.
    let places = match what {
        "notify-visit" => 3 + 1,
        "resend-link" => 1 + 1 + 1,
        _ => 0,
    };
    let mut calls = practice.calls().await;
    assert_eq!(calls.remove("dynamodb.UpdateItem").unwrap_or(0), places, "{what}: limits");
    for (call, count) in calls {
        let lone = ["dynamodb.PutItem", "dynamodb.DeleteItem", "dynamodb.BatchWriteItem"];
        assert!(!lone.contains(&call.as_str()), "{what}: {count} {call} beside the transaction");
    }
    done
}

/// There: the record was written after the change, outside any transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_and_its_record_are_one_transaction() {
    let practice = Practice::open().await;
    let (admin, first) = (practice.token("admin", None).await, Appointment::make(&practice, json!({})).await);
    let clinician = |phone: &str| {
        json!({
            "givenName": "Jane", "familyName": "Doe", "title": "Dr.", "email": "jane@example.com", "phone": phone,
            "licensedStates": ["TX"], "timezone": "America/Chicago",
        })
    };
    let put = async |body: Value| practice.put("/api/clinicians/c-one", &body).bearer(&admin).send().await;
    let _ = put(clinician("+12125550141")).await.expect(201);
    // The tenant's own chain tells where people were reached before.
    both_or_neither(&practice, "put-clinician", 200, async || put(clinician("+12125550142")).await).await;
    let patient = |phone: &str| json!({"givenName": "Bo", "familyName": "Lee", "phone": phone, "state": "TX"});
    let key = practice.key("secretKey");
    let put = async |body: Value| practice.put("/api/patients/p-one", &body).bearer(key).send().await;
    let _ = put(patient("+12125550187")).await.expect(201);
    both_or_neither(&practice, "put-patient", 200, async || put(patient("+12125550188")).await).await;
    let read = async || practice.get("/api/patients/p-one").bearer(key).send().await;
    both_or_neither(&practice, "get-patient", 200, read).await;
    let new = json!({
        "patientId": "p-one", "clinicianId": "c-one", "scheduledAt": slot(practice.now(), 5), "duration": 15,
    });
    let make = async || practice.lander("/api/visits", &new).await;
    let made = both_or_neither(&practice, "create-visit", 201, make).await;
    let visit = Appointment { id: made.text_at("/visitId"), clinician_id: "c-one".to_owned(), ..first };

    let by_lander = async |rest: &str, body: Value| practice.lander(&visit.path(rest), &body).await;
    let roles = json!({"roles": ["patient"]});
    both_or_neither(&practice, "create-links", 200, async || by_lander("/links", roles.clone()).await).await;
    let all = json!({"channel": "both", "recipientRole": "both", "template": "initial"});
    both_or_neither(&practice, "notify-visit", 200, async || by_lander("/notify", all.clone()).await).await;
    let lost = json!({"role": "patient", "reason": "lost", "channel": "sms"});
    both_or_neither(&practice, "resend-link", 200, async || by_lander("/resend-link", lost.clone()).await).await;
    let link = practice.messages().await[0]["links"][0].as_str().unwrap().to_owned();
    let (credential, phone) = (credential(&link), Device::new());
    let start = async || visit.start(&credential, &phone).await;
    let seat = Seat::of(&practice, both_or_neither(&practice, "start-visit", 202, start).await, phone);
    let desk = Device::new();
    let start = async || visit.clinician_comes(&desk).await;
    both_or_neither(&practice, "start-visit-authenticated", 200, start).await;
    let admit = async || visit.at_desk(&seat.id, "admit").await;
    both_or_neither(&practice, "admit-participant", 200, admit).await;
    both_or_neither(&practice, "end-visit", 200, async || visit.end(&json!({"endReason": "completed"})).await).await;
    assert_eq!(visit.audit().await["verified"], true);
}

/// A transaction has its limit: what a visit may gather must still be ended in one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_with_all_the_guests_it_can_have_can_be_called_off() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"duration": 120})).await;
    let invite = async |how_many: usize| {
        let guests: Vec<_> = (0..how_many).map(|_| json!({"role": "guest", "displayName": "Alex"})).collect();
        let body = json!({"roles": ["patient", "clinician"], "guests": guests});
        practice.lander(&visit.path("/links"), &body).await
    };
    let mut links = Vec::new();
    for how_many in [8, 8, 8, 8] {
        links.push(invite(how_many).await.expect(200).json);
    }
    let head = visit.head().await;
    let refused = invite(1).await.problem(400, "VALIDATION_FAILED");
    assert_eq!(refused.json["errors"][0]["pointer"], "/guests");
    assert_eq!(visit.head().await, head);
    // Each spent, and tried by a stranger twice within the minute: the second try is still to be recorded.
    let guests = links.iter().flat_map(|links| links["guests"].as_array().unwrap());
    for link in guests.chain([&links[3]["patient"]]) {
        let credential = credential(link["link"].as_str().unwrap());
        let _ = visit.start(&credential, &Device::new()).await.expect(202);
        for _ in 0..2 {
            visit.start(&credential, &Device::new()).await.problem(409, "TOKEN_USED");
        }
    }
    let ended = visit.end(&json!({"endReason": "cancelled"})).await.expect(200);
    assert_eq!(ended.json["status"], "CANCELLED");
    assert_eq!(visit.audit().await["verified"], true);
}
