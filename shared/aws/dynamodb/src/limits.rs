//! Limits: budgets, places, holds, and proofs that were used.

use crate::call::{Change, Failed};
use crate::expression::{Expression, number, text};
use crate::keys::{self, Table};
use crate::{Dynamo, read, rows};
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
        let mine = uuid::Uuid::now_v7().to_string();
        let mut item = keys::hold(key).attributes();
        item.insert("until".to_owned(), number(&until.millis()));
        item.insert("by".to_owned(), text(mine.clone()));
        item.insert("ttl".to_owned(), number(&keys::broom(until)));
        let call = Change::put(self.table(Table::Limits), item)
            .when(format!("attribute_not_exists(PK) OR {over}"))
            .with(expression)
            .or_tell();
        match self.put_item(call).await {
            Ok(()) => Ok(None),
            Err(Failed::Unmet(Some(item), _)) => {
                let hold: Hold = read("PutItem", item)?;
                Ok(Some(hold.until).filter(|_| hold.by != mine))
            }
            Err(failed) => Err(failed.into()),
        }
    }

    async fn first_use(&self, proof: &SeenProof) -> Answer<bool> {
        let row = Row::SeenProof(proof.clone());
        let mut item = rows::attributes(&row)?;
        item.extend(rows::key(&row).attributes());
        let call = Change::put(self.table(Table::Limits), item).when("attribute_not_exists(PK)").or_tell();
        match self.put_item(call).await {
            Ok(()) => Ok(true),
            Err(Failed::Unmet(Some(item), _)) => Ok(read::<SeenProof>("PutItem", item)?.request == proof.request),
            Err(failed) => Err(failed.into()),
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
        let set = format!("ADD {n} {many} SET {by} = {me}, {ttl} = {end}");
        let call = Change::update(self.table(Table::Limits), keys::counter(key, window_ends).attributes(), set)
            .when(format!("attribute_not_exists({n}) OR ({n} <= {room} AND {by} <> {me})"))
            .with(expression)
            .and_tell()
            .or_tell();
        match self.update_item(call).await {
            Ok(item) => Ok(Drawn::All(read::<Budget>("UpdateItem", item)?.n)),
            Err(Failed::Unmet(Some(item), _)) => {
                let budget: Budget = read("UpdateItem", item)?;
                Ok(if budget.by == mine { Drawn::All(budget.n) } else { Drawn::None })
            }
            Err(failed) => Err(failed.into()),
        }
    }

    async fn put_back(&self, key: &str, window_ends: Time, many: u32) -> Answer<()> {
        let mut expression = Expression::default();
        // Whoever finds this mark has put it back already: the SDK's own retry after a lost answer.
        let mine = uuid::Uuid::now_v7().to_string();
        let (n, by) = (expression.name("n"), expression.name("by"));
        let back = expression.value("back", number(&-i64::from(many)));
        let (least, me) = (expression.value("least", number(&many)), expression.value("mine", text(mine)));
        let set = format!("ADD {n} {back} SET {by} = {me}");
        let call = Change::update(self.table(Table::Limits), keys::counter(key, window_ends).attributes(), set)
            .when(format!("{n} >= {least} AND {by} <> {me}"))
            .with(expression);
        match self.update_item(call).await {
            Ok(_) | Err(Failed::Unmet(..)) => Ok(()),
            Err(failed) => Err(failed.into()),
        }
    }
}
