//! The services behind the functions, asked over their own HTTP: what stands in the tables, what a key signs.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bedside_tests::Practice;
use serde_json::{Value, json};

/// An answer of an operation that the header `X-Amz-Target` names.
pub(crate) async fn call(practice: &Practice, target: &str, body: &Value) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(practice.aws_url()).header("x-amz-target", target).header("authorization", "AWS4 any");
    let answer = request.body(body.to_string()).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{target}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// Every item of these tables, as DynamoDB holds it.
pub(crate) async fn items(practice: &Practice, tables: &[&str]) -> Vec<Value> {
    let mut items = Vec::new();
    for table in tables {
        let mut scan = json!({"TableName": table});
        loop {
            let page = call(practice, "DynamoDB_20120810.Scan", &scan).await;
            items.extend(page["Items"].as_array().unwrap().iter().cloned());
            match page.get("LastEvaluatedKey") {
                Some(last) => scan["ExclusiveStartKey"] = last.clone(),
                None => break,
            }
        }
    }
    items.sort_by_key(|item| (item["PK"]["S"].to_string(), item["SK"]["S"].to_string()));
    items
}

/// A token by the very key that signs ours: whatever is refused then is refused for what it says.
pub(crate) async fn sign(practice: &Practice, header: &str, claims: &str) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let request = json!({
        "KeyId": "alias/bedside-signing", "SigningAlgorithm": "ECDSA_SHA_256", "MessageType": "RAW",
        "Message": STANDARD.encode(&input),
    });
    let answer = call(practice, "TrentService.Sign", &request).await;
    let der = STANDARD.decode(answer["Signature"].as_str().unwrap()).unwrap();
    let signature = p256::ecdsa::Signature::from_der(&der).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// A part of a token, read without a doubt as to whether it is true.
pub(crate) fn part(token: &str, n: usize) -> Value {
    let part = token.split('.').nth(n).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
