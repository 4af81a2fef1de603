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
    /// Step by step: what came before an earlier call was answered was begun beside it.
    #[must_use]
    pub fn of(mut kept: Vec<KeptCall>) -> Self {
        kept.sort_by_key(|call| call.came);
        let mut steps: Vec<Vec<KeptCall>> = Vec::new();
        for call in kept {
            match steps.last_mut() {
                Some(step) if step.iter().any(|other| call.came < other.answered) => step.push(call),
                _ => steps.push(vec![call]),
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

    #[test]
    fn calls_that_overlap_are_one_step() {
        let began = Instant::now();
        let call = |operation: &str, came: u64, answered: u64| KeptCall {
            service: Service::Kms,
            operation: operation.to_owned(),
            input: json!({}),
            came: began + Duration::from_millis(came),
            answered: began + Duration::from_millis(answered),
        };
        // As they are kept: in the order of the answers.
        let calls = Calls::of(vec![call("b", 2, 20), call("a", 0, 25), call("c", 25, 50), call("a", 51, 76)]);
        let event = calls.event();
        let steps: Vec<Vec<&str>> = event["steps"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|step| step.as_array().into_iter().flatten().filter_map(|call| call["operation"].as_str()).collect())
            .collect();
        assert_eq!(steps, [vec!["a", "b"], vec!["c"], vec!["a"]]);
        assert_eq!((calls.count(), calls.in_sequence()), (4, 3));
        assert_eq!(calls.operations(), BTreeMap::from([("a", 2), ("b", 1), ("c", 1)]));
    }
}
