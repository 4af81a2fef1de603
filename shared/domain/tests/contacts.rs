//! Telephone numbers, e-mail addresses, zones and names as they come from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use bedside_domain::{
    contact::{EmailAddress, KeptPhone, PhoneNumber},
    name::{DisplayName, PersonName, clean_display_name},
    zone::{Zone, local_time},
};
use jiff::Timestamp;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[test]
fn numbers_that_exist_are_taken_with_their_country() {
    for (number, country) in [
        ("+12025550123", Some("US")),
        ("+12125550100", Some("US")),
        ("+19195550199", Some("US")),
        ("+14165550123", Some("CA")),
        ("+18005550100", Some("US")),
        ("+442071838750", Some("GB")),
        ("+4915123456789", Some("DE")),
        ("+390612345678", Some("IT")),
        ("+84912345678", Some("VN")),
        ("+80012345678", None),
    ] {
        let phone = PhoneNumber::parse(number).unwrap_or_else(|why| panic!("{number}: {why}"));
        assert_eq!(phone.expose(), number);
        assert_eq!(phone.country(), country, "{number}");
    }
}

#[test]
fn numbers_of_fiction_of_many_areas_are_taken() {
    for area in [202, 212, 312, 415, 512, 617, 702, 713, 206, 305, 303, 404, 214, 503, 602, 919] {
        for line in 0..100 {
            let number = format!("+1{area}55501{line:02}");
            assert_eq!(PhoneNumber::parse(&number).unwrap().country(), Some("US"), "{number}");
        }
    }
}

#[test]
fn numbers_that_cannot_exist_are_refused_with_a_sentence() {
    for number in [
        "",
        "+",
        "12025550123",
        "2025550123",
        "+1202555012",
        "+120255501234",
        "+0123456789",
        "+1 202 555 0123",
        "+1-2025550123",
        "+12025550123x",
        "+10025550123",
        "+11125550123",
        "+12021550123",
        "+999123456789",
        "+1234567890123456",
        "tel:+12025550123",
        "+١٢٠٢٥٥٥٠١٢٣",
        "+12025550123\n",
    ] {
        let why = PhoneNumber::parse(number).expect_err(number).to_string();
        assert!(why.starts_with("Must be") && why.ends_with('.'), "{why}");
    }
}

#[test]
fn a_national_prefix_is_dropped_so_that_a_number_has_one_spelling() {
    assert_eq!(PhoneNumber::parse("+4402071838750").unwrap(), PhoneNumber::parse("+442071838750").unwrap());
}

#[test]
fn a_number_shows_only_its_mask() {
    let phone = PhoneNumber::parse("+12025550123").unwrap();
    assert_eq!(phone.mask(), "***-***-0123");
    assert_eq!(phone.last4(), "0123");
    assert_eq!(format!("{phone:?}"), "PhoneNumber(***-***-0123)");
    assert_eq!(phone.format_international(), "+1 202-555-0123");
}

/// Something that is sealed, with a number among other things.
#[derive(Serialize, Deserialize)]
struct Profile {
    name: String,
    #[serde(flatten)]
    phone: Option<KeptPhone>,
}

#[test]
fn a_number_that_was_kept_is_read_without_its_plan() {
    let phone = PhoneNumber::parse("+442071838750").unwrap();
    let kept = Profile { name: "Ann".to_owned(), phone: Some(KeptPhone::from(&phone)) };
    let kept = serde_json::to_value(&kept).unwrap();
    assert_eq!(kept, json!({"name": "Ann", "phone": "+442071838750", "phoneCountry": "GB"}));
    let number = serde_json::from_value::<Profile>(kept).unwrap().phone.unwrap().number().unwrap();
    assert_eq!((number.expose(), number.country()), ("+442071838750", Some("GB")));

    // No plan has this one: it is taken since it was parsed once.
    let elsewhere = json!({"name": "Ann", "phone": "+99912345678", "phoneCountry": ""});
    let number = serde_json::from_value::<Profile>(elsewhere).unwrap().phone.unwrap().number().unwrap();
    assert_eq!((number.expose(), number.country()), ("+99912345678", None));
    let written = PhoneNumber::kept("+99912345678", Some("+999 123 45678")).unwrap();
    assert_eq!(written.format_international(), "+999 123 45678");
}

#[test]
fn a_number_that_was_kept_as_a_text_alone_is_parsed() {
    let kept = |text: &str| serde_json::from_value::<KeptPhone>(json!({"phone": text})).unwrap();
    assert_eq!(kept("+442071838750").number().unwrap().country(), Some("GB"));
    assert_eq!(kept("+99912345678").number(), None);
    assert!(serde_json::from_value::<Profile>(json!({"name": "Ann"})).unwrap().phone.is_none());
    assert_eq!(PhoneNumber::kept("+12025550123", None).unwrap().format_international(), "+1 202-555-0123");
    assert_eq!(PhoneNumber::kept("+99912345678", None), None);
}

#[test]
fn addresses_are_taken_and_their_host_is_in_lower_case() {
    let longest_local = format!("{}@example.com", "a".repeat(64));
    for (address, kept) in [
        ("jane@example.com", "jane@example.com"),
        ("Jane.Doe+visit@EXAMPLE.Com", "Jane.Doe+visit@example.com"),
        ("o'neil@xn--bcher-kva.example", "o'neil@xn--bcher-kva.example"),
        ("a@b", "a@b"),
        (&longest_local, &longest_local),
    ] {
        assert_eq!(EmailAddress::parse(address).unwrap().expose(), kept);
    }
}

#[test]
fn addresses_that_break_headers_or_reach_nobody_are_refused() {
    let too_long =
        format!("a@{}.com", ["b".repeat(60), "c".repeat(60), "d".repeat(60), "e".repeat(60), "f".repeat(8)].join("."));
    assert_eq!(too_long.len(), 258);
    for address in [
        "",
        "@",
        "a@",
        "@b",
        "jane",
        "jane doe@example.com",
        "jane@example.com\r\nBcc: all@example.com",
        "jane@exa mple.com",
        "\"jane\"@example.com",
        "jane@[127.0.0.1]",
        "a@b@c",
        "a..b@example.com",
        ".a@example.com",
        "a@-b.com",
        "a@b..com",
        "a@b.",
        "<jane@example.com>",
        "jane@example.com,bob@example.com",
        "jane\0@example.com",
        "jané@example.com",
        "jane@exämple.com",
        &too_long,
    ] {
        let why = EmailAddress::parse(address).expect_err(address).to_string();
        assert!(why.starts_with("Must be an email address"), "{why}");
    }
}

#[test]
fn an_address_shows_only_its_mask() {
    let email = EmailAddress::parse("jane.doe@Example.com").unwrap();
    assert_eq!(email.mask(), "j***@example.com");
    assert_eq!(format!("{email:?}"), "EmailAddress(j***@example.com)");
    assert_eq!(EmailAddress::parse("a@b").unwrap().mask(), "a***@b");
}

#[test]
fn zones_are_known_by_their_iana_name() {
    assert_eq!(Zone::parse("America/New_York").unwrap().as_str(), "America/New_York");
    assert_eq!(Zone::parse("america/new_york").unwrap().as_str(), "America/New_York");
    assert_eq!(Zone::parse("UTC").unwrap().as_str(), "UTC");
    for name in
        ["", "EST5", "America/Nowhere", "Etc/Unknown", "+05:00", "../etc/passwd", "New York", "America/New_York\0"]
    {
        assert!(Zone::parse(name).is_err(), "{name:?}");
    }
    let zone = Zone::parse("Asia/Ho_Chi_Minh").unwrap();
    let json = serde_json::to_string(&zone).unwrap();
    assert_eq!(json, "\"Asia/Ho_Chi_Minh\"");
    assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
    assert!(serde_json::from_str::<Zone>("\"Mars/Olympus\"").is_err());
}

fn told(instant: &str, zone: &str) -> String {
    let local = local_time(instant.parse().unwrap(), &Zone::parse(zone).unwrap());
    let place = local.place.unwrap_or_default();
    format!(
        "{} {} {} {} | {}, {} | {place}",
        local.short_weekday, local.short_date, local.time, local.zone, local.weekday, local.date
    )
}

#[test]
fn a_time_is_told_in_the_zone_of_its_reader() {
    let instant = "2026-12-01T19:45:00Z";
    for (zone, text) in [
        ("America/New_York", "Tue Dec 1 2:45 PM EST | Tuesday, December 1, 2026 | New York"),
        ("America/Phoenix", "Tue Dec 1 12:45 PM MST | Tuesday, December 1, 2026 | Phoenix"),
        ("Asia/Bangkok", "Wed Dec 2 2:45 AM UTC+7 | Wednesday, December 2, 2026 | Bangkok"),
        ("Asia/Kathmandu", "Wed Dec 2 1:30 AM UTC+5:45 | Wednesday, December 2, 2026 | Kathmandu"),
        ("America/Argentina/Buenos_Aires", "Tue Dec 1 4:45 PM UTC-3 | Tuesday, December 1, 2026 | Buenos Aires"),
        ("UTC", "Tue Dec 1 7:45 PM UTC | Tuesday, December 1, 2026 | "),
        ("Etc/GMT+5", "Tue Dec 1 2:45 PM UTC-5 | Tuesday, December 1, 2026 | "),
    ] {
        assert_eq!(told(instant, zone), text);
    }
}

#[test]
fn the_hour_that_comes_twice_is_told_apart_by_its_zone() {
    // The clocks go back on November 1, 2026 at 06:00 UTC, and forward on March 8 at 07:00 UTC.
    assert!(told("2026-11-01T05:30:00Z", "America/New_York").starts_with("Sun Nov 1 1:30 AM EDT"));
    assert!(told("2026-11-01T06:30:00Z", "America/New_York").starts_with("Sun Nov 1 1:30 AM EST"));
    assert!(told("2026-03-08T06:59:00Z", "America/New_York").starts_with("Sun Mar 8 1:59 AM EST"));
    assert!(told("2026-03-08T07:00:00Z", "America/New_York").starts_with("Sun Mar 8 3:00 AM EDT"));
}

#[test]
fn names_are_not_printed() {
    assert_eq!(format!("{:?}", DisplayName::parse("Jane").unwrap()), "DisplayName(***)");
    let name = PersonName::parse(" Jane\u{202E}", "Doe\n").unwrap();
    assert_eq!(format!("{name:?}"), "PersonName(***)");
    assert_eq!((name.given(), name.family(), name.full().as_str()), ("Jane", "Doe", "Jane Doe"));
}

proptest! {
    #[test]
    fn any_text_is_a_number_or_is_not(text in "\\PC*|\\+[0-9]{0,18}") {
        if let Ok(phone) = PhoneNumber::parse(&text) {
            prop_assert!(phone.expose().starts_with('+') && phone.expose().len() <= 16);
            // What was taken once is taken again and stays.
            let again = PhoneNumber::parse(phone.expose()).unwrap();
            prop_assert_eq!(again.expose(), phone.expose());
            let debug = format!("{phone:?}");
            prop_assert!(!debug.contains(phone.expose()));
        }
    }

    #[test]
    fn any_text_is_an_address_or_is_not(text in "\\PC*|[ -~]{1,20}@[ -~]{1,20}|.{0,6}@.{0,6}") {
        if let Ok(email) = EmailAddress::parse(&text) {
            let kept = email.expose();
            prop_assert!(kept.bytes().all(|byte| byte.is_ascii_graphic()) && kept.matches('@').count() == 1);
            prop_assert!(!kept.contains([',', '<', '>', '"', ';']));
            let again = EmailAddress::parse(kept).unwrap();
            prop_assert_eq!(again.expose(), kept);
            prop_assert!(email.mask().len() <= kept.len() + 3);
        }
    }

    #[test]
    fn cleaning_a_name_twice_is_cleaning_it_once(text in any::<String>()) {
        if let Some(name) = clean_display_name(&text) {
            prop_assert_eq!(clean_display_name(&name), Some(name.clone()));
            prop_assert!((1..=80).contains(&name.chars().count()));
            prop_assert!(!name.chars().any(char::is_control) && !name.contains("://"));
            let hidden = ['\u{200B}', '\u{200E}', '\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{61C}', '\u{2028}'];
            prop_assert!(!name.contains(hidden));
        }
    }

    #[test]
    fn a_url_in_a_name_never_survives(before in "[a-zA-Z ]{0,10}", after in "[a-z0-9/?.]{1,12}", scheme in "[a-z]{2,6}", noise in "[\u{200B}\u{202E}\u{AD}\u{FE0F}]{0,2}") {
        let url = format!("{before} {scheme}:{noise}/{noise}/{after} x");
        let name = clean_display_name(&url).unwrap();
        prop_assert!(!name.contains("//") && name.ends_with('x'), "{}", name);
    }

    #[test]
    fn any_moment_is_told_in_any_zone(seconds in -377_705_023_201_i64..253_402_207_200, pick in any::<prop::sample::Index>()) {
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        let name: &String = pick.get(&names);
        let zone = Zone::parse(name).unwrap();
        let local = local_time(Timestamp::from_second(seconds).unwrap(), &zone);
        prop_assert!(local.time.ends_with("AM") || local.time.ends_with("PM"));
        prop_assert!(!local.zone.is_empty() && local.zone.is_ascii());
    }
}
