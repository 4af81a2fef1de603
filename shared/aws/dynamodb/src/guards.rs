//! Guards as condition expressions.

use crate::expression::{Expression, number, text};
use crate::rows::ON_THE_AGENDA;
use bedside_app::ports::{Guard, Row};
use bedside_domain::link::LinkStatus;
use bedside_domain::participant::{Participant, ParticipantStatus};

/// What must hold of a row that is there for it to be updated. The tenant is part of every one that has one.
pub(crate) fn condition(expression: &mut Expression, row: &Row, guard: &Guard) -> String {
    let mut parts = vec!["attribute_exists(PK)".to_owned()];
    if let Some(tenant) = crate::rows::tenant(row) {
        parts.push(expression.compare("tenant", "=", text(tenant.as_str())));
    }
    guarded(expression, guard, &mut parts);
    let condition = parts.join(" AND ");
    match (row, guard) {
        // A tenant's chain begins with its first record: until then it has no head. A number says nothing at first.
        (Row::ChainHead(_), Guard::HeadAt(0)) | (_, Guard::SaidBefore(_)) => {
            format!("attribute_not_exists(PK) OR ({condition})")
        }
        _ => condition,
    }
}

fn guarded(expression: &mut Expression, guard: &Guard, parts: &mut Vec<String>) {
    match guard {
        Guard::Absent | Guard::Present => {}
        Guard::HeadAt(seq) | Guard::HeadAtStillDue(seq) => {
            let (head, field) = (expression.name("head"), expression.name("seq"));
            let seq = expression.value("is_seq", number(seq));
            parts.push(format!("{head}.{field} = {seq}"));
        }
        Guard::Spendable(now) => {
            parts.push(expression.compare("status", "=", text(LinkStatus::Active.as_str())));
            parts.push(expression.compare("expiresAt", ">", number(&now.millis())));
        }
        Guard::SpentFor(session) => {
            parts.push(expression.compare("status", "=", text(LinkStatus::Redeemed.as_str())));
            parts.push(expression.equals_or_absent("sessionId", session.map(|id| text(id.to_string()))));
        }
        Guard::SilentSince(before) => {
            parts.push(expression.compare("status", "=", text(ParticipantStatus::Waiting.as_str())));
            parts.push(expression.compare("lastSeenAt", "<", number(&before.millis())));
        }
        Guard::SessionIs(Some(session)) => {
            let (map, field) = (expression.name("session"), expression.name("sessionId"));
            let id = expression.value("is_session", text(session.to_string()));
            parts.push(format!("{map}.{field} = {id}"));
        }
        Guard::SessionIs(None) => parts.push(expression.equals_or_absent("session", None)),
        Guard::TriesLeft(tries) => {
            parts.push(expression.compare("triesLeft", "=", number(tries)));
            parts.push(expression.equals_or_absent("passedAt", None));
        }
        Guard::Untouched(tries, due) => {
            parts.push(expression.compare("tries", "=", number(tries)));
            parts.push(expression.equals_or_absent("dueAt", due.map(|at| number(&at.millis()))));
        }
        Guard::SaidBefore(wish) => {
            let (at, reply) = (expression.name("saidAt"), expression.name("replyId"));
            let (is_at, is_reply) = (
                expression.value("is_at", number(&wish.said_at.millis())),
                expression.value("is_reply", text(wish.reply_id.clone())),
            );
            parts.push(format!("({at} < {is_at} OR ({at} = {is_at} AND {reply} < {is_reply}))"));
        }
        Guard::UpdatedAt(at) => parts.push(expression.compare("updatedAt", "=", number(&at.millis()))),
        Guard::WrittenAt(at) => {
            parts.push(expression.equals_or_absent("updatedAt", at.map(|at| number(&at.millis()))));
        }
    }
}

/// The attributes that an update leaves as they are, since others move them meanwhile, outside of the guards.
pub(crate) fn left_alone(row: &Row, guard: &Guard) -> &'static [&'static str] {
    match row {
        Row::Participant(participant) if !takes_the_seat(participant, guard) => &["lastSeenAt"],
        // Whoever spends a link may have read it before the visit was moved: when it dies is the move's to say.
        Row::Link(_) if matches!(guard, Guard::Spendable(_) | Guard::SpentFor(_)) => &["blocked", "expiresAt"],
        Row::Visit(_) if matches!(guard, Guard::HeadAtStillDue(_)) => &ON_THE_AGENDA,
        // Refused tries are counted by `blocked` alone.
        Row::Link(_) => &["blocked"],
        // Tries are counted under their own guard alone: whoever writes the rest has read them before.
        Row::Challenge(_) if !matches!(guard, Guard::TriesLeft(_)) => &["triesLeft"],
        Row::Challenge(_) => &["failures", "sentAt", "passedAt", "answer"],
        Row::Participant(_)
        | Row::Visit(_)
        | Row::Message(_)
        | Row::SentMessage(_)
        | Row::Location(_)
        | Row::TextWish(_)
        | Row::Booking(_)
        | Row::Clinician(_)
        | Row::Patient(_)
        | Row::Tenant(_)
        | Row::ApiKey(_)
        | Row::ChainHead(_)
        | Row::Audit(..)
        | Row::SeenProof(_) => &[],
    }
}

/// Whether somebody else sits down, who is there now. Polls alone move the time of whoever stays.
fn takes_the_seat(participant: &Participant, guard: &Guard) -> bool {
    match guard {
        Guard::Absent | Guard::SilentSince(_) => true,
        Guard::SessionIs(held) => participant.session.as_ref().is_some_and(|s| Some(s.session_id) != *held),
        Guard::HeadAt(_)
        | Guard::HeadAtStillDue(_)
        | Guard::Spendable(_)
        | Guard::SpentFor(_)
        | Guard::TriesLeft(_)
        | Guard::Untouched(..)
        | Guard::UpdatedAt(_)
        | Guard::WrittenAt(_)
        | Guard::SaidBefore(_)
        | Guard::Present => false,
    }
}
