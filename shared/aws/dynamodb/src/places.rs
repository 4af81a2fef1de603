//! Places of sliding limits: one item holds when the last ones were taken, the newest first, and is shifted by one
//! conditional update. So no window ever holds more than its quota, whoever comes at once.

use crate::expression::{Expression, number, text};
use crate::keys::{self, Table};
use crate::{Dynamo, Item, outage};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, Places};
use bedside_domain::limit::Limit;
use bedside_domain::time::Time;

/// Sorts before every place that was ever taken.
const NEVER: &str = "0000000000000#";

/// How often a place is looked for anew that others have moved meanwhile.
const GIVEN_BACK_TRIES: u32 = 8;

/// The attribute of the n-th newest place.
fn place(n: usize) -> String {
    format!("t{n}")
}

/// How many places have to be remembered.
fn remembered(limits: &[Limit]) -> usize {
    limits.iter().map(|limit| usize::try_from(limit.quota).unwrap_or(0)).max().unwrap_or(0)
}

/// A place's name: thirteen digits of milliseconds, and what tells it from others of the same moment.
fn name(now: Time) -> String {
    format!("{}#{}", keys::due_from(now), uuid::Uuid::now_v7())
}

fn time(name: &str) -> Option<Time> {
    let millis = name.split('#').next()?.parse().ok().filter(|millis| *millis > 0)?;
    Some(Time::from_millis(millis))
}

/// The places of an item, the newest first.
fn names(item: &Item) -> impl Iterator<Item = &str> {
    (0..).map_while(|n| item.get(&place(n)).and_then(|value| value.as_s().ok()).map(String::as_str))
}

fn times(item: &Item) -> Vec<Time> {
    names(item).filter_map(time).collect()
}

impl Dynamo {
    fn update_places(&self, key: &str, expression: Expression) -> UpdateItemFluentBuilder {
        let (names, values) = expression.into_parts();
        self.client
            .update_item()
            .table_name(self.table(Table::Limits))
            .set_key(Some(keys::places(key).attributes()))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
    }

    pub(crate) async fn take_place(&self, key: &str, limits: &[Limit], now: Time) -> Answer<Places> {
        let (mine, count) = (name(now), remembered(limits));
        let mut expression = Expression::default();
        let newest = expression.value("mine", text(mine.clone()));
        // A value that no expression names is refused.
        let never = if count > 1 { expression.value("never", text(NEVER)) } else { String::new() };
        let slots: Vec<String> = (0..count).map(|n| expression.name(&place(n))).collect();
        let mut shift = Vec::with_capacity(count + 1);
        // What stands on the right is what the item was before.
        for (n, slot) in slots.iter().enumerate() {
            shift.push(match n.checked_sub(1).and_then(|before| slots.get(before)) {
                Some(before) => format!("{slot} = if_not_exists({before}, {never})"),
                None => format!("{slot} = {newest}"),
            });
        }
        let longest = limits.iter().map(|limit| limit.seconds).max().unwrap_or(0);
        let end = expression.value("end", number(&keys::broom(now.plus_seconds(longest))));
        shift.push(format!("{} = {end}", expression.name("ttl")));
        // The SDK's own retry after a lost answer finds its place taken by itself.
        let mut free: Vec<String> = slots.iter().map(|slot| format!("{slot} <> {newest}")).collect();
        for (n, limit) in limits.iter().enumerate() {
            let last = usize::try_from(limit.quota).ok().and_then(|quota| slots.get(quota.checked_sub(1)?));
            let Some(slot) = last else { continue };
            // `~` sorts after the `#` that follows the milliseconds.
            let gone = format!("{}~", keys::due_from(now.plus_seconds(-limit.seconds)));
            let gone = expression.value(&format!("gone{n}"), text(gone));
            free.push(format!("(attribute_not_exists({slot}) OR {slot} <= {gone})"));
        }
        let call = self
            .update_places(key, expression)
            .update_expression(format!("SET {}", shift.join(", ")))
            .condition_expression(free.join(" AND "))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(answer) => {
                let taken = times(&answer.attributes.unwrap_or_default());
                Ok(Places { mine: Some(mine), taken })
            }
            Err(error) => match crate::limits::standing(&error) {
                Some(item) => {
                    let taken = times(&item);
                    let is_mine = names(&item).any(|name| name == mine);
                    Ok(Places { mine: is_mine.then_some(mine), taken })
                }
                None => Err(outage("UpdateItem", &error)),
            },
        }
    }

    /// Takes a place out of wherever it stands: others may have taken theirs after it.
    pub(crate) async fn give_place_back(&self, key: &str, limits: &[Limit], mine: &str) -> Answer<()> {
        let mut at = 0;
        for _ in 0..GIVEN_BACK_TRIES {
            match self.without_place(key, limits, mine, at).send().await {
                Ok(_) => return Ok(()),
                Err(error) if crate::limits::is_refused(&error) => {
                    let item = crate::limits::standing(&error).unwrap_or_default();
                    let Some(there) = names(&item).position(|name| name == mine) else { return Ok(()) };
                    at = there;
                }
                Err(error) => return Err(outage("UpdateItem", &error)),
            }
        }
        Err(Outage::new("dynamodb", "UpdateItem: others never stop taking places"))
    }

    /// The update by which those older than the one `at` a place move up, if it is this one.
    fn without_place(&self, key: &str, limits: &[Limit], mine: &str, at: usize) -> UpdateItemFluentBuilder {
        let mut expression = Expression::default();
        let (given, never) = (expression.value("mine", text(mine)), expression.value("never", text(NEVER)));
        let slots: Vec<String> = (at..remembered(limits).max(at + 1)).map(|n| expression.name(&place(n))).collect();
        let shift: Vec<String> = slots
            .iter()
            .enumerate()
            .map(|(n, slot)| match slots.get(n + 1) {
                Some(next) => format!("{slot} = if_not_exists({next}, {never})"),
                None => format!("{slot} = {never}"),
            })
            .collect();
        let is_there = slots.first().map(|slot| format!("{slot} = {given}")).unwrap_or_default();
        self.update_places(key, expression)
            .update_expression(format!("SET {}", shift.join(", ")))
            .condition_expression(is_there)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    pub(crate) async fn fill_places(&self, key: &str, limits: &[Limit], mine: &str) -> Answer<()> {
        let mut expression = Expression::default();
        let given = expression.value("mine", text(mine));
        let all: Vec<String> =
            (0..remembered(limits)).map(|n| format!("{} = {given}", expression.name(&place(n)))).collect();
        let call = self.update_places(key, expression).update_expression(format!("SET {}", all.join(", ")));
        call.send().await.map(|_| ()).map_err(|error| outage("UpdateItem", &error))
    }

    pub(crate) async fn places_taken(&self, key: &str) -> Answer<Vec<Time>> {
        let key = keys::places(key);
        let request = self.client.get_item().table_name(self.table(key.table)).set_key(Some(key.attributes()));
        let answer = request.send().await.map_err(|error| outage("GetItem", &error))?;
        Ok(times(&answer.item.unwrap_or_default()))
    }
}
