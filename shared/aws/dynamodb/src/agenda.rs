//! What is due, for `tick`.

use crate::expression::{Expression, number, text};
use crate::keys::{self, Key, Table};
use crate::visits::is_unmet;
use crate::{Dynamo, Item, outage, read};
use bedside_app::ports::{Agenda, Answer, Due};
use bedside_domain::id::TenantId;
use bedside_domain::outbox::Message;
use bedside_domain::time::Time;
use bedside_domain::visit::Visit;

const INDEX: &str = "due";

impl Agenda for Dynamo {
    async fn due(&self, shard: u8, until: Time, limit: u32) -> Answer<Vec<Due>> {
        let mut expression = Expression::default();
        let here = expression.compare("duePk", "=", text(keys::due_shard(shard)));
        // A sort key begins with its time and goes on with `#`: less than the next millisecond is up to this one.
        let next = Time::from_millis(until.millis().saturating_add(1));
        let by_then = expression.compare("dueSk", "<", text(keys::due_from(next)));
        let (names, values) = expression.into_parts();
        let call = self.client.query().table_name(self.table(Table::Visits)).index_name(INDEX);
        let call = call
            .key_condition_expression(format!("{here} AND {by_then}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let page = call.send().await.map_err(|e| outage("Query", &e))?;
        // One that cannot be read must not keep the others from being done.
        let read = page.items.unwrap_or_default().into_iter().filter_map(|item| {
            due(item).inspect_err(|outage| tracing::error!(%outage, "a piece of work cannot be read")).ok()
        });
        Ok(read.collect())
    }

    async fn lease_message(&self, message: &Message, until: Time) -> Answer<bool> {
        let Some(at) = message.due_at else { return Ok(false) };
        let id = message.message_id;
        let lease = Lease { from: keys::due_message(at, id), to: keys::due_message(until, id), until };
        self.lease(keys::message(message.visit_id, id), &message.tenant, lease).await
    }

    async fn lease_visit(&self, visit: &Visit, until: Time) -> Answer<bool> {
        let Some(at) = visit.due_at else { return Ok(false) };
        let id = visit.visit_id;
        let lease = Lease { from: keys::due_visit(at, id), to: keys::due_visit(until, id), until };
        self.lease(keys::visit(id), &visit.tenant, lease).await
    }
}

/// A row's place on the agenda, and where it is moved to.
struct Lease {
    from: String,
    to: String,
    until: Time,
}

impl Dynamo {
    /// Moves a row on, if it still stands where it was seen. Should the answer be lost, the retry is told `false`: the
    /// row comes up again when the lease has run out.
    async fn lease(&self, key: Key, tenant: &TenantId, lease: Lease) -> Answer<bool> {
        let mut expression = Expression::default();
        let still_there = expression.compare("dueSk", "=", text(lease.from));
        let its_tenant = expression.compare("tenant", "=", text(tenant.as_str()));
        let (place, to) = (expression.name("dueSk"), expression.value("to", text(lease.to)));
        let (at, until) = (expression.name("dueAt"), expression.value("until", number(&lease.until.millis())));
        let (names, values) = expression.into_parts();
        let call = self.client.update_item().table_name(self.table(key.table)).set_key(Some(key.attributes()));
        let call = call
            .update_expression(format!("SET {place} = {to}, {at} = {until}"))
            .condition_expression(format!("{still_there} AND {its_tenant}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) if is_unmet(error.as_service_error()) => Ok(false),
            Err(error) => Err(outage("UpdateItem", &error)),
        }
    }
}

fn due(item: Item) -> Answer<Due> {
    let is_visit = item.get("SK").and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk == keys::VISIT);
    if is_visit { read("Query", item).map(Due::Visit) } else { read("Query", item).map(Due::Message) }
}
