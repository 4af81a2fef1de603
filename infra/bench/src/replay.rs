//! The calls that a function made, to be made once more by a peer: the same job elsewhere, without the work between them.

use bedside_local::aws::KeptCall;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// For how long an answer is held while calls are kept: longer than it takes to begin the calls that are made at once.
pub const HELD: Duration = Duration::from_millis(25);

/// Calls in their order.
#[derive(Clone, Debug)]
pub struct Calls {
    steps: Vec<Vec<KeptCall>>,
}

impl Calls {
    /// Step by step: a call is one step after the last of those that were answered when it came. The others were under
    /// way beside it.
    #[must_use]
    pub fn of(mut kept: Vec<KeptCall>) -> Self {
        kept.sort_by_key(|call| call.came);
        let mut steps: Vec<Vec<KeptCall>> = Vec::new();
        for call in kept {
            let answered = |step: &Vec<KeptCall>| step.iter().any(|other| other.answered <= call.came);
            let step = steps.iter().rposition(answered).map_or(0, |before| before + 1);
            match steps.get_mut(step) {
                Some(step) => step.push(call),
                None => steps.push(vec![call]),
            }
        }
        Self { steps }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.steps.iter().map(Vec::len).sum()
    }

    /// How many follow one another.
    #[must_use]
    pub const fn in_sequence(&self) -> usize {
        self.steps.len()
    }

    /// How often each operation is called.
    #[must_use]
    pub fn operations(&self) -> BTreeMap<&str, usize> {
        let mut operations = BTreeMap::new();
        for call in self.steps.iter().flatten() {
            *operations.entry(call.operation.as_str()).or_default() += 1;
        }
        operations
    }

    /// The event that has the peer make them.
    #[must_use]
    pub fn event(&self) -> Value {
        let call =
            |call: &KeptCall| json!({ "service": call.service, "operation": call.operation, "input": call.input });
        json!({ "steps": self.steps.iter().map(|step| step.iter().map(call).collect()).collect::<Vec<Vec<_>>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_local::aws::Service;
    use std::time::Instant;

    fn call(began: Instant, operation: &str, came: u64, answered: u64) -> KeptCall {
        KeptCall {
            service: Service::Kms,
            operation: operation.to_owned(),
            input: json!({}),
            came: began + Duration::from_millis(came),
            answered: began + Duration::from_millis(answered),
        }
    }

    fn steps(calls: &Calls) -> Vec<Vec<&str>> {
        calls.steps.iter().map(|step| step.iter().map(|call| call.operation.as_str()).collect()).collect()
    }

    #[test]
    fn two_lanes_are_as_many_steps_as_the_longer_one() {
        let now = Instant::now();
        let lanes = [("a", 0, 25), ("b", 1, 26), ("aa", 26, 51), ("bb", 27, 52), ("aaa", 51, 76)];
        let calls = Calls::of(lanes.map(|(name, came, answered)| call(now, name, came, answered)).to_vec());
        assert_eq!(steps(&calls), [vec!["a", "b"], vec!["aa", "bb"], vec!["aaa"]]);
        let late = [("a", 0, 25), ("b", 2, 27), ("aa", 25, 50), ("bb", 28, 53)];
        let calls = Calls::of(late.map(|(name, came, answered)| call(now, name, came, answered)).to_vec());
        assert_eq!(steps(&calls), [vec!["a", "b"], vec!["aa", "bb"]]);
    }

    #[test]
    fn calls_that_overlap_are_one_step() {
        let now = Instant::now();
        let call = |operation: &str, came: u64, answered: u64| call(now, operation, came, answered);
        // As they are kept: in the order of the answers.
        let calls = Calls::of(vec![call("b", 2, 20), call("a", 0, 25), call("c", 25, 50), call("a", 51, 76)]);
        assert_eq!(steps(&calls), [vec!["a", "b"], vec!["c"], vec!["a"]]);
        assert_eq!(calls.event()["steps"][0][1], json!({"service": "kms", "operation": "b", "input": {}}));
        assert_eq!((calls.count(), calls.in_sequence()), (4, 3));
        assert_eq!(calls.operations(), BTreeMap::from([("a", 2), ("b", 1), ("c", 1)]));
    }
}
