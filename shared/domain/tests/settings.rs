//! What an administrator may set, and what not.
#![allow(clippy::unwrap_used, missing_docs)]

use bedside_domain::audit::EventType;
use bedside_domain::settings::{
    ConnectId, Issuer, LocationPolicy, MediaRegion, Minutes, Origin, SmsName, UrlTemplate, WebhookUrl,
};

macro_rules! fits {
    ($name:ident: $type:ty, yes $yes:expr, no $no:expr) => {
        #[test]
        fn $name() {
            for text in $yes {
                assert_eq!(<$type>::parse(text).map(|v| v.to_string()).as_deref(), Ok(text as &str), "{text}");
            }
            for text in $no {
                assert!(<$type>::parse(text).is_err(), "{text:?}");
            }
        }
    };
}

fits!(a_name_in_a_text_is_of_the_basic_alphabet_and_short: SmsName,
    yes ["A", "Example Practice", "Müller & Söhne", "ΔΦΓΛΩΠΨΣΘΞ", "12345678901234567890"],
    no ["", "123456789012345678901", "François", "Example [Practice]", "Practice €", "two\nlines", "日本", "👑"]);

fits!(an_origin_is_a_host_and_perhaps_a_port: Origin,
    yes ["https://visit.example.com", "https://visit.example.com:8443", "http://localhost:8787", "http://127.0.0.1",
        "https://xn--mller-kva.example"],
    no ["", "https://", "visit.example.com", "http://visit.example.com", "https://visit.example.com/", "HTTPS://a.b",
        "https://a.b/c", "https://a.b?c", "https://a.b#c", "https://me@a.b", "https://a b", "https://a..b", "https://-a.b",
        "https://müller.example", "https://a.b:", "https://a.b:x", "https://a.b:99999", "https://a.b:0", "https://a\\b",
        "http://localhost.evil.example", "http://127.0.0.1.evil.example", "javascript:alert(1)"]);

fits!(an_issuer_may_have_a_path: Issuer,
    yes ["https://login.example.com", "https://login.example.com/", "https://login.example.com/realms/a",
        "http://127.0.0.1:8787/local/oidc"],
    no ["", "https://login.example.com?a", "https://login.example.com/a?b", "https://login.example.com/#a",
        "https://login.example.com/a b", "http://login.example.com", "https://u@login.example.com/a"]);

fits!(a_webhook_may_have_a_query: WebhookUrl,
    yes ["https://example.com", "https://example.com/hooks?of=visits", "http://localhost:9000/hook"],
    no ["", "https://example.com/hooks#part", "https://example.com?of=visits", "http://example.com/hooks", "https://a/b c"]);

fits!(a_quick_action_is_an_https_address_with_places_to_fill: UrlTemplate,
    yes ["https://example.com/chart/{patientId}?visit={visitId}", "https://{clinicianId}.example.com"],
    no ["", "https://", "http://example.com", "https://a b", "https://a\tb", "https://a\u{0}b", "javascript:alert(1)"]);

fits!(a_region_is_named_as_aws_names_them: MediaRegion,
    yes ["us-east-1", "eu-central-1", "us-gov-west-1", "ap-southeast-2"],
    no ["", "us-1", "us-east", "us-east-", "us-east-12", "us--1", "usa-east-1", "US-EAST-1", "us-east-1 ", "us_east_1", "a-b-1"]);

fits!(an_id_of_connect_has_letters_digits_and_hyphens: ConnectId,
    yes ["a", "12345678-1234-1234-1234-123456789012"],
    no ["", "a b", "a/b", "ä"]);

#[test]
fn lengths_end_where_the_contract_says() {
    let host = |length: usize| {
        let label = "a".repeat(60);
        let mut host = format!("https://{label}.{label}.{label}.");
        host.extend(std::iter::repeat_n('b', length - host.len()));
        host
    };
    assert!(Origin::parse(&host(200)).is_ok() && Origin::parse(&host(201)).is_err());
    let at = |length: usize| format!("https://a/{}", "b".repeat(length - 10));
    assert!(Issuer::parse(&at(255)).is_ok() && Issuer::parse(&at(256)).is_err());
    assert!(WebhookUrl::parse(&at(500)).is_ok() && WebhookUrl::parse(&at(501)).is_err());
    assert!(UrlTemplate::parse(&at(500)).is_ok() && UrlTemplate::parse(&at(501)).is_err());
    assert!(ConnectId::parse(&"a".repeat(100)).is_ok() && ConnectId::parse(&"a".repeat(101)).is_err());
    assert!(MediaRegion::parse(&format!("us-{}-1", "a".repeat(20))).is_ok());
    assert!(MediaRegion::parse(&format!("us-{}-1", "a".repeat(21))).is_err());
}

#[test]
fn minutes_end_where_the_contract_says() {
    assert_eq!(Minutes::<120>::new(0).map(Minutes::get), Some(0));
    assert_eq!(Minutes::<120>::new(120).map(Minutes::get), Some(120));
    assert_eq!(Minutes::<120>::new(121), None);
    assert_eq!(Minutes::<120>::new(65_536 + 1), None, "nothing is cut off");
}

#[test]
fn words_are_spelled_one_way() {
    assert_eq!(LocationPolicy::default(), LocationPolicy::Alert);
    assert!(LocationPolicy::parse("Off").is_err() && LocationPolicy::parse("off").is_ok());
    for event in EventType::ALL {
        assert_eq!(EventType::parse(event.as_str()), Ok(*event));
    }
    assert!(EventType::parse("visit_ended").is_err());
}
