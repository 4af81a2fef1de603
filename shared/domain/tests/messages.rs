//! The words of texts and e-mails: one segment, the whole link, no injection, whatever the names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use bedside_domain::{
    contact::PhoneNumber,
    message::{Facts, Recipient, Template, TextError, email, gsm7, sms},
    visit::Modality,
    zone::Zone,
};
use jiff::Timestamp;
use proptest::prelude::*;

const LINK: &str = "https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA";
const DECEMBER: &str = "2026-12-01T19:45:00Z";

/// What the facts of a test borrow from.
struct Ground {
    phone: PhoneNumber,
    zone: Zone,
}

fn ground(zone: &str) -> Ground {
    Ground { phone: PhoneNumber::parse("+12025550100").unwrap(), zone: Zone::parse(zone).unwrap() }
}

impl Ground {
    fn facts(&self) -> Facts<'_> {
        Facts {
            practice_name: "Lakeside Family Practice",
            sms_name: "Example Practice",
            support_phone: &self.phone,
            clinician_first_name: Some("Jane"),
            modality: Modality::Video,
            scheduled_at: DECEMBER.parse().unwrap(),
            duration_minutes: 30,
            zone: &self.zone,
            link: Some(LINK),
            code: Some("123456"),
            code_minutes: 5,
            recipient: Recipient::Patient,
        }
    }
}

fn text(template: Template, facts: &Facts<'_>) -> String {
    sms(template, facts).unwrap().expose().to_owned()
}

#[test]
fn the_texts_of_a_patient_by_video() {
    let ground = ground("America/New_York");
    let facts = ground.facts();
    for (template, expected) in [
        (
            Template::Initial,
            "Example Practice: visit with Jane Tue Dec 1 2:45 PM EST by video, do not travel: \
             https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA Reply STOP to opt out",
        ),
        (
            Template::Reminder,
            "Example Practice: reminder, visit with Jane Tue Dec 1 2:45 PM EST by video, do not travel: \
             https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA",
        ),
        (
            Template::Urgent,
            "Example Practice: urgent, please join visit with Jane Tue Dec 1 2:45 PM EST by video, do not travel: \
             https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA",
        ),
        (
            Template::Ready,
            "Example Practice: Jane is ready for your 2:45 PM EST visit. Come in now, by video, do not travel: \
             https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA",
        ),
        (
            Template::OneTimeCode,
            "123456 is your code for Example Practice. It lasts 5 minutes. We never ask you for it by phone.",
        ),
        (
            Template::EmailLink,
            "Example Practice: confirm within 5 minutes that it is you: https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA",
        ),
    ] {
        assert_eq!(text(template, &facts), expected);
    }
}

#[test]
fn the_texts_tell_a_clinician_that_the_patient_waits_and_a_guest_where_to_go() {
    let ground = ground("America/Chicago");
    let clinician = Facts { recipient: Recipient::Clinician, ..ground.facts() };
    assert_eq!(
        text(Template::Ready, &clinician),
        format!("Example Practice: your patient is here for the 1:45 PM CST visit. Come in now, by video: {LINK}")
    );
    assert_eq!(
        text(Template::Initial, &clinician),
        format!("Example Practice: you have a visit Tue Dec 1 1:45 PM CST by video: {LINK} Reply STOP to opt out")
    );
    let guest = Facts { recipient: Recipient::Guest, modality: Modality::Audio, ..ground.facts() };
    assert_eq!(
        text(Template::Ready, &guest),
        format!(
            "Example Practice: Jane is ready for the 1:45 PM CST visit. Come in now, by phone, do not travel: {LINK}"
        )
    );
}

#[test]
fn names_are_written_in_the_letters_of_a_text() {
    let ground = ground("America/New_York");
    for (name, written) in [
        ("Łukasz", "with Lukasz "),
        ("Nguyễn", "with Nguyen "),
        ("José", "with José "),
        ("Jane 👑\u{202E}", "with Jane "),
        ("evil.example/x", "visit Tue"),
        ("evil.example", "with evil example "),
        ("ｈｔｔｐ：／／evil", "visit Tue"),
        ("\r\nBcc: x", "with Bcc: x "),
        ("🏥", "visit Tue"),
    ] {
        let text = text(Template::Reminder, &Facts { clinician_first_name: Some(name), ..ground.facts() });
        assert!(text.contains(written), "{name:?}: {text}");
    }
}

#[test]
fn what_is_given_up_has_its_order() {
    let ground = ground("America/New_York");
    let base = Facts { sms_name: "Twenty Letters Prac.", clinician_first_name: Some("Bartholomew"), ..ground.facts() };
    let at = |length: usize| {
        let link = format!("https://{}.example/j/K7QX2MPA#T9WMR4VX8KQ2PLNA", "v".repeat(length - 44));
        assert_eq!(link.len(), length);
        let text = sms(Template::Initial, &Facts { link: Some(&link), ..base }).map(|text| text.expose().to_owned());
        text.map(|text| text.replace(&link, "LINK"))
    };
    let when = "Tue Dec 1 2:45 PM EST";
    for (length, expected) in [
        (
            46,
            format!(
                "Twenty Letters Prac.: visit with Bartholomew {when} by video, do not travel: LINK Reply STOP to opt out"
            ),
        ),
        (47, format!("Twenty Letters Prac.: visit with Bartholomew {when} by video, do not travel: LINK")),
        (68, format!("Twenty Letters Prac.: visit with Bartholomew {when} by video, do not travel: LINK")),
        (69, format!("Twenty Letters Prac.: visit with Bartholome {when} by video, do not travel: LINK")),
        (76, format!("Twenty Letters Prac.: visit with Bar {when} by video, do not travel: LINK")),
        (77, format!("Twenty Letters Prac.: visit {when} by video, do not travel: LINK")),
        (86, format!("Twenty Letters Prac: visit {when} by video, do not travel: LINK")),
        (99, format!("Twenty: visit {when} by video, do not travel: LINK")),
        (100, format!("Twenty Letters Prac.: visit {when} by video: LINK")),
        (114, format!("Twenty: visit {when} by video: LINK")),
        (115, format!("Visit {when} by video: LINK")),
        (122, format!("Visit {when} by video: LINK")),
        (123, format!("Visit {when}: LINK")),
        (131, format!("Visit {when}: LINK")),
    ] {
        assert_eq!(at(length).as_deref(), Ok(expected.as_str()), "{length}");
    }
    assert_eq!(at(132), Err(TextError::LinkTooLong));
}

#[test]
fn every_message_has_room_for_a_link_of_120_characters() {
    // The longest date and the longest zone that there are.
    let ground = ground("Pacific/Chatham");
    let link = format!("https://{}.example/j/K7QX2MPA#T9WMR4VX8KQ2PLNA", "v".repeat(76));
    assert_eq!(link.len(), 120);
    for template in Template::ALL {
        for recipient in Recipient::ALL {
            let scheduled_at = "2026-12-29T23:00:00Z".parse().unwrap();
            let text = sms(
                template,
                &Facts { recipient, scheduled_at, code_minutes: 15, link: Some(&link), ..ground.facts() },
            );
            let text = text.unwrap();
            assert!(template == Template::OneTimeCode || text.expose().contains(&link));
            let timed = !matches!(template, Template::OneTimeCode | Template::EmailLink);
            assert_eq!(text.expose().contains("12:45 PM UTC+13:45"), timed, "{}", text.expose());
        }
    }
}

#[test]
fn extension_characters_of_a_link_count_twice() {
    let ground = ground("America/New_York");
    let link = format!("https://visit.example.com/{}", "~".repeat(60));
    let text = sms(Template::Initial, &Facts { link: Some(&link), ..ground.facts() });
    assert_eq!(text, Err(TextError::LinkTooLong));
    let link = format!("https://visit.example.com/{}", "~".repeat(45));
    let text = sms(Template::Initial, &Facts { link: Some(&link), ..ground.facts() }).unwrap();
    assert!(text.expose().contains(&link) && text.septets() <= 160 && text.septets() > text.expose().len());
}

#[test]
fn a_message_without_its_link_or_code_is_not_written() {
    let ground = ground("America/New_York");
    for template in Template::ALL {
        let facts = Facts { link: None, code: None, ..ground.facts() };
        let missing = if template == Template::OneTimeCode { TextError::CodeMissing } else { TextError::LinkMissing };
        assert_eq!(sms(template, &facts), Err(missing));
        assert_eq!(email(template, &facts), Err(missing));
    }
    for link in [
        "",
        "https://",
        "javascript:alert(1)",
        "https://a b",
        "https://a\nb",
        "https://a\"b",
        "https://a'b",
        "https://ä",
        "ftp://a",
        "data:text/html,x",
    ] {
        let facts = Facts { link: Some(link), ..ground.facts() };
        assert_eq!(sms(Template::Ready, &facts), Err(TextError::LinkMalformed), "{link:?}");
        assert_eq!(email(Template::Ready, &facts), Err(TextError::LinkMalformed), "{link:?}");
    }
    for code in ["", "123", "12 34", "<b>1234", "1234567890123"] {
        let facts = Facts { code: Some(code), ..ground.facts() };
        assert_eq!(sms(Template::OneTimeCode, &facts), Err(TextError::CodeMalformed), "{code:?}");
    }
}

#[test]
fn messages_do_not_print_what_they_carry() {
    let ground = ground("America/New_York");
    for template in Template::ALL {
        let shown = format!("{:?} {:?}", sms(template, &ground.facts()), email(template, &ground.facts()));
        assert!(!shown.contains("T9WMR4VX8KQ2PLNA") && !shown.contains("123456"), "{shown}");
    }
}

#[test]
fn the_email_of_a_patient_in_plain_text() {
    let ground = ground("America/New_York");
    let email = email(Template::Initial, &ground.facts()).unwrap();
    assert_eq!(email.subject, "Your video visit on Tue, Dec 1 at 2:45 PM EST");
    assert_eq!(
        email.text,
        "Your video visit\n\
         \n\
         Your visit with Jane at Lakeside Family Practice is by video, do not travel to the practice.\n\
         \n\
         Open the link on a phone, tablet or computer with a camera and a microphone.\n\
         \n\
         When: Tuesday, December 1, 2026 at 2:45 PM EST (New York time)\n\
         How long: 30 minutes\n\
         How: By video\n\
         With: Jane\n\
         Practice: Lakeside Family Practice\n\
         \n\
         Join the visit:\n\
         https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA\n\
         \n\
         This link is for you alone. Please do not pass it on.\n\
         \n\
         Questions? Call Lakeside Family Practice: +1 202-555-0100\n"
    );
}

/// What a reader sees of a document: the text between the tags after the head.
fn seen(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1;
    let mut text = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_html_says_what_the_text_says() {
    let ground = ground("America/New_York");
    for template in Template::ALL {
        for recipient in Recipient::ALL {
            for modality in [Modality::Video, Modality::Audio] {
                let facts = Facts { recipient, modality, practice_name: "Smith & O'Neil", ..ground.facts() };
                let email = email(template, &facts).unwrap();
                let seen = seen(&email.html);
                let labels = ["When", "How long", "How", "With", "Practice", "Code"];
                for line in email.text.lines().filter(|line| !line.is_empty()) {
                    let told = match line.split_once(": ") {
                        Some((label, value)) if labels.contains(&label) => format!("{label} {value}"),
                        _ => line.trim_end_matches(':').to_owned(),
                    };
                    assert!(seen.contains(&told), "{template:?} {recipient:?}: {told:?} is not in {seen:?}");
                }
                assert!(seen.contains("+1 202-555-0100"));
            }
        }
    }
}

#[test]
fn the_html_is_whole_and_fetches_nothing() {
    let ground = ground("America/New_York");
    for template in Template::ALL {
        let html = email(template, &ground.facts()).unwrap().html;
        assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\"") && html.trim_end().ends_with("</html>"));
        for fetching in ["<img", "<link", "<script", "<style", "<iframe", "url(", "src=", "@import", "<table"] {
            assert!(!html.contains(fetching), "{template:?}: {fetching}");
        }
        for tag in ["html", "head", "title", "body", "main", "h1", "p", "a", "dl", "dt", "dd"] {
            let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{template:?}: {tag}");
        }
        // The link stands three times: behind the button, behind the address, and to be read.
        let links = if template == Template::OneTimeCode { 0 } else { 3 };
        assert_eq!(html.matches(LINK).count(), links, "{template:?}");
        assert_eq!(html.contains("123456"), template == Template::OneTimeCode);
    }
}

/// WCAG 2.2, relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[test]
fn every_colour_of_the_html_is_easy_to_read_on_white() {
    let ground = ground("America/New_York");
    let html = email(Template::Initial, &ground.facts()).unwrap().html;
    let colours: Vec<&str> =
        html.match_indices(":#").map(|(at, _)| &html[at + 1..at + 8]).filter(|colour| *colour != "#ffffff").collect();
    assert!(colours.len() > 5);
    for colour in colours {
        // White on the button is the same pair. AAA asks for 7 to 1.
        assert!(1.05 / (luminance(colour) + 0.05) >= 7.0, "{colour}");
    }
}

#[test]
fn a_day_on_which_the_clocks_change_is_told_with_the_zone_of_that_hour() {
    let ground = ground("America/New_York");
    for (at, told) in [
        ("2026-11-01T05:30:00Z", "Sun Nov 1 1:30 AM EDT"),
        ("2026-11-01T06:30:00Z", "Sun Nov 1 1:30 AM EST"),
        ("2026-03-08T07:30:00Z", "Sun Mar 8 3:30 AM EDT"),
    ] {
        let facts = Facts { scheduled_at: at.parse().unwrap(), ..ground.facts() };
        assert!(text(Template::Initial, &facts).contains(told), "{at}");
        let zone = told.rsplit(' ').next().unwrap();
        assert!(email(Template::Initial, &facts).unwrap().text.contains(&format!("{zone} (New York time)")));
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,60}",
        "[A-Za-z .'-]{0,40}",
        Just("<script>alert(1)</script>".to_owned()),
        Just("\"><img src=x onerror=alert(1)>".to_owned()),
        Just("Jane\r\nBcc: all@example.com\r\n\r\n<b>".to_owned()),
        Just("{{ facts.link }} {% raw %} ${x} %s".to_owned()),
        Just("https://evil.example/login".to_owned()),
        Just("^{}[]~|€".repeat(8)),
        Just("مرحبا بالعالم الطبيب محمد عبد الرحمن".to_owned()),
        Just("北京协和医院国际医疗部门诊".to_owned()),
        Just("👩‍⚕️🏥👑".to_owned()),
    ]
}

fn link() -> impl Strategy<Value = String> {
    ("[a-z0-9]{1,20}", "[a-z]{0,26}", "[A-HJ-NP-Z2-9]{8}", "[A-HJ-NP-Z2-9]{16}")
        .prop_map(|(name, host, code, secret)| format!("https://{name}.{host}x.example.com/j/{code}#{secret}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_one_segment_with_its_link_or_code(
        practice in hostile(), clinician in prop::option::of(hostile()), link in link(), code in "[0-9]{6}",
        template in prop::sample::select(Template::ALL.to_vec()), recipient in prop::sample::select(Recipient::ALL.to_vec()),
        modality in prop::sample::select(vec![Modality::Video, Modality::Audio]),
        zone in prop::sample::select(vec!["America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "UTC", "America/Sao_Paulo"]),
        seconds in 1_700_000_000_i64..2_500_000_000, minutes in any::<u16>(),
    ) {
        let ground = ground(zone);
        let facts = Facts {
            practice_name: &practice, sms_name: &practice, clinician_first_name: clinician.as_deref(), link: Some(&link), code: Some(&code),
            scheduled_at: Timestamp::from_second(seconds).unwrap(), modality, recipient, code_minutes: minutes, ..ground.facts()
        };
        let text = sms(template, &facts).unwrap();
        prop_assert!(gsm7::septets(text.expose()).is_some_and(|septets| septets <= 160), "{}", text.expose());
        prop_assert!(!text.expose().contains(['\r', '\n']));
        let words = text.expose().split(' ').collect::<Vec<_>>();
        if template == Template::OneTimeCode {
            let opening = format!("{code} is your code");
            prop_assert!(text.expose().starts_with(&opening));
            prop_assert!(!text.expose().contains("://"));
        } else {
            prop_assert!(words.contains(&link.as_str()), "{}", text.expose());
            prop_assert_eq!(text.expose().matches("://").count(), 1, "{}", text.expose());
        }
        if matches!(template, Template::Initial | Template::Reminder | Template::Urgent | Template::Ready) {
            let local = bedside_domain::zone::local_time(facts.scheduled_at, facts.zone);
            let told = format!("{} {}", local.time, local.zone);
            prop_assert!(text.expose().contains(&told), "{}", text.expose());
            // There is room to say how the visit is held beside all links but those of the longest hosts.
            prop_assert!(link.len() > 80 || text.expose().contains(" by "), "{}", text.expose());
        }
    }

    #[test]
    fn any_email_is_escaped_and_its_subject_is_one_line(
        practice in hostile(), clinician in hostile(),
        template in prop::sample::select(Template::ALL.to_vec()), recipient in prop::sample::select(Recipient::ALL.to_vec()),
    ) {
        let ground = ground("America/New_York");
        let plain = email(template, &Facts { recipient, ..ground.facts() }).unwrap();
        let facts = Facts { practice_name: &practice, clinician_first_name: Some(&clinician), recipient, ..ground.facts() };
        let email = email(template, &facts).unwrap();
        // Names are in the subject of none, so that it is the same for all.
        prop_assert_eq!(&email.subject, &plain.subject);
        prop_assert!(email.subject.is_ascii() && !email.subject.contains(|c: char| c.is_control()));
        prop_assert!(!email.html.contains("<script") && !email.html.contains("<img") && !email.html.contains("<b>"));
        // A name adds no tag and no attribute: only the row for a name that cleaning left empty may go.
        let tags = |html: &str| html.matches('<').count();
        prop_assert!(tags(&email.html) == tags(&plain.html) || tags(&email.html) + 4 == tags(&plain.html));
        prop_assert_eq!(email.html.matches("://").count(), plain.html.matches("://").count());
        prop_assert_eq!(email.text.lines().filter(|line| line.starts_with("http")).count(), usize::from(template != Template::OneTimeCode));
    }
}
