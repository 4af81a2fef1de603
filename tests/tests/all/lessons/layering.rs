//! Who may know whom, by what the members say of themselves and by `template.yaml`.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const ADAPTERS: [&str; 6] =
    ["bedside-dynamodb", "bedside-kms", "bedside-ses", "bedside-sms", "bedside-chime", "bedside-connect"];

/// A member of the workspace.
pub(super) struct Member {
    pub(super) name: String,
    /// Its folder, from the root on.
    folder: String,
    /// All that it depends on: the crate, and whether its own code or only its tests or its build do.
    dependencies: Vec<(String, bool)>,
    targets: Vec<(String, String)>,
}

impl Member {
    pub(super) fn uses(&self) -> BTreeSet<&str> {
        self.dependencies.iter().filter(|(_, of_code)| *of_code).map(|(name, _)| name.as_str()).collect()
    }
    /// Those of ours among them, whoever needs them.
    fn knows<'a>(&'a self, all: &BTreeSet<&str>) -> BTreeSet<&'a str> {
        self.dependencies.iter().map(|(name, _)| name.as_str()).filter(|name| all.contains(name)).collect()
    }
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// What cargo knows of the workspace.
pub(super) fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--no-deps"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(super) fn members() -> Vec<Member> {
    let metadata = metadata();
    let root = metadata["workspace_root"].as_str().unwrap().to_owned();
    let member = |package: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned();
        let targets = package["targets"].as_array().unwrap().iter();
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        Member {
            name: text(&package["name"]),
            folder: folder.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(),
            dependencies: dependencies.map(|one| (text(&one["name"]), one["kind"].is_null())).collect(),
            targets: targets.map(|target| (text(&target["kind"][0]), text(&target["name"]))).collect(),
        }
    };
    let members: Vec<Member> = metadata["packages"].as_array().unwrap().iter().map(member).collect();
    assert!(members.len() > 30, "the workspace has many members");
    members
}

pub(super) fn is_function(member: &Member) -> bool {
    member.folder.starts_with("functions/")
}

#[test]
fn each_layer_knows_only_what_lies_below_it() {
    let members = members();
    let all: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let functions: BTreeSet<&str> = members.iter().filter(|m| is_function(m)).map(|m| m.name.as_str()).collect();
    let mut seen = 0;
    for member in &members {
        let allowed: Vec<&str> = match member.folder.as_str() {
            "shared/domain" | "shared/aws/config" => vec![],
            "shared/app" => vec!["bedside-domain"],
            "shared/http" => vec!["bedside-domain", "bedside-app", "bedside-aws"],
            folder if folder.starts_with("shared/aws/") => vec!["bedside-domain", "bedside-app", "bedside-aws"],
            folder if folder.starts_with("functions/") => {
                ["bedside-domain", "bedside-app", "bedside-http"].into_iter().chain(ADAPTERS).collect()
            }
            "infra/admin" => {
                let own = ["bedside-domain", "bedside-app", "bedside-aws", "bedside-dynamodb", "bedside-kms"];
                // Its tests run it against the laptop, with the journeys' words.
                own.into_iter().chain(["bedside-tests"]).collect()
            }
            "infra/bench" => vec!["bedside-local", "bedside-media", "bedside-tests"],
            "infra/openapi" => vec!["bedside-domain", "bedside-app", "bedside-http"],
            "infra/local/media" => vec![],
            "infra/local" => all.iter().copied().filter(|name| *name != "bedside-tests").collect(),
            "tests" => all.iter().copied().filter(|name| !functions.contains(name)).collect(),
            folder => panic!("{folder} is in no layer yet: say in this test what it may know"),
        };
        seen += 1;
        for known in member.knows(&all) {
            assert!(allowed.contains(&known), "{} must not know {known}", member.name);
        }
    }
    assert_eq!(seen, members.len());
}

/// The rules and the use cases can be read, tested and reasoned about without a cloud and without a web server.
#[test]
fn rules_and_use_cases_know_no_cloud_and_no_transport() {
    for member in members().iter().filter(|m| ["shared/domain", "shared/app"].contains(&m.folder.as_str())) {
        for used in member.uses() {
            let foreign = ["aws", "lambda", "axum", "hyper", "http", "reqwest", "tower", "dynoxide", "serde_dynamo"];
            assert!(!foreign.iter().any(|name| used.starts_with(name)), "{} must not know {used}", member.name);
        }
    }
}

#[test]
fn a_function_depends_on_the_adapters_that_it_names_and_on_no_other() {
    let members = members();
    for function in members.iter().filter(|member| is_function(member)) {
        let source = std::fs::read_to_string(root().join(&function.folder).join("src/lib.rs")).unwrap();
        let uses = function.uses();
        for adapter in ADAPTERS.iter().filter(|adapter| uses.contains(*adapter)) {
            let named = format!("{}::", adapter.replace('-', "_"));
            assert!(source.contains(&named), "{} depends on {adapter} and does not use it", function.name);
        }
        for used in uses {
            assert!(!used.starts_with("aws-sdk-"), "{} speaks to {used} past its adapter", function.name);
        }
    }
    let users = |adapter: &str| members.iter().filter(|m| is_function(m) && m.uses().contains(adapter)).count();
    for adapter in ADAPTERS {
        assert!(users(adapter) > 0, "{adapter} is used by a function");
    }
}

/// `start-visit` as a logical id.
pub(super) fn logical_id(folder: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    folder.split('-').map(capital).collect()
}

#[test]
fn a_function_has_one_name_in_its_folder_its_crate_its_binary_and_the_template() {
    let template = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let mut resource = "";
    let mut deployed: BTreeMap<String, String> = BTreeMap::new();
    for line in template.lines() {
        // A resource's name stands at two spaces.
        if let Some(name) = line.strip_prefix("  ").and_then(|rest| rest.strip_suffix(':'))
            && !name.starts_with(' ')
        {
            resource = name;
        }
        if let Some(folder) = line.trim().strip_prefix("CodeUri: target/lambda/") {
            let earlier = deployed.insert(folder.to_owned(), resource.to_owned());
            assert_eq!(earlier, None, "{folder} is deployed twice");
        }
    }
    let folders = std::fs::read_dir(root().join("functions")).unwrap().map(|entry| entry.unwrap().file_name());
    let folders: BTreeSet<String> = folders.map(|name| name.to_str().unwrap().to_owned()).collect();
    assert_eq!(deployed.keys().cloned().collect::<BTreeSet<_>>(), folders, "template.yaml and functions/");
    let members = members();
    for (folder, resource) in deployed {
        assert_eq!(resource, logical_id(&folder), "the logical id of {folder}");
        let member = members.iter().find(|member| member.folder == format!("functions/{folder}")).unwrap();
        assert_eq!(member.name, folder);
        let binaries = member.targets.iter().filter(|(kind, _)| kind == "bin").map(|(_, name)| name.clone());
        assert_eq!(binaries.collect::<Vec<_>>(), [folder], "one binary, of the same name");
    }
}

/// What runs on the laptop is what is deployed.
#[test]
fn every_function_is_on_the_laptop() {
    let members = members();
    let laptop = members.iter().find(|member| member.folder == "infra/local").unwrap().uses();
    let missing = members.iter().filter(|member| is_function(member) && !laptop.contains(member.name.as_str()));
    assert_eq!(missing.map(|member| member.name.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
}
