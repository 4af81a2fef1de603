//! Requests and answers of the protocols "AWS REST JSON 1", "AWS JSON 1.0" and "AWS JSON 1.1".

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use http::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What is asked of a service of the JSON protocols.
#[derive(Debug, Clone, Copy)]
struct Target {
    service: &'static str,
    operation: &'static str,
    content_type: &'static str,
}

/// What a service is asked.
#[derive(Debug)]
pub struct Ask<'a, B = ()> {
    method: Method,
    path: &'a str,
    /// Where the address does not say what is asked.
    target: Option<Target>,
    bearer: Option<&'a str>,
    body: Option<B>,
}

impl<'a> Ask<'a> {
    /// By its address.
    #[must_use]
    pub const fn rest(method: Method, path: &'a str) -> Self {
        Self { method, path, target: None, bearer: None, body: None }
    }

    /// By the names of a service (as the protocol has it) and its operation, in "AWS JSON 1.0".
    #[must_use]
    pub const fn json_1_0(service: &'static str, operation: &'static str) -> Self {
        Self::json(Target { service, operation, content_type: "application/x-amz-json-1.0" })
    }

    /// The same in "AWS JSON 1.1".
    #[must_use]
    pub const fn json_1_1(service: &'static str, operation: &'static str) -> Self {
        Self::json(Target { service, operation, content_type: "application/x-amz-json-1.1" })
    }

    const fn json(target: Target) -> Self {
        Self { method: Method::POST, path: "/", target: Some(target), bearer: None, body: None }
    }
}

impl<'a, B> Ask<'a, B> {
    /// With this body.
    #[must_use]
    pub fn body<C>(self, body: C) -> Ask<'a, C> {
        let Self { method, path, target, bearer, .. } = self;
        Ask { method, path, target, bearer, body: Some(body) }
    }

    /// With a token of the caller's, `X-Amz-Bearer`.
    #[must_use]
    pub const fn bearer(mut self, token: &'a str) -> Self {
        self.bearer = Some(token);
        self
    }
}

impl<B: Serialize> Ask<'_, B> {
    pub(super) fn prepared(&self) -> Result<Prepared, BoxError> {
        Ok(Prepared {
            method: self.method.clone(),
            // The orchestrator puts the endpoint before it.
            uri: self.path.to_owned(),
            target: self.target.map(|target| format!("{}.{}", target.service, target.operation)),
            content_type: self.target.map_or("application/json", |target| target.content_type),
            bearer: self.bearer.map(str::to_owned),
            body: self.body.as_ref().map(serde_json::to_vec).transpose()?,
        })
    }
}

/// A request but for its host and signature.
pub(super) struct Prepared {
    method: Method,
    uri: String,
    target: Option<String>,
    content_type: &'static str,
    bearer: Option<String>,
    body: Option<Vec<u8>>,
}

/// Neither the token nor the body is for a log.
impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared").field("method", &self.method).field("uri", &self.uri).finish_non_exhaustive()
    }
}

pub(super) fn request(asked: Prepared) -> Result<HttpRequest, BoxError> {
    let mut request = http::Request::builder().method(asked.method).uri(asked.uri);
    if let Some(bearer) = asked.bearer {
        request = request.header("X-Amz-Bearer", bearer);
    }
    if let Some(target) = asked.target {
        request = request.header("X-Amz-Target", target);
    }
    let body = match asked.body {
        Some(body) => {
            request = request.header("Content-Type", asked.content_type).header("Content-Length", body.len());
            SdkBody::from(body)
        }
        None => SdkBody::empty(),
    };
    Ok(HttpRequest::try_from(request.body(body)?)?)
}

/// An answer that is not what the service's description says.
#[derive(Debug, thiserror::Error)]
#[error("unreadable answer")]
pub(super) struct Unreadable;

/// What a service answered. It may be a key, and is not for a log.
pub(super) struct Body(SdkBody);

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}

/// The body of an answer that says that it was done.
pub(super) fn answer(response: &HttpResponse) -> Result<Body, OrchestratorError<ErrorMetadata>> {
    if !response.status().is_success() {
        return Err(OrchestratorError::operation(refusal(response)));
    }
    response.body().try_clone().map(Body).ok_or_else(|| OrchestratorError::response(Unreadable.into()))
}

/// What a body says. It is read once the call is over: asking again would not make it readable.
pub(super) fn read<O: DeserializeOwned>(Body(body): &Body) -> Result<O, Unreadable> {
    // Some answers have no body at all.
    let bytes = body.bytes().filter(|bytes| !bytes.is_empty()).unwrap_or(b"{}");
    serde_json::from_slice(bytes).map_err(|_| Unreadable)
}

/// What an error may say beside its message, which may repeat the input and is left out.
#[derive(Default, Deserialize)]
struct Refusal {
    code: Option<String>,
    #[serde(rename = "__type")]
    kind: Option<String>,
    #[serde(rename = "Reason")]
    reason: Option<String>,
}

fn refusal(response: &HttpResponse) -> ErrorMetadata {
    let body = response.body().bytes().unwrap_or_default();
    let Refusal { code, kind, reason } = serde_json::from_slice(body).unwrap_or_default();
    let mut error = ErrorMetadata::builder();
    if let Some(name) = response.headers().get("x-amzn-errortype").or(code.as_deref()).or(kind.as_deref()) {
        error = error.code(bare(name));
    }
    if let Some(reason) = reason {
        error = error.custom("Reason", reason);
    }
    error.build()
}

/// The error's name may have a namespace before it and an address behind it (AWS REST JSON 1 protocol, "Operation error
/// serialization").
fn bare(name: &str) -> &str {
    let name = name.split(':').next().unwrap_or_default();
    name.rsplit('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn refused(header: Option<&'static str>, body: &'static str) -> ErrorMetadata {
        let mut response = HttpResponse::new(400.try_into().unwrap(), SdkBody::from(body));
        if let Some(header) = header {
            response.headers_mut().insert("x-amzn-errortype", header);
        }
        answer(&response).unwrap_err().as_operation_error().unwrap().clone()
    }

    #[test]
    fn an_error_is_named_in_its_header_or_in_its_body() {
        let named = |header, body| refused(header, body).code().map(str::to_owned);
        assert_eq!(named(Some("Gone:http://internal/"), r#"{"__type":"other"}"#).as_deref(), Some("Gone"));
        assert_eq!(named(None, r#"{"__type":"com.amazonaws.sms#Gone"}"#).as_deref(), Some("Gone"));
        assert_eq!(named(None, r#"{"code":"Gone"}"#).as_deref(), Some("Gone"));
        assert_eq!(named(None, r#"{"__type":"other","code":"Gone"}"#).as_deref(), Some("Gone"));
        assert_eq!(named(None, "<html>"), None);
    }

    #[test]
    fn an_errors_reason_is_kept_and_its_message_is_not() {
        let error = refused(None, r#"{"__type":"Conflict","Reason":"OPTED_OUT","message":"+12025550123"}"#);
        assert_eq!((error.extra("Reason"), error.message()), (Some("OPTED_OUT"), None));
    }

    #[test]
    fn the_protocol_is_told_by_the_headers() {
        let sent = |ask: Ask<'_, u8>| request(ask.prepared().unwrap()).unwrap();
        let newer = sent(Ask::json_1_1("Service", "Operate").body(1));
        assert_eq!(newer.headers().get("content-type"), Some("application/x-amz-json-1.1"));
        let json = sent(Ask::json_1_0("Service", "Operate").body(1));
        assert_eq!((json.method(), json.uri()), ("POST", "/"));
        assert_eq!(json.headers().get("x-amz-target"), Some("Service.Operate"));
        assert_eq!(json.headers().get("content-type"), Some("application/x-amz-json-1.0"));
        let rest = sent(Ask::rest(Method::PUT, "/things/1").bearer("token").body(1));
        assert_eq!((rest.method(), rest.uri()), ("PUT", "/things/1"));
        assert_eq!(rest.headers().get("x-amz-target"), None);
        assert_eq!(rest.headers().get("x-amz-bearer"), Some("token"));
        assert_eq!(rest.headers().get("content-type"), Some("application/json"));
    }
}
