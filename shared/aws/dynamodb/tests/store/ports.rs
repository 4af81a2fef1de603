//! The other ports: polls, the agenda, limits.

use crate::engine::Engine;
use crate::samples::*;
use bedside_app::ports::{
    Agenda as _, AuditLog as _, CommitError, Due, Guard, Limits as _, Row, SHARDS, TextReplies as _, VisitList,
    VisitRange, Visits as _, Work, Write,
};
use bedside_domain::audit::Head;
use bedside_domain::delivery::Transport;
use bedside_domain::outbox::Message;
use bedside_domain::time::Time;
use bedside_domain::visit::Visit;

async fn with(rows: impl IntoIterator<Item = Row>) -> Engine {
    let engine = Engine::new();
    for row in rows {
        engine.store.commit(&[Write::Put(row, Guard::Absent)]).await.unwrap();
    }
    engine.calls();
    engine
}

async fn all_due(engine: &Engine, until: Time) -> Vec<Due> {
    let mut all = Vec::new();
    for shard in 0..SHARDS {
        let (due, more) = engine.store.due(shard, until, None, 50).await.unwrap();
        assert!(!more);
        all.extend(due);
    }
    all
}

fn work(due: &[Due]) -> Vec<Work> {
    due.iter().map(|one| one.work).collect()
}

#[tokio::test]
async fn a_poll_only_moves_on_and_a_seat_that_is_gone_stays_gone() {
    let engine = with([Row::Participant(participant(true)), Row::Visit(visit(false))]).await;
    let later = now().plus_seconds(4);
    engine.store.seen(visit_id(1), seat(1), later).await.unwrap();
    engine.store.seen(visit_id(1), seat(1), now()).await.unwrap();
    engine.store.seen(visit_id(1), seat(9), later).await.unwrap();
    let file = engine.store.file(visit_id(1)).await.unwrap().unwrap();
    assert_eq!(file.participants.iter().map(|p| p.last_seen_at).collect::<Vec<_>>(), [later]);
    assert_eq!(engine.calls(), ["UpdateItem", "UpdateItem", "UpdateItem", "Query"]);
}

#[tokio::test]
async fn a_refused_try_on_a_link_that_is_gone_is_an_outage_and_makes_no_row() {
    let engine = Engine::new();
    let outage = engine.store.blocked(visit_id(1), link_id(1)).await.unwrap_err();
    assert_eq!(outage.to_string(), "dynamodb: UpdateItem ConditionalCheckFailedException");
    assert!(engine.item("Visits", &format!("V#{}", visit_id(1)), &format!("LINK#{}", link_id(1))).is_empty());
}

#[tokio::test]
async fn what_is_due_comes_in_the_order_of_its_time_page_by_page() {
    let first = Message { due_at: Some(now().plus_seconds(-60)), ..message(true) };
    let second = Visit { due_at: Some(now()), ..visit(true) };
    let third = Message { message_id: message_id(2), due_at: Some(now().plus_seconds(1)), ..message(true) };
    let never = Message { message_id: message_id(3), due_at: None, ..message(true) };
    let rows = [Row::Message(third), Row::Visit(second), Row::Message(first), Row::Message(never)];
    let engine = with(rows).await;
    let due = [Work::Message(visit_id(1), message_id(1)), Work::Visit(visit_id(1))];
    // Up to and with the very millisecond; a visit and its messages are on one shard.
    assert_eq!(work(&all_due(&engine, now()).await), due);
    assert_eq!(work(&all_due(&engine, Time::from_millis(now().millis() - 1)).await), due[..1]);
    let (page, more) = engine.store.due(1, now(), None, 1).await.unwrap();
    assert_eq!((work(&page), more), (due[..1].to_vec(), true));
    let (next, _) = engine.store.due(1, now(), Some(&page[0].place), 1).await.unwrap();
    assert_eq!(work(&next), due[1..]);
    let (after, more) = engine.store.due(1, now(), Some(&next[0].place), 1).await.unwrap();
    assert_eq!((after, more), (vec![], false));
}

#[tokio::test]
async fn of_two_that_see_something_due_one_gets_it() {
    let engine = with([Row::Message(message(true)), Row::Visit(visit(true))]).await;
    let (until, store) = (now().plus_minutes(1), &engine.store);
    for due in all_due(&engine, now()).await {
        assert_eq!(due.taken, 0);
        assert!(store.lease(&due, until).await.unwrap());
        assert!(!store.lease(&due, until).await.unwrap());
    }
    assert!(all_due(&engine, now()).await.is_empty());
    let file = store.file(visit_id(1)).await.unwrap().unwrap();
    assert_eq!((file.visit.due_at, file.messages[0].due_at), (Some(until), Some(until)));
    // When the lease has run out, both come up again, and it shows that they were taken before.
    let again = all_due(&engine, until).await;
    assert_eq!(again.iter().map(|due| due.taken).collect::<Vec<_>>(), [1, 1]);
    assert!(store.lease(&again[0], until.plus_minutes(1)).await.unwrap());
    // Whoever writes the row has done something: what fails next fails for the first time.
    let later = Message { due_at: Some(until.plus_minutes(2)), ..message(true) };
    store.commit(&[Write::Put(Row::Message(later), Guard::Present)]).await.unwrap();
    let written = all_due(&engine, until.plus_minutes(2)).await;
    let of_message = written.iter().find(|due| matches!(due.work, Work::Message(..))).unwrap();
    assert_eq!(of_message.taken, 0);
}

#[tokio::test]
async fn who_writes_a_visit_meanwhile_leaves_it_leased_unless_they_say_when_it_is_due() {
    let engine = with([Row::Visit(visit(true))]).await;
    let (until, store) = (now().plus_minutes(1), &engine.store);
    let [due] = all_due(&engine, now()).await.try_into().unwrap();
    assert!(store.lease(&due, until).await.unwrap());
    // Both have read it before it was leased.
    let noted = Visit { waiting: 7, ..visit(true) };
    store.commit(&[Write::Put(Row::Visit(noted), Guard::HeadAtStillDue(0))]).await.unwrap();
    let file = store.file(visit_id(1)).await.unwrap().unwrap();
    assert_eq!((file.visit.waiting, file.visit.due_at), (7, Some(until)));
    assert!(all_due(&engine, now()).await.is_empty());
    assert_eq!(all_due(&engine, until).await[0].taken, 1);
    let done = Visit { due_at: None, ..visit(true) };
    store.commit(&[Write::Put(Row::Visit(done), Guard::HeadAt(0))]).await.unwrap();
    assert!(all_due(&engine, until.plus_minutes(60)).await.is_empty());
    let stale = Write::Put(Row::Visit(visit(true)), Guard::HeadAtStillDue(1));
    assert!(matches!(store.commit(&[stale]).await, Err(CommitError::Refused(_))), "the head guards as ever");
}

#[tokio::test]
async fn what_is_not_due_any_more_or_is_gone_is_not_leased() {
    let engine = with([Row::Message(message(true))]).await;
    let [due] = all_due(&engine, now()).await.try_into().unwrap();
    let done = Write::Put(Row::Message(Message { due_at: None, ..message(true) }), Guard::Present);
    engine.store.commit(&[done]).await.unwrap();
    assert!(!engine.store.lease(&due, now()).await.unwrap());
    let mut gone = due.clone();
    gone.place.partition = format!("V#{}", visit_id(9));
    assert!(!engine.store.lease(&gone, now()).await.unwrap());
    let mut foreign = due;
    foreign.place.tenant = Some("another".to_owned());
    assert!(!engine.store.lease(&foreign, now()).await.unwrap());
    assert!(engine.store.file(visit_id(9)).await.unwrap().is_none(), "no row was made");
}

#[tokio::test]
async fn what_a_number_said_last_counts_in_whatever_order_it_comes() {
    let engine = Engine::new();
    let store = &engine.store;
    let (first, last) = (wish(now(), "b", true), wish(now().plus_seconds(1), "a", false));
    assert_eq!(store.text_wish(&last.number).await.unwrap(), None);
    assert!(store.note_text_wish(&last).await.unwrap());
    assert!(!store.note_text_wish(&first).await.unwrap(), "said before");
    assert!(!store.note_text_wish(&last).await.unwrap(), "the very same");
    assert_eq!(store.text_wish(&last.number).await.unwrap(), Some(last.clone()));
    let same_time = wish(last.said_at, "c", true);
    assert!(store.note_text_wish(&same_time).await.unwrap());
    assert_eq!(store.text_wish(&last.number).await.unwrap(), Some(same_time));
}

#[tokio::test]
async fn a_carriers_id_leads_to_the_message() {
    let engine = with([Row::SentMessage(sent_message())]).await;
    let store = &engine.store;
    assert_eq!(store.sent_message(Transport::Sms, "provider").await.unwrap(), Some(sent_message()));
    assert_eq!(store.sent_message(Transport::Email, "provider").await.unwrap(), None);
    assert_eq!(store.sent_message(Transport::Sms, "another").await.unwrap(), None);
}

#[tokio::test]
async fn visits_are_spread_over_all_shards() {
    let mut used = std::collections::BTreeSet::new();
    for n in 0..64 {
        let row = Visit { visit_id: visit_id(n), ..visit(true) };
        let engine = with([Row::Visit(row)]).await;
        for shard in 0..SHARDS {
            if !engine.store.due(shard, now(), None, 1).await.unwrap().0.is_empty() {
                used.insert(shard);
            }
        }
    }
    assert_eq!(used.len(), usize::from(SHARDS));
}

#[tokio::test]
async fn a_hold_keeps_others_off_until_its_end() {
    let engine = Engine::new();
    let (start, end) = (now(), now().plus_seconds(60));
    assert_eq!(engine.store.hold("otp#seat", start, end).await.unwrap(), None);
    // Of two in the same millisecond too, one takes it.
    assert_eq!(engine.store.hold("otp#seat", start, end).await.unwrap(), Some(end));
    let last = Time::from_millis(end.millis() - 1);
    assert_eq!(engine.store.hold("otp#seat", last, end.plus_seconds(60)).await.unwrap(), Some(end));
    assert_eq!(engine.store.hold("otp#other", start, end).await.unwrap(), None);
    assert_eq!(engine.store.hold("otp#seat", end, end.plus_seconds(60)).await.unwrap(), None);
    assert_eq!(engine.calls(), ["PutItem"; 5]);
}

#[tokio::test]
async fn a_hold_whose_answer_was_lost_is_ones_own() {
    let engine = Engine::new();
    engine.lose_next_answer();
    assert_eq!(engine.store.hold("otp#seat", now(), now().plus_seconds(60)).await.unwrap(), None);
    assert_eq!(engine.calls(), ["PutItem", "PutItem"]);
    assert!(engine.store.hold("otp#seat", now(), now().plus_seconds(60)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_transaction_whose_answer_was_lost_has_happened_once() {
    let engine = Engine::new();
    engine.lose_next_answer();
    engine.store.commit(&[Write::Put(Row::Visit(visit(true)), Guard::Absent)]).await.unwrap();
    assert_eq!(engine.calls(), ["TransactWriteItems", "TransactWriteItems"]);
}

#[tokio::test]
async fn a_clinicians_latest_visits_come_newest_first() {
    let at = |text: &str, n| {
        let scheduled_at = bedside_domain::time::SlotTime::parse(text).unwrap();
        Visit { visit_id: visit_id(n), scheduled_at, ..visit(true) }
    };
    let (first, second, third) =
        (at("2026-11-30T23:55:00Z", 1), at("2026-12-01T20:00:00Z", 2), at("2026-12-01T20:05:00Z", 3));
    let others = Visit {
        clinician_id: bedside_domain::id::ClinicianId::parse("dr-2").unwrap(),
        ..at("2026-12-01T20:00:00Z", 4)
    };
    let rows = [&second, &others, &first, &third].map(|v| Row::Visit(v.clone()));
    let engine = with(rows).await;
    let recent = async |before: &str, limit| {
        let clinician = &first.clinician_id;
        engine.store.recent(&practice(), clinician, Time::parse(before).unwrap(), limit).await.unwrap()
    };
    assert_eq!(recent("2026-12-01T20:05:00.001Z", 9).await, [third.clone(), second.clone(), first.clone()]);
    assert_eq!(recent("2026-12-01T20:05:00Z", 9).await, [second.clone(), first.clone()], "before, not at");
    assert_eq!(recent("2026-12-01T20:00:00.500Z", 1).await, std::slice::from_ref(&second));
    assert_eq!(recent("2026-11-30T23:55:00Z", 9).await, []);
    assert_eq!(engine.calls(), ["Query"; 4]);
}

#[tokio::test]
async fn a_proof_is_new_once_and_for_the_same_requests_retry() {
    let engine = Engine::new();
    assert!(engine.store.first_use(&proof("request")).await.unwrap());
    assert!(engine.store.first_use(&proof("request")).await.unwrap());
    assert!(!engine.store.first_use(&proof("another")).await.unwrap());
    assert_eq!(engine.calls(), ["PutItem"; 3]);
}

#[tokio::test]
async fn a_tenants_chain_without_records_ends_at_its_beginning() {
    let engine = Engine::new();
    assert_eq!(engine.store.tenant_head(&practice()).await.unwrap(), Head::genesis());
    engine.store.commit(&[Write::Put(Row::ChainHead(chain_head(1)), Guard::HeadAt(0))]).await.unwrap();
    assert_eq!(engine.store.tenant_head(&practice()).await.unwrap().seq, 1);
}

#[tokio::test]
async fn a_list_comes_soonest_first_in_its_range_and_after_a_visit() {
    let at = |text: &str, n| {
        let scheduled_at = bedside_domain::time::SlotTime::parse(text).unwrap();
        Visit { visit_id: visit_id(n), scheduled_at, ..visit(true) }
    };
    let (first, second, third) =
        (at("2026-11-30T23:55:00Z", 1), at("2026-12-01T20:00:00Z", 2), at("2026-12-01T20:00:00Z", 3));
    let others = Visit { created_by: "key-2".into(), ..at("2026-12-01T20:00:00Z", 4) };
    let rows = [&second, &others, &first, &third].map(|v| Row::Visit(v.clone()));
    let engine = with(rows).await;
    let list = async |list: VisitList, range: VisitRange, limit| {
        let (visits, more) = engine.store.list(&practice(), &list, &range, limit).await.unwrap();
        (visits.into_iter().map(|visit| visit.visit_id).collect::<Vec<_>>(), more)
    };
    let (a, b, c, d) = (visit_id(1), visit_id(2), visit_id(3), visit_id(4));
    let all = VisitRange::default;
    let mine = || VisitList::Creator("key-1".to_owned());
    assert_eq!(list(VisitList::Tenant, all(), 9).await, (vec![a, b, c, d], false));
    assert_eq!(list(mine(), all(), 9).await.0, [a, b, c]);
    assert_eq!(list(VisitList::Clinician(first.clinician_id.clone()), all(), 2).await, (vec![a, b], true));
    assert_eq!(list(VisitList::Patient(first.patient_id.clone()), all(), 9).await.0, [a, b, c, d]);
    let time = |text: &str| Some(Time::parse(text).unwrap());
    let from = |text: &str| VisitRange { from: time(text), ..VisitRange::default() };
    let to = |text: &str| VisitRange { to: time(text), ..VisitRange::default() };
    assert_eq!(list(mine(), from("2026-12-01T20:00:00Z"), 9).await.0, [b, c], "at or after");
    assert_eq!(list(mine(), from("2026-12-01T20:00:00.001Z"), 9).await.0, []);
    assert_eq!(list(mine(), to("2026-12-01T20:00:00Z"), 9).await.0, [a], "before, not at");
    let after =
        |visit: &Visit| VisitRange { after: Some((visit.scheduled_at, visit.visit_id)), ..VisitRange::default() };
    assert_eq!(list(mine(), after(&first), 9).await.0, [b, c]);
    assert_eq!(list(mine(), after(&second), 9).await.0, [c], "of two at one time, the other");
    assert_eq!(list(mine(), after(&third), 9).await, (vec![], false));
    let _ = engine.calls();
    let backwards = VisitRange { from: time("2027-01-01T00:00:00Z"), ..to("2026-01-01T00:00:00Z") };
    assert_eq!(list(mine(), backwards, 9).await, (vec![], false));
    assert_eq!(engine.calls(), Vec::<String>::new(), "a range that ends before it begins is not asked for");
}
