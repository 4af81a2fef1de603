//! Counters of limits, and proofs that were used.

use crate::expression::{Expression, number, text};
use crate::keys::{self, Table};
use crate::{Dynamo, Item, outage, read, rows};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use bedside_app::ports::{Answer, Limits, Row, SeenProof};
use bedside_domain::time::Time;
use serde::Deserialize;

#[derive(Deserialize)]
struct Counter {
    n: u32,
}

#[derive(Deserialize)]
struct Hold {
    until: Time,
    /// Of the call: the SDK's own retry after a lost answer finds itself.
    by: String,
}

impl Limits for Dynamo {
    async fn count(&self, key: &str, window_ends: Time) -> Answer<u32> {
        let mut expression = Expression::default();
        let (n, one) = (expression.name("n"), expression.value("one", number(&1)));
        let (ttl, end) = (expression.name("ttl"), expression.value("end", number(&keys::broom(window_ends))));
        let (names, values) = expression.into_parts();
        let call = self.client.update_item().table_name(self.table(Table::Limits));
        let call = call
            .set_key(Some(keys::counter(key, window_ends).attributes()))
            .update_expression(format!("ADD {n} {one} SET {ttl} = {end}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::UpdatedNew);
        let answer = call.send().await.map_err(|e| outage("UpdateItem", &e))?;
        let counter: Counter = read("UpdateItem", answer.attributes.unwrap_or_default())?;
        Ok(counter.n)
    }

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
}

/// The item that stood there already.
fn stored<R>(error: &SdkError<PutItemError, R>) -> Option<Item> {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => failed.item().cloned(),
        _ => None,
    }
}
