//! The gateway, with functions that tell what reached them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod http;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bedside_local::aws::Invocations;
use bedside_local::clock::LocalClock;
use bedside_local::gateway::{Gateway, Registry, service};
use bedside_local::template::{Route, Template};
use http::{raw, send};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::RwLock;
use tower::service_fn;

/// Answers what the function saw.
async fn echo(request: Request) -> Result<Response<Body>, Infallible> {
    let RequestContext::ApiGatewayV1(context) = request.request_context() else { panic!("another event") };
    let path = request.path_parameters();
    let query = request.query_string_parameters();
    let body = match request.body() {
        Body::Empty => json!(null),
        Body::Text(text) => json!({ "text": text }),
        Body::Binary(bytes) => json!({ "bytes": bytes }),
        _ => panic!("another body"),
    };
    let headers: serde_json::Map<String, Value> =
        request.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().into())).collect();
    let seen = json!({
        "method": request.method().as_str(),
        "path": request.raw_http_path(),
        "name": path.first("name"),
        "query": query.all("q"),
        "headers": headers,
        "sourceIp": context.identity.source_ip,
        "userAgent": context.identity.user_agent,
        "requestId": context.request_id,
        "resource": context.resource_path,
        "lambdaRequestId": request.lambda_context().request_id,
        "body": body,
    });
    let answer = Response::builder().status(203).header("x-kept", "one").header("x-kept", "two");
    Ok(answer.body(Body::from(seen.to_string())).unwrap())
}

/// Dies as its name says.
async fn dying(request: Request) -> Result<Response<Body>, Infallible> {
    match request.path_parameters().first("name") {
        Some("panics") => panic!("on purpose"),
        Some("nonsense") => Ok(Response::builder().status(700).body(Body::Empty).unwrap()),
        // Without a content type the functions' runtime takes any answer for text.
        _ => Ok(Response::builder()
            .header("content-type", "application/octet-stream")
            .body(Body::Binary(vec![0xff, 0x00]))
            .unwrap()),
    }
}

async fn start() -> SocketAddr {
    let mut template = Template::load().unwrap();
    for (method, path, function) in [
        ("POST", "/echo/{name}", "echo"),
        ("GET", "/echo/{name}", "echo"),
        ("POST", "/die/{name}", "dying"),
        ("GET", "/absent", "absent"),
    ] {
        template.routes.push(Route { method: method.parse().unwrap(), path: path.into(), function: function.into() });
    }
    let mut functions = Registry::default();
    functions.insert("echo", service_fn(echo));
    functions.insert("dying", service_fn(dying));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let gateway = Arc::new(Gateway {
        template,
        functions: Arc::new(RwLock::new(functions)),
        invocations: Invocations::default(),
        clock: LocalClock::default(),
        origin_secret: "the secret".to_owned(),
        port: address.port(),
        verbose: false,
    });
    let app = service(&gateway, axum::Router::new()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

#[tokio::test]
async fn a_request_reaches_its_function_whole() {
    let address = start().await;
    let headers = [("user-agent", "Phone/1"), ("x-request-id", "forged")];
    let answer = send(address, "POST", "/echo/a%20b%2Fc?q=1&q=%262", &headers, b"hello").await;
    assert_eq!(answer.status, 203);
    let kept = answer.headers.iter().filter(|(name, _)| name == "x-kept");
    assert_eq!(kept.map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    let seen = answer.json();
    assert_eq!(seen["method"], "POST");
    assert_eq!((&seen["path"], &seen["name"]), (&json!("/echo/a%20b%2Fc"), &json!("a b/c")));
    assert_eq!(seen["query"], json!(["1", "&2"]));
    assert_eq!(seen["body"], json!({ "text": "hello" }));
    assert_eq!((&seen["sourceIp"], &seen["userAgent"]), (&json!("127.0.0.1"), &json!("Phone/1")));
    assert_eq!(seen["resource"], "/echo/{name}");
    let id = seen["requestId"].as_str().unwrap();
    assert!(id.len() == 36 && id != seen["lambdaRequestId"].as_str().unwrap());
}

#[tokio::test]
async fn bytes_that_are_no_text_arrive_as_they_are_both_ways() {
    let address = start().await;
    let there = send(address, "POST", "/echo/x", &[], b"\xff\x00\xfe").await.json();
    assert_eq!(there["body"], json!({ "bytes": [255, 0, 254] }));
    assert_eq!(send(address, "POST", "/echo/x", &[], b"").await.json()["body"], Value::Null);
    assert_eq!(send(address, "POST", "/die/never", &[], b"").await.body, b"\xff\x00");
}

#[tokio::test]
async fn only_the_edge_says_who_is_calling() {
    let address = start().await;
    let forged = [
        ("cloudfront-viewer-address", "203.0.113.1:1"),
        ("cloudfront-viewer-country", "XX"),
        ("x-origin-secret", "guessed"),
    ];
    let seen = send(address, "GET", "/echo/x", &forged, b"").await.json();
    let port = seen["headers"]["cloudfront-viewer-address"].as_str().unwrap();
    assert!(port.starts_with("127.0.0.1:") && port != "203.0.113.1:1");
    assert_eq!(seen["headers"]["cloudfront-viewer-country"], Value::Null);
    assert_eq!(seen["headers"]["x-origin-secret"], "the secret");

    let said = [("x-local-address", "2001:db8::7"), ("x-local-country", "CA")];
    let seen = send(address, "GET", "/echo/x", &said, b"").await.json();
    assert_eq!(seen["sourceIp"], "2001:db8::7");
    assert!(seen["headers"]["cloudfront-viewer-address"].as_str().unwrap().starts_with("2001:db8::7:"));
    assert_eq!(seen["headers"]["cloudfront-viewer-country"], "CA");
    assert_eq!(seen["headers"]["x-local-address"], Value::Null);

    for wrong in [("x-local-address", "here"), ("x-local-country", "Canada")] {
        send(address, "GET", "/echo/x", &[wrong], b"").await.problem(400, "MALFORMED_REQUEST");
    }
}

#[tokio::test]
async fn an_unknown_path_or_method_is_not_found() {
    let address = start().await;
    let unknown = [
        ("GET", "/"),
        ("GET", "/api/nowhere"),
        ("DELETE", "/echo/x"),
        ("OPTIONS", "/echo/x"),
        ("GET", "/echo/x/"),
        ("GET", "/echo/"),
        ("PROPFIND", "/api/visits"),
    ];
    for (method, path) in unknown {
        send(address, method, path, &[("origin", "https://evil.example")], b"").await.problem(404, "NOT_FOUND");
    }
    let head = send(address, "HEAD", "/echo/x", &[], b"").await;
    assert_eq!((head.status, head.body.len()), (404, 0));
}

#[tokio::test]
async fn a_route_of_the_contract_that_is_not_built_says_so() {
    let address = start().await;
    let problem = send(address, "GET", "/api/visits/1/fhir", &[], b"").await.problem(501, "NOT_IMPLEMENTED");
    assert_eq!(problem["title"], "Not built yet");
}

#[tokio::test]
async fn a_function_that_dies_is_a_plain_500() {
    let address = start().await;
    for path in ["/die/panics", "/die/nonsense"] {
        send(address, "POST", path, &[], b"").await.problem(500, "INTERNAL");
    }
    send(address, "GET", "/absent", &[], b"").await.problem(500, "INTERNAL");
    // What died took nothing with it.
    assert_eq!(send(address, "GET", "/echo/x", &[], b"").await.status, 203);
}

#[tokio::test]
async fn a_host_that_is_not_loopbacks_is_refused() {
    let address = start().await;
    let get = |host: String| async move {
        raw(address, format!("GET /echo/x HTTP/1.1\r\n{host}connection: close\r\n\r\n").as_bytes()).await
    };
    let port = address.port();
    for name in ["127.0.0.1", "localhost", "[::1]"] {
        assert_eq!(get(format!("host: {name}:{port}\r\n")).await.status, 203, "{name}");
    }
    for foreign in [format!("evil.example:{port}"), "localhost".to_owned(), "localhost:1".to_owned()] {
        get(format!("host: {foreign}\r\n")).await.problem(403, "FORBIDDEN");
    }
    for malformed in
        ["host: a b\r\n", "host: x@localhost\r\n", "host: [\r\n", "host: \r\n", "host: a\r\nhost: b\r\n", ""]
    {
        get(malformed.to_owned()).await.problem(400, "MALFORMED_REQUEST");
    }
    let absolute =
        format!("GET http://evil.example/echo/x HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n");
    raw(address, absolute.as_bytes()).await.problem(403, "FORBIDDEN");
}

#[tokio::test]
async fn hostile_headers_and_queries_do_no_harm() {
    let address = start().await;
    send(address, "GET", "/echo/x", &[("x-forwarded-proto", "http://[")], b"").await.problem(400, "MALFORMED_REQUEST");
    let seen = send(address, "GET", "/echo/x", &[("x-forwarded-proto", "https"), ("user-agent", "Grüße")], b"").await;
    assert_eq!((seen.status, &seen.json()["headers"]["x-forwarded-proto"]), (203, &json!("http")));
    let paths = [
        "/echo/%",
        "/echo/%ff?q=%ff",
        "/echo/x?%00=%0d%0a&q=%F0%9F%92%A9",
        "/echo/x?q=[]{}|^`\"<>",
        "/echo/..%2f..?&&=&q",
    ];
    for path in paths {
        let answer = send(address, "GET", path, &[], b"").await;
        assert!(matches!(answer.status, 203 | 400), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_gateways_limit_is_refused() {
    let address = start().await;
    let mut body = vec![b'x'; 10 * 1024 * 1024];
    assert_eq!(send(address, "POST", "/echo/x", &[], &body).await.status, 203);
    body.push(b'x');
    send(address, "POST", "/echo/x", &[], &body).await.problem(413, "PAYLOAD_TOO_LARGE");
}
