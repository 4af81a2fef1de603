//! What the audit chains say: a route writes what the document says of it, and each type is written by somebody.

use super::aws::items;
use super::layering::root;
use super::walk::{PERSONAL, Walk};
use bedside_domain::audit::EventType;
use bedside_tests::document::DOCUMENT;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// What nothing writes yet, though the document may say already which route will.
const NOT_BUILT: [EventType; 1] = [EventType::NotificationDelivered];
/// What only functions behind events write, which no document describes.
const BY_EVENTS: [EventType; 3] = [EventType::TokenExpired, EventType::RecordingStarted, EventType::RecordingStopped];
/// What came of messages, which the contract leaves out: those to guests, and those that carry a code.
const BESIDES: [(&str, EventType); 3] = [
    ("POST /api/challenges", EventType::NotificationFailed),
    ("POST /api/challenges", EventType::NotificationSent),
    ("POST /api/visits/{visitId}/links", EventType::NotificationSent),
];

/// A route, and a type.
type Written = BTreeSet<(String, EventType)>;

/// What the document says that each route may write.
fn said() -> Written {
    let mut said = Written::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for event_type in operation["x-audit"].as_array().unwrap() {
                let event_type = EventType::parse(event_type.as_str().unwrap()).unwrap();
                said.insert((format!("{} {path}", method.to_uppercase()), event_type));
            }
        }
    }
    said
}

/// Rust sources below a folder of the project, in one text.
fn sources(folder: &str) -> String {
    let (mut all, mut folders) = (String::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "rs"));
        for path in entries {
            if path.is_dir() { folders.push(path) } else { all += &fs::read_to_string(path).unwrap() }
        }
    }
    all
}

/// What the walk wrote, by route, is what the document says; and what the walk does not come by, a journey looks for.
pub(super) async fn are_as_the_document_says(walk: &Walk) {
    let mut written = Written::new();
    for item in items(&walk.practice, &["Audit"]).await {
        let of_walk = item["userAgent"]["S"].as_str().and_then(|browser| browser.strip_prefix(PERSONAL[14]));
        let Some(route) = of_walk else { continue };
        let event_type = EventType::parse(item["type"]["S"].as_str().unwrap()).unwrap();
        written.insert((route.trim_start().to_owned(), event_type));
    }
    let said = said();
    let besides = BESIDES.map(|(route, event_type)| (route.to_owned(), event_type));
    assert_eq!(written.difference(&said).cloned().collect::<Written>(), Written::from(besides), "what nobody says");
    let journeys = sources("tests/tests/all/journeys");
    let came_by: BTreeSet<EventType> = written.iter().map(|(_, event_type)| *event_type).collect();
    assert!(came_by.len() > 20, "{came_by:?}");
    for (route, event_type) in said.iter().filter(|(_, event_type)| !NOT_BUILT.contains(event_type)) {
        let looked_for = journeys.contains(&format!("\"{event_type}\""));
        assert!(came_by.contains(event_type) || looked_for, "{route}: {event_type} was never seen");
    }
}

#[test]
fn each_type_is_written_by_somebody_or_not_built_yet() {
    let code = sources("shared/app/src");
    let document = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let told = document.lines().find(|line| line.starts_with("Written now: ")).expect("what is written now");
    let told: BTreeSet<&str> = told.split(|c: char| !c.is_ascii_uppercase() && c != '_').collect();
    let said: BTreeSet<EventType> = said().into_iter().map(|(_, event_type)| event_type).collect();
    for event_type in EventType::ALL {
        let is_written = code.contains(&format!("EventType::{event_type:?}"));
        assert_eq!(
            is_written,
            !NOT_BUILT.contains(event_type),
            "{event_type} in the code, and the list of the unbuilt"
        );
        assert_eq!(told.contains(event_type.as_str()), is_written, "{event_type} in docs/security.md");
        let is_said = said.contains(event_type) || BY_EVENTS.contains(event_type);
        assert!(is_said || !is_written, "{event_type} is in the code, and not in the document");
    }
    assert!(BY_EVENTS.iter().all(|event_type| !said.contains(event_type)));
}
