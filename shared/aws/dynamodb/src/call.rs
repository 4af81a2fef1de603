//! The calls: what goes over the wire, and why one did nothing.
//!
//! Names and members are those of DynamoDB's API reference (`DynamoDB_20120810`), as far as the store needs them.

use crate::Dynamo;
use crate::expression::Expression;
use bedside_app::error::Outage;
use bedside_aws::{Ask, CallError};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_dynamo::AttributeValue;
use std::borrow::Cow;
use std::collections::HashMap;

/// An item, as DynamoDB gives and takes one.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Under which name the service knows its operations.
const SERVICE: &str = "DynamoDB_20120810";

/// A write of one item: a call of its own, or an entry of a transaction.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Change<'a> {
    table_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_expression: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    expression_attribute_names: HashMap<String, String>,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    expression_attribute_values: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_values: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_values_on_condition_check_failure: Option<&'static str>,
}

impl<'a> Change<'a> {
    fn of(table_name: &'a str) -> Self {
        Self {
            table_name,
            item: None,
            key: None,
            update_expression: None,
            condition_expression: None,
            expression_attribute_names: HashMap::new(),
            expression_attribute_values: Item::new(),
            return_values: None,
            return_values_on_condition_check_failure: None,
        }
    }

    /// This item, in the place of what is there.
    pub(crate) fn put(table: &'a str, item: Item) -> Self {
        Self { item: Some(item), ..Self::of(table) }
    }

    /// What the expression says, to the item of this key.
    pub(crate) fn update(table: &'a str, key: Item, expression: String) -> Self {
        Self { key: Some(key), update_expression: Some(expression), ..Self::of(table) }
    }

    /// No item of this key any more.
    pub(crate) fn delete(table: &'a str, key: Item) -> Self {
        Self { key: Some(key), ..Self::of(table) }
    }

    /// Only if this holds.
    pub(crate) fn when(self, condition: impl Into<Cow<'static, str>>) -> Self {
        Self { condition_expression: Some(condition.into()), ..self }
    }

    /// What the placeholders of both expressions stand for.
    pub(crate) fn with(self, Expression { names, values }: Expression) -> Self {
        Self { expression_attribute_names: names, expression_attribute_values: values, ..self }
    }

    /// Who is refused is told what stands there.
    pub(crate) fn or_tell(self) -> Self {
        Self { return_values_on_condition_check_failure: Some("ALL_OLD"), ..self }
    }

    /// The answer is the item as it stands afterwards.
    pub(crate) fn and_tell(self) -> Self {
        Self { return_values: Some("ALL_NEW"), ..self }
    }
}

/// An entry of a transaction.
#[derive(Serialize)]
pub(crate) enum Entry<'a> {
    Put(Change<'a>),
    Update(Change<'a>),
    Delete(Change<'a>),
}

/// Items of one partition, in the order of their sort keys.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Query<'a> {
    table_name: &'a str,
    key_condition_expression: Cow<'static, str>,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    expression_attribute_names: HashMap<String, String>,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    expression_attribute_values: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    index_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    projection_expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    select: Option<&'static str>,
    consistent_read: bool,
    scan_index_forward: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i32>,
    /// Where the page before ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exclusive_start_key: Option<Item>,
}

impl<'a> Query<'a> {
    fn of(table: &'a str, which: impl Into<Cow<'static, str>>, Expression { names, values }: Expression) -> Self {
        Self {
            table_name: table,
            key_condition_expression: which.into(),
            expression_attribute_names: names,
            expression_attribute_values: values,
            index_name: None,
            projection_expression: None,
            select: None,
            consistent_read: false,
            scan_index_forward: true,
            limit: None,
            exclusive_start_key: None,
        }
    }

    /// Of the table itself, as it stands.
    pub(crate) fn table(table: &'a str, which: impl Into<Cow<'static, str>>, expression: Expression) -> Self {
        Self { consistent_read: true, ..Self::of(table, which, expression) }
    }

    /// Of an index, which follows its table a moment later.
    pub(crate) fn index(
        table: &'a str,
        index: &'static str,
        which: impl Into<Cow<'static, str>>,
        expression: Expression,
    ) -> Self {
        Self { index_name: Some(index), ..Self::of(table, which, expression) }
    }

    /// These attributes alone.
    pub(crate) fn columns(self, columns: String) -> Self {
        Self { projection_expression: Some(columns), ..self }
    }

    /// How many there are, and nothing else.
    pub(crate) fn counted(self) -> Self {
        Self { select: Some("COUNT"), ..self }
    }

    /// The last one first.
    pub(crate) fn backwards(self) -> Self {
        Self { scan_index_forward: false, ..self }
    }

    /// So many at most.
    pub(crate) fn limit(self, limit: u32) -> Self {
        Self { limit: Some(i32::try_from(limit).unwrap_or(i32::MAX)), ..self }
    }
}

/// What a query found: up to 1 MB of it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Page {
    #[serde(default)]
    pub(crate) items: Vec<Item>,
    #[serde(default)]
    pub(crate) count: usize,
    /// Where the next page begins; none at the end.
    #[serde(rename = "LastEvaluatedKey")]
    pub(crate) next: Option<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetItem<'a> {
    table_name: &'a str,
    key: Item,
    consistent_read: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Got {
    item: Option<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Changed {
    #[serde(default)]
    attributes: Item,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TransactWriteItems<'a> {
    /// A call that comes again with the same token within ten minutes finds itself done.
    client_request_token: String,
    transact_items: &'a [Entry<'a>],
}

/// Why a call did nothing, and what the log may say of it.
pub(crate) enum Failed {
    /// Its condition did not hold; with the item as it stands, if that was asked for and there is one.
    Unmet(Option<Item>, Outage),
    /// Some entry of a transaction could not be: what each of them met, in their order.
    Cancelled(Vec<Reason>, Outage),
    /// The same transaction is under way still.
    InProgress(Outage),
    /// Anything else. It may have been done.
    Down(Outage),
}

/// What an entry of a transaction met.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Reason {
    /// "None" where it met nothing.
    pub(crate) code: Option<String>,
    pub(crate) item: Option<Item>,
}

/// What an error says beside its name.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Refusal {
    item: Option<Item>,
    #[serde(default)]
    cancellation_reasons: Vec<Reason>,
}

impl From<Failed> for Outage {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Unmet(_, outage)
            | Failed::Cancelled(_, outage)
            | Failed::InProgress(outage)
            | Failed::Down(outage) => outage,
        }
    }
}

impl Dynamo {
    /// The item of a key, if there is one.
    pub(crate) async fn get_item(&self, table: &str, key: Item, consistent: bool) -> Result<Option<Item>, Failed> {
        let body = GetItem { table_name: table, key, consistent_read: consistent };
        self.ask("GetItem", body).await.map(|got: Got| got.item)
    }

    pub(crate) async fn put_item(&self, change: Change<'_>) -> Result<(), Failed> {
        self.ask("PutItem", change).await.map(|_: IgnoredAny| ())
    }

    /// The item as it stands afterwards, if that was asked for.
    pub(crate) async fn update_item(&self, change: Change<'_>) -> Result<Item, Failed> {
        self.ask("UpdateItem", change).await.map(|changed: Changed| changed.attributes)
    }

    pub(crate) async fn query(&self, query: &Query<'_>) -> Result<Page, Failed> {
        let page: Page = self.ask("Query", query).await?;
        Ok(Page { next: page.next.filter(|key| !key.is_empty()), ..page })
    }

    /// All of them, or nothing.
    pub(crate) async fn transact_write_items(&self, entries: &[Entry<'_>]) -> Result<(), Failed> {
        let token = uuid::Uuid::now_v7().to_string();
        let body = TransactWriteItems { client_request_token: token, transact_items: entries };
        self.ask("TransactWriteItems", body).await.map(|_: IgnoredAny| ())
    }

    async fn ask<O: DeserializeOwned>(&self, operation: &'static str, body: impl Serialize) -> Result<O, Failed> {
        self.api.ask(Ask::json_1_0(SERVICE, operation).body(body)).await.map_err(|error| failed(operation, &error))
    }
}

fn failed(operation: &str, error: &CallError) -> Failed {
    let refusal = || -> Refusal {
        let body = error.raw_response().and_then(|answer| answer.body().bytes());
        body.and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default()
    };
    // The call's name and its error's, never an item.
    let outage = Outage::new("dynamodb", bedside_aws::what(operation, error));
    match error.as_service_error().and_then(|error| error.code()) {
        Some("ConditionalCheckFailedException") => Failed::Unmet(refusal().item, outage),
        Some("TransactionCanceledException") => Failed::Cancelled(refusal().cancellation_reasons, outage),
        Some("TransactionInProgressException") => Failed::InProgress(outage),
        _ => Failed::Down(outage),
    }
}
