//! Requests over HTTP. What goes wrong is said and counted, and stops nothing else.

use crate::failure::{Failure, Outcome};
use bedside_tests::Device;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::Value;

/// The header by which a caller of the laptop says where it comes from.
pub(crate) const ADDRESS: &str = "x-local-address";

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Its size on the wire, without the status line.
    pub bytes: usize,
    /// The body; `null` where it is no JSON.
    pub body: Value,
}

impl Answer {
    /// The answer, if it has this status.
    ///
    /// # Errors
    /// What was answered instead.
    pub fn expect(self, status: u16) -> Outcome<Self> {
        if self.status == status {
            return Ok(self);
        }
        let code = self.body.get("code").and_then(Value::as_str).unwrap_or("without a code");
        let detail = self.body.get("detail").and_then(Value::as_str).unwrap_or_default();
        Err(Failure::said(format!("{} {code} where {status} was expected: {detail}", self.status)))
    }

    /// A text of the body.
    ///
    /// # Errors
    /// When it is not there.
    pub fn text(&self, pointer: &str) -> Outcome<String> {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.map(str::to_owned).ok_or_else(|| Failure::said(format!("an answer without {pointer}")))
    }
}

/// A request: what the API is asked, by whom.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Its method.
    pub method: Method,
    /// Its path, with the query.
    pub path: String,
    /// Its headers, in small letters.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Option<Value>,
}

impl Ask {
    /// Of a path.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None }
    }
    /// To read.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }
    /// To do.
    #[must_use]
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::POST, path).json(body)
    }
    /// With a body.
    #[must_use]
    pub fn json(self, body: Value) -> Self {
        Self { body: Some(body), ..self }.header("content-type", "application/json")
    }
    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    /// From this address, as the laptop takes it.
    #[must_use]
    pub fn from_address(self, address: &str) -> Self {
        self.header(ADDRESS, address)
    }
    /// By a key or a sign-in.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }
}

/// Connections to the laptop.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    /// How far the laptop's clock is ahead of the system's.
    ahead: SignedDuration,
}

impl Client {
    /// To the laptop at this origin.
    ///
    /// # Errors
    /// When connections cannot be had at all.
    pub fn new(url: &str) -> Outcome<Self> {
        let http = reqwest::Client::builder().pool_max_idle_per_host(4096).no_proxy().build()?;
        Ok(Self { http, url: url.to_owned(), ahead: SignedDuration::ZERO })
    }

    /// The origin.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The laptop's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + self.ahead
    }

    /// Sends a request and reads the answer to its end.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn send(&self, ask: &Ask) -> Outcome<Answer> {
        let mut request = self.http.request(ask.method.clone(), format!("{}{}", self.url, ask.path));
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &ask.body {
            request = request.body(body.to_string());
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let head: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        let text = response.bytes().await?;
        Ok(Answer { status, bytes: head + text.len(), body: serde_json::from_slice(&text).unwrap_or_default() })
    }

    /// A control of the laptop.
    ///
    /// # Errors
    /// When it does not do as asked.
    pub async fn control(&self, path: &str, body: Value) -> Outcome<Answer> {
        self.send(&Ask::post(path, body)).await?.expect(200)
    }

    /// Moves the laptop's clock ahead, and with it what devices sign.
    ///
    /// # Errors
    /// When the laptop does not.
    pub async fn advance(&mut self, by: SignedDuration) -> Outcome<()> {
        let body = serde_json::json!({ "advance": format!("PT{}S", by.as_secs()) });
        let now = self.control("/local/clock", body).await?.text("/now")?;
        let now: Timestamp = now.parse().map_err(|_| Failure::said("the laptop's clock shows no time"))?;
        self.ahead = now.duration_since(Timestamp::now());
        Ok(())
    }

    /// A request with a device's proof (RFC 9449), and with its session where there is one.
    #[must_use]
    pub fn proven(&self, ask: Ask, device: &Device, session: Option<&str>) -> Ask {
        let url = format!("{}{}", self.url, ask.path);
        let proof = device.proof(ask.method.as_str(), &url, session, self.now().as_second());
        let ask = ask.header("dpop", &proof);
        match session {
            Some(token) => ask.header("authorization", &format!("DPoP {token}")),
            None => ask,
        }
    }
}
