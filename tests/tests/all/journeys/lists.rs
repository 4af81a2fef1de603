//! Lists of visits, as each role sees them.

use bedside_tests::{Answer, Appointment, Practice, slot};
use serde_json::{Value, json};

async fn list(practice: &Practice, token: &str, query: &str) -> Answer {
    practice.get(&format!("/api/visits{query}")).bearer(token).send().await
}

fn ids(page: &Value) -> Vec<String> {
    page["visits"].as_array().unwrap().iter().map(|v| v["visitId"].as_str().unwrap().to_owned()).collect()
}

/// More visits of the same clinician and patient, each so many minutes ahead.
async fn more(visit: &Appointment<'_>, minutes: &[i64]) -> Vec<String> {
    let mut made = Vec::new();
    for ahead in minutes {
        let body = json!({
            "patientId": visit.visit["patientId"], "clinicianId": visit.clinician_id, "duration": 15,
            "scheduledAt": slot(visit.practice.now(), *ahead),
        });
        made.push(visit.practice.lander("/api/visits", &body).await.expect(201).text_at("/visitId"));
    }
    made
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_sees_their_own_the_soonest_first() {
    let practice = Practice::open().await;
    let mine = Appointment::make(&practice, json!({})).await;
    let later = more(&mine, &[300, 100, 200]).await;
    let other = Appointment::make(&practice, json!({})).await;
    let expected = [mine.id.clone(), later[1].clone(), later[2].clone(), later[0].clone()];
    let clinician = list(&practice, &mine.clinician_token().await, "").await.expect(200).json;
    assert_eq!(ids(&clinician), expected);
    assert_eq!(clinician["visits"][0]["patientName"], "Ann Leeward");
    let patient = practice.token("patient", mine.visit["patientId"].as_str()).await;
    assert_eq!(ids(&list(&practice, &patient, "").await.expect(200).json), expected);
    let admin = practice.token("admin", None).await;
    let all = list(&practice, &admin, "").await.expect(200).json;
    assert_eq!(ids(&all).len(), 5);
    let key = practice.key("secretKey").to_owned();
    let made = list(&practice, &key, "").await.expect(200).json;
    assert_eq!(ids(&made).len(), 5, "a key sees what it made");
    assert!(made["visits"].as_array().unwrap().iter().all(|v| v.get("patientName").is_none()), "and no names");
    // A filter for somebody else's gives nothing.
    let foreign = format!("?clinicianId={}", other.clinician_id);
    assert_eq!(list(&practice, &mine.clinician_token().await, &foreign).await.expect(200).json, json!({"visits": []}));
    let foreign = format!("?patientId={}", other.visit["patientId"].as_str().unwrap());
    assert_eq!(list(&practice, &patient, &foreign).await.expect(200).json, json!({"visits": []}));
    let auditor = practice.token("auditor", None).await;
    list(&practice, &auditor, "").await.problem(403, "FORBIDDEN");
    list(&practice, practice.key("publishableKey"), "").await.problem(403, "FORBIDDEN");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_practices_visits_are_not_in_the_list() {
    let practice = Practice::open().await;
    let _ = Appointment::make(&practice, json!({})).await;
    let second = practice.local("/local/tenants", &json!({})).await;
    let admin = practice.token_at(second["tenantId"].as_str().unwrap(), "admin", "a-2").await;
    assert_eq!(list(&practice, &admin, "").await.expect(200).json, json!({"visits": []}));
    let key = second["secretKey"].as_str().unwrap();
    assert_eq!(list(&practice, key, "").await.expect(200).json, json!({"visits": []}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_narrow_the_list() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let later = more(&visit, &[100, 200]).await;
    practice.lander(&format!("/api/visits/{}/cancel", later[0]), &json!({})).await.expect(200);
    let admin = practice.token("admin", None).await;
    let asked = async |query: String| ids(&list(&practice, &admin, &query).await.expect(200).json);
    assert_eq!(asked("?status=CANCELLED".into()).await, [later[0].clone()]);
    let at = slot(practice.now(), 100);
    assert_eq!(asked(format!("?from={at}")).await, later);
    assert_eq!(asked(format!("?to={at}")).await, std::slice::from_ref(&visit.id));
    assert_eq!(asked(format!("?from={at}&to={at}")).await, Vec::<String>::new());
    assert_eq!(asked(format!("?from={at}&to=2020-01-01T00:00:00Z")).await, Vec::<String>::new());
    let both = format!("?clinicianId={}&patientId={}", visit.clinician_id, visit.visit["patientId"].as_str().unwrap());
    assert_eq!(asked(both).await.len(), 3);
    for wrong in
        ["?status=SOON", "?limit=0", "?limit=101", "?limit=x", "?from=tomorrow", "?clinicianId=a%20b", "?cursor=eA"]
    {
        let problem = list(&practice, &admin, wrong).await.problem(400, "VALIDATION_FAILED");
        let name = wrong.split(['?', '=']).nth(1).unwrap();
        assert_eq!(problem.json["errors"][0]["pointer"], format!("/query/{name}"), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_show_each_visit_once_whatever_is_inserted_or_cancelled_meanwhile() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let mut expected = vec![visit.id.clone()];
    expected.extend(more(&visit, &[100, 200, 300, 400]).await);
    let token = visit.clinician_token().await;
    let (mut seen, mut query, mut pages) = (Vec::new(), "?limit=2".to_owned(), 0);
    loop {
        let page = list(&practice, &token, &query).await.expect(200).json;
        seen.extend(ids(&page));
        pages += 1;
        // Before what is still to come, and before what was seen.
        let _ = more(&visit, &[20 * pages + 20]).await;
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    let old: Vec<_> = seen.iter().filter(|id| expected.contains(id)).cloned().collect();
    assert_eq!(old, expected, "each once, in order");
    let unique: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(unique.len(), seen.len());
    // A cursor is of its list alone.
    let first = list(&practice, &token, "?limit=2").await.expect(200).json;
    let cursor = first["nextCursor"].as_str().unwrap();
    let other = format!("?limit=2&status=SCHEDULED&cursor={cursor}");
    list(&practice, &token, &other).await.problem(400, "VALIDATION_FAILED");
    let admin = practice.token("admin", None).await;
    list(&practice, &admin, &format!("?cursor={cursor}")).await.problem(400, "VALIDATION_FAILED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_sees_who_waits_and_whether_the_text_went() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let token = visit.clinician_token().await;
    let first = async || list(&practice, &token, "").await.expect(200).json["visits"][0].clone();
    assert_eq!((&first().await["waiting"], &first().await["messages"]), (&json!(0), &json!({})));
    let notice = json!({"channel": "sms", "recipientRole": "patient", "template": "initial"});
    practice.lander(&visit.path("/notify"), &notice).await.expect(200);
    assert_eq!(first().await["messages"]["sms"]["status"], "sent");
    let patient = visit.patient_waits().await;
    assert_eq!(first().await["waiting"], 1);
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    assert_eq!(first().await["waiting"], 0);
}

/// How many readings the practice's own chain has recorded.
async fn records_of(practice: &Practice) -> usize {
    let query = json!({
        "TableName": "Audit", "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": {"S": format!("T#{}", practice.key("tenantId"))}},
    });
    let records = practice.laptop().aws().dynamodb("Query", query).await.unwrap();
    records["Items"].as_array().unwrap().iter().filter(|record| record["type"]["S"] == "PHI_READ").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_with_names_is_recorded_once_a_minute() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let token = visit.clinician_token().await;
    let head = async || records_of(&practice).await;
    let before = head().await;
    for _ in 0..3 {
        list(&practice, &token, "").await.expect(200);
    }
    assert_eq!(head().await, before + 1, "a desk that polls is one reading a minute");
    practice.advance(61).await;
    list(&practice, &token, "").await.expect(200);
    assert_eq!(head().await, before + 2);
    list(&practice, practice.key("secretKey"), "").await.expect(200);
    assert_eq!(head().await, before + 2, "no names, no reading");
}
