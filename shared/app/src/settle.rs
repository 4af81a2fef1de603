//! What a visit owes outside of the table: a meeting closed, credentials taken back, the chain's head signed.
//!
//! Owed in the transaction that ends or moves something, done right after it, and by `tick` where that failed.

use crate::change::Change;
use crate::error::Error;
use crate::ports::{Guard, Keys, Media, Row, Store};
use crate::practice::App;
use bedside_domain::file::VisitFile;
use bedside_domain::jose::AuditHeadClaims;
use bedside_domain::participant::{MediaGrant, Participant};
use bedside_domain::visit::Owed;

/// What was done of it, to be struck off.
#[derive(Default)]
struct Done {
    owed: Vec<Owed>,
    taken_back: Vec<String>,
    signed: Option<(u64, String)>,
}

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// Does what a visit owes, and strikes it off.
    ///
    /// # Errors
    /// When it still owes something: the next `tick` tries again.
    pub(crate) async fn settle(&self, file: &VisitFile) -> Result<(), Error> {
        let (mut done, mut failed) = (Done::default(), None);
        for owed in &file.visit.owes {
            match self.settle_one(*owed, file, &mut done).await {
                Ok(()) => done.owed.push(*owed),
                Err(error) => failed = Some(error),
            }
        }
        if !done.owed.is_empty() {
            self.change(file.clone(), |file, change| {
                strike(&done, file, change);
                Ok(())
            })
            .await?;
        }
        failed.map_or(Ok(()), Err)
    }

    async fn settle_one(&self, owed: Owed, file: &VisitFile, done: &mut Done) -> Result<(), Error> {
        let meeting = file.visit.meeting.as_ref();
        match owed {
            Owed::MediaClose => {
                if let Some(meeting) = meeting {
                    self.media.delete_meeting(meeting.call()).await?;
                }
            }
            Owed::StaleAttendees => {
                for grant in file.participants.iter().filter_map(stale_grant) {
                    if let Some(meeting) = meeting.filter(|meeting| meeting.epoch == grant.epoch) {
                        self.media.delete_attendee(meeting.call(), &grant.attendee_id).await?;
                    }
                    done.taken_back.push(grant.attendee_id.clone());
                }
            }
            Owed::HeadSignature => {
                let head = file.visit.head;
                let claims = AuditHeadClaims {
                    visit_id: Some(file.visit.visit_id.to_string()),
                    tenant: None,
                    seq: head.seq,
                    hash: head.hash,
                    iat: self.clock.now().seconds(),
                };
                done.signed = Some((head.seq, self.sign(&claims).await?));
            }
        }
        Ok(())
    }
}

/// Credentials of a session that was moved, or of somebody who was taken out.
fn stale_grant(participant: &Participant) -> Option<&MediaGrant> {
    let session = participant.session.as_ref().map(|session| session.session_id);
    participant.media.as_ref().filter(|grant| participant.status.is_out() || session != Some(grant.session_id))
}

fn strike(done: &Done, file: &VisitFile, change: &mut Change) {
    for owed in &done.owed {
        let moved_on = done.signed.as_ref().is_some_and(|(seq, _)| *seq != file.visit.head.seq);
        // A head that has moved on since is signed again.
        if *owed != Owed::HeadSignature || !moved_on {
            change.visit.settle(*owed);
        }
    }
    if let Some((_, token)) = &done.signed {
        change.visit.signed_head = Some(token.clone());
    }
    for participant in &file.participants {
        let taken = |grant: &&MediaGrant| done.taken_back.contains(&grant.attendee_id);
        if stale_grant(participant).filter(taken).is_some() {
            let session = participant.session.as_ref().map(|session| session.session_id);
            let without = Participant { media: None, ..participant.clone() };
            change.put(Row::Participant(without), Guard::SessionIs(session));
        }
    }
    change.touch();
}
