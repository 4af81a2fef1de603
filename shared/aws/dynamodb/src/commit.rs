//! A transaction: all of its writes, or nothing.

use crate::call::{Change, Entry, Failed, Item, Reason};
use crate::expression::{Expression, text};
use crate::guards;
use crate::keys::{self, Key, Table};
use crate::{Dynamo, rows};
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, Booking, CommitError, Guard, Row, Write};
use bedside_domain::id::TenantId;
use bedside_domain::person::{ApiKey, Oidc, Tenant};

const CALL: &str = "TransactWriteItems";

/// Which write an entry of the transaction belongs to.
struct Origin {
    write: usize,
    /// Of the write's own row; the other entry of a tenant is where its people sign in, that of a key its place in the
    /// list.
    of_row: bool,
}

impl Dynamo {
    pub(crate) async fn transact(&self, writes: &[Write]) -> Result<(), CommitError> {
        if writes.is_empty() {
            return Ok(());
        }
        let (origins, entries): (Vec<_>, Vec<_>) = self.entries(writes).map_err(CommitError::Down)?.into_iter().unzip();
        self.transact_write_items(&entries).await.map_err(|failed| judge(failed, writes, &origins))
    }

    fn entries(&self, writes: &[Write]) -> Answer<Vec<(Origin, Entry<'_>)>> {
        // A transaction is about one tenant: an audit record, which does not name it, is stored as its.
        let tenant = writes.iter().find_map(|write| match write {
            Write::Put(row, _) => rows::tenant(row),
            Write::Unbook(booking) => Some(&booking.tenant),
            Write::Revoke(key) => Some(&key.tenant),
            Write::LeaveSignIn(tenant, _) => Some(tenant),
        });
        let mut entries = Vec::with_capacity(writes.len());
        for (write, entry) in writes.iter().enumerate() {
            let mut push = |made, of_row| entries.push((Origin { write, of_row }, made));
            match entry {
                Write::Put(row, guard) => {
                    push(self.write(row, rows::key(row), guard, tenant)?, true);
                    if let Some(copy) = rows::copy(row) {
                        push(self.write(row, copy, guard, tenant)?, false);
                    }
                    if let Row::Tenant(tenant) = row {
                        push(self.issuer(tenant), false);
                    }
                }
                Write::Unbook(booking) => push(self.unbook(booking), true),
                Write::Revoke(key) => {
                    push(self.revoke(key, keys::api_key(&key.mac), "attribute_exists(PK) AND "), true);
                    push(
                        self.revoke(key, keys::listed_key(&key.tenant, key.key_id), "attribute_not_exists(PK) OR "),
                        false,
                    );
                }
                Write::LeaveSignIn(tenant, oidc) => push(self.leave(tenant, oidc), false),
            }
        }
        Ok(entries)
    }

    fn write(&self, row: &Row, key: Key, guard: &Guard, tenant: Option<&TenantId>) -> Answer<Entry<'_>> {
        match (row, guard) {
            (Row::Audit(..) | Row::SeenProof(_), _) | (_, Guard::Absent) => self.put(row, key, tenant),
            _ => self.update(row, key, guard),
        }
    }

    /// A row that is not there yet. Records and proofs are never anything else.
    fn put(&self, row: &Row, key: Key, tenant: Option<&TenantId>) -> Answer<Entry<'_>> {
        let table = self.table(key.table);
        let mut item = rows::attributes(row)?;
        if let (Row::Audit(..), Some(tenant)) = (row, tenant) {
            item.insert("tenant".to_owned(), text(tenant.as_str()));
        }
        item.extend(key.attributes());
        Ok(Entry::Put(Change::put(table, item).when("attribute_not_exists(PK)").or_tell()))
    }

    /// A row that is there: every attribute is set, and those that it no longer has are removed.
    fn update(&self, row: &Row, key: Key, guard: &Guard) -> Answer<Entry<'_>> {
        let mut expression = Expression::default();
        let condition = guards::condition(&mut expression, row, guard);
        let change = change(&mut expression, row, guard)?;
        let table = self.table(key.table);
        let update = Change::update(table, key.attributes(), change);
        Ok(Entry::Update(update.when(condition).with(expression).or_tell()))
    }

    fn unbook(&self, booking: &Booking) -> Entry<'_> {
        let key = keys::booking(&booking.tenant, &booking.clinician_id, booking.mark);
        let mut expression = Expression::default();
        let mine = expression.compare("visitId", "=", text(booking.visit_id.to_string()));
        let tenant = expression.compare("tenant", "=", text(booking.tenant.as_str()));
        self.delete(key, expression, format!("{mine} AND {tenant}"))
    }

    fn revoke(&self, key: &ApiKey, at: Key, there: &str) -> Entry<'_> {
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", text(key.tenant.as_str()));
        self.delete(at, expression, format!("{there}{mine}"))
    }

    fn leave(&self, tenant: &TenantId, oidc: &Oidc) -> Entry<'_> {
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", text(tenant.as_str()));
        let key = keys::issuer(&oidc.issuer, &oidc.client_id);
        self.delete(key, expression, format!("attribute_not_exists(PK) OR {mine}"))
    }

    fn delete(&self, key: Key, expression: Expression, condition: String) -> Entry<'_> {
        let delete = Change::delete(self.table(key.table), key.attributes());
        Entry::Delete(delete.when(condition).with(expression).or_tell())
    }

    /// Where a tenant's people sign in leads to it, and to no other tenant.
    fn issuer(&self, tenant: &Tenant) -> Entry<'_> {
        let id = text(tenant.tenant.as_str());
        let mut item = keys::issuer(&tenant.oidc.issuer, &tenant.oidc.client_id).attributes();
        item.insert("tenant".to_owned(), id.clone());
        let mut expression = Expression::default();
        let mine = expression.compare("tenant", "=", id);
        let put = Change::put(self.table(Table::Visits), item);
        Entry::Put(put.when(format!("attribute_not_exists(PK) OR {mine}")).with(expression).or_tell())
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

/// What a failure means. Reasons stand in the order of the entries, one for each.
fn judge(failed: Failed, writes: &[Write], origins: &[Origin]) -> CommitError {
    match failed {
        Failed::Cancelled(reasons, outage) => judge_reasons(reasons, outage, writes, origins),
        Failed::InProgress(_) => CommitError::Conflict,
        Failed::Unmet(..) | Failed::Down(_) => CommitError::Down(failed.into()),
    }
}

fn judge_reasons(reasons: Vec<Reason>, outage: Outage, writes: &[Write], origins: &[Origin]) -> CommitError {
    let mut refused: Vec<(usize, Option<Row>)> = Vec::new();
    let mut others = Vec::new();
    for (origin, Reason { code, item }) in origins.iter().zip(reasons) {
        if code.as_deref() != Some("ConditionalCheckFailed") {
            others.extend(code.filter(|code| code != "None"));
            continue;
        }
        if refused.last().is_some_and(|(write, _)| *write == origin.write) {
            continue;
        }
        let stored = item.filter(|item| origin.of_row && !item.is_empty());
        match stored.zip(writes.get(origin.write)).map(|(item, write)| old_row(write, item)).transpose() {
            Ok(row) => refused.push((origin.write, row)),
            Err(outage) => return CommitError::Down(outage),
        }
    }
    if !refused.is_empty() {
        return CommitError::Refused(refused);
    }
    if others.iter().any(|code| is_contention(code)) {
        CommitError::Conflict
    } else if others.is_empty() {
        CommitError::Down(outage)
    } else {
        CommitError::Down(Outage::new("dynamodb", format!("{CALL} {}", others.join(" "))))
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
        // Its one entry is of no row: see `Origin::of_row`.
        Write::LeaveSignIn(..) => Err(Outage::new("dynamodb", format!("{CALL} unreadable row"))),
    }
}
