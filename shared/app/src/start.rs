//! Coming in: a link is spent by one person, once; the session opens; the person waits or is admitted.

use crate::api::{self, DeviceInfo, StartVisit, StartVisitAuthenticated};
use crate::caller::{Actor, Client, Staff};
use crate::change::{Change, TRIES};
use crate::check::refused;
use crate::error::Error;
use crate::links::Credential;
use crate::ports::{CommitError, Guard, Keys, Media, Row, SeenProof, Store};
use crate::practice::{AUDIENCE, App, label};
use crate::visits::{field, seat_row};
use bedside_domain::access::{Binding, Role, VerifiedBy};
use bedside_domain::audit::EventType;
use bedside_domain::dpop::Proof;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, LinkId, ParticipantId, SessionId, VisitId};
use bedside_domain::join::{self, Arrival, Decision, Refusal};
use bedside_domain::jose::{Confirmation, SessionClaims};
use bedside_domain::link::{Link, LinkStatus, Owner};
use bedside_domain::name::DisplayName;
use bedside_domain::participant::{Participant, ParticipantStatus, SILENT_SEAT_MILLIS, Session};
use bedside_domain::permit::StaffRole;
use bedside_domain::time::Time;
use bedside_domain::visit::{Owed, Visit};

/// An Idempotency-Key names an owner from this length on: shorter ones can be guessed.
const OWNER_KEY_CHARACTERS: usize = 22;
/// And only for so long.
const OWNER_KEY_MINUTES: i64 = 10;
/// A proof is remembered for longer than it can be valid: 60 s of skew to either side.
const PROOF_SECONDS: i64 = 180;
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

/// The device at the door.
#[derive(Clone, Default)]
pub struct Device {
    /// The proof of its key, verified, its `jti` not noted yet.
    pub proof: Option<Proof>,
    /// The `Idempotency-Key`, which names the owner where there is no device key.
    pub idempotency_key: Option<String>,
}

/// Somebody who comes in: who, with what.
struct Entry<'a> {
    client: &'a Client,
    device: &'a Device,
    owner: Owner,
    proofs: &'a [ChallengeId],
    display_name: Option<&'a DisplayName>,
    device_info: Option<&'a DeviceInfo>,
}

impl Entry<'_> {
    fn arrival(&self, now: Time) -> Arrival<'_> {
        let thumbprint = self.device.proof.as_ref().map(|proof| &proof.thumbprint);
        Arrival { owner: self.owner.clone(), thumbprint, proofs: self.proofs, now }
    }
    fn session(&self, session_id: SessionId, now: Time) -> Session {
        Session {
            session_id,
            thumbprint: self.device.proof.as_ref().map(|proof| proof.thumbprint.clone()),
            opened_at: now,
            address: self.client.address.clone(),
            browser: self.client.browser().to_owned(),
        }
    }
    fn seen_proof(&self, now: Time) -> Option<SeenProof> {
        self.device.proof.as_ref().map(|proof| seen_proof(proof, self.client, now))
    }
}

/// A proof to be noted: the request's id lets its own retry find itself.
pub(crate) fn seen_proof(proof: &Proof, client: &Client, now: Time) -> SeenProof {
    SeenProof {
        thumbprint: proof.thumbprint.clone(),
        jti: proof.jti.clone(),
        request: client.nonce.clone(),
        sweep_at: now.plus_seconds(PROOF_SECONDS),
    }
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
        let file = match visit_id {
            Some(id) => self.store.file(id).await?.ok_or(Error::TokenInvalid)?,
            None => return Err(Error::TokenInvalid),
        };
        let link_id = self.recognise(&file, &credential).ok_or(Error::TokenInvalid)?.link_id;
        let entry = Entry {
            client,
            device,
            owner: self.owner_of(device)?,
            proofs: &body.proofs.0,
            display_name: body.display_name.as_ref(),
            device_info: body.device_info.as_ref(),
        };
        let (file, seat) = self.spend(file, link_id, &entry).await?;
        self.answer_start(&file, seat, &entry).await
    }

    /// The owner that a device names, if any.
    fn owner_of(&self, device: &Device) -> Result<Owner, Error> {
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
        let seat = Seat { participant_id: link.participant_id, role: link.role, link: Some(link) };
        let sat = self.sit(file, &mut change, &seat, shown, session_id, entry, &actor).await?;
        if let Some(proof) = entry.seen_proof(now) {
            change.put(Row::SeenProof(proof), Guard::Absent);
        }
        let mut after = file.clone();
        after.visit = change.visit.clone();
        after.visit.updated_at = now;
        put_link(&mut after, spent);
        put_participant(&mut after, sat);
        Ok(Plan { writes: change.into_writes(), after })
    }

    /// Seats somebody in a change: a new participant, or the session of a known one moved here.
    #[expect(clippy::too_many_arguments, reason = "all of them are the change's context")]
    async fn sit(
        &self,
        file: &VisitFile,
        change: &mut Change,
        seat: &Seat<'_>,
        shown: Shown,
        session_id: SessionId,
        entry: &Entry<'_>,
        actor: &Actor,
    ) -> Result<Participant, Error> {
        let now = change.now;
        let before = file.participant(seat.participant_id);
        let mut participant = before.cloned().unwrap_or_else(|| Participant {
            participant_id: seat.participant_id,
            tenant: file.visit.tenant.clone(),
            visit_id: file.visit.visit_id,
            role: seat.role,
            status: ParticipantStatus::Waiting,
            since: now,
            arrived_at: now,
            last_seen_at: now,
            session: None,
            display_name: seat.link.and_then(|link| link.display_name.clone()),
            verified_by: vec![],
            media: None,
        });
        let was = participant.session.replace(entry.session(session_id, now)).map(|session| session.session_id);
        participant.last_seen_at = now;
        for by in shown.shown {
            participant.verified(by);
        }
        if let Some(name) = entry.display_name {
            let sealer = self.visit_sealer(&file.visit).await?;
            let sealed = sealer.seal(&seat_row(seat.participant_id), field::DISPLAY_NAME, name.expose())?;
            participant.display_name = Some(sealed);
        }
        let link_id = seat.link.map(|link| link.link_id);
        if was.is_some() {
            if participant.media.is_some() {
                // The device before stops, even if this one gives up before it gets media of its own.
                change.visit.owe(Owed::StaleAttendees, now);
            }
            change.record(actor, EventType::SessionRebound, link_id, |event| event)?;
        }
        let guard = match before {
            None => Guard::Absent,
            Some(seat) if seat.is_seat_free(now) => Guard::SilentSince(now.plus_seconds(-SILENT_SEAT_MILLIS / 1000)),
            Some(_) => Guard::SessionIs(was),
        };
        if before.is_none() || participant.status == ParticipantStatus::Waiting {
            if shown.must_wait || file.visit.access.waits(seat.role) {
                if before.is_none() {
                    change.record(actor, EventType::ParticipantWaiting, link_id, |event| event)?;
                }
            } else {
                admit(change, actor, &mut participant, link_id)?;
            }
        }
        change.put(Row::Participant(participant.clone()), guard);
        Ok(participant)
    }

    /// The answer: the session's token, and media for whoever is admitted.
    async fn answer_start(
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
            visit_session,
        }))
    }

    async fn session_token(&self, visit: &Visit, participant: &Participant) -> Result<api::VisitSession, Error> {
        let none = || Error::Internal("no session on the seat".to_owned());
        let session = participant.session.as_ref().ok_or_else(none)?;
        let now = self.clock.now();
        let claims = SessionClaims {
            iss: self.issuer().to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: participant.participant_id.to_string(),
            sid: session.session_id.to_string(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: visit.closes_at.seconds(),
            visit_id: visit.visit_id.to_string(),
            tenant: visit.tenant.to_string(),
            role: participant.role.to_string(),
            cnf: session.thumbprint.clone().map(|jkt| Confirmation { jkt }),
        };
        let session_token = self.sign(&claims).await?;
        Ok(api::VisitSession { session_token, expires_in: visit.closes_at.seconds_from(now).max(1) })
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
            let seat = Seat { participant_id, role, link: None };
            let sat = self
                .sit(&file, &mut change, &seat, Shown { shown, must_wait: false }, session_id, &entry, &actor)
                .await?;
            if let Some(proof) = entry.seen_proof(now) {
                change.put(Row::SeenProof(proof), Guard::Absent);
            }
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

/// What somebody has shown, and whether a person must look all the same.
struct Shown {
    shown: Vec<VerifiedBy>,
    must_wait: bool,
}

struct Plan {
    writes: Vec<crate::ports::Write>,
    after: VisitFile,
}

/// A seat to be taken, and by which link.
struct Seat<'a> {
    participant_id: ParticipantId,
    role: Role,
    link: Option<&'a Link>,
}

/// With binding `strict` one comes back from where one came in.
fn same_place(file: &VisitFile, seat: ParticipantId, entry: &Entry<'_>) -> Result<(), Error> {
    let session = file.participant(seat).and_then(|p| p.session.as_ref());
    let elsewhere = |s: &Session| s.address != entry.client.address || s.browser != entry.client.browser();
    if file.visit.access.binding == Binding::Strict && session.is_some_and(elsewhere) {
        return Err(Error::Forbidden);
    }
    Ok(())
}

/// Whether somebody who signed in may sit down, and what they have shown.
fn may_sit(
    file: &VisitFile,
    role: Role,
    seat: ParticipantId,
    entry: &Entry<'_>,
    now: Time,
) -> Result<Vec<VerifiedBy>, Error> {
    let visit = &file.visit;
    let refuse = |refusal| refused(refusal, visit, now, None);
    if visit.status == bedside_domain::visit::VisitStatus::Requested {
        return Err(Error::VisitState(visit.status));
    }
    join::admits_now(visit, now).map_err(refuse)?;
    if visit.access.binding != Binding::Preferred && entry.device.proof.is_none() {
        return Err(Error::DeviceKeyRequired);
    }
    if file.participant(seat).is_some_and(|p| p.status.is_out()) {
        return Err(Error::ParticipantState);
    }
    let wanted: &[_] = match role {
        Role::Patient => visit.access.factors_for(role),
        // The sign-in is what a clinician's link alone lacks.
        Role::Clinician | Role::Guest | Role::Interpreter => &[],
    };
    let arrival = entry.arrival(now);
    let missing: Vec<_> = wanted.iter().copied().filter(|f| !join::is_proven(file, seat, &arrival, *f)).collect();
    if !missing.is_empty() {
        return Err(refuse(Refusal::Unverified { factors: missing, waits: visit.access.waits(role) }));
    }
    Ok(std::iter::once(VerifiedBy::Portal).chain(wanted.iter().copied().map(VerifiedBy::from)).collect())
}

/// Admits somebody in a change; the first admission to media begins the visit.
pub(crate) fn admit(
    change: &mut Change,
    actor: &Actor,
    participant: &mut Participant,
    link: Option<LinkId>,
) -> Result<(), Error> {
    let now = change.now;
    participant.become_status(ParticipantStatus::Admitted, now);
    let who = participant.participant_id.to_string();
    change.record(actor, EventType::ParticipantAdmitted, link, |event| event.with("participantId", who))?;
    if change.visit.begin(now) {
        change.record(actor, EventType::VisitStarted, None, |event| event)?;
    }
    Ok(())
}

/// Takes over the rows as they stand, from the answer that refused the transaction: no new read is needed.
fn absorb(file: &mut VisitFile, refused: Vec<(usize, Option<Row>)>, entry: &Entry<'_>) -> Result<(), Error> {
    for (_, row) in refused {
        match row {
            Some(Row::Visit(visit)) => file.visit = visit,
            Some(Row::Link(link)) => put_link(file, link),
            Some(Row::Participant(participant)) => put_participant(file, participant),
            // A proof that another request has used is a replay. Our own earlier try that took effect is not.
            Some(Row::SeenProof(seen)) if seen.request != entry.client.nonce => {
                return Err(Error::DpopInvalid);
            }
            Some(
                Row::SeenProof(_)
                | Row::Challenge(_)
                | Row::Message(_)
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
