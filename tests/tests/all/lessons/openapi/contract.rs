//! The contract is kept outside of the project: where it is at hand, the document must say all that it says.

use super::differences::{differences, plain};
use bedside_tests::document::DOCUMENT;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Members of answers that come with what is not built yet. Each must still be missing.
const NOT_BUILT: [(&str, &str); 2] = [
    ("MeetingFeatures", "meetings with features of their own"),
    ("Capabilities", "attendees with limited capabilities"),
];

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The contract: where `BEDSIDE_CONTRACT` says, or beside the checkout.
fn contract() -> Option<Value> {
    let beside = || Some(project().parent()?.join("shared/design/openapi.yaml")).filter(|file| file.exists());
    let file = std::env::var_os("BEDSIDE_CONTRACT").map(PathBuf::from).or_else(beside)?;
    let text = fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    Some(yaml_serde::from_str(&text).unwrap())
}

/// Whether `docs/api.md` says that a route is not built yet.
fn is_planned(route: &str) -> bool {
    let text = fs::read_to_string(project().join("docs/api.md")).unwrap();
    let (_, planned) = text.split_once("## Not built yet").expect("the list of what is not built");
    planned.contains(&format!("`{route}`"))
}

#[test]
fn the_document_keeps_the_contract() {
    let Some(contract) = contract() else {
        println!("skipped: the contract is not here; BEDSIDE_CONTRACT names it");
        return;
    };
    let mut all = Vec::new();
    let mut compared = 0;
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, wanted) in item.as_object().unwrap() {
            let route = format!("{} {path}", method.to_uppercase());
            let found = &DOCUMENT["paths"][path][method];
            if found.is_null() {
                assert!(is_planned(&route), "{route} is neither in the document nor planned");
                continue;
            }
            compared += 1;
            differences(&plain(&contract, wanted), &plain(&DOCUMENT, found), &route, &mut all);
        }
    }
    assert!(compared > 20, "{compared} operations were compared");
    for part in ["securitySchemes", "schemas/Problem"] {
        let [wanted, found] = [&contract, &*DOCUMENT].map(|document| {
            let at = document.pointer(&format!("/components/{part}")).unwrap();
            plain(document, at)
        });
        differences(&wanted, &found, part, &mut all);
    }
    for part in ["x-problem-codes", "x-common-headers"] {
        // Titles are words that programs show: here they bind.
        let titles = |document: &Value| {
            let codes = document[part].as_object().unwrap().iter();
            codes
                .map(|(code, said)| (code.clone(), said.get("title").cloned().unwrap_or_else(|| said.clone())))
                .collect::<Value>()
        };
        differences(&titles(&contract), &titles(&DOCUMENT), part, &mut all);
        differences(&plain(&contract, &contract[part]), &plain(&DOCUMENT, &DOCUMENT[part]), part, &mut all);
    }
    let of = |name: &str, line: &String| line.contains(&format!("/{name} is missing"));
    for (name, why) in NOT_BUILT {
        assert!(all.iter().any(|line| of(name, line)), "{name} is there: {why} need no exception any more");
    }
    all.retain(|line| !NOT_BUILT.iter().any(|(name, _)| of(name, line)));
    assert!(all.is_empty(), "{} differences from the contract:\n{}", all.len(), all.join("\n"));
}
