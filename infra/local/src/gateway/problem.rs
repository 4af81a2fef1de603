//! Problems (RFC 9457) that the laptop itself answers with, and the headers that every answer carries.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use crate::template::{GatewayResponse, ResponseHeader};

/// The header with the request's id.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Where API Gateway puts the request's id.
const REQUEST_ID_VARIABLE: &str = "$context.requestId";

/// The id of a request, made by the gateway.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }

    fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// What went wrong, before it is told as an answer to a certain request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) detail: String,
}

impl Problem {
    /// 400: what came cannot be used.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        let title = "The request cannot be read";
        Self { status: StatusCode::BAD_REQUEST, code: "MALFORMED_REQUEST", title, detail: detail.into() }
    }

    /// 403: not from there.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, code: "FORBIDDEN", title: "Not allowed", detail: detail.into() }
    }

    /// 404.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "NOT_FOUND", title: "Not found", detail: detail.into() }
    }

    /// 500: something within the laptop broke; it says what, since nobody but the developer reads it.
    pub(crate) fn internal(detail: impl Into<String>) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, code: "INTERNAL", title: "Something went wrong", detail: detail.into() }
    }

    /// 501: promised, but not there yet.
    pub(crate) fn not_built(detail: impl Into<String>) -> Self {
        let status = StatusCode::NOT_IMPLEMENTED;
        Self { status, code: "NOT_IMPLEMENTED", title: "Not built yet", detail: detail.into() }
    }

    fn body(&self, id: &RequestId) -> String {
        let kind = self.code.to_ascii_lowercase().replace('_', "-");
        json!({
            "type": format!("https://visit.example.com/problems/{kind}"),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "instance": id.0,
            "code": self.code,
        })
        .to_string()
    }
}

/// Marks the answer; [`finish`] writes it, who knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Completes an answer of the laptop's own: writes a problem's body, adds what every answer carries.
pub(crate) fn finish(mut response: Response, id: &RequestId) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        *response.body_mut() = problem.body(id).into();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    }
    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, id.header());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let a_year_and_more = HeaderValue::from_static("max-age=63072000; includeSubDomains");
    headers.insert(STRICT_TRANSPORT_SECURITY, a_year_and_more);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// An answer of API Gateway's own, as the template says it.
pub(crate) fn gateway_response(response: &GatewayResponse, id: &RequestId) -> Response {
    let body = response.body.replace(REQUEST_ID_VARIABLE, &id.0);
    let mut answer = (response.status, body).into_response();
    for (name, value) in &response.headers {
        let value = match value {
            ResponseHeader::Fixed(value) => value.clone(),
            ResponseHeader::RequestId => id.header(),
        };
        answer.headers_mut().insert(name, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::template::Template;

    fn problem(response: &GatewayResponse) -> serde_json::Value {
        serde_json::from_str(&response.body.replace(REQUEST_ID_VARIABLE, "the-id")).unwrap()
    }

    #[test]
    fn the_gateways_own_answers_are_whole_problems() {
        let responses = Template::load().unwrap().responses;
        let expected = [
            (&responses.unknown_route, 404, "NOT_FOUND", "not-found"),
            (&responses.too_large, 413, "PAYLOAD_TOO_LARGE", "payload-too-large"),
            (&responses.bad_request, 400, "MALFORMED_REQUEST", "malformed-request"),
            (&responses.failed, 500, "INTERNAL", "internal"),
        ];
        for (response, status, code, kind) in expected {
            let body = problem(response);
            assert_eq!(response.status.as_u16(), status);
            assert_eq!((&body["status"], &body["code"]), (&status.into(), &code.into()));
            assert_eq!(body["type"], format!("https://visit.example.com/problems/{kind}"));
            assert_eq!(body["instance"], "the-id");
            assert!(body["title"].is_string() && body["detail"].is_string());
        }
    }

    #[test]
    fn the_gateways_own_answers_carry_the_headers_of_all_answers() {
        let responses = Template::load().unwrap().responses;
        let own = finish(Problem::not_found("").into_response(), &RequestId("the-id".into()));
        for response in [&responses.unknown_route, &responses.too_large, &responses.bad_request, &responses.failed] {
            let answer = gateway_response(response, &RequestId("the-id".into()));
            for (name, value) in own.headers() {
                assert_eq!(answer.headers().get(name), Some(value), "{name}");
            }
        }
    }
}
