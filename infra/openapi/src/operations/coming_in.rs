//! From a link or a code to the waiting room.

use super::Caller::{May, Page, Public};
use super::{Limit, MISSES, Operation, limit};
use bedside_domain::audit::EventType as E;
use bedside_domain::permit::Action as A;
use bedside_domain::visit::VisitStatus as V;

const TAG: &str = "Coming in";
const LIVE: [V; 2] = [V::Scheduled, V::Active];
/// What coming in records, however one came.
const IN: [E; 6] = [
    E::ParticipantWaiting,
    E::ParticipantAdmitted,
    E::VisitStarted,
    E::ParticipantJoined,
    E::SessionRebound,
    E::LocationAlert,
];

pub(super) fn all() -> Vec<Operation> {
    [links(), sign_in(), public_code(), challenges()].concat()
}

fn links() -> Vec<Operation> {
    vec![
        Operation::new("POST", "/api/token/redeem", "check-link")
            .about(
                TAG,
                "Look at a link",
                "With the right secret or a valid signature answers are precise, otherwise always 401 TOKEN_INVALID. With a `DPoP` proof of the key that spent the link: 200 with `resumable: true`. The bodies of 401 TOKEN_INVALID, 409 and 410 carry `valid: false`.",
            )
            .by(&[Public])
            .within(&LIVE)
            .limited(&MISSES)
            .with(&["DPoP"])
            .takes("Credential")
            .answers(200, "CheckLinkResponse", "What the link is for. Nothing is consumed")
            .refuses(&["TOKEN_INVALID", "TOKEN_USED", "VISIT_ENDED", "VISIT_CANCELLED", "TOKEN_EXPIRED", "TOKEN_REVOKED"])
            .of_link(),
        Operation::new("POST", "/api/visits/{visitId}/start", "start-visit")
            .about(
                TAG,
                "Spend a link and come in",
                "A link admits one person once. The owner is the device key of the `DPoP` proof, without one the `Idempotency-Key`, without either nobody. The same owner gets the same answer again; any other 409 TOKEN_USED. A failure never burns the link: after 503 MEDIA_UNAVAILABLE the same owner goes on. A `visitId` that is not the credential's is 401 TOKEN_INVALID; 404 comes only for a path that is no route.",
            )
            .by(&[Public])
            .within(&LIVE)
            .records(&[vec![E::TokenRedeemed, E::TokenReuseBlocked], IN.to_vec()].concat())
            .limited(&MISSES)
            .with(&["DPoP", "OwnerKey"])
            .takes("StartVisitRequest")
            .answers(200, "StartedResponse", "Admitted: media and a visit session")
            .answers(202, "WaitingResponse", "Waiting to be admitted, with a visit session")
            .refuses(&[
                "DEVICE_KEY_REQUIRED",
                "TOKEN_INVALID",
                "VERIFICATION_REQUIRED",
                "VISIT_NOT_OPEN",
                "TOKEN_USED",
                "VISIT_ENDED",
                "VISIT_CANCELLED",
                "PARTICIPANT_STATE",
                "TOKEN_EXPIRED",
                "TOKEN_REVOKED",
                "MEDIA_UNAVAILABLE",
            ]),
        Operation::new("POST", "/api/links/renew", "renew-link")
            .about(
                TAG,
                "Ask for a new link in place of a dead one",
                "A new link goes only to the registered phone and e-mail. Beyond a link's own limits nothing is sent and it is still 202; only the address's limit gives 429.",
            )
            .by(&[Public])
            .within(&LIVE)
            .records(&[E::LinkResent, E::TokenRevoked, E::TokenIssued, E::NotificationSent, E::NotificationFailed])
            .limited(&[
                limit("link", "sends", 1, "PT60S"),
                limit("link", "sends", 5, "PT1H"),
                limit("address", "requests", 5, "PT10M"),
            ])
            .takes("Credential")
            .answers(202, "Empty", "Always the same, whether or not something is sent"),
    ]
}

fn sign_in() -> Vec<Operation> {
    vec![
        Operation::new("POST", "/api/visits/{visitId}/start-authenticated", "start-visit-authenticated")
            .about(
                TAG,
                "Come in by sign-in, without a link",
                "The same as start-visit for a signed-in patient or clinician of the visit. Whoever signs in again on another device moves the session there.",
            )
            .by(&[May(A::StartVisitAuthenticated)])
            .within(&LIVE)
            .records(&IN)
            .with(&["DPoP", "OwnerKey"])
            .takes("StartVisitAuthenticatedRequest")
            .answers(200, "StartedResponse", "Admitted: media and a visit session")
            .answers(202, "WaitingResponse", "Waiting to be admitted, with a visit session")
            .refuses(&[
                "DEVICE_KEY_REQUIRED",
                "VERIFICATION_REQUIRED",
                "VISIT_NOT_OPEN",
                "VISIT_STATE",
                "VISIT_ENDED",
                "VISIT_CANCELLED",
                "PARTICIPANT_STATE",
                "MEDIA_UNAVAILABLE",
            ]),
    ]
}

fn public_code() -> Vec<Operation> {
    vec![
        Operation::new("GET", "/api/join/{meetingCode}", "check-code")
            .about(
                TAG,
                "Look at a public meeting code",
                "Unknown, expired, ended and called off are one and the same 404. After too many misses of the address, or of everyone, a right code is refused too.",
            )
            .by(&[Public])
            .within(&LIVE)
            .limited(&MISSES)
            .answers(200, "CheckCodeResponse", "When it opens and what is asked. Nothing is consumed")
            .refuses(&["CODE_NOT_FOUND"]),
        Operation::new("POST", "/api/join/{meetingCode}", "join-by-code")
            .about(
                TAG,
                "Ask to come in with a public meeting code",
                "Never a role in the body: whoever comes by it sits on a seat of their own, as the patient who shows nothing but the code, and waits to be admitted, whatever the access policy. The owner of the seat is the device key, without one the `Idempotency-Key`; the same owner finds their seat again, with 200 once admitted.",
            )
            .by(&[Public])
            .within(&LIVE)
            .records(&[E::ParticipantWaiting, E::LocationAlert])
            .limited(&MISSES)
            .with(&["DPoP", "OwnerKey"])
            .takes("JoinByCodeRequest")
            .answers(200, "StartedResponse", "The same owner, admitted meanwhile: as start-visit")
            .answers(202, "WaitingResponse", "Waiting to be admitted, always at first")
            .refuses(&[
                "DEVICE_KEY_REQUIRED",
                "VERIFICATION_REQUIRED",
                "CODE_NOT_FOUND",
                "VISIT_NOT_OPEN",
                "PARTICIPANT_STATE",
                "MEDIA_UNAVAILABLE",
            ]),
    ]
}

fn challenges() -> Vec<Operation> {
    let tries = |per, tries| Limit { per, what: "tries", limit: Some(tries), window: None };
    vec![
        Operation::new("POST", "/api/challenges", "create-challenge")
            .about(
                TAG,
                "Ask for a code to prove who one is",
                "A link's credential (spent ones too, to move to this device), a public `meetingCode`, or `visitId` with the caller's own sign-in. Messages go only to registered addresses. The proof counts for the device key of this request. A resend resets no count.",
            )
            .by(&[Public, May(A::CreateChallenge)])
            .within(&LIVE)
            .records(&[E::ChallengeSent])
            .limited(&[
                limit("number", "sends", 1, "PT60S"),
                limit("number", "sends", 5, "PT1H"),
                limit("number", "sends", 10, "P1D"),
                Limit { per: "tenant", what: "sends", limit: None, window: Some("P1D") },
                MISSES[0],
                MISSES[1],
            ])
            .with(&["DPoP"])
            .takes("CreateChallengeRequest")
            .answers(202, "Challenge", "On its way to the registered address")
            .refuses(&[
                "TOKEN_INVALID",
                "CODE_NOT_FOUND",
                "NOT_FOUND",
                "VISIT_ENDED",
                "VISIT_CANCELLED",
                "TOKEN_EXPIRED",
                "TOKEN_REVOKED",
                "NO_CONTACT_FOR_CHANNEL",
            ]),
        Operation::new("POST", "/api/challenges/{challengeId}/answer", "answer-challenge")
            .about(
                TAG,
                "Answer a challenge",
                "Tries are counted before comparing. For a request of schedule-visit the right answer makes the visit SCHEDULED and sends the link. The device key is compared for `sms-otp` and `phone-last4`; an `email-link` may be confirmed in any browser and counts for the device that asked. The right answer again from the same device is 200 again.",
            )
            .by(&[Public, Page])
            .within(&[V::Requested, V::Scheduled, V::Active])
            .records(&[
                E::ChallengePassed,
                E::ChallengeFailed,
                E::VisitScheduled,
                E::TokenIssued,
                E::NotificationSent,
                E::NotificationFailed,
            ])
            .limited(&[tries("challenge sms-otp", 5), tries("challenge phone-last4", 3), MISSES[0]])
            .with(&["DPoP"])
            .takes("AnswerChallengeRequest")
            .answers(200, "AnswerChallengeResponse", "Answered: the id is now the proof")
            .refuses(&["CHALLENGE_FAILED", "CHALLENGE_EXPIRED"]),
    ]
}
