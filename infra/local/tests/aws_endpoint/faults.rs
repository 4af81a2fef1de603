//! Faults on request, at one call of every service.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::SigningAlgorithmSpec;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use bedside_local::aws::{Fault, FaultKind, INVOCATION_HEADER, Service};
use serde_json::json;

use crate::endpoint::{Endpoint, Outcome, outcome, refused};

/// Long enough for an answer, short enough to wait for none.
const IMPATIENT: Duration = Duration::from_secs(3);

const KINDS: [FaultKind; 8] = [
    FaultKind::Error,
    FaultKind::Throttle,
    FaultKind::Timeout,
    FaultKind::LostAnswer,
    FaultKind::Twice,
    FaultKind::Conflict,
    FaultKind::Die,
    FaultKind::DieAfter,
];

/// What a fault leaves behind, and what the caller learns.
fn expected(kind: FaultKind, error: &str, throttled: &str) -> (usize, Outcome) {
    match kind {
        FaultKind::Error | FaultKind::Conflict => (0, refused(error)),
        FaultKind::Throttle => (0, refused(throttled)),
        FaultKind::Timeout => (0, Outcome::TimedOut),
        FaultKind::LostAnswer | FaultKind::DieAfter => (1, Outcome::Unanswered),
        FaultKind::Twice => (2, Outcome::Answered),
        FaultKind::Die => (0, Outcome::Unanswered),
    }
}

fn add(endpoint: &Endpoint, service: Service, operation: &str, kind: FaultKind) {
    endpoint.state.add_fault(Fault { service, operation: operation.to_owned(), kind, times: 1 });
}

#[tokio::test]
async fn every_fault_of_the_database() {
    let endpoint = Endpoint::start().await;
    let config = endpoint.config(IMPATIENT);
    let client = aws_sdk_dynamodb::Client::new(&config);
    for kind in KINDS {
        endpoint.state.reset().await.unwrap();
        let add_one = || {
            client
                .update_item()
                .table_name("Limits")
                .key("PK", AttributeValue::S("COUNT".to_owned()))
                .key("SK", AttributeValue::S("COUNT".to_owned()))
                .update_expression("ADD n :one")
                .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
                .send()
        };
        add(&endpoint, Service::DynamoDb, "UpdateItem", kind);
        let seen = outcome(add_one().await);
        let items = endpoint.state.dynamodb("Scan", json!({ "TableName": "Limits" })).await.unwrap();
        let count = items["Items"][0]["n"]["N"].as_str().map_or(0, |n| n.parse().unwrap());
        assert_eq!((count, seen), expected(kind, "InternalServerError", "ThrottlingException"), "{kind:?}");
        assert_eq!(endpoint.called("UpdateItem"), 1, "one request, whatever comes of it");
        assert_eq!(outcome(add_one().await), Outcome::Answered, "a fault is used up: {kind:?}");
    }
}

#[tokio::test]
async fn a_conflict_names_the_first_item_of_a_transaction() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.dynamodb();
    let put = |sk: &str| {
        let put = Put::builder().table_name("Audit").item("PK", AttributeValue::S("V".to_owned()));
        let put = put.item("SK", AttributeValue::S(sk.to_owned())).build().unwrap();
        TransactWriteItem::builder().put(put).build()
    };
    add(&endpoint, Service::DynamoDb, "TransactWriteItems", FaultKind::Conflict);
    let transaction = client.transact_write_items().transact_items(put("1")).transact_items(put("2"));
    let error = transaction.clone().send().await.unwrap_err().into_service_error();
    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
        cancelled,
    ) = error
    else {
        panic!("{error}");
    };
    let codes: Vec<_> = cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap()).collect();
    assert_eq!(codes, ["TransactionConflict", "None"]);
    let items = endpoint.state.dynamodb("Scan", json!({ "TableName": "Audit" })).await.unwrap();
    assert_eq!(items["Count"], 0);
    assert_eq!(outcome(transaction.send().await), Outcome::Answered);
}

#[tokio::test]
async fn every_fault_of_the_keys() {
    let endpoint = Endpoint::start().await;
    let client = aws_sdk_kms::Client::new(&endpoint.config(IMPATIENT));
    for kind in KINDS {
        let sign = || {
            let sign = client.sign().key_id("alias/bedside-signing").message(Blob::new("x"));
            sign.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256).send()
        };
        add(&endpoint, Service::Kms, "Sign", kind);
        let (_, seen) = expected(kind, "KMSInternalException", "ThrottlingException");
        assert_eq!(outcome(sign().await), seen, "{kind:?}");
        assert_eq!(outcome(sign().await), Outcome::Answered, "{kind:?}");
    }
}

#[tokio::test]
async fn every_fault_of_mail() {
    let endpoint = Endpoint::start().await;
    let client = aws_sdk_sesv2::Client::new(&endpoint.config(IMPATIENT));
    let content = |text: &str| Content::builder().data(text).build().unwrap();
    for kind in KINDS {
        endpoint.state.clear_messages();
        let body = Body::builder().text(content("hello")).build();
        let message = Message::builder().subject(content("Your visit")).body(body).build();
        let mail = client
            .send_email()
            .from_email_address("care@example.com")
            .destination(Destination::builder().to_addresses("jo@example.org").build())
            .content(EmailContent::builder().simple(message).build());
        add(&endpoint, Service::SesV2, "SendEmail", kind);
        let seen = outcome(mail.send().await);
        let wanted = expected(kind, "InternalServiceErrorException", "TooManyRequestsException");
        assert_eq!((endpoint.state.messages().len(), seen), wanted, "{kind:?}");
    }
}

#[tokio::test]
async fn every_fault_of_texts() {
    let endpoint = Endpoint::start().await;
    let client = aws_sdk_pinpointsmsvoicev2::Client::new(&endpoint.config(IMPATIENT));
    for kind in KINDS {
        endpoint.state.clear_messages();
        let text = client.send_text_message().destination_phone_number("+12025550123").message_body("hello");
        add(&endpoint, Service::Sms, "SendTextMessage", kind);
        let seen = outcome(text.send().await);
        let wanted = expected(kind, "InternalServerException", "ThrottlingException");
        assert_eq!((endpoint.state.messages().len(), seen), wanted, "{kind:?}");
    }
}

#[tokio::test]
async fn every_fault_of_meetings() {
    let endpoint = Endpoint::start().await;
    let client = aws_sdk_chimesdkmeetings::Client::new(&endpoint.config(IMPATIENT));
    for kind in KINDS {
        endpoint.state.reset().await.unwrap();
        let create = client.create_meeting().client_request_token("visit-1-0").media_region("us-east-1");
        add(&endpoint, Service::Chime, "CreateMeeting", kind);
        let seen = outcome(create.external_meeting_id("visit-1").send().await);
        let (effects, wanted) = expected(kind, "ServiceFailureException", "ThrottlingException");
        // The token makes one meeting of two calls.
        assert_eq!((endpoint.state.meetings().len(), seen), (effects.min(1), wanted), "{kind:?}");
    }
    add(&endpoint, Service::Chime, "DeleteMeeting", FaultKind::Twice);
    let id = endpoint.state.meetings().pop().unwrap().id;
    let second = client.delete_meeting().meeting_id(id).send().await;
    assert_eq!(outcome(second), refused("NotFoundException"), "the second answer is given");
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_asked_and_only_its_operation() {
    let endpoint = Endpoint::start().await;
    let fault: Fault =
        serde_json::from_value(json!({ "service": "kms", "operation": "DescribeKey", "kind": "throttle", "times": 2 }))
            .unwrap();
    endpoint.state.add_fault(fault.clone());
    let kms = endpoint.kms();
    assert_eq!(outcome(kms.get_public_key().key_id("alias/bedside-signing").send().await), Outcome::Answered);
    let describe = || kms.describe_key().key_id("alias/bedside-signing").send();
    assert_eq!(outcome(describe().await), refused("ThrottlingException"));
    assert_eq!(endpoint.state.faults()[0].times, 1);
    assert_eq!(outcome(describe().await), refused("ThrottlingException"));
    assert_eq!(outcome(describe().await), Outcome::Answered);
    endpoint.state.add_fault(fault);
    endpoint.state.clear_faults();
    assert_eq!(outcome(describe().await), Outcome::Answered);
    let counted = serde_json::to_value(endpoint.state.calls()).unwrap();
    assert_eq!(counted[0], json!({ "service": "kms", "operation": "DescribeKey", "count": 4 }));
    endpoint.state.reset_calls();
    assert!(endpoint.state.calls().is_empty());
}

#[tokio::test]
async fn a_dying_function_learns_nothing_more() {
    let endpoint = Endpoint::start().await;
    for (kind, effects) in [(FaultKind::Die, 0), (FaultKind::DieAfter, 1)] {
        endpoint.state.clear_messages();
        add(&endpoint, Service::Sms, "SendTextMessage", kind);
        let text = endpoint.sms().send_text_message().destination_phone_number("+12025550123").message_body("hello");
        let call = async move {
            let name = |request: &mut aws_sdk_pinpointsmsvoicev2::config::http::HttpRequest| {
                request.headers_mut().insert(INVOCATION_HEADER, "invocation-7");
            };
            text.customize().mutate_request(name).send().await.map(|_| ()).map_err(|_| ())
        };
        let end = endpoint.state.invocations().spawn("invocation-7", call).await;
        assert!(end.is_err_and(|end| end.is_cancelled()), "{kind:?}");
        assert_eq!(endpoint.state.messages().len(), effects, "{kind:?}");
    }
}
