//! Ending a visit: by somebody, or by the clock.

use crate::api::{self, EndVisit};
use crate::booking::booking;
use crate::caller::{Actor, Desk};
use crate::change::Change;
use crate::error::Error;
use crate::links::withdraw_or_expire;
use crate::ports::{Keys, Media, Store, Write};
use crate::practice::{App, visit_row};
use crate::seal::Sealer;
use crate::view::Clinical;
use crate::visits::field;
use bedside_domain::access::Role;
use bedside_domain::audit::{Event, EventType};
use bedside_domain::file::VisitFile;
use bedside_domain::link::{Link, LinkStatus};
use bedside_domain::participant::Participant;
use bedside_domain::presence::together;
use bedside_domain::time::Time;
use bedside_domain::visit::{EndReason, VisitStatus};

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// Ends a visit.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/end`.
    pub async fn end_visit(&self, desk: Desk, body: EndVisit) -> Result<api::Visit, Error> {
        let Desk { file, actor, signed_in } = desk;
        if signed_in.is_none() && (body.notes.is_some() || body.release_notes.is_some()) {
            return Err(Error::Forbidden);
        }
        let id = file.visit.visit_id;
        let sealer = self.visit_sealer(&file.visit).await?;
        let ended = self.change(file, |file, change| end(file, change, &actor, &body, &sealer)).await?;
        let file = self.file(id).await?;
        if ended {
            // The visit is over, whatever fails now: it stays owed, and `tick` does it.
            if let Err(error) = self.settle(&file).await {
                tracing::warn!(?error, "an ended visit still owes something");
            }
        }
        // Whoever ended it wrote the notes; reading clinical text is get-visit's, which records it.
        self.visit_view(&file, Clinical::None).await
    }
}

/// Ends the visit in a change, as somebody asked. `false`: it had ended like this already.
fn end(file: &VisitFile, change: &mut Change, actor: &Actor, body: &EndVisit, sealer: &Sealer) -> Result<bool, Error> {
    let reason = body.end_reason;
    if let Some(before) = file.visit.end_reason {
        return if before == reason { Ok(false) } else { Err(Error::VisitEnded(None)) };
    }
    let status = reason.leads(file.visit.status).ok_or(Error::VisitState(file.visit.status))?;
    if let Some(notes) = body.notes.as_ref().filter(|notes| !notes.as_str().is_empty()) {
        let sealed = sealer.seal(&visit_row(file.visit.visit_id), field::NOTES, notes.as_str())?;
        change.visit.notes = Some(sealed);
    }
    change.visit.notes_released = body.release_notes.unwrap_or(false);
    close(file, change, actor, (reason, status), |event| event)?;
    Ok(true)
}

/// Ends in a change what nobody has ended, once the visit has closed: COMPLETED if both sides were in the call (where its
/// carrier has told nothing of anybody: had media), else NO_SHOW, and who was missing. `false`: there is nothing to end.
pub(crate) fn end_overdue(file: &VisitFile, change: &mut Change) -> Result<bool, Error> {
    let visit = &file.visit;
    if !visit.status.is_live() || change.now < visit.closes_at {
        return Ok(false);
    }
    let is_known = is_attendance_known(file);
    let was_in = |p: &Participant| if is_known { p.presence.has_been() } else { had_media(p) };
    let came = |role: Role| file.participants.iter().any(|p| p.role == role && was_in(p));
    let missing: Vec<String> = [Role::Patient, Role::Clinician]
        .into_iter()
        .filter(|role| !came(*role))
        .map(|role| role.as_str().to_owned())
        .collect();
    let reason = if missing.is_empty() { EndReason::Completed } else { EndReason::NoShow };
    let status = reason.leads(visit.status).ok_or(Error::VisitState(visit.status))?;
    close(file, change, &Actor::system(), (reason, status), |event| match missing.is_empty() {
        true => event,
        false => event.with("missing", missing.clone()),
    })?;
    Ok(true)
}

/// The end of a visit in a change: its links die, its slot is freed if it never took place, what it owes is noted.
pub(crate) fn close(
    file: &VisitFile,
    change: &mut Change,
    actor: &Actor,
    (reason, status): (EndReason, VisitStatus),
    details: impl FnOnce(Event) -> Event,
) -> Result<(), Error> {
    for link in &file.links {
        close_link(change, actor, link)?;
    }
    change.visit.end(status, reason, change.now);
    if status == VisitStatus::Cancelled {
        for mark in file.visit.scheduled_at.covered(file.visit.duration) {
            change.push(Write::Unbook(booking(&file.visit, mark)));
        }
    }
    if reason == EndReason::TechnicalIssue {
        change.record(actor, EventType::TechnicalIssue, None, |event| event)?;
    }
    let event_type = if status == VisitStatus::Cancelled { EventType::VisitCancelled } else { EventType::VisitEnded };
    let together = (event_type == EventType::VisitEnded).then(|| seconds_together(file, change.now)).flatten();
    change.record(actor, event_type, None, |event| {
        let event = details(event.with("reason", reason.as_str().to_owned()));
        match together {
            Some(seconds) => event.with("togetherSeconds", seconds),
            None => event,
        }
    })
}

/// How long patient and clinician were in the call at once, in whole seconds; nothing where nobody has told.
fn seconds_together(file: &VisitFile, now: Time) -> Option<i64> {
    let side = |role: Role| file.participants.iter().filter(move |p| p.role == role).map(|p| &p.presence);
    is_attendance_known(file).then(|| together(side(Role::Patient), side(Role::Clinician), now) / 1000)
}

fn is_attendance_known(file: &VisitFile) -> bool {
    file.participants.iter().any(|p| p.presence.has_been())
}

/// The last of a link: what could still be spent or sent is withdrawn. Two entries for each link, no more: a
/// transaction has 100 at most.
fn close_link(change: &mut Change, actor: &Actor, link: &Link) -> Result<(), Error> {
    if link.status == LinkStatus::Revoked {
        return Ok(());
    }
    withdraw_or_expire(change, actor, link, "ended")
}

/// Whether somebody could be in the call. With Amazon Connect a clinician has no credentials of ours: there we are told.
const fn had_media(participant: &Participant) -> bool {
    participant.media.is_some() || participant.joined_at.is_some()
}
