//! The three tables, their indexes, and what is done to them apart from the functions' own calls.

use serde_json::{Value, json};

use super::dynamodb::Database;
use super::service::ServiceError;
use crate::clock::LocalClock;

/// Tenants, people, visits and all that belongs to them.
pub const VISITS: &str = "Visits";
/// The audit chains.
pub const AUDIT: &str = "Audit";
/// Rate counters, idempotency records and seen DPoP ids.
pub const LIMITS: &str = "Limits";
/// The attribute, in seconds since 1970, after which an item may be swept away.
pub const TTL_ATTRIBUTE: &str = "ttl";

/// The indexes of `Visits`, each with its attributes for hash and range.
const INDEXES: [(&str, &str, &str); 5] = [
    ("due", "duePk", "dueSk"),
    ("clinician", "clinicianPk", "clinicianSk"),
    ("patient", "patientPk", "patientSk"),
    ("tenant", "tenantPk", "tenantSk"),
    ("creator", "creatorPk", "creatorSk"),
];

/// Makes the tables that are missing.
pub(crate) async fn create(database: &Database) -> Result<(), ServiceError> {
    for (table, indexes) in [(VISITS, INDEXES.as_slice()), (AUDIT, &[]), (LIMITS, &[])] {
        match database.run("CreateTable", &definition(table, indexes)).await {
            Ok(_) => {}
            Err(error) if error.code() == "ResourceInUseException" => continue,
            Err(error) => return Err(error),
        }
        if table != AUDIT {
            let ttl = json!({ "Enabled": true, "AttributeName": TTL_ATTRIBUTE });
            let request = json!({ "TableName": table, "TimeToLiveSpecification": ttl });
            database.run("UpdateTimeToLive", &request).await?;
        }
    }
    Ok(())
}

/// Drops the tables with all they hold and makes them anew. Calls that come meanwhile may miss a table.
pub(crate) async fn recreate(database: &Database) -> Result<(), ServiceError> {
    for table in [VISITS, AUDIT, LIMITS] {
        match database.run("DeleteTable", &json!({ "TableName": table })).await {
            Ok(_) => {}
            Err(error) if error.code() == "ResourceNotFoundException" => {}
            Err(error) => return Err(error),
        }
    }
    create(database).await
}

fn definition(table: &str, indexes: &[(&str, &str, &str)]) -> Value {
    let keys = |hash: &str, range: &str| json!([{ "AttributeName": hash, "KeyType": "HASH" }, { "AttributeName": range, "KeyType": "RANGE" }]);
    let attributes: Vec<Value> = [("PK", "SK")]
        .into_iter()
        .chain(indexes.iter().map(|(_, hash, range)| (*hash, *range)))
        .flat_map(|(hash, range)| [hash, range])
        .map(|name| json!({ "AttributeName": name, "AttributeType": "S" }))
        .collect();
    let mut definition = json!({
        "TableName": table,
        "KeySchema": keys("PK", "SK"),
        "AttributeDefinitions": attributes,
        "BillingMode": "PAY_PER_REQUEST",
    });
    let indexes: Vec<Value> = indexes
        .iter()
        .map(|(name, hash, range)| {
            json!({ "IndexName": name, "KeySchema": keys(hash, range), "Projection": { "ProjectionType": "ALL" } })
        })
        .collect();
    if let (Some(members), false) = (definition.as_object_mut(), indexes.is_empty()) {
        members.insert("GlobalSecondaryIndexes".to_owned(), Value::from(indexes));
    }
    definition
}

/// Deletes what has outlived its time by the laptop's clock, as DynamoDB does within days; answers how many items.
pub(crate) async fn sweep(database: &Database, clock: &LocalClock) -> Result<usize, ServiceError> {
    let now = clock.now().as_second().to_string();
    let expired = json!({ "#ttl": TTL_ATTRIBUTE });
    let mut swept = 0;
    for table in [VISITS, LIMITS] {
        let mut scan = json!({
            "TableName": table,
            "FilterExpression": "#ttl < :now",
            "ProjectionExpression": "PK, SK",
            "ExpressionAttributeNames": expired,
            "ExpressionAttributeValues": { ":now": { "N": now } },
        });
        loop {
            let page = database.run("Scan", &scan).await?;
            for key in page.get("Items").and_then(Value::as_array).into_iter().flatten() {
                let delete = json!({
                    "TableName": table,
                    "Key": key,
                    "ConditionExpression": "#ttl < :now",
                    "ExpressionAttributeNames": expired,
                    "ExpressionAttributeValues": { ":now": { "N": now } },
                });
                // An item given a longer life meanwhile stays.
                swept += usize::from(database.run("DeleteItem", &delete).await.is_ok());
            }
            match (page.get("LastEvaluatedKey"), scan.as_object_mut()) {
                (Some(last), Some(scan)) => scan.insert("ExclusiveStartKey".to_owned(), last.clone()),
                (Some(_) | None, _) => break,
            };
        }
    }
    Ok(swept)
}
