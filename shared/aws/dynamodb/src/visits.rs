//! Visits and all that is changed with them.

use crate::call::{Change, Failed, Item, Query};
use crate::expression::{Expression, as_text, number, text};
use crate::keys::Table;
use crate::{Dynamo, keys, read};
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, CommitError, Location, VisitList, VisitRange, Visits, Write};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ClinicianId, LinkId, ParticipantId, TenantId, VisitId};
use bedside_domain::link::Link;
use bedside_domain::secret::Mac;
use bedside_domain::time::Time;
use bedside_domain::visit::Visit;

impl Visits for Dynamo {
    async fn locate(&self, lookup: &Mac) -> Answer<Option<Location>> {
        self.get(keys::location(lookup)).await
    }

    async fn file(&self, id: VisitId) -> Answer<Option<VisitFile>> {
        file(self.partition(Table::Visits, keys::visit_partition(id)).await?)
    }

    async fn commit(&self, writes: &[Write]) -> Result<(), CommitError> {
        self.transact(writes).await
    }

    async fn seen(&self, visit: VisitId, participant: ParticipantId, at: Time) -> Answer<()> {
        let mut expression = Expression::default();
        let last_seen = expression.name("lastSeenAt");
        let at = expression.value("at", number(&at.millis()));
        let key = keys::participant(visit, participant).attributes();
        let call = Change::update(self.table(Table::Visits), key, format!("SET {last_seen} = {at}"))
            .when(format!("attribute_exists(PK) AND {last_seen} < {at}"))
            .with(expression);
        match self.update_item(call).await {
            // Gone, or another poll was later: nothing to note.
            Ok(_) | Err(Failed::Unmet(..)) => Ok(()),
            Err(failed) => Err(failed.into()),
        }
    }

    async fn recent(&self, tenant: &TenantId, clinician: &ClinicianId, before: Time, limit: u32) -> Answer<Vec<Visit>> {
        let mut expression = Expression::default();
        let theirs = expression.compare("clinicianPk", "=", text(keys::visits_of_clinician(tenant, clinician)));
        let earlier = expression.compare("clinicianSk", "<", text(keys::scheduled_before(before)));
        let which = format!("{theirs} AND {earlier}");
        let query = Query::index(self.table(Table::Visits), "clinician", which, expression);
        let page = self.query(&query.backwards().limit(limit)).await?;
        page.items.into_iter().map(|item| read("Query", item)).collect()
    }

    async fn list(
        &self,
        tenant: &TenantId,
        list: &VisitList,
        range: &VisitRange,
        limit: u32,
    ) -> Answer<(Vec<Visit>, bool)> {
        let (index, partition) = match list {
            VisitList::Tenant => ("tenant", keys::visits_of_tenant(tenant)),
            VisitList::Clinician(id) => ("clinician", keys::visits_of_clinician(tenant, id)),
            VisitList::Patient(id) => ("patient", keys::visits_of_patient(tenant, id)),
            VisitList::Creator(id) => ("creator", keys::visits_of_creator(tenant, id)),
        };
        let from = range.from.map(keys::scheduled_before);
        let after = range.after.map(|(mark, id)| keys::after_scheduled(mark, id));
        // Years have four digits: these come before and after all of them.
        let from = from.max(after).unwrap_or_else(|| "0".to_owned());
        let to = range.to.map_or_else(|| ":".to_owned(), keys::scheduled_before);
        // DynamoDB refuses a range that ends before it begins.
        if from > to {
            return Ok((vec![], false));
        }
        let mut expression = Expression::default();
        let here = expression.compare(&format!("{index}Pk"), "=", text(partition));
        let place = expression.name(&format!("{index}Sk"));
        let (from, to) = (expression.value("from", text(from)), expression.value("to", text(to)));
        let which = format!("{here} AND {place} BETWEEN {from} AND {to}");
        let query = Query::index(self.table(Table::Visits), index, which, expression);
        let page = self.query(&query.limit(limit)).await?;
        let visits: Answer<Vec<Visit>> = page.items.into_iter().map(|item| read("Query", item)).collect();
        Ok((visits?, page.next.is_some()))
    }

    async fn blocked(&self, visit: VisitId, link: LinkId) -> Answer<Link> {
        let mut expression = Expression::default();
        let (blocked, one) = (expression.name("blocked"), expression.value("one", number(&1)));
        let key = keys::link(visit, link).attributes();
        let call = Change::update(self.table(Table::Visits), key, format!("ADD {blocked} {one}"));
        read("UpdateItem", self.update_item(call.when("attribute_exists(PK)").with(expression).and_tell()).await?)
    }
}

impl Dynamo {
    /// All of a partition as it stands, in the order of its sort keys: one Query for each MB.
    pub(crate) async fn partition(&self, table: Table, pk: String) -> Answer<Vec<Item>> {
        let mut expression = Expression::default();
        expression.value("pk", text(pk));
        let mut query = Query::table(self.table(table), "PK = :pk", expression);
        let mut items = Vec::new();
        loop {
            let page = self.query(&query).await?;
            items.extend(page.items);
            query.exclusive_start_key = page.next;
            if query.exclusive_start_key.is_none() {
                return Ok(items);
            }
        }
    }
}

/// A file out of its partition; none where there is no visit in it.
fn file(items: Vec<Item>) -> Answer<Option<VisitFile>> {
    let mut visit = None;
    let (mut links, mut participants, mut challenges, mut messages) = (vec![], vec![], vec![], vec![]);
    for item in items {
        let sk = item.get("SK").and_then(as_text).unwrap_or_default();
        match sk.split('#').find(|part| !part.is_empty()).unwrap_or_default() {
            "VISIT" => visit = Some(read("Query", item)?),
            "LINK" => links.push(read("Query", item)?),
            "WHO" => participants.push(read("Query", item)?),
            "CHALLENGE" => challenges.push(read("Query", item)?),
            "MESSAGE" => messages.push(read("Query", item)?),
            _ => return Err(Outage::new("dynamodb", "Query unreadable row")),
        }
    }
    Ok(visit.map(|visit| VisitFile { visit, links, participants, challenges, messages }))
}
