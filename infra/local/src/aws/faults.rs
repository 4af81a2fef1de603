//! Faults on request: the next calls of an operation fail in a chosen way.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::held;
use super::service::Service;

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The service's internal error; no effect.
    Error,
    /// The service's throttling error; no effect.
    Throttle,
    /// No effect and no answer, until the caller gives up or 30 seconds have passed.
    Timeout,
    /// The call takes effect, and the connection is dropped without an answer.
    LostAnswer,
    /// The call takes effect twice; the second answer is given.
    Twice,
    /// A transaction that met another one: `TransactionConflict`; no effect. Elsewhere as `Error`.
    Conflict,
    /// The function that calls dies before the call takes effect.
    Die,
    /// The function that calls dies after the call took effect.
    DieAfter,
}

/// A fault that waits for calls of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The service whose calls fail.
    pub service: Service,
    /// The operation, by the API's name, such as `TransactWriteItems`.
    pub operation: String,
    /// How they fail.
    pub kind: FaultKind,
    /// How many more calls fail.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// The faults that wait, in the order they were added.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        if fault.times > 0 {
            held(&self.0).push(fault);
        }
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        held(&self.0).clone()
    }

    pub(crate) fn clear(&self) {
        held(&self.0).clear();
    }

    /// The fault that this call meets, used up by one.
    pub(crate) fn take(&self, service: Service, operation: &str) -> Option<FaultKind> {
        let mut waiting = held(&self.0);
        let place = waiting.iter().position(|fault| fault.service == service && fault.operation == operation)?;
        let fault = waiting.get_mut(place)?;
        let kind = fault.kind;
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            waiting.remove(place);
        }
        Some(kind)
    }
}
