//! One HTTP stack for all that a function calls: one TLS configuration, one pool of kept-alive connections.

use crate::sdk::CONNECT_TIMEOUT;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};

/// A connector for `https://` and, for endpoints of the laptop, `http://`. It does not follow redirects.
///
/// TLS is rustls with *ring*: the SDK's default library spends 25 ms of CPU gathering entropy in every cold start.
#[must_use]
pub fn connector() -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build();
    let connector =
        Connector::builder().connector_settings(settings).tls_provider(Provider::Rustls(CryptoMode::Ring)).build();
    SharedHttpConnector::new(connector)
}

/// The client that all SDK clients of a process share.
#[must_use]
pub fn http_client() -> SharedHttpClient {
    http_client_over(connector())
}

/// The same over a connector that is there already.
///
/// The SDK's own client would read the root certificates anew for each service's client; here they are read once.
#[must_use]
pub fn http_client_over(connector: SharedHttpConnector) -> SharedHttpClient {
    http_client_fn(move |_, _| connector.clone())
}
