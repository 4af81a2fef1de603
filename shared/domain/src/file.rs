//! A visit's file: everything that is changed together.

use crate::access::{Factor, Role};
use crate::challenge::{Challenge, most_failures};
use crate::id::{ChallengeId, LinkId, ParticipantId};
use crate::link::{Link, LinkStatus};
use crate::outbox::Message;
use crate::participant::{Participant, ParticipantStatus};
use crate::time::Time;
use crate::visit::Visit;

/// A visit with its links, participants, challenges and messages: one partition, read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitFile {
    /// The visit.
    pub visit: Visit,
    /// All links, dead ones too.
    pub links: Vec<Link>,
    /// Everyone who ever came.
    pub participants: Vec<Participant>,
    /// Challenges of the visit.
    pub challenges: Vec<Challenge>,
    /// Messages that were owed.
    pub messages: Vec<Message>,
}

impl VisitFile {
    /// The file of a visit that was made just now.
    #[must_use]
    pub const fn of(visit: Visit) -> Self {
        Self { visit, links: vec![], participants: vec![], challenges: vec![], messages: vec![] }
    }
    /// A link by its id.
    #[must_use]
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.iter().find(|l| l.link_id == id)
    }
    /// A seat that somebody has taken.
    #[must_use]
    pub fn participant(&self, id: ParticipantId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.participant_id == id)
    }
    /// A challenge by its id.
    #[must_use]
    pub fn challenge(&self, id: ChallengeId) -> Option<&Challenge> {
        self.challenges.iter().find(|c| c.challenge_id == id)
    }
    /// The link of a role that can still be sent.
    #[must_use]
    pub fn live_link(&self, role: Role, now: Time) -> Option<&Link> {
        self.links
            .iter()
            .find(|l| l.role == role && l.status != LinkStatus::Revoked && now < l.expires_at && l.sealed.is_some())
    }
    /// Whether so many wrong answers were given that a factor is closed for a seat.
    #[must_use]
    pub fn is_closed(&self, seat: ParticipantId, factor: Factor) -> bool {
        let of_factor = self.challenges.iter().filter(|c| c.participant_id == seat && c.factor == factor);
        of_factor.fold(0_u32, |sum, c| sum.saturating_add(c.failures)) >= most_failures(factor)
    }
    /// Who waits, the one who came first in front. Nobody waits in a visit that is over.
    pub fn waiting(&self) -> impl Iterator<Item = &Participant> {
        let mut waiting: Vec<_> = self.participants.iter().filter(|p| p.status == ParticipantStatus::Waiting).collect();
        waiting.sort_by_key(|p| (p.arrived_at, p.participant_id));
        waiting.into_iter()
    }
    /// The place of a participant among those who wait, from 1.
    #[must_use]
    pub fn position(&self, id: ParticipantId) -> u32 {
        let before = self.waiting().take_while(|p| p.participant_id != id).count();
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }
}
