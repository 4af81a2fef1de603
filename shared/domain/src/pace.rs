//! How a clinician keeps to the plan: what a forecast of the wait is made from.

use crate::time::Time;
use crate::visit::{Visit, VisitStatus};

/// Fewer visits say nothing.
const AT_LEAST: usize = 3;
/// And older ones say nothing any more.
pub const VISITS_TO_LEARN_FROM: u32 = 10;

/// How a clinician keeps to the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How late the last visits ended against their plan: the median, at least 0.
    pub overrun_seconds: i64,
    /// The planned end of the visit that is under way.
    pub busy_until: Option<Time>,
}

impl Pace {
    /// `None` with fewer than three visits to learn from.
    #[must_use]
    pub fn of(recent: &[Visit], now: Time) -> Option<Self> {
        let ended = recent.iter().filter(|visit| visit.started_at.is_some());
        let overruns = ended.filter_map(|visit| visit.ended_at.map(|at| at.since(planned_end(visit)) / 1000));
        let mut overruns: Vec<i64> = overruns.take(VISITS_TO_LEARN_FROM as usize).collect();
        if overruns.len() < AT_LEAST {
            return None;
        }
        overruns.sort_unstable();
        let overrun_seconds = overruns.get(overruns.len() / 2).copied().unwrap_or(0).max(0);
        let on = recent.iter().filter(|visit| visit.status == VisitStatus::Active && now < visit.closes_at);
        Some(Self { overrun_seconds, busy_until: on.map(planned_end).max() })
    }
}

fn planned_end(visit: &Visit) -> Time {
    visit.scheduled_at.time().plus_minutes(i64::from(visit.duration.minutes()))
}
