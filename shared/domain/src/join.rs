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
    /// Whether they come from another country than expected, and the practice wants to see more of a patient then.
    pub is_far: bool,
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

/// What somebody of that role has to prove: what the policy asks for, and a code to the phone of a patient who comes
/// from far away, where the practice wants that.
#[must_use]
pub fn wanted(visit: &Visit, role: Role, arrival: &Arrival<'_>) -> Vec<Factor> {
    let mut wanted = visit.access.factors_for(role).to_vec();
    if arrival.is_far && role == Role::Patient && !wanted.contains(&Factor::SmsOtp) {
        wanted.push(Factor::SmsOtp);
    }
    wanted
}

/// The factors among `wanted` that no proof of the caller's shows for that seat.
#[must_use]
pub fn missing(file: &VisitFile, seat: ParticipantId, arrival: &Arrival<'_>, wanted: &[Factor]) -> Vec<Factor> {
    wanted.iter().copied().filter(|factor| !is_proven(file, seat, arrival, *factor)).collect()
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
                let wanted = wanted(visit, link.role, arrival);
                let missing = missing(file, link.participant_id, arrival, &wanted);
                if missing.is_empty() {
                    Decision::Spend(shown(VerifiedBy::Link, &wanted))
                } else if missing.iter().all(|factor| cannot_be_shown(file, link.role, link.participant_id, *factor)) {
                    Decision::SpendAndWait(shown(VerifiedBy::Link, &without(&wanted, &missing)))
                } else {
                    Decision::Refuse(unverified(visit, link.role, missing))
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
        return Decision::Move(shown(VerifiedBy::Link, &[Factor::SmsOtp]));
    }
    if !seat.is_some_and(|seat| seat.is_seat_free(arrival.now)) {
        return used;
    }
    // A robot that pressed first keeps nobody out; but what the policy asks for is asked of the next one too.
    let wanted = wanted(&file.visit, link.role, arrival);
    let missing = missing(file, link.participant_id, arrival, &wanted);
    if missing.is_empty() {
        Decision::Move(shown(VerifiedBy::Link, &wanted))
    } else {
        Decision::Refuse(unverified(&file.visit, link.role, missing))
    }
}

const fn unverified(visit: &Visit, role: Role, factors: Vec<Factor>) -> Refusal {
    Refusal::Unverified { factors, waits: visit.access.waits(role) }
}

/// Whether a patient has no way left to show a factor: too many wrong answers, or no phone on record. (A clinician can
/// always sign in.)
fn cannot_be_shown(file: &VisitFile, role: Role, seat: ParticipantId, factor: Factor) -> bool {
    let no_phone = !file.visit.patient_has_phone && !matches!(factor, Factor::EmailLink);
    matches!(role, Role::Patient) && (no_phone || file.is_closed(seat, factor))
}

fn without(wanted: &[Factor], missing: &[Factor]) -> Vec<Factor> {
    wanted.iter().copied().filter(|factor| !missing.contains(factor)).collect()
}

fn shown(first: VerifiedBy, factors: &[Factor]) -> Vec<VerifiedBy> {
    std::iter::once(first).chain(factors.iter().copied().map(VerifiedBy::from)).collect()
}

/// So many people sit in a visit by its public code, those who went silent aside. Nobody needs more; whoever floods the
/// waiting room stops here.
pub const MOST_BY_CODE: usize = 8;

/// What is to be done with somebody who has the public code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByCode {
    /// They sit down to wait, whatever the policy says; these were shown. Where the room is full of seats, on the one
    /// whose holder has been silent for longest.
    Sit(Vec<VerifiedBy>, Option<ParticipantId>),
    /// They sit there already.
    Resume(ParticipantId),
    /// Too many sit there.
    Full,
    /// No.
    Refuse(Refusal),
}

/// Whether a public code leads to the visit at all: from when it is booked until it is over or has closed.
#[must_use]
pub fn has_public_door(visit: &Visit, now: Time) -> bool {
    visit.meeting_code.is_some() && visit.status.is_live() && now < visit.closes_at
}

/// What is to be done with somebody who came by the public code of a visit that has one now. Everyone who does has a
/// seat of their own, as the patient: it shows nothing about who they are, and takes nobody's place.
#[must_use]
pub fn decide_by_code(file: &VisitFile, arrival: &Arrival<'_>) -> ByCode {
    let visit = &file.visit;
    if arrival.now < visit.opens_at {
        return ByCode::Refuse(Refusal::NotOpen);
    }
    if visit.access.binding != Binding::Preferred && arrival.thumbprint.is_none() {
        return ByCode::Refuse(Refusal::DeviceKeyRequired);
    }
    let by_code = || file.participants.iter().filter(|seat| seat.came_by_code());
    let is_own = |seat: &&Participant| seat.owner.as_ref().is_some_and(|owner| owner.is(&arrival.owner, arrival.now));
    if let Some(own) = by_code().find(is_own) {
        let id = own.participant_id;
        return if own.status.is_out() { ByCode::Refuse(Refusal::Out) } else { ByCode::Resume(id) };
    }
    // Codes go to the patient's own phone, and are asked and answered for the patient's own seat.
    let wanted = wanted(visit, Role::Patient, arrival);
    let missing = missing(file, visit.patient_seat, arrival, &wanted);
    if !missing.iter().all(|factor| cannot_be_shown(file, Role::Patient, visit.patient_seat, *factor)) {
        return ByCode::Refuse(Refusal::Unverified { factors: missing, waits: true });
    }
    let shown = shown(VerifiedBy::MeetingCode, &without(&wanted, &missing));
    if by_code().count() < MOST_BY_CODE {
        return ByCode::Sit(shown, None);
    }
    let silent = by_code().filter(|seat| seat.is_seat_free(arrival.now)).min_by_key(|seat| seat.last_seen_at);
    match silent {
        Some(seat) => ByCode::Sit(shown, Some(seat.participant_id)),
        None => ByCode::Full,
    }
}
