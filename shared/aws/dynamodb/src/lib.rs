//! The store over DynamoDB: the ports `Directory`, `Visits`, `TextReplies`, `AuditLog`, `Agenda`, `Limits` and `Attempts`.
//!
//! Every method makes one call (a long file or chain takes one for each page of 1 MB; a try that takes the place of a
//! dead one makes two). Access goes by key or by index
//! only; reads by key are strongly consistent, so that a link that was sent a moment ago is never unknown.

mod agenda;
mod api_keys;
mod attempts;
mod audit;
mod commit;
mod directory;
mod expression;
mod guards;
mod keys;
mod limits;
mod places;
mod rows;
mod text_replies;
mod visits;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bedside_app::error::Outage;
use bedside_app::ports::Answer;
use bedside_aws::{Environment, SdkConfig, SetupError};
use keys::{Key, Table};
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// An item, as DynamoDB gives and takes one.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The three tables.
#[derive(Debug, Clone)]
pub struct Dynamo {
    client: Client,
    visits: String,
    audit: String,
    limits: String,
}

impl Dynamo {
    /// Over the tables that the settings `VISITS_TABLE`, `AUDIT_TABLE` and `LIMITS_TABLE` name. No call is made.
    ///
    /// # Errors
    /// When a setting is missing.
    pub fn new(config: &SdkConfig, settings: &Environment) -> Result<Self, SetupError> {
        Ok(Self {
            client: Client::new(config),
            visits: settings.require("VISITS_TABLE")?.to_owned(),
            audit: settings.require("AUDIT_TABLE")?.to_owned(),
            limits: settings.require("LIMITS_TABLE")?.to_owned(),
        })
    }

    pub(crate) fn table(&self, table: Table) -> &str {
        match table {
            Table::Visits => &self.visits,
            Table::Audit => &self.audit,
            Table::Limits => &self.limits,
        }
    }

    /// One row by its key.
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: Key) -> Answer<Option<T>> {
        let request = self.client.get_item().table_name(self.table(key.table)).set_key(Some(key.attributes()));
        let answer = request.consistent_read(true).send().await.map_err(|e| outage("GetItem", &e))?;
        answer.item.map(|item| read("GetItem", item)).transpose()
    }
}

/// What the log may say of a failed call: its name and its error code, never an item.
pub(crate) fn outage<E: ProvideErrorMetadata>(operation: &str, error: &SdkError<E, HttpResponse>) -> Outage {
    Outage::new("dynamodb", bedside_aws::what(operation, error))
}

/// A row out of its item.
pub(crate) fn read<T: DeserializeOwned>(operation: &str, item: Item) -> Answer<T> {
    // The error would repeat what stands in the item.
    serde_dynamo::aws_sdk_dynamodb_1::from_item(item)
        .map_err(|_| Outage::new("dynamodb", format!("{operation} unreadable row")))
}
