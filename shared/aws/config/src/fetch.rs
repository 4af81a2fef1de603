//! Small documents of others, such as an identity provider's key set.

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use http::Uri;
use std::time::Duration;

/// The largest document that is read, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// How long it may take, from the call to the last byte.
const TIME: Duration = Duration::from_secs(2);

/// Why there is no document. It says nothing of what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is no `https://` address (nor, on the laptop, `http://` of this machine).
    #[error("not an https address")]
    NotAllowed,
    /// Nobody answered, or the answer broke off.
    #[error("no answer")]
    NoAnswer,
    /// It took too long.
    #[error("timeout")]
    Timeout,
    /// Another answer than 200. Redirects are not followed: they could lead into our own network.
    #[error("status {0}")]
    Status(u16),
    /// It is larger than 256 KiB.
    #[error("too large")]
    TooLarge,
}

/// Gets documents over the connections that the SDK uses too.
#[derive(Debug, Clone)]
pub struct Fetch {
    connector: SharedHttpConnector,
    here_too: bool,
}

impl Fetch {
    /// Over these connections, from `https://` alone.
    #[must_use]
    pub const fn new(connector: SharedHttpConnector) -> Self {
        Self { connector, here_too: false }
    }

    /// From `http://` of this machine too: for the laptop. In the cloud that would be the runtime's own API, which hands
    /// out the next request to whoever asks; and whoever sets a practice's identity provider chooses what is asked.
    #[must_use]
    pub fn here_too(self) -> Self {
        Self { here_too: true, ..self }
    }

    /// A document of at most 256 KiB, within 2 s, without following redirects.
    ///
    /// # Errors
    /// When there is none to be had under these rules.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let uri: Uri = url.parse().map_err(|_| FetchError::NotAllowed)?;
        if !is_allowed(&uri, self.here_too) {
            return Err(FetchError::NotAllowed);
        }
        tokio::time::timeout(TIME, self.read(uri)).await.unwrap_or(Err(FetchError::Timeout))
    }

    async fn read(&self, uri: Uri) -> Result<Vec<u8>, FetchError> {
        let request = http::Request::get(uri).header("accept", "application/json").body(SdkBody::empty());
        let request = request.ok().and_then(|request| HttpRequest::try_from(request).ok());
        let answer = self.connector.call(request.ok_or(FetchError::NotAllowed)?).await;
        let answer = answer.map_err(|e| if e.is_timeout() { FetchError::Timeout } else { FetchError::NoAnswer })?;
        if answer.status().as_u16() != 200 {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let mut body = ByteStream::new(answer.into_body());
        let mut document = Vec::new();
        while let Some(part) = body.try_next().await.map_err(|_| FetchError::NoAnswer)? {
            if document.len().saturating_add(part.len()) > MAX_BYTES {
                return Err(FetchError::TooLarge);
            }
            document.extend_from_slice(&part);
        }
        Ok(document)
    }
}

fn is_allowed(uri: &Uri, here_too: bool) -> bool {
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(_)) => true,
        (Some("http"), Some(host)) => here_too && matches!(host, "127.0.0.1" | "localhost" | "[::1]"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// A server that gives one answer to one caller.
    async fn answering(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(socket.read(&mut request).await.unwrap() > 0);
            // The caller may hang up in the middle of a large answer.
            let _ = socket.write_all(&answer).await;
        });
        url
    }

    fn http(status: &str, body: &[u8]) -> Vec<u8> {
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nlocation: http://127.0.0.1:1/\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    }

    async fn get(url: &str) -> Result<Vec<u8>, FetchError> {
        Fetch::new(crate::connector().unwrap()).here_too().get(url).await
    }

    #[tokio::test]
    async fn a_document_is_read_whole() {
        let url = answering(http("200 OK", br#"{"keys":[]}"#)).await;
        assert_eq!(get(&url).await.as_deref(), Ok(br#"{"keys":[]}"#.as_slice()));
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let url = answering(http("302 Found", b"")).await;
        assert_eq!(get(&url).await, Err(FetchError::Status(302)));
    }

    #[tokio::test]
    async fn a_large_document_is_not_read() {
        let largest = answering(http("200 OK", &vec![b' '; MAX_BYTES])).await;
        assert_eq!(get(&largest).await.map(|d| d.len()), Ok(MAX_BYTES));
        let larger = answering(http("200 OK", &vec![b' '; MAX_BYTES + 1])).await;
        assert_eq!(get(&larger).await, Err(FetchError::TooLarge));
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_none() {
        let url = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{".to_vec()).await;
        assert_eq!(get(&url).await, Err(FetchError::NoAnswer));
    }

    #[tokio::test]
    async fn a_silent_server_is_given_up_on() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        assert_eq!(get(&url).await, Err(FetchError::Timeout));
    }

    #[tokio::test]
    async fn only_https_and_this_machine_are_asked() {
        for url in
            ["http://idp.example/jwks", "ftp://127.0.0.1/", "/jwks", "http://127.0.0.1.example/", "http://10.0.0.1/"]
        {
            assert_eq!(get(url).await, Err(FetchError::NotAllowed), "{url}");
        }
        assert!(is_allowed(&"https://idp.example/jwks".parse().unwrap(), false));
    }

    #[tokio::test]
    async fn in_the_cloud_this_machine_is_not_asked() {
        let url = answering(http("200 OK", br#"{"keys":[]}"#)).await;
        assert_eq!(Fetch::new(crate::connector().unwrap()).get(&url).await, Err(FetchError::NotAllowed));
        assert_eq!(get(&url).await.as_deref(), Ok(br#"{"keys":[]}"#.as_slice()));
    }
}
