//! Places of sliding limits: one item holds when the last ones were taken, the newest first, and is shifted by one
//! conditional update. So no window ever holds more than its quota, whoever comes at once.

use crate::Dynamo;
use crate::call::{Change, Failed, Item};
use crate::expression::{Expression, as_text, number, text};
use crate::keys::{self, Table};
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
    (0..).map_while(|n| item.get(&place(n)).and_then(as_text))
}

fn times(item: &Item) -> Vec<Time> {
    names(item).filter_map(time).collect()
}

impl Dynamo {
    fn update_places(&self, key: &str, set: &[String], expression: Expression) -> Change<'_> {
        let change = format!("SET {}", set.join(", "));
        Change::update(self.table(Table::Limits), keys::places(key).attributes(), change).with(expression)
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
        let call = self.update_places(key, &shift, expression).when(free.join(" AND ")).and_tell().or_tell();
        match self.update_item(call).await {
            Ok(item) => Ok(Places { mine: Some(mine), taken: times(&item) }),
            Err(Failed::Unmet(Some(item), _)) => {
                let is_mine = names(&item).any(|name| name == mine);
                Ok(Places { mine: is_mine.then_some(mine), taken: times(&item) })
            }
            Err(failed) => Err(failed.into()),
        }
    }

    /// Takes a place out of wherever it stands: others may have taken theirs after it.
    pub(crate) async fn give_place_back(&self, key: &str, limits: &[Limit], mine: &str) -> Answer<()> {
        let mut at = 0;
        for _ in 0..GIVEN_BACK_TRIES {
            match self.update_item(self.without_place(key, limits, mine, at)).await {
                Ok(_) => return Ok(()),
                Err(Failed::Unmet(item, _)) => {
                    let item = item.unwrap_or_default();
                    let Some(there) = names(&item).position(|name| name == mine) else { return Ok(()) };
                    at = there;
                }
                Err(failed) => return Err(failed.into()),
            }
        }
        Err(Outage::new("dynamodb", "UpdateItem: others never stop taking places"))
    }

    /// The update by which those older than the one `at` a place move up, if it is this one.
    fn without_place(&self, key: &str, limits: &[Limit], mine: &str, at: usize) -> Change<'_> {
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
        self.update_places(key, &shift, expression).when(is_there).or_tell()
    }

    pub(crate) async fn fill_places(&self, key: &str, limits: &[Limit], mine: &str) -> Answer<()> {
        let mut expression = Expression::default();
        let given = expression.value("mine", text(mine));
        let all: Vec<String> =
            (0..remembered(limits)).map(|n| format!("{} = {given}", expression.name(&place(n)))).collect();
        self.update_item(self.update_places(key, &all, expression)).await?;
        Ok(())
    }

    pub(crate) async fn places_taken(&self, key: &str) -> Answer<Vec<Time>> {
        let key = keys::places(key);
        let item = self.get_item(self.table(key.table), key.attributes(), false).await?;
        Ok(times(&item.unwrap_or_default()))
    }
}
