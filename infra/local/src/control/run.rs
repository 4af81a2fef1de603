//! The controls of the whole: limits, tick, reset, state.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::practice::Nothing;
use super::{Answer, Given, Problem, Reset, database};
use crate::aws::{AUDIT, AwsState, LIMITS, ServiceError, VISITS};
use crate::machine::Machine;

/// How the counters of limits are named in their table.
const COUNTERS: &str = "COUNT#";

/// Forgets what the limits have counted.
pub(crate) async fn limits(State(machine): State<Arc<Machine>>, reset: Given<Reset>) -> Answer {
    Reset::confirmed(reset)?;
    let scan = json!({
        "TableName": LIMITS,
        "FilterExpression": "begins_with(PK, :counters)",
        "ProjectionExpression": "PK, SK",
        "ExpressionAttributeValues": { ":counters": { "S": COUNTERS } },
    });
    let mut deleted = 0;
    for page in pages(&machine.aws, scan).await.map_err(|error| database(&error))? {
        for key in page.get("Items").and_then(Value::as_array).into_iter().flatten() {
            let delete = json!({ "TableName": LIMITS, "Key": key });
            machine.aws.dynamodb("DeleteItem", delete).await.map_err(|error| database(&error))?;
            deleted += 1;
        }
    }
    Ok(Json(json!({ "deleted": deleted })))
}

/// Runs the scheduled function once, and sweeps away what has outlived its time.
pub(crate) async fn tick(State(machine): State<Arc<Machine>>, Given(Nothing {}): Given<Nothing>) -> Answer {
    let did = machine.tick().await.map_err(|error| Problem::internal(format!("{error}.")))?;
    machine.aws.sweep_ttl().await.map_err(|error| database(&error))?;
    Ok(Json(did))
}

/// Everything as after a fresh start, under the same keys.
pub(crate) async fn reset(State(machine): State<Arc<Machine>>, Given(Nothing {}): Given<Nothing>) -> Answer {
    machine.reset().await.map_err(|error| Problem::internal(format!("{error}.")))?;
    Ok(Json(json!(machine.demo())))
}

pub(crate) async fn state(State(machine): State<Arc<Machine>>) -> Answer {
    let (aws, mut items) = (&machine.aws, serde_json::Map::new());
    for table in [VISITS, AUDIT, LIMITS] {
        let pages = pages(aws, json!({ "TableName": table, "Select": "COUNT" })).await;
        let pages = pages.map_err(|error| database(&error))?;
        let count: u64 = pages.iter().filter_map(|page| page.get("Count")?.as_u64()).sum();
        items.insert(table.to_owned(), count.into());
    }
    Ok(Json(json!({
        "now": machine.clock.now(),
        "clockOffsetMs": machine.clock.offset().load(std::sync::atomic::Ordering::SeqCst),
        "items": items,
        "meetings": aws.meetings().len(),
        "contacts": aws.contacts(),
        "present": machine.calls.present().await.iter().map(|one| &one.external_user_id).collect::<Vec<_>>(),
        "messages": aws.messages().len(),
        "faults": aws.faults(),
        "optedOut": aws.opted_out(),
        "practices": machine.practices.all().iter().map(|practice| &practice.tenant_id).collect::<Vec<_>>(),
    })))
}

/// All pages of a scan.
async fn pages(aws: &AwsState, mut scan: Value) -> Result<Vec<Value>, ServiceError> {
    let mut pages = Vec::new();
    loop {
        let page = aws.dynamodb("Scan", scan.clone()).await?;
        let last = page.get("LastEvaluatedKey").cloned();
        pages.push(page);
        match (last, scan.as_object_mut()) {
            (Some(last), Some(members)) => members.insert("ExclusiveStartKey".to_owned(), last),
            (_, _) => return Ok(pages),
        };
    }
}
