//! Texts: one segment, with link or code and the time, whatever the names are.

use super::{LINK, LINKED, ground, text};
use bedside_domain::language::Language;
use bedside_domain::message::{Facts, Recipient, Template, TextError, email, gsm7, sms};
use bedside_domain::visit::Modality;

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
        (
            Template::Moved,
            "Example Practice: new time for your visit with Jane, Tue Dec 1 2:45 PM EST by video, do not travel: \
             https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA",
        ),
        (
            Template::Cancelled,
            "Example Practice: your visit with Jane Tue Dec 1 2:45 PM EST by video is cancelled. \
             Questions? Call +1 202-555-0100",
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
            assert_eq!(text.expose().contains(&link), LINKED.contains(&template));
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
    let septets = gsm7::septets(text.expose()).unwrap();
    assert!(text.expose().contains(&link) && septets <= 160 && septets > text.expose().len());
}

/// What the carriers ask for: who it is, whom to call, and how to go on from here.
#[test]
fn an_answer_to_a_text_says_who_we_are_and_whom_to_call_and_nothing_of_a_visit() {
    let ground = ground("America/New_York");
    for language in Language::ALL {
        for recipient in Recipient::ALL {
            for (template, word) in Template::ANSWERS.into_iter().zip(["STOP", "START", "STOP"]) {
                let facts = Facts { recipient, language, link: None, code: None, ..ground.facts() };
                let text = sms(template, &facts).unwrap();
                let said = text.expose();
                assert!(said.contains("Example Practice") && said.contains("+1 202-555-0100"), "{said}");
                assert!(said.contains(word) && !said.contains("http") && !said.contains("Jane"), "{said}");
                assert!(!said.contains(":45"), "no time of a visit: {said}");
                let most = if language == Language::Arabic { 2 } else { 1 };
                assert!(text.segments() <= most, "{said}");
                // A name of any length leaves all else.
                let long = Facts { sms_name: "The Practice of Twenty", ..facts };
                assert!(sms(template, &long).unwrap().expose().contains(word));
                assert_eq!(email(template, &facts), Err(TextError::Template), "it goes by text alone");
            }
        }
    }
}

#[test]
fn a_message_without_its_link_or_code_is_not_written() {
    let ground = ground("America/New_York");
    for template in Template::ALL {
        let facts = Facts { link: None, code: None, ..ground.facts() };
        let missing = match template {
            Template::OneTimeCode => TextError::CodeMissing,
            // A new time can be told without a link; of what is cancelled there is none.
            Template::Moved | Template::Cancelled => {
                assert!(sms(template, &facts).is_ok() && email(template, &facts).is_ok());
                continue;
            }
            Template::Initial | Template::Reminder | Template::Urgent | Template::Ready | Template::EmailLink => {
                TextError::LinkMissing
            }
            Template::Help | Template::Stopped | Template::Started => unreachable!("no templates of a visit"),
        };
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
