//! Roles × actions × own and foreign visits × own and foreign practices. The table is the contract's (`x-roles`).

mod actions;
mod scene;

use actions::{actions, described};
use bedside_tests::{Answer, Appointment, Practice, slot};
use scene::Scene;
use serde_json::{Value, json};

/// What somebody may do with a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// It is done, or refused for another reason than who asks.
    Yes,
    /// 403: the role never may.
    No,
    /// 404: not theirs to see, as if it never was.
    Gone,
    /// 401: that is no credential here.
    Unknown,
}
use May::{Gone, No, Unknown, Yes};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Admin,
    /// The visit's clinician.
    Clinician,
    OtherClinician,
    Auditor,
    /// The visit's patient.
    Patient,
    OtherPatient,
    /// A key: `created` is what it made.
    Scheduler,
    Publishable,
    ForeignAdmin,
    /// Of another practice, with the very id of the visit's clinician.
    ForeignClinician,
    ForeignAuditor,
    ForeignPatient,
    ForeignScheduler,
    /// The clinician's visit session in this visit.
    Desk,
    /// A clinician's visit session in another visit.
    OtherDesk,
    /// The patient's visit session.
    Seat,
    Nobody,
}

const EVERYONE: [Who; 17] = [
    Who::Admin,
    Who::Clinician,
    Who::OtherClinician,
    Who::Auditor,
    Who::Patient,
    Who::OtherPatient,
    Who::Scheduler,
    Who::Publishable,
    Who::ForeignAdmin,
    Who::ForeignClinician,
    Who::ForeignAuditor,
    Who::ForeignPatient,
    Who::ForeignScheduler,
    Who::Desk,
    Who::OtherDesk,
    Who::Seat,
    Who::Nobody,
];

fn seen(answer: &Answer) -> May {
    match answer.status.as_u16() {
        401 => Unknown,
        403 => No,
        404 => Gone,
        // Done; or done already, too often, or with a body that says nothing: what was asked was judged.
        200 | 201 | 202 | 204 | 400 | 409 | 429 => Yes,
        _ => panic!("{}", answer.text),
    }
}

/// What is the same in every answer about nothing.
fn told(answer: &Answer) -> (Value, Vec<(String, String)>) {
    let mut body = answer.json.clone();
    body.as_object_mut().unwrap().remove("instance");
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (body, headers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    holds(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_has_no_say_in_a_visit_that_it_did_not_make() {
    holds(false).await;
}

/// Every role asks for every action, for a visit that the practice's key made or its administrator.
async fn holds(by_key: bool) {
    let practice = Practice::open().await;
    let foreign = practice.local("/local/tenants", &json!({})).await;
    let scene = Scene::set(&practice, &foreign, by_key).await;
    for action in actions() {
        let (allowed, refused): (Vec<_>, Vec<_>) =
            scene.who_asks(&action).partition(|who| scene.expected(*who, &action) == Yes);
        let head = scene.visit.head().await;
        for who in refused {
            let may = scene.expected(who, &action);
            let answer = scene.act(who, &action).await;
            assert_eq!(seen(&answer), may, "{who:?} {} (by key: {by_key}): {}", action.name, answer.text);
            if may == Gone {
                scene.is_as_if_never(who, &action, &answer).await;
            }
        }
        assert_eq!(scene.visit.head().await, head, "refusals of {} change nothing", action.name);
        for who in allowed {
            let answer = scene.act(who, &action).await;
            assert_eq!(seen(&answer), Yes, "{who:?} {} (by key: {by_key}): {}", action.name, answer.text);
        }
    }
}

/// Operations that ask who is calling in their own way, and the tests that call them.
const ELSEWHERE: [(&str, &str); 1] = [("health", "only_an_administrator_looks_deep_into_the_service")];

#[test]
fn every_operation_of_the_document_that_asks_who_is_calling_is_called_here() {
    let called: Vec<&str> = actions().iter().map(|action| action.name).chain(ELSEWHERE.map(|(name, _)| name)).collect();
    let mut asks = 0;
    for operation in described() {
        // A page's key is a credential only where nobody may ask without one.
        let roles = operation["x-roles"].as_object().unwrap();
        let is_open = roles.keys().all(|role| ["public", "publishable"].contains(&role.as_str()));
        let is_open = is_open && roles.contains_key("public");
        let name = operation["x-function"].as_str().unwrap();
        assert!(is_open || called.contains(&name), "{name}: say in actions.rs how it is called");
        asks += usize::from(!is_open);
    }
    assert_eq!(asks, called.len(), "what is called is in the document");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_administrator_looks_deep_into_the_service() {
    let practice = Practice::open().await;
    practice.get("/api/health").send().await.expect(200);
    practice.get("/api/health?deep=true").send().await.problem(401, "UNAUTHENTICATED");
    for role in ["clinician", "auditor", "patient"] {
        let token = practice.token(role, None).await;
        practice.get("/api/health?deep=true").bearer(&token).send().await.problem(403, "FORBIDDEN");
    }
    let lander = practice.get("/api/health?deep=true").bearer(practice.key("secretKey"));
    lander.send().await.problem(403, "FORBIDDEN");
    let admin = practice.token("admin", None).await;
    practice.get("/api/health?deep=true").bearer(&admin).send().await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_practice_reaches_into_no_other_with_its_own_credentials() {
    let practice = Practice::open().await;
    let foreign = practice.local("/local/tenants", &json!({})).await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = format!("/api/patients/{}", visit.visit["patientId"].as_str().unwrap());
    let before = practice.get(&patient).bearer(practice.key("secretKey")).send().await.expect(200).json;
    let key = foreign["secretKey"].as_str().unwrap();
    let theirs = json!({"givenName": "Their", "familyName": "Own", "phone": "+12125550155", "state": "NY"});
    let made = practice.put(&patient, &theirs).bearer(key).send().await.expect(201).json;
    assert_eq!(made["givenName"], "Their");
    let after = practice.get(&patient).bearer(practice.key("secretKey")).send().await.expect(200).json;
    assert_eq!(after, before, "the same id is another person in another practice");
    let body = json!({
        "patientId": visit.visit["patientId"], "clinicianId": visit.clinician_id, "duration": 15,
        "scheduledAt": slot(practice.now(), 120),
    });
    let stolen = practice.post("/api/visits", &body).bearer(key).send().await;
    stolen.problem(404, "CLINICIAN_NOT_FOUND");
    let proof = json!({"factor": "sms-otp", "visitId": visit.id});
    let tenant = foreign["tenantId"].as_str().unwrap();
    let clinician = practice.token_at(tenant, "clinician", &visit.clinician_id).await;
    let asked = practice.post("/api/challenges", &proof).bearer(&clinician).send().await;
    asked.problem(404, "NOT_FOUND");
    assert!(practice.messages().await.is_empty());
}
