//! A visit session: how it stands, leaving, consent.

use crate::api::{self, RecordConsent};
use crate::caller::Seated;
use crate::check::{practice_view, refused};
use crate::error::{Error, Practice};
use crate::ports::{Guard, Keys, Row, Store};
use crate::practice::App;
use crate::start::WAITING_POLL_MILLIS;
use bedside_domain::audit::EventType;
use bedside_domain::join;
use bedside_domain::pace::{Pace, VISITS_TO_LEARN_FROM};
use bedside_domain::participant::ParticipantStatus;
use bedside_domain::time::{Rfc3339, Time};
use bedside_domain::visit::{Recording, Visit};

/// How often somebody who does not wait asks how it stands.
const POLL_MILLIS: u32 = 15_000;

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// How it stands; with `people`, also who is in the call, and whether it is recorded. Being asked is what keeps a
    /// waiting seat.
    ///
    /// # Errors
    /// As the contract says of `GET /api/session`.
    pub async fn get_session(&self, mut seated: Seated, people: bool) -> Result<api::Session, Error> {
        self.note_location(&mut seated).await?;
        let (file, now) = (&seated.file, self.clock.now());
        let visit = &file.visit;
        let participant = file.participant(seated.participant_id).ok_or(Error::Unauthenticated)?;
        let (tenant, seen) =
            tokio::join!(self.tenant(&visit.tenant), self.store.seen(visit.visit_id, seated.participant_id, now));
        let tenant = tenant?;
        seen?;
        let waits = participant.status == ParticipantStatus::Waiting;
        let live = visit.status.is_live();
        let is_in = live && participant.status.is_admitted();
        Ok(api::Session {
            participant_id: seated.participant_id,
            role: seated.role,
            status: participant.status,
            visit_status: visit.status,
            position: waits.then(|| file.position(seated.participant_id)),
            estimated_wait_seconds: if waits && live { self.forecast(visit, now).await? } else { None },
            media: visit.meeting.as_ref().filter(|_| is_in).map(|meeting| api::MediaStatus {
                provider: meeting.provider,
                epoch: meeting.epoch,
                recorded: people && meeting.recording == Recording::Running,
            }),
            people: if people && is_in { Some(self.people_views(file).await?) } else { None },
            practice: practice_view(&Practice::from(&*tenant)),
            poll_after_ms: if waits && live { WAITING_POLL_MILLIS } else { POLL_MILLIS },
            server_time: Rfc3339(now),
        })
    }

    /// How long somebody will wait: until the visit's time or the end of the clinician's present one, whichever is
    /// later, and by how much the last visits overran, in the middle. `None` while there is too little to learn from.
    async fn forecast(&self, visit: &Visit, now: Time) -> Result<Option<i64>, Error> {
        let key = (visit.tenant.clone(), visit.clinician_id.to_string());
        let known = match self.overruns.get(&key, now) {
            Some(known) => known,
            None => {
                let recent =
                    self.store.recent(&visit.tenant, &visit.clinician_id, now, VISITS_TO_LEARN_FROM * 2).await?;
                let fresh = Pace::of(&recent, now);
                self.overruns.put(key, fresh, now);
                fresh
            }
        };
        let Some(pace) = known else { return Ok(None) };
        // One's own visit is under way once somebody was admitted to it: it keeps nobody waiting.
        let present = pace.busy_until.filter(|_| visit.started_at.is_none());
        let free = present.map_or(now, |until| until.max(now)).max(visit.scheduled_at.time());
        Ok(Some(free.seconds_from(now).saturating_add(pace.overrun_seconds)))
    }

    /// Leaves. Coming back is possible until the visit closes.
    ///
    /// # Errors
    /// 503 when the store is down.
    pub async fn leave_session(&self, seated: Seated) -> Result<(), Error> {
        let (actor, seat) = (seated.actor(), seated.participant_id);
        self.change(seated.file, |file, change| {
            let Some(participant) = file.participant(seat) else { return Ok(()) };
            let here = matches!(participant.status, ParticipantStatus::Joined | ParticipantStatus::Admitted);
            if !here || !file.visit.status.is_live() {
                return Ok(());
            }
            let mut left = participant.clone();
            left.become_status(ParticipantStatus::Left, change.now);
            let session = left.session.as_ref().map(|session| session.session_id);
            let who = seat.to_string();
            change.record(&actor, EventType::ParticipantLeft, None, |event| event.with("participantId", who))?;
            change.put(Row::Participant(left), Guard::SessionIs(session));
            Ok(())
        })
        .await
    }

    /// Records what somebody consents to, or does not.
    ///
    /// # Errors
    /// As the contract says of `POST /api/session/consent`.
    pub async fn record_consent(&self, seated: Seated, body: RecordConsent) -> Result<api::Consent, Error> {
        let (actor, seat) = (seated.actor(), seated.participant_id);
        let kind = match body.consent_type {
            api::ConsentType::Telehealth => "telehealth",
            api::ConsentType::Recording => "recording",
        };
        let at = self
            .change(seated.file, |file, change| {
                join::is_live(&file.visit).map_err(|refusal| refused(refusal, &file.visit, change.now, None))?;
                if file.participant(seat).is_none_or(|p| p.status.is_out()) {
                    return Err(Error::Forbidden);
                }
                change.record(&actor, EventType::ConsentRecorded, None, |event| {
                    event
                        .with("type", kind.to_owned())
                        .with("version", body.version.as_str().to_owned())
                        .with("granted", body.granted)
                })?;
                Ok(change.now)
            })
            .await?;
        Ok(api::Consent {
            consent_type: body.consent_type,
            version: body.version.into_string(),
            granted: body.granted,
            at: Rfc3339(at),
        })
    }
}
