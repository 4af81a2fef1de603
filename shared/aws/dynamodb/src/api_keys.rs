//! A practice's keys: its list, and the note of their use.

use crate::call::{Change, Entry, Failed, Query};
use crate::expression::{Expression, number, text};
use crate::keys::{self, Key, Table};
use crate::{Dynamo, read};
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
        let query = Query::table(self.table(Table::Visits), which, expression);
        let mut query = query.backwards().limit(u32::try_from(limit).unwrap_or(u32::MAX));
        let mut listed = Vec::new();
        loop {
            let page = self.query(&query).await?;
            for item in page.items {
                listed.push(read("Query", item)?);
            }
            query.exclusive_start_key = page.next;
            if query.exclusive_start_key.is_none() || listed.len() >= limit {
                listed.truncate(limit);
                return Ok(listed);
            }
        }
    }

    /// How long the list is.
    pub(crate) async fn number_of_keys(&self, tenant: &TenantId) -> Answer<usize> {
        let mut expression = Expression::default();
        expression.value("pk", text(keys::keys_partition(tenant)));
        let mut query = Query::table(self.table(Table::Visits), "PK = :pk", expression).counted();
        let mut number = 0_usize;
        loop {
            let page = self.query(&query).await?;
            number = number.saturating_add(page.count);
            query.exclusive_start_key = page.next;
            if query.exclusive_start_key.is_none() {
                return Ok(number);
            }
        }
    }

    /// Notes the use on both rows of a key at once, so that reading either tells whether it is noted.
    pub(crate) async fn note_key(&self, key: &ApiKey, at: Time) -> Answer<()> {
        let places = [keys::api_key(&key.mac), keys::listed_key(&key.tenant, key.key_id)];
        match self.transact_write_items(&places.map(|place| self.note(key, place, at))).await {
            // Gone, or another request has noted it: nothing to note.
            Ok(()) | Err(Failed::Cancelled(..)) => Ok(()),
            Err(failed) => Err(failed.into()),
        }
    }

    fn note(&self, key: &ApiKey, place: Key, at: Time) -> Entry<'_> {
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", text(key.tenant.as_str()));
        let read = expression.equals_or_absent("lastUsedAt", key.last_used_at.map(|at| number(&at.millis())));
        let name = expression.name("lastUsedAt");
        let value = expression.value("at", number(&at.millis()));
        let update = Change::update(self.table(place.table), place.attributes(), format!("SET {name} = {value}"));
        Entry::Update(update.when(format!("attribute_exists(PK) AND {mine} AND {read}")).with(expression))
    }
}
