//! HTTP to API Gateway's event for a REST proxy integration, version 1, and the function's answer back to HTTP:
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html>

use std::collections::BTreeMap;

use aws_lambda_events::apigw::ApiGatewayProxyResponse;
use aws_lambda_events::encodings::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Value, json};

use super::edge::Caller;
use super::percent;
use super::problem::RequestId;

/// A request on its way to a function.
pub(crate) struct Incoming<'a> {
    pub(crate) id: &'a RequestId,
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    /// As the edge passes them on.
    pub(crate) headers: &'a HeaderMap,
    pub(crate) caller: &'a Caller,
    /// The route's path, with parameters in braces.
    pub(crate) resource: &'a str,
    pub(crate) parameters: &'a BTreeMap<String, String>,
    pub(crate) body: &'a Bytes,
    /// The laptop's time.
    pub(crate) now: jiff::Timestamp,
}

impl Incoming<'_> {
    /// The event.
    pub(crate) fn event(&self) -> Value {
        let (mut headers, mut repeated) = (BTreeMap::new(), BTreeMap::<&str, Vec<String>>::new());
        for (name, value) in self.headers {
            let value = visible(value);
            headers.insert(name.as_str(), value.clone());
            repeated.entry(name.as_str()).or_default().push(value);
        }
        let (mut query, mut queries) = (BTreeMap::new(), BTreeMap::<String, Vec<String>>::new());
        for (name, value) in percent::pairs(self.uri.query().unwrap_or_default()) {
            query.insert(name.clone(), value.clone());
            queries.entry(name).or_default().push(value);
        }
        let (body, is_base64) = match std::str::from_utf8(self.body) {
            Ok("") => (Value::Null, false),
            Ok(text) => (Value::from(text), false),
            Err(_) => (Value::from(STANDARD.encode(self.body)), true),
        };
        json!({
            "resource": self.resource,
            "path": self.uri.path(),
            "httpMethod": self.method.as_str(),
            "headers": headers,
            "multiValueHeaders": repeated,
            // API Gateway says null where there is nothing.
            "queryStringParameters": or_null(query),
            "multiValueQueryStringParameters": or_null(queries),
            "pathParameters": or_null(self.parameters.clone()),
            "stageVariables": null,
            "requestContext": self.context(),
            "body": body,
            "isBase64Encoded": is_base64,
        })
    }

    fn context(&self) -> Value {
        json!({
            "accountId": "000000000000",
            "apiId": "local",
            "resourceId": "local",
            "resourcePath": self.resource,
            "path": self.uri.path(),
            "httpMethod": self.method.as_str(),
            "protocol": "HTTP/1.1",
            "stage": "$default",
            "requestId": self.id.0,
            "extendedRequestId": self.id.0,
            "domainName": self.headers.get(HOST).map(visible),
            "requestTime": self.now.strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
            "requestTimeEpoch": self.now.as_millisecond(),
            "identity": {
                "sourceIp": self.caller.address.to_string(),
                "userAgent": self.headers.get(USER_AGENT).map(visible),
            },
        })
    }
}

/// A header's value as text. An event's headers must be visible ASCII: what is not is shown as `?`.
fn visible(value: &HeaderValue) -> String {
    let shown = |byte: &u8| if matches!(byte, b'\t' | b' '..=b'~') { char::from(*byte) } else { '?' };
    value.as_bytes().iter().map(shown).collect()
}

fn or_null<V: Into<Value>>(map: BTreeMap<String, V>) -> Value {
    if map.is_empty() { Value::Null } else { map.into_iter().map(|(name, value)| (name, value.into())).collect() }
}

/// The function's answer as HTTP; none where it is not an answer that API Gateway takes.
pub(crate) fn response(answer: ApiGatewayProxyResponse) -> Option<Response> {
    let status = u16::try_from(answer.status_code).ok().filter(|status| (200..600).contains(status));
    let status = StatusCode::from_u16(status?).ok()?;
    let body = match answer.body {
        None | Some(Body::Empty) => Vec::new(),
        Some(Body::Text(text)) if answer.is_base64_encoded => STANDARD.decode(text).ok()?,
        Some(Body::Text(text)) => text.into_bytes(),
        Some(Body::Binary(bytes)) => bytes,
        Some(_) => return None,
    };
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let mut headers = answer.multi_value_headers;
    // Of a header that is in both, the repeated form counts.
    for (name, value) in answer.headers {
        if let Some(name) = name {
            headers.entry(name).or_insert(value);
        }
    }
    *response.headers_mut() = headers;
    Some(response)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn event(uri: &str, headers: &HeaderMap, body: &'static [u8]) -> Value {
        let caller = Caller::read(headers, ([127, 0, 0, 1], 9).into()).unwrap();
        let parameters = BTreeMap::from([("visitId".to_owned(), "a/b".to_owned())]);
        Incoming {
            id: &RequestId("the-id".into()),
            method: &Method::POST,
            uri: &uri.parse().unwrap(),
            headers,
            caller: &caller,
            resource: "/api/visits/{visitId}",
            parameters: &parameters,
            body: &Bytes::from_static(body),
            now: "2026-12-01T14:50:00Z".parse().unwrap(),
        }
        .event()
    }

    #[test]
    fn an_event_keeps_what_is_repeated() {
        let mut headers = HeaderMap::new();
        headers.append("accept", "a".parse().unwrap());
        headers.append("accept", "b".parse().unwrap());
        headers.append(USER_AGENT, HeaderValue::from_bytes("Grüße".as_bytes()).unwrap());
        let event = event("/api/visits/a%2Fb?x=1&x=2%26&y", &headers, b"{}");
        assert_eq!(event["headers"]["accept"], "b");
        assert_eq!(event["multiValueHeaders"]["accept"], json!(["a", "b"]));
        assert_eq!(event["queryStringParameters"], json!({ "x": "2&", "y": "" }));
        assert_eq!(event["multiValueQueryStringParameters"], json!({ "x": ["1", "2&"], "y": [""] }));
        assert_eq!(event["pathParameters"], json!({ "visitId": "a/b" }));
        assert_eq!(event["path"], "/api/visits/a%2Fb");
        assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("{}"), &json!(false)));
        let context = &event["requestContext"];
        assert_eq!(context["requestId"], "the-id");
        assert_eq!(context["stage"], "$default");
        assert_eq!(context["identity"], json!({ "sourceIp": "127.0.0.1", "userAgent": "Gr????e" }));
        assert_eq!(context["requestTime"], "01/Dec/2026:14:50:00 +0000");
    }

    #[test]
    fn a_body_that_is_not_text_goes_in_base64_and_none_as_null() {
        let binary = event("/", &HeaderMap::new(), b"\xff\x00");
        assert_eq!((&binary["body"], &binary["isBase64Encoded"]), (&json!("/wA="), &json!(true)));
        let empty = event("/", &HeaderMap::new(), b"");
        assert_eq!((&empty["body"], &empty["queryStringParameters"]), (&Value::Null, &Value::Null));
    }

    #[test]
    fn an_event_is_read_by_the_functions_runtime() {
        let text = event("/api/visits/x?a=%00&b=%F0%9F%92%A9&c", &HeaderMap::new(), b"hello").to_string();
        let read: lambda_http::request::LambdaRequest = serde_json::from_str(&text).unwrap();
        assert!(matches!(read, lambda_http::request::LambdaRequest::ApiGatewayV1(_)));
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_none() {
        let answer = |value: Value| response(serde_json::from_value(value).unwrap());
        assert!(answer(json!({ "statusCode": 600 })).is_none());
        assert!(answer(json!({ "statusCode": 200, "body": "*", "isBase64Encoded": true })).is_none());
        let whole = answer(json!({ "statusCode": 204, "multiValueHeaders": { "vary": ["a", "b"] } })).unwrap();
        assert_eq!(whole.headers().get_all("vary").iter().count(), 2);
    }
}
