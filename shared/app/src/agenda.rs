//! `tick`: what is due is done, once, whoever else is ticking.

use crate::caller::Actor;
use crate::cancel::release_hold;
use crate::end::end_overdue;
use crate::error::Error;
use crate::ports::{Due, Keys, Mailer, Media, SHARDS, Store, Texter};
use crate::practice::App;
use bedside_domain::outbox::Message;
use bedside_domain::visit::Visit;

/// So many of a shard at a time.
const PAGE: u32 = 100;
/// For how long a piece of work is taken.
const LEASE_SECONDS: i64 = 60;

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticked {
    /// Messages that were tried.
    pub messages: u32,
    /// Visits that were ended or settled.
    pub visits: u32,
    /// Pieces of work that failed: they stay due.
    pub failed: u32,
}

impl<S: Store, K: Keys, M: Media, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Does what is due: owed messages, visits that nobody ended, and what visits still owe. A page of each shard: what
    /// is left comes with the next tick.
    ///
    /// # Errors
    /// When no shard could be read. One that cannot, or one piece of work that fails, keeps no other from being done.
    pub async fn tick(&self) -> Result<Ticked, Error> {
        let mut ticked = Ticked::default();
        // Another shard is the first each time: should time run out, it is not always the same one's.
        let [first] = self.entropy.bytes::<1>()?;
        let (mut read, mut failed) = (false, None);
        for n in 0..SHARDS {
            match self.store.due(first.wrapping_add(n) % SHARDS, self.clock.now(), PAGE).await {
                Ok(due) => {
                    read = true;
                    for one in due {
                        self.do_one(one, &mut ticked).await;
                    }
                }
                Err(outage) => {
                    tracing::warn!(%outage, "a shard of the agenda could not be read");
                    failed = Some(outage);
                }
            }
        }
        match failed {
            Some(outage) if !read => Err(outage.into()),
            Some(_) | None => Ok(ticked),
        }
    }

    async fn do_one(&self, due: Due, ticked: &mut Ticked) {
        let done = match due {
            Due::Message(message) => {
                ticked.messages = ticked.messages.saturating_add(1);
                self.try_message(message).await
            }
            Due::Visit(visit) => {
                ticked.visits = ticked.visits.saturating_add(1);
                self.try_visit(visit).await
            }
        };
        if let Err(error) = done {
            ticked.failed = ticked.failed.saturating_add(1);
            tracing::warn!(?error, "a piece of work failed; it stays due");
        }
    }

    async fn try_message(&self, mut message: Message) -> Result<(), Error> {
        let until = self.clock.now().plus_seconds(LEASE_SECONDS);
        if !self.store.lease_message(&message, until).await? {
            return Ok(());
        }
        message.due_at = Some(until);
        let file = self.file(message.visit_id).await?;
        self.deliver(file, vec![message], &Actor::system()).await.map(|_| ())
    }

    async fn try_visit(&self, visit: Visit) -> Result<(), Error> {
        let until = self.clock.now().plus_seconds(LEASE_SECONDS);
        if !self.store.lease_visit(&visit, until).await? {
            return Ok(());
        }
        let file = self.file(visit.visit_id).await?;
        let done =
            self.change(file, |file, change| Ok(release_hold(file, change)? || end_overdue(file, change)?)).await?;
        tracing::debug!(done, "a visit was due");
        let file = self.file(visit.visit_id).await?;
        self.settle(&file).await
    }
}
