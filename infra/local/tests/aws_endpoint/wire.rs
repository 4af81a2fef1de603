//! What no SDK client sends.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::endpoint::Endpoint;

async fn send(endpoint: &Endpoint, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(endpoint.address).await.unwrap();
    let request = format!("{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_request_without_authorization_is_refused() {
    let endpoint = Endpoint::start().await;
    for (head, status) in [
        ("POST / HTTP/1.1\r\nHost: localhost:1\r\nX-Amz-Target: DynamoDB_20120810.ListTables", "400"),
        ("POST / HTTP/1.1\r\nHost: localhost:1\r\nX-Amz-Target: TrentService.DescribeKey", "400"),
        ("POST /meetings HTTP/1.1\r\nHost: 127.0.0.1", "403"),
    ] {
        let answer = send(&endpoint, head, "{}").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(answer.contains("MissingAuthenticationTokenException"), "{answer}");
    }
    assert!(endpoint.state.calls().is_empty());
}

#[tokio::test]
async fn another_host_is_refused() {
    let endpoint = Endpoint::start().await;
    let head = "POST / HTTP/1.1\r\nHost: rebound.example:4566\r\nAuthorization: x\r\n\
                X-Amz-Target: DynamoDB_20120810.ListTables";
    assert!(send(&endpoint, head, "{}").await.starts_with("HTTP/1.1 403"));
    let head = head.replace("rebound.example", "localhost");
    assert!(send(&endpoint, &head, "{}").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn what_is_not_served_and_what_is_not_json_is_refused_in_the_services_own_way() {
    let endpoint = Endpoint::start().await;
    let signed =
        |target: &str| format!("POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: x\r\nX-Amz-Target: {target}");
    for (target, body, code) in [
        ("DynamoDB_20120810.DescribeEndpoints", "{}", "UnknownOperationException"),
        ("TrentService.ScheduleKeyDeletion", "{}", "UnknownOperationException"),
        ("Other.Thing", "{}", "UnknownOperationException"),
        ("DynamoDB_20120810.GetItem", "{", "SerializationException"),
        ("DynamoDB_20120810.GetItem", r#"{"TableName":"Visits","Key":{"PK":{}}}"#, "ValidationException"),
        ("TrentService.DescribeKey", "[]", "SerializationException"),
        ("TrentService.DescribeKey", r#"{"KeyId":7}"#, "ValidationException"),
        ("TrentService.DescribeKey", "{}", "ValidationException"),
        ("TrentService.Encrypt", r#"{"KeyId":"x","Plaintext":"%"}"#, "ValidationException"),
    ] {
        let answer = send(&endpoint, &signed(target), body).await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains(code), "{target} {body}: {answer}");
    }
    let path = "GET /contacts HTTP/1.1\r\nHost: localhost\r\nAuthorization: x";
    assert!(send(&endpoint, path, "").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_calls_at_once_are_all_answered() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    let mut calls = JoinSet::new();
    for call in 0..256 {
        let client = client.clone();
        calls.spawn(async move {
            let put = client
                .put_item()
                .table_name("Audit")
                .item("PK", aws_sdk_dynamodb::types::AttributeValue::S("V".into()));
            put.item("SK", aws_sdk_dynamodb::types::AttributeValue::S(call.to_string())).send().await.map(|_| ())
        });
    }
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert_eq!(endpoint.called("PutItem"), 256);
}
