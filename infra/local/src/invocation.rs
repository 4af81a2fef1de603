//! The invocation that a function's AWS calls belong to: known to the task that runs it, and told to the endpoint, so
//! that a fault can kill the right one.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::aws::INVOCATION_HEADER;

tokio::task_local! {
    static CURRENT: Arc<str>;
}

/// Runs `call` as the invocation `id`.
pub(crate) async fn within<F: Future>(id: Arc<str>, call: F) -> F::Output {
    CURRENT.scope(id, call).await
}

/// The invocation that this task runs.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(ToString::to_string).ok()
}

/// A connector for the functions' SDK clients whose requests name the invocation that they come from.
#[must_use]
pub fn naming(connector: SharedHttpConnector) -> SharedHttpConnector {
    SharedHttpConnector::new(NamingConnector(connector))
}

#[derive(Debug)]
struct NamingConnector(SharedHttpConnector);

impl HttpConnector for NamingConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        // Outside of an invocation, as when the functions are set up, there is nothing to name.
        if let Some(id) = current() {
            request.headers_mut().insert(INVOCATION_HEADER, id);
        }
        self.0.call(request)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Mutex;

    use aws_smithy_runtime_api::client::result::ConnectorError;

    use super::*;

    /// Keeps the invocation's name of each request.
    #[derive(Clone, Debug, Default)]
    struct Heard(Arc<Mutex<Vec<Option<String>>>>);

    impl HttpConnector for Heard {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            self.0.lock().unwrap().push(request.headers().get(INVOCATION_HEADER).map(str::to_owned));
            HttpConnectorFuture::ready(Err(ConnectorError::timeout("nobody is there".into())))
        }
    }

    #[tokio::test]
    async fn requests_name_the_invocation_that_they_come_from() {
        let heard = Heard::default();
        let connector = naming(SharedHttpConnector::new(heard.clone()));
        let call = || async { connector.call(HttpRequest::empty()).await.is_err() };
        assert!(call().await);
        assert!(within("one".into(), call()).await);
        assert!(within("two".into(), call()).await);
        assert_eq!(*heard.0.lock().unwrap(), [None, Some("one".to_owned()), Some("two".to_owned())]);
    }
}
