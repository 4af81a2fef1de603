//! Calls by Amazon Connect: one contact for all, which the clinician takes in the Connect panel.

use bedside_local::Options;
use bedside_tests::{Answer, Appointment, Device, Practice, Seat, credential};
use serde_json::{Value, json};
use std::time::Duration;

async fn open() -> Practice {
    Practice::open_with(Options { connect: true, ..Options::default() }).await
}

/// The clinician takes what rings in the panel, and is seen in the call.
async fn takes_the_call(visit: &Appointment<'_>, desk: &Seat<'_>) {
    let accepted = visit.practice.local("/local/media", &json!({"visitId": visit.id, "kind": "accept"})).await;
    assert_eq!(accepted["accepted"], 1);
    becomes(visit, desk, "JOINED").await;
}

/// What Connect tells arrives by an event of its own, a moment later.
async fn becomes(visit: &Appointment<'_>, seat: &Seat<'_>, status: &str) {
    for _ in 0..200 {
        if status_of(visit, seat).await == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never {status}: {}", status_of(visit, seat).await);
}

async fn status_of(visit: &Appointment<'_>, seat: &Seat<'_>) -> Value {
    let token = visit.clinician_token().await;
    let room = visit.practice.get(&visit.path("/participants")).bearer(&token).send().await.expect(200).json;
    let all = room["participants"].as_array().unwrap();
    all.iter().find(|one| one["participantId"] == seat.id.as_str()).unwrap()["status"].clone()
}

async fn guest<'a>(visit: &Appointment<'a>) -> Seat<'a> {
    let body = json!({"roles": [], "guests": [{"role": "interpreter", "displayName": "Maria Windward"}]});
    let links = visit.practice.lander(&visit.path("/links"), &body).await.expect(200);
    let device = Device::new();
    let start = visit.start(&credential(&links.text_at("/guests/0/link")), &device).await;
    Seat::of(visit.practice, start.expect(202), device)
}

fn contact(answer: &Answer) -> Value {
    let body = &answer.json;
    assert_eq!(body["media"]["provider"], "connect");
    assert_eq!(body["chimeJoinInfo"]["meeting"], body["media"]["meeting"]);
    for (name, value) in [("participantId", true), ("participantToken", true), ("contactId", true)] {
        assert_eq!(body["connectContact"][name].is_string(), value, "{body}");
    }
    body["connectContact"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patient_and_clinician_meet_in_one_contact() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    assert!(practice.laptop().aws().contacts().is_empty(), "nobody rings before the patient is admitted");

    let desk = visit.clinician_sits().await;
    let media = &desk.start.json["media"];
    assert_eq!(*media, json!({"provider": "connect", "epoch": 1}), "the panel carries the clinician's call");
    assert!(desk.start.json["connectContact"].is_null() && desk.start.json["chimeJoinInfo"].is_null());
    assert_eq!(status_of(&visit, &desk).await, "ADMITTED");

    visit.admit(&desk, &patient.id).await.expect(200);
    let joined = patient.join().await.expect(200);
    let mine = contact(&joined);
    assert_eq!(patient.join().await.expect(200).json, joined.json, "after a drop, the same again");
    assert_eq!(practice.laptop().aws().contacts().len(), 1);

    let beside = desk.join().await.expect(200).json;
    assert_eq!(beside["connectContact"], json!({"contactId": mine["contactId"], "instanceId": "demo-instance"}));
    assert!(beside["media"]["meeting"].is_null());
    takes_the_call(&visit, &desk).await;
    assert_eq!(patient.look().await.expect(200).json["media"], json!({"provider": "connect", "epoch": 1}));

    visit.end(&json!({"endReason": "completed"})).await.expect(200);
    let contacts = practice.laptop().aws().contacts();
    assert!(contacts.len() == 1 && contacts[0].ended_at.is_some(), "the contact is over");
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|event| *event == "PARTICIPANT_JOINED").count(), 2, "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_takes_the_contact_before_the_seat_is_in_the_call_all_the_same() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    visit.at_desk(&patient.id, "admit").await.expect(200);
    patient.join().await.expect(200);
    let accept = json!({"visitId": visit.id, "kind": "accept"});
    assert_eq!(practice.local("/local/media", &accept).await["accepted"], 1);
    // What Connect tells of it finds nobody at the desk.
    let asked = || practice.laptop().aws().calls().iter().any(|call| call.operation == "DescribeContact");
    while !asked() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let desk = visit.clinician_sits().await;
    assert_eq!(status_of(&visit, &desk).await, "JOINED");
    desk.join().await.expect(200);
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|event| *event == "PARTICIPANT_JOINED").count(), 2, "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connect_is_told_ids_and_nothing_of_a_person() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    let contacts = serde_json::to_value(practice.laptop().aws().contacts()).unwrap();
    assert_eq!(
        contacts[0]["attributes"],
        json!({"visitId": visit.id, "epoch": "1"}),
        "the clinician is no agent that we know"
    );
    assert_eq!(contacts[0]["participants"][0]["displayName"], "Patient");
    let told = contacts.to_string();
    for secret in ["Ann", "Leeward", "Headache", "Jane", "Doe", &visit.phone, &visit.clinician_id] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flow_learns_which_agent_the_clinician_is() {
    let practice = open().await;
    let (clinician, patient) = (practice.key("clinicianId").to_owned(), practice.key("patientId").to_owned());
    let body = json!({"clinicianId": clinician, "patientId": patient, "patient": null});
    let mut body = body;
    body.as_object_mut().unwrap().remove("patient");
    body["scheduledAt"] = json!(bedside_tests::slot(practice.now(), 5));
    let visit = practice.lander("/api/visits", &body).await.expect(201).text_at("/visitId");
    let links =
        practice.lander(&format!("/api/visits/{visit}/links"), &json!({"roles": ["patient"]})).await.expect(200);
    let device = Device::new();
    let start = practice.post(&format!("/api/visits/{visit}/start"), &credential(&links.text_at("/patient/link")));
    let patient = Seat::of(&practice, start.device(&device).send().await.expect(202), device);
    let token = practice.token("clinician", Some(&clinician)).await;
    let admit = format!("/api/visits/{visit}/participants/{}/admit", patient.id);
    practice.post(&admit, &json!({})).bearer(&token).send().await.expect(200);
    patient.join().await.expect(200);
    let contact = practice.laptop().aws().contacts().pop().unwrap();
    assert_eq!(contact.attributes, json!({"visitId": visit, "epoch": "1", "agentId": "demo-agent"}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_wait_outside_of_connect_until_the_clinician_is_there() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (interpreter, patient, desk) = (guest(&visit).await, visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &interpreter.id).await.expect(200);
    let refused = interpreter.join().await.problem(503, "MEDIA_UNAVAILABLE");
    assert!(refused.headers.contains_key("retry-after"));
    assert!(practice.laptop().aws().contacts().is_empty(), "they get no contact of their own");
    visit.admit(&desk, &patient.id).await.expect(200);
    let first = patient.join().await.expect(200);
    interpreter.join().await.problem(503, "MEDIA_UNAVAILABLE");
    takes_the_call(&visit, &desk).await;

    let joined = interpreter.join().await.expect(200);
    assert_eq!(joined.json["media"]["meeting"]["MeetingId"], first.json["media"]["meeting"]["MeetingId"]);
    assert_ne!(contact(&joined)["participantToken"], contact(&first)["participantToken"]);
    assert_eq!(contact(&joined)["contactId"], contact(&first)["contactId"]);
    assert_eq!(interpreter.join().await.expect(200).json, joined.json, "the same again");
    let contacts = serde_json::to_value(practice.laptop().aws().contacts()).unwrap();
    assert_eq!(contacts[0]["participants"][1]["displayName"], "Interpreter", "not their name");

    // A contact forgets who has been away for a minute, while the others go on.
    practice.advance(61).await;
    let back = interpreter.join().await.expect(200);
    assert_eq!(contact(&back)["contactId"], contact(&first)["contactId"]);
    assert_ne!(contact(&back)["participantToken"], contact(&joined)["participantToken"]);
    assert_eq!(practice.laptop().aws().contacts()[0].participants.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_taken_out_ends_the_contact_and_the_others_come_over_to_the_next() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (interpreter, patient, desk) = (guest(&visit).await, visit.patient_waits().await, visit.clinician_sits().await);
    for seat in [&patient, &interpreter] {
        visit.admit(&desk, &seat.id).await.expect(200);
    }
    let first = patient.join().await.expect(200);
    takes_the_call(&visit, &desk).await;
    interpreter.join().await.expect(200);

    visit.at_desk(&interpreter.id, "remove").await.expect(200);
    assert!(practice.laptop().aws().contacts()[0].ended_at.is_some(), "nobody's credentials go alone");
    interpreter.join().await.problem(409, "NOT_ADMITTED");
    becomes(&visit, &patient, "LEFT").await;
    let next = patient.join().await.expect(200);
    assert_eq!(next.json["media"]["epoch"], 2);
    assert_ne!(contact(&next)["contactId"], contact(&first)["contactId"]);
    becomes(&visit, &desk, "LEFT").await;
    takes_the_call(&visit, &desk).await;

    visit.at_desk(&interpreter.id, "remove").await.expect(200);
    assert_eq!(patient.join().await.expect(200).json["media"]["epoch"], 2, "who has gone is taken out of nothing more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_that_nobody_has_recorded_is_ended_and_rings_for_nobody() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "open"}})).await;
    let (credential, phone) = (visit.patient_credential().await, Device::new());
    // Started, and every answer lost; then over, so that Connect tells its id alone.
    practice.fault("connect", "StartWebRTCContact", "lost-answer", 3).await;
    visit.start(&credential, &phone).await.problem(503, "MEDIA_UNAVAILABLE");
    let lost = practice.laptop().aws().contacts().pop().unwrap().id;
    practice.local("/local/media", &json!({"visitId": visit.id, "kind": "end"})).await;
    let started = visit.start(&credential, &phone).await.expect(200);
    assert_eq!(started.json["media"]["epoch"], 2);
    assert_ne!(contact(&started)["contactId"], json!(lost));

    // Another one is lost, and the visit ends without anybody having known of it.
    practice.local("/local/media", &json!({"visitId": visit.id, "kind": "end"})).await;
    practice.fault("connect", "StartWebRTCContact", "lost-answer", 3).await;
    visit.start(&credential, &phone).await.problem(503, "MEDIA_UNAVAILABLE");
    visit.end(&json!({"endReason": "completed"})).await.expect(200);
    let rings = practice.laptop().aws().contacts().pop().unwrap();
    assert!(rings.ended_at.is_none());
    practice.local("/local/media", &json!({"visitId": visit.id, "kind": "accept"})).await;
    for _ in 0..200 {
        if practice.laptop().aws().contacts().pop().unwrap().ended_at.is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the clinician talks to nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinician_who_never_takes_the_call_has_not_been_there() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    desk.leave().await.expect(204);
    practice.advance(3600 + 60).await;
    practice.local("/local/tick", &json!({})).await;
    let admin = practice.token("admin", None).await;
    let ended = practice.get(&visit.path("")).bearer(&admin).send().await.expect(200).json;
    assert_eq!((&ended["status"], &ended["endReason"]), (&json!("NO_SHOW"), &json!("no-show")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_that_has_ended_is_made_anew() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let mut contacts = vec![contact(&patient.join().await.expect(200))];
    for epoch in [2, 3] {
        let ended = practice.local("/local/media", &json!({"visitId": visit.id, "kind": "end"})).await;
        assert_eq!(ended["ended"], 1);
        let (one, other) = tokio::join!(patient.join(), patient.join());
        let (one, other) = (one.expect(200), other.expect(200));
        assert_eq!(one.json["media"], other.json["media"]);
        assert_eq!(one.json["media"]["epoch"], epoch);
        assert!(!contacts.contains(&contact(&one)));
        contacts.push(contact(&one));
        let on = practice.laptop().aws().contacts().into_iter().filter(|contact| contact.ended_at.is_none());
        assert_eq!(on.count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_device_of_the_patient_cuts_the_first_one_off() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "open"}})).await;
    let credential = visit.patient_credential().await;
    let phone = Device::new();
    let first = Seat::of(&practice, visit.start(&credential, &phone).await.expect(200), phone);
    let before = contact(&first.start);
    let tablet = Device::new();
    visit.start(&credential, &tablet).await.problem(409, "TOKEN_USED");
    let mut ask = credential.clone();
    ask["factor"] = json!("sms-otp");
    let asked = practice.post("/api/challenges", &ask).device(&tablet).send().await.expect(202);
    let text = visit.texts().await[0]["text"].as_str().unwrap().to_owned();
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap().to_owned();
    let answer = format!("/api/challenges/{}/answer", asked.text_at("/challengeId"));
    practice.post(&answer, &json!({"answer": code})).device(&tablet).send().await.expect(200);
    let mut again = credential.clone();
    again["proofs"] = json!([asked.text_at("/challengeId")]);
    let moved = visit.start(&again, &tablet).await.expect(200);
    assert_eq!(moved.json["media"]["epoch"], 2, "the contact of the phone is over");
    assert_ne!(contact(&moved)["contactId"], before["contactId"]);
    assert!(practice.laptop().aws().contacts()[0].ended_at.is_some());
    first.join().await.problem(401, "UNAUTHENTICATED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_connect_burns_no_link_and_makes_no_second_call() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "open"}})).await;
    let credential = visit.patient_credential().await;
    let phone = Device::new();
    for kind in ["error", "throttle", "timeout"] {
        practice.fault("connect", "StartWebRTCContact", kind, 3).await;
        let refused = visit.start(&credential, &phone).await.problem(503, "MEDIA_UNAVAILABLE");
        assert!(refused.headers.contains_key("retry-after"), "{kind}");
        practice.no_faults().await;
    }
    assert!(practice.laptop().aws().contacts().is_empty());
    for kind in ["lost-answer", "twice"] {
        practice.fault("connect", "StartWebRTCContact", kind, 1).await;
        let started = visit.start(&credential, &phone).await.expect(200);
        assert_eq!(started.json["media"]["epoch"], 1, "{kind}");
        assert_eq!(practice.laptop().aws().contacts().len(), 1, "{kind}");
        practice.no_faults().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_whose_ending_failed_is_ended_by_tick() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    practice.fault("connect", "StopContact", "error", 3).await;
    visit.end(&json!({"endReason": "completed"})).await.expect(200);
    assert!(practice.laptop().aws().contacts()[0].ended_at.is_none());
    practice.no_faults().await;
    practice.advance(120).await;
    practice.local("/local/tick", &json!({})).await;
    assert!(practice.laptop().aws().contacts()[0].ended_at.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_connect_tells_twice_late_or_of_others_changes_nothing() {
    let practice = open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let mine = contact(&patient.join().await.expect(200));
    takes_the_call(&visit, &desk).await;
    let before = visit.head().await;
    let event = |contact: &Value, instance: &str| {
        json!({"detail": {
            "eventType": "DISCONNECTED", "contactId": contact, "channel": "VOICE",
            "instanceArn": format!("arn:aws:connect:us-east-1:123456789012:instance/{instance}"),
        }})
    };
    let stranger = json!("7b1f3e52-0c3b-4b7e-9a44-2f3f0f6b9a10");
    let tell = async |event: Value| practice.laptop().invoke("on-contact-event", &event).await;
    for (event, ours) in [
        (event(&mine["contactId"], "demo-instance"), true),
        (event(&mine["contactId"], "another-instance"), false),
        (event(&stranger, "demo-instance"), false),
    ] {
        assert_eq!(tell(event).await, Ok(json!({"ours": ours})));
    }
    assert!(tell(json!({"detail": {"contactId": "../../x", "instanceArn": "x"}})).await.is_err());
    assert_eq!(visit.head().await, before, "the contact is asked how it stands, whatever the event says");

    practice.fault("connect", "DescribeContact", "error", 3).await;
    assert!(tell(event(&mine["contactId"], "demo-instance")).await.is_err(), "so that Lambda tries again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_practice_may_change_its_carrier_and_health_says_whether_it_can() {
    let practice = open().await;
    let admin = practice.token("admin", None).await;
    let deep = async || {
        let answer = practice.get("/api/health?deep=true").bearer(&admin).send().await.expect(200).json;
        let checks = answer["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["name"] == "connect")
    };
    assert_eq!(deep().await.unwrap()["ok"], true);
    let mut settings = practice.get("/api/tenant").bearer(&admin).send().await.expect(200).json;
    settings["mediaProvider"] = json!("chime");
    practice.put("/api/tenant", &settings).bearer(&admin).send().await.expect(200);
    practice.advance(61).await;
    assert_eq!(deep().await, None, "whoever does not use it is not asked for it");
    let visit = Appointment::make(&practice, json!({})).await;
    let desk = visit.clinician_sits().await;
    assert_eq!(desk.start.json["media"]["provider"], "chime");
    assert!(desk.start.json["media"]["meeting"].is_object());
}
