//! E-mails: text and HTML of one content, nothing fetched, nothing hard to read.

use super::{LINK, LINKED, ground, text};
use bedside_domain::language::Language;
use bedside_domain::message::{Facts, Recipient, Template, email};
use bedside_domain::visit::Modality;

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
    let bare = |text: &str| text.replace(['\u{2068}', '\u{2069}'], "");
    for language in Language::ALL {
        for template in Template::ALL {
            for recipient in Recipient::ALL {
                for modality in [Modality::Video, Modality::Audio] {
                    let facts =
                        Facts { recipient, modality, language, practice_name: "Smith & O'Neil", ..ground.facts() };
                    let email = email(template, &facts).unwrap();
                    let seen = seen(&email.html);
                    for line in bare(&email.text).lines().filter(|line| !line.is_empty()) {
                        // A label has its colon in the text alone.
                        let told =
                            [line.to_owned(), line.replacen(": ", " ", 1), line.trim_end_matches(':').to_owned()];
                        let squeezed = |text: &str| text.replace(' ', "");
                        let found = told.iter().any(|told| squeezed(&seen).contains(&squeezed(told)));
                        assert!(found, "{template:?} {recipient:?}: {line:?} is not in {seen:?}");
                    }
                    assert!(seen.contains("+1 202-555-0100"));
                }
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
        let links = if LINKED.contains(&template) { 3 } else { 0 };
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
