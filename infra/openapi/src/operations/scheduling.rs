//! Visits, links, messages, audit.

use super::Caller::{Desk, May};
use super::{Limit, Operation, limit};
use bedside_domain::audit::EventType as E;
use bedside_domain::permit::Action as A;
use bedside_domain::visit::VisitStatus as V;

const TAG: &str = "Scheduling";
const LIVE: [V; 2] = [V::Scheduled, V::Active];
const DAILY: [Limit; 3] = [daily("number", "messages"), daily("visit", "messages"), daily("tenant", "messages")];

const fn daily(per: &'static str, what: &'static str) -> Limit {
    Limit { per, what, limit: None, window: Some("P1D") }
}

pub(super) fn all() -> Vec<Operation> {
    [visits(), messages(), page()].concat()
}

fn visits() -> Vec<Operation> {
    vec![
        Operation::new("POST", "/api/visits", "create-visit")
            .about(
                TAG,
                "Schedule a visit",
                "Books the clinician's time and makes the visit in one transaction. No link is made and no message sent: see create-links and notify-visit. An existing patient's contact data is not changed by `patient`.",
            )
            .by(&[May(A::CreateVisit)])
            .records(&[E::VisitScheduled, E::ConsentRecorded])
            .with(&["IdempotencyKey"])
            .takes("CreateVisitRequest")
            .answers(201, "Visit", "The visit, SCHEDULED")
            .refuses(&[
                "CLINICIAN_NOT_FOUND",
                "PATIENT_NOT_FOUND",
                "CLINICIAN_DOUBLE_BOOKED",
                "CLINICIAN_NOT_LICENSED",
                "PATIENT_STATE_REQUIRED",
                "NO_CONTACT_FOR_CHANNEL",
                "POLICY_TOO_WEAK",
            ]),
        Operation::new("GET", "/api/visits", "list-visits")
            .about(
                TAG,
                "List visits, soonest first",
                "Only what the caller may see; a filter for somebody else's visits gives an empty list.",
            )
            .by(&[May(A::ListVisits)])
            .within(V::ALL)
            .records(&[E::PhiRead])
            .with(&["StatusFilter", "ClinicianIdFilter", "PatientIdFilter", "From", "To", "Limit", "Cursor"])
            .answers(200, "VisitList", "One page of visits"),
        Operation::new("GET", "/api/visits/{visitId}", "get-visit")
            .about(
                TAG,
                "Read a visit",
                "`chiefComplaint` and `notes` are for the visit's clinician and `admin`; `notes` for the patient once released; neither for `scheduler`.",
            )
            .by(&[May(A::GetVisit)])
            .within(V::ALL)
            .records(&[E::PhiRead])
            .answers(200, "Visit", "The visit; fields by role"),
        Operation::new("PATCH", "/api/visits/{visitId}", "reschedule-visit")
            .about(
                TAG,
                "Move a visit in time or to another clinician",
                "The booking moves atomically, links keep working for the new window, both sides are told, the calendar entry is updated. With another clinician, the former one's link is revoked and the new one gets a link of their own.",
            )
            .by(&[May(A::RescheduleVisit)])
            .within(&[V::Scheduled])
            .records(&[
                E::VisitRescheduled,
                E::TokenIssued,
                E::TokenRevoked,
                E::NotificationSent,
                E::NotificationFailed,
            ])
            .takes("RescheduleVisitRequest")
            .answers(200, "Visit", "The visit as it is now")
            .refuses(&["CLINICIAN_NOT_FOUND", "CLINICIAN_DOUBLE_BOOKED", "VISIT_STATE", "CLINICIAN_NOT_LICENSED"]),
        Operation::new("POST", "/api/visits/{visitId}/cancel", "cancel-visit")
            .about(
                TAG,
                "Cancel a visit",
                "Links are revoked, the slot is freed, both sides are told, the calendar entry is cancelled. Repeated: 200 and the visit as it is. `reason` is kept encrypted and never sent to the patient.",
            )
            .by(&[May(A::CancelVisit)])
            .within(&[V::Requested, V::Scheduled, V::Active, V::Cancelled])
            .records(&[E::VisitCancelled, E::TokenRevoked, E::NotificationSent, E::NotificationFailed])
            .with(&["IdempotencyKey"])
            .may_take("CancelVisitRequest")
            .answers(200, "Visit", "The visit, CANCELLED")
            .refuses(&["VISIT_STATE"]),
        Operation::new("POST", "/api/visits/{visitId}/end", "end-visit")
            .about(
                TAG,
                "End a visit",
                "Staff, or the clinician's visit session; `notes` and `releaseNotes` need OIDC, else 403. SCHEDULED may end as `no-show` or `cancelled`, ACTIVE as `completed`, `technical-issue`, `no-show` or `cancelled`; anything else is VISIT_STATE. Repeated with the same reason: 200 and the visit as it is; with another: VISIT_ENDED.",
            )
            .by(&[May(A::EndVisit), Desk])
            .within(&[V::Scheduled, V::Active, V::Completed, V::Technical, V::Cancelled, V::NoShow])
            .records(&[E::VisitEnded, E::VisitCancelled, E::TechnicalIssue, E::TokenRevoked])
            .with(&["IdempotencyKey"])
            .takes("EndVisitRequest")
            .answers(200, "Visit", "The visit, ended")
            .refuses(&["VISIT_ENDED", "VISIT_STATE"]),
        Operation::new("GET", "/api/visits/{visitId}/audit", "get-audit")
            .about(
                TAG,
                "Read a visit's audit chain, oldest first",
                "`verified` and `firstBadSeq` speak of the whole chain, not of the page.",
            )
            .by(&[May(A::GetAudit)])
            .within(V::ALL)
            .with(&["Limit", "Cursor"])
            .answers(200, "AuditPage", "One page of the chain, and whether the whole chain verifies"),
    ]
}

fn messages() -> Vec<Operation> {
    vec![
        Operation::new("POST", "/api/visits/{visitId}/links", "create-links")
            .about(
                TAG,
                "Make one-time links",
                "Without `ttlMinutes` a link lives until the visit closes. A new link for a role replaces the old one of that role; guests are added.",
            )
            .by(&[May(A::CreateLinks)])
            .within(&LIVE)
            .records(&[E::TokenIssued, E::TokenRevoked])
            .with(&["IdempotencyKey"])
            .takes("CreateLinksRequest")
            .answers(200, "CreateLinksResponse", "The links; their secrets are shown here only")
            .refuses(&["VISIT_STATE"]),
        Operation::new("POST", "/api/visits/{visitId}/notify", "notify-visit")
            .about(
                TAG,
                "Send the links",
                "Sends the links that exist and makes what is missing. 502 only when nothing could be sent; what failed is retried and shows in the visit's `messages`. A recipient who opted out is `opted-out` in a 200.",
            )
            .by(&[May(A::NotifyVisit)])
            .within(&LIVE)
            .records(&[E::NotificationSent, E::NotificationFailed, E::TokenIssued])
            .limited(&DAILY)
            .with(&["IdempotencyKey"])
            .takes("NotifyVisitRequest")
            .answers(200, "SentResponse", "What was sent, to masked addresses")
            .refuses(&["VISIT_STATE", "NO_CONTACT_FOR_CHANNEL", "NOTIFICATION_FAILED"]),
        Operation::new("POST", "/api/visits/{visitId}/resend-link", "resend-link")
            .about(TAG, "Replace a link and send the new one", "The old link stops working at once.")
            .by(&[May(A::ResendLink)])
            .within(&LIVE)
            .records(&[E::LinkResent, E::TokenRevoked, E::TokenIssued, E::NotificationSent, E::NotificationFailed])
            .limited(&[
                limit("visit and role", "sends", 1, "PT60S"),
                limit("visit and role", "sends", 5, "PT1H"),
            ])
            .with(&["IdempotencyKey"])
            .takes("ResendLinkRequest")
            .answers(200, "SentResponse", "What was sent")
            .refuses(&["VISIT_STATE", "NO_CONTACT_FOR_CHANNEL", "NOTIFICATION_FAILED"]),
    ]
}

fn page() -> Vec<Operation> {
    vec![
        Operation::new("POST", "/api/schedule", "schedule-visit")
            .about(
                TAG,
                "Request a visit from a lander's page",
                "Always a new patient. With a publishable key: the slot is held 15 minutes and one 6-digit text goes to the number; answer-challenge confirms it, then the visit is SCHEDULED and the link is sent. With a secret key: SCHEDULED at once. The limits are for publishable keys.",
            )
            .by(&[May(A::ScheduleVisit)])
            .records(&[
                E::VisitRequested,
                E::ChallengeSent,
                E::ConsentRecorded,
                E::VisitScheduled,
                E::TokenIssued,
                E::NotificationSent,
                E::NotificationFailed,
            ])
            .limited(&[
                limit("address", "requests", 3, "PT1H"),
                limit("number", "requests", 1, "PT1H"),
                limit("number", "requests", 3, "P1D"),
                daily("key", "requests"),
            ])
            .with(&["IdempotencyKey"])
            .takes("ScheduleRequest")
            .answers(
                201,
                "ScheduleResponse",
                "Held until the number is confirmed, or with a secret key scheduled at once. Never a link",
            )
            .refuses(&[
                "CLINICIAN_NOT_FOUND",
                "CLINICIAN_DOUBLE_BOOKED",
                "CLINICIAN_NOT_LICENSED",
                "PATIENT_STATE_REQUIRED",
                "NO_CONTACT_FOR_CHANNEL",
            ]),
    ]
}
