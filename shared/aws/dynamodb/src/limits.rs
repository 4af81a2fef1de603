//! Limits: budgets, places, holds, and proofs that were used.

use crate::expression::{Expression, number, text};
use crate::keys::{self, Table};
use crate::{Dynamo, Item, outage, read, rows};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use bedside_app::ports::{Answer, Drawn, Limits, Places, Row, SeenProof};
use bedside_domain::limit::Limit;
use bedside_domain::time::Time;
use serde::Deserialize;

#[derive(Deserialize)]
struct Budget {
    n: u32,
    /// Of the call that drew last: its own retry after a lost answer finds itself.
    by: String,
}

#[derive(Deserialize)]
struct Hold {
    until: Time,
    /// Of the call: the SDK's own retry after a lost answer finds itself.
    by: String,
}

impl Limits for Dynamo {
    async fn hold(&self, key: &str, now: Time, until: Time) -> Answer<Option<Time>> {
        let mut expression = Expression::default();
        let over = expression.compare("until", "<=", number(&now.millis()));
        let (names, values) = expression.into_parts();
        let mine = uuid::Uuid::now_v7().to_string();
        let mut item = keys::hold(key).attributes();
        item.insert("until".to_owned(), number(&until.millis()));
        item.insert("by".to_owned(), text(mine.clone()));
        item.insert("ttl".to_owned(), number(&keys::broom(until)));
        let call = self.client.put_item().table_name(self.table(Table::Limits)).set_item(Some(item));
        let call = call
            .condition_expression(format!("attribute_not_exists(PK) OR {over}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(_) => Ok(None),
            Err(error) => match stored(&error) {
                Some(item) => {
                    let hold: Hold = read("PutItem", item)?;
                    Ok(Some(hold.until).filter(|_| hold.by != mine))
                }
                None => Err(outage("PutItem", &error)),
            },
        }
    }

    async fn first_use(&self, proof: &SeenProof) -> Answer<bool> {
        let row = Row::SeenProof(proof.clone());
        let mut item = rows::attributes(&row)?;
        item.extend(rows::key(&row).attributes());
        let call = self.client.put_item().table_name(self.table(Table::Limits)).set_item(Some(item));
        let call = call
            .condition_expression("attribute_not_exists(PK)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) => match stored(&error) {
                Some(item) => Ok(read::<SeenProof>("PutItem", item)?.request == proof.request),
                None => Err(outage("PutItem", &error)),
            },
        }
    }

    async fn take(&self, key: &str, limits: &[Limit], now: Time) -> Answer<Places> {
        self.take_place(key, limits, now).await
    }

    async fn give_back(&self, key: &str, limits: &[Limit], place: &str) -> Answer<()> {
        self.give_place_back(key, limits, place).await
    }

    async fn fill(&self, key: &str, limits: &[Limit], place: &str) -> Answer<()> {
        self.fill_places(key, limits, place).await
    }

    async fn taken(&self, key: &str) -> Answer<Vec<Time>> {
        self.places_taken(key).await
    }

    async fn draw(&self, key: &str, window_ends: Time, quota: u32, many: u32) -> Answer<Drawn> {
        let Some(room) = quota.checked_sub(many) else { return Ok(Drawn::None) };
        let mine = uuid::Uuid::now_v7().to_string();
        let mut expression = Expression::default();
        let (n, by) = (expression.name("n"), expression.name("by"));
        let (many, room) = (expression.value("many", number(&many)), expression.value("room", number(&room)));
        let me = expression.value("mine", text(mine.clone()));
        let (ttl, end) = (expression.name("ttl"), expression.value("end", number(&keys::broom(window_ends))));
        let (names, values) = expression.into_parts();
        let call = self.client.update_item().table_name(self.table(Table::Limits));
        let call = call
            .set_key(Some(keys::counter(key, window_ends).attributes()))
            .update_expression(format!("ADD {n} {many} SET {by} = {me}, {ttl} = {end}"))
            .condition_expression(format!("attribute_not_exists({n}) OR ({n} <= {room} AND {by} <> {me})"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(answer) => Ok(Drawn::All(read::<Budget>("UpdateItem", answer.attributes.unwrap_or_default())?.n)),
            Err(error) => match standing(&error) {
                Some(item) => {
                    let budget: Budget = read("UpdateItem", item)?;
                    Ok(if budget.by == mine { Drawn::All(budget.n) } else { Drawn::None })
                }
                None => Err(outage("UpdateItem", &error)),
            },
        }
    }

    async fn put_back(&self, key: &str, window_ends: Time, many: u32) -> Answer<()> {
        let mut expression = Expression::default();
        // Whoever finds this mark has put it back already: the SDK's own retry after a lost answer.
        let mine = uuid::Uuid::now_v7().to_string();
        let (n, by) = (expression.name("n"), expression.name("by"));
        let back = expression.value("back", number(&-i64::from(many)));
        let (least, me) = (expression.value("least", number(&many)), expression.value("mine", text(mine)));
        let (names, values) = expression.into_parts();
        let call = self.client.update_item().table_name(self.table(Table::Limits));
        let call = call
            .set_key(Some(keys::counter(key, window_ends).attributes()))
            .update_expression(format!("ADD {n} {back} SET {by} = {me}"))
            .condition_expression(format!("{n} >= {least} AND {by} <> {me}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_refused(&error) => Ok(()),
            Err(error) => Err(outage("UpdateItem", &error)),
        }
    }

    async fn drawn(&self, key: &str, window_ends: Time) -> Answer<u32> {
        let budget: Option<Budget> = self.get(keys::counter(key, window_ends)).await?;
        Ok(budget.map_or(0, |budget| budget.n))
    }
}

/// The item that stood there already.
pub(crate) fn stored<R>(error: &SdkError<PutItemError, R>) -> Option<Item> {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => failed.item().cloned(),
        _ => None,
    }
}

/// The item as it stands, for which the condition of an update did not hold.
pub(crate) fn standing<R>(error: &SdkError<UpdateItemError, R>) -> Option<Item> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => failed.item().cloned(),
        _ => None,
    }
}

/// Whether an update did nothing since its condition did not hold.
pub(crate) fn is_refused<R>(error: &SdkError<UpdateItemError, R>) -> bool {
    matches!(error.as_service_error(), Some(UpdateItemError::ConditionalCheckFailedException(_)))
}
