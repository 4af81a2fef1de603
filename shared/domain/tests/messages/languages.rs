//! Each language says the same, in its own way.

use super::{LINK, LINKED, ground, text};
use bedside_domain::language::Language;
use bedside_domain::message::{Facts, Recipient, Template, TextError, email, gsm7, sms};
use bedside_domain::visit::Modality;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

const FILES: [(&str, &str); 3] = [
    ("en", include_str!("../../../texts/en/messages.ftl")),
    ("es", include_str!("../../../texts/es/messages.ftl")),
    ("ar", include_str!("../../../texts/ar/messages.ftl")),
];

/// All that a text may ask for: none of it is the patient's.
const KNOWN: [&str; 25] = [
    "recipient",
    "modality",
    "clinician",
    "named",
    "practice",
    "phone",
    "link",
    "code",
    "minutes",
    "sentence",
    "text",
    "weekday",
    "month",
    "day",
    "year",
    "hour",
    "minute",
    "half",
    "zone",
    "place",
    "placed",
    "when",
    "come",
    "how",
    "button",
];

/// What a text asks for: variables, and other texts.
#[derive(Default)]
struct Asks {
    variables: BTreeSet<String>,
    texts: BTreeSet<String>,
}

impl Asks {
    fn of(pattern: &Pattern<&str>) -> Self {
        let mut asks = Self::default();
        asks.pattern(pattern);
        asks
    }
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }
    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
        }
    }
    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.texts.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            InlineExpression::FunctionReference { id, arguments: CallArguments { .. } } => panic!("{} calls", id.name),
            InlineExpression::TermReference { id, .. } => panic!("-{} is a term", id.name),
        }
    }
}

fn texts(source: &str) -> BTreeMap<String, Asks> {
    let resource = fluent_syntax::parser::parse(source).map_err(|(_, errors)| errors).unwrap();
    let mut texts = BTreeMap::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let pattern = message.value.as_ref().expect("a text has words");
                let before = texts.insert(message.id.name.to_owned(), Asks::of(pattern));
                assert!(before.is_none(), "{} stands twice", message.id.name);
            }
            Entry::Term(term) => panic!("-{} is a term", term.id.name),
            Entry::Junk { content } => panic!("{content}"),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    texts
}

#[test]
fn each_language_has_every_text_and_asks_for_nothing_unknown() {
    let tags: Vec<&str> = Language::ALL.iter().map(|language| language.tag()).collect();
    assert_eq!(tags, FILES.map(|(tag, _)| tag));
    let english: Vec<String> = texts(FILES[0].1).into_keys().collect();
    assert!(english.len() > 80);
    for (tag, source) in FILES {
        let texts = texts(source);
        assert_eq!(texts.keys().cloned().collect::<Vec<_>>(), english, "{tag}");
        for (name, asks) in &texts {
            for variable in &asks.variables {
                assert!(KNOWN.contains(&variable.as_str()), "{tag}: {name} asks for ${variable}");
            }
            for other in &asks.texts {
                assert!(texts.contains_key(other), "{tag}: {name} asks for {other}");
            }
        }
    }
}

/// A translation that forgets the time, the link or whom to call is none.
#[test]
fn each_language_says_of_a_visit_what_english_says() {
    let all = FILES.map(|(tag, source)| (tag, texts(source)));
    let must = ["when", "link", "code", "phone", "practice", "clinician", "sentence", "text", "minutes", "place"];
    let told = |texts: &BTreeMap<String, Asks>, name: &str| {
        let mut told = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            told.extend(texts[&name].variables.iter().filter(|v| must.contains(&v.as_str())).cloned());
            open.extend(texts[&name].texts.iter().cloned());
        }
        told
    };
    let (_, english) = &all[0];
    for (tag, texts) in &all[1..] {
        for name in english.keys() {
            let (mut theirs, mut ours) = (told(texts, name), told(english, name));
            // Arabic has a word of its own for one and for two, and names nobody where the gender of a verb would tell.
            theirs.remove("minutes");
            ours.remove("minutes");
            if *tag == "ar" && ["sms-ready", "subject-ready", "heading-ready"].contains(&name.as_str()) {
                ours.remove("clinician");
                theirs.remove("clinician");
            }
            assert_eq!(theirs, ours, "{tag}: {name}");
        }
    }
}

#[test]
fn the_texts_of_a_patient_in_spanish_and_arabic() {
    let ground = ground("America/Chicago");
    let spanish = Facts { language: Language::Spanish, ..ground.facts() };
    let arabic = Facts { language: Language::Arabic, ..ground.facts() };
    for (facts, template, expected) in [
        (
            &spanish,
            Template::Initial,
            "Example Practice: cita con Jane mar 1 dic 1:45 PM CST por video, no tiene que venir: LINK",
        ),
        (
            &spanish,
            Template::Moved,
            "Example Practice: nueva hora de su cita con Jane, mar 1 dic 1:45 PM CST por video, no tiene que venir: LINK",
        ),
        (
            &spanish,
            Template::Cancelled,
            "Example Practice: se cancela su cita con Jane mar 1 dic 1:45 PM CST por video. ¿Preguntas? Llame al \
             +1 202-555-0100",
        ),
        (
            &spanish,
            Template::OneTimeCode,
            "123456 es su clave para Example Practice. Dura 5 minutos. Nunca se la pedimos por teléfono.",
        ),
        (
            &arabic,
            Template::Initial,
            "\u{200F}Example Practice: موعد الثلاثاء 1 ديسمبر 1:45 م CST بالفيديو، لا داعي للحضور:\nLINK",
        ),
        (
            &arabic,
            Template::Cancelled,
            "\u{200F}Example Practice: أُلغي موعد مع Jane الثلاثاء 1 ديسمبر 1:45 م CST بالفيديو. للاستفسار: \
             \u{200E}+1 202-555-0100\u{200E}",
        ),
    ] {
        assert_eq!(text(template, facts).replace(LINK, "LINK"), expected);
    }
}

#[test]
fn a_short_link_leaves_room_for_the_word_on_opting_out() {
    let ground = ground("America/Chicago");
    for (language, said) in [
        (Language::English, " Reply STOP to opt out"),
        (Language::Spanish, " Para no recibir mensajes, responda STOP"),
        (Language::Arabic, "\nللإيقاف أرسل STOP"),
    ] {
        let facts = Facts { language, sms_name: "Lakes", link: Some("https://v.example/j/1#2"), ..ground.facts() };
        let text = text(Template::Initial, &facts);
        assert!(text.ends_with(said), "{text}");
    }
}

#[test]
fn everyone_is_told_how_and_when_in_every_language() {
    let ground = ground("America/Los_Angeles");
    for language in Language::ALL {
        for recipient in Recipient::ALL {
            for (modality, words) in [
                (Modality::Video, ["by video", "por video", "بالفيديو"]),
                (Modality::Audio, ["by phone", "por teléfono", "بالهاتف"]),
            ] {
                let place = Language::ALL.iter().position(|known| *known == language).unwrap();
                let facts = Facts { recipient, modality, language, ..ground.facts() };
                for template in Template::ALL {
                    let (text, email) = (text(template, &facts), email(template, &facts).unwrap());
                    assert_eq!(text.contains(LINK), LINKED.contains(&template), "{text}");
                    if matches!(template, Template::OneTimeCode | Template::EmailLink) {
                        continue;
                    }
                    assert!(text.contains(words[place]) && text.contains("PST") && text.contains("11:45"), "{text}");
                    // In the details of an e-mail there is room for the longer way to say it.
                    let heard = email.text.to_lowercase().replace("عبر ال", "بال");
                    assert!(
                        heard.contains(words[place]) && heard.contains("11:45") && heard.contains("pst"),
                        "{heard}"
                    );
                    let there = ["los angeles time", "hora de los ángeles", "بتوقيت \u{2068}لوس أنجلوس\u{2069}"];
                    assert!(heard.contains(there[place]), "{heard}");
                    let practice = email.text.matches("Lakeside Family Practice").count();
                    assert!(practice >= 2, "who writes is said: {}", email.text);
                }
            }
        }
    }
}

/// On a clock of 12 hours there is no hour 0, and noon is after the morning.
#[test]
fn noon_and_midnight_are_told_right() {
    let ground = ground("UTC");
    for (at, english, spanish, arabic) in [
        ("2026-03-01T00:05:00Z", "12:05 AM", "12:05 AM", "12:05 ص"),
        ("2026-03-01T12:05:00Z", "12:05 PM", "12:05 PM", "12:05 م"),
        ("2026-03-01T11:55:00Z", "11:55 AM", "11:55 AM", "11:55 ص"),
        ("2026-03-01T13:00:00Z", "1:00 PM", "1:00 PM", "1:00 م"),
    ] {
        for (language, told) in [(Language::English, english), (Language::Spanish, spanish), (Language::Arabic, arabic)]
        {
            let facts = Facts { language, scheduled_at: at.parse().unwrap(), ..ground.facts() };
            let text = text(Template::Ready, &facts);
            assert!(text.contains(&format!("{told} UTC")), "{text}");
        }
    }
}

#[test]
fn where_arabic_leaves_no_room_for_a_link_the_text_is_english() {
    let ground = ground("America/New_York");
    let arabic = Facts { language: Language::Arabic, ..ground.facts() };
    let with = |length: usize| format!("https://{}.example/j/K7QX2MPA#T9WMR4VX8KQ2PLNA", "v".repeat(length - 44));
    let (fits, longer, longest) = (with(90), with(110), with(140));
    let text = |link: &str| sms(Template::Initial, &Facts { link: Some(link), ..arabic });
    let (short, long) = (text(&fits).unwrap(), text(&longer).unwrap());
    assert!(short.segments() == 2 && short.expose().contains("موعد"), "{}", short.expose());
    assert_eq!(long.expose(), format!("Example Pr: visit Tue Dec 1 2:45 PM EST by video: {longer}"));
    assert_eq!(long.segments(), 1);
    assert_eq!(text(&longest), Err(TextError::LinkTooLong));
}

#[test]
fn arabic_goes_from_right_to_left_and_what_does_not_stands_apart() {
    let ground = ground("America/New_York");
    let facts = Facts { language: Language::Arabic, practice_name: "Smith & <Sons>", ..ground.facts() };
    for template in Template::ALL {
        let email = email(template, &facts).unwrap();
        assert!(email.html.starts_with("<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">"), "{}", email.html);
        assert!(email.html.contains("<bdi>Smith &#38; &#60;Sons&#62;</bdi>"), "{}", email.html);
        assert_eq!(email.html.matches("<bdi>").count(), email.html.matches("</bdi>").count());
        assert!(!email.html.contains(['\u{2068}', '\u{2069}']));
        let left_to_right = 1 + usize::from(LINKED.contains(&template));
        assert_eq!(email.html.matches(" dir=\"ltr\"").count(), left_to_right, "phone and address: {}", email.html);
        let (opened, closed) = (email.text.matches('\u{2068}').count(), email.text.matches('\u{2069}').count());
        assert!(opened > 0 && opened == closed, "{}", email.text);
        assert!(email.text.contains("\u{2068}+1 202-555-0100\u{2069}"));
        assert!(!email.subject.contains(['\u{2068}', '\u{2069}']), "{}", email.subject);
    }
    for language in [Language::English, Language::Spanish] {
        let email = email(Template::Initial, &Facts { language, ..facts }).unwrap();
        assert!(email.html.contains(&format!("<html lang=\"{}\" dir=\"ltr\">", language.tag())));
        assert!(!email.text.contains(['\u{2068}', '\u{2069}']) && !email.html.contains("<bdi>"));
    }
}

#[test]
fn guests_and_interpreters_are_told_who_invites_them() {
    let ground = ground("America/New_York");
    for (recipient, invited) in [
        (Recipient::Guest, "Lakeside Family Practice invites you to a visit with Jane."),
        (Recipient::Interpreter, "Lakeside Family Practice asks you to interpret at a visit with Jane."),
    ] {
        let facts = Facts { recipient, ..ground.facts() };
        let email = email(Template::Initial, &facts).unwrap();
        assert!(email.text.contains(invited), "{}", email.text);
        assert!(text(Template::Initial, &facts).starts_with("Example Practice: "));
    }
}

#[test]
fn spanish_texts_have_no_letter_that_gsm_7_lacks() {
    let ground = ground("America/New_York");
    for recipient in Recipient::ALL {
        for template in Template::ALL {
            for day in 1..=28 {
                let scheduled_at = format!("2026-{:02}-{day:02}T05:00:00Z", day % 12 + 1).parse().unwrap();
                let facts = Facts { recipient, language: Language::Spanish, scheduled_at, ..ground.facts() };
                let text = text(template, &facts);
                assert!(gsm7::septets(&text).is_some_and(|septets| septets <= 160), "{text}");
            }
        }
    }
}
