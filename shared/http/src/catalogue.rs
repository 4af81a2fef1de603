//! Every problem there is, for the document: each error's code, status, title, action and members, as it is answered.

use crate::problem::{Failure, Problem};
use bedside_app::error::{Error, Practice};
use bedside_domain::time::Time;
use bedside_domain::visit::VisitStatus;
use serde_json::Value;
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A problem, as every answer of its code is.
#[derive(Debug)]
pub struct ProblemKind {
    /// Stable, for programs.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What it is, in words.
    pub title: &'static str,
    /// What to do, where it usually carries that.
    pub action: Option<&'static str>,
    /// The members that come with it.
    pub members: Vec<String>,
    /// When it comes.
    pub when: &'static str,
}

/// All of them, in the order of their status.
#[must_use]
pub fn problem_kinds() -> Vec<ProblemKind> {
    let mut kinds: Vec<_> = each().into_iter().map(|(error, when)| kind(error, when)).collect();
    kinds.extend(of_keys());
    kinds.sort_by_key(|kind| kind.status);
    kinds
}

/// What an Idempotency-Key is refused with.
fn of_keys() -> [ProblemKind; 2] {
    [
        ProblemKind {
            code: "REQUEST_IN_PROGRESS",
            status: 409,
            title: "The same request is under way",
            action: Some("RETRY"),
            members: vec![],
            when: "another request with this Idempotency-Key has not finished",
        },
        ProblemKind {
            code: "IDEMPOTENCY_KEY_REUSED",
            status: 422,
            title: "The Idempotency-Key was used for another request",
            action: None,
            members: vec![],
            when: "same key, other body",
        },
    ]
}

/// The members of every problem.
const COMMON: [&str; 7] = ["type", "title", "status", "detail", "instance", "code", "action"];

fn kind(error: Error, when: &'static str) -> ProblemKind {
    let problem = Problem::of(Failure::from(error), "");
    let (status, code, title, action) = (problem.status, problem.code, problem.title, problem.action);
    let body = serde_json::to_value(problem).unwrap_or(Value::Null);
    let members = body.as_object().into_iter().flat_map(|body| body.keys());
    let members = members.filter(|member| !COMMON.contains(&member.as_str())).cloned().collect();
    ProblemKind { code, status, title, action, members, when }
}

/// One error of each kind, and when it comes.
fn each() -> Vec<(Error, &'static str)> {
    let practice = || None::<Practice>;
    vec![
        (Error::MalformedRequest, "no JSON object, a duplicate key, deeper than 32, or not UTF-8"),
        (Error::ValidationFailed(vec![]), "`errors` names each field"),
        (Error::DeviceKeyRequired, "the access policy's `binding` is `required` or `strict` and no `DPoP` proof came"),
        (
            Error::Unauthenticated,
            "no credential, or one that does not hold: unknown, expired, wrong scheme, a bound visit session as Bearer",
        ),
        (
            Error::DpopInvalid,
            "the `DPoP` proof is malformed, used before, for another method or URL, or of another key",
        ),
        (
            Error::DpopClockSkew { server_time: Time::from_millis(0) },
            "the proof's `iat` is more than 60 s off; sign again with `serverTime`",
        ),
        (Error::TokenInvalid, "unknown link, wrong secret or signature, or a credential of another visit"),
        (
            Error::Forbidden,
            "the caller is known, the role may not do this; or a `strict` session from another address or browser",
        ),
        (Error::OriginNotAllowed, "a publishable key without an `Origin`, or with one that it does not allow"),
        (
            Error::VerificationRequired { factors: vec![], waiting_room: true },
            "`requires.factors` are still to be proven at /api/challenges",
        ),
        (
            Error::ChallengeFailed { attempts_left: 1 },
            "wrong answer; at `attemptsLeft` 0 there is no `action`, a new challenge is needed",
        ),
        (Error::NotFound, "no such thing, or not the caller's to see; also an unknown path or method"),
        (Error::CodeNotFound, "one and the same for unknown, malformed, expired, ended, cancelled"),
        (Error::ClinicianNotFound, "unknown to the practice, or not among the key's clinicians"),
        (Error::PatientNotFound, "`patientId` is unknown to the practice"),
        (Error::ClinicianDoubleBooked, "any overlap with another visit of the clinician, a held slot included"),
        (Error::VisitState(VisitStatus::Completed), "see `x-visit-states`"),
        (Error::VisitEnded(practice()), "the visit has ended; on end-visit: for another reason"),
        (Error::VisitCancelled(practice()), "the visit is CANCELLED"),
        (
            Error::VisitNotOpen { opens_at: Time::from_millis(0), opens_in_millis: 1, opens_local: String::new() },
            "before `opensAt`; nothing was spent",
        ),
        (
            Error::TokenUsed { movable: false, practice: practice() },
            "spent by another owner; `action` is `VERIFY` where an `sms-otp` proof may move the session here",
        ),
        (Error::ParticipantState, "the participant is already past this, was rejected or was removed"),
        (Error::NotAdmitted { waiting: true }, "still waiting; without `action` when rejected or removed"),
        (Error::TokenExpired(practice()), "past `expiresAt`"),
        (Error::TokenRevoked(practice()), "a newer link took its place, or it was withdrawn"),
        (Error::ChallengeExpired, "past its time, or its tries are used up"),
        (Error::PayloadTooLarge, "more than 16 KiB"),
        (Error::UnsupportedMediaType, "a body that is not `application/json` in UTF-8"),
        (Error::ClinicianNotLicensed, "the patient's state is not in `licensedStates`; an empty list licenses nowhere"),
        (Error::PatientStateRequired, "without `state` no licence can be checked"),
        (
            Error::NoContactForChannel,
            "the recipient has no phone or e-mail for it, or only a number outside of the allowed countries",
        ),
        (Error::PolicyTooWeak, "no waiting room and no factor, unless the practice has `allowOpen`"),
        (Error::RateLimited { retry_after_seconds: 1 }, "a limit or a daily cap is reached; `Retry-After` says when"),
        (Error::Internal(String::new()), "nothing about the cause; `instance` finds it in the logs"),
        (Error::NotificationFailed, "every message asked for failed; they are retried"),
        (Error::Unavailable(String::new()), "a service behind us is down or throttling"),
        (Error::MediaUnavailable(String::new()), "the link is not lost: the same owner's retry goes on from there"),
    ]
}

/// `code` of a problem, for the document. It is no value.
pub(crate) enum ProblemCode {}

impl PartialSchema for ProblemCode {
    fn schema() -> RefOr<Schema> {
        let codes = problem_kinds().into_iter().map(|kind| kind.code);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).into()
    }
}

impl ToSchema for ProblemCode {
    fn name() -> Cow<'static, str> {
        "ProblemCode".into()
    }
}

/// `action` of a problem, for the document. It is no value.
pub(crate) enum ProblemAction {}

impl PartialSchema for ProblemAction {
    fn schema() -> RefOr<Schema> {
        let mut actions: Vec<_> = problem_kinds().into_iter().filter_map(|kind| kind.action).collect();
        actions.sort_unstable();
        actions.dedup();
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(actions)).into()
    }
}

impl ToSchema for ProblemAction {
    fn name() -> Cow<'static, str> {
        "ProblemAction".into()
    }
}
