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

/// A run of a scheduled function: what it did, or why it failed.
pub type ScheduledRun = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

/// A function that runs by a schedule.
type ScheduledFunction = Arc<dyn Fn() -> ScheduledRun + Send + Sync>;

/// Functions by their folder's name.
#[derive(Clone, Default)]
pub struct Registry {
    http: HashMap<&'static str, HttpFunction>,
    tick: Option<ScheduledFunction>,
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

    /// Sets the function that runs every minute.
    pub fn set_tick(&mut self, tick: impl Fn() -> ScheduledRun + Send + Sync + 'static) {
        self.tick = Some(Arc::new(tick));
    }

    /// A run of the function that runs every minute.
    #[must_use]
    pub fn tick(&self) -> Option<ScheduledRun> {
        self.tick.as_ref().map(|tick| tick())
    }
}
