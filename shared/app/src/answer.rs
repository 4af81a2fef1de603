//! The answer to a challenge: the try is counted before anything is compared.

use crate::api::{self, AnswerChallenge};
use crate::caller::{Actor, Client};
use crate::change::{Change, TRIES};
use crate::error::Error;
use crate::limits::MISSES;
use crate::ports::{CommitError, Guard, Keys, Mailer, Row, Store, Texter, Write};
use crate::practice::{App, label};
use crate::schedule::Sides;
use crate::seal::Sealer;
use crate::visits::challenge_row;
use bedside_domain::access::Factor;
use bedside_domain::audit::EventType;
use bedside_domain::challenge::{Challenge, PROOF_SECONDS, lifetime_seconds, tries};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, TenantId, VisitId};
use bedside_domain::jose::Thumbprint;
use bedside_domain::limit::{Limit, Standing};
use bedside_domain::outbox::Message;
use bedside_domain::person::Tenant;
use bedside_domain::secret::Mac;
use bedside_domain::time::Time;
use bedside_domain::visit::{Visit, VisitStatus};
use std::sync::Arc;

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Answers a challenge: the try is counted before anything is compared. `page_of`: the practice whose page asks,
    /// with its publishable key; it confirms requests of that practice alone.
    ///
    /// # Errors
    /// As the contract says of `POST /api/challenges/{challengeId}/answer`.
    pub async fn answer_challenge(
        &self,
        id: ChallengeId,
        body: &AnswerChallenge,
        device: Option<&Thumbprint>,
        page_of: Option<&TenantId>,
        client: &Client,
    ) -> Result<api::Answered, Error> {
        client.notes.limited_by(&MISSES);
        match self.judged(id, body, device, page_of, client).await {
            Err(error @ (Error::NotFound | Error::ChallengeFailed { .. })) => Err(self.missed(client, error).await),
            answer => answer,
        }
    }

    async fn judged(
        &self,
        id: ChallengeId,
        body: &AnswerChallenge,
        device: Option<&Thumbprint>,
        page_of: Option<&TenantId>,
        client: &Client,
    ) -> Result<api::Answered, Error> {
        let location = self.store.locate(&Mac(challenge_row(id))).await?;
        // As much work where there is none.
        let decoy = VisitId::new(self.clock.now(), self.entropy.bytes()?);
        let visit_id = location.map_or(decoy, |location| location.visit_id);
        let mut file = self.file(visit_id).await?;
        for attempt in 1..=TRIES {
            let now = self.clock.now();
            let challenge = file.challenge(id).ok_or(Error::NotFound)?;
            // Whoever confirms a visit has not come in yet, and so has no device.
            let any_device = challenge.confirms || challenge.factor == Factor::EmailLink;
            let same_device = any_device || challenge.thumbprint.as_ref() == device;
            if !same_device || page_of.is_some_and(|tenant| !is_requested(&file.visit, challenge, tenant)) {
                return Err(Error::NotFound);
            }
            let given = [&*id.to_string(), body.answer.expose()];
            if let Some(until) = challenge.proves_until() {
                // The right answer again, after a lost one, is right again.
                let right = now < until && self.is_right(challenge, &given);
                return if right { Ok(answered(id, until, now)) } else { Err(Error::ChallengeExpired) };
            }
            if !challenge.is_open(now) {
                return Err(Error::ChallengeExpired);
            }
            let mut counted = challenge.clone();
            counted.tries_left = counted.tries_left.saturating_sub(1);
            let count = Write::Put(Row::Challenge(counted.clone()), Guard::TriesLeft(challenge.tries_left));
            match self.store.commit(&[count]).await {
                Ok(()) => return self.judge(file, counted, &given, client).await,
                Err(CommitError::Down(outage)) => return Err(outage.into()),
                Err(CommitError::Refused(_) | CommitError::Conflict) => {
                    self.pause(attempt).await?;
                    file = self.file(visit_id).await?;
                }
            }
        }
        Err(Error::Unavailable("dynamodb: the challenge is written too often".to_owned()))
    }

    fn is_right(&self, challenge: &Challenge, given: &[&str]) -> bool {
        self.macs(label::ANSWER, given).fold(false, |right, mac| right | mac.matches(&challenge.answer_mac))
    }

    /// Compares a try that was counted, and records what came of it.
    async fn judge(
        &self,
        file: VisitFile,
        counted: Challenge,
        given: &[&str],
        client: &Client,
    ) -> Result<api::Answered, Error> {
        let (id, visit_id) = (counted.challenge_id, file.visit.visit_id);
        let right = self.is_right(&counted, given);
        let actor = Actor::participant(counted.participant_id, counted.role, client);
        let confirmation = if right && counted.confirms { Some(self.confirmation(&file).await?) } else { None };
        let event_type = if right { EventType::ChallengePassed } else { EventType::ChallengeFailed };
        let (passed_at, owed) = self
            .change(file, |file, change| {
                let mut challenge = file.challenge(id).ok_or(Error::NotFound)?.clone();
                // The same right answer was faster, from another tap: it is right again, and nothing is done twice.
                if let Some(at) = challenge.passed_at.filter(|_| right) {
                    return Ok((at, vec![]));
                }
                if right {
                    challenge.passed_at = Some(change.now);
                    challenge.answer = None;
                } else {
                    challenge.failures = challenge.failures.saturating_add(1);
                }
                change.record(&actor, event_type, None, |mut event| {
                    if !right {
                        event = event.refused("CHALLENGE_FAILED");
                    }
                    event.with("factor", challenge.factor.as_str().to_owned()).with("challengeId", id.to_string())
                })?;
                change.put(Row::Challenge(challenge), Guard::Present);
                let owed = match &confirmation {
                    Some(confirmation) => self.confirm(file, change, confirmation, &actor)?,
                    None => vec![],
                };
                Ok((change.now, owed))
            })
            .await?;
        if !owed.is_empty() {
            self.deliver_or_owe(self.file(visit_id).await?, owed, &actor).await;
        }
        if right {
            let until = passed_at.plus_seconds(PROOF_SECONDS);
            Ok(answered(id, until, passed_at))
        } else {
            client.notes.stands(Standing {
                limit: Limit::new("challenge", tries(counted.factor), lifetime_seconds(counted.factor)),
                remaining: counted.tries_left,
                resets_in: counted.expires_at.seconds_from(self.clock.now()).max(1),
            });
            Err(Error::ChallengeFailed { attempts_left: counted.tries_left })
        }
    }

    async fn confirmation(&self, file: &VisitFile) -> Result<Confirmation, Error> {
        let tenant = self.tenant(&file.visit.tenant).await?;
        let sides = self.sides_of(&tenant, file).await?;
        Ok(Confirmation { sides, sealer: self.visit_sealer(&file.visit).await?, tenant })
    }

    /// The visit that a page asked for is booked, in a change, and its links are owed.
    fn confirm(
        &self,
        file: &VisitFile,
        change: &mut Change,
        with: &Confirmation,
        actor: &Actor,
    ) -> Result<Vec<Message>, Error> {
        if file.visit.status != VisitStatus::Requested {
            // The hold is over, or the practice has called it off.
            return Err(Error::ChallengeExpired);
        }
        change.visit.confirm();
        change.record(actor, EventType::VisitScheduled, None, |event| event)?;
        self.welcome(change, &with.tenant, &with.sealer, &with.sides, actor)
    }
}

/// What confirming a visit needs.
struct Confirmation {
    tenant: Arc<Tenant>,
    sealer: Sealer,
    sides: Sides,
}

/// Whether a challenge confirms a request for a visit of that practice. One that was answered rightly still does:
/// whoever has lost that answer asks again.
fn is_requested(visit: &Visit, challenge: &Challenge, tenant: &TenantId) -> bool {
    visit.tenant == *tenant
        && challenge.confirms
        && (visit.status == VisitStatus::Requested || challenge.passed_at.is_some())
}

fn answered(id: ChallengeId, until: Time, now: Time) -> api::Answered {
    api::Answered { challenge_id: id, answered: true, expires_in: until.seconds_from(now).max(1) }
}
