//! Ending a visit, and what an ended visit still owes: the meeting closed, the chain's head signed.

use crate::api::{self, EndVisit};
use crate::caller::{Actor, Desk};
use crate::change::Change;
use crate::check::record_blocked;
use crate::error::Error;
use crate::ports::{Guard, Keys, Media, Row, Store, Write};
use crate::practice::{App, visit_row};
use crate::seal::Sealer;
use crate::visits::{Clinical, booking, field};
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::jose::AuditHeadClaims;
use bedside_domain::link::{Link, LinkStatus};
use bedside_domain::visit::{EndReason, Owed, VisitStatus};

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// Ends a visit.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/end`.
    pub async fn end_visit(&self, desk: Desk, body: EndVisit) -> Result<api::Visit, Error> {
        let Desk { file, actor, signed_in } = desk;
        if !signed_in && (body.notes.is_some() || body.release_notes.is_some()) {
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
        let clinical = if signed_in { Clinical::All } else { Clinical::None };
        self.visit_view(&file, clinical).await
    }

    /// Does what an ended visit owes outside of the table, and strikes it off.
    ///
    /// # Errors
    /// When it still owes something: the next `tick` tries again.
    pub(crate) async fn settle(&self, file: &VisitFile) -> Result<(), Error> {
        let visit = &file.visit;
        let mut settled = Vec::new();
        let mut failed = None;
        for owed in &visit.owes {
            let done = match owed {
                Owed::MediaClose => match &visit.meeting {
                    Some(meeting) => {
                        self.media.delete_meeting(&meeting.meeting_id).await.map_err(Error::from).map(|()| None)
                    }
                    None => Ok(None),
                },
                Owed::HeadSignature => self.sign_head(file).await.map(Some),
            };
            match done {
                Ok(signature) => settled.push((*owed, signature)),
                Err(error) => failed = Some(error),
            }
        }
        let strike = |_: &VisitFile, change: &mut Change| {
            for (owed, signature) in &settled {
                change.visit.owes.retain(|still| still != owed);
                if signature.is_some() {
                    change.visit.signed_head.clone_from(signature);
                }
            }
            if change.visit.owes.is_empty() {
                change.visit.due_at = None;
            }
            change.touch();
            Ok(())
        };
        if !settled.is_empty() {
            self.change(file.clone(), strike).await?;
        }
        failed.map_or(Ok(()), Err)
    }

    async fn sign_head(&self, file: &VisitFile) -> Result<String, Error> {
        let head = file.visit.head;
        self.sign(&AuditHeadClaims {
            visit_id: Some(file.visit.visit_id.to_string()),
            tenant: None,
            seq: head.seq,
            hash: head.hash,
            iat: self.clock.now().seconds(),
        })
        .await
    }
}

/// Ends the visit in a change. `false`: it had ended like this already.
fn end(file: &VisitFile, change: &mut Change, actor: &Actor, body: &EndVisit, sealer: &Sealer) -> Result<bool, Error> {
    let (reason, now) = (body.end_reason, change.now);
    if let Some(before) = file.visit.end_reason {
        return if before == reason { Ok(false) } else { Err(Error::VisitEnded(None)) };
    }
    let status = reason.leads(file.visit.status).ok_or(Error::VisitState(file.visit.status))?;
    for link in &file.links {
        close_link(change, actor, link)?;
    }
    if let Some(notes) = body.notes.as_ref().filter(|notes| !notes.as_str().is_empty()) {
        let sealed = sealer.seal(&visit_row(file.visit.visit_id), field::NOTES, notes.as_str())?;
        change.visit.notes = Some(sealed);
    }
    change.visit.notes_released = body.release_notes.unwrap_or(false);
    change.visit.end(status, reason, now);
    if status == VisitStatus::Cancelled {
        for mark in file.visit.scheduled_at.covered(file.visit.duration) {
            change.push(Write::Unbook(booking(&file.visit, mark)));
        }
    }
    if reason == EndReason::TechnicalIssue {
        change.record(actor, EventType::TechnicalIssue, None, |event| event)?;
    }
    let event_type = if status == VisitStatus::Cancelled { EventType::VisitCancelled } else { EventType::VisitEnded };
    change.record(actor, event_type, None, |event| event.with("reason", reason.as_str().to_owned()))?;
    Ok(true)
}

/// The last of a link: refusals that are not recorded yet are, and what could still be spent or sent is withdrawn.
fn close_link(change: &mut Change, actor: &Actor, link: &Link) -> Result<(), Error> {
    let mut closed = link.clone();
    record_blocked(change, actor, &mut closed)?;
    if closed.status != LinkStatus::Revoked {
        closed.revoke();
        change.record(actor, EventType::TokenRevoked, Some(link.link_id), |event| {
            event.with("why", "ended".to_owned())
        })?;
    }
    if closed != *link {
        change.put(Row::Link(closed), Guard::Present);
    }
    Ok(())
}
