//! What the calls of the database would be billed as, for whoever asks what a visit costs.

use std::collections::BTreeMap;
use std::sync::Mutex;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::held;

/// What one operation has taken since the meter was started.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consumption {
    /// The operation, by the API's name.
    pub operation: String,
    /// Calls that came over the wire and went through: what the database refuses says nothing of its units.
    pub calls: u64,
    /// Request units: of reading or of writing, as the operation is. The writes of the indexes are among them.
    pub units: f64,
    /// Items that were read to answer.
    pub items_read: u64,
}

/// A meter that is off until it is started: asking for units takes the database's time.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Option<BTreeMap<&'static str, Consumption>>>);

impl Meter {
    /// Counts from nothing.
    pub(crate) fn start(&self) {
        *held(&self.0) = Some(BTreeMap::new());
    }

    /// What was counted since the start; off again.
    pub(crate) fn stop(&self) -> Vec<Consumption> {
        held(&self.0).take().unwrap_or_default().into_values().collect()
    }

    pub(crate) fn is_on(&self) -> bool {
        held(&self.0).is_some()
    }

    pub(crate) fn note(&self, operation: &'static str, reply: &[u8]) {
        let reply: Value = serde_json::from_slice(reply).unwrap_or_default();
        if let Some(counted) = &mut *held(&self.0) {
            let entry = counted.entry(operation).or_default();
            operation.clone_into(&mut entry.operation);
            entry.calls += 1;
            entry.units += units(&reply);
            entry.items_read += items_read(&reply);
        }
    }
}

/// The request, asking for its units too.
pub(crate) fn asking(body: &Bytes) -> Bytes {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(mut members)) => {
            members.insert("ReturnConsumedCapacity".to_owned(), json!("TOTAL"));
            Value::Object(members).to_string().into()
        }
        // The database says what is wrong with it.
        Ok(_) | Err(_) => body.clone(),
    }
}

/// One table's units, or those of several.
fn units(reply: &Value) -> f64 {
    let of = |capacity: &Value| capacity.get("CapacityUnits").and_then(Value::as_f64).unwrap_or_default();
    match reply.get("ConsumedCapacity") {
        Some(Value::Array(tables)) => tables.iter().map(of).sum(),
        Some(table) => of(table),
        None => 0.0,
    }
}

fn items_read(reply: &Value) -> u64 {
    let scanned = reply.get("ScannedCount").and_then(Value::as_u64);
    scanned.unwrap_or_else(|| u64::from(reply.get("Item").is_some()))
}
