//! The meter of request units:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html>

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use serde_json::json;

use crate::endpoint::Endpoint;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// What the calls since the last time have taken.
fn units(endpoint: &Endpoint) -> f64 {
    let taken = endpoint.state.stop_meter().iter().map(|taken| taken.units).sum();
    endpoint.state.start_meter();
    taken
}

async fn put(client: &Client, table: &str, bytes: usize) {
    let put = client.put_item().table_name(table).item("PK", text("P")).item("SK", text("S"));
    // Only the first of the tables has an index by clinician.
    let put = put.item("clinicianPk", text("C")).item("clinicianSk", text("1"));
    put.item("text", text(&"x".repeat(bytes))).send().await.unwrap();
}

#[tokio::test]
async fn writes_are_counted_as_dynamodb_bills_them() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    endpoint.state.start_meter();
    put(&client, "Audit", 2_500).await;
    assert_eq!(units(&endpoint), 3.0, "1 KB each, rounded up");
    put(&client, "Visits", 100).await;
    assert_eq!(units(&endpoint), 2.0, "an index is written besides");
    let put = Put::builder().table_name("Audit").item("PK", text("T")).item("SK", text("S"));
    let put = put.item("text", text(&"x".repeat(2_500))).build().unwrap();
    let write = TransactWriteItem::builder().put(put).build();
    client.transact_write_items().transact_items(write).send().await.unwrap();
    assert_eq!(units(&endpoint), 6.0, "a transaction takes twice as much");
}

#[tokio::test]
async fn reads_are_counted_as_dynamodb_bills_them() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    put(&client, "Audit", 5_000).await;
    endpoint.state.start_meter();
    for (consistent, expected) in [(true, 2.0), (false, 1.0)] {
        let get = client.get_item().table_name("Audit").key("PK", text("P")).key("SK", text("S"));
        get.consistent_read(consistent).send().await.unwrap();
        assert_eq!(units(&endpoint), expected, "4 KB each, and half of it where an old answer will do");
    }
    let query = client.query().table_name("Audit").key_condition_expression("PK = :pk").consistent_read(true);
    query.expression_attribute_values(":pk", text("P")).send().await.unwrap();
    let taken = endpoint.state.stop_meter();
    let [query] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!((query.operation.as_str(), query.calls, query.items_read, query.units), ("Query", 1, 1, 2.0));
}

#[tokio::test]
async fn a_meter_that_is_off_counts_nothing_and_never_what_the_laptop_does_for_itself() {
    let endpoint = Endpoint::start().await;
    put(&endpoint.dynamodb(), "Audit", 1).await;
    assert_eq!(endpoint.state.stop_meter(), []);
    endpoint.state.start_meter();
    endpoint.state.dynamodb("Scan", json!({ "TableName": "Audit" })).await.unwrap();
    assert_eq!(endpoint.state.stop_meter(), []);
}
