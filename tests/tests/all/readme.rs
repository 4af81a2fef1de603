//! What the README and the docs say is tried out: the walk, the links between documents, the list of routes.

use bedside_local::template::Template;
use bedside_tests::Practice;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ORIGIN: &str = "http://127.0.0.1:8787";

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The blocks of a document in a language, as whoever pastes them would have them.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = document.lines();
    let fence = format!("```{language}");
    while lines.any(|line| line == fence) {
        found.push(lines.by_ref().take_while(|line| *line != "```").fold(String::new(), |all, line| all + line + "\n"));
    }
    found
}

/// Runs a block with bash, as a newcomer's terminal would; proxies of this machine are not theirs.
async fn bash(script: String) -> Output {
    let run = move || {
        let mut bash = Command::new("bash");
        for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            bash.env_remove(proxy);
        }
        bash.arg("-c").arg(script).output().expect("bash runs")
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

/// Markdown documents of the project: the README and all below `docs`.
fn documents() -> Vec<PathBuf> {
    let mut found = vec![project().join("README.md")];
    let mut folders = vec![project().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readmes_walk_goes_through_a_whole_visit_each_time_it_is_pasted() {
    let readme = fs::read_to_string(project().join("README.md")).unwrap();
    let walk = blocks(&readme, "bash").concat();
    assert!(walk.contains(ORIGIN), "the walk names the laptop's address");
    let practice = Practice::open().await;
    for _ in 0..2 {
        let ran = bash(walk.replace(ORIGIN, practice.url())).await;
        let (said, failed) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.success(), "{}\n{said}\n{failed}", ran.status);
        let mut rest = &*said;
        for expected in [
            "text to ***-***-0117 sent, e-mail to d***@example.com sent",
            "the text carries the same link",
            "look 1: valid true, role patient, with Jane",
            "look 2: valid true, role patient, with Jane",
            "patient WAITING, place 1",
            "clinician ADMITTED",
            "patient Ann Lee: WAITING",
            "patient ADMITTED",
            "409 TOKEN_USED",
            "COMPLETED",
            "VISIT_SCHEDULED",
            "TOKEN_REUSE_BLOCKED",
            "VISIT_ENDED",
            "verified True",
            "verified false, first bad record: 3",
        ] {
            let Some((_, after)) = rest.split_once(expected) else { panic!("no \"{expected}\" in its place:\n{said}") };
            rest = after;
        }
        let joins: BTreeSet<&str> =
            said.lines().filter_map(|line| line.split_once(" join: ").map(|(_, joined)| joined)).collect();
        assert_eq!(joins.len(), 1, "both joins give the same:\n{said}");
        assert!(!said.contains("Headache") && !said.contains("Doing well"), "clinical text is told to nobody");
    }
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        // Code may hold what looks like a link.
        let prose = text.split("```").step_by(2).collect::<String>();
        for after in prose.split("](").skip(1) {
            let target = after.split(')').next().unwrap().split('#').next().unwrap();
            let is_local = !target.is_empty() && !target.contains("://");
            if is_local && !document.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_api_document_names_every_route_that_there_is() {
    let text = fs::read_to_string(project().join("docs/api.md")).unwrap();
    let (built, planned) = text.split_once("## Not built yet").expect("the list of what is not built");
    let listed: BTreeSet<String> = built
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(route, _)| route.to_owned())
        .filter(|route| route.contains(" /"))
        .collect();
    let routes = Template::load().unwrap().routes;
    let there: BTreeSet<String> = routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(listed, there);
    let called_unbuilt: Vec<_> = there.iter().filter(|route| planned.contains(&format!("`{route}`"))).collect();
    assert!(called_unbuilt.is_empty(), "{called_unbuilt:?}");
}
