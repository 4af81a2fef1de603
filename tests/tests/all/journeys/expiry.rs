//! What happens by the clock alone: links run out, visits close, and `tick` does it, whatever fails or races.

use super::form;
use bedside_tests::{Appointment, Device, Practice, Seat, credential};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A quarter of an hour, the shortest life of a link.
const TTL: i64 = 15 * 60;

/// A visit in three quarters of an hour, and the patient's link, which lives a quarter.
async fn with_short_link(practice: &Practice) -> (Appointment<'_>, Value) {
    let visit = Appointment::make(practice, json!({"scheduledAt": bedside_tests::slot(practice.now(), 45)})).await;
    let body = json!({"roles": ["patient"], "ttlMinutes": 15});
    let links = practice.lander(&visit.path("/links"), &body).await.expect(200).json;
    (visit, links["patient"].clone())
}

async fn tick(practice: &Practice) -> Value {
    practice.local("/local/tick", &json!({})).await
}

/// A tick that may die.
async fn tick_at_risk(practice: &Practice) {
    let _ = practice.post("/local/tick", &json!({})).send().await;
}

/// The tokens that are recorded as expired.
async fn expired(visit: &Appointment<'_>) -> Vec<String> {
    let audit = visit.audit().await;
    assert_eq!(audit["verified"], true, "{audit}");
    let events = audit["events"].as_array().unwrap().iter().filter(|event| event["type"] == "TOKEN_EXPIRED");
    events.map(|event| event["tokenId"].as_str().unwrap().to_owned()).collect()
}

/// The rows of a visit whose sort keys begin so.
async fn rows(visit: &Appointment<'_>, kind: &str) -> Vec<Value> {
    let query = json!({
        "TableName": "Visits", "KeyConditionExpression": "PK = :pk AND begins_with(SK, :sk)",
        "ExpressionAttributeValues": {":pk": {"S": format!("V#{}", visit.id)}, ":sk": {"S": kind}},
    });
    let page = visit.practice.laptop().aws().dynamodb("Query", query).await.unwrap();
    page["Items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_has_run_out_is_on_record_once_and_nothing_of_it_can_be_sent_again() {
    let practice = Practice::open().await;
    let (visit, link) = with_short_link(&practice).await;
    practice.advance(TTL - 30).await;
    tick(&practice).await;
    assert_eq!(expired(&visit).await, Vec::<String>::new(), "it lives");
    assert!(rows(&visit, "LINK#").await[0]["sealed"].is_object());

    practice.advance(31).await;
    assert_eq!(tick(&practice).await["visits"], 1);
    let id = link["tokenId"].as_str().unwrap();
    assert_eq!(expired(&visit).await, [id]);
    let row = &rows(&visit, "LINK#").await[0];
    assert!(row["sealed"].is_null() && row["status"]["S"] == "ACTIVE", "{row}");
    for _ in 0..3 {
        practice.advance(61).await;
        assert_eq!(tick(&practice).await["visits"], 0, "nothing is due any more");
    }
    let mine = credential(link["link"].as_str().unwrap());
    practice.post("/api/token/redeem", &mine).send().await.problem(410, "TOKEN_EXPIRED");

    // The next one opens; and at the end nothing of the first is told again.
    let next = visit.patient_credential().await;
    practice.advance(20 * 60).await;
    visit.start(&mine, &Device::new()).await.problem(410, "TOKEN_EXPIRED");
    visit.start(&next, &Device::new()).await.expect(202);
    practice.advance(3 * 3600).await;
    tick(&practice).await;
    assert_eq!(expired(&visit).await, [id]);
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|event| *event == "VISIT_ENDED").count(), 1, "{events:?}");
    practice.post("/api/token/redeem", &mine).send().await.problem(409, "VISIT_ENDED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_was_spent_in_time_does_not_run_out_and_its_holder_goes_on() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let body = json!({"roles": ["patient"], "ttlMinutes": 15});
    let links = practice.lander(&visit.path("/links"), &body).await.expect(200);
    let device = Device::new();
    let patient = visit.start(&credential(&links.text_at("/patient/link")), &device).await.expect(202);
    let patient = Seat::of(&practice, patient, device);
    practice.advance(TTL + 61).await;
    tick(&practice).await;
    assert_eq!(expired(&visit).await, Vec::<String>::new());
    patient.look().await.expect(200);
    practice.advance(61).await;
    assert_eq!(tick(&practice).await["visits"], 0, "it is not looked at again each minute");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guests_address_goes_with_their_link_and_each_link_has_its_own_time() {
    let practice = Practice::open().await;
    let (visit, first) = with_short_link(&practice).await;
    practice.advance(5 * 60).await;
    let body = json!({"roles": ["clinician"], "ttlMinutes": 15, "guests": [
        {"role": "guest", "displayName": "Aunt May", "phone": "+12025550177"},
    ]});
    let more = practice.lander(&visit.path("/links"), &body).await.expect(200).json;
    assert_eq!(rows(&visit, "LINK#").await.iter().filter(|row| row["contact"].is_object()).count(), 1);
    practice.advance(10 * 60 + 1).await;
    tick(&practice).await;
    assert_eq!(expired(&visit).await, [first["tokenId"].as_str().unwrap()]);
    practice.advance(5 * 60).await;
    tick(&practice).await;
    let (mut all, mut ids) = (expired(&visit).await, vec![]);
    for id in [&first["tokenId"], &more["clinician"]["tokenId"], &more["guests"][0]["tokenId"]] {
        ids.push(id.as_str().unwrap().to_owned());
    }
    all.sort();
    ids.sort();
    assert_eq!(all, ids);
    for row in rows(&visit, "LINK#").await {
        assert!(row["sealed"].is_null() && row["contact"].is_null(), "{row}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_is_replaced_in_the_minute_after_it_ran_out_has_still_expired() {
    let practice = Practice::open().await;
    let (visit, link) = with_short_link(&practice).await;
    practice.advance(TTL + 5).await;
    visit.patient_credential().await;
    let id = link["tokenId"].as_str().unwrap();
    assert_eq!(expired(&visit).await, [id]);
    practice.advance(61).await;
    tick(&practice).await;
    assert_eq!(expired(&visit).await, [id]);
    assert!(!visit.events().await.contains(&"TOKEN_REVOKED".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_that_is_moved_keeps_its_eye_on_its_links() {
    let practice = Practice::open().await;
    let (visit, link) = with_short_link(&practice).await;
    let later = json!({"scheduledAt": bedside_tests::slot(practice.now(), 24 * 60)});
    let moved = practice.ask("PATCH", &visit.path("")).json(&later).bearer(practice.key("secretKey")).send().await;
    moved.expect(200);
    practice.advance(TTL + 1).await;
    tick(&practice).await;
    assert_eq!(expired(&visit).await, [link["tokenId"].as_str().unwrap()]);
}

/// One fault at a time at each kind of call that `tick` makes: what it did not do it does later, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_at_whichever_call_nothing_is_lost_and_nothing_is_recorded_twice() {
    let calls = [
        ("dynamodb", "Query"),
        ("dynamodb", "UpdateItem"),
        ("dynamodb", "GetItem"),
        ("dynamodb", "TransactWriteItems"),
        ("sms", "SendTextMessage"),
        ("kms", "Sign"),
    ];
    let kinds = ["die", "die-after", "lost-answer", "error", "twice", "conflict"];
    let practice = Practice::open().await;
    for (service, operation) in calls {
        for kind in kinds {
            let (visit, link) = with_short_link(&practice).await;
            practice.fault("sms", "SendTextMessage", "error", 100).await;
            let notify = json!({"channel": "sms", "recipientRole": "patient", "template": "initial"});
            practice.lander(&visit.path("/notify"), &notify).await.problem(502, "NOTIFICATION_FAILED");
            practice.no_faults().await;
            // What is owed is due at once, the link in a quarter of an hour, the end in an hour and a half.
            for wait in [60, TTL, 2 * 3600] {
                practice.advance(wait).await;
                practice.fault(service, operation, kind, 1).await;
                tick_at_risk(&practice).await;
                practice.no_faults().await;
                for _ in 0..2 {
                    practice.advance(125).await;
                    tick(&practice).await;
                }
            }
            let what = format!("{kind} at {service} {operation}");
            assert_eq!(expired(&visit).await, [link["tokenId"].as_str().unwrap()], "{what}");
            let events = visit.events().await;
            assert_eq!(events.iter().filter(|event| *event == "VISIT_ENDED").count(), 1, "{what}: {events:?}");
            assert!(events.contains(&"NOTIFICATION_SENT".to_owned()), "{what}: {events:?}");
            let texts = visit.texts().await.len();
            assert!((1..=2).contains(&texts), "{what}: {texts} texts");
            assert!(visit.head().await["signature"].is_string(), "{what}: the head is signed");
            assert!(rows(&visit, "#VISIT").await[0]["dueAt"].is_null(), "{what}: nothing is due any more");
        }
    }
}

/// Three hundred and more: owed texts, links that run out, holds that nobody confirmed, visits that nobody ended. A
/// tick dies amidst of them, and then two race.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_every_kind_are_done_though_a_tick_dies_and_two_race() {
    const VISITS: usize = 70;
    let practice = Practice::open().await;
    let mut visits = Vec::new();
    for _ in 0..VISITS / 10 {
        visits.extend(join_all((0..10).map(|_| with_short_link(&practice))).await);
    }
    let mut held = Vec::new();
    for n in 0..10 {
        let asked = form::ask(&practice, &form::form(&practice, &form::phone(), 60 + 20 * n)).await.expect(201);
        held.push(asked.text_at("/visitId"));
    }
    practice.fault("sms", "SendTextMessage", "error", 100_000).await;
    let notify = json!({"channel": "sms", "recipientRole": "patient", "template": "initial"});
    for (visit, _) in &visits {
        practice.lander(&visit.path("/notify"), &notify).await.problem(502, "NOTIFICATION_FAILED");
    }
    practice.no_faults().await;
    practice.advance(60).await;
    let before = practice.messages().await.len();

    // Now the texts are due, and later the links and the holds. The first tick dies when a third of the texts has gone.
    let nothing = json!({});
    let invoked = || practice.laptop().invoke("tick", &nothing);
    let dying = invoked();
    let killing = async {
        while practice.messages().await.len() < before + VISITS / 3 {
            tokio::task::yield_now().await;
        }
        practice.fault("dynamodb", "TransactWriteItems", "die", 1).await;
    };
    let (died, ()) = tokio::join!(dying, killing);
    assert!(died.is_err(), "{died:?}");
    practice.no_faults().await;
    practice.advance(121).await;
    let (one, two) = tokio::join!(invoked(), invoked());
    let texts = one.unwrap()["messages"].as_u64().unwrap() + two.unwrap()["messages"].as_u64().unwrap();
    assert!((1..=VISITS as u64).contains(&texts), "{texts} were left by the first");
    practice.advance(TTL).await;
    let (one, two) = tokio::join!(invoked(), invoked());
    let (one, two) = (one.unwrap(), two.unwrap());
    for did in [&one, &two] {
        assert_eq!((&did["failed"], &did["left"]), (&json!(0), &json!(0)), "{one} {two}");
    }
    let visited = one["visits"].as_u64().unwrap() + two["visits"].as_u64().unwrap();
    assert_eq!(visited, (VISITS + held.len()) as u64, "each once: {one} {two}");

    let mut texts: BTreeMap<String, usize> = BTreeMap::new();
    for text in practice.messages().await.iter().filter(|message| message["channel"] == "sms") {
        *texts.entry(text["to"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for (visit, link) in &visits {
        assert_eq!(expired(visit).await, [link["tokenId"].as_str().unwrap()]);
        // One that had gone when the tick died, and was not on record, has gone twice: at least once.
        assert!((1..=2).contains(&texts[&visit.phone]), "{texts:?}");
    }
    let twice = visits.iter().filter(|(visit, _)| texts[&visit.phone] == 2).count();
    assert!(twice <= 32, "no more than were under way: {twice}");
    let admin = practice.token("admin", None).await;
    for id in &held {
        let visit = practice.get(&format!("/api/visits/{id}")).bearer(&admin).send().await.expect(200);
        assert_eq!(visit.text_at("/status"), "CANCELLED");
    }

    // And all of them close.
    practice.advance(3 * 3600).await;
    let (one, two) = tokio::join!(invoked(), invoked());
    let visited = one.unwrap()["visits"].as_u64().unwrap() + two.unwrap()["visits"].as_u64().unwrap();
    // The heads of those that were read after their end are signed anew.
    assert_eq!(visited, (VISITS + held.len()) as u64);
    for (visit, _) in &visits {
        let events = visit.events().await;
        assert_eq!(events.iter().filter(|event| *event == "VISIT_ENDED").count(), 1, "{events:?}");
        assert!(visit.head().await["signature"].is_string());
    }
}

/// Changes a row behind the application's back.
async fn change(practice: &Practice, visit: &str, expression: &str, value: Option<&Value>) {
    let mut update = json!({
        "TableName": "Visits", "Key": {"PK": {"S": format!("V#{visit}")}, "SK": {"S": "#VISIT"}},
        "UpdateExpression": expression,
    });
    update["ExpressionAttributeNames"] = json!({"#zone": "timezone"});
    if let Some(value) = value {
        update["ExpressionAttributeValues"] = json!({":value": value});
    }
    practice.laptop().aws().dynamodb("UpdateItem", update).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_is_in_nobodys_way_and_is_tried_ever_more_seldom() {
    let practice = Practice::open().await;
    let (bad, link) = with_short_link(&practice).await;
    let (good, _) = with_short_link(&practice).await;
    let timezone = rows(&bad, "#VISIT").await[0]["timezone"].clone();
    change(&practice, &bad.id, "REMOVE #zone", None).await;
    // And one that is no row of ours at all.
    let foreign = json!({"TableName": "Visits", "Item": {
        "PK": {"S": "X#1"}, "SK": {"S": "Y"}, "duePk": {"S": "DUE#7"}, "dueSk": {"S": "0000000000001#what#1"},
    }});
    practice.laptop().aws().dynamodb("PutItem", foreign).await.unwrap();
    practice.advance(TTL + 1).await;
    let did = tick(&practice).await;
    assert_eq!((&did["failed"], &did["visits"]), (&json!(2), &json!(2)), "{did}");
    assert_eq!(expired(&good).await.len(), 1, "the others are done");

    // Again after one minute, then after two, then after four.
    let mut failures = Vec::new();
    for _ in 0..8 {
        practice.advance(61).await;
        failures.push(tick(&practice).await["failed"].as_u64().unwrap());
    }
    assert_eq!(failures, [2, 0, 2, 0, 0, 0, 2, 0], "each after twice the time");
    change(&practice, &bad.id, "SET #zone = :value", Some(&timezone)).await;
    practice.advance(8 * 60).await;
    tick(&practice).await;
    assert_eq!(expired(&bad).await, [link["tokenId"].as_str().unwrap()], "done, once it can be");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shard_that_cannot_be_read_keeps_no_other_from_being_done() {
    let practice = Practice::open().await;
    let (visit, _) = with_short_link(&practice).await;
    practice.advance(TTL + 1).await;
    // Each of the 16 is asked up to three times.
    practice.fault("dynamodb", "Query", "error", 48).await;
    let down = practice.post("/local/tick", &json!({})).send().await;
    assert!(!down.status.is_success(), "none could be read: {}", down.text);
    practice.no_faults().await;
    practice.fault("dynamodb", "Query", "error", 3).await;
    for _ in 0..2 {
        tick(&practice).await;
        practice.no_faults().await;
        practice.advance(61).await;
    }
    assert_eq!(expired(&visit).await.len(), 1);
}
