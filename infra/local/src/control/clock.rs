//! `/local/clock`: the time that everything follows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Given, Problem};
use crate::machine::Machine;

/// The clock stays within times that every part can reckon with.
const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0);
const LATEST: Timestamp = Timestamp::constant(4_102_444_800, 0);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Move {
    advance: Option<Span>,
    set: Option<Timestamp>,
    reset: Option<bool>,
}

pub(crate) async fn show(State(machine): State<Arc<Machine>>) -> Answer {
    Ok(now(&machine))
}

pub(crate) async fn change(State(machine): State<Arc<Machine>>, Given(to): Given<Move>) -> Answer {
    match (to.advance, to.set, to.reset) {
        (Some(by), None, None) => machine.clock.advance(within_range(machine.clock.now(), by)?),
        (None, Some(to), None) if (EARLIEST..LATEST).contains(&to) => machine.clock.set(to),
        (None, Some(_), None) => return Err(out_of_range()),
        (None, None, Some(true)) => machine.clock.reset(),
        (_, _, _) => return Err(Problem::malformed("Give one of advance, set, and reset: true.")),
    }
    Ok(now(&machine))
}

fn now(machine: &Machine) -> Json<serde_json::Value> {
    Json(json!({ "now": machine.clock.now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string() }))
}

/// How long a span is from now on, a month having the days that it has.
fn within_range(now: Timestamp, by: Span) -> Result<SignedDuration, Problem> {
    let then = now.to_zoned(TimeZone::UTC).checked_add(by).map_err(|_| out_of_range())?.timestamp();
    if (EARLIEST..LATEST).contains(&then) { Ok(then.duration_since(now)) } else { Err(out_of_range()) }
}

fn out_of_range() -> Problem {
    Problem::malformed("The clock must stay between the years 2000 and 2099.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_clock_stays_within_its_range() {
        assert_eq!(
            (EARLIEST.to_string(), LATEST.to_string()),
            ("2000-01-01T00:00:00Z".into(), "2100-01-01T00:00:00Z".into())
        );
        let now: Timestamp = "2026-12-01T14:50:00Z".parse().unwrap();
        let by = |span: &str| within_range(now, span.parse().unwrap());
        assert_eq!(by("PT20M").unwrap(), SignedDuration::from_mins(20));
        assert_eq!(by("-PT1H").unwrap(), SignedDuration::from_hours(-1));
        assert_eq!(by("P1M").unwrap(), SignedDuration::from_hours(31 * 24));
        assert!(by("P100Y").is_err());
        assert!(by("-P100Y").is_err());
    }

    #[test]
    fn a_move_is_read_as_iso_8601_and_nothing_else_is_taken() {
        let read = |text: &str| serde_json::from_str::<Move>(text);
        assert!(read(r#"{"advance":"PT20M"}"#).unwrap().advance.is_some());
        assert!(read(r#"{"set":"2026-12-01T14:50:00Z"}"#).unwrap().set.is_some());
        for wrong in [r#"{"advance":20}"#, r#"{"set":"soon"}"#, r#"{"forward":"PT1M"}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
