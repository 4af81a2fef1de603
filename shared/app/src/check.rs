//! A look at a link. It consumes nothing: mail scanners and previews look too.

use crate::api;
use crate::caller::{Actor, Client};
use crate::change::Change;
use crate::credential::Credential;
use crate::error::{Error, Practice};
use crate::ports::{Guard, Keys, Row, Store};
use crate::practice::App;
use bedside_domain::access::Factor;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::LinkId;
use bedside_domain::join::{self, Arrival, Decision, Refusal};
use bedside_domain::jose::Thumbprint;
use bedside_domain::link::{Link, LinkStatus, Owner};
use bedside_domain::participant::Participant;
use bedside_domain::time::{Rfc3339, Time};
use bedside_domain::visit::Visit;
use bedside_domain::zone::local_time;

/// A link is about to expire.
const SOON_SECONDS: i64 = 5 * 60;
/// Refusals of one link are one record a minute, with a count.
const REFUSALS_APART_SECONDS: i64 = 60;

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// What a link is for, and whether one may come in now.
    ///
    /// # Errors
    /// As the contract says of `POST /api/token/redeem`.
    pub async fn check_link(
        &self,
        credential: &Credential,
        device: Option<&Thumbprint>,
        client: &Client,
    ) -> Result<api::CheckedLink, Error> {
        let (file, link) = self.open(credential, client).await?;
        let link = &link;
        let tenant = self.tenant(&file.visit.tenant).await?;
        let (practice, now) = (Practice::from(&*tenant), self.clock.now());
        let owner = device.map_or(Owner::Nobody, |thumbprint| Owner::Device { thumbprint: thumbprint.clone() });
        let away = self.away(&file.visit, link.role, client).await?;
        // Whoever has just shown a factor on this device is told what is still asked, and where a moved link leads.
        let shown: Vec<_> = match device {
            Some(_) => file.challenges.iter().map(|challenge| challenge.challenge_id).collect(),
            None => vec![],
        };
        let arrival = Arrival { owner, thumbprint: device, proofs: &shown, is_far: away.ask, now };
        let decision = join::decide(&file, link, &arrival);
        let resumable = decision == Decision::Resume;
        match decision {
            // Not spent, silent, one's own, or something is still asked: the page goes on with each of these.
            Decision::Spend(_) | Decision::SpendAndWait(_) | Decision::Resume | Decision::Move(_) => {}
            Decision::Refuse(refusal) => match refusal {
                Refusal::NotOpen | Refusal::Unverified { .. } | Refusal::DeviceKeyRequired => {}
                Refusal::Out if link.status == LinkStatus::Active => {}
                Refusal::Out => return Err(Error::TokenUsed { movable: false, practice: Some(practice) }),
                Refusal::Cancelled | Refusal::Ended | Refusal::Revoked | Refusal::Expired | Refusal::Used { .. } => {
                    return Err(refused(refusal, &file.visit, now, Some(practice)));
                }
            },
        }
        // Before the visit opens a spent link cannot be: nothing is spent then. But a visit may have been moved.
        Ok(checked(&file, link, &practice, resumable, &arrival))
    }

    /// Notes that somebody else tried a spent link: counted each time, recorded once a minute.
    ///
    /// # Errors
    /// When the store is down.
    pub(crate) async fn note_blocked(&self, file: &VisitFile, link: LinkId, client: &Client) -> Result<(), Error> {
        let counted = self.store.blocked(file.visit.visit_id, link).await?;
        let now = self.clock.now();
        let fresh = |at: Time| now < at.plus_seconds(REFUSALS_APART_SECONDS) && at <= now;
        if counted.blocked_recorded_at.is_some_and(fresh) {
            return Ok(());
        }
        let actor = Actor::public(client);
        let file = self.file(file.visit.visit_id).await?;
        self.change(file, |file, change| {
            let Some(link) = file.link(link) else { return Ok(()) };
            let fresh = link
                .blocked_recorded_at
                .is_some_and(|at| change.now < at.plus_seconds(REFUSALS_APART_SECONDS) && at <= change.now);
            if !fresh && link.blocked > link.blocked_recorded {
                let mut noted = link.clone();
                record_blocked(change, &actor, &mut noted)?;
                change.put(Row::Link(noted), Guard::Present);
            }
            Ok(())
        })
        .await
    }
}

/// Records the refusals of a link that are not recorded yet. The caller writes the link.
pub(crate) fn record_blocked(change: &mut Change, actor: &Actor, link: &mut Link) -> Result<(), Error> {
    let count = link.blocked.saturating_sub(link.blocked_recorded);
    if count > 0 {
        link.blocked_recorded = link.blocked;
        link.blocked_recorded_at = Some(change.now);
        change.record(actor, EventType::TokenReuseBlocked, Some(link.link_id), |event| {
            event.refused("TOKEN_USED").with("count", i64::from(count))
        })?;
    }
    Ok(())
}

/// A refusal as the contract says it.
pub(crate) fn refused(refusal: Refusal, visit: &Visit, now: Time, practice: Option<Practice>) -> Error {
    match refusal {
        Refusal::Cancelled => Error::VisitCancelled(practice),
        Refusal::Ended => Error::VisitEnded(practice),
        Refusal::Revoked => Error::TokenRevoked(practice),
        Refusal::Expired => Error::TokenExpired(practice),
        Refusal::NotOpen => {
            let local = local_time(visit.opens_at.timestamp(), &visit.timezone);
            Error::VisitNotOpen {
                opens_at: visit.opens_at,
                opens_in_millis: visit.opens_at.since(now).max(1),
                opens_local: format!("{} {}", local.time, local.zone),
            }
        }
        Refusal::DeviceKeyRequired => Error::DeviceKeyRequired,
        Refusal::Unverified { factors, waits } => Error::VerificationRequired { factors, waiting_room: waits },
        Refusal::Used { movable } => Error::TokenUsed { movable, practice },
        Refusal::Out => Error::ParticipantState,
    }
}

fn checked(
    file: &VisitFile,
    link: &Link,
    practice: &Practice,
    resumable: bool,
    arrival: &Arrival<'_>,
) -> api::CheckedLink {
    let (visit, now) = (&file.visit, arrival.now);
    let opens_in = visit.opens_at.since(now);
    let joinable = if opens_in > 0 {
        api::Joinable { now: false, reason: Some("NOT_OPEN_YET"), opens_in_ms: Some(opens_in) }
    } else {
        api::Joinable { now: true, reason: None, opens_in_ms: None }
    };
    let factors: Vec<Factor> = if resumable {
        vec![]
    } else {
        join::missing(file, link.participant_id, arrival, &join::wanted(visit, link.role, arrival))
    };
    let seat: Option<&Participant> = file.participant(link.participant_id);
    let waits = visit.access.waits(link.role) && !seat.is_some_and(|seat| seat.status.is_admitted());
    let expires_in = link.expires_at.since(now).max(0) / 1000;
    api::CheckedLink {
        valid: true,
        role: link.role,
        visit: api::VisitPreview {
            visit_id: visit.visit_id,
            scheduled_at: Rfc3339(visit.scheduled_at.time()),
            duration: visit.duration,
            timezone: visit.timezone.clone(),
            modality: visit.modality,
            clinician_name: visit.clinician_name.clone(),
        },
        practice: practice_view(practice),
        opens_at: Rfc3339(visit.opens_at),
        expires_at: Rfc3339(link.expires_at),
        expires_in,
        server_time: Rfc3339(now),
        joinable,
        requires: api::Requirements { factors, waiting_room: waits },
        resumable,
        warnings: if expires_in < SOON_SECONDS { vec!["EXPIRES_SOON"] } else { vec![] },
    }
}

/// Whom to call, as the contract shows it.
pub(crate) fn practice_view(practice: &Practice) -> api::Practice {
    api::Practice { name: practice.name.clone(), support_phone: Some(practice.support_phone.clone()) }
}
