//! A practice's keys: found by their hash, listed by their practice, gone from both at once; and where it signs in.

use crate::engine::Engine;
use crate::samples::*;
use bedside_app::ports::{CommitError, Directory as _, Guard, Row, Visits as _, Write};
use bedside_domain::id::TenantId;
use bedside_domain::person::{ApiKey, Oidc, Tenant};
use bedside_domain::secret::Mac;

fn numbered(n: u8) -> ApiKey {
    ApiKey { key_id: key_id(n), mac: Mac(format!("mac-{n}")), ..api_key(false) }
}

async fn with(keys: impl IntoIterator<Item = ApiKey>) -> Engine {
    let engine = Engine::new();
    for key in keys {
        engine.store.commit(&[Write::Put(Row::ApiKey(key), Guard::Absent)]).await.unwrap();
    }
    engine.calls();
    engine
}

#[tokio::test]
async fn keys_are_listed_newest_first_each_practices_own() {
    let other = TenantId::parse("practice2").unwrap();
    let foreign = ApiKey { tenant: other.clone(), ..numbered(9) };
    let engine = with([2, 1, 3].map(numbered).into_iter().chain([foreign.clone()])).await;
    let store = &engine.store;
    let all = [3, 2, 1].map(numbered);
    assert_eq!(store.keys(&practice(), None, 9).await.unwrap(), all);
    assert_eq!(store.keys(&practice(), None, 2).await.unwrap(), all[..2]);
    assert_eq!(store.keys(&practice(), Some(key_id(2)), 2).await.unwrap(), all[2..]);
    assert_eq!(store.keys(&practice(), Some(key_id(1)), 2).await.unwrap(), []);
    assert_eq!(store.count_keys(&practice()).await.unwrap(), 3);
    assert_eq!(store.count_keys(&other).await.unwrap(), 1);
    assert_eq!(store.key(&practice(), key_id(9)).await.unwrap(), None, "another practice's");
    assert_eq!(store.key(&other, key_id(9)).await.unwrap(), Some(foreign));
    let calls = engine.calls();
    assert_eq!(calls, [vec!["Query"; 6], vec!["GetItem"; 2]].concat());
}

#[tokio::test]
async fn a_list_of_more_than_a_page_is_read_whole() {
    let long = |n| ApiKey { label: "x".repeat(350_000), ..numbered(n) };
    let engine = with([1, 2, 3, 4].map(long)).await;
    assert_eq!(engine.store.keys(&practice(), None, 4).await.unwrap().len(), 4);
    assert_eq!(engine.store.count_keys(&practice()).await.unwrap(), 4);
    assert!(engine.calls().len() > 2, "1 MB a page");
}

#[tokio::test]
async fn a_revoked_key_is_gone_from_both_places_and_cannot_be_revoked_again() {
    let engine = with([1, 2].map(numbered)).await;
    let store = &engine.store;
    let revoke = [Write::Revoke(numbered(1))];
    let foreign = Write::Revoke(ApiKey { tenant: TenantId::parse("other").unwrap(), ..numbered(1) });
    assert!(matches!(store.commit(&[foreign]).await, Err(CommitError::Refused(_))), "another practice's");
    store.commit(&revoke).await.unwrap();
    assert_eq!(store.commit(&revoke).await, Err(CommitError::Refused(vec![(0, None)])));
    assert_eq!(store.api_key(&numbered(1).mac).await.unwrap(), None);
    assert_eq!(store.keys(&practice(), None, 9).await.unwrap(), [numbered(2)]);
    assert_eq!(store.api_key(&numbered(2).mac).await.unwrap(), Some(numbered(2)));
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_once_in_both_places_and_brings_none_back() {
    let engine = with([1].map(numbered)).await;
    let store = &engine.store;
    store.key_used(&numbered(1), now()).await.unwrap();
    // Another request has read the key before that: its note comes too late, and is none.
    store.key_used(&numbered(1), now().plus_minutes(1)).await.unwrap();
    let used = ApiKey { last_used_at: Some(now()), ..numbered(1) };
    assert_eq!(store.api_key(&used.mac).await.unwrap(), Some(used.clone()));
    assert_eq!(store.key(&practice(), used.key_id).await.unwrap(), Some(used.clone()));
    store.key_used(&used, now().plus_minutes(60)).await.unwrap();
    let later = ApiKey { last_used_at: Some(now().plus_minutes(60)), ..used.clone() };
    assert_eq!(store.api_key(&used.mac).await.unwrap(), Some(later.clone()));
    store.commit(&[Write::Revoke(later.clone())]).await.unwrap();
    store.key_used(&later, now().plus_minutes(120)).await.unwrap();
    assert_eq!(store.api_key(&used.mac).await.unwrap(), None);
    assert_eq!(store.count_keys(&practice()).await.unwrap(), 0);
}

#[tokio::test]
async fn settings_are_replaced_only_as_they_were_read() {
    let engine = Engine::new();
    let store = &engine.store;
    // A row of before the time was kept.
    let first = Tenant { updated_at: None, ..tenant(true) };
    store.commit(&[Write::Put(Row::Tenant(first), Guard::Absent)]).await.unwrap();
    let put = async |at, guard| {
        let row = Row::Tenant(Tenant { updated_at: Some(at), ..tenant(true) });
        store.commit(&[Write::Put(row, Guard::WrittenAt(guard))]).await
    };
    assert!(put(now(), Some(now())).await.is_err());
    put(now(), None).await.unwrap();
    assert!(put(now().plus_seconds(1), None).await.is_err());
    put(now().plus_seconds(1), Some(now())).await.unwrap();
}

#[tokio::test]
async fn a_practice_that_moves_leaves_where_it_signed_in_before() {
    let engine = Engine::new();
    let store = &engine.store;
    let before = tenant(true);
    store.commit(&[Write::Put(Row::Tenant(before.clone()), Guard::Absent)]).await.unwrap();
    let oidc = Oidc { client_id: "another".into(), ..before.oidc.clone() };
    let after = Tenant { oidc, ..before.clone() };
    let leave = Write::LeaveSignIn(practice(), before.oidc.clone());
    store.commit(&[Write::Put(Row::Tenant(after.clone()), Guard::Present), leave.clone()]).await.unwrap();
    assert_eq!(store.tenant_of("https://idp.example", "client").await.unwrap(), None);
    assert_eq!(store.tenant_of("https://idp.example", "another").await.unwrap(), Some(practice()));
    // Another practice may come there now; and then nobody takes it from them.
    let other = TenantId::parse("other").unwrap();
    let other = Tenant { tenant: other, ..before };
    store.commit(&[Write::Put(Row::Tenant(other.clone()), Guard::Absent)]).await.unwrap();
    assert!(store.commit(&[leave]).await.is_err());
    assert_eq!(store.tenant_of("https://idp.example", "client").await.unwrap(), Some(other.tenant));
}
