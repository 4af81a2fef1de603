//! Each guard holds what it says, and a refusal brings the row as it stands.

use crate::engine::Engine;
use crate::samples::*;
use bedside_app::ports::{CommitError, Guard, Row, Visits as _, Write};
use bedside_domain::audit::Head;
use bedside_domain::id::TenantId;
use bedside_domain::link::{Link, LinkStatus};
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::visit::Visit;
use serde_json::json;

async fn with(row: Row) -> Engine {
    let engine = Engine::new();
    engine.store.commit(&[Write::Put(row, Guard::Absent)]).await.unwrap();
    engine
}

/// Whether a row that stands as `stored` may become `next` under the guard; a refusal must show it as it stands.
async fn holds(stored: Row, next: Row, guard: Guard) -> bool {
    let engine = with(stored.clone()).await;
    match engine.store.commit(&[Write::Put(next, guard)]).await {
        Ok(()) => true,
        Err(CommitError::Refused(rows)) => {
            assert_eq!(rows, [(0, Some(stored))]);
            false
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn absent_and_present_are_opposites() {
    assert!(!holds(Row::Link(link(true)), Row::Link(link(true)), Guard::Absent).await);
    assert!(holds(Row::Link(link(true)), Row::Link(link(false)), Guard::Present).await);
    let nothing = Engine::new().store.commit(&[Write::Put(Row::Link(link(true)), Guard::Present)]).await;
    assert_eq!(nothing, Err(CommitError::Refused(vec![(0, None)])));
}

#[tokio::test]
async fn another_tenant_may_not_touch_a_row_under_any_guard() {
    let other = TenantId::parse("other").unwrap();
    let theirs = Link { tenant: other.clone(), ..link(true) };
    for guard in [Guard::Present, Guard::Spendable(now())] {
        assert!(!holds(Row::Link(link(true)), Row::Link(theirs.clone()), guard).await);
    }
    let theirs = Visit { tenant: other, ..visit(true) };
    assert!(!holds(Row::Visit(visit(true)), Row::Visit(theirs), Guard::HeadAt(0)).await);
}

#[tokio::test]
async fn a_head_is_moved_only_from_where_it_was_read() {
    let moved = Visit { head: Head { seq: 7, ..Head::genesis() }, ..visit(true) };
    assert!(holds(Row::Visit(moved.clone()), Row::Visit(visit(false)), Guard::HeadAt(7)).await);
    assert!(!holds(Row::Visit(moved.clone()), Row::Visit(visit(false)), Guard::HeadAt(6)).await);
    assert!(!holds(Row::Visit(moved), Row::Visit(visit(false)), Guard::HeadAt(0)).await);
}

#[tokio::test]
async fn a_tenants_chain_begins_without_a_head() {
    let engine = Engine::new();
    let put = |seq, guard| [Write::Put(Row::ChainHead(chain_head(seq)), guard)];
    engine.store.commit(&put(1, Guard::HeadAt(0))).await.unwrap();
    // Two that begin it at once: one of them comes too late, and sees where the chain stands.
    let late = engine.store.commit(&put(1, Guard::HeadAt(0))).await;
    assert_eq!(late, Err(CommitError::Refused(vec![(0, Some(Row::ChainHead(chain_head(1))))])));
    engine.store.commit(&put(2, Guard::HeadAt(1))).await.unwrap();
    let lost = Engine::new().store.commit(&put(2, Guard::HeadAt(1))).await;
    assert_eq!(lost, Err(CommitError::Refused(vec![(0, None)])));
}

#[tokio::test]
async fn a_link_is_spent_while_active_and_alive() {
    let redeemed = Link { status: LinkStatus::Redeemed, ..link(true) };
    let spend = |stored: &Link, at| holds(Row::Link(stored.clone()), Row::Link(redeemed.clone()), Guard::Spendable(at));
    let alive = link(false);
    let one_ms_before = bedside_domain::time::Time::from_millis(alive.expires_at.millis() - 1);
    assert!(spend(&alive, one_ms_before).await);
    assert!(!spend(&alive, alive.expires_at).await);
    assert!(!spend(&redeemed, now()).await);
    assert!(!spend(&Link { status: LinkStatus::Revoked, ..alive }, now()).await);
}

#[tokio::test]
async fn a_spent_link_goes_on_with_its_owners_session_alone() {
    let spent = |session| Link { status: LinkStatus::Redeemed, session_id: session, ..link(true) };
    let go_on = |stored: Link, session| holds(Row::Link(stored.clone()), Row::Link(stored), Guard::SpentFor(session));
    assert!(go_on(spent(Some(session_id(1))), Some(session_id(1))).await);
    assert!(!go_on(spent(Some(session_id(2))), Some(session_id(1))).await);
    assert!(!go_on(spent(Some(session_id(1))), None).await);
    assert!(go_on(spent(None), None).await);
    assert!(!go_on(link(true), Some(session_id(1))).await);
}

#[tokio::test]
async fn only_a_silent_waiting_seat_is_taken() {
    let seat = participant(true);
    let later = now().plus_seconds(15);
    let take = |stored: Participant, before| {
        holds(Row::Participant(stored.clone()), Row::Participant(stored), Guard::SilentSince(before))
    };
    assert!(take(seat.clone(), later).await);
    assert!(!take(seat.clone(), now()).await);
    assert!(!take(Participant { status: ParticipantStatus::Admitted, ..seat }, later).await);
}

#[tokio::test]
async fn a_seat_is_changed_while_its_session_is_the_known_one() {
    let change = |stored: bool, session| {
        let row = Row::Participant(participant(stored));
        holds(row.clone(), row, Guard::SessionIs(session))
    };
    assert!(change(true, Some(session_id(1))).await);
    assert!(!change(true, Some(session_id(2))).await);
    assert!(!change(true, None).await);
    assert!(change(false, None).await);
    assert!(!change(false, Some(session_id(1))).await);
}

#[tokio::test]
async fn tries_messages_and_people_are_changed_from_what_was_read() {
    let challenge_row = |full| Row::Challenge(challenge(full));
    assert!(holds(challenge_row(false), challenge_row(false), Guard::TriesLeft(5)).await);
    assert!(!holds(challenge_row(false), challenge_row(false), Guard::TriesLeft(4)).await);
    assert!(!holds(challenge_row(true), challenge_row(true), Guard::TriesLeft(5)).await, "passed already");
    let message_row = |full| Row::Message(message(full));
    assert!(holds(message_row(true), message_row(false), Guard::Untouched(0, Some(now()))).await);
    assert!(!holds(message_row(true), message_row(false), Guard::Untouched(1, Some(now()))).await);
    assert!(!holds(message_row(true), message_row(false), Guard::Untouched(0, None)).await);
    assert!(holds(message_row(false), message_row(true), Guard::Untouched(0, None)).await);
    let patient_row = |full| Row::Patient(patient(full));
    assert!(holds(patient_row(true), patient_row(false), Guard::UpdatedAt(now())).await);
    assert!(!holds(patient_row(true), patient_row(false), Guard::UpdatedAt(now().plus_seconds(1))).await);
}

#[tokio::test]
async fn a_poll_is_not_undone_by_a_change_of_the_seat() {
    let engine = with(Row::Participant(participant(true))).await;
    let polled = now().plus_seconds(4);
    engine.store.seen(visit_id(1), seat(1), polled).await.unwrap();
    let last_seen = || {
        let item = engine.item("Visits", &format!("V#{}", visit_id(1)), &format!("WHO#{}", seat(1)));
        item.get("lastSeenAt").cloned()
    };
    let put = |row: Participant, guard| [Write::Put(Row::Participant(row), guard)];
    // Admitted by the desk, which had read the seat before the poll.
    let admitted = Participant { status: ParticipantStatus::Admitted, ..participant(true) };
    for guard in [Guard::SessionIs(Some(session_id(1))), Guard::Present] {
        engine.store.commit(&put(admitted.clone(), guard)).await.unwrap();
        assert_eq!(last_seen(), Some(json!({ "N": polled.millis().to_string() })));
    }
    // Taken by another session, whose holder is there now.
    let arrived = now().plus_seconds(30);
    let rebound = Participant { session: Some(session(2)), last_seen_at: arrived, ..participant(true) };
    engine.store.commit(&put(rebound, Guard::SessionIs(Some(session_id(1))))).await.unwrap();
    assert_eq!(last_seen(), Some(json!({ "N": arrived.millis().to_string() })));
}

#[tokio::test]
async fn a_count_of_refused_tries_is_not_undone_by_a_change_of_the_link() {
    let engine = with(Row::Link(link(false))).await;
    assert_eq!(engine.store.blocked(visit_id(1), link_id(1)).await.unwrap().blocked, 1);
    let counted = engine.store.blocked(visit_id(1), link_id(1)).await.unwrap();
    assert_eq!(counted, Link { blocked: 2, ..link(false) });
    let recorded = Link { blocked_recorded: 1, ..link(false) };
    engine.store.commit(&[Write::Put(Row::Link(recorded), Guard::Present)]).await.unwrap();
    let file = engine.store.blocked(visit_id(1), link_id(1)).await.unwrap();
    assert_eq!((file.blocked, file.blocked_recorded), (3, 1));
}

#[tokio::test]
async fn a_refusal_does_nothing_and_names_every_guard_that_did_not_hold() {
    let engine = with(Row::Booking(booking())).await;
    let other = bedside_app::ports::Booking { visit_id: visit_id(2), ..booking() };
    let writes = [
        Write::Put(Row::Patient(patient(true)), Guard::Absent),
        Write::Put(Row::Booking(other.clone()), Guard::Absent),
        Write::Put(Row::Link(link(true)), Guard::Present),
    ];
    let refused = engine.store.commit(&writes).await;
    assert_eq!(refused, Err(CommitError::Refused(vec![(1, Some(Row::Booking(booking()))), (2, None)])));
    assert!(engine.item("Visits", "T#practice", "P#pat-1").is_empty());
    // Another visit's booking is not deleted; its own is.
    let refused = engine.store.commit(&[Write::Unbook(other)]).await;
    assert_eq!(refused, Err(CommitError::Refused(vec![(0, Some(Row::Booking(booking())))])));
    engine.store.commit(&[Write::Unbook(booking())]).await.unwrap();
    assert!(engine.item("Visits", "T#practice#B#dr-1#2026-12-01", "2026-12-01T20:05:00Z").is_empty());
}

#[tokio::test]
async fn a_record_or_a_proof_is_never_replaced_whatever_the_guard() {
    let chain = bedside_app::ports::Chain::Visit(visit_id(1));
    let (first, _) = record(&Head::genesis());
    let row = Row::Audit(chain, first);
    assert!(!holds(row.clone(), row, Guard::Present).await);
    assert!(!holds(Row::SeenProof(proof("a")), Row::SeenProof(proof("b")), Guard::Present).await);
}

#[tokio::test]
async fn contention_is_a_conflict_and_anything_else_an_outage() {
    let cancelled = |codes: [&str; 2]| {
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled",
            "CancellationReasons": codes.map(|code| json!({ "Code": code })),
        })
    };
    let writes =
        [Write::Put(Row::Link(link(true)), Guard::Absent), Write::Put(Row::Patient(patient(true)), Guard::Absent)];
    let engine = Engine::new();
    for code in ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"] {
        engine.fail_next(cancelled(["None", code]));
        assert_eq!(engine.store.commit(&writes).await, Err(CommitError::Conflict), "{code}");
    }
    engine.fail_next(cancelled(["TransactionConflict", "ConditionalCheckFailed"]));
    assert_eq!(engine.store.commit(&writes).await, Err(CommitError::Refused(vec![(1, None)])));
    engine.fail_next(json!({
        "__type": "TransactionCanceledException", "CancellationReasons": [{ "Code": null }, { "Code": "TransactionConflict" }],
    }));
    assert_eq!(engine.store.commit(&writes).await, Err(CommitError::Conflict), "whatever the other one met");
    engine.fail_next(json!({ "__type": "TransactionCanceledException" }));
    let Err(CommitError::Down(outage)) = engine.store.commit(&writes).await else { panic!("an outage") };
    assert_eq!(outage.to_string(), "dynamodb: TransactWriteItems TransactionCanceledException");
    engine.fail_next(cancelled(["None", "ItemCollectionSizeLimitExceeded"]));
    let Err(CommitError::Down(outage)) = engine.store.commit(&writes).await else { panic!("an outage") };
    assert_eq!(outage.to_string(), "dynamodb: TransactWriteItems ItemCollectionSizeLimitExceeded");
    engine.fail_next(json!({ "__type": "AccessDeniedException", "message": "on item of jane@example.com" }));
    let Err(CommitError::Down(outage)) = engine.store.commit(&writes).await else { panic!("an outage") };
    assert_eq!(outage.to_string(), "dynamodb: TransactWriteItems AccessDeniedException");
    assert!(engine.store.commit(&writes).await.is_ok(), "none of it had happened");
}
