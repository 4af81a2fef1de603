//! `tick`: what is due is done, once, whoever else is ticking.
//!
//! A piece of work is taken by a conditional lease. Whoever took it and died lost nothing: it comes up again when the
//! lease has run out. What fails comes up later each time, so that it is in nobody's way.

use crate::caller::Actor;
use crate::cancel::release_hold;
use crate::end::end_overdue;
use crate::error::Error;
use crate::expire::expire_links;
use crate::ports::{Due, DuePlace, Keys, Mailer, Media, SHARDS, Store, Texter, Work};
use crate::practice::App;
use bedside_domain::id::{MessageId, VisitId};
use bedside_domain::outbox::Message;
use bedside_domain::time::Time;
use futures_util::stream::{self, StreamExt as _};
use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::time::Duration;
use tokio::time::Instant;

/// So many of a shard at a time.
const PAGE: u32 = 100;
/// So many shards are read at once. All sixteen would open sixteen connections in a new process, which takes longer than
/// to read them four by four; most minutes nothing is due.
const SHARDS_AT_ONCE: usize = 4;
/// So many visits at once. Each waits for five calls of a few milliseconds, one after another: 32 of them are some
/// hundreds a second, and as many open connections.
const AT_ONCE: usize = 32;
/// For how long a piece of work is taken at first; each further time for twice as long.
const LEASE_SECONDS: i64 = 60;
/// Doubled so often at most: to about an hour.
const MOST_DOUBLED: u32 = 6;

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticked {
    /// Messages that were tried.
    pub messages: u32,
    /// Visits that were looked at: ended, settled, their links expired.
    pub visits: u32,
    /// Pieces of work that failed: they stay due.
    pub failed: u32,
    /// Pieces of work that were found and not begun, since the time was up.
    pub left: u32,
}

impl AddAssign for Ticked {
    fn add_assign(&mut self, more: Self) {
        self.messages = self.messages.saturating_add(more.messages);
        self.visits = self.visits.saturating_add(more.visits);
        self.failed = self.failed.saturating_add(more.failed);
        self.left = self.left.saturating_add(more.left);
    }
}

/// A shard that may hold more, and how far it was read.
struct Shard {
    number: u8,
    read_to: Option<DuePlace>,
}

/// What is due of one visit.
#[derive(Default)]
struct OfVisit {
    messages: Vec<(MessageId, Due)>,
    visit: Option<Due>,
}

impl<S: Store, K: Keys, M: Media, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Does what is due: owed messages, visits that nobody ended, links that have run out, and what visits still owe.
    /// All shards are read page by page, in turns, the most overdue first; nothing is begun after `time`, and what is
    /// left comes with the next tick.
    ///
    /// # Errors
    /// When no shard could be read. One that cannot, or one piece of work that fails, keeps no other from being done.
    pub async fn tick(&self, time: Duration) -> Result<Ticked, Error> {
        let (ends, until) = (Instant::now() + time, self.clock.now());
        let mut ticked = Ticked::default();
        // Another shard is the first each time: should time run out, it is not always the same one's.
        let [first] = self.entropy.bytes::<1>()?;
        let shard = |n: u8| Shard { number: first.wrapping_add(n) % SHARDS, read_to: None };
        let mut shards: Vec<Shard> = (0..SHARDS).map(shard).collect();
        let (mut read, mut failed) = (false, None);
        while !shards.is_empty() && Instant::now() < ends {
            let pages = shards.iter().map(|s| self.store.due(s.number, until, s.read_to.as_ref(), PAGE));
            let pages: Vec<_> = stream::iter(pages.collect::<Vec<_>>()).buffered(SHARDS_AT_ONCE).collect().await;
            let (mut found, mut open) = (Vec::new(), Vec::new());
            for (shard, page) in shards.into_iter().zip(pages) {
                match page {
                    Ok((due, more)) => {
                        read = true;
                        if more {
                            open.push(Shard { read_to: due.last().map(|last| last.place.clone()), ..shard });
                        }
                        found.extend(due);
                    }
                    Err(outage) => {
                        tracing::warn!(%outage, "a shard of the agenda could not be read");
                        failed = Some(outage);
                    }
                }
            }
            shards = open;
            ticked += self.do_all(found, ends).await;
        }
        if ticked.left > 0 || !shards.is_empty() {
            tracing::warn!(metric = "DueLeft", seen = ticked.left, "time ran out before the work did");
        }
        match failed {
            Some(outage) if !read => Err(outage.into()),
            Some(_) | None => Ok(ticked),
        }
    }

    /// What was found, visit by visit: two of one visit at once would only be in each other's way.
    async fn do_all(&self, found: Vec<Due>, ends: Instant) -> Ticked {
        let mut ticked = Ticked::default();
        let mut visits: BTreeMap<VisitId, OfVisit> = BTreeMap::new();
        for due in found {
            match due.work {
                Work::Message(visit, id) => visits.entry(visit).or_default().messages.push((id, due)),
                Work::Visit(visit) => visits.entry(visit).or_default().visit = Some(due),
                Work::Unknown => ticked += self.put_aside(&due).await,
            }
        }
        let mut work = stream::iter(visits.into_iter().map(|(id, of_visit)| self.do_visit(id, of_visit, ends)))
            .buffer_unordered(AT_ONCE);
        while let Some(done) = work.next().await {
            ticked += done;
        }
        ticked
    }

    async fn do_visit(&self, id: VisitId, of_visit: OfVisit, ends: Instant) -> Ticked {
        let mut ticked = Ticked::default();
        let OfVisit { messages, visit } = of_visit;
        if Instant::now() >= ends {
            let left = messages.len().saturating_add(usize::from(visit.is_some()));
            return Ticked { left: u32::try_from(left).unwrap_or(u32::MAX), ..ticked };
        }
        let mut mine = Vec::new();
        for (message, due) in messages {
            match self.take(&due).await {
                Ok(Some(until)) => mine.push((message, until)),
                Ok(None) => {}
                Err(error) => ticked += failed("message", &error),
            }
        }
        if !mine.is_empty() {
            let many = u32::try_from(mine.len()).unwrap_or(u32::MAX);
            ticked.messages = many;
            if let Err(error) = self.send_owed(id, &mine).await {
                ticked += Ticked { failed: many, ..failed("message", &error) };
            }
        }
        if let Some(due) = visit {
            match self.take(&due).await {
                Ok(None) => {}
                Ok(Some(_)) => {
                    ticked.visits = 1;
                    if let Err(error) = self.look_at(id).await {
                        ticked += failed("visit", &error);
                    }
                }
                Err(error) => ticked += failed("visit", &error),
            }
        }
        ticked
    }

    /// Takes a piece of work; says until when it is one's own, if it is.
    async fn take(&self, due: &Due) -> Result<Option<Time>, Error> {
        let until = self.clock.now().plus_seconds(LEASE_SECONDS << due.taken.min(MOST_DOUBLED));
        Ok(self.store.lease(due, until).await?.then_some(until))
    }

    /// What nobody can do is moved on, so that it does not stand before all else each minute.
    async fn put_aside(&self, due: &Due) -> Ticked {
        let unknown = Error::Internal("a row on the agenda that is none of ours".to_owned());
        match self.take(due).await {
            Ok(Some(_)) => failed("unknown", &unknown),
            Ok(None) => Ticked::default(),
            Err(error) => failed("unknown", &error),
        }
    }

    async fn send_owed(&self, id: VisitId, mine: &[(MessageId, Time)]) -> Result<(), Error> {
        let file = self.file(id).await?;
        // As they stand now: the index may lag behind.
        let is_mine = |message: &&Message| {
            mine.iter().any(|(id, until)| *id == message.message_id && message.due_at == Some(*until))
        };
        let owed: Vec<Message> = file.messages.iter().filter(is_mine).cloned().collect();
        if owed.is_empty() {
            return Ok(());
        }
        self.deliver(file, owed, &Actor::system()).await.map(|_| ())
    }

    async fn look_at(&self, id: VisitId) -> Result<(), Error> {
        let file = self.file(id).await?;
        let done = self
            .change(file, |file, change| {
                Ok(release_hold(file, change)? || end_overdue(file, change)? || expire_links(file, change)?)
            })
            .await?;
        tracing::debug!(done, "a visit was due");
        let file = self.file(id).await?;
        self.settle(&file).await
    }
}

/// One piece of work that failed: an alarm can count these lines.
fn failed(what: &'static str, error: &Error) -> Ticked {
    tracing::warn!(metric = "DueFailed", what, ?error, "a piece of work failed; it stays due");
    Ticked { failed: 1, ..Ticked::default() }
}
