//! Rows go in and come out as they were.

use crate::engine::Engine;
use crate::samples::*;
use bedside_app::ports::{AuditLog as _, Chain, Directory as _, Guard, Row, Visits as _, Write};
use bedside_domain::audit::Head;
use serde_json::json;

async fn put(engine: &Engine, row: Row) {
    engine.store.commit(&[Write::Put(row, Guard::Absent)]).await.unwrap();
}

#[tokio::test]
async fn a_file_is_read_as_it_was_written_in_one_call() {
    for full in [true, false] {
        let engine = Engine::new();
        assert_eq!(engine.store.file(visit_id(1)).await.unwrap(), None);
        for row in [
            Row::Visit(visit(full)),
            Row::Link(link(full)),
            Row::Participant(participant(full)),
            Row::Challenge(challenge(full)),
            Row::Message(message(full)),
        ] {
            put(&engine, row).await;
        }
        engine.calls();
        let file = engine.store.file(visit_id(1)).await.unwrap().unwrap();
        assert_eq!(engine.calls(), ["Query"]);
        assert_eq!(file.visit, visit(full));
        assert_eq!(file.links, [link(full)]);
        assert_eq!(file.participants, [participant(full)]);
        assert_eq!(file.challenges, [challenge(full)]);
        assert_eq!(file.messages, [message(full)]);
    }
}

#[tokio::test]
async fn a_file_of_more_than_a_page_is_read_whole() {
    let engine = Engine::new();
    put(&engine, Row::Visit(visit(false))).await;
    for n in 1..=4 {
        let name = Some(bedside_domain::secret::Sealed("x".repeat(350_000)));
        put(&engine, Row::Link(bedside_domain::link::Link { link_id: link_id(n), display_name: name, ..link(true) }))
            .await;
    }
    engine.calls();
    let file = engine.store.file(visit_id(1)).await.unwrap().unwrap();
    assert_eq!(file.links.len(), 4);
    assert!(engine.calls().len() > 1, "1 MB a page");
}

#[tokio::test]
async fn people_keys_and_locations_are_read_as_they_were_written() {
    for full in [true, false] {
        let engine = Engine::new();
        put(&engine, Row::Tenant(tenant(full))).await;
        put(&engine, Row::Clinician(clinician(full))).await;
        put(&engine, Row::Patient(patient(full))).await;
        put(&engine, Row::ApiKey(api_key(full))).await;
        put(&engine, Row::Location(location(full))).await;
        let store = &engine.store;
        assert_eq!(store.tenant(&practice()).await.unwrap(), Some(tenant(full)));
        assert_eq!(store.clinician(&practice(), &clinician(full).clinician_id).await.unwrap(), Some(clinician(full)));
        assert_eq!(store.patient(&practice(), &patient(full).patient_id).await.unwrap(), Some(patient(full)));
        assert_eq!(store.api_key(&api_key(full).mac).await.unwrap(), Some(api_key(full)));
        assert_eq!(store.locate(&location(full).lookup).await.unwrap(), Some(location(full)));
    }
}

#[tokio::test]
async fn what_an_updated_row_no_longer_has_is_gone_from_its_item() {
    // A row put anew is what an update must leave: any attribute more is one that the update forgot to remove.
    let rows: [fn(bool) -> Row; 10] = [
        |f| Row::Visit(visit(f)),
        |f| Row::Link(link(f)),
        |f| Row::Participant(participant(f)),
        |f| Row::Challenge(challenge(f)),
        |f| Row::Message(message(f)),
        |f| Row::Location(location(f)),
        |f| Row::Clinician(clinician(f)),
        |f| Row::Patient(patient(f)),
        |f| Row::Tenant(tenant(f)),
        |f| Row::ApiKey(api_key(f)),
    ];
    let places = [
        (format!("V#{}", visit_id(1)), "#VISIT".to_owned()),
        (format!("V#{}", visit_id(1)), format!("LINK#{}", link_id(1))),
        (format!("V#{}", visit_id(1)), format!("WHO#{}", seat(1))),
        (format!("V#{}", visit_id(1)), format!("CHALLENGE#{}", challenge_id(1))),
        (format!("V#{}", visit_id(1)), format!("MESSAGE#{}", message_id(1))),
        ("CODE#bG9va3Vw".to_owned(), "CODE".to_owned()),
        ("T#practice".to_owned(), "C#dr-1".to_owned()),
        ("T#practice".to_owned(), "P#pat-1".to_owned()),
        ("T#practice".to_owned(), "TENANT".to_owned()),
        ("KEY#a2V5bWFj".to_owned(), "KEY".to_owned()),
    ];
    for (row, (pk, sk)) in rows.into_iter().zip(places) {
        let (fresh, updated) = (Engine::new(), Engine::new());
        put(&fresh, row(false)).await;
        put(&updated, row(true)).await;
        let had = updated.item("Visits", &pk, &sk);
        let expected = fresh.item("Visits", &pk, &sk);
        assert!(had.len() > expected.len() && !expected.is_empty(), "{pk} {sk}");
        updated.store.commit(&[Write::Put(row(false), Guard::Present)]).await.unwrap();
        let left = updated.item("Visits", &pk, &sk);
        let over: Vec<_> = left.keys().filter(|name| !expected.contains_key(*name)).collect();
        assert!(over.is_empty(), "{pk} {sk} keeps {over:?}");
        assert_eq!(left, expected);
        // And back: what it has again is there again.
        updated.store.commit(&[Write::Put(row(true), Guard::Present)]).await.unwrap();
        assert_eq!(updated.item("Visits", &pk, &sk), had, "{pk} {sk}");
    }
}

#[tokio::test]
async fn a_visit_stands_in_its_lists_and_only_while_due_on_the_agenda() {
    let engine = Engine::new();
    put(&engine, Row::Visit(visit(true))).await;
    let item = engine.item("Visits", &format!("V#{}", visit_id(1)), "#VISIT");
    let when = format!("2026-12-01T20:05:00Z#{}", visit_id(1));
    for (name, value) in [
        ("clinicianPk", "T#practice#C#dr-1"),
        ("clinicianSk", &when),
        ("patientPk", "T#practice#P#pat-1"),
        ("patientSk", &when),
        ("tenantPk", "T#practice#V"),
        ("tenantSk", &when),
        ("creatorPk", "T#practice#M#key-1"),
        ("creatorSk", &when),
        ("duePk", "DUE#1"),
        ("dueSk", &format!("1796155200123#visit#{}", visit_id(1))),
    ] {
        assert_eq!(item.get(name), Some(&json!({ "S": value })), "{name}");
    }
    engine.store.commit(&[Write::Put(Row::Visit(visit(false)), Guard::HeadAt(0))]).await.unwrap();
    let item = engine.item("Visits", &format!("V#{}", visit_id(1)), "#VISIT");
    assert!(!item.contains_key("duePk") && !item.contains_key("dueSk") && item.contains_key("tenantPk"));
}

#[tokio::test]
async fn the_broom_never_comes_too_early() {
    let engine = Engine::new();
    put(&engine, Row::Location(location(true))).await;
    put(&engine, Row::SeenProof(proof("request"))).await;
    let swept = Some(json!({ "N": "1796155201" }));
    assert_eq!(engine.item("Visits", "CODE#bG9va3Vw", "CODE").remove("ttl"), swept);
    assert_eq!(engine.item("Limits", &format!("PROOF#{}", thumbprint()), "jti").remove("ttl"), swept);
}

#[tokio::test]
async fn a_chain_is_read_in_its_order_and_hashes_as_it_did() {
    let engine = Engine::new();
    let chain = Chain::Visit(visit_id(1));
    let mut head = Head::genesis();
    let mut written = Vec::new();
    for _ in 0..12 {
        let (record, next) = record(&head);
        let audit = Write::Put(Row::Audit(chain.clone(), record.clone()), Guard::Absent);
        // The tenant of the transaction stands on the record's item.
        let link = Write::Put(Row::Location(location(false)), Guard::Present);
        if head.seq == 0 {
            put(&engine, Row::Location(location(false))).await;
        }
        engine.store.commit(&[audit, link]).await.unwrap();
        written.push(record);
        head = next;
    }
    let read = engine.store.records(&chain).await.unwrap();
    assert!(read.iter().flatten().all(|r| r.computed_hash().is_ok_and(|hash| hash == r.hash)));
    assert_eq!(read, written.into_iter().map(Some).collect::<Vec<_>>());
    let item = engine.item("Audit", &format!("V#{}", visit_id(1)), "000000000012");
    assert_eq!(item.get("tenant"), Some(&json!({ "S": "practice" })));
}

#[tokio::test]
async fn a_record_that_somebody_changed_beyond_reading_keeps_its_place() {
    let engine = Engine::new();
    let chain = Chain::Visit(visit_id(1));
    let (first, head) = record(&Head::genesis());
    let (second, _) = record(&head);
    for record in [&first, &second] {
        put(&engine, Row::Audit(chain.clone(), record.clone())).await;
    }
    let pk = format!("V#{}", visit_id(1));
    for (attribute, value) in
        [("type", json!({ "S": "NOTHING" })), ("hash", json!({ "N": "1" })), ("more", json!({ "S": "" }))]
    {
        let kept = engine.item("Audit", &pk, "000000000001");
        let mut changed = kept.clone();
        changed.insert(attribute.to_owned(), value);
        engine.put("Audit", &changed);
        assert_eq!(engine.store.records(&chain).await.unwrap(), [None, Some(second.clone())], "{attribute}");
        engine.put("Audit", &kept);
    }
    assert_eq!(engine.store.records(&chain).await.unwrap(), [Some(first), Some(second)]);
}

#[tokio::test]
async fn where_people_sign_in_leads_to_their_practice_alone() {
    let engine = Engine::new();
    let store = &engine.store;
    assert_eq!(store.tenant_of("https://idp.example", "client").await.unwrap(), None);
    put(&engine, Row::Tenant(tenant(true))).await;
    assert_eq!(store.tenant_of("https://idp.example", "client").await.unwrap(), Some(practice()));
    assert_eq!(store.tenant_of("https://idp.example", "other").await.unwrap(), None);
    // The practice may be written again; another one may not take its sign-in.
    store.commit(&[Write::Put(Row::Tenant(tenant(false)), Guard::Present)]).await.unwrap();
    let other = bedside_domain::id::TenantId::parse("other").unwrap();
    let thief = bedside_domain::person::Tenant { tenant: other, ..tenant(true) };
    let refused = store.commit(&[Write::Put(Row::Tenant(thief), Guard::Absent)]).await;
    assert_eq!(refused, Err(bedside_app::ports::CommitError::Refused(vec![(0, None)])));
    assert_eq!(store.tenant_of("https://idp.example", "client").await.unwrap(), Some(practice()));
}
