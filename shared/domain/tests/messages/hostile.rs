//! Whatever the names are: the segments hold, nothing is injected, nobody is misled.

use super::{LINKED, ground};
use bedside_domain::language::Language;
use bedside_domain::message::{Facts, Recipient, Template, email, gsm7, sms};
use bedside_domain::visit::Modality;
use jiff::Timestamp;
use proptest::prelude::*;

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
    fn any_text_fits_with_its_link_or_code(
        language in prop::sample::select(Language::ALL.to_vec()),
        practice in hostile(), clinician in prop::option::of(hostile()), link in link(), code in "[0-9]{6}",
        template in prop::sample::select(Template::ALL.to_vec()), recipient in prop::sample::select(Recipient::ALL.to_vec()),
        modality in prop::sample::select(vec![Modality::Video, Modality::Audio]),
        zone in prop::sample::select(vec!["America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "UTC", "America/Sao_Paulo"]),
        seconds in 1_700_000_000_i64..2_500_000_000, minutes in any::<u16>(),
    ) {
        let ground = ground(zone);
        let facts = Facts {
            practice_name: &practice, sms_name: &practice, clinician_first_name: clinician.as_deref(), link: Some(&link), code: Some(&code),
            scheduled_at: Timestamp::from_second(seconds).unwrap(), modality, recipient, language, code_minutes: minutes,
            ..ground.facts()
        };
        let text = sms(template, &facts).unwrap();
        match gsm7::septets(text.expose()) {
            Some(septets) => prop_assert!(septets <= 160 && text.segments() == 1, "{}", text.expose()),
            None => {
                prop_assert_eq!(language, Language::Arabic);
                let units = text.expose().encode_utf16().count();
                prop_assert!(units <= 134 && text.segments() == if units <= 70 { 1 } else { 2 }, "{}", text.expose());
            }
        }
        // Lines of its own are for the link and the word on opting out, in Arabic.
        let most = if language == Language::Arabic { 2 } else { 0 };
        prop_assert!(!text.expose().contains('\r') && text.expose().matches('\n').count() <= most);
        let words = text.expose().split([' ', '\n']).collect::<Vec<_>>();
        if template == Template::OneTimeCode {
            let opening = format!("{code} ");
            prop_assert!(text.expose().starts_with(&opening));
            prop_assert!(!text.expose().contains("://"));
        } else if LINKED.contains(&template) {
            prop_assert!(words.contains(&link.as_str()), "{}", text.expose());
            prop_assert_eq!(text.expose().matches("://").count(), 1, "{}", text.expose());
        }
        if !matches!(template, Template::OneTimeCode | Template::EmailLink) {
            let local = bedside_domain::zone::local_time(facts.scheduled_at, facts.zone);
            let (clock, half) = local.time.split_once(' ').unwrap();
            let halves = [half, if half == "AM" { "ص" } else { "م" }];
            let told = halves.map(|half| format!("{clock} {half} {}", local.zone));
            prop_assert!(told.iter().any(|told| text.expose().contains(told)), "{}", text.expose());
            // There is room to say how the visit is held beside all links but those of the longest hosts.
            let ways = [" by ", " por ", " ب"];
            let long = if language == Language::Arabic { 60 } else { 70 };
            prop_assert!(link.len() > long || ways.iter().any(|by| text.expose().contains(by)), "{}", text.expose());
        }
    }

    #[test]
    fn any_email_is_escaped_and_its_subject_is_one_line(
        practice in hostile(), clinician in hostile(), language in prop::sample::select(Language::ALL.to_vec()),
        template in prop::sample::select(Template::ALL.to_vec()), recipient in prop::sample::select(Recipient::ALL.to_vec()),
    ) {
        let ground = ground("America/New_York");
        let plain = email(template, &Facts { recipient, language, ..ground.facts() }).unwrap();
        let facts = Facts { practice_name: &practice, clinician_first_name: Some(&clinician), recipient, language, ..ground.facts() };
        let email = email(template, &facts).unwrap();
        // Names are in the subject of none, so that it is the same for all.
        prop_assert_eq!(&email.subject, &plain.subject);
        prop_assert!(!email.subject.contains(|c: char| c.is_control()) && email.subject.chars().count() < 120);
        prop_assert!(!email.html.contains("<script") && !email.html.contains("<img") && !email.html.contains("<b>"));
        // A name adds no tag and no attribute: only the row for a name that cleaning left empty may go.
        let tags = |html: &str| html.matches('<').count() - html.matches("bdi>").count();
        prop_assert!(tags(&email.html) == tags(&plain.html) || tags(&email.html) + 4 == tags(&plain.html));
        prop_assert_eq!(email.html.matches("://").count(), plain.html.matches("://").count());
        prop_assert_eq!(email.text.lines().filter(|line| line.starts_with("http")).count(), usize::from(LINKED.contains(&template)));
    }
}
