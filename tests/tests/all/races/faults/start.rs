//! The fault matrix of `start`: the owner tries again and is let in, a stranger never is, both sides meet, and every
//! grant is on record once.

use super::{Cell, all, table, worst};
use bedside_tests::{Answer, Appointment, Device, Practice, Seat};
use serde_json::{Value, json};

/// Who presses, with what.
struct Owner<'a> {
    visit: Appointment<'a>,
    device: Device,
    body: Value,
    /// Who had the seat before.
    before: Option<Device>,
}

impl Owner<'_> {
    async fn press(&self) -> Answer {
        self.visit.start(&self.body, &self.device).await
    }
}

/// Until the moment in which the call goes wrong.
async fn prepare<'a>(practice: &'a Practice, cell: Cell) -> Owner<'a> {
    if cell.stage == "cold" {
        // What the function keeps in memory has grown old: settings after a minute, data keys after a quarter of an hour.
        practice.advance(16 * 60).await;
    }
    let preset = if cell.stage == "waits" { "standard" } else { "open" };
    let visit = Appointment::make(practice, json!({"access": {"preset": preset}})).await;
    let mut owner = Owner { body: visit.patient_credential().await, visit, device: Device::new(), before: None };
    match cell.stage {
        "first" | "cold" | "waits" => {}
        "again" => {
            practice.fault("chime", "CreateAttendee", "error", 3).await;
            let _ = owner.press().await.problem(503, "MEDIA_UNAVAILABLE");
            practice.no_faults().await;
        }
        "back" => drop(owner.press().await.expect(200)),
        "moves" => {
            let _ = owner.press().await.expect(200);
            owner.before = Some(std::mem::take(&mut owner.device));
            owner.body["proofs"] = json!([proof(&owner).await]);
        }
        stage => panic!("no stage {stage}"),
    }
    owner
}

/// The id of an answered challenge, on the owner's new device.
async fn proof(owner: &Owner<'_>) -> String {
    let practice = owner.visit.practice;
    let mut body = owner.body.clone();
    body["factor"] = json!("sms-otp");
    let asked = practice.post("/api/challenges", &body).device(&owner.device).send().await.expect(202);
    let id = asked.text_at("/challengeId");
    let text = owner.visit.texts().await[0]["text"].as_str().unwrap().to_owned();
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    let code = text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code).expect("a code");
    let answer = practice.post(&format!("/api/challenges/{id}/answer"), &json!({"answer": code}));
    let _ = answer.device(&owner.device).send().await.expect(200);
    id
}

async fn run(practice: &Practice, cell: Cell) -> String {
    let owner = prepare(practice, cell).await;
    cell.begin(practice).await;
    let mut last = owner.press().await;
    let first = cell.judge(practice, &last);
    let (mut tries, mut answers) = (1, vec![]);
    while !last.status.is_success() {
        assert!(tries <= cell.times, "the owner gets in: {}", last.text);
        tries += 1;
        last = owner.press().await;
        let _ = if last.status.is_success() { 0 } else { cell.judge_again(&last) };
    }
    answers.push(last);
    practice.no_faults().await;
    answers.push(owner.press().await);
    for stranger in std::iter::once(&Device::new()).chain(&owner.before) {
        let _ = owner.visit.start(&without_proofs(&owner.body), stranger).await.problem(409, "TOKEN_USED");
    }
    let clinician = owner.visit.clinician_sits().await;
    if cell.stage == "waits" {
        assert!(answers.iter().all(|answer| answer.status == 202 && answer.json["media"].is_null()));
        let _ = owner.visit.admit(&clinician, &answers[0].text_at("/participantId")).await.expect(200);
        answers.push(owner.press().await);
    }
    all_is_well(&owner, answers, &clinician).await;
    if tries == 1 { format!("{first}") } else { format!("{first}, then {tries}") }
}

impl Cell {
    /// A later answer, while calls still go wrong.
    fn judge_again(self, answer: &Answer) -> u16 {
        assert!(matches!(answer.status.as_u16(), 500 | 503), "{}", answer.text);
        answer.status.as_u16()
    }
}

fn without_proofs(body: &Value) -> Value {
    json!({"code": body["code"], "secret": body["secret"]})
}

/// What must hold in the end, whatever happened on the way.
async fn all_is_well(owner: &Owner<'_>, answers: Vec<Answer>, clinician: &Seat<'_>) {
    let (visit, practice) = (&owner.visit, owner.visit.practice);
    let last = answers.last().unwrap().clone().expect(200);
    let seat = last.text_at("/participantId");
    for answer in &answers {
        assert_eq!(answer.json["participantId"], seat.as_str());
        assert!(answer.status == 202 || answer.json["media"] == last.json["media"], "the same media each time");
        // A second signature is a second token that holds.
        let session = answer.text_at("/visitSession/sessionToken");
        let look = practice.get("/api/session").session(&session, &owner.device).send().await.expect(200);
        assert_eq!(look.json["participantId"], seat.as_str());
    }
    assert_eq!(clinician.start.json["media"]["meeting"], last.json["media"]["meeting"], "they meet");

    let meetings = practice.meetings_of(&visit.id);
    assert_eq!(meetings.len(), 1, "one meeting lives");
    assert_eq!(last.json["media"]["meeting"]["MeetingId"], meetings[0].id.as_str());
    let mut there = visit.in_the_call();
    let mut expected = vec![
        (seat.clone(), last.text_at("/media/attendee/AttendeeId")),
        (clinician.id.clone(), clinician.start.text_at("/media/attendee/AttendeeId")),
    ];
    there.sort();
    expected.sort();
    assert_eq!(there, expected, "each of them once in the call, by the credentials that they hold");

    let audit = visit.audit().await;
    assert_eq!(audit["verified"], true);
    let events = audit["events"].as_array().unwrap();
    let of = |name: &str| events.iter().filter(|event| event["type"] == name).collect::<Vec<_>>();
    let grants: Vec<_> =
        of("PARTICIPANT_JOINED").into_iter().filter(|event| event["actorId"] == seat.as_str()).collect();
    let moved = usize::from(owner.before.is_some());
    assert_eq!(of("TOKEN_REDEEMED").len(), 1, "the link was spent once, on record");
    assert_eq!(of("VISIT_STARTED").len(), 1);
    assert_eq!(of("SESSION_REBOUND").len(), moved);
    assert_eq!(grants.len(), 1 + moved, "each credential is on record once");
    let granted = &grants.last().unwrap()["metadata"]["attendeeId"];
    assert_eq!(granted, &last.json["media"]["attendee"]["AttendeeId"], "and it is this one");
    assert_eq!(of("TOKEN_REUSE_BLOCKED").len(), 1, "and so is that strangers were sent away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_failure_burns_a_link_or_lets_a_second_person_in() {
    let calls = [
        ("first", "dynamodb", "Query"),
        ("first", "dynamodb", "TransactWriteItems"),
        ("first", "kms", "Sign"),
        ("first", "chime", "CreateMeeting"),
        ("first", "chime", "CreateAttendee"),
        ("cold", "dynamodb", "GetItem"),
        ("cold", "kms", "Decrypt"),
        ("waits", "dynamodb", "TransactWriteItems"),
        ("waits", "kms", "Sign"),
        // The link is spent, and no media recorded: the transaction of that goes wrong.
        ("again", "dynamodb", "TransactWriteItems"),
        ("again", "dynamodb", "PutItem"),
        ("back", "chime", "GetMeeting"),
        ("moves", "chime", "DeleteAttendee"),
    ];
    table("start: the first answer, and which try of the owner's was let in", 8, all(&calls), run).await;
}

/// Between the owner's first try and the second somebody else tries: one of them is in, never both, never nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_between_two_tries_the_link_has_one_owner() {
    let calls = [("between", "dynamodb", "TransactWriteItems"), ("between", "kms", "Sign")];
    table("start: who is in when a stranger comes between", 4, worst(&calls), async |practice, cell| {
        let visit = Appointment::make(practice, json!({})).await;
        let link = visit.patient_credential().await;
        let (owner, stranger) = (Device::new(), Device::new());
        cell.begin(practice).await;
        let _ = cell.judge(practice, &visit.start(&link, &owner).await);
        practice.no_faults().await;
        let stranger = visit.start(&link, &stranger).await;
        let again = visit.start(&link, &owner).await;
        let (lost, who) = if again.status == 202 { (stranger, "the owner") } else { (again, "the stranger") };
        let _ = lost.problem(409, "TOKEN_USED");
        // What took effect stands; what did not take effect is nobody's.
        let took_effect =
            matches!(cell.kind, "lost-answer" | "twice" | "conflict" | "die-after") || cell.operation == "Sign";
        assert_eq!(who == "the owner", took_effect);
        let events = visit.events().await;
        assert_eq!(events.iter().filter(|event| *event == "TOKEN_REDEEMED").count(), 1);
        who.to_owned()
    })
    .await;
}
