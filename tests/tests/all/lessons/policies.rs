//! A function may do at the services what its adapters do, and nothing else.

use super::layering::{Member, is_function, logical_id, members, root};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

/// What an adapter asks a service for.
struct Adapter {
    name: &'static str,
    /// The service's name in IAM.
    service: &'static str,
    /// IAM's names of what it does there; a transaction is what it consists of.
    actions: &'static [&'static str],
    /// The settings without which it does not know where, besides those that every function has.
    settings: &'static [&'static str],
}

/// Another adapter is another entry; each entry must be needed.
const ADAPTERS: [Adapter; 6] = [
    Adapter {
        name: "bedside-dynamodb",
        service: "dynamodb",
        actions: &["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
        settings: &[],
    },
    Adapter {
        name: "bedside-kms",
        service: "kms",
        actions: &["GetPublicKey", "GenerateMac", "Sign", "Decrypt"],
        settings: &[],
    },
    Adapter {
        name: "bedside-ses",
        service: "ses",
        actions: &["SendEmail", "SendRawEmail"],
        settings: &["MAIL_FROM", "MAIL_CONFIGURATION_SET"],
    },
    Adapter {
        name: "bedside-sms",
        service: "sms-voice",
        actions: &["SendTextMessage"],
        settings: &["SMS_ORIGINATION", "SMS_CONFIGURATION_SET"],
    },
    Adapter {
        name: "bedside-chime",
        service: "chime",
        actions: &["CreateMeeting", "GetMeeting", "DeleteMeeting", "CreateAttendee", "DeleteAttendee"],
        settings: &["CHIME_REGION"],
    },
    Adapter {
        name: "bedside-connect",
        service: "connect",
        actions: &["StartWebRTCContact", "CreateParticipant", "StopContact", "DescribeContact"],
        settings: &[],
    },
];

/// The template; `!Ref Name` as `{"!Ref": "Name"}`.
pub(super) fn template() -> Value {
    let text = fs::read_to_string(root().join("template.yaml")).unwrap();
    untagged(yaml_serde::from_str(&text).unwrap())
}

fn untagged(value: yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Tagged(tagged) => json!({tagged.tag.to_string(): untagged(tagged.value)}),
        yaml_serde::Value::Sequence(list) => list.into_iter().map(untagged).collect(),
        yaml_serde::Value::Mapping(members) => {
            members.into_iter().map(|(name, value)| (name.as_str().unwrap().to_owned(), untagged(value))).collect()
        }
        plain => serde_json::to_value(plain).unwrap(),
    }
}

fn resources() -> Value {
    template()["Resources"].take()
}

/// One text, or several.
fn texts(value: &Value) -> Vec<String> {
    let text = |one: &Value| one.as_str().unwrap_or_else(|| panic!("no text: {one}")).to_owned();
    match value {
        Value::Null => vec![],
        Value::Array(list) => list.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

/// The actions that a policy allows, such as `kms:Sign`.
fn actions(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Properties"]["PolicyDocument"]["Statement"].as_array().unwrap().iter();
    statements
        .flat_map(|statement| {
            assert_eq!(statement["Effect"], "Allow");
            texts(&statement["Action"])
        })
        .collect()
}

/// The policies of a function, by name.
fn policies(function: &Value) -> Vec<String> {
    let name = |one: &Value| one["!Ref"].as_str().unwrap().to_owned();
    function["Properties"]["Policies"].as_array().into_iter().flatten().map(name).collect()
}

fn adapters(function: &Member) -> Vec<&'static Adapter> {
    let uses = function.uses();
    ADAPTERS.iter().filter(|adapter| uses.contains(adapter.name)).collect()
}

#[test]
fn a_function_may_do_what_its_adapters_do_and_nothing_else() {
    let (resources, members) = (resources(), members());
    let mut used = BTreeSet::new();
    for function in members.iter().filter(|member| is_function(member)) {
        let (name, adapters) = (&function.name, adapters(function));
        let resource = &resources[logical_id(name)];
        let mut services = BTreeSet::new();
        for policy in policies(resource) {
            for action in actions(&resources[&policy]) {
                let (service, what) = action.split_once(':').unwrap();
                let adapter = adapters.iter().find(|adapter| adapter.service == service);
                let adapter = adapter.unwrap_or_else(|| panic!("{name}: {policy} lets it {action} without an adapter"));
                assert!(adapter.actions.contains(&what), "{name}: {policy} lets it {action}, which nothing does");
                services.insert(adapter.service);
                used.insert(action);
            }
            assert_eq!(resources[&policy]["Type"], "AWS::IAM::ManagedPolicy", "{name}: {policy}");
        }
        let needed: BTreeSet<&str> = adapters.iter().map(|adapter| adapter.service).collect();
        assert_eq!(services, needed, "the services of {name}: by its policies, and by its adapters");
        let settings = &resource["Properties"]["Environment"]["Variables"];
        for setting in adapters.iter().flat_map(|adapter| adapter.settings) {
            assert!(!settings[setting].is_null(), "{name} needs {setting}");
        }
    }
    let all = ADAPTERS.iter().flat_map(|a| a.actions.iter().map(|what| format!("{}:{what}", a.service)));
    assert_eq!(used, all.collect::<BTreeSet<_>>(), "what is allowed to some function, and what the adapters do");
}

/// A role takes ten managed policies, and SAM adds two of its own, for logs and traces:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
#[test]
fn a_role_has_room_for_its_policies() {
    let resources = resources();
    for (name, resource) in resources.as_object().unwrap() {
        if resource["Type"] == "AWS::Serverless::Function" {
            assert!(policies(resource).len() <= 8, "{name}");
        }
    }
}

#[test]
fn each_policy_is_some_functions() {
    let resources = resources();
    let of_type = |wanted: &'static str| {
        resources.as_object().unwrap().iter().filter(move |(_, resource)| resource["Type"] == wanted)
    };
    let taken: BTreeSet<String> =
        of_type("AWS::Serverless::Function").flat_map(|(_, function)| policies(function)).collect();
    let made: BTreeSet<String> = of_type("AWS::IAM::ManagedPolicy").map(|(name, _)| name.clone()).collect();
    assert_eq!(taken, made);
    assert!(made.len() > 10);
}
