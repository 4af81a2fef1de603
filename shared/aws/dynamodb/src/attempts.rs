//! Requests that may come again under their `Idempotency-Key`, and what was answered.

use crate::call::{Change, Failed, Item};
use crate::expression::{Expression, number, text};
use crate::keys::{self, Table};
use crate::{Dynamo, read};
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
    fn update_attempt(&self, scope: &Mac, by: &str, change: String, mut expression: Expression) -> Change<'_> {
        let still = expression.compare("by", "=", text(by));
        let unanswered = format!("attribute_not_exists({})", expression.name("sealed"));
        Change::update(self.table(Table::Limits), keys::attempt(scope).attributes(), change)
            .when(format!("{still} AND {unanswered}"))
            .with(expression)
            .or_tell()
    }

    /// Takes the place of a try that has died.
    async fn take_over(&self, attempt: &Attempt, dead: Known) -> Answer<Attempted> {
        let mut expression = Expression::default();
        let (by, me) = (expression.name("by"), expression.value("me", text(attempt.by.clone())));
        let (until, end) = (expression.name("until"), expression.value("end", number(&attempt.until.millis())));
        let set = format!("SET {by} = {me}, {until} = {end}");
        match self.update_item(self.update_attempt(&attempt.scope, &dead.by, set, expression)).await {
            Ok(_) => Ok(Attempted::Mine { at: dead.at, seed: dead.seed, again: true }),
            Err(Failed::Unmet(Some(item), _)) => {
                let known: Known = read("UpdateItem", item)?;
                if known.by == attempt.by {
                    // The SDK's own retry after a lost answer.
                    return Ok(Attempted::Mine { at: known.at, seed: known.seed, again: true });
                }
                // Somebody else was faster, whatever became of it.
                Ok(known.judge(attempt).unwrap_or(Attempted::UnderWay(attempt.until)))
            }
            Err(failed) => Err(failed.into()),
        }
    }
}

impl Attempts for Dynamo {
    async fn attempt(&self, attempt: &Attempt) -> Answer<Attempted> {
        let mut expression = Expression::default();
        let forgotten = expression.compare("expires", "<=", number(&attempt.at.millis()));
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
        let call = Change::put(self.table(Table::Limits), item)
            .when(format!("attribute_not_exists(PK) OR {forgotten}"))
            .with(expression)
            .or_tell();
        let item = match self.put_item(call).await {
            Ok(()) => return Ok(Attempted::Mine { at: attempt.at, seed: attempt.seed.clone(), again: false }),
            Err(Failed::Unmet(Some(item), _)) => item,
            Err(failed) => return Err(failed.into()),
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
        let set = format!("SET {}", set.join(", "));
        match self.update_item(self.update_attempt(&attempt.scope, &attempt.by, set, expression)).await {
            Ok(_) => Ok(()),
            Err(Failed::Unmet(Some(item), _)) => match read::<Known>("UpdateItem", item)?.answer() {
                // The SDK's own retry after a lost answer.
                Some(known) if known == *answer => Ok(()),
                _ => Err(Outage::new("dynamodb", "UpdateItem the request is another try's by now")),
            },
            Err(failed) => Err(failed.into()),
        }
    }

    async fn let_go(&self, attempt: &Attempt, forget: bool) -> Answer<()> {
        let mut expression = Expression::default();
        let over = expression.name(if forget { "expires" } else { "until" });
        let never = expression.value("never", number(&0));
        let set = format!("SET {over} = {never}");
        match self.update_item(self.update_attempt(&attempt.scope, &attempt.by, set, expression)).await {
            // Another try's by now: it is no longer this one's to let go.
            Ok(_) | Err(Failed::Unmet(..)) => Ok(()),
            Err(failed) => Err(failed.into()),
        }
    }
}
