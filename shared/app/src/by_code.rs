//! The public code: a look at it, and coming in by it. It opens the waiting room and nothing else.

use crate::api::{self, JoinByCode};
use crate::caller::{Actor, Client, Device};
use crate::change::{Change, TRIES};
use crate::check::{practice_view, refused};
use crate::error::{Error, Practice};
use crate::ports::{CommitError, Keys, Media, Store};
use crate::practice::App;
use crate::seat::{Entry, Seat, Shown, same_place};
use crate::start::StartAnswer;
use bedside_domain::access::Role;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, SessionId, VisitId};
use bedside_domain::join::{self, Arrival, ByCode};
use bedside_domain::link::{Locator, Owner};
use bedside_domain::time::{Rfc3339, Time};

/// A room that is full of others is asked again after so long: a seat is free once its holder is silent.
const FULL_SECONDS: i64 = 30;

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// The file that a public code leads to now. Unknown, expired and called off look alike: the same answer, after the
    /// same work.
    ///
    /// # Errors
    /// 404, one and the same; 429 after too many misses, for a right code too: it is short, and can be guessed.
    pub(crate) async fn file_by_code(&self, code: &str, client: &Client) -> Result<VisitFile, Error> {
        let guess = self.may_guess(client).await?;
        let now = self.clock.now();
        // A word that can be no code is looked for like one that could.
        let code = match Locator::parse(code) {
            Ok(code) => code,
            Err(_) => Locator::new(self.entropy.bytes()?),
        };
        let found = self.locate(&code).await?;
        let visit_id = match found {
            Some(location) if location.link_id.is_none() => location.visit_id,
            // A link's locator is no public code.
            Some(_) | None => VisitId::new(now, self.entropy.bytes()?),
        };
        let file = self.store.file(visit_id).await?;
        let is_it = |file: &VisitFile| file.visit.meeting_code == Some(code) && join::has_public_door(&file.visit, now);
        match file.filter(is_it) {
            Some(file) => {
                self.guessed_right(guess).await;
                Ok(file)
            }
            None => Err(self.guessed_wrong(client, Error::CodeNotFound).await),
        }
    }

    /// What a public code is for: when it opens and what is asked. Nothing is changed.
    ///
    /// # Errors
    /// As the contract says of `GET /api/join/{meetingCode}`.
    pub async fn check_code(&self, code: &str, client: &Client) -> Result<api::CheckedCode, Error> {
        let file = self.file_by_code(code, client).await?;
        let visit = &file.visit;
        let tenant = self.tenant(&visit.tenant).await?;
        let away = self.away(visit, Role::Patient, client).await?;
        let arrival =
            Arrival { owner: Owner::Nobody, thumbprint: None, proofs: &[], is_far: away.ask, now: self.clock.now() };
        Ok(api::CheckedCode {
            opens_at: Rfc3339(visit.opens_at),
            closes_at: Rfc3339(visit.closes_at),
            timezone: visit.timezone.clone(),
            clinician_name: visit.clinician_name.clone(),
            practice: practice_view(&Practice::from(&*tenant)),
            requires: api::Requirements { factors: join::wanted(visit, Role::Patient, &arrival), waiting_room: true },
        })
    }
}

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// Sits somebody down in the waiting room who has the public code. The same owner finds their seat again.
    ///
    /// # Errors
    /// As the contract says of `POST /api/join/{meetingCode}`.
    pub async fn join_by_code(
        &self,
        code: &str,
        body: &JoinByCode,
        device: &Device,
        client: &Client,
    ) -> Result<StartAnswer, Error> {
        let file = self.file_by_code(code, client).await?;
        let entry = Entry {
            client,
            device,
            owner: self.owner_of(device)?,
            away: self.away(&file.visit, Role::Patient, client).await?,
            proofs: &body.proofs.0,
            display_name: Some(&body.display_name),
            device_info: body.device_info.as_ref(),
        };
        let (file, seat) = self.sit_by_code(file, &entry).await?;
        self.answer_start(&file, seat, &entry).await
    }

    /// Until the decision stands in the table: the file as it is then, and the seat.
    async fn sit_by_code(&self, mut file: VisitFile, entry: &Entry<'_>) -> Result<(VisitFile, ParticipantId), Error> {
        let now = self.clock.now();
        let (visit_id, session_id) = (file.visit.visit_id, SessionId::new(now, self.entropy.bytes()?));
        let fresh = ParticipantId::new(now, self.entropy.bytes()?);
        for attempt in 1..=TRIES {
            let now = self.clock.now();
            let (shown, seat) = match join::decide_by_code(&file, &entry.arrival(now)) {
                ByCode::Refuse(refusal) => return Err(refused(refusal, &file.visit, now, None)),
                ByCode::Full => return Err(Error::RateLimited { retry_after_seconds: FULL_SECONDS }),
                ByCode::Resume(seat) => {
                    same_place(&file, seat, entry)?;
                    self.note_proof(entry.device, entry.client).await?;
                    return Ok((file, seat));
                }
                ByCode::Sit(shown, free) => (shown, free.unwrap_or(fresh)),
            };
            let (change, after) =
                self.plan_by_code(&file, seat, Shown { shown, must_wait: true }, session_id, entry, now).await?;
            match self.store.commit(&change.into_writes()).await {
                Ok(()) => return Ok((after, seat)),
                Err(CommitError::Refused(rows)) => {
                    entry.is_no_replay(&rows)?;
                    // Whoever was faster may sit where we meant to.
                    file = self.file(visit_id).await?;
                    if !join::has_public_door(&file.visit, self.clock.now()) {
                        return Err(Error::CodeNotFound);
                    }
                }
                Err(CommitError::Conflict) => {}
                Err(CommitError::Down(outage)) => return Err(outage.into()),
            }
            self.pause(attempt).await?;
        }
        Err(Error::Unavailable("dynamodb: the visit is written too often".to_owned()))
    }

    async fn plan_by_code(
        &self,
        file: &VisitFile,
        seat: ParticipantId,
        shown: Shown,
        session_id: SessionId,
        entry: &Entry<'_>,
        now: Time,
    ) -> Result<(Change, VisitFile), Error> {
        let mut change = Change::of(file, now);
        let actor = Actor::participant(seat, Role::Patient, entry.client);
        let place = Seat { participant_id: seat, role: Role::Patient, link: None, owner: Some(entry.owner.clone()) };
        let sat = self.sit(file, &mut change, &place, shown, session_id, entry, &actor).await?;
        entry.note_proof_in(&mut change);
        let mut after = file.clone();
        after.visit = change.visit.clone();
        after.participants.retain(|other| other.participant_id != seat);
        after.participants.push(sat);
        Ok((change, after))
    }
}
