//! Coming in: a link is spent by one person, once; the session opens; the person waits or is admitted.

use crate::api::{self, StartVisit, StartVisitAuthenticated};
use crate::caller::{Actor, Client, Device, Staff};
use crate::change::{Change, TRIES};
use crate::check::refused;
use crate::credential::Credential;
use crate::error::Error;
use crate::limits::{MISSES, MISSES_OF_ALL};
use crate::ports::{CommitError, Guard, Keys, Media, Row, Store};
use crate::practice::{App, label};
use crate::seat::{Entry, Seat, Shown, may_sit, same_place, seen_proof};
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{LinkId, ParticipantId, SessionId, VisitId};
use bedside_domain::join::{self, Decision, Refusal};
use bedside_domain::link::{Link, LinkStatus, Owner};
use bedside_domain::participant::{Participant, Session};
use bedside_domain::permit::StaffRole;
use bedside_domain::time::Time;

/// An Idempotency-Key names an owner from this length on: shorter ones can be guessed.
const OWNER_KEY_CHARACTERS: usize = 22;
/// And only for so long.
const OWNER_KEY_MINUTES: i64 = 10;
/// How often somebody who waits asks how it stands.
pub(crate) const WAITING_POLL_MILLIS: u32 = 4_000;

/// What a start leads to.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "one for each answer")]
pub enum StartAnswer {
    /// 200
    Started(api::Started),
    /// 202
    Waiting(api::Waiting),
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Notes the proof of a request that is no transaction of its own, so that it counts once.
    ///
    /// # Errors
    /// 401 when it was used before.
    pub async fn note_proof(&self, device: &Device, client: &Client) -> Result<(), Error> {
        let Some(proof) = &device.proof else { return Ok(()) };
        let seen = seen_proof(proof, client, self.clock.now());
        if self.store.first_use(&seen).await? { Ok(()) } else { Err(Error::DpopInvalid) }
    }
}

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// Spends a link, opens the session, admits or seats.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/start`.
    pub async fn start_visit(
        &self,
        visit_id: Option<VisitId>,
        body: &StartVisit,
        device: &Device,
        client: &Client,
    ) -> Result<StartAnswer, Error> {
        let credential = Credential::of(body.token.clone(), body.code.clone(), body.secret.clone())?;
        client.notes.limited_by(&MISSES);
        client.notes.limited_by(&[MISSES_OF_ALL]);
        let file = match visit_id {
            Some(id) => self.store.file(id).await?,
            None => None,
        };
        let link_id = file.as_ref().and_then(|file| self.recognise(file, &credential)).map(|link| link.link_id);
        let Some((file, link_id)) = file.zip(link_id) else {
            return Err(self.missed(client, Error::TokenInvalid).await);
        };
        let role = file.link(link_id).map_or(Role::Patient, |link| link.role);
        let entry = Entry {
            client,
            device,
            owner: self.owner_of(device)?,
            away: self.away(&file.visit, role, client).await?,
            proofs: &body.proofs.0,
            display_name: body.display_name.as_ref(),
            device_info: body.device_info.as_ref(),
        };
        let (file, seat) = self.spend(file, link_id, &entry).await?;
        self.answer_start(&file, seat, &entry).await
    }

    /// The owner that a device names, if any.
    pub(crate) fn owner_of(&self, device: &Device) -> Result<Owner, Error> {
        let key = device.idempotency_key.as_ref().filter(|key| key.chars().count() >= OWNER_KEY_CHARACTERS);
        Ok(match (&device.proof, key) {
            (Some(proof), _) => Owner::Device { thumbprint: proof.thumbprint.clone() },
            (None, Some(key)) => Owner::Key {
                mac: self.mac(label::OWNER, &[key])?,
                until: self.clock.now().plus_minutes(OWNER_KEY_MINUTES),
            },
            (None, None) => Owner::Nobody,
        })
    }

    /// Until the decision stands in the table: the file as it is then, and the seat.
    async fn spend(
        &self,
        mut file: VisitFile,
        link_id: LinkId,
        entry: &Entry<'_>,
    ) -> Result<(VisitFile, ParticipantId), Error> {
        let session_id = SessionId::new(self.clock.now(), self.entropy.bytes()?);
        for attempt in 1..=TRIES {
            let now = self.clock.now();
            let link = file.link(link_id).ok_or(Error::TokenInvalid)?.clone();
            let (shown, guard, must_wait) = match join::decide(&file, &link, &entry.arrival(now)) {
                Decision::Refuse(refusal) => return Err(self.refuse(&file, &link, refusal, entry).await),
                Decision::Resume => {
                    same_place(&file, link.participant_id, entry)?;
                    self.note_proof(entry.device, entry.client).await?;
                    return Ok((file, link.participant_id));
                }
                Decision::Spend(shown) => (shown, Guard::Spendable(now), false),
                Decision::SpendAndWait(shown) => (shown, Guard::Spendable(now), true),
                Decision::Move(shown) => (shown, Guard::SpentFor(link.session_id), false),
            };
            let plan = self.plan(&file, &link, guard, Shown { shown, must_wait }, session_id, entry, now).await?;
            match self.store.commit(&plan.writes).await {
                Ok(()) => return Ok((plan.after, link.participant_id)),
                Err(CommitError::Refused(refused)) => {
                    file = self.caught_up(file, refused, link.participant_id, entry).await?;
                }
                Err(CommitError::Conflict) => {}
                Err(CommitError::Down(outage)) => return Err(outage.into()),
            }
            self.pause(attempt).await?;
        }
        Err(Error::Unavailable("dynamodb: the visit is written too often".to_owned()))
    }

    /// The file as it stands after others were faster.
    async fn caught_up(
        &self,
        mut file: VisitFile,
        refused: Vec<(usize, Option<Row>)>,
        seat: ParticipantId,
        entry: &Entry<'_>,
    ) -> Result<VisitFile, Error> {
        let was_taken = file.participant(seat).is_some();
        absorb(&mut file, refused, entry)?;
        // Whoever sat there may have been let in or given media under the same session: no guard of ours fails by
        // that, so that their row does not come with the answer.
        if was_taken { self.file(file.visit.visit_id).await } else { Ok(file) }
    }

    async fn refuse(&self, file: &VisitFile, link: &Link, refusal: Refusal, entry: &Entry<'_>) -> Error {
        if matches!(refusal, Refusal::Used { .. }) {
            // The refusal stands whether or not it could be counted.
            if let Err(error) = self.note_blocked(file, link.link_id, entry.client).await {
                tracing::error!(?error, "a blocked try could not be recorded");
            }
        }
        refused(refusal, &file.visit, self.clock.now(), None)
    }

    /// The transaction of a spend or a move, and the file as it will be.
    #[expect(clippy::too_many_arguments, reason = "all of them are the decision")]
    async fn plan(
        &self,
        file: &VisitFile,
        link: &Link,
        guard: Guard,
        shown: Shown,
        session_id: SessionId,
        entry: &Entry<'_>,
        now: Time,
    ) -> Result<Plan, Error> {
        let mut change = Change::of(file, now);
        let actor = Actor::participant(link.participant_id, link.role, entry.client);
        let mut spent = link.clone();
        let is_first = spent.status == LinkStatus::Active;
        spent.status = LinkStatus::Redeemed;
        spent.owner = Some(entry.owner.clone());
        spent.session_id = Some(session_id);
        spent.redeemed_at = spent.redeemed_at.or(Some(now));
        if is_first {
            change.record(&actor, EventType::TokenRedeemed, Some(link.link_id), |event| {
                let event = event.with("role", link.role.as_str().to_owned());
                match entry.device_info {
                    Some(info) => event
                        .with("camera", info.has_camera)
                        .with("microphone", info.has_microphone)
                        .with("browser", info.browser.as_str().to_owned())
                        .with("os", info.os.as_str().to_owned()),
                    None => event,
                }
            })?;
        }
        change.put(Row::Link(spent.clone()), guard);
        let seat = Seat { participant_id: link.participant_id, role: link.role, link: Some(link), owner: None };
        let sat = self.sit(file, &mut change, &seat, shown, session_id, entry, &actor).await?;
        entry.note_proof_in(&mut change);
        let mut after = file.clone();
        after.visit = change.visit.clone();
        after.visit.updated_at = now;
        put_link(&mut after, spent);
        put_participant(&mut after, sat);
        Ok(Plan { writes: change.into_writes(), after })
    }

    /// The answer: the session's token, and media for whoever is admitted.
    pub(crate) async fn answer_start(
        &self,
        file: &VisitFile,
        seat: ParticipantId,
        entry: &Entry<'_>,
    ) -> Result<StartAnswer, Error> {
        let participant = file.participant(seat).ok_or_else(|| Error::Internal("nobody on the seat".to_owned()))?;
        if participant.status.is_out() {
            return Err(Error::ParticipantState);
        }
        if !participant.status.is_admitted() {
            let visit_session = self.session_token(&file.visit, participant).await?;
            return Ok(StartAnswer::Waiting(api::Waiting {
                participant_id: seat,
                status: "WAITING",
                position: file.position(seat),
                estimated_wait_seconds: None,
                poll_after_ms: WAITING_POLL_MILLIS,
                visit_session,
            }));
        }
        let actor = Actor::participant(seat, participant.role, entry.client);
        let (visit_session, joined) =
            tokio::join!(self.session_token(&file.visit, participant), self.media_for(file.clone(), seat, &actor));
        let (visit_session, joined) = (visit_session?, joined?);
        Ok(StartAnswer::Started(api::Started {
            participant_id: seat,
            status: "ADMITTED",
            media: joined.media,
            chime_join_info: joined.chime_join_info,
            connect_contact: joined.connect_contact,
            visit_session,
        }))
    }

    /// The same for somebody who signed in: the clinician or the patient of the visit.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/start-authenticated`.
    pub async fn start_visit_authenticated(
        &self,
        staff: &Staff,
        visit_id: VisitId,
        body: &StartVisitAuthenticated,
        device: &Device,
    ) -> Result<StartAnswer, Error> {
        let mut file = self.file(visit_id).await?;
        staff.sees(&file.visit)?;
        let (role, participant_id) = match staff.role {
            StaffRole::Clinician => (Role::Clinician, file.visit.clinician_seat),
            StaffRole::Patient => (Role::Patient, file.visit.patient_seat),
            StaffRole::Admin | StaffRole::Auditor | StaffRole::Scheduler | StaffRole::Publishable => {
                return Err(Error::Forbidden);
            }
        };
        let entry = Entry {
            client: staff.client(),
            device,
            owner: self.owner_of(device)?,
            away: self.away(&file.visit, role, staff.client()).await?,
            proofs: &body.proofs.0,
            display_name: body.display_name.as_ref(),
            device_info: body.device_info.as_ref(),
        };
        let session_id = SessionId::new(self.clock.now(), self.entropy.bytes()?);
        let actor = Actor::participant(participant_id, role, staff.client());
        for attempt in 1..=TRIES {
            let now = self.clock.now();
            let shown = may_sit(&file, role, participant_id, &entry, now)?;
            let here = file.participant(participant_id).and_then(|p| p.session.as_ref());
            let is_here = |session: &Session| {
                let device = session.thumbprint.as_ref();
                session.session_id == session_id || device.is_some() && device == entry.arrival(now).thumbprint
            };
            if here.is_some_and(is_here) {
                same_place(&file, participant_id, &entry)?;
                self.note_proof(device, staff.client()).await?;
                return self.answer_start(&file, participant_id, &entry).await;
            }
            let mut change = Change::of(&file, now);
            let seat = Seat { participant_id, role, link: None, owner: None };
            let sat = self
                .sit(&file, &mut change, &seat, Shown { shown, must_wait: false }, session_id, &entry, &actor)
                .await?;
            entry.note_proof_in(&mut change);
            let mut after = file.clone();
            after.visit = change.visit.clone();
            put_participant(&mut after, sat);
            match self.store.commit(&change.into_writes()).await {
                Ok(()) => return self.answer_start(&after, participant_id, &entry).await,
                Err(CommitError::Refused(refused)) => {
                    file = self.caught_up(file, refused, participant_id, &entry).await?;
                }
                Err(CommitError::Conflict) => {}
                Err(CommitError::Down(outage)) => return Err(outage.into()),
            }
            self.pause(attempt).await?;
        }
        Err(Error::Unavailable("dynamodb: the visit is written too often".to_owned()))
    }
}

struct Plan {
    writes: Vec<crate::ports::Write>,
    after: VisitFile,
}

/// Takes over the rows as they stand, from the answer that refused the transaction: no new read is needed.
fn absorb(file: &mut VisitFile, refused: Vec<(usize, Option<Row>)>, entry: &Entry<'_>) -> Result<(), Error> {
    entry.is_no_replay(&refused)?;
    for (_, row) in refused {
        match row {
            Some(Row::Visit(visit)) => file.visit = visit,
            Some(Row::Link(link)) => put_link(file, link),
            Some(Row::Participant(participant)) => put_participant(file, participant),
            Some(
                Row::SeenProof(_)
                | Row::Challenge(_)
                | Row::Message(_)
                | Row::SentMessage(_)
                | Row::TextWish(_)
                | Row::Location(_)
                | Row::Booking(_)
                | Row::Clinician(_)
                | Row::Patient(_)
                | Row::Tenant(_)
                | Row::ApiKey(_)
                | Row::ChainHead(_)
                | Row::Audit(..),
            )
            | None => {}
        }
    }
    Ok(())
}

fn put_link(file: &mut VisitFile, link: Link) {
    file.links.retain(|l| l.link_id != link.link_id);
    file.links.push(link);
}

fn put_participant(file: &mut VisitFile, participant: Participant) {
    file.participants.retain(|p| p.participant_id != participant.participant_id);
    file.participants.push(participant);
}
