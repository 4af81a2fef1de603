//! A seat: who sits down, in which session, and who is let in.

use crate::api::{self, DeviceInfo};
use crate::caller::{Actor, Client, Device};
use crate::change::Change;
use crate::check::refused;
use crate::error::Error;
use crate::location::Away;
use crate::ports::{Guard, Keys, Row, SeenProof, Store};
use crate::practice::{AUDIENCE, App};
use crate::visits::{field, seat_row};
use bedside_domain::access::{Binding, Role, VerifiedBy};
use bedside_domain::audit::EventType;
use bedside_domain::dpop::Proof;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, LinkId, ParticipantId, SessionId};
use bedside_domain::join::{self, Arrival, Refusal};
use bedside_domain::jose::{Confirmation, SessionClaims};
use bedside_domain::link::{Link, Owner};
use bedside_domain::name::DisplayName;
use bedside_domain::participant::{Participant, ParticipantStatus, SILENT_SEAT_MILLIS, Session};
use bedside_domain::presence::Presence;
use bedside_domain::time::Time;
use bedside_domain::visit::{Owed, Visit, VisitStatus};

/// A proof is remembered for longer than it can be valid: 60 s of skew to either side.
const PROOF_SECONDS: i64 = 180;

/// Somebody who comes in: who, with what.
pub(crate) struct Entry<'a> {
    pub(crate) client: &'a Client,
    pub(crate) device: &'a Device,
    pub(crate) owner: Owner,
    /// What follows from where they come from.
    pub(crate) away: Away,
    pub(crate) proofs: &'a [ChallengeId],
    pub(crate) display_name: Option<&'a DisplayName>,
    pub(crate) device_info: Option<&'a DeviceInfo>,
}

impl Entry<'_> {
    pub(crate) fn arrival(&self, now: Time) -> Arrival<'_> {
        let thumbprint = self.device.proof.as_ref().map(|proof| &proof.thumbprint);
        Arrival { owner: self.owner.clone(), thumbprint, proofs: self.proofs, is_far: self.away.ask, now }
    }
    fn session(&self, session_id: SessionId, now: Time) -> Session {
        Session {
            session_id,
            thumbprint: self.device.proof.as_ref().map(|proof| proof.thumbprint.clone()),
            opened_at: now,
            address: self.client.address.clone(),
            browser: self.client.browser().to_owned(),
            countries: self.client.country.iter().cloned().collect(),
        }
    }
    pub(crate) fn seen_proof(&self, now: Time) -> Option<SeenProof> {
        self.device.proof.as_ref().map(|proof| seen_proof(proof, self.client, now))
    }
    /// Notes the proof in the change that it is for: it counts once.
    pub(crate) fn note_proof_in(&self, change: &mut Change) {
        if let Some(proof) = self.seen_proof(change.now) {
            change.put(Row::SeenProof(proof), Guard::Absent);
        }
    }
    /// Whether what refused a change is no proof that another request has used. Our own earlier try that took effect is
    /// none.
    ///
    /// # Errors
    /// 401: a replay.
    pub(crate) fn is_no_replay(&self, refused: &[(usize, Option<Row>)]) -> Result<(), Error> {
        let is_replay =
            |row: &Option<Row>| matches!(row, Some(Row::SeenProof(seen)) if seen.request != self.client.nonce);
        if refused.iter().any(|(_, row)| is_replay(row)) { Err(Error::DpopInvalid) } else { Ok(()) }
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

/// What somebody has shown, and whether a person must look all the same.
pub(crate) struct Shown {
    pub(crate) shown: Vec<VerifiedBy>,
    pub(crate) must_wait: bool,
}

/// A seat to be taken, and by which link.
pub(crate) struct Seat<'a> {
    pub(crate) participant_id: ParticipantId,
    pub(crate) role: Role,
    pub(crate) link: Option<&'a Link>,
    /// Whose it is to be, where no link says so. Whoever sat there before has gone.
    pub(crate) owner: Option<Owner>,
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Seats somebody in a change: a new participant, or the session of a known one moved here.
    #[expect(clippy::too_many_arguments, reason = "all of them are the change's context")]
    pub(crate) async fn sit(
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
        let by_code = seat.owner.is_some();
        let known = before.filter(|_| !by_code).cloned();
        let mut participant = known.unwrap_or_else(|| Participant {
            participant_id: seat.participant_id,
            tenant: file.visit.tenant.clone(),
            visit_id: file.visit.visit_id,
            role: seat.role,
            status: ParticipantStatus::Waiting,
            since: now,
            arrived_at: now,
            last_seen_at: now,
            owner: seat.owner.clone(),
            session: None,
            display_name: seat.link.and_then(|link| link.display_name.clone()),
            verified_by: vec![],
            joined_at: None,
            presence: Presence::default(),
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
                if before.is_none() || by_code {
                    change.record(actor, EventType::ParticipantWaiting, link_id, |event| event)?;
                }
            } else {
                admit(change, actor, &mut participant, link_id)?;
            }
        }
        entry.away.record(change, actor)?;
        change.put(Row::Participant(participant.clone()), guard);
        Ok(participant)
    }

    /// The token of the session on a seat: signed anew each time, valid until the visit closes.
    pub(crate) async fn session_token(
        &self,
        visit: &Visit,
        participant: &Participant,
    ) -> Result<api::VisitSession, Error> {
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
}

/// With binding `strict` one comes back from where one came in.
pub(crate) fn same_place(file: &VisitFile, seat: ParticipantId, entry: &Entry<'_>) -> Result<(), Error> {
    let session = file.participant(seat).and_then(|p| p.session.as_ref());
    let elsewhere = |s: &Session| s.address != entry.client.address || s.browser != entry.client.browser();
    if file.visit.access.binding == Binding::Strict && session.is_some_and(elsewhere) {
        return Err(Error::Forbidden);
    }
    Ok(())
}

/// Whether somebody who signed in may sit down, and what they have shown.
pub(crate) fn may_sit(
    file: &VisitFile,
    role: Role,
    seat: ParticipantId,
    entry: &Entry<'_>,
    now: Time,
) -> Result<Vec<VerifiedBy>, Error> {
    let visit = &file.visit;
    let refuse = |refusal| refused(refusal, visit, now, None);
    if visit.status == VisitStatus::Requested {
        return Err(Error::VisitState(visit.status));
    }
    join::admits_now(visit, now).map_err(refuse)?;
    if visit.access.binding != Binding::Preferred && entry.device.proof.is_none() {
        return Err(Error::DeviceKeyRequired);
    }
    if file.participant(seat).is_some_and(|p| p.status.is_out()) {
        return Err(Error::ParticipantState);
    }
    let arrival = entry.arrival(now);
    let wanted = match role {
        Role::Patient => join::wanted(visit, role, &arrival),
        // The sign-in is what a clinician's link alone lacks.
        Role::Clinician | Role::Guest | Role::Interpreter => vec![],
    };
    let missing = join::missing(file, seat, &arrival, &wanted);
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
