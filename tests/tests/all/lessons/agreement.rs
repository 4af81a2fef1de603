//! What is said of a function in one place is said in all: template, router of `cargo lambda watch`, OpenAPI document,
//! table of roles, build. (Folders, crates and binaries: see `layering`; events: see `events`.)

use super::layering::{is_function, logical_id, members, metadata};
use super::policies::template;
use bedside_domain::permit::{Action, Scope, StaffRole, scope};
use bedside_local::template::Template;
use bedside_tests::document::DOCUMENT;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Method, path, function.
type Routes = BTreeSet<(String, String, String)>;

fn of_template() -> Routes {
    let routes = Template::load().unwrap().routes;
    routes.into_iter().map(|route| (route.method.to_string(), route.path, route.function)).collect()
}

/// Each operation of the document, with its method and path.
fn operations() -> impl Iterator<Item = (String, &'static String, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, said)| (method.to_uppercase(), path, said))
    })
}

#[test]
fn cargo_lambda_watch_routes_what_the_template_routes() {
    let metadata = metadata();
    let router = metadata["metadata"]["lambda"]["watch"]["router"].as_object().unwrap();
    let mut routes = Routes::new();
    for (path, functions) in router {
        for one in functions.as_array().unwrap_or_else(|| panic!("{path}: a list of methods and functions")) {
            let text = |name: &str| one[name].as_str().unwrap().to_owned();
            let is_new = routes.insert((text("method"), path.clone(), text("function")));
            assert!(is_new, "{path} stands twice");
        }
    }
    assert_eq!(routes, of_template());
}

#[test]
fn the_document_describes_the_routes_of_the_template() {
    let mut routes = of_template();
    // What a browser asks before it lets a page ask is no operation of the API.
    routes.retain(|(method, _, _)| method != "OPTIONS");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let described = operations().map(|(method, path, said)| (method, path.clone(), text(&said["x-function"])));
    assert_eq!(described.collect::<Routes>(), routes);
    for (method, path, said) in operations() {
        let id = logical_id(said["x-function"].as_str().unwrap());
        let id = id[..1].to_lowercase() + &id[1..];
        assert_eq!(said["operationId"], id, "{method} {path}");
    }
}

/// A role is of a sign-in or a key; `session:…` and `public` are of the functions themselves.
#[test]
fn the_document_lets_do_what_the_table_of_roles_lets_do() {
    let word = |action, scope| match scope {
        // The service's health is no practice's.
        _ if action == Action::DeepHealth => "any",
        Scope::Tenant => "tenant",
        Scope::Own => "own",
        Scope::Created => "created",
        Scope::Myself => "self",
        Scope::Key => "key",
    };
    let mut left: BTreeSet<&str> = Action::ALL.iter().map(Action::as_str).collect();
    for (method, path, said) in operations() {
        let function = said["x-function"].as_str().unwrap();
        let action = Action::ALL.iter().find(|action| action.as_str() == function);
        let _ = left.remove(function);
        for role in StaffRole::ALL {
            let lets = action.and_then(|action| Some(word(*action, scope(*role, *action)?)));
            // A page confirms what it has asked for: its key is looked at, its role asks for nothing.
            let lets = lets.or((function == "answer-challenge" && *role == StaffRole::Publishable).then_some("key"));
            assert_eq!(said["x-roles"][role.as_str()].as_str(), lets, "{role:?} at {method} {path}");
        }
    }
    assert_eq!(left, BTreeSet::new(), "actions of no route");
}

/// A binary among the default members is deployed by `cargo lambda build`.
#[test]
fn what_cargo_builds_by_itself_is_the_functions() {
    let metadata = metadata();
    let is_default = |id: &Value| metadata["workspace_default_members"].as_array().unwrap().contains(id);
    let packages = metadata["packages"].as_array().unwrap().iter();
    let default =
        packages.filter(|package| is_default(&package["id"])).map(|package| package["name"].as_str().unwrap());
    let members = members();
    let functions = members.iter().filter(|member| is_function(member)).map(|member| member.name.as_str());
    assert_eq!(default.collect::<BTreeSet<_>>(), functions.collect::<BTreeSet<_>>());
}

/// `sam build` must not look for another way to build: it takes what `./dev build` has built, for that processor.
#[test]
fn each_function_is_deployed_as_it_was_built() {
    let template = template();
    assert_eq!(template["Parameters"]["Architecture"]["AllowedValues"], json!(["arm64", "x86_64"]));
    assert_eq!(template["Globals"]["Function"]["Architectures"], json!([{"!Ref": "Architecture"}]));
    let resources = template["Resources"].as_object().unwrap().iter();
    let functions = resources.filter(|(_, resource)| resource["Type"] == "AWS::Serverless::Function");
    let mut seen = 0;
    for (name, resource) in functions {
        seen += 1;
        assert_eq!(resource["Metadata"]["SkipBuild"], true, "{name}");
        assert!(resource["Properties"]["Architectures"].is_null(), "{name}: the template says it for all");
    }
    assert!(seen > 30);
}
