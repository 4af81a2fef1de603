//! The functions that are there to be called.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use lambda_http::{Body, Request, Response};
use serde_json::Value;
use tower::Service;
use tower::util::BoxCloneSyncService;

/// A function that answers HTTP.
pub type HttpFunction = BoxCloneSyncService<Request, Response<Body>, Infallible>;

/// A run of a function behind events: what it did, or why it failed.
pub type EventRun = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

/// A function behind events.
type EventFunction = Arc<dyn Fn(Value) -> EventRun + Send + Sync>;

/// Functions by their folder's name.
#[derive(Clone, Default)]
pub struct Registry {
    http: HashMap<&'static str, HttpFunction>,
    events: HashMap<&'static str, EventFunction>,
}

impl Registry {
    /// Adds a function.
    pub fn insert<S>(&mut self, name: &'static str, service: S)
    where
        S: Service<Request, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        self.http.insert(name, BoxCloneSyncService::new(service));
    }

    /// A function to be called once.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<HttpFunction> {
        self.http.get(name).cloned()
    }

    /// Adds a function behind events.
    pub fn insert_event(&mut self, name: &'static str, run: impl Fn(Value) -> EventRun + Send + Sync + 'static) {
        self.events.insert(name, Arc::new(run));
    }

    /// Whether it is such a function.
    #[must_use]
    pub fn is_behind_events(&self, name: &str) -> bool {
        self.events.contains_key(name)
    }

    /// A run of such a function, with an event.
    #[must_use]
    pub fn run(&self, name: &str, event: Value) -> Option<EventRun> {
        self.events.get(name).map(|run| run(event))
    }
}
