//! `/local/audit`: tampers with a chain behind the application's back, so that its verification can be seen to fail.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, Given, Problem, database};
use crate::aws::{AUDIT, AwsState};
use crate::machine::Machine;

/// The records are kept under the number of their place, so that their order is the chain's.
const DIGITS: usize = 12;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Tampering {
    visit_id: String,
    seq: u64,
    change: Change,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Change {
    /// One byte of the record.
    Flip,
    /// The record is gone.
    Drop,
    /// The record and the next one exchange their contents.
    Swap,
    /// The record and all after it are gone.
    Truncate,
}

pub(crate) async fn tamper(State(machine): State<Arc<Machine>>, Given(tampering): Given<Tampering>) -> Answer {
    let chain = Chain { aws: &machine.aws, visit: format!("V#{}", tampering.visit_id) };
    let seq = tampering.seq;
    let record = chain.get(seq).await?;
    let changed = match tampering.change {
        Change::Flip => {
            chain.put(flipped(record)?).await?;
            1
        }
        Change::Drop => {
            chain.delete(seq).await?;
            1
        }
        Change::Swap => {
            let next = chain.get(seq + 1).await?;
            for (to, contents) in [(seq, next), (seq + 1, record)] {
                chain.put(moved(contents, to)).await?;
            }
            2
        }
        Change::Truncate => {
            let mut dropped = 0;
            while chain.get(seq + dropped).await.is_ok() {
                chain.delete(seq + dropped).await?;
                dropped += 1;
            }
            dropped
        }
    };
    Ok(Json(json!({ "changed": changed })))
}

/// One visit's chain, as the table holds it.
struct Chain<'a> {
    aws: &'a AwsState,
    visit: String,
}

type Item = Map<String, Value>;

impl Chain<'_> {
    fn key(&self, seq: u64) -> Value {
        json!({ "PK": { "S": self.visit }, "SK": { "S": sort_key(seq) } })
    }

    async fn get(&self, seq: u64) -> Result<Item, Problem> {
        let request = json!({ "TableName": AUDIT, "Key": self.key(seq), "ConsistentRead": true });
        let answer = self.aws.dynamodb("GetItem", request).await.map_err(|error| database(&error))?;
        let missing = || Problem::not_found(format!("The visit's chain has no record {seq}."));
        answer.get("Item").and_then(Value::as_object).cloned().ok_or_else(missing)
    }

    async fn put(&self, item: Item) -> Result<(), Problem> {
        let request = json!({ "TableName": AUDIT, "Item": item });
        self.aws.dynamodb("PutItem", request).await.map_err(|error| database(&error)).map(drop)
    }

    async fn delete(&self, seq: u64) -> Result<(), Problem> {
        let request = json!({ "TableName": AUDIT, "Key": self.key(seq) });
        self.aws.dynamodb("DeleteItem", request).await.map_err(|error| database(&error)).map(drop)
    }
}

fn sort_key(seq: u64) -> String {
    format!("{seq:0DIGITS$}")
}

/// The same contents at another place.
fn moved(mut contents: Item, to: u64) -> Item {
    contents.insert("SK".to_owned(), json!({ "S": sort_key(to) }));
    contents
}

/// The record with the lowest bit of its actor's last byte turned.
fn flipped(mut record: Item) -> Result<Item, Problem> {
    let actor = record.get_mut("actorId").and_then(|value| value.get_mut("S"));
    let text = actor.as_ref().and_then(|text| text.as_str()).unwrap_or_default();
    let mut bytes = text.as_bytes().to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    match (actor, String::from_utf8(bytes)) {
        (Some(actor), Ok(changed)) if *actor != changed => {
            *actor = Value::from(changed);
            Ok(record)
        }
        (_, _) => Err(Problem::internal("The record has no actorId to change.")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn a_flip_changes_one_byte_and_nothing_else() {
        let record = json!({ "PK": { "S": "V#1" }, "actorId": { "S": "system" }, "seq": { "N": "3" } });
        let changed = flipped(record.as_object().unwrap().clone()).unwrap();
        assert_eq!(changed["actorId"], json!({ "S": "systel" }));
        assert_eq!((&changed["PK"], &changed["seq"]), (&record["PK"], &record["seq"]));
        assert!(flipped(Item::new()).is_err());
    }

    #[test]
    fn a_record_is_found_at_its_place() {
        assert_eq!(sort_key(7), "000000000007");
        let record = json!({ "SK": { "S": sort_key(7) }, "seq": { "N": "7" } });
        let there = moved(record.as_object().unwrap().clone(), 8);
        assert_eq!(Value::from(there), json!({ "SK": { "S": "000000000008" }, "seq": { "N": "7" } }));
    }
}
