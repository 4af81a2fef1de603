//! A practice on a laptop of its own, and requests to it.

use crate::device::Device;
use bedside_local::aws::Meeting;
use bedside_local::{Laptop, Options};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

/// A practice with its lander's keys; each test has its own, so that clocks and faults are its own too.
pub struct Practice {
    laptop: Laptop,
    http: Client,
    /// What `/local/keys` says.
    pub keys: Value,
    /// Whether its calls go by Amazon Connect.
    pub by_connect: bool,
    offset_seconds: AtomicI64,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; `null` where it is none.
    pub json: Value,
}

impl Answer {
    /// The answer, if it has this status; else the test fails and shows it.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The answer, if it is a whole problem of this status and code; else the test fails and shows it.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        let body = &answer.json;
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{}", answer.text);
        for member in ["type", "title", "status", "detail", "instance", "code"] {
            assert!(!body[member].is_null(), "no {member}: {}", answer.text);
        }
        assert_eq!(body["status"], status);
        assert_eq!(body["code"], code, "{}", answer.text);
        assert_eq!(body["instance"].as_str(), answer.headers["x-request-id"].to_str().ok());
        answer
    }

    /// A text member of the answer.
    #[track_caller]
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> String {
        let found = self.json.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("no {pointer}: {}", self.text)).to_owned()
    }
}

/// A request that is being put together.
pub struct Ask<'a> {
    practice: &'a Practice,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

/// Whether this run's calls go by Amazon Connect: the journeys are the same over both carriers.
fn by_connect() -> bool {
    std::env::var("BEDSIDE_MEDIA_PROVIDER").is_ok_and(|provider| provider == "connect")
}

impl Practice {
    /// A fresh one.
    pub async fn open() -> Self {
        Self::open_with(Options::default()).await
    }
    /// One with these options, but on free ports.
    pub fn open_with(options: Options) -> impl Future<Output = Self> + Send {
        let connect = options.connect || by_connect();
        Self::on(Options { connect, ..options }.ports_free())
    }
    /// One beside which is the practice that `events/*.json` are about.
    pub fn open_with_events() -> impl Future<Output = Self> + Send {
        Self::on(Options { events: true, ..Options::default().ports_free() })
    }
    /// One whose calls go by Chime, whatever the run's other practices do: for what is said of its own attendees.
    pub fn open_by_chime() -> impl Future<Output = Self> + Send {
        Self::on(Options { connect: false, ..Options::default().ports_free() })
    }
    async fn on(options: Options) -> Self {
        let by_connect = options.connect;
        let laptop = Laptop::start(options).await.expect("the laptop starts");
        let http = Client::builder().pool_max_idle_per_host(512).no_proxy().build().unwrap();
        let mut practice = Self { laptop, http, keys: Value::Null, by_connect, offset_seconds: AtomicI64::new(0) };
        practice.keys = practice.get("/local/keys").send().await.expect(200).json;
        practice
    }

    /// The origin of the API.
    #[must_use]
    pub fn url(&self) -> &str {
        self.laptop.url()
    }
    /// The AWS endpoint.
    #[must_use]
    pub fn aws_url(&self) -> &str {
        self.laptop.aws_url()
    }
    /// A member of `/local/keys`.
    #[must_use]
    pub fn key(&self, name: &str) -> &str {
        self.keys[name].as_str().unwrap()
    }
    /// A request of any method.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Ask { practice: self, method, path: path.to_owned(), headers: vec![], body: None }
    }
    /// A GET.
    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask("GET", path)
    }
    /// A POST of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Ask<'_> {
        self.ask("POST", path).json(body)
    }
    /// A PUT of JSON.
    pub fn put(&self, path: &str, body: &Value) -> Ask<'_> {
        self.ask("PUT", path).json(body)
    }
    /// A POST by the lander's server.
    pub async fn lander(&self, path: &str, body: &Value) -> Answer {
        self.post(path, body).bearer(self.key("secretKey")).send().await
    }
    /// An access token of the practice's identity provider.
    pub async fn token(&self, role: &str, sub: Option<&str>) -> String {
        let mut body = json!({"role": role});
        if let Some(sub) = sub {
            body["sub"] = json!(sub);
        }
        self.post("/local/token", &body).send().await.expect(200).text_at("/accessToken")
    }
    /// The same of the identity provider of another practice on the laptop.
    pub async fn token_at(&self, tenant: &str, role: &str, sub: &str) -> String {
        let body = json!({"role": role, "sub": sub, "tenantId": tenant});
        self.post("/local/token", &body).send().await.expect(200).text_at("/accessToken")
    }
    /// What the laptop holds, for what no route shows: who is in a meeting, who has answered STOP.
    #[must_use]
    pub const fn laptop(&self) -> &Laptop {
        &self.laptop
    }
    /// A control of the laptop.
    pub async fn local(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body).send().await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.json
    }
    /// The practice's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.offset_seconds.load(Ordering::Relaxed))
    }
    /// Moves the practice's clock, and with it those of the devices.
    pub async fn advance(&self, seconds: i64) {
        let answer = self.local("/local/clock", &json!({"advance": format!("PT{seconds}S")})).await;
        let now: Timestamp = answer["now"].as_str().unwrap().parse().unwrap();
        self.offset_seconds.store(now.duration_since(Timestamp::now()).as_secs(), Ordering::Relaxed);
    }
    /// Makes the next `times` calls fail.
    pub async fn fault(&self, service: &str, operation: &str, kind: &str, times: u32) {
        let fault = json!({"service": service, "operation": operation, "kind": kind, "times": times});
        let _ = self.local("/local/faults", &fault).await;
    }
    /// All is well again.
    pub async fn no_faults(&self) {
        let _ = self.ask("DELETE", "/local/faults").send().await;
    }
    /// Texts and e-mails, newest first.
    pub async fn messages(&self) -> Vec<Value> {
        self.get("/local/messages").send().await.expect(200).json["messages"].as_array().unwrap().clone()
    }
    /// The calls of a visit that live at the provider.
    #[must_use]
    pub fn meetings_of(&self, visit: &str) -> Vec<Meeting> {
        let meetings = self.laptop.aws().meetings();
        meetings.into_iter().filter(|meeting| meeting.external_id == visit).collect()
    }
    /// How often each AWS operation was called since the last reset, as `service.Operation`.
    pub async fn calls(&self) -> std::collections::BTreeMap<String, u64> {
        let calls = self.get("/local/calls").send().await.expect(200).json;
        let calls = calls["calls"].as_array().unwrap().clone();
        let name =
            |call: &Value| format!("{}.{}", call["service"].as_str().unwrap(), call["operation"].as_str().unwrap());
        calls.iter().map(|call| (name(call), call["count"].as_u64().unwrap())).collect()
    }
    /// Begins to count anew.
    pub async fn reset_calls(&self) {
        let _ = self.local("/local/calls", &json!({"reset": true})).await;
    }
}

impl Ask<'_> {
    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }
    /// With a body of JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.raw(&body.to_string())
    }
    /// With a body as it is, called JSON.
    #[must_use]
    pub fn raw(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self.header("content-type", "application/json")
    }
    /// With a body as it is, and nothing said of it.
    #[must_use]
    pub fn untyped(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }
    /// With a proof of a device key.
    #[must_use]
    pub fn device(self, device: &Device) -> Self {
        let url = format!("{}{}", self.practice.key("publicOrigin"), self.path);
        let proof = device.proof(self.method.as_str(), &url, None, self.practice.now().as_second());
        self.header("dpop", &proof)
    }
    /// With a visit session that is bound to a device key.
    #[must_use]
    pub fn session(self, token: &str, device: &Device) -> Self {
        let url = format!("{}{}", self.practice.key("publicOrigin"), self.path);
        let proof = device.proof(self.method.as_str(), &url, Some(token), self.practice.now().as_second());
        self.header("dpop", &proof).header("authorization", &format!("DPoP {token}"))
    }
    /// What is asked: method, path and body.
    #[must_use]
    pub fn asked(&self) -> (String, String, Option<Value>) {
        let body = self.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        (self.method.to_string(), self.path.clone(), body)
    }
    /// Sends it.
    pub async fn send(self) -> Answer {
        self.try_send().await.expect("an answer")
    }
    /// Sends it; the connection may break.
    pub async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let url = format!("{}{}", self.practice.url(), self.path);
        let mut request = self.practice.http.request(self.method.clone(), url);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { status, headers, text, json };
        crate::document::check(&self.method, &self.path, &answer);
        Ok(answer)
    }
}

/// What the page would send of a link: its code, and the secret out of its fragment.
#[must_use]
pub fn credential(link: &str) -> Value {
    let (path, secret) = link.split_once('#').expect("a secret in the fragment");
    json!({"code": path.rsplit('/').next().unwrap(), "secret": secret})
}
