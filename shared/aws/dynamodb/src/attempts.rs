//! Requests that may come again under their `Idempotency-Key`, and what was answered.

use crate::expression::{Expression, number, text};
use crate::keys::{self, Table};
use crate::{Dynamo, Item, limits, outage, read};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, Attempt, Attempted, Attempts, StoredAnswer};
use bedside_domain::secret::{Mac, Salt, Sealed};
use bedside_domain::time::Time;
use serde::Deserialize;

/// A request as it stands.
#[derive(Deserialize)]
struct Known {
    fingerprint: Mac,
    by: String,
    seed: String,
    at: Time,
    until: Time,
    #[serde(default)]
    sealed: Option<Sealed>,
    #[serde(default)]
    salt: Option<Salt>,
}

impl Known {
    fn answer(&self) -> Option<StoredAnswer> {
        let (sealed, salt) = self.sealed.clone().zip(self.salt.clone())?;
        Some(StoredAnswer { sealed, salt })
    }

    /// What it means for this try; none where its try has died, and this one may take its place.
    fn judge(self, attempt: &Attempt) -> Option<Attempted> {
        if self.by == attempt.by {
            return Some(Attempted::Mine { at: self.at, seed: self.seed, again: false });
        }
        if !self.fingerprint.matches(&attempt.fingerprint) {
            return Some(Attempted::Reused);
        }
        if let Some(answer) = self.answer() {
            return Some(Attempted::Answered(answer));
        }
        (attempt.at < self.until).then_some(Attempted::UnderWay(self.until))
    }
}

impl Dynamo {
    /// An update of a request that still is that try's.
    fn update_attempt(&self, scope: &Mac, by: &str, mut expression: Expression) -> UpdateItemFluentBuilder {
        let still = expression.compare("by", "=", text(by));
        let unanswered = format!("attribute_not_exists({})", expression.name("sealed"));
        let (names, values) = expression.into_parts();
        self.client
            .update_item()
            .table_name(self.table(Table::Limits))
            .set_key(Some(keys::attempt(scope).attributes()))
            .condition_expression(format!("{still} AND {unanswered}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// Takes the place of a try that has died.
    async fn take_over(&self, attempt: &Attempt, dead: Known) -> Answer<Attempted> {
        let mut expression = Expression::default();
        let (by, me) = (expression.name("by"), expression.value("me", text(attempt.by.clone())));
        let (until, end) = (expression.name("until"), expression.value("end", number(&attempt.until.millis())));
        let call = self.update_attempt(&attempt.scope, &dead.by, expression);
        match call.update_expression(format!("SET {by} = {me}, {until} = {end}")).send().await {
            Ok(_) => Ok(Attempted::Mine { at: dead.at, seed: dead.seed, again: true }),
            Err(error) => match limits::standing(&error) {
                Some(item) => {
                    let known: Known = read("UpdateItem", item)?;
                    if known.by == attempt.by {
                        // The SDK's own retry after a lost answer.
                        return Ok(Attempted::Mine { at: known.at, seed: known.seed, again: true });
                    }
                    // Somebody else was faster, whatever became of it.
                    Ok(known.judge(attempt).unwrap_or(Attempted::UnderWay(attempt.until)))
                }
                None => Err(outage("UpdateItem", &error)),
            },
        }
    }
}

impl Attempts for Dynamo {
    async fn attempt(&self, attempt: &Attempt) -> Answer<Attempted> {
        let mut expression = Expression::default();
        let forgotten = expression.compare("expires", "<=", number(&attempt.at.millis()));
        let (names, values) = expression.into_parts();
        let mut item: Item = keys::attempt(&attempt.scope).attributes();
        item.extend(
            [
                ("fingerprint", text(attempt.fingerprint.0.clone())),
                ("by", text(attempt.by.clone())),
                ("seed", text(attempt.seed.clone())),
                ("at", number(&attempt.at.millis())),
                ("until", number(&attempt.until.millis())),
                ("expires", number(&attempt.expires.millis())),
                ("ttl", number(&keys::broom(attempt.expires))),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        let call = self.client.put_item().table_name(self.table(Table::Limits)).set_item(Some(item));
        let call = call
            .condition_expression(format!("attribute_not_exists(PK) OR {forgotten}"))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let item = match call.send().await {
            Ok(_) => return Ok(Attempted::Mine { at: attempt.at, seed: attempt.seed.clone(), again: false }),
            Err(error) => limits::stored(&error).ok_or_else(|| outage("PutItem", &error))?,
        };
        let known: Known = read("PutItem", item.clone())?;
        match known.judge(attempt) {
            Some(judged) => Ok(judged),
            None => self.take_over(attempt, read("PutItem", item)?).await,
        }
    }

    async fn answered(&self, attempt: &Attempt, answer: &StoredAnswer) -> Answer<()> {
        let mut expression = Expression::default();
        let set = [("sealed", &answer.sealed.0), ("salt", &answer.salt.0)]
            .map(|(name, value)| (expression.name(name), expression.value(name, text(value.clone()))))
            .map(|(name, value)| format!("{name} = {value}"));
        let call = self.update_attempt(&attempt.scope, &attempt.by, expression);
        match call.update_expression(format!("SET {}", set.join(", "))).send().await {
            Ok(_) => Ok(()),
            Err(error) => match limits::standing(&error).map(|item| read::<Known>("UpdateItem", item)).transpose()? {
                // The SDK's own retry after a lost answer.
                Some(known) if known.answer().as_ref() == Some(answer) => Ok(()),
                Some(_) => Err(Outage::new("dynamodb", "UpdateItem the request is another try's by now")),
                None => Err(outage("UpdateItem", &error)),
            },
        }
    }

    async fn let_go(&self, attempt: &Attempt, forget: bool) -> Answer<()> {
        let mut expression = Expression::default();
        let over = expression.name(if forget { "expires" } else { "until" });
        let never = expression.value("never", number(&0));
        let call = self.update_attempt(&attempt.scope, &attempt.by, expression);
        match call.update_expression(format!("SET {over} = {never}")).send().await {
            Ok(_) => Ok(()),
            // Another try's by now: it is no longer this one's to let go.
            Err(error) if limits::is_refused(&error) => Ok(()),
            Err(error) => Err(outage("UpdateItem", &error)),
        }
    }
}
