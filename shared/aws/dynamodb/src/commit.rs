//! A transaction: all of its writes, or nothing.

use crate::expression::{Expression, text};
use crate::guards;
use crate::keys::{self, Key, Table};
use crate::{Dynamo, Item, rows};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError as Failure;
use aws_sdk_dynamodb::types::{
    CancellationReason, Delete, Put, ReturnValuesOnConditionCheckFailure as OnFailure, TransactWriteItem, Update,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, Booking, CommitError, Guard, Row, Write};
use bedside_domain::id::TenantId;
use bedside_domain::person::{ApiKey, Oidc, Tenant};

const CALL: &str = "TransactWriteItems";

/// An entry of the transaction, and which write it belongs to.
struct Entry {
    write: usize,
    item: TransactWriteItem,
    /// Of the write's own row; the other entry of a tenant is where its people sign in, that of a key its place in the
    /// list.
    of_row: bool,
}

impl Dynamo {
    pub(crate) async fn transact(&self, writes: &[Write]) -> Result<(), CommitError> {
        if writes.is_empty() {
            return Ok(());
        }
        let entries = self.entries(writes).map_err(CommitError::Down)?;
        let items = entries.iter().map(|entry| entry.item.clone()).collect();
        // The SDK gives the call a ClientRequestToken: its own retry after a lost answer finds itself done.
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        sent.map(|_| ()).map_err(|error| judge(&error, writes, &entries))
    }

    fn entries(&self, writes: &[Write]) -> Answer<Vec<Entry>> {
        // A transaction is about one tenant: an audit record, which does not name it, is stored as its.
        let tenant = writes.iter().find_map(|write| match write {
            Write::Put(row, _) => rows::tenant(row),
            Write::Unbook(booking) => Some(&booking.tenant),
            Write::Revoke(key) => Some(&key.tenant),
            Write::LeaveSignIn(tenant, _) => Some(tenant),
        });
        let mut entries = Vec::with_capacity(writes.len());
        for (write, entry) in writes.iter().enumerate() {
            let mut push = |item, of_row| entries.push(Entry { write, item, of_row });
            match entry {
                Write::Put(row, guard) => {
                    push(self.write(row, rows::key(row), guard, tenant)?, true);
                    if let Some(copy) = rows::copy(row) {
                        push(self.write(row, copy, guard, tenant)?, false);
                    }
                    if let Row::Tenant(tenant) = row {
                        push(self.issuer(tenant)?, false);
                    }
                }
                Write::Unbook(booking) => push(self.unbook(booking)?, true),
                Write::Revoke(key) => {
                    push(self.revoke(key, keys::api_key(&key.mac), "attribute_exists(PK) AND ")?, true);
                    push(
                        self.revoke(key, keys::listed_key(&key.tenant, key.key_id), "attribute_not_exists(PK) OR ")?,
                        false,
                    );
                }
                Write::LeaveSignIn(tenant, oidc) => push(self.leave(tenant, oidc)?, false),
            }
        }
        Ok(entries)
    }

    fn write(&self, row: &Row, key: Key, guard: &Guard, tenant: Option<&TenantId>) -> Answer<TransactWriteItem> {
        match (row, guard) {
            (Row::Audit(..) | Row::SeenProof(_), _) | (_, Guard::Absent) => self.put(row, key, tenant),
            _ => self.update(row, key, guard),
        }
    }

    /// A row that is not there yet. Records and proofs are never anything else.
    fn put(&self, row: &Row, key: Key, tenant: Option<&TenantId>) -> Answer<TransactWriteItem> {
        let table = self.table(key.table).to_owned();
        let mut item = rows::attributes(row)?;
        if let (Row::Audit(..), Some(tenant)) = (row, tenant) {
            item.insert("tenant".to_owned(), text(tenant.as_str()));
        }
        item.extend(key.attributes());
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(PK)")
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        Ok(TransactWriteItem::builder().put(put.build().map_err(|_| unbuilt())?).build())
    }

    /// A row that is there: every attribute is set, and those that it no longer has are removed.
    fn update(&self, row: &Row, key: Key, guard: &Guard) -> Answer<TransactWriteItem> {
        let mut expression = Expression::default();
        let condition = guards::condition(&mut expression, row, guard);
        let change = change(&mut expression, row, guard)?;
        let (names, values) = expression.into_parts();
        let update = Update::builder()
            .table_name(self.table(key.table))
            .set_key(Some(key.attributes()))
            .update_expression(change)
            .condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        Ok(TransactWriteItem::builder().update(update.build().map_err(|_| unbuilt())?).build())
    }

    fn unbook(&self, booking: &Booking) -> Answer<TransactWriteItem> {
        let key = keys::booking(&booking.tenant, &booking.clinician_id, booking.mark);
        let mut expression = Expression::default();
        let mine = expression.compare("visitId", "=", text(booking.visit_id.to_string()));
        let tenant = expression.compare("tenant", "=", text(booking.tenant.as_str()));
        self.delete(key, expression, &format!("{mine} AND {tenant}"))
    }

    fn revoke(&self, key: &ApiKey, at: Key, there: &str) -> Answer<TransactWriteItem> {
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", text(key.tenant.as_str()));
        self.delete(at, expression, &format!("{there}{mine}"))
    }

    fn leave(&self, tenant: &TenantId, oidc: &Oidc) -> Answer<TransactWriteItem> {
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", text(tenant.as_str()));
        let key = keys::issuer(&oidc.issuer, &oidc.client_id);
        self.delete(key, expression, &format!("attribute_not_exists(PK) OR {mine}"))
    }

    fn delete(&self, key: Key, expression: Expression, condition: &str) -> Answer<TransactWriteItem> {
        let (names, values) = expression.into_parts();
        let delete = Delete::builder()
            .table_name(self.table(key.table))
            .set_key(Some(key.attributes()))
            .condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(|_| unbuilt())?).build())
    }

    /// Where a tenant's people sign in leads to it, and to no other tenant.
    fn issuer(&self, tenant: &Tenant) -> Answer<TransactWriteItem> {
        let id = text(tenant.tenant.as_str());
        let mut item = keys::issuer(&tenant.oidc.issuer, &tenant.oidc.client_id).attributes();
        item.insert("tenant".to_owned(), id.clone());
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", id);
        let (names, values) = expression.into_parts();
        let put = Put::builder()
            .table_name(self.table(Table::Visits))
            .set_item(Some(item))
            .condition_expression(format!("attribute_not_exists(PK) OR {mine}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        Ok(TransactWriteItem::builder().put(put.build().map_err(|_| unbuilt())?).build())
    }
}

/// `SET` of all that the row has, `REMOVE` of what its kind may have and it has not.
fn change(expression: &mut Expression, row: &Row, guard: &Guard) -> Answer<String> {
    let attributes: Item = rows::attributes(row)?;
    let left_alone = guards::left_alone(row, guard);
    let gone: Vec<_> = rows::optional(row)
        .iter()
        .filter(|name| !attributes.contains_key(**name) && !left_alone.contains(name))
        .map(|name| expression.name(name))
        .collect();
    let set: Vec<_> = attributes
        .into_iter()
        .filter(|(name, _)| !left_alone.contains(&name.as_str()))
        .map(|(name, value)| format!("{} = {}", expression.name(&name), expression.value(&name, value)))
        .collect();
    let remove = if gone.is_empty() { String::new() } else { format!(" REMOVE {}", gone.join(", ")) };
    Ok(format!("SET {}{remove}", set.join(", ")))
}

fn unbuilt() -> Outage {
    Outage::new("dynamodb", format!("{CALL} not sent"))
}

/// What a failure means. Reasons stand in the order of the entries, one for each.
fn judge(error: &SdkError<Failure, HttpResponse>, writes: &[Write], entries: &[Entry]) -> CommitError {
    match error.as_service_error() {
        Some(Failure::TransactionCanceledException(cancelled)) => {
            judge_reasons(cancelled.cancellation_reasons(), writes, entries)
        }
        Some(Failure::TransactionInProgressException(_)) => CommitError::Conflict,
        _ => CommitError::Down(crate::outage(CALL, error)),
    }
}

fn judge_reasons(reasons: &[CancellationReason], writes: &[Write], entries: &[Entry]) -> CommitError {
    let mut refused: Vec<(usize, Option<Row>)> = Vec::new();
    for (entry, reason) in entries.iter().zip(reasons) {
        if reason.code() != Some("ConditionalCheckFailed") || refused.last().is_some_and(|(w, _)| *w == entry.write) {
            continue;
        }
        let stored = reason.item().filter(|item| entry.of_row && !item.is_empty());
        match stored.zip(writes.get(entry.write)).map(|(item, write)| old_row(write, item.clone())).transpose() {
            Ok(row) => refused.push((entry.write, row)),
            Err(outage) => return CommitError::Down(outage),
        }
    }
    if !refused.is_empty() {
        return CommitError::Refused(refused);
    }
    let codes: Vec<_> = reasons.iter().filter_map(CancellationReason::code).filter(|code| *code != "None").collect();
    if codes.iter().any(|code| is_contention(code)) {
        CommitError::Conflict
    } else {
        CommitError::Down(Outage::new("dynamodb", format!("{CALL} {}", codes.join(" "))))
    }
}

/// Nothing happened, and the same transaction may go through a moment later.
fn is_contention(code: &str) -> bool {
    matches!(code, "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
}

fn old_row(write: &Write, item: Item) -> Answer<Row> {
    match write {
        Write::Put(row, _) => rows::decode(CALL, row, item),
        Write::Unbook(_) => Ok(Row::Booking(crate::read(CALL, item)?)),
        Write::Revoke(_) => Ok(Row::ApiKey(crate::read(CALL, item)?)),
        // Its one entry is of no row: see `Entry::of_row`.
        Write::LeaveSignIn(..) => Err(Outage::new("dynamodb", format!("{CALL} unreadable row"))),
    }
}
