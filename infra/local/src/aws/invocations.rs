//! The running invocations of functions, so that a fault can kill the one that calls.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};

use tokio::task::{AbortHandle, JoinHandle};

use super::held;

/// The header in which a function's AWS calls name the invocation they belong to.
pub const INVOCATION_HEADER: &str = "x-local-invocation";

/// The invocations that run now, by id; clones share the registry.
#[derive(Clone, Debug, Default)]
pub struct Invocations(Arc<Mutex<HashMap<String, AbortHandle>>>);

impl Invocations {
    /// Registers a running invocation.
    pub fn insert(&self, id: &str, invocation: AbortHandle) {
        held(&self.0).insert(id.to_owned(), invocation);
    }

    /// Forgets an invocation that has ended.
    pub fn remove(&self, id: &str) {
        held(&self.0).remove(id);
    }

    /// Runs `call` as the invocation `id`: registered before its first step, forgotten at its end.
    pub fn spawn<F>(&self, id: &str, call: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let running = Running { invocations: self.clone(), id: id.to_owned() };
        // The registry stays locked until the handle is in it, so that no call can come first.
        let mut registry = held(&self.0);
        let task = tokio::spawn(async move {
            let _running = running;
            call.await
        });
        registry.insert(id.to_owned(), task.abort_handle());
        task
    }

    /// Kills an invocation; false where none of this id runs.
    pub(crate) fn kill(&self, id: &str) -> bool {
        let found = held(&self.0).remove(id);
        found.inspect(AbortHandle::abort).is_some()
    }
}

/// Takes the invocation out of the registry when its task ends, however it ends.
struct Running {
    invocations: Invocations,
    id: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.invocations.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_killed_invocation_ends_at_once_and_is_forgotten() {
        let invocations = Invocations::default();
        let task = invocations.spawn("one", std::future::pending::<()>());
        assert!(invocations.kill("one"));
        assert!(task.await.is_err_and(|end| end.is_cancelled()));
        assert!(!invocations.kill("one"));
    }

    #[tokio::test]
    async fn an_invocation_that_ended_is_forgotten() {
        let invocations = Invocations::default();
        assert_eq!(invocations.spawn("one", async { 7 }).await.ok(), Some(7));
        assert!(!invocations.kill("one"));
    }
}
