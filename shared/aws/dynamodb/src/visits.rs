//! Visits and all that is changed with them.

use crate::expression::{Expression, number, text};
use crate::keys::Table;
use crate::{Dynamo, Item, keys, outage, read};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValue;
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
        let (names, values) = expression.into_parts();
        let call = self.client.update_item().table_name(self.table(Table::Visits));
        let call = call
            .set_key(Some(keys::participant(visit, participant).attributes()))
            .update_expression(format!("SET {last_seen} = {at}"))
            .condition_expression(format!("attribute_exists(PK) AND {last_seen} < {at}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        match call.send().await {
            Ok(_) => Ok(()),
            // Gone, or another poll was later: nothing to note.
            Err(error) if is_unmet(error.as_service_error()) => Ok(()),
            Err(error) => Err(outage("UpdateItem", &error)),
        }
    }

    async fn recent(&self, tenant: &TenantId, clinician: &ClinicianId, before: Time, limit: u32) -> Answer<Vec<Visit>> {
        let mut expression = Expression::default();
        let theirs = expression.compare("clinicianPk", "=", text(keys::visits_of_clinician(tenant, clinician)));
        let earlier = expression.compare("clinicianSk", "<", text(keys::scheduled_before(before)));
        let (names, values) = expression.into_parts();
        let call = self.client.query().table_name(self.table(Table::Visits)).index_name("clinician");
        let call = call
            .key_condition_expression(format!("{theirs} AND {earlier}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let page = call.send().await.map_err(|e| outage("Query", &e))?;
        page.items.unwrap_or_default().into_iter().map(|item| read("Query", item)).collect()
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
        let (names, values) = expression.into_parts();
        let call = self.client.query().table_name(self.table(Table::Visits)).index_name(index);
        let call = call
            .key_condition_expression(format!("{here} AND {place} BETWEEN {from} AND {to}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let page = call.send().await.map_err(|e| outage("Query", &e))?;
        let more = page.last_evaluated_key.is_some_and(|key| !key.is_empty());
        let visits: Answer<Vec<Visit>> =
            page.items.unwrap_or_default().into_iter().map(|item| read("Query", item)).collect();
        Ok((visits?, more))
    }

    async fn blocked(&self, visit: VisitId, link: LinkId) -> Answer<Link> {
        let mut expression = Expression::default();
        let (blocked, one) = (expression.name("blocked"), expression.value("one", number(&1)));
        let (names, values) = expression.into_parts();
        let call = self.client.update_item().table_name(self.table(Table::Visits));
        let call = call
            .set_key(Some(keys::link(visit, link).attributes()))
            .update_expression(format!("ADD {blocked} {one}"))
            .condition_expression("attribute_exists(PK)")
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::AllNew);
        let answer = call.send().await.map_err(|e| outage("UpdateItem", &e))?;
        read("UpdateItem", answer.attributes.unwrap_or_default())
    }
}

impl Dynamo {
    /// All of a partition as it stands, in the order of its sort keys: one Query for each MB.
    pub(crate) async fn partition(&self, table: Table, pk: String) -> Answer<Vec<Item>> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let call = self.client.query().table_name(self.table(table)).consistent_read(true);
            let call = call
                .key_condition_expression("PK = :pk")
                .expression_attribute_values(":pk", text(pk.clone()))
                .set_exclusive_start_key(from);
            let page = call.send().await.map_err(|e| outage("Query", &e))?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(items);
            }
        }
    }
}

/// Whether the condition of an update did not hold.
pub(crate) fn is_unmet(error: Option<&UpdateItemError>) -> bool {
    error.is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

/// A file out of its partition; none where there is no visit in it.
fn file(items: Vec<Item>) -> Answer<Option<VisitFile>> {
    let mut visit = None;
    let (mut links, mut participants, mut challenges, mut messages) = (vec![], vec![], vec![], vec![]);
    for item in items {
        let sk = item.get("SK").and_then(|sk| sk.as_s().ok()).map(String::as_str).unwrap_or_default();
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
