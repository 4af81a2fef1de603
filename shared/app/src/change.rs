//! A change of a visit: the new visit, the rows, the messages owed and the audit records, in one transaction.

use crate::booking::is_taken;
use crate::caller::Actor;
use crate::error::Error;
use crate::ports::{Chain, ChainHead, CommitError, Guard, Keys, Row, Store, Write};
use crate::practice::App;
use bedside_domain::audit::{self, Event, EventType, Head, Metadata};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{LinkId, ParticipantId, TenantId, VisitId};
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::time::Time;
use bedside_domain::visit::{Owed, Visit};
use std::time::Duration;

/// How often a transaction is tried when others keep moving the head: 24 links of one visit at once need up to 16.
pub(crate) const TRIES: u32 = 16;

/// What came of one try to write rows with their record in a tenant's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// All of it was written.
    Done,
    /// A guard of one of the rows did not hold.
    Refused,
    /// Others were faster at the chain: it may go through a moment later.
    Contended,
}

/// A change under way.
pub struct Change {
    /// The visit as it is to be.
    pub visit: Visit,
    /// The time of the change.
    pub now: Time,
    /// Where the chain ended when the visit was read; none of a visit that is being made.
    read_at: Option<u64>,
    /// When the visit was due then.
    was_due: Option<Time>,
    writes: Vec<Write>,
    touched: bool,
    /// Who waits, as far as this change knows.
    waiting: Vec<ParticipantId>,
}

impl Change {
    /// A change of the visit as it was read.
    #[must_use]
    pub fn of(file: &VisitFile, now: Time) -> Self {
        let waiting = file.waiting().map(|p| p.participant_id).collect();
        let read_at = Some(file.visit.head.seq);
        let was_due = file.visit.due_at;
        Self { visit: file.visit.clone(), now, read_at, was_due, writes: Vec::new(), touched: false, waiting }
    }

    /// A change that makes a visit.
    #[must_use]
    pub const fn making(visit: Visit, now: Time) -> Self {
        Self { visit, now, read_at: None, was_due: None, writes: Vec::new(), touched: true, waiting: Vec::new() }
    }

    /// Appends to the visit's chain: what, about which link, by whom, with what details.
    ///
    /// # Errors
    /// When the record has no canonical form: then nothing is done at all.
    pub fn record(
        &mut self,
        actor: &Actor,
        event_type: EventType,
        link: Option<LinkId>,
        details: impl FnOnce(Event) -> Event,
    ) -> Result<(), Error> {
        let visit_id = self.visit.visit_id;
        let mut event = event_of(actor, event_type, self.now).of_visit(visit_id.to_string());
        if let Some(link) = link {
            event = event.of_token(link.to_string());
        }
        let (record, head) = append(&self.visit.head, details(event))?;
        self.visit.head = head;
        self.writes.push(Write::Put(Row::Audit(Chain::Visit(visit_id), record), Guard::Absent));
        self.touched = true;
        Ok(())
    }

    /// Writes a row with the change. The visit keeps count of who waits and what became of its messages.
    pub fn put(&mut self, row: Row, guard: Guard) {
        if let Row::Participant(participant) = &row {
            self.count_waiting(participant);
        }
        if let Row::Message(message) = &row
            && let Some((transport, delivery)) = message.delivery()
        {
            self.visit.deliveries.note(transport, delivery);
        }
        self.writes.push(Write::Put(row, guard));
        self.touched = true;
    }

    /// By what this row changes, not by what the file holds: a retry knows the newest visit, not all of its people.
    fn count_waiting(&mut self, participant: &Participant) {
        let id = participant.participant_id;
        let (before, waits) = (self.waiting.contains(&id), participant.status == ParticipantStatus::Waiting);
        if waits && !before {
            self.waiting.push(id);
            self.visit.waiting = self.visit.waiting.saturating_add(1);
        } else if before && !waits {
            self.waiting.retain(|waiting| *waiting != id);
            self.visit.waiting = self.visit.waiting.saturating_sub(1);
        }
    }

    /// Writes anything with the change.
    pub fn push(&mut self, write: Write) {
        self.writes.push(write);
        self.touched = true;
    }

    /// Writes the visit even though nothing else is written: what is changed of it is no event.
    pub const fn touch(&mut self) {
        self.touched = true;
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.touched
    }

    /// The transaction: the visit first (place 0), guarded by its chain's end as it was read (or by there being none), then all else.
    #[must_use]
    pub fn into_writes(mut self) -> Vec<Write> {
        self.visit.updated_at = self.now;
        if self.visit.ended_at.is_some() && Some(self.visit.head.seq) != self.read_at {
            // What is recorded after the end moves the head: it is signed anew.
            self.visit.owe(Owed::HeadSignature, self.now);
        }
        let guard = match self.read_at {
            None => Guard::Absent,
            // `tick` leases a visit without moving its head: who has nothing to say of it leaves it leased.
            Some(seq) if self.visit.due_at == self.was_due => Guard::HeadAtStillDue(seq),
            Some(seq) => Guard::HeadAt(seq),
        };
        let mut writes = vec![Write::Put(Row::Visit(self.visit), guard)];
        writes.append(&mut self.writes);
        writes
    }
}

/// An event by somebody, at a time.
pub(crate) fn event_of(actor: &Actor, event_type: EventType, now: Time) -> Event {
    let event = Event::new(event_type, now.timestamp(), actor.id.clone(), actor.role);
    match &actor.client {
        Some(client) => event.from_place(Some(client.address.clone()), Some(client.user_agent.clone())),
        None => event,
    }
}

pub(crate) fn append(head: &Head, event: Event) -> Result<(audit::Record, Head), Error> {
    audit::append(head, event).map_err(|why| Error::Internal(format!("audit: {why}")))
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Waits a little, differently each time, before another try.
    pub(crate) async fn pause(&self, attempt: u32) -> Result<(), Error> {
        let [random] = self.entropy.bytes::<1>()?;
        let millis = u64::from(random) * u64::from(attempt.clamp(1, 8)) / 16 + 2;
        tokio::time::sleep(Duration::from_millis(millis)).await;
        Ok(())
    }

    /// Reads a visit's file.
    ///
    /// # Errors
    /// 404 when it is not there; 503 when the store is down.
    pub async fn file(&self, id: VisitId) -> Result<VisitFile, Error> {
        self.store.file(id).await?.ok_or(Error::NotFound)
    }

    /// Changes a visit: `decide` says what is to be done with the file as it stands, and is asked again with the file
    /// as it stands then whenever somebody else was faster. Nothing is written when it refuses, or does nothing.
    ///
    /// # Errors
    /// What `decide` says; 503 when the store is down or others never stop being faster.
    pub async fn change<R>(
        &self,
        first: VisitFile,
        mut decide: impl FnMut(&VisitFile, &mut Change) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let id = first.visit.visit_id;
        let mut file = first;
        for attempt in 1..=TRIES {
            let mut change = Change::of(&file, self.clock.now());
            let answer = decide(&file, &mut change)?;
            if change.is_empty() {
                return Ok(answer);
            }
            let writes = change.into_writes();
            match self.store.commit(&writes).await {
                Ok(()) => return Ok(answer),
                // A time that another visit has is no matter of trying again.
                Err(CommitError::Refused(refused)) if is_taken(&refused, &writes, id) => {
                    return Err(Error::ClinicianDoubleBooked);
                }
                // The patient's record was read before the change: it would be refused each time.
                Err(CommitError::Refused(refused))
                    if refused.iter().any(|(_, row)| matches!(row, Some(Row::Patient(_)))) =>
                {
                    return Err(Error::Unavailable("the patient was written meanwhile".to_owned()));
                }
                // So was what a number said of texts.
                Err(CommitError::Refused(refused))
                    if refused.iter().any(|(_, row)| matches!(row, Some(Row::TextWish(_)))) =>
                {
                    return Err(Error::Unavailable("the number spoke meanwhile".to_owned()));
                }
                Err(CommitError::Refused(_) | CommitError::Conflict) => {
                    self.pause(attempt).await?;
                    file = self.file(id).await?;
                }
                Err(CommitError::Down(outage)) => return Err(outage.into()),
            }
        }
        Err(Error::Unavailable("dynamodb: the visit is written too often".to_owned()))
    }

    /// Writes rows that belong to no visit, with their record in the tenant's own chain. `false`: a guard of one of the
    /// rows did not hold, and nothing was written.
    ///
    /// # Errors
    /// 503 when the store is down or others never stop being faster.
    pub async fn change_tenant(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        rows: Vec<Write>,
        event: Option<(EventType, Metadata)>,
    ) -> Result<bool, Error> {
        for attempt in 1..=TRIES {
            let head = match &event {
                Some(_) => self.store.tenant_head(tenant).await?,
                None => Head::genesis(),
            };
            match self.change_tenant_at(&head, tenant, actor, &rows, event.as_ref()).await? {
                Tried::Done => return Ok(true),
                Tried::Refused => return Ok(false),
                Tried::Contended => self.pause(attempt).await?,
            }
        }
        Err(Error::Unavailable("dynamodb: the practice is written too often".to_owned()))
    }

    /// One try of it, behind a head that was read before: what was read after the head was so when this is done.
    pub(crate) async fn change_tenant_at(
        &self,
        head: &Head,
        tenant: &TenantId,
        actor: &Actor,
        rows: &[Write],
        event: Option<&(EventType, Metadata)>,
    ) -> Result<Tried, Error> {
        let mut writes = rows.to_vec();
        if let Some((event_type, metadata)) = event {
            let mut event = event_of(actor, *event_type, self.clock.now());
            event.metadata = metadata.clone();
            let (record, next) = append(head, event)?;
            let row = ChainHead { tenant: tenant.clone(), head: next };
            writes.push(Write::Put(Row::ChainHead(row), Guard::HeadAt(head.seq)));
            writes.push(Write::Put(Row::Audit(Chain::Tenant(tenant.clone()), record), Guard::Absent));
        }
        if writes.is_empty() {
            return Ok(Tried::Done);
        }
        match self.store.commit(&writes).await {
            Ok(()) => Ok(Tried::Done),
            Err(CommitError::Refused(refused)) if refused.iter().any(|(place, _)| *place < rows.len()) => {
                Ok(Tried::Refused)
            }
            Err(CommitError::Refused(_) | CommitError::Conflict) => Ok(Tried::Contended),
            Err(CommitError::Down(outage)) => Err(outage.into()),
        }
    }
}
