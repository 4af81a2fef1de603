//! DynamoDB: the embedded database, behind the wire format of JSON 1.0.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use dynoxide::DynoxideError;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use super::held;
use super::meter::{self, Meter};
use super::service::{Reply, Service, ServiceError};
use crate::clock::LocalClock;

/// The database serves one request at a time: more threads than this would only wait.
const WORKERS: usize = 4;

/// How long DynamoDB knows a `ClientRequestToken`:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// The embedded database. Its work is done on threads that may block.
pub(crate) struct Database {
    engine: dynoxide::Database,
    workers: Arc<Semaphore>,
    tokens: Arc<Tokens>,
    pub(crate) meter: Meter,
}

/// What stands for each `ClientRequestToken` within the database. The database remembers tokens by the system's clock;
/// a token gets another stand-in once its ten minutes are over by the laptop's.
struct Tokens {
    clock: LocalClock,
    known: Mutex<HashMap<String, (Timestamp, String)>>,
}

impl Tokens {
    fn stand_in(&self, token: &str) -> String {
        let now = self.clock.now();
        let mut known = held(&self.known);
        // A clock that was set back forgets too: what lies ahead of it has not happened.
        known.retain(|_, (seen, _)| (SignedDuration::ZERO..TOKEN_LIFE).contains(&now.duration_since(*seen)));
        let (_, stand_in) = known.entry(token.to_owned()).or_insert_with(|| (now, uuid::Uuid::now_v7().to_string()));
        stand_in.clone()
    }
}

impl Database {
    /// Opens a file, or a database in memory.
    pub(crate) fn open(file: Option<&Path>, clock: LocalClock) -> Result<Self, String> {
        let engine = match file {
            Some(path) => {
                let path = path.to_str().ok_or("the data file's path is not UTF-8")?;
                dynoxide::Database::new(path)
            }
            None => dynoxide::Database::memory(),
        };
        Ok(Self {
            engine: engine.map_err(|error| error.to_string())?,
            workers: Arc::new(Semaphore::new(WORKERS)),
            tokens: Arc::new(Tokens { clock, known: Mutex::default() }),
            meter: Meter::default(),
        })
    }

    /// One call as it came over the wire.
    pub(crate) async fn call(&self, operation: &'static str, body: Bytes) -> Result<Reply, ServiceError> {
        if !self.meter.is_on() {
            return self.act(operation, body).await;
        }
        let reply = self.act(operation, meter::asking(&body)).await?;
        self.meter.note(operation, &reply.body);
        Ok(reply)
    }

    async fn act(&self, operation: &'static str, body: Bytes) -> Result<Reply, ServiceError> {
        let internal = || Service::DynamoDb.internal_error();
        let permit = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| internal())?;
        let (engine, tokens) = (self.engine.clone(), Arc::clone(&self.tokens));
        let work = move || {
            let answer = dispatch(&engine, &tokens, operation, &body);
            drop(permit);
            answer
        };
        let body = tokio::task::spawn_blocking(work).await.map_err(|_| internal())??;
        Ok(Reply { status: 200, body: Bytes::from(body) })
    }

    /// One call of the embedding's own, JSON to JSON.
    pub(crate) async fn run(&self, operation: &str, request: &Value) -> Result<Value, ServiceError> {
        let operation = known(operation).ok_or_else(|| Service::DynamoDb.unknown_operation())?;
        let reply = self.act(operation, Bytes::from(request.to_string())).await?;
        serde_json::from_slice(&reply.body).map_err(|_| Service::DynamoDb.internal_error())
    }

    pub(crate) fn forget_tokens(&self) {
        held(&self.tokens.known).clear();
    }
}

macro_rules! operations {
    ($($name:literal => $method:ident,)*) => {
        /// The operation of this name, where it is served.
        pub(crate) fn known(name: &str) -> Option<&'static str> {
            match name {
                "TransactWriteItems" => Some("TransactWriteItems"),
                $($name => Some($name),)*
                _ => None,
            }
        }

        fn dispatch(
            engine: &dynoxide::Database,
            tokens: &Tokens,
            operation: &str,
            body: &[u8],
        ) -> Result<Vec<u8>, ServiceError> {
            match operation {
                "TransactWriteItems" => transact_write(engine, tokens, body),
                $($name => answer(engine.$method(parsed(body)?)),)*
                _ => Err(Service::DynamoDb.unknown_operation()),
            }
        }
    };
}

operations! {
    "CreateTable" => create_table,
    "DeleteTable" => delete_table,
    "DescribeTable" => describe_table,
    "ListTables" => list_tables,
    "UpdateTimeToLive" => update_time_to_live,
    "DescribeTimeToLive" => describe_time_to_live,
    "PutItem" => put_item,
    "GetItem" => get_item,
    "DeleteItem" => delete_item,
    "UpdateItem" => update_item,
    "Query" => query,
    "Scan" => scan,
    "BatchGetItem" => batch_get_item,
    "BatchWriteItem" => batch_write_item,
    "TransactGetItems" => transact_get_items,
}

fn transact_write(engine: &dynoxide::Database, tokens: &Tokens, body: &[u8]) -> Result<Vec<u8>, ServiceError> {
    let mut request: dynoxide::actions::transact_write_items::TransactWriteItemsRequest = parsed(body)?;
    if let Some(token) = &request.client_request_token {
        if !(1..=36).contains(&token.chars().count()) {
            let range = "Member must have length between 1 and 36, inclusive";
            let text = format!(
                "1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: {range}"
            );
            return Err(Service::DynamoDb.invalid(&text));
        }
        request.client_request_token = Some(tokens.stand_in(token));
    }
    answer(engine.transact_write_items(request))
}

/// The body as the operation's input. The database marks in its text which refusals are about values.
fn parsed<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ServiceError> {
    serde_json::from_slice(body).map_err(|error| {
        let text = error.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        let about_values = ["missing field", "unknown variant", "invalid type: null", "AttributeValue"];
        match text.split_once(':') {
            Some((mark, rest)) if mark.starts_with("VALIDATION") => Service::DynamoDb.invalid(rest),
            Some((mark, rest)) if mark.starts_with("SERIALIZATION") => Service::DynamoDb.malformed(rest),
            Some(_) | None if about_values.iter().any(|part| text.contains(part)) => Service::DynamoDb.invalid(text),
            Some(_) | None => Service::DynamoDb.malformed(text),
        }
    })
}

fn answer<T: serde::Serialize>(outcome: dynoxide::Result<T>) -> Result<Vec<u8>, ServiceError> {
    let body = outcome.map_err(|error| refusal(&error))?;
    serde_json::to_vec(&body).map_err(|_| Service::DynamoDb.internal_error())
}

fn refusal(error: &DynoxideError) -> ServiceError {
    let mut members: Map<String, Value> = serde_json::from_str(&error.to_json()).unwrap_or_default();
    members.remove("__type");
    ServiceError { status: error.status_code(), code: error.error_type().to_owned(), members }
}

/// A transaction cancelled because another one was at work on its first item.
pub(crate) fn conflict(body: &[u8]) -> ServiceError {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = request.get("TransactItems").and_then(Value::as_array).map_or(1, Vec::len).max(1);
    let codes: Vec<&str> =
        std::iter::once("TransactionConflict").chain(std::iter::repeat("None")).take(items).collect();
    let reason = |code: &&str| match *code {
        "None" => json!({ "Code": "None" }),
        code => json!({ "Code": code, "Message": "Transaction is ongoing for the item" }),
    };
    let message =
        format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", "));
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let reasons: Vec<Value> = codes.iter().map(reason).collect();
    ServiceError::new(Service::DynamoDb, 400, code, &message)
        .with("Message", message)
        .with("CancellationReasons", reasons)
}
