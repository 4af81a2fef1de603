//! The decision about a link: spend it, go on with it, take its silent seat, or refuse.
//!
//! Pure, so that it can be checked exhaustively; the transaction that follows holds the same conditions again.

use crate::access::{Binding, Factor, Role, VerifiedBy};
use crate::file::VisitFile;
use crate::id::{ChallengeId, ParticipantId};
use crate::jose::Thumbprint;
use crate::link::{Link, LinkStatus, Owner};
use crate::participant::Participant;
use crate::time::Time;
use crate::visit::{Visit, VisitStatus};

/// Who is at the door.
#[derive(Debug, Clone)]
pub struct Arrival<'a> {
    /// Whom the link would belong to.
    pub owner: Owner,
    /// The device key, when one was proven.
    pub thumbprint: Option<&'a Thumbprint>,
    /// Challenges that they say they answered.
    pub proofs: &'a [ChallengeId],
    /// The time.
    pub now: Time,
}

/// Why somebody cannot come in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The visit was called off.
    Cancelled,
    /// The visit is over.
    Ended,
    /// A newer link took this one's place.
    Revoked,
    /// Past its time.
    Expired,
    /// Too early. Nothing is spent.
    NotOpen,
    /// The policy asks for a device key.
    DeviceKeyRequired,
    /// Something is still to be proven.
    Unverified {
        /// What.
        factors: Vec<Factor>,
        /// Whether one waits afterwards.
        waits: bool,
    },
    /// Spent by somebody else; whether a one-time code may move it here.
    Used {
        /// To the registered phone.
        movable: bool,
    },
    /// The person was turned away or taken out.
    Out,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Spend it: these were shown.
    Spend(Vec<VerifiedBy>),
    /// Spend it, but wait whatever the policy says: something that it asks for can no longer be shown, and a person must
    /// look. So nobody's guesses can keep a patient out.
    SpendAndWait(Vec<VerifiedBy>),
    /// The owner is back: the same answer again.
    Resume,
    /// Move the seat here, from a holder who is silent or by a code to the registered phone; these were shown.
    Move(Vec<VerifiedBy>),
    /// No.
    Refuse(Refusal),
}

/// Whether anyone may come into the visit now.
///
/// # Errors
/// When it is over, called off, or not open yet.
pub fn admits_now(visit: &Visit, now: Time) -> Result<(), Refusal> {
    is_live(visit)?;
    if now < visit.opens_at {
        return Err(Refusal::NotOpen);
    }
    if now >= visit.closes_at { Err(Refusal::Ended) } else { Ok(()) }
}

/// Whether the visit is still to come or under way.
///
/// # Errors
/// When it is over or called off.
pub const fn is_live(visit: &Visit) -> Result<(), Refusal> {
    match visit.status {
        VisitStatus::Cancelled => Err(Refusal::Cancelled),
        VisitStatus::Completed | VisitStatus::Technical | VisitStatus::NoShow => Err(Refusal::Ended),
        VisitStatus::Requested | VisitStatus::Scheduled | VisitStatus::Active => Ok(()),
    }
}

/// The factors among `wanted` that no proof of the caller's shows for that link's seat.
#[must_use]
pub fn missing(file: &VisitFile, link: &Link, arrival: &Arrival<'_>, wanted: &[Factor]) -> Vec<Factor> {
    wanted.iter().copied().filter(|factor| !is_proven(file, link.participant_id, arrival, *factor)).collect()
}

/// Whether a proof of the caller's shows the factor for that seat.
#[must_use]
pub fn is_proven(file: &VisitFile, seat: ParticipantId, arrival: &Arrival<'_>, factor: Factor) -> bool {
    arrival
        .proofs
        .iter()
        .filter_map(|id| file.challenge(*id))
        .any(|challenge| challenge.factor == factor && challenge.proves(seat, arrival.thumbprint, arrival.now))
}

/// Whether a spent link's seat can be moved by a one-time code: there must be a phone on record to send it to.
#[must_use]
pub const fn is_movable(visit: &Visit, role: Role) -> bool {
    match role {
        Role::Patient => visit.patient_has_phone,
        Role::Clinician => true,
        Role::Guest | Role::Interpreter => false,
    }
}

/// What is to be done with a link that was proven (right secret, or a valid signature).
#[must_use]
pub fn decide(file: &VisitFile, link: &Link, arrival: &Arrival<'_>) -> Decision {
    let visit = &file.visit;
    let seat = file.participant(link.participant_id);
    match refuse_early(visit, link, seat, arrival) {
        Err(refusal) => Decision::Refuse(refusal),
        Ok(()) => match link.status {
            LinkStatus::Revoked => Decision::Refuse(Refusal::Revoked),
            LinkStatus::Redeemed => decide_redeemed(file, link, seat, arrival),
            LinkStatus::Active => {
                let wanted = visit.access.factors_for(link.role);
                let missing = missing(file, link, arrival, wanted);
                if missing.is_empty() {
                    Decision::Spend(shown(wanted))
                } else if missing.iter().all(|factor| cannot_be_shown(file, link, *factor)) {
                    let shown_ones: Vec<_> =
                        wanted.iter().copied().filter(|factor| !missing.contains(factor)).collect();
                    Decision::SpendAndWait(shown(&shown_ones))
                } else {
                    unverified(file, link, missing)
                }
            }
        },
    }
}

fn refuse_early(visit: &Visit, link: &Link, seat: Option<&Participant>, arrival: &Arrival<'_>) -> Result<(), Refusal> {
    is_live(visit)?;
    if link.status == LinkStatus::Revoked {
        return Err(Refusal::Revoked);
    }
    // Whoever came in can come back until the visit closes, even when the link itself has grown old.
    let is_owner = link.owner.as_ref().is_some_and(|owner| owner.is(&arrival.owner, arrival.now));
    let dies_at = if is_owner { visit.closes_at } else { link.expires_at.min(visit.closes_at) };
    if arrival.now >= dies_at {
        return Err(Refusal::Expired);
    }
    if arrival.now < visit.opens_at {
        return Err(Refusal::NotOpen);
    }
    if visit.access.binding != Binding::Preferred && arrival.thumbprint.is_none() {
        return Err(Refusal::DeviceKeyRequired);
    }
    if seat.is_some_and(|seat| seat.status.is_out()) { Err(Refusal::Out) } else { Ok(()) }
}

fn decide_redeemed(file: &VisitFile, link: &Link, seat: Option<&Participant>, arrival: &Arrival<'_>) -> Decision {
    let used = Decision::Refuse(Refusal::Used { movable: is_movable(&file.visit, link.role) });
    if link.owner.as_ref().is_some_and(|owner| owner.is(&arrival.owner, arrival.now)) {
        // A seat that has moved on since (by sign-in or a newer link) is not the old owner's any more.
        let holds = seat.and_then(|seat| seat.session.as_ref()).map(|session| session.session_id) == link.session_id;
        return if holds { Decision::Resume } else { used };
    }
    if is_proven(file, link.participant_id, arrival, Factor::SmsOtp) {
        return Decision::Move(shown(&[Factor::SmsOtp]));
    }
    if !seat.is_some_and(|seat| seat.is_seat_free(arrival.now)) {
        return used;
    }
    // A robot that pressed first keeps nobody out; but what the policy asks for is asked of the next one too.
    let wanted = file.visit.access.factors_for(link.role);
    let missing = missing(file, link, arrival, wanted);
    if missing.is_empty() { Decision::Move(shown(wanted)) } else { unverified(file, link, missing) }
}

const fn unverified(file: &VisitFile, link: &Link, factors: Vec<Factor>) -> Decision {
    Decision::Refuse(Refusal::Unverified { factors, waits: file.visit.access.waits(link.role) })
}

/// Whether a patient has no way left to show a factor: too many wrong answers, or no phone on record. (A clinician can
/// always sign in.)
fn cannot_be_shown(file: &VisitFile, link: &Link, factor: Factor) -> bool {
    let no_phone = !file.visit.patient_has_phone && !matches!(factor, Factor::EmailLink);
    matches!(link.role, Role::Patient) && (no_phone || file.is_closed(link.participant_id, factor))
}

fn shown(factors: &[Factor]) -> Vec<VerifiedBy> {
    std::iter::once(VerifiedBy::Link).chain(factors.iter().copied().map(VerifiedBy::from)).collect()
}
