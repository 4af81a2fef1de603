//! DynamoDB.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Put, ReturnValuesOnConditionCheckFailure as OnFailure, TransactWriteItem, Update,
};
use bedside_local::aws::AwsSetup;
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;

use crate::endpoint::{Endpoint, Outcome, outcome, refused};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn counted(token: Option<&str>, by: i64) -> Vec<TransactWriteItem> {
    let update = Update::builder()
        .table_name("Limits")
        .key("PK", text("COUNT"))
        .key("SK", text("COUNT"))
        .update_expression("ADD #n :by SET #t = :t")
        .expression_attribute_names("#n", "n")
        .expression_attribute_names("#t", "token")
        .expression_attribute_values(":by", AttributeValue::N(by.to_string()))
        .expression_attribute_values(":t", text(token.unwrap_or("none")))
        .build()
        .unwrap();
    vec![TransactWriteItem::builder().update(update).build()]
}

async fn count(client: &Client) -> String {
    let item = client
        .get_item()
        .table_name("Limits")
        .key("PK", text("COUNT"))
        .key("SK", text("COUNT"))
        .consistent_read(true)
        .send()
        .await
        .unwrap();
    item.item.map_or_else(|| "0".to_owned(), |item| item["n"].as_n().unwrap().clone())
}

fn link(status: &str, owner: &str) -> Put {
    Put::builder()
        .table_name("Visits")
        .item("PK", text("V#1"))
        .item("SK", text("LINK#1"))
        .item("status", text(status))
        .item("owner", text(owner))
        .condition_expression("attribute_not_exists(PK) OR #s = :active")
        .expression_attribute_names("#s", "status")
        .expression_attribute_values(":active", text("ACTIVE"))
        .return_values_on_condition_check_failure(OnFailure::AllOld)
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_racing_updates_have_one_winner() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    for round in 0..3 {
        let mut racers = JoinSet::new();
        for racer in 0..200 {
            let client = client.clone();
            racers.spawn(async move {
                let update = client
                    .update_item()
                    .table_name("Visits")
                    .key("PK", text(&format!("V#{round}")))
                    .key("SK", text("LINK#1"))
                    .update_expression("SET #o = :me")
                    .condition_expression("attribute_not_exists(#o)")
                    .expression_attribute_names("#o", "owner")
                    .expression_attribute_values(":me", text(&racer.to_string()))
                    .return_values_on_condition_check_failure(OnFailure::AllOld);
                update.send().await.map(|_| racer).map_err(SdkError::into_service_error)
            });
        }
        let ends = racers.join_all().await;
        let winners: Vec<_> = ends.iter().filter_map(|end| end.as_ref().ok()).collect();
        assert_eq!(winners.len(), 1, "round {round}");
        let winner = text(&winners[0].to_string());
        for loser in ends.iter().filter_map(|end| end.as_ref().err()) {
            assert_eq!(loser.code(), Some("ConditionalCheckFailedException"));
            let aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(failure) =
                loser
            else {
                panic!("{loser}");
            };
            assert_eq!(failure.item.as_ref().unwrap()["owner"], winner);
        }
    }
    assert_eq!(endpoint.called("UpdateItem"), 600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_transactions_have_one_winner_and_tell_who_it_was() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    let mut first = link("ACTIVE", "nobody");
    first.condition_expression = None;
    first.expression_attribute_names = None;
    first.expression_attribute_values = None;
    client.transact_write_items().transact_items(TransactWriteItem::builder().put(first).build()).send().await.unwrap();
    let mut racers = JoinSet::new();
    for racer in 0..64 {
        let client = client.clone();
        racers.spawn(async move {
            let audit = Put::builder()
                .table_name("Audit")
                .item("PK", text("V#1"))
                .item("SK", text(&format!("{racer}")))
                .build()
                .unwrap();
            client
                .transact_write_items()
                .transact_items(TransactWriteItem::builder().put(link("REDEEMED", &racer.to_string())).build())
                .transact_items(TransactWriteItem::builder().put(audit).build())
                .send()
                .await
                .map(|_| racer)
                .map_err(SdkError::into_service_error)
        });
    }
    let ends = racers.join_all().await;
    let winners: Vec<_> = ends.iter().filter_map(|end| end.as_ref().ok()).collect();
    assert_eq!(winners.len(), 1);
    for loser in ends.iter().filter_map(|end| end.as_ref().err()) {
        let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
            cancelled,
        ) = loser
        else {
            panic!("{loser}");
        };
        let reasons = cancelled.cancellation_reasons();
        assert_eq!(reasons.len(), 2);
        assert_eq!(reasons[0].code(), Some("ConditionalCheckFailed"));
        assert_eq!(reasons[0].item().unwrap()["owner"], text(&winners[0].to_string()));
        assert_eq!(reasons[1].code(), Some("None"));
    }
    let audited = client.scan().table_name("Audit").send().await.unwrap();
    assert_eq!(audited.count(), 1, "a loser's other items are not written");
}

#[tokio::test]
async fn a_client_request_token_takes_effect_once_in_ten_minutes() {
    let setup = AwsSetup::default();
    let clock = setup.clock.clone();
    let endpoint = Endpoint::start_with(setup).await;
    let client = endpoint.dynamodb();
    let send = |items| client.transact_write_items().set_transact_items(Some(items)).client_request_token("t-1").send();
    assert_eq!(outcome(send(counted(Some("t"), 1)).await), Outcome::Answered);
    assert_eq!(outcome(send(counted(Some("t"), 1)).await), Outcome::Answered);
    assert_eq!(count(&client).await, "1");
    assert_eq!(outcome(send(counted(Some("t"), 2)).await), refused("IdempotentParameterMismatchException"));
    clock.advance(SignedDuration::from_mins(9));
    assert_eq!(outcome(send(counted(Some("t"), 1)).await), Outcome::Answered);
    assert_eq!(count(&client).await, "1");
    clock.advance(SignedDuration::from_mins(2));
    assert_eq!(outcome(send(counted(Some("t"), 1)).await), Outcome::Answered);
    assert_eq!(count(&client).await, "2");
    let long = client.transact_write_items().set_transact_items(Some(counted(None, 1)));
    assert_eq!(outcome(long.client_request_token("x".repeat(37)).send().await), refused("ValidationException"));
}

#[tokio::test]
async fn a_failed_transaction_leaves_its_token_free() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    let check = ConditionCheck::builder()
        .table_name("Visits")
        .key("PK", text("V#9"))
        .key("SK", text("VISIT"))
        .condition_expression("attribute_exists(PK)")
        .build()
        .unwrap();
    let mut items = counted(None, 1);
    items.push(TransactWriteItem::builder().condition_check(check).build());
    let send =
        || client.transact_write_items().set_transact_items(Some(items.clone())).client_request_token("t").send();
    assert_eq!(outcome(send().await), refused("TransactionCanceledException"));
    let visit = HashMap::from([("PK".to_owned(), text("V#9")), ("SK".to_owned(), text("VISIT"))]);
    client.put_item().table_name("Visits").set_item(Some(visit)).send().await.unwrap();
    assert_eq!(outcome(send().await), Outcome::Answered);
    assert_eq!(count(&client).await, "1");
}

#[tokio::test]
async fn an_item_is_found_by_every_index_that_it_is_in() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    let mut put = client.put_item().table_name("Visits").item("PK", text("V#1")).item("SK", text("VISIT"));
    for index in ["due", "clinician", "patient", "tenant", "creator"] {
        put = put.item(format!("{index}Pk"), text(index)).item(format!("{index}Sk"), text("2026-12-01"));
    }
    put.item("note", text("kept")).send().await.unwrap();
    for index in ["due", "clinician", "patient", "tenant", "creator"] {
        let found = client
            .query()
            .table_name("Visits")
            .index_name(index)
            .key_condition_expression("#p = :p AND #s < :s")
            .expression_attribute_names("#p", format!("{index}Pk"))
            .expression_attribute_names("#s", format!("{index}Sk"))
            .expression_attribute_values(":p", text(index))
            .expression_attribute_values(":s", text("2027"))
            .send()
            .await
            .unwrap();
        assert_eq!(found.items()[0]["note"], text("kept"), "{index}");
    }
}

#[tokio::test]
async fn expired_items_are_swept_by_the_laptops_clock() {
    let setup = AwsSetup::default();
    let clock = setup.clock.clone();
    let endpoint = Endpoint::start_with(setup).await;
    let ttl = (clock.now().as_second() + 600).to_string();
    let item = json!({ "PK": { "S": "IP" }, "SK": { "S": "1" }, "ttl": { "N": ttl } });
    let lasting = json!({ "PK": { "S": "IP" }, "SK": { "S": "2" } });
    for item in [item, lasting.clone()] {
        endpoint.state.dynamodb("PutItem", json!({ "TableName": "Limits", "Item": item })).await.unwrap();
    }
    assert_eq!(endpoint.state.sweep_ttl().await.unwrap(), 0);
    clock.advance(SignedDuration::from_mins(11));
    assert_eq!(endpoint.state.sweep_ttl().await.unwrap(), 1);
    let left = endpoint.state.dynamodb("Scan", json!({ "TableName": "Limits" })).await.unwrap();
    assert_eq!(left["Items"], json!([lasting]));
    assert!(endpoint.state.calls().is_empty(), "the controls' own work is not counted");
}

#[tokio::test]
async fn a_reset_empties_everything() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    client
        .transact_write_items()
        .set_transact_items(Some(counted(None, 1)))
        .client_request_token("t")
        .send()
        .await
        .unwrap();
    endpoint.state.reset().await.unwrap();
    assert_eq!(count(&client).await, "0");
    let again = client.transact_write_items().set_transact_items(Some(counted(None, 1))).client_request_token("t");
    assert_eq!(outcome(again.send().await), Outcome::Answered);
    assert_eq!(count(&client).await, "1", "tokens are forgotten too");
}

#[tokio::test]
async fn data_and_keys_survive_a_restart() {
    let folder = std::env::temp_dir().join(format!("bedside-data-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    let setup = || AwsSetup { data: Some(folder.join("bedside.db")), ..AwsSetup::default() };
    let endpoint = Endpoint::start_with(setup()).await;
    endpoint.dynamodb().transact_write_items().set_transact_items(Some(counted(None, 5))).send().await.unwrap();
    let sealed =
        endpoint.kms().generate_data_key().key_id("alias/bedside-data").number_of_bytes(32).send().await.unwrap();
    drop(endpoint);

    let endpoint = Endpoint::start_with(setup()).await;
    assert_eq!(count(&endpoint.dynamodb()).await, "5");
    let opened = endpoint.kms().decrypt().ciphertext_blob(sealed.ciphertext_blob.unwrap()).send().await.unwrap();
    assert_eq!(opened.plaintext, sealed.plaintext);
    drop(endpoint);
    std::fs::remove_dir_all(&folder).unwrap();
}
