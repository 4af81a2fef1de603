//! The entry in a calendar. Another library reads it whole in `tests/`; here is what it must say, and what it must not.

use super::{LINK, ground};
use bedside_domain::contact::EmailAddress;
use bedside_domain::language::Language;
use bedside_domain::message::calendar::{Entry, Invitation, Method};
use bedside_domain::message::{Facts, Recipient, Template, email};
use bedside_domain::visit::Modality;
use proptest::prelude::*;

fn invitation(template: Template, facts: &Facts<'_>) -> Option<Invitation> {
    email(template, facts).unwrap().invitation
}

/// The lines as they were before they were folded.
fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

fn line(text: &str, name: &str) -> String {
    let lines = lines(text);
    let of = |line: &&String| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', ';']));
    lines.iter().rfind(of).unwrap_or_else(|| panic!("no {name}: {text}")).clone()
}

#[test]
fn messages_about_the_time_of_a_visit_have_an_entry_and_no_others() {
    let ground = ground("America/New_York");
    for recipient in Recipient::ALL {
        let facts = Facts { recipient, ..ground.facts() };
        for template in Template::ALL {
            let method = invitation(template, &facts).map(|invitation| {
                let (said, status) = (invitation.method.as_str(), line(&invitation.text, "STATUS"));
                assert_eq!(line(&invitation.text, "METHOD"), format!("METHOD:{said}"));
                assert_eq!(status == "STATUS:CANCELLED", invitation.method == Method::Cancel);
                invitation.method
            });
            let expected = match template {
                Template::Initial | Template::Reminder | Template::Urgent | Template::Moved => Some(Method::Request),
                Template::Cancelled => Some(Method::Cancel),
                Template::Ready
                | Template::OneTimeCode
                | Template::EmailLink
                | Template::Help
                | Template::Stopped
                | Template::Started => None,
            };
            assert_eq!(method, expected, "{template:?}");
        }
    }
    assert_eq!(invitation(Template::Initial, &Facts { entry: None, ..ground.facts() }), None);
}

#[test]
fn an_entry_holds_no_link_and_nothing_of_the_patient() {
    let ground = ground("America/New_York");
    for language in Language::ALL {
        for recipient in Recipient::ALL {
            for template in [Template::Initial, Template::Moved, Template::Cancelled] {
                let facts = Facts { recipient, language, ..ground.facts() };
                let text = lines(&invitation(template, &facts).unwrap().text).join("\n");
                for part in [LINK, "://", "T9WMR4VX8KQ2PLNA", "K7QX2MPA", "123456", "Jane", "\nURL"] {
                    assert!(!text.contains(part), "{part}: {text}");
                }
                assert!(text.contains("\nCLASS:PRIVATE\n"));
            }
        }
    }
    let audio = Facts { modality: Modality::Audio, ..ground.facts() };
    let text = invitation(Template::Initial, &audio).unwrap().text;
    assert_eq!(line(&text, "SUMMARY"), "SUMMARY:Phone visit with Lakeside Family Practice");
}

#[test]
fn whoever_sends_for_the_practice_is_named() {
    let ground = ground("America/New_York");
    let sender = EmailAddress::parse("visits@bedside.example").unwrap();
    let facts = ground.facts();
    let organizer = |sender| {
        let entry = Entry { sender, ..facts.entry.unwrap() };
        let facts = Facts { entry: Some(entry), practice_name: "Smith; \"Sons\", Inc", ..facts };
        let text = invitation(Template::Initial, &facts).unwrap().text;
        (line(&text, "ORGANIZER"), line(&text, "SUMMARY"))
    };
    let summary = "SUMMARY:Video visit with Smith\\; \"Sons\"\\, Inc".to_owned();
    assert_eq!(
        organizer(Some(&sender)),
        (
            "ORGANIZER;CN=\"Smith; 'Sons', Inc\";SENT-BY=\"mailto:visits@bedside.example\":mailto:help@practice.example"
                .to_owned(),
            summary.clone()
        )
    );
    assert_eq!(
        organizer(Some(&ground.support)),
        ("ORGANIZER;CN=\"Smith; 'Sons', Inc\":mailto:help@practice.example".to_owned(), summary)
    );
}

fn zoned(zone: &str, at: &str) -> String {
    let ground = ground(zone);
    invitation(Template::Initial, &Facts { scheduled_at: at.parse().unwrap(), ..ground.facts() }).unwrap().text
}

#[test]
fn the_hour_that_the_clocks_show_twice_is_told_in_utc_the_second_time() {
    let first = zoned("America/New_York", "2026-11-01T05:30:00Z");
    assert_eq!(line(&first, "DTSTART"), "DTSTART:20261101T053000Z", "it ends when the clocks show 1:00 again");
    let before = zoned("America/New_York", "2026-11-01T05:15:00Z");
    assert_eq!(line(&before, "DTSTART"), "DTSTART;TZID=America/New_York:20261101T011500");
    let second = zoned("America/New_York", "2026-11-01T06:15:00Z");
    assert_eq!(line(&second, "DTSTART"), "DTSTART:20261101T061500Z");
    assert!(!second.contains("VTIMEZONE"));
    let after = zoned("America/New_York", "2026-11-01T07:00:00Z");
    assert_eq!(line(&after, "DTSTART"), "DTSTART;TZID=America/New_York:20261101T020000");
}

#[test]
fn a_zone_comes_with_its_rules_or_with_each_change_where_it_has_none() {
    for (zone, at, rules) in [
        ("America/New_York", "2026-07-01T12:00:00Z", vec!["BYMONTH=3;BYDAY=2SU", "BYMONTH=11;BYDAY=1SU"]),
        ("Europe/Berlin", "2026-07-01T12:00:00Z", vec!["BYMONTH=3;BYDAY=-1SU", "BYMONTH=10;BYDAY=-1SU"]),
        ("Australia/Sydney", "2026-07-01T12:00:00Z", vec!["BYMONTH=10;BYDAY=1SU", "BYMONTH=4;BYDAY=1SU"]),
        ("America/Phoenix", "2026-07-01T12:00:00Z", vec![]),
        ("UTC", "2026-07-01T12:00:00Z", vec![]),
        // Its summer time stops for Ramadan, which no such rule can say.
        ("Africa/Casablanca", "2026-07-01T12:00:00Z", vec![]),
    ] {
        let lines = lines(&zoned(zone, at));
        let found: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("RRULE:FREQ=YEARLY;")).collect();
        assert_eq!(found, rules, "{zone}");
        let observances = lines.iter().filter(|l| l.starts_with("TZOFFSETTO")).count();
        assert!(if zone == "Africa/Casablanca" { observances > 4 } else { observances <= 2 }, "{zone}: {lines:?}");
        assert!(observances > 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_entry_has_lines_of_75_octets_and_no_line_of_anybody_else(
        practice in prop_oneof![
            any::<String>(), "\\PC{0,120}",
            Just("Praxis\r\nATTENDEE:mailto:all@example.com\r\nX:".to_owned()),
            Just("عيادة البحيرة للعائلة والأطفال وكبار السن في المدينة القديمة".to_owned()),
            Just("\\n;,:\"\\".repeat(12)),
        ],
        language in prop::sample::select(Language::ALL.to_vec()),
        zone in prop::sample::select(vec!["America/New_York", "Asia/Kathmandu", "Africa/Casablanca", "America/Santiago"]),
        seconds in 1_700_000_000_i64..2_500_000_000,
    ) {
        let ground = ground(zone);
        let scheduled_at = jiff::Timestamp::from_second(seconds).unwrap();
        let facts = Facts { practice_name: &practice, language, scheduled_at, ..ground.facts() };
        let text = invitation(Template::Initial, &facts).unwrap().text;
        prop_assert!(text.ends_with("END:VCALENDAR\r\n"));
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
        for name in ["ATTENDEE", "ORGANIZER", "SUMMARY", "UID", "DTEND"] {
            let of = |line: &String| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', ';']));
            prop_assert_eq!(lines(&text).into_iter().filter(of).count(), 1, "{}", name);
        }
    }
}
