//! What is due, for `tick`.

use crate::expression::{Expression, number, text};
use crate::keys::{self, Table};
use crate::visits::is_unmet;
use crate::{Dynamo, Item, outage};
use aws_sdk_dynamodb::types::AttributeValue;
use bedside_app::ports::{Agenda, Answer, Due, DuePlace, Work};
use bedside_domain::id::{MessageId, VisitId};
use bedside_domain::time::Time;

const INDEX: &str = "due";
/// How often a row was taken since it was written; whoever writes it takes this away.
pub(crate) const TAKEN: &str = "taken";

impl Agenda for Dynamo {
    async fn due(&self, shard: u8, until: Time, after: Option<&DuePlace>, limit: u32) -> Answer<(Vec<Due>, bool)> {
        let mut expression = Expression::default();
        let here = expression.compare("duePk", "=", text(keys::due_shard(shard)));
        // A sort key begins with its time and goes on with `#`: less than the next millisecond is up to this one.
        let next = keys::due_from(Time::from_millis(until.millis().saturating_add(1)));
        let from = after.map_or_else(|| "0".to_owned(), |place| keys::after_due(&place.due));
        let place = expression.name("dueSk");
        let (from, next) = (expression.value("from", text(from)), expression.value("next", text(next)));
        let columns = ["PK", "SK", "dueSk", "tenant", TAKEN].map(|name| expression.name(name)).join(", ");
        let (names, values) = expression.into_parts();
        let call = self.client.query().table_name(self.table(Table::Visits)).index_name(INDEX);
        let call = call
            .key_condition_expression(format!("{here} AND {place} BETWEEN {from} AND {next}"))
            .projection_expression(columns)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let page = call.send().await.map_err(|e| outage("Query", &e))?;
        let more = page.last_evaluated_key.is_some_and(|key| !key.is_empty());
        Ok((page.items.unwrap_or_default().iter().map(due).collect(), more))
    }

    async fn lease(&self, due: &Due, until: Time) -> Answer<bool> {
        let DuePlace { partition, row, due: seen, tenant } = &due.place;
        // Should the answer be lost, the SDK's own retry is told that it is taken: the row comes up again when the
        // lease has run out.
        let to = keys::due_later(seen, until);
        let mut expression = Expression::default();
        let still_there = expression.compare("dueSk", "=", text(seen.clone()));
        let its_tenant = expression.equals_or_absent("tenant", tenant.clone().map(text));
        let set =
            [("dueSk", text(to)), ("dueAt", number(&until.millis())), (TAKEN, number(&due.taken.saturating_add(1)))]
                .map(|(name, value)| format!("{} = {}", expression.name(name), expression.value(name, value)));
        let (names, values) = expression.into_parts();
        let key = Item::from([("PK".to_owned(), text(partition.clone())), ("SK".to_owned(), text(row.clone()))]);
        let call = self.client.update_item().table_name(self.table(Table::Visits)).set_key(Some(key));
        let call = call
            .update_expression(format!("SET {}", set.join(", ")))
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

/// What is due by its keys alone: the row itself is read once it is taken.
fn due(item: &Item) -> Due {
    let read = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let known = |name: &str| read(name).unwrap_or_default();
    let place = DuePlace { partition: known("PK"), row: known("SK"), due: known("dueSk"), tenant: read("tenant") };
    let taken = item.get(TAKEN).and_then(|value| AttributeValue::as_n(value).ok()?.parse().ok()).unwrap_or(0);
    let work = work(&place).unwrap_or(Work::Unknown);
    Due { work, taken, place }
}

fn work(place: &DuePlace) -> Option<Work> {
    let visit = VisitId::parse(place.partition.strip_prefix("V#")?).ok()?;
    if place.row == keys::VISIT {
        return Some(Work::Visit(visit));
    }
    let message = MessageId::parse(place.row.strip_prefix("MESSAGE#")?).ok()?;
    Some(Work::Message(visit, message))
}
