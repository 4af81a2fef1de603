//! One HTTP stack for all that a function calls: one TLS configuration, one pool of kept-alive connections.
//!
//! It speaks HTTP/1.1 alone, which every service of AWS takes. The SDK's own connector brings HTTP/2 and proxies with
//! it: half a megabyte in every binary.

use crate::environment::SetupError;
use crate::sdk::CONNECT_TIMEOUT;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as SdkConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http::Uri;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::{CaptureConnection, Connect, HttpConnector, HttpInfo, capture_connection};
use hyper_util::client::legacy::{Client, Error as CallError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::{CryptoProvider, ring};
use rustls::{CipherSuite, ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use std::error::Error;
use std::sync::{Arc, LazyLock};
use tokio::time::error::Elapsed;
use tower::{Service as _, service_fn};

/// What is spoken: the suites of TLS 1.3 and 1.2 that have both forward secrecy and authenticated encryption, AES before
/// ChaCha20 as the processors of Lambda have instructions for it.
const SUITES: [CipherSuite; 7] = [
    CipherSuite::TLS13_AES_256_GCM_SHA384,
    CipherSuite::TLS13_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
];

/// A connector for `https://` and, for endpoints of the laptop, `http://`. It does not follow redirects. Whom to trust is
/// read when it is first asked to connect: a function that calls nobody does not wait for it.
///
/// # Errors
/// When TLS cannot be set up.
pub fn connector() -> Result<SharedHttpConnector, SetupError> {
    let tls = tls()?;
    let client = LazyLock::new(move || client(tls.with_root_certificates(roots()).with_no_client_auth()));
    Ok(SharedHttpConnector::new(Connections(client)))
}

fn client(tls: ClientConfig) -> Client<impl Connect + Clone + Send + Sync + 'static, SdkBody> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    // A request goes in two writes: the second does not wait for the first one's receipt.
    tcp.set_nodelay(true);
    let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
    // Nobody is waited for longer than this, a handshake included.
    let connect = service_fn(move |uri: Uri| {
        let mut https = https.clone();
        Box::pin(async move { tokio::time::timeout(CONNECT_TIMEOUT, https.call(uri)).await? })
    });
    let mut client = Client::builder(TokioExecutor::new());
    client.pool_timer(TokioTimer::new());
    client.build(connect)
}

/// The client that the calls of all services share.
///
/// # Errors
/// When TLS cannot be set up.
pub fn http_client() -> Result<SharedHttpClient, SetupError> {
    Ok(http_client_over(connector()?))
}

/// The same over a connector that is there already.
///
/// The SDK's own client would read the root certificates anew for each service's client; here they are read once.
#[must_use]
pub fn http_client_over(connector: SharedHttpConnector) -> SharedHttpClient {
    http_client_fn(move |_, _| connector.clone())
}

/// TLS is rustls with *ring*: the SDK's default library spends 25 ms of CPU gathering entropy in every cold start.
fn tls() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, SetupError> {
    let all = ring::default_provider();
    let suites = SUITES.iter().filter_map(|wanted| all.cipher_suites.iter().find(|one| one.suite() == *wanted));
    let provider = CryptoProvider { cipher_suites: suites.copied().collect(), ..all };
    let config = ClientConfig::builder_with_provider(Arc::new(provider)).with_safe_default_protocol_versions();
    config.map_err(|_| SetupError::NoTls)
}

/// Whom the operating system trusts. Without anybody no `https://` is called, and the laptop needs none.
fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if trusted == 0 {
        tracing::warn!("the operating system trusts no certificate");
    }
    roots
}

/// Kept-alive connections, as the SDK uses them.
struct Connections<C, F>(LazyLock<Client<C, SdkBody>, F>);

impl<C, F> std::fmt::Debug for Connections<C, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connections")
    }
}

impl<C, F> SdkConnector for Connections<C, F>
where
    C: Connect + Clone + Send + Sync + 'static,
    F: FnOnce() -> Client<C, SdkBody> + Send + 'static,
{
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let connection = capture_connection(&mut request);
        if let Some(asked) = request.extensions().get::<CaptureSmithyConnection>() {
            asked.set_connection_retriever(move || metadata(&connection));
        }
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(failure)?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// By which the SDK drops a connection from the pool after a transient error.
fn metadata(capture: &CaptureConnection) -> Option<ConnectionMetadata> {
    let mut told = http::Extensions::new();
    capture.connection_metadata().as_ref()?.get_extras(&mut told);
    let info = told.get::<HttpInfo>();
    let capture = capture.clone();
    let poison = move || {
        if let Some(connected) = capture.connection_metadata().as_ref() {
            connected.poison();
        }
    };
    let mut metadata = ConnectionMetadata::builder().proxied(false).poison_fn(poison);
    metadata.set_local_addr(info.map(HttpInfo::local_addr)).set_remote_addr(info.map(HttpInfo::remote_addr));
    Some(metadata.build())
}

/// What a failure was, for the SDK's retries.
fn failure(error: CallError) -> ConnectorError {
    let io = error.is_connect() || source::<std::io::Error>(&error).is_some();
    let late = source::<Elapsed>(&error).is_some();
    let broken = source::<hyper::Error>(&error).map(|cause| {
        let is_cut_off = cause.is_closed() || cause.is_canceled() || cause.is_incomplete_message();
        (is_cut_off, cause.is_user())
    });
    let error = BoxError::from(error);
    match broken {
        _ if late => ConnectorError::timeout(error),
        Some((_, true)) => ConnectorError::user(error),
        Some((true, _)) => ConnectorError::io(error),
        _ if io => ConnectorError::io(error),
        _ => ConnectorError::other(error, None),
    }
}

/// The first of this kind among an error and its causes.
fn source<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    async fn listener(scheme: &str) -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{scheme}://{}/", listener.local_addr().unwrap());
        (listener, url)
    }

    async fn answer(socket: &mut TcpStream, with: &[u8]) {
        let mut asked = [0; 4096];
        assert!(socket.read(&mut asked).await.unwrap() > 0);
        socket.write_all(with).await.unwrap();
    }

    async fn get(connector: &SharedHttpConnector, url: &str) -> Result<HttpResponse, ConnectorError> {
        let request = http::Request::get(url).body(SdkBody::empty()).unwrap();
        connector.call(request.try_into().unwrap()).await
    }

    async fn body(answer: HttpResponse) -> Vec<u8> {
        aws_smithy_types::byte_stream::ByteStream::new(answer.into_body()).collect().await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn calls_after_one_another_share_a_connection() {
        let (listener, url) = listener("http").await;
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            answer(&mut socket, OK).await;
            answer(&mut socket, OK).await;
        });
        let connector = connector().unwrap();
        for _ in 0..2 {
            assert_eq!(body(get(&connector, &url).await.unwrap()).await, b"ok");
        }
        server.await.unwrap();
    }

    #[tokio::test]
    async fn whoever_is_not_there_or_hangs_up_is_worth_another_try() {
        let connector = connector().unwrap();
        let (gone, url) = listener("http").await;
        drop(gone);
        assert!(get(&connector, &url).await.unwrap_err().is_io());
        let (listener, url) = listener("http").await;
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            answer(&mut socket, b"HTTP/1.1 2").await;
        });
        assert!(get(&connector, &url).await.unwrap_err().is_io());
    }

    #[tokio::test]
    async fn a_handshake_that_is_never_answered_is_given_up_on() {
        let (listener, url) = listener("https").await;
        let silent = tokio::spawn(async move { listener.accept().await.unwrap() });
        assert!(get(&connector().unwrap(), &url).await.unwrap_err().is_timeout());
        drop(silent.await.unwrap());
    }

    #[tokio::test]
    async fn no_answer_is_taken_from_whom_nobody_vouches_for() {
        let (listener, url) = listener("https").await;
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            answer(&mut socket, OK).await;
        });
        assert!(get(&connector().unwrap(), &url).await.unwrap_err().is_io());
    }
}
