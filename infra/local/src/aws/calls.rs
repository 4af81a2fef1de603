//! How often each operation was called, and, where somebody asks, with what.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;

use super::held;
use super::service::Service;

/// How often one operation was called since the last reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallCount {
    /// The service called.
    pub service: Service,
    /// The operation, by the API's name.
    pub operation: String,
    /// Requests received, retries of the SDK and calls that met a fault among them.
    pub count: u64,
}

/// One call of a program outside this process, with what it handed over.
#[derive(Clone, Debug)]
pub struct KeptCall {
    /// The service called.
    pub service: Service,
    /// The operation, by the API's name.
    pub operation: String,
    /// The members of the request, blobs in base64 as on the wire.
    pub input: Value,
    /// When it was there whole.
    pub came: Instant,
    /// When the answer left.
    pub answered: Instant,
}

#[derive(Debug, Default)]
pub(crate) struct Calls {
    counts: Mutex<BTreeMap<(Service, String), u64>>,
    keeping: Mutex<Option<Keeping>>,
}

#[derive(Debug)]
struct Keeping {
    held: Duration,
    kept: Vec<KeptCall>,
}

impl Calls {
    pub(crate) fn count(&self, service: Service, operation: &str) {
        *held(&self.counts).entry((service, operation.to_owned())).or_default() += 1;
    }

    pub(crate) fn list(&self) -> Vec<CallCount> {
        let entry = |((service, operation), count): (&(Service, String), &u64)| CallCount {
            service: *service,
            operation: operation.clone(),
            count: *count,
        };
        held(&self.counts).iter().map(entry).collect()
    }

    pub(crate) fn reset(&self) {
        held(&self.counts).clear();
    }

    pub(crate) fn start_keeping(&self, held_for: Duration) {
        *held(&self.keeping) = Some(Keeping { held: held_for, kept: Vec::new() });
    }

    pub(crate) fn stop_keeping(&self) -> Vec<KeptCall> {
        held(&self.keeping).take().map(|keeping| keeping.kept).unwrap_or_default()
    }

    /// For how long an answer is held while calls are kept.
    pub(crate) fn held_for(&self) -> Option<Duration> {
        held(&self.keeping).as_ref().map(|keeping| keeping.held)
    }

    pub(crate) fn keep(&self, call: KeptCall) {
        if let Some(keeping) = held(&self.keeping).as_mut() {
            keeping.kept.push(call);
        }
    }
}
