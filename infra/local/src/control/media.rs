//! `/local/media`: what happens to the calls.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use bedside_media::{Target, Trouble};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Given, Problem};
use crate::machine::Machine;

/// The longest time that something may last or take.
const MOST_SECONDS: f64 = 600.0;

/// What is to happen, and to whom: all calls of a visit, or one participant in them.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Media {
    /// An agent takes the visit's contact in the Connect panel.
    Accept { visit_id: String },
    /// The call ends, as the services do by themselves.
    End { visit_id: String },
    /// Somebody's credentials are taken back.
    Kick { visit_id: String, participant_id: String },
    /// Sockets of the signalling break.
    Cut { visit_id: String, participant_id: Option<String> },
    /// No sound comes.
    StallAudio { visit_id: String, participant_id: Option<String>, seconds: f64 },
    /// No sound and no pictures go either way.
    Blackhole { visit_id: String, participant_id: Option<String>, seconds: f64 },
    /// Each packet takes longer.
    Delay { visit_id: String, participant_id: Option<String>, seconds: f64 },
    /// No more may join.
    Capacity { visit_id: String, most: usize },
}

pub(crate) async fn change(State(machine): State<Arc<Machine>>, Given(body): Given<Value>) -> Answer {
    let wrong = |error: serde_json::Error| Problem::malformed(format!("The body: {error}."));
    let (visit, participant, trouble) = match Media::deserialize(body).map_err(wrong)? {
        Media::Accept { visit_id } => return Ok(Json(json!({ "accepted": machine.aws.accept_contacts(&visit_id) }))),
        Media::End { visit_id } => return Ok(Json(json!({ "ended": machine.aws.end_meeting(&visit_id) }))),
        Media::Kick { visit_id, participant_id } => {
            let meetings = machine.aws.meetings_of(&visit_id);
            let kick = |meeting: &String| machine.aws.remove_attendee(meeting, &participant_id);
            return Ok(Json(json!({ "kicked": meetings.iter().map(kick).sum::<usize>() })));
        }
        Media::Cut { visit_id, participant_id } => (visit_id, participant_id, Trouble::Cut),
        Media::StallAudio { visit_id, participant_id, seconds } => {
            (visit_id, participant_id, Trouble::StallAudio(time(seconds)?))
        }
        Media::Blackhole { visit_id, participant_id, seconds } => {
            (visit_id, participant_id, Trouble::Blackhole(time(seconds)?))
        }
        Media::Delay { visit_id, participant_id, seconds } => {
            (visit_id, participant_id, Trouble::Delay(time(seconds)?))
        }
        Media::Capacity { visit_id, most } => (visit_id, None, Trouble::Capacity(most)),
    };
    let meetings = machine.aws.meetings_of(&visit);
    for meeting_id in &meetings {
        let target = Target { meeting_id: meeting_id.clone(), external_user_id: participant.clone() };
        machine.calls.cause(target, trouble).await;
    }
    Ok(Json(json!({ "meetings": meetings.len() })))
}

/// A time in seconds, with fractions.
fn time(seconds: f64) -> Result<Duration, Problem> {
    let time = Duration::try_from_secs_f64(seconds).ok().filter(|_| seconds <= MOST_SECONDS);
    time.ok_or_else(|| Problem::malformed(format!("seconds must be 0 to {MOST_SECONDS}.")))
}
