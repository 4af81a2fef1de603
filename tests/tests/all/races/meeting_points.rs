//! Different people, or different wishes, at the same moment.

use bedside_tests::{Answer, Appointment, Device, Practice, credential, slot};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const OPEN: &str = r#"{"access": {"preset": "open"}}"#;

fn open() -> Value {
    serde_json::from_str(OPEN).unwrap()
}

fn attendee(answer: &Answer) -> Option<String> {
    answer.json.pointer("/media/attendee/AttendeeId").and_then(Value::as_str).map(str::to_owned)
}

async fn is_live(practice: &Practice, start: &Answer, device: &Device) -> bool {
    let session = start.text_at("/visitSession/sessionToken");
    practice.get("/api/session").session(&session, device).send().await.status == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_devices_of_one_sign_in_one_has_the_seat() {
    let practice = Practice::open().await;
    for _ in 0..16 {
        let visit = Appointment::make(&practice, json!({})).await;
        let token = visit.clinician_token().await;
        let (desk, laptop) = (Device::new(), Device::new());
        let come = |device| {
            practice.post(&visit.path("/start-authenticated"), &json!({})).bearer(&token).device(device).send()
        };
        let (at_desk, at_laptop) = join(come(&desk), come(&laptop)).await;
        let mut seated = vec![];
        for (start, device) in [(&at_desk, &desk), (&at_laptop, &laptop)] {
            if start.status == 503 {
                let _ = start.clone().problem(503, "MEDIA_UNAVAILABLE");
                continue;
            }
            let _ = start.clone().expect(200);
            if is_live(&practice, start, device).await {
                seated.push((start, device));
            }
        }
        let [(start, device)] = seated[..] else { panic!("{} devices have the seat", seated.len()) };
        let session = start.text_at("/visitSession/sessionToken");
        let join = practice.post("/api/session/join", &json!({})).session(&session, device).send().await.expect(200);
        let meetings = practice.meetings_of(&visit.id);
        assert_eq!(meetings.len(), 1);
        let there: Vec<_> = meetings[0].attendees.iter().map(|one| Some(one.id.clone())).collect();
        assert_eq!(there, [attendee(&join)], "whoever has the seat is in the call, and nobody else");
        let other = if std::ptr::eq(start, &raw const at_desk) { &at_laptop } else { &at_desk };
        assert_ne!(attendee(other), attendee(&join), "the other device holds no credentials that still work");
        let _ = visit.events().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_were_invited_with_links_of_their_own_come_in_at_once() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let mut links = vec![visit.patient_credential().await];
    for (part, many) in [8, 8, 4].into_iter().enumerate() {
        let role = |n: usize| if n.is_multiple_of(2) { "guest" } else { "interpreter" };
        let guest = |n| json!({"role": role(n), "displayName": format!("G {part} {n}")});
        let guests: Vec<_> = (0..many).map(guest).collect();
        let made = practice.lander(&visit.path("/links"), &json!({"roles": [], "guests": guests})).await.expect(200);
        let made = made.json["guests"].as_array().unwrap();
        links.extend(made.iter().map(|guest| credential(guest["link"].as_str().unwrap())));
    }
    let devices: Vec<_> = links.iter().map(|_| Device::new()).collect();
    let mut waiting: Vec<usize> = (0..links.len()).collect();
    let mut seats = BTreeSet::new();
    for _ in 0..4 {
        let answers = join_all(waiting.iter().map(|n| visit.start(&links[*n], &devices[*n]))).await;
        let mut busy = vec![];
        for (n, answer) in waiting.iter().zip(answers) {
            if answer.status == 503 {
                assert!(answer.clone().problem(503, "UNAVAILABLE").headers.contains_key("retry-after"));
                busy.push(*n);
            } else {
                let _ = seats.insert(answer.expect(202).text_at("/participantId"));
            }
        }
        waiting = busy;
    }
    assert_eq!(seats.len(), links.len(), "each on a seat of their own");
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|event| *event == "TOKEN_REDEEMED").count(), links.len());
    assert_eq!(events.iter().filter(|event| *event == "PARTICIPANT_WAITING").count(), links.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clinician_and_patient_who_come_at_once_meet() {
    let practice = Practice::open().await;
    for _ in 0..12 {
        let visit = Appointment::make(&practice, open()).await;
        let link = visit.patient_credential().await;
        let (phone, desk) = (Device::new(), Device::new());
        let (patient, clinician) = join(visit.start(&link, &phone), visit.clinician_comes(&desk)).await;
        let (patient, clinician) = (patient.expect(200), clinician.expect(200));
        assert_eq!(patient.json["media"]["meeting"], clinician.json["media"]["meeting"]);
        let meetings = practice.meetings_of(&visit.id);
        assert_eq!((meetings.len(), meetings[0].attendees.len()), (1, 2), "one call, two people in it");
        let events = visit.events().await;
        assert_eq!(events.iter().filter(|event| *event == "VISIT_STARTED").count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_is_let_in_and_turned_away_at_once_is_one_of_the_two() {
    let practice = Practice::open().await;
    for round in 0..12 {
        let visit = Appointment::make(&practice, json!({})).await;
        let patient = visit.patient_waits().await;
        let token = visit.clinician_token().await;
        let press = |what: &str| {
            let path = visit.path(&format!("/participants/{}/{what}", patient.id));
            practice.post(&path, &json!({})).bearer(&token).send()
        };
        // Who is asked first differs, or one of them would win each time.
        let (admit, reject) = if round % 2 == 0 {
            join(press("admit"), press("reject")).await
        } else {
            let (reject, admit) = join(press("reject"), press("admit")).await;
            (admit, reject)
        };
        let events = visit.events().await;
        let count = |name: &str| events.iter().filter(|event| *event == name).count();
        let (won, lost, decided) =
            if admit.status == 200 { (admit, reject, "ADMITTED") } else { (reject, admit, "REJECTED") };
        let _ = lost.problem(409, "PARTICIPANT_STATE");
        assert_eq!(won.expect(200).json["status"], decided);
        let expected = if decided == "ADMITTED" { (1, 0) } else { (0, 1) };
        assert_eq!((count("PARTICIPANT_ADMITTED"), count("PARTICIPANT_REJECTED")), expected);
        assert_eq!(patient.join().await.status == 200, decided == "ADMITTED");
        assert_eq!(practice.meetings_of(&visit.id).len(), usize::from(decided == "ADMITTED"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_grant_outlives_the_end_that_it_races() {
    let practice = Practice::open().await;
    for round in 0..24 {
        let visit = Appointment::make(&practice, open()).await;
        let link = visit.patient_credential().await;
        let (phone, token) = (Device::new(), visit.clinician_token().await);
        let end = async {
            // The end falls between different steps of the start.
            tokio::time::sleep(std::time::Duration::from_millis(round)).await;
            practice.post(&visit.path("/end"), &json!({"endReason": "no-show"})).bearer(&token).send().await
        };
        let (start, end) = join(visit.start(&link, &phone), end).await;
        assert_eq!(end.expect(200).json["status"], "NO_SHOW");
        if start.status == 200 {
            let session = start.text_at("/visitSession/sessionToken");
            let rejoin = practice.post("/api/session/join", &json!({})).session(&session, &phone).send().await;
            let _ = rejoin.problem(409, "VISIT_ENDED");
        } else {
            let _ = start.problem(409, "VISIT_ENDED");
        }
        let _ = visit.start(&link, &phone).await.problem(409, "VISIT_ENDED");
        let _ = practice.local("/local/tick", &json!({})).await;
        assert_eq!(practice.meetings_of(&visit.id), [], "whatever was made for it is gone, round {round}");
        let events = visit.events().await;
        let end = events.iter().position(|event| event == "VISIT_ENDED").unwrap();
        assert_eq!(events.iter().filter(|event| *event == "VISIT_ENDED").count(), 1);
        let grants = ["TOKEN_REDEEMED", "PARTICIPANT_ADMITTED", "PARTICIPANT_JOINED"];
        assert!(!events[end..].iter().any(|event| grants.contains(&event.as_str())), "{events:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_all_who_want_one_slot_one_gets_it() {
    let practice = Practice::open().await;
    for round in 0..6 {
        let first = Appointment::make(&practice, json!({})).await;
        // All of these cover the mark 80 minutes from now, each from another start on.
        let wishes: Vec<_> = (0..12)
            .map(|n| {
                // Half of them are about one patient, who is not known yet.
                let patient = if n % 2 == 0 { format!("p-{round}-same") } else { format!("p-{round}-{n}") };
                json!({
                    "patient": {
                        "patientId": patient, "givenName": "Ann", "familyName": "Leeward",
                        "phone": "+12025550123", "email": "ann@example.com", "state": "TX",
                    },
                    "clinicianId": first.clinician_id, "scheduledAt": slot(practice.now(), 70 + n % 3 * 5), "duration": 15,
                })
            })
            .collect();
        let answers = join_all(wishes.iter().map(|wish| practice.lander("/api/visits", wish))).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(won.len(), 1, "{lost:?}");
        for answer in lost {
            let _ = answer.problem(409, "CLINICIAN_DOUBLE_BOOKED");
        }
        let admin = practice.token("admin", None).await;
        let read = practice.get(&format!("/api/visits/{}", won[0].text_at("/visitId"))).bearer(&admin).send().await;
        assert_eq!(read.expect(200).json["status"], "SCHEDULED");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admission_is_not_lost_when_the_seat_moves_at_once() {
    let practice = Practice::open().await;
    for round in 0..16 {
        let visit = Appointment::make(&practice, json!({})).await;
        let patient = visit.patient_waits().await;
        // The patient signs in on another device at the moment in which they are let in.
        let portal = practice.token("patient", Some(visit.visit["patientId"].as_str().unwrap())).await;
        let (tablet, token) = (Device::new(), visit.clinician_token().await);
        let come =
            practice.post(&visit.path("/start-authenticated"), &json!({})).bearer(&portal).device(&tablet).send();
        let path = visit.path(&format!("/participants/{}/admit", patient.id));
        let admit = async {
            tokio::time::sleep(std::time::Duration::from_millis(round / 2)).await;
            practice.post(&path, &json!({})).bearer(&token).send().await
        };
        let (come, admit) = join(come, admit).await;
        assert_eq!(admit.expect(200).json["status"], "ADMITTED");
        let session = come.text_at("/visitSession/sessionToken");
        let joined = practice.post("/api/session/join", &json!({})).session(&session, &tablet).send().await.expect(200);
        assert_eq!(patient.look().await.status, 401, "the phone's session has ended");
        let there: Vec<_> = visit.in_the_call().into_iter().map(|(_, attendee)| Some(attendee)).collect();
        assert_eq!(there, [attendee(&joined)]);
        let _ = visit.events().await;
    }
}
