//! A lander's server schedules visits.

use bedside_tests::{Answer, Appointment, Practice, slot};
use serde_json::{Value, json};

/// What create-visit needs, for the demo's clinician, who is licensed in New York.
fn request(practice: &Practice, minutes: i64) -> Value {
    json!({
        "patient": {
            "patientId": format!("p-{minutes}"), "givenName": "Ann", "familyName": "Leeward",
            "phone": "+12125550111", "email": "ann@example.com", "state": "NY",
        },
        "clinicianId": practice.key("clinicianId"), "scheduledAt": slot(practice.now(), minutes),
    })
}

/// The request with some members replaced; `null` takes one away.
fn with(mut body: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        let changed = match value {
            Value::Object(_) if body[name].is_object() => with(body[name].take(), value),
            value => value.clone(),
        };
        let members = body.as_object_mut().unwrap();
        drop(if changed.is_null() { members.remove(name) } else { members.insert(name.clone(), changed) });
    }
    body
}

/// How much the tables hold of visits and of what happened.
async fn written(practice: &Practice) -> (Value, Value) {
    let state = practice.get("/local/state").send().await.expect(200).json;
    (state["items"]["Visits"].clone(), state["items"]["Audit"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_of_a_new_patient_takes_the_practices_defaults() {
    let practice = Practice::open().await;
    let body = request(&practice, 60);
    let made = practice.lander("/api/visits", &body).await.expect(201);
    let visit = &made.json;
    let id = visit["visitId"].as_str().unwrap();
    assert_eq!(made.headers["location"], format!("/api/visits/{id}").as_str());
    let starts: jiff::Timestamp = body["scheduledAt"].as_str().unwrap().parse().unwrap();
    let time = |name: &str| visit[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(time("scheduledAt"), starts);
    assert_eq!(starts.duration_since(time("opensAt")), jiff::SignedDuration::from_mins(15));
    assert_eq!(time("closesAt").duration_since(starts), jiff::SignedDuration::from_mins(30 + 30));
    let expected = json!({
        "status": "SCHEDULED", "duration": 30, "visitType": "initial", "modality": "video", "channel": "both",
        "clinicianId": practice.key("clinicianId"), "patientId": "p-60", "timezone": "America/New_York",
        "access": {
            "preset": "standard", "waitingRoom": true, "factors": [], "publicCode": false, "binding": "preferred",
        },
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(visit[name], *value, "{name}");
    }
    assert_eq!(time("createdAt"), time("updatedAt"));
    assert!(!made.text.contains("null"), "{}", made.text);
    assert!(practice.messages().await.is_empty(), "no message is sent by making a visit");
    let location = made.headers["location"].to_str().unwrap();
    let read = practice.get(location).bearer(practice.key("secretKey")).send().await.expect(200);
    assert_eq!(read.json, *visit, "its address answers the same");
    let patient = practice.get("/api/patients/p-60").bearer(practice.key("secretKey")).send().await.expect(200);
    assert_eq!(patient.json["phone"], "+12125550111");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lander_asks_for_is_what_it_gets() {
    let practice = Practice::open().await;
    let asked = json!({
        "duration": 45, "visitType": "follow-up", "modality": "audio", "channel": "sms",
        "chiefComplaint": "Cough", "patientInstructions": "Have your list of medicines ready.",
        "appointment": "Appointment/123", "consent": {"sms": true, "telehealth": true, "version": "2026-11"},
        "access": {"preset": "strict", "publicCode": true},
    });
    let made = practice.lander("/api/visits", &with(request(&practice, 60), &asked)).await.expect(201).json;
    for name in ["duration", "visitType", "modality", "channel"] {
        assert_eq!(made[name], asked[name], "{name}");
    }
    let access = json!({
        "preset": "strict", "waitingRoom": true, "factors": ["sms-otp"], "publicCode": true, "binding": "required",
    });
    assert_eq!(made["access"], access);
    assert_eq!(made["meetingCode"].as_str().unwrap().len(), 8);
    let path = format!("/api/visits/{}/audit", made["visitId"].as_str().unwrap());
    let auditor = practice.token("auditor", None).await;
    let audit = practice.get(&path).bearer(&auditor).send().await.expect(200).json;
    let types: Vec<_> = audit["events"].as_array().unwrap().iter().map(|event| event["type"].clone()).collect();
    assert_eq!(types, ["VISIT_SCHEDULED", "CONSENT_RECORDED"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scheduling_never_changes_how_a_known_patient_is_reached() {
    let practice = Practice::open().await;
    let path = format!("/api/patients/{}", practice.key("patientId"));
    let known = async || practice.get(&path).bearer(practice.key("secretKey")).send().await.expect(200).json;
    let before = known().await;
    let other = json!({"patient": {
        "patientId": practice.key("patientId"), "givenName": "Mallory", "familyName": "Other",
        "phone": "+12125550199", "email": "mallory@example.com", "state": "NJ", "timezone": "America/Denver",
    }});
    let made = practice.lander("/api/visits", &with(request(&practice, 60), &other)).await.expect(201).json;
    assert_eq!(known().await, before);
    assert_eq!(made["timezone"], "America/New_York", "the zone is the patient's own, too");
    let notify = format!("/api/visits/{}/notify", made["visitId"].as_str().unwrap());
    let body = json!({"channel": "both", "recipientRole": "patient", "template": "initial"});
    practice.lander(&notify, &body).await.expect(200);
    let told: Vec<_> = practice.messages().await.iter().map(|message| message["to"].clone()).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&before["phone"]) && told.contains(&before["email"]), "{told:?}");

    let by_id = json!({"patient": null, "patientId": practice.key("patientId")});
    let again = practice.lander("/api/visits", &with(request(&practice, 120), &by_id)).await.expect(201).json;
    assert_eq!(again["patientId"], before["patientId"]);
    assert_eq!(known().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinician_is_never_booked_twice_at_once() {
    let practice = Practice::open().await;
    let base = |from: i64, duration: i64| with(request(&practice, 60 + from), &json!({"duration": duration}));
    let first = practice.lander("/api/visits", &base(0, 30)).await.expect(201).json;
    let before = written(&practice).await;
    for (from, duration, how) in [
        (0, 30, "the same time"),
        (-15, 30, "over its beginning"),
        (15, 30, "over its end"),
        (10, 15, "within it"),
        (-15, 60, "around it"),
        (25, 15, "its last five minutes"),
        (-10, 15, "its first five minutes"),
    ] {
        let answer = practice.lander("/api/visits", &base(from, duration)).await;
        assert_eq!(answer.problem(409, "CLINICIAN_DOUBLE_BOOKED").json["code"], "CLINICIAN_DOUBLE_BOOKED", "{how}");
    }
    assert_eq!(written(&practice).await, before, "a refused visit leaves nothing behind");
    for (from, duration) in [(-30, 30), (30, 30)] {
        practice.lander("/api/visits", &base(from, duration)).await.expect(201);
    }
    let _another_clinician = Appointment::make(&practice, json!({"scheduledAt": first["scheduledAt"]})).await;
    let end = format!("/api/visits/{}/end", first["visitId"].as_str().unwrap());
    let clinician = practice.token("clinician", None).await;
    practice.post(&end, &json!({"endReason": "cancelled"})).bearer(&clinician).send().await.expect(200);
    practice.lander("/api/visits", &base(0, 30)).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_one_time_of_a_clinician_one_gets_it() {
    let practice = Practice::open().await;
    for round in 1..=5 {
        let racer = async |n: i64| {
            let changes = json!({"patient": {"patientId": format!("racer-{round}-{n}")}, "duration": 15 + 5 * n});
            practice.lander("/api/visits", &with(request(&practice, 120 * round), &changes)).await
        };
        let (a, b, c, d) = tokio::join!(racer(0), racer(1), racer(2), racer(3));
        let (won, lost): (Vec<Answer>, Vec<Answer>) = [a, b, c, d].into_iter().partition(|a| a.status == 201);
        assert_eq!(won.len(), 1, "round {round}");
        for answer in lost {
            answer.problem(409, "CLINICIAN_DOUBLE_BOOKED");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_that_cannot_be_is_refused_by_name_and_leaves_nothing_behind() {
    let practice = Practice::open().await;
    let admin = practice.token("admin", None).await;
    let unlicensed = json!({
        "givenName": "Sam", "familyName": "Free", "title": "Dr.", "email": "sam@example.com",
        "phone": "+12125550190", "licensedStates": [],
    });
    practice.put("/api/clinicians/c-nowhere", &unlicensed).bearer(&admin).send().await.expect(201);
    let mute = json!({"givenName": "Bo", "familyName": "Mute", "state": "NY"});
    practice.put("/api/patients/p-mute", &mute).bearer(practice.key("secretKey")).send().await.expect(201);
    let abroad = json!({"givenName": "Cy", "familyName": "North", "state": "NY", "phone": "+14165550123"});
    practice.put("/api/patients/p-abroad", &abroad).bearer(practice.key("secretKey")).send().await.expect(201);
    let before = written(&practice).await;
    let refused = [
        (422, "CLINICIAN_NOT_LICENSED", json!({"patient": {"state": "CA"}})),
        (422, "CLINICIAN_NOT_LICENSED", json!({"clinicianId": "c-nowhere"})),
        (422, "PATIENT_STATE_REQUIRED", json!({"patient": {"state": null}})),
        (404, "CLINICIAN_NOT_FOUND", json!({"clinicianId": "nobody"})),
        (404, "PATIENT_NOT_FOUND", json!({"patient": null, "patientId": "nobody"})),
        (422, "NO_CONTACT_FOR_CHANNEL", json!({"patient": {"phone": null}, "channel": "sms"})),
        (422, "NO_CONTACT_FOR_CHANNEL", json!({"patient": {"email": null}, "channel": "email"})),
        (422, "NO_CONTACT_FOR_CHANNEL", json!({"patient": {"phone": null, "email": null}})),
        (422, "NO_CONTACT_FOR_CHANNEL", json!({"patient": null, "patientId": "p-mute"})),
        (422, "NO_CONTACT_FOR_CHANNEL", json!({"patient": null, "patientId": "p-abroad", "channel": "sms"})),
    ];
    for (status, code, change) in refused {
        let body = with(request(&practice, 60), &change);
        practice.lander("/api/visits", &body).await.problem(status, code);
    }
    let past = jiff::Timestamp::from_second((practice.now().as_second() - 600).div_euclid(300) * 300).unwrap();
    let odd = slot(practice.now(), 60).replace(":00Z", ":01Z");
    let named = [
        ("/scheduledAt", json!({"scheduledAt": past.to_string()})),
        ("/scheduledAt", json!({"scheduledAt": odd})),
        ("/duration", json!({"duration": 17})),
        ("/duration", json!({"duration": 10})),
        ("/duration", json!({"duration": 125})),
        ("", json!({"patient": null})),
        ("", json!({"patientId": practice.key("patientId")})),
        ("/patient/phone", json!({"patient": {"phone": "911"}})),
        ("/chiefComplaint", json!({"chiefComplaint": "x".repeat(1001)})),
        ("/appointment", json!({"appointment": "Patient/1"})),
        ("/access/factors", json!({"access": {"factors": ["sms-otp", "sms-otp"]}})),
    ];
    for (pointer, change) in named {
        let body = with(request(&practice, 60), &change);
        let answer = practice.lander("/api/visits", &body).await.problem(400, "VALIDATION_FAILED");
        let errors = answer.json["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{}", answer.text);
        assert_eq!(errors[0]["pointer"], pointer, "{}", answer.text);
    }
    assert_eq!(written(&practice).await, before);
    let both = with(request(&practice, 60), &json!({"patient": {"phone": null}, "channel": "both"}));
    practice.lander("/api/visits", &both).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_practice_that_says_so_lets_people_in_by_a_link_alone() {
    let practice = Practice::open().await;
    let open = json!({"access": {"preset": "open"}});
    practice.lander("/api/visits", &with(request(&practice, 60), &open)).await.expect(201);

    let key = json!({"PK": {"S": format!("T#{}", practice.key("tenantId"))}, "SK": {"S": "TENANT"}});
    let update = json!({
        "TableName": "Visits", "Key": key, "UpdateExpression": "SET allowOpen = :no",
        "ConditionExpression": "allowOpen = :yes",
        "ExpressionAttributeValues": {":no": {"BOOL": false}, ":yes": {"BOOL": true}},
    });
    practice.laptop().aws().dynamodb("UpdateItem", update).await.unwrap();
    practice.advance(61).await;
    for weak in [
        open,
        json!({"access": {"waitingRoom": false}}),
        json!({"access": {"waitingRoom": false, "factors": ["phone-last4"]}}),
    ] {
        let body = with(request(&practice, 120), &weak);
        practice.lander("/api/visits", &body).await.problem(422, "POLICY_TOO_WEAK");
    }
    for strong in [json!({"waitingRoom": false, "factors": ["sms-otp"]}), json!({"factors": ["phone-last4"]})] {
        let minutes = if strong["waitingRoom"] == false { 180 } else { 240 };
        let body = with(request(&practice, minutes), &json!({"access": strong}));
        practice.lander("/api/visits", &body).await.expect(201);
    }
}
