//! The outbox: a message that is owed, in the same transaction as the change that owes it.

use crate::access::Role;
use crate::delivery::{Delivery, MessageStatus, Transport};
use crate::id::{ChallengeId, ClinicianId, LinkId, MessageId, ParticipantId, TenantId, VisitId};
use crate::message::Template;
use crate::time::{Duration, SlotTime, Time};
use serde::{Deserialize, Serialize};

/// Tries in all, the first one included.
pub const TRIES: u32 = 6;

/// The clinician whose visit it was, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Former {
    /// Who.
    pub clinician_id: ClinicianId,
    /// When it was to begin.
    pub scheduled_at: SlotTime,
    /// How long it was to take.
    pub duration: Duration,
}

/// A message, as it stands in the table. Its words are not kept: they are made anew from what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub message_id: MessageId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which visit it is about.
    pub visit_id: VisitId,
    /// Which words.
    pub template: Template,
    /// How it travels.
    pub transport: Transport,
    /// To whom.
    pub role: Role,
    /// Whose seat it is about.
    pub participant_id: ParticipantId,
    /// Whom it is for and of which time it speaks, where the visit has gone to another clinician since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
    /// The link that it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<LinkId>,
    /// The challenge whose answer it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge_id: Option<ChallengeId>,
    /// To whom, masked.
    pub to: String,
    /// Where it stands.
    pub status: MessageStatus,
    /// Since when.
    pub at: Time,
    /// Tries so far.
    pub tries: u32,
    /// The carrier's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// When it is to be tried (again); a lease moves this on. None when nothing is owed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Time>,
    /// When it was asked for.
    pub created_at: Time,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier took it, under this id.
    Sent(String),
    /// The person does not want texts.
    OptedOut,
    /// It will never go: the address is refused, or what it was about is gone.
    Refused,
    /// The carrier could not be reached, or is busy.
    Unavailable,
}

impl Message {
    /// What a list tells of it: messages to the patient, but for one-time codes, second links and answers to texts.
    #[must_use]
    pub fn delivery(&self) -> Option<(Transport, Delivery)> {
        let told = self.role == Role::Patient && self.challenge_id.is_none() && !self.template.is_answer();
        let delivery = Delivery { message_id: self.message_id, status: self.status, at: self.at };
        told.then_some((self.transport, delivery))
    }

    /// As it is told to whoever asked for it: what has not gone has failed so far, and stays owed.
    #[must_use]
    pub fn as_told(self) -> Self {
        match self.status {
            MessageStatus::Pending => Self { status: MessageStatus::Failed, ..self },
            MessageStatus::Sent | MessageStatus::Delivered | MessageStatus::Failed | MessageStatus::OptedOut => self,
        }
    }

    /// Notes what came of a try, and when the next one is due: after 30 s, 1, 2, 4 and 8 minutes.
    pub fn tried(&mut self, outcome: Outcome, now: Time) {
        self.tries = self.tries.saturating_add(1);
        self.at = now;
        self.due_at = None;
        match outcome {
            Outcome::Sent(id) => {
                self.status = MessageStatus::Sent;
                self.provider_id = Some(id);
            }
            Outcome::OptedOut => self.status = MessageStatus::OptedOut,
            Outcome::Refused => self.status = MessageStatus::Failed,
            Outcome::Unavailable => {
                self.status = MessageStatus::Failed;
                if self.tries < TRIES {
                    self.due_at = Some(now.plus_seconds(30_i64 << self.tries.saturating_sub(1).min(8)));
                }
            }
        }
    }
}
