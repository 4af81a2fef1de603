//! How often each operation was called.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

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

#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<BTreeMap<(Service, String), u64>>);

impl Calls {
    pub(crate) fn count(&self, service: Service, operation: &str) {
        *held(&self.0).entry((service, operation.to_owned())).or_default() += 1;
    }

    pub(crate) fn list(&self) -> Vec<CallCount> {
        let entry = |((service, operation), count): (&(Service, String), &u64)| CallCount {
            service: *service,
            operation: operation.clone(),
            count: *count,
        };
        held(&self.0).iter().map(entry).collect()
    }

    pub(crate) fn reset(&self) {
        held(&self.0).clear();
    }
}
