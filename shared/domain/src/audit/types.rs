//! The closed lists of the contract: what is recorded, and in which roles people act.

use crate::parse::{Invalid, from_body};
use serde::{Deserialize, Serialize};

/// An enum of unit variants whose text in JSON is fixed by the contract.
macro_rules! texts {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $text:literal,)+ }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        $(#[$outer])*
        pub enum $name {
            $($(#[$inner])* #[serde(rename = $text)] #[schema(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every one, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The text in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

texts! {
    #[schema(as = AuditType)]
    /// What an audit record speaks of.
    EventType {
        /// A visit was made.
        VisitScheduled = "VISIT_SCHEDULED",
        /// A link was made.
        TokenIssued = "TOKEN_ISSUED",
        /// A link was looked at or spent.
        TokenRedeemed = "TOKEN_REDEEMED",
        /// A link's time ran out.
        TokenExpired = "TOKEN_EXPIRED",
        /// A link was withdrawn or replaced.
        TokenRevoked = "TOKEN_REVOKED",
        /// A message was handed to its carrier.
        NotificationSent = "NOTIFICATION_SENT",
        /// The carrier reported a message's arrival.
        NotificationDelivered = "NOTIFICATION_DELIVERED",
        /// A message could not be sent or delivered.
        NotificationFailed = "NOTIFICATION_FAILED",
        /// The first person was admitted to media.
        VisitStarted = "VISIT_STARTED",
        /// Someone entered the call.
        ParticipantJoined = "PARTICIPANT_JOINED",
        /// Someone left the call.
        ParticipantLeft = "PARTICIPANT_LEFT",
        /// The visit is over.
        VisitEnded = "VISIT_ENDED",
        /// A new link was sent in place of an old one.
        LinkResent = "LINK_RESENT",
        /// A recording began.
        RecordingStarted = "RECORDING_STARTED",
        /// A recording ended.
        RecordingStopped = "RECORDING_STOPPED",
        /// Something technical spoiled the visit.
        TechnicalIssue = "TECHNICAL_ISSUE",
        /// A visit was asked for, not yet confirmed.
        VisitRequested = "VISIT_REQUESTED",
        /// A visit was moved.
        VisitRescheduled = "VISIT_RESCHEDULED",
        /// A visit was called off.
        VisitCancelled = "VISIT_CANCELLED",
        /// A spent link was tried by someone else.
        TokenReuseBlocked = "TOKEN_REUSE_BLOCKED",
        /// A challenge was sent.
        ChallengeSent = "CHALLENGE_SENT",
        /// A challenge was answered rightly.
        ChallengePassed = "CHALLENGE_PASSED",
        /// A challenge was answered wrongly.
        ChallengeFailed = "CHALLENGE_FAILED",
        /// Someone sits in the waiting room.
        ParticipantWaiting = "PARTICIPANT_WAITING",
        /// Someone was let in.
        ParticipantAdmitted = "PARTICIPANT_ADMITTED",
        /// Someone was turned away.
        ParticipantRejected = "PARTICIPANT_REJECTED",
        /// Someone was put out of the call.
        ParticipantRemoved = "PARTICIPANT_REMOVED",
        /// A seat moved to another device.
        SessionRebound = "SESSION_REBOUND",
        /// Consent was given or withheld.
        ConsentRecorded = "CONSENT_RECORDED",
        /// A session came from an unexpected country.
        LocationAlert = "LOCATION_ALERT",
        /// Protected health information was read.
        PhiRead = "PHI_READ",
        /// A person's contact data changed.
        ContactChanged = "CONTACT_CHANGED",
        /// An API key was made.
        KeyCreated = "KEY_CREATED",
        /// An API key was withdrawn.
        KeyRevoked = "KEY_REVOKED",
        /// The tenant's settings changed.
        SettingsChanged = "SETTINGS_CHANGED",
    }
}

impl EventType {
    /// # Errors
    /// When it is none of the list.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL.iter().find(|one| one.as_str() == text).copied().ok_or(Invalid("Must be a type of audit event."))
    }
}

from_body!(EventType);

texts! {
    /// In which role someone acted.
    ActorRole {
        /// A signed-in administrator.
        Admin = "admin",
        /// A clinician, by link or sign-in.
        Clinician = "clinician",
        /// A signed-in auditor.
        Auditor = "auditor",
        /// A patient, by link or portal.
        Patient = "patient",
        /// A guest of the visit.
        Guest = "guest",
        /// An interpreter.
        Interpreter = "interpreter",
        /// A secret key: a lander's server or an EHR.
        Scheduler = "scheduler",
        /// A publishable key: a lander's page.
        Publishable = "publishable",
        /// Nobody known.
        Public = "public",
        /// Bedside itself.
        System = "system",
    }
}
