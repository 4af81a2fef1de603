//! The OpenAPI document says what the code does, and keeps what the contract promises.

mod contract;
mod differences;
mod examples;
mod plain_names;
mod strangers;

use bedside_tests::Practice;
use bedside_tests::document::{DOCUMENT, errors};
use serde_json::Value;

#[test]
fn the_document_is_what_the_types_say() {
    let made: Value = serde_json::from_str(&bedside_openapi::document().unwrap()).unwrap();
    assert!(made == *DOCUMENT, "the types have moved on: ./dev openapi writes the document anew");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_handed_out_to_anybody() {
    let practice = Practice::open().await;
    let answer = practice.get("/api/openapi.json").send().await.expect(200);
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.json, *DOCUMENT);
}

/// A schema that takes anything would make every check with it worthless.
#[test]
fn a_wrong_answer_is_noticed() {
    let schema = serde_json::json!({"$ref": "#/components/schemas/ParticipantStatusResponse"});
    let good = serde_json::json!({"participantId": "019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01", "status": "ADMITTED"});
    assert!(errors(&schema, &good).is_empty());
    let wrong: [(&str, Value); 4] = [
        ("/status", "GONE".into()),
        ("/participantId", "019AC0DE-7e10-7c3a-9f00-2b6f5d1c4a01".into()),
        ("/status", Value::Null),
        ("/more", 1.into()),
    ];
    for (pointer, value) in wrong {
        let mut bad = good.clone();
        bad[&pointer[1..]] = value;
        assert!(!errors(&schema, &bad).is_empty(), "{bad}");
    }
}
