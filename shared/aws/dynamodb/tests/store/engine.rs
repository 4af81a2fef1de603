//! The embedded database, spoken to by the store in DynamoDB's own wire format, without a network.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bedside_aws::{Environment, SharedHttpConnector, http_client_over, sdk_config};
use bedside_dynamodb::Dynamo;
use dynoxide::{Database, DynoxideError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The store over an empty database, and the database itself.
pub(crate) struct Engine {
    pub(crate) store: Dynamo,
    database: Database,
    calls: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<Value>>>,
    lose: Arc<AtomicBool>,
}

impl Engine {
    pub(crate) fn new() -> Self {
        let database = Database::memory().unwrap();
        create(&database, "Visits", &["due", "clinician", "patient", "tenant", "creator"]);
        create(&database, "Audit", &[]);
        create(&database, "Limits", &[]);
        let (calls, answers, lose) = (Arc::default(), Arc::default(), Arc::default());
        let wire = Wire {
            database: database.clone(),
            calls: Arc::clone(&calls),
            answers: Arc::clone(&answers),
            lose: Arc::clone(&lose),
        };
        let settings = Environment::from_pairs([
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("VISITS_TABLE", "Visits"),
            ("AUDIT_TABLE", "Audit"),
            ("LIMITS_TABLE", "Limits"),
        ]);
        let config = sdk_config(&settings, http_client_over(SharedHttpConnector::new(wire))).unwrap();
        Self { store: Dynamo::new(&config, &settings).unwrap(), database, calls, answers, lose }
    }

    /// The calls since this was asked last.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    /// The next call is answered with this error, and does nothing.
    pub(crate) fn fail_next(&self, error: Value) {
        self.answers.lock().unwrap().push(error);
    }

    /// The next call takes effect, and its answer does not arrive.
    pub(crate) fn lose_next_answer(&self) {
        self.lose.store(true, Ordering::Relaxed);
    }

    /// Puts an item past the store.
    pub(crate) fn put(&self, table: &str, item: &BTreeMap<String, Value>) {
        let request = json!({ "TableName": table, "Item": item });
        self.database.put_item(serde_json::from_value(request).unwrap()).unwrap();
    }

    /// An item as it is stored, by attribute.
    pub(crate) fn item(&self, table: &str, pk: &str, sk: &str) -> BTreeMap<String, Value> {
        let request = json!({ "TableName": table, "Key": { "PK": { "S": pk }, "SK": { "S": sk } } });
        let answer = self.database.get_item(serde_json::from_value(request).unwrap()).unwrap();
        let answer = serde_json::to_value(answer).unwrap();
        serde_json::from_value(answer.get("Item").cloned().unwrap_or(json!({}))).unwrap()
    }
}

fn create(database: &Database, table: &str, indexes: &[&str]) {
    let keys = |hash: &str, range: &str| json!([{ "AttributeName": hash, "KeyType": "HASH" }, { "AttributeName": range, "KeyType": "RANGE" }]);
    let text = |name: String| json!({ "AttributeName": name, "AttributeType": "S" });
    let mut attributes = vec![text("PK".into()), text("SK".into())];
    let mut secondary = Vec::new();
    for index in indexes {
        let (hash, range) = (format!("{index}Pk"), format!("{index}Sk"));
        secondary.push(json!({
            "IndexName": index, "KeySchema": keys(&hash, &range), "Projection": { "ProjectionType": "ALL" },
        }));
        attributes.extend([text(hash), text(range)]);
    }
    let mut request = json!({
        "TableName": table, "KeySchema": keys("PK", "SK"), "AttributeDefinitions": attributes,
        "BillingMode": "PAY_PER_REQUEST",
    });
    if !secondary.is_empty() {
        request["GlobalSecondaryIndexes"] = secondary.into();
    }
    database.create_table(serde_json::from_value(request).unwrap()).unwrap();
}

/// What the store sends its requests through.
struct Wire {
    database: Database,
    calls: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<Value>>>,
    lose: Arc<AtomicBool>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap();
        let operation = target.rsplit('.').next().unwrap().to_owned();
        let (status, body) = match self.answers.lock().unwrap().pop() {
            Some(error) => (400, error.to_string()),
            None => self.run(&operation, request.body().bytes().unwrap()),
        };
        self.calls.lock().unwrap().push(operation);
        if self.lose.swap(false, Ordering::Relaxed) {
            return HttpConnectorFuture::ready(Err(ConnectorError::io("connection reset".into())));
        }
        let answer = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
        HttpConnectorFuture::ready(Ok(answer))
    }
}

impl Wire {
    fn run(&self, operation: &str, body: &[u8]) -> (u16, String) {
        let database = &self.database;
        match operation {
            "GetItem" => answer(body, |r| database.get_item(r)),
            "PutItem" => answer(body, |r| database.put_item(r)),
            "UpdateItem" => answer(body, |r| database.update_item(r)),
            "Query" => answer(body, |r| database.query(r)),
            "TransactWriteItems" => answer(body, |r| database.transact_write_items(r)),
            other => panic!("the store has no business with {other}"),
        }
    }
}

fn answer<I: DeserializeOwned, O: Serialize>(
    body: &[u8],
    run: impl FnOnce(I) -> Result<O, DynoxideError>,
) -> (u16, String) {
    match run(serde_json::from_slice(body).unwrap()) {
        Ok(answer) => (200, serde_json::to_string(&answer).unwrap()),
        Err(error) => (error.status_code(), error.to_json()),
    }
}
