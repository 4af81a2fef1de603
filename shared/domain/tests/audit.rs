//! Whatever is changed in a chain is found, and its place named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use bedside_domain::audit::*;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

const VISIT: &str = "019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01";

fn chain(events: Vec<Event>) -> (Vec<Record>, Head) {
    let mut head = Head::genesis();
    let mut records = Vec::new();
    for event in events {
        let (record, next) = append(&head, event).unwrap();
        records.push(record);
        head = next;
    }
    (records, head)
}

/// The record as whoever can write to the table would leave it: changed, and its hash made to fit.
fn rehashed(mut record: Record) -> Record {
    record.hash = record.computed_hash().unwrap();
    record
}

fn first_bad(records: &[Record], head: &Head) -> Option<u64> {
    let verdict = verify(records.iter().cloned(), head);
    assert_eq!(verdict.verified, verdict.first_bad_seq.is_none());
    verdict.first_bad_seq
}

fn example() -> (Vec<Record>, Head) {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let first = Event::new(EventType::VisitScheduled, at("2026-11-30T15:00:00Z"), "u-9", ActorRole::Admin)
        .of_visit(VISIT)
        .from_place(Some("192.0.2.7".into()), Some("curl/8.5.0".into()));
    let second = Event::new(EventType::TokenReuseBlocked, at("2026-11-30T15:00:00.25Z"), "public", ActorRole::Public)
        .of_visit(VISIT)
        .of_token("019ac0de-7e10-7c3a-9f00-2b6f5d1c4a02")
        .from_place(Some("2001:db8::1".into()), Some("Zoë \"browser\"\n€".into()))
        .refused("TOKEN_USED")
        .with("count", 12_i64)
        .with("channels", vec!["sms".to_owned(), "email".to_owned()])
        .with("again", true)
        .with("b", "x");
    chain(vec![first, second])
}

#[test]
fn hashes_are_those_of_another_implementation() {
    // Computed with Python's `json.dumps(sort_keys=True, separators=(",", ":"))` and `hashlib`.
    let (records, head) = example();
    let first = "e7384cf1efc6eed3a1eff877466263671117a32c6aa3e1ceaec411ee77b4c783";
    let second = "f683a0e6cb718026c5f0ef4d7e9b375cf177240b3f09dc16f191194e71c086a7";
    assert_eq!((records[0].hash.to_string().as_str(), records[1].hash.to_string().as_str()), (first, second));
    assert_eq!(head, Head { seq: 2, hash: Sha256::from_hex(second).unwrap() });
}

#[test]
fn a_record_is_written_as_the_contract_says() {
    let (records, head) = example();
    let expected = serde_json::json!({
        "seq": 1, "type": "VISIT_SCHEDULED", "at": "2026-11-30T15:00:00Z", "visitId": VISIT, "actorId": "u-9",
        "actorRole": "admin", "ip": "192.0.2.7", "userAgent": "curl/8.5.0", "success": true, "metadata": {},
        "prevHash": "0".repeat(64), "hash": records[0].hash.to_string()
    });
    assert_eq!(serde_json::to_value(&records[0]).unwrap(), expected);
    let second = serde_json::to_value(&records[1]).unwrap();
    assert_eq!(second["metadata"].to_string(), r#"{"again":true,"b":"x","channels":["sms","email"],"count":12}"#);
    assert_eq!((&second["errorCode"], &second["success"]), (&Value::from("TOKEN_USED"), &Value::from(false)));
    assert_eq!(serde_json::to_value(head).unwrap(), serde_json::json!({ "seq": 2, "hash": second["hash"] }));
}

#[test]
fn the_contracts_types_and_roles_are_all_there() {
    let contract = "VISIT_SCHEDULED TOKEN_ISSUED TOKEN_REDEEMED TOKEN_EXPIRED TOKEN_REVOKED NOTIFICATION_SENT \
        NOTIFICATION_DELIVERED NOTIFICATION_FAILED VISIT_STARTED PARTICIPANT_JOINED PARTICIPANT_LEFT VISIT_ENDED \
        LINK_RESENT RECORDING_STARTED RECORDING_STOPPED TECHNICAL_ISSUE VISIT_REQUESTED VISIT_RESCHEDULED \
        VISIT_CANCELLED TOKEN_REUSE_BLOCKED CHALLENGE_SENT CHALLENGE_PASSED CHALLENGE_FAILED PARTICIPANT_WAITING \
        PARTICIPANT_ADMITTED PARTICIPANT_REJECTED PARTICIPANT_REMOVED SESSION_REBOUND CONSENT_RECORDED \
        LOCATION_ALERT PHI_READ CONTACT_CHANGED KEY_CREATED KEY_REVOKED SETTINGS_CHANGED";
    let types: Vec<String> = contract.split_whitespace().map(str::to_owned).collect();
    assert_eq!(types.len(), 35);
    assert_eq!(EventType::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>(), types);
    for (one, text) in EventType::ALL.iter().zip(types) {
        assert_eq!(serde_json::to_value(one).unwrap(), Value::from(text.clone()));
        assert_eq!(serde_json::from_value::<EventType>(text.into()).unwrap(), *one);
    }
    let roles = [
        "admin",
        "clinician",
        "auditor",
        "patient",
        "guest",
        "interpreter",
        "scheduler",
        "publishable",
        "public",
        "system",
    ];
    assert_eq!(ActorRole::ALL.iter().map(|one| serde_json::to_value(one).unwrap()).collect::<Vec<_>>(), roles);
}

#[test]
fn an_empty_chain_has_the_genesis_head() {
    assert_eq!(first_bad(&[], &Head::genesis()), None);
    assert_eq!(first_bad(&[], &Head { seq: 0, hash: Sha256([1; 32]) }), Some(1));
    assert_eq!(first_bad(&[], &Head { seq: 3, hash: Sha256::ZERO }), Some(1));
}

#[test]
fn a_chain_that_does_not_begin_at_the_beginning_is_found() {
    let event = || Event::new(EventType::PhiRead, Timestamp::UNIX_EPOCH, "u", ActorRole::Clinician);
    let mut head = Head { seq: 0, hash: Sha256([1; 32]) };
    let mut records = Vec::new();
    for _ in 0..3 {
        let (record, next) = append(&head, event()).unwrap();
        records.push(record);
        head = next;
        assert_eq!(first_bad(&records, &head), Some(1));
    }
}

#[test]
fn what_is_too_long_or_too_fine_is_cut_before_hashing() {
    let at: Timestamp = "2026-11-30T15:00:00.123987654Z".parse().unwrap();
    let agent = "é".repeat(600);
    let event = Event::new(EventType::PhiRead, at, "u", ActorRole::Clinician).from_place(None, Some(agent));
    let (records, head) = chain(vec![event]);
    assert_eq!(records[0].user_agent.as_ref().unwrap().chars().count(), MAX_USER_AGENT);
    assert_eq!(records[0].at.to_string(), "2026-11-30T15:00:00.123Z");
    assert_eq!(first_bad(&records, &head), None);
}

#[test]
fn a_number_that_json_cannot_hold_exactly_is_not_appended() {
    let event = |number: i64| {
        Event::new(EventType::PhiRead, Timestamp::UNIX_EPOCH, "u", ActorRole::Admin).with("count", number)
    };
    for number in [1 << 53, i64::MAX, i64::MIN, -(1 << 53)] {
        assert!(matches!(append(&Head::genesis(), event(number)), Err(AppendError::NotCanonical(_))), "{number}");
    }
    assert!(append(&Head::genesis(), event((1 << 53) - 1)).is_ok());
    let full = Head { seq: (1 << 53) - 1, hash: Sha256::ZERO };
    assert!(matches!(append(&full, event(1)), Err(AppendError::Full)));
}

#[test]
fn other_spellings_of_a_record_are_not_read() {
    let (records, _) = example();
    let right = serde_json::to_string(&records[0]).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&right).unwrap(), records[0]);
    for wrong in [
        right.replace("15:00:00Z", "15:00:00.000Z"),
        right.replace("15:00:00Z", "16:00:00+01:00"),
        right.replace(r#""metadata":{}"#, r#""metadata":{"a":1,"a":2}"#),
        right.replace(r#""metadata":{}"#, r#""metadata":{"a":null}"#),
        right.replace(r#""metadata":{}"#, r#""metadata":{"a":1.5}"#),
        right.replace(r#""metadata":{}"#, r#""metadata":{"a":9007199254740993}"#),
        right.replace(r#""seq":1"#, r#""seq":1,"seq":1"#),
        right.replace(r#""seq":1"#, r#""seq":1,"errorCode":null"#),
        right.replace(r#""seq":1"#, r#""seq":1,"extra":1"#),
        right.replace(r#""seq":1"#, r#""seq":-1"#),
        right.replace(&records[0].hash.to_string(), &records[0].hash.to_string().to_uppercase()),
        right.replace("VISIT_SCHEDULED", "visit_scheduled"),
    ] {
        assert_ne!(wrong, right);
        assert!(serde_json::from_str::<Record>(&wrong).is_err(), "{wrong}");
    }
}

fn any_meta() -> impl Strategy<Value = Meta> {
    prop_oneof![
        ".{0,12}".prop_map(Meta::Text),
        (-((1_i64 << 53) - 1)..(1 << 53)).prop_map(Meta::Number),
        any::<bool>().prop_map(Meta::Flag),
        prop::collection::vec(".{0,6}", 0..3).prop_map(Meta::List),
    ]
}

prop_compose! {
    fn any_event()(
        event_type in select(EventType::ALL),
        role in select(ActorRole::ALL),
        nanosecond in 1_700_000_000_000_000_000_i64..2_000_000_000_000_000_000,
        actor in ".{1,10}",
        texts in prop::array::uniform5(prop::option::of(".{0,10}")),
        success in any::<bool>(),
        details in prop::collection::vec((".{0,6}", any_meta()), 0..4),
    ) -> Event {
        let at = Timestamp::from_nanosecond(nanosecond.into()).unwrap();
        let [visit_id, token_id, ip, user_agent, error_code] = texts;
        let metadata = details.into_iter().collect();
        Event { visit_id, token_id, ip, user_agent, error_code, success, metadata, ..Event::new(event_type, at, actor, role) }
    }
}

fn any_chain() -> impl Strategy<Value = (Vec<Record>, Head)> {
    prop::collection::vec(any_event(), 1..12).prop_map(chain)
}

/// One field of a record changed, always to something else.
fn changed(mut record: Record, field: u8) -> Record {
    fn other(text: &mut Option<String>) {
        *text = match text.take() {
            Some(_) => None,
            None => Some("x".into()),
        };
    }
    match field {
        0 => {
            let other = record.event_type == EventType::PhiRead;
            record.event_type = if other { EventType::VisitEnded } else { EventType::PhiRead };
        }
        1 => record.at = Timestamp::from_millisecond(record.at.as_millisecond() + 1).unwrap(),
        2 => other(&mut record.visit_id),
        3 => other(&mut record.token_id),
        4 => record.actor_id.push('x'),
        5 => {
            let other = record.actor_role == ActorRole::Admin;
            record.actor_role = if other { ActorRole::Public } else { ActorRole::Admin };
        }
        6 => other(&mut record.ip),
        7 => other(&mut record.user_agent),
        8 => record.success = !record.success,
        9 => other(&mut record.error_code),
        10 => record.metadata.insert("added detail", 1_i64),
        11 => record.prev_hash.0[7] ^= 1,
        _ => record.seq = record.seq.wrapping_sub(1),
    }
    record
}

/// The place of a record, from 1.
fn place(index: usize) -> u64 {
    index as u64 + 1
}

proptest! {
    #[test]
    fn an_untouched_chain_verifies_before_and_after_storage((records, head) in any_chain()) {
        prop_assert_eq!(first_bad(&records, &head), None);
        let text = serde_json::to_string(&records).unwrap();
        let stored: Vec<Record> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&stored, &records);
        prop_assert_eq!(first_bad(&stored, &head), None);
        // By way of a generic value too, as a table's attributes give it.
        let value: Value = serde_json::from_str(&text).unwrap();
        let stored: Vec<Record> = serde_json::from_value(value).unwrap();
        prop_assert_eq!(first_bad(&stored, &head), None);
    }

    #[test]
    fn a_changed_field_is_found_even_when_the_records_hash_is_made_to_fit(
        (mut records, head) in any_chain(), at in any::<Index>(), field in 0_u8..13, fit in any::<bool>()
    ) {
        let at = at.index(records.len());
        let record = changed(records[at].clone(), field);
        records[at] = if fit { rehashed(record) } else { record };
        prop_assert_eq!(first_bad(&records, &head), Some(place(at)));
    }

    #[test]
    fn a_flip_in_a_hash_is_found((mut records, head) in any_chain(), at in any::<Index>(), bit in 0_usize..256) {
        let at = at.index(records.len());
        records[at].hash.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(first_bad(&records, &head), Some(place(at)));
    }

    #[test]
    fn a_flip_of_any_bit_of_an_export_is_found((records, head) in any_chain(), at in any::<Index>(), byte in any::<Index>(), bit in 0_u32..8) {
        let mut lines: Vec<Vec<u8>> = records.iter().map(|record| serde_json::to_vec(record).unwrap()).collect();
        let at = at.index(lines.len());
        let byte = byte.index(lines[at].len());
        lines[at][byte] ^= 1 << bit;
        let mut verifier = Verifier::new();
        let mut same = true;
        for (line, record) in lines.iter().zip(&records) {
            match serde_json::from_slice::<Record>(line) {
                Ok(read) => {
                    // A flip within `\u001f` to `\u001F` is another spelling of the same text.
                    same &= read == *record;
                    verifier.read(&read);
                }
                Err(_) => {
                    same = false;
                    verifier.read_unreadable();
                }
            }
        }
        let expected = (!same).then(|| place(at));
        prop_assert_eq!(verifier.finish(&head).first_bad_seq, expected);
    }

    #[test]
    fn a_dropped_record_is_found((mut records, head) in any_chain(), at in any::<Index>()) {
        let at = at.index(records.len());
        records.remove(at);
        prop_assert_eq!(first_bad(&records, &head), Some(place(at)));
    }

    #[test]
    fn a_truncated_chain_is_found((mut records, head) in any_chain(), at in any::<Index>()) {
        let at = at.index(records.len());
        records.truncate(at);
        prop_assert_eq!(first_bad(&records, &head), Some(place(at)));
    }

    #[test]
    fn two_swapped_records_are_found((mut records, head) in any_chain(), a in any::<Index>(), b in any::<Index>()) {
        let (a, b) = (a.index(records.len()), b.index(records.len()));
        prop_assume!(a != b);
        records.swap(a, b);
        prop_assert_eq!(first_bad(&records, &head), Some(place(a.min(b))));
    }

    #[test]
    fn a_record_put_in_twice_is_found((mut records, head) in any_chain(), from in any::<Index>(), to in any::<Index>()) {
        let (from, to) = (from.index(records.len()), to.index(records.len() + 1));
        let copy = records[from].clone();
        records.insert(to, copy);
        // Put in just before itself, it is the second of the two that is surplus.
        let expected = if to == from { to + 1 } else { to };
        prop_assert_eq!(first_bad(&records, &head), Some(place(expected)));
    }

    #[test]
    fn a_forged_record_that_fits_its_place_is_found((mut records, head) in any_chain(), at in any::<Index>(), event in any_event()) {
        let at = at.index(records.len() + 1);
        let before = at.checked_sub(1).map_or(Head::genesis(), |last| Head { seq: place(last), hash: records[last].hash });
        let (forged, _) = append(&before, event).unwrap();
        prop_assume!(records.get(at).is_none_or(|one| *one != forged));
        records.insert(at, forged);
        prop_assert_eq!(first_bad(&records, &head), Some(place(at)));
    }

    #[test]
    fn a_moved_head_is_found((records, head) in any_chain(), bit in 0_usize..256, by in 1_u64..4) {
        let mut hash = head.hash;
        hash.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(first_bad(&records, &Head { hash, ..head }), Some(head.seq));
        prop_assert_eq!(first_bad(&records, &Head { seq: head.seq + by, ..head }), Some(head.seq + 1));
        let lower = head.seq.saturating_sub(by);
        prop_assert_eq!(first_bad(&records, &Head { seq: lower, ..head }), Some(lower + 1));
    }

    #[test]
    fn a_tail_written_anew_is_found_by_the_head((mut records, head) in any_chain(), at in any::<Index>()) {
        let at = at.index(records.len());
        records[at] = rehashed(changed(records[at].clone(), 8));
        for next in at + 1..records.len() {
            records[next].prev_hash = records[next - 1].hash;
            records[next] = rehashed(records[next].clone());
        }
        prop_assert_eq!(first_bad(&records, &head), Some(head.seq));
    }
}
