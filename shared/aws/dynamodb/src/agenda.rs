//! What is due, for `tick`.

use crate::Dynamo;
use crate::call::{Change, Failed, Item, Query};
use crate::expression::{Expression, as_number, as_text, number, text};
use crate::keys::{self, Table};
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
        let which = format!("{here} AND {place} BETWEEN {from} AND {next}");
        let query = Query::index(self.table(Table::Visits), INDEX, which, expression);
        let page = self.query(&query.columns(columns).limit(limit)).await?;
        Ok((page.items.iter().map(due).collect(), page.next.is_some()))
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
        let key = Item::from([("PK".to_owned(), text(partition.clone())), ("SK".to_owned(), text(row.clone()))]);
        let call = Change::update(self.table(Table::Visits), key, format!("SET {}", set.join(", ")))
            .when(format!("{still_there} AND {its_tenant}"))
            .with(expression);
        match self.update_item(call).await {
            Ok(_) => Ok(true),
            Err(Failed::Unmet(..)) => Ok(false),
            Err(failed) => Err(failed.into()),
        }
    }
}

/// What is due by its keys alone: the row itself is read once it is taken.
fn due(item: &Item) -> Due {
    let read = |name: &str| item.get(name).and_then(as_text).map(str::to_owned);
    let known = |name: &str| read(name).unwrap_or_default();
    let place = DuePlace { partition: known("PK"), row: known("SK"), due: known("dueSk"), tenant: read("tenant") };
    let taken = item.get(TAKEN).and_then(as_number).unwrap_or(0);
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
