//! A practice's keys: its list, and the note of their use.

use crate::expression::{Expression, number, text};
use crate::keys::{self, Key, Table};
use crate::{Dynamo, outage, read};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError as Failure;
use aws_sdk_dynamodb::types::{Select, TransactWriteItem, Update};
use bedside_app::error::Outage;
use bedside_app::ports::Answer;
use bedside_domain::id::{KeyId, TenantId};
use bedside_domain::person::ApiKey;
use bedside_domain::time::Time;

impl Dynamo {
    /// Keys of the list, the newest first. A page of DynamoDB ends at 1 MB, which may be before the limit.
    pub(crate) async fn keys_of(&self, tenant: &TenantId, before: Option<KeyId>, limit: usize) -> Answer<Vec<ApiKey>> {
        let mut expression = Expression::default();
        let mut which = expression.compare("PK", "=", text(keys::keys_partition(tenant)));
        if let Some(id) = before {
            which = format!("{which} AND {}", expression.compare("SK", "<", text(id.to_string())));
        }
        let (names, values) = expression.into_parts();
        let call = self.client.query().table_name(self.table(Table::Visits)).consistent_read(true);
        let call = call
            .key_condition_expression(which)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let mut listed = Vec::new();
        let mut from = None;
        loop {
            let page = call.clone().set_exclusive_start_key(from).send().await.map_err(|e| outage("Query", &e))?;
            for item in page.items.unwrap_or_default() {
                listed.push(read("Query", item)?);
            }
            from = page.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() || listed.len() >= limit {
                listed.truncate(limit);
                return Ok(listed);
            }
        }
    }

    /// How long the list is.
    pub(crate) async fn number_of_keys(&self, tenant: &TenantId) -> Answer<usize> {
        let (mut number, mut from) = (0_usize, None);
        loop {
            let call = self.client.query().table_name(self.table(Table::Visits)).consistent_read(true);
            let call = call
                .key_condition_expression("PK = :pk")
                .expression_attribute_values(":pk", text(keys::keys_partition(tenant)))
                .select(Select::Count)
                .set_exclusive_start_key(from);
            let page = call.send().await.map_err(|e| outage("Query", &e))?;
            number = number.saturating_add(usize::try_from(page.count).unwrap_or(0));
            from = page.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(number);
            }
        }
    }

    /// Notes the use on both rows of a key at once, so that reading either tells whether it is noted.
    pub(crate) async fn note_key(&self, key: &ApiKey, at: Time) -> Answer<()> {
        let places = [keys::api_key(&key.mac), keys::listed_key(&key.tenant, key.key_id)];
        let items = places.into_iter().map(|place| self.note(key, place, at)).collect::<Answer<Vec<_>>>()?;
        match self.client.transact_write_items().set_transact_items(Some(items)).send().await {
            Ok(_) => Ok(()),
            // Gone, or another request has noted it: nothing to note.
            Err(error) if error.as_service_error().is_some_and(Failure::is_transaction_canceled_exception) => Ok(()),
            Err(error) => Err(outage("TransactWriteItems", &error)),
        }
    }

    fn note(&self, key: &ApiKey, place: Key, at: Time) -> Answer<TransactWriteItem> {
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", text(key.tenant.as_str()));
        let read = expression.equals_or_absent("lastUsedAt", key.last_used_at.map(|at| number(&at.millis())));
        let name = expression.name("lastUsedAt");
        let value = expression.value("at", number(&at.millis()));
        let (names, values) = expression.into_parts();
        let update = Update::builder()
            .table_name(self.table(place.table))
            .set_key(Some(place.attributes()))
            .update_expression(format!("SET {name} = {value}"))
            .condition_expression(format!("attribute_exists(PK) AND {mine} AND {read}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        let update = update.build().map_err(|_| Outage::new("dynamodb", "TransactWriteItems not sent"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
