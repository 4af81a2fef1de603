//! The visit session, and who is let in.

use super::Caller::{Desk, May, Seated};
use super::Operation;
use bedside_domain::audit::EventType as E;
use bedside_domain::permit::Action as A;
use bedside_domain::visit::VisitStatus as V;

const TAG: &str = "In the visit";
const LIVE: [V; 2] = [V::Scheduled, V::Active];
/// All but a visit that nobody has confirmed: nobody sits in one.
const SEATED: [V; 6] = [V::Scheduled, V::Active, V::Completed, V::Technical, V::Cancelled, V::NoShow];

pub(super) fn all() -> Vec<Operation> {
    [session(), desk()].concat()
}

fn session() -> Vec<Operation> {
    vec![
        Operation::new("GET", "/api/session", "get-session")
            .about(TAG, "Where one stands", "A change of `media.epoch` means: call join-session again.")
            .by(&[Seated])
            .with(&["People"])
            .within(&SEATED)
            .records(&[E::LocationAlert])
            .answers(200, "Session", "Status, place in the queue, media epoch, when to ask again"),
        Operation::new("POST", "/api/session/join", "join-session")
            .about(
                TAG,
                "Get media once admitted, and again after a drop",
                "A meeting that the provider has ended is made anew under the next epoch. NOT_ADMITTED also for those rejected or removed.",
            )
            .by(&[Seated])
            .within(&LIVE)
            .records(&[E::ParticipantJoined, E::LocationAlert])
            .may_take("Empty")
            .answers(200, "JoinSessionResponse", "Media to join; the same again after a drop")
            .refuses(&["NOT_ADMITTED", "VISIT_ENDED", "VISIT_CANCELLED", "MEDIA_UNAVAILABLE"]),
        Operation::new("POST", "/api/session/leave", "leave-session")
            .about(TAG, "Leave", "204 again when repeated or after the end.")
            .by(&[Seated])
            .within(&SEATED)
            .records(&[E::ParticipantLeft])
            .may_take("Empty")
            .answers_nothing("Left; coming back is possible until the visit closes"),
        Operation::new("POST", "/api/session/consent", "record-consent")
            .about(TAG, "Give or refuse consent", "The answer says what was recorded, and when.")
            .by(&[Seated])
            .within(&LIVE)
            .records(&[E::ConsentRecorded])
            .takes("RecordConsentRequest")
            .answers(201, "Consent", "Recorded")
            .refuses(&["VISIT_ENDED", "VISIT_CANCELLED"]),
    ]
}

fn desk() -> Vec<Operation> {
    let move_on = |what: &'static str, function, action, summary, text, audit: &[E]| {
        Operation::new("POST", what, function)
            .about(TAG, summary, text)
            .by(&[May(action), Desk])
            .within(&LIVE)
            .records(audit)
            .with(&["IdempotencyKey"])
            .may_take("Empty")
            .answers(200, "ParticipantStatusResponse", "The participant's status now")
            .refuses(&["PARTICIPANT_STATE", "VISIT_STATE"])
    };
    vec![
        Operation::new("GET", "/api/visits/{visitId}/participants", "list-participants")
            .about(
                TAG,
                "Who waits, who is in",
                "Not paged. The clinician may have come by link: their session reads it too.",
            )
            .by(&[May(A::ListParticipants), Desk])
            .within(V::ALL)
            .answers(200, "ParticipantList", "Everyone of the visit, longest waiting first"),
        move_on(
            "/api/visits/{visitId}/participants/{participantId}/admit",
            "admit-participant",
            A::AdmitParticipant,
            "Let someone in",
            "Admission belongs to the participant, not to the connection. Also for someone who failed a factor. Allowed from: WAITING. A participant who is in already: 200 again.",
            &[E::ParticipantAdmitted, E::VisitStarted],
        ),
        move_on(
            "/api/visits/{visitId}/participants/{participantId}/reject",
            "reject-participant",
            A::RejectParticipant,
            "Turn someone away",
            "Turns away someone who waits. Allowed from: WAITING. Repeated: 200 again.",
            &[E::ParticipantRejected],
        ),
        move_on(
            "/api/visits/{visitId}/participants/{participantId}/remove",
            "remove-participant",
            A::RemoveParticipant,
            "Take someone out of the call",
            "Takes someone out of the call; their session ends. Allowed from: ADMITTED, JOINED, LEFT. Repeated: 200 again.",
            &[E::ParticipantRemoved],
        ),
    ]
}
