//! A seat in a visit, and who sits on it.

use crate::access::{Role, VerifiedBy};
use crate::id::{ParticipantId, SessionId, TenantId, VisitId};
use crate::jose::Thumbprint;
use crate::link::Owner;
use crate::parse::word_enum;
use crate::person::Country;
use crate::presence::Presence;
use crate::secret::Sealed;
use crate::time::Time;
use serde::{Deserialize, Serialize};

word_enum! {
    /// Where a participant stands: `WAITING → ADMITTED → JOINED → LEFT`, or `REJECTED`, `REMOVED`.
    pub enum ParticipantStatus: "Must be a participant's status." {
        /// Waits to be admitted.
        Waiting = "WAITING",
        /// May have media.
        Admitted = "ADMITTED",
        /// Has media.
        Joined = "JOINED",
        /// Had media, and may come back.
        Left = "LEFT",
        /// Was turned away.
        Rejected = "REJECTED",
        /// Was taken out.
        Removed = "REMOVED",
    }
}

impl ParticipantStatus {
    /// Whether they were admitted and not taken out: media is theirs. Admission belongs to the person.
    #[must_use]
    pub const fn is_admitted(self) -> bool {
        match self {
            Self::Admitted | Self::Joined | Self::Left => true,
            Self::Waiting | Self::Rejected | Self::Removed => false,
        }
    }
    /// Whether the person was turned away or taken out.
    #[must_use]
    pub const fn is_out(self) -> bool {
        match self {
            Self::Rejected | Self::Removed => true,
            Self::Waiting | Self::Admitted | Self::Joined | Self::Left => false,
        }
    }
}

/// The one live session of a seat: whatever else was handed out before has stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// `sid` of its token.
    pub session_id: SessionId,
    /// The device key that it is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<Thumbprint>,
    /// When it was opened.
    pub opened_at: Time,
    /// From where it was opened (recorded; compared with binding `strict`).
    pub address: String,
    /// The browser family that opened it, likewise.
    pub browser: String,
    /// The countries that it was used from, as far as the edge network knew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
}

/// A session that has been to so many countries is told of as often as it is worth.
const MOST_COUNTRIES: usize = 8;

impl Session {
    /// Notes a country that it was not used from before: whether that is to be told. The first one that is known at all
    /// is where it comes from.
    pub fn moves_to(&mut self, country: &Country) -> bool {
        if self.countries.contains(country) || self.countries.len() >= MOST_COUNTRIES {
            return false;
        }
        self.countries.push(country.clone());
        self.countries.len() > 1
    }
}

/// The media credentials of a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaGrant {
    /// Of the meeting that they are for.
    pub epoch: u32,
    /// The provider's id of the attendee.
    pub attendee_id: String,
    /// The session that they were given to: another device gets others, and these are taken back.
    pub session_id: SessionId,
    /// When they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Time>,
    /// The attendee with its token, sealed, so that coming back gets the same.
    pub attendee: Sealed,
}

/// How long a seat may be silent before its holder counts as gone: three missed polls of 4 s, and some.
pub const SILENT_SEAT_MILLIS: i64 = 15_000;

/// A participant, as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// The seat.
    pub participant_id: ParticipantId,
    /// Whose visit it is.
    pub tenant: TenantId,
    /// Which visit.
    pub visit_id: VisitId,
    /// As whom.
    pub role: Role,
    /// Where they stand.
    pub status: ParticipantStatus,
    /// Since when.
    pub since: Time,
    /// When they first came: who came first waits first.
    pub arrived_at: Time,
    /// When they were heard of last. Polls write it alone, outside of the audit chain.
    pub last_seen_at: Time,
    /// Whose seat it is, where no link says so: of somebody who came by the public code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// The live session; none after a rejection, a removal, the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Session>,
    /// A name that they typed or were given, sealed; without one the name on record counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Sealed>,
    /// What they have shown.
    pub verified_by: Vec<VerifiedBy>,
    /// When they first were in the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Time>,
    /// When they were in the call, as far as its carrier has told.
    #[serde(default, skip_serializing_if = "Presence::is_unknown")]
    pub presence: Presence,
    /// Media credentials, once they had some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaGrant>,
}

impl Participant {
    /// Moves them on, if that is a change.
    pub fn become_status(&mut self, status: ParticipantStatus, now: Time) -> bool {
        let changes = self.status != status;
        if changes {
            self.status = status;
            self.since = now;
            if status == ParticipantStatus::Joined {
                self.joined_at.get_or_insert(now);
            } else if self.presence.newest().is_some_and(|(_, is_there)| is_there) {
                // Of whom we have sent away, or who said goodbye, the carrier need not tell any more.
                self.presence.note(now, false);
            }
        }
        changes
    }

    /// Whether somebody else with the same link may take the seat: its holder waits, was never admitted, and is silent.
    #[must_use]
    pub fn is_seat_free(&self, now: Time) -> bool {
        self.status == ParticipantStatus::Waiting && now.since(self.last_seen_at) > SILENT_SEAT_MILLIS
    }

    /// Whether they came by the public code, on a seat of their own.
    #[must_use]
    pub const fn came_by_code(&self) -> bool {
        self.owner.is_some()
    }

    /// Notes what they have shown besides.
    pub fn verified(&mut self, by: VerifiedBy) {
        if !self.verified_by.contains(&by) {
            self.verified_by.push(by);
        }
    }
}
