//! How a route is asked: while services fail, rightly, and in each wrong way.

use super::walk::{PERSONAL, Walk};
use bedside_tests::{Answer, Ask, Device, foreign_address};
use serde_json::{Value, json};

/// What stands where something else belongs.
const LEAF: &str = "Leafcanary";

/// What a service does wrong while a route is asked, one set after the other.
const OUTAGES: [&[(&str, &str)]; 3] = [
    &[("dynamodb", "GetItem"), ("dynamodb", "Query")],
    &[("dynamodb", "TransactWriteItems"), ("dynamodb", "UpdateItem"), ("dynamodb", "PutItem"), ("kms", "Sign")],
    &[
        ("kms", "Sign"),
        ("sesv2", "SendEmail"),
        ("sms", "SendTextMessage"),
        ("chime", "CreateMeeting"),
        ("chime", "CreateAttendee"),
        ("chime", "DeleteAttendee"),
        ("chime", "DeleteMeeting"),
    ],
];

/// With what somebody comes.
#[derive(Clone, Copy)]
pub(crate) enum With<'a> {
    Nothing,
    Bearer(&'a str),
    Device(&'a Device),
    SignInAndDevice(&'a str, &'a Device),
    Session(&'a str, &'a Device),
}

/// A route, and how it is asked.
pub(crate) struct Step<'a> {
    pub(crate) route: &'a str,
    pub(crate) path: &'a str,
    pub(crate) with: With<'a>,
    pub(crate) body: Option<Value>,
    pub(crate) status: u16,
}

impl Walk {
    fn ask(&self, step: &Step<'_>, path: &str) -> Ask<'_> {
        // The audit keeps it: so is seen which route has written a record.
        let browser = format!("{} {}", PERSONAL[14], step.route);
        let ask = self.practice.ask(step.route.split_once(' ').unwrap().0, path).header("user-agent", &browser);
        let ask = ask.header("cookie", "name=Wilhelmine Canary").header("referer", "https://mail.example/Pathcanary");
        match step.with {
            // Strangers' misses are counted by address.
            With::Nothing => ask.header("x-local-address", &foreign_address()),
            With::Bearer(token) => ask.bearer(token),
            With::Device(device) => ask.device(device),
            With::SignInAndDevice(token, device) => ask.bearer(token).device(device),
            With::Session(token, device) => ask.session(token, device),
        }
    }

    /// Asks while services fail, then rightly, then in wrong ways; gives the right answer.
    pub(crate) async fn step(&mut self, step: Step<'_>) -> Answer {
        let mut right = None;
        for outage in OUTAGES {
            for (service, operation) in outage {
                self.practice.fault(service, operation, "error", 1000).await;
            }
            let answer = self.try_once(&step, "while services fail", step.path, step.body.clone()).await;
            // Not every route needs every service.
            right = right.or(Some(answer).filter(|answer| answer.status.as_u16() == step.status));
            self.practice.no_faults().await;
        }
        if ["/notify", "/resend-link", "/challenges"].iter().any(|rest| step.path.ends_with(rest)) {
            // What failed may have been counted, and is still owed: a minute later it is tried again.
            self.practice.advance(61).await;
            let _ = self.practice.local("/local/tick", &json!({})).await;
        }
        let answer = match right {
            Some(answer) => answer,
            None => self.try_once(&step, "rightly", step.path, step.body.clone()).await,
        };
        assert_eq!(answer.status.as_u16(), step.status, "{} {}: {}", step.route, step.path, answer.text);
        self.succeeded.insert(step.route.to_owned());
        self.wrongly(&step).await;
        answer
    }

    async fn try_once(&mut self, step: &Step<'_>, how: &str, path: &str, body: Option<Value>) -> Answer {
        let ask = self.ask(step, path);
        let ask = match &body {
            Some(body) => ask.json(body),
            None => ask,
        };
        let answer = ask.send().await;
        self.answers.push((format!("{} {how}", step.route), answer.clone()));
        answer
    }

    async fn wrongly(&mut self, step: &Step<'_>) {
        let parts: Vec<&str> = step.path.split('/').collect();
        for n in 2..parts.len() {
            let mut parts = parts.clone();
            parts[n] = "Pathcanary";
            let _ = self.try_once(step, "at another path", &parts.join("/"), step.body.clone()).await;
        }
        let queried = format!("{}?limit=Leafcanary&cursor=Leafcanary&deep=Leafcanary", step.path);
        let _ = self.try_once(step, "with a query", &queried, step.body.clone()).await;
        for scheme in ["Bearer", "DPoP", "Basic", "Leafcanary"] {
            let ask = self.practice.ask(step.route.split_once(' ').unwrap().0, step.path);
            let ask = ask.header("authorization", &format!("{scheme} {LEAF}")).header("dpop", LEAF).json(&json!({}));
            let answer = ask.header("idempotency-key", "Leafcanary ").send().await;
            self.answers.push((format!("{} as {scheme}", step.route), answer));
        }
        let Some(body) = &step.body else { return };
        for wrong in wrong_bodies(body) {
            let _ = self.try_once(step, &format!("with {wrong}"), step.path, Some(wrong)).await;
        }
        let whole = body.to_string();
        for raw in [format!("{{\"a\":\"{LEAF}"), whole.replace('}', LEAF), format!("\"{}\"", LEAF.repeat(2000))] {
            let answer = self.ask(step, step.path).raw(&raw).send().await;
            self.answers.push((format!("{} with no JSON", step.route), answer));
        }
        let answer = self.ask(step, step.path).untyped(&format!("name={LEAF}")).send().await;
        self.answers.push((format!("{} as a form", step.route), answer));
    }
}

/// The body with each of its values, one at a time, replaced by what does not belong there, and with a member more.
fn wrong_bodies(body: &Value) -> Vec<Value> {
    let mut wrong = Vec::new();
    let mut more = body.clone();
    more["unknown"] = json!(LEAF);
    wrong.push(more);
    for pointer in pointers(body) {
        for value in [json!(LEAF), json!([LEAF]), json!({"x": LEAF})] {
            let mut one = body.clone();
            *one.pointer_mut(&pointer).unwrap() = value;
            wrong.push(one);
        }
    }
    wrong
}

/// Where each value of a body stands.
fn pointers(body: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match body {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect(),
        _ => vec![],
    };
    let below = |(name, value): (String, &Value)| {
        let inner = pointers(value).into_iter().map(|rest| format!("/{name}{rest}")).collect::<Vec<_>>();
        [vec![format!("/{name}")], inner].concat()
    };
    children.into_iter().flat_map(below).collect()
}
