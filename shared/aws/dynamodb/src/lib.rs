//! The store over DynamoDB: the ports `Directory`, `Visits`, `TextReplies`, `AuditLog`, `Agenda`, `Limits` and `Attempts`.
//!
//! Every method makes one call (a long file or chain takes one for each page of 1 MB; a try that takes the place of a
//! dead one makes two). Access goes by key or by index
//! only; reads by key are strongly consistent, so that a link that was sent a moment ago is never unknown.

mod agenda;
mod api_keys;
mod attempts;
mod audit;
mod call;
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

use bedside_app::error::Outage;
use bedside_app::ports::Answer;
use bedside_aws::{Api, Environment, SdkConfig, SetupError};
use call::Item;
use keys::{Key, Table};
use serde::de::DeserializeOwned;
use serde_dynamo::AttributeValue;

/// The three tables.
#[derive(Debug, Clone)]
pub struct Dynamo {
    api: Api,
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
            api: Api::new(config, "dynamodb", Some("dynamodb")),
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
        let item = self.get_item(self.table(key.table), key.attributes(), true).await?;
        item.map(|item| read("GetItem", item)).transpose()
    }
}

/// A row out of its item.
pub(crate) fn read<T: DeserializeOwned>(operation: &str, item: Item) -> Answer<T> {
    // The error would repeat what stands in the item.
    serde_dynamo::from_attribute_value(AttributeValue::M(item))
        .map_err(|_| Outage::new("dynamodb", format!("{operation} unreadable row")))
}
