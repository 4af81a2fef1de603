//! One request: its parts, parsed when a handler asks for them.

use crate::body;
use bedside_app::api::Empty;
use bedside_app::caller::Client;
use bedside_app::error::{Error, FieldError};
use bedside_app::notes::Notes;
use bedside_domain::parse::Invalid;
use bedside_domain::person::Country;
use http::{HeaderMap, Method, header};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt as _};
use ring::rand::SecureRandom as _;
use std::str::FromStr;
use subtle::ConstantTimeEq as _;

/// The header by which the edge network proves that a request came through it.
const ORIGIN_SECRET: &str = "x-origin-secret";
const VIEWER_ADDRESS: &str = "cloudfront-viewer-address";
const VIEWER_COUNTRY: &str = "cloudfront-viewer-country";
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// One request. It has credentials and a body: no `Debug`.
pub struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) client: Client,
    params: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    /// Takes a request apart. `origin_secret`: what the edge network sends.
    pub(crate) fn of(request: Request, origin_secret: Option<&str>) -> Self {
        let context = request.request_context_ref().cloned();
        let (source, request_id) = match &context {
            Some(RequestContext::ApiGatewayV1(v1)) => (v1.identity.source_ip.clone(), v1.request_id.clone()),
            Some(RequestContext::ApiGatewayV2(v2)) => (v2.http.source_ip.clone(), v2.request_id.clone()),
            // Events of other kinds are not subscribed to.
            Some(_) | None => (None, None),
        };
        let pairs = |map: lambda_http::aws_lambda_events::query_map::QueryMap| {
            map.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
        };
        let (params, query) = (pairs(request.path_parameters()), pairs(request.query_string_parameters()));
        let path = request.raw_http_path().to_owned();
        let (parts, body) = request.into_parts();
        let headers = parts.headers;
        let client = Client {
            request_id: request_id.filter(|id| is_request_id(id)).unwrap_or_else(new_id),
            nonce: new_id(),
            address: address(&headers, source.as_deref(), origin_secret),
            country: country(&headers, origin_secret),
            user_agent: text(&headers, header::USER_AGENT.as_str()).unwrap_or_default().chars().take(512).collect(),
            notes: Notes::default(),
        };
        let body = match body {
            Body::Text(text) => text.into_bytes(),
            Body::Binary(bytes) => bytes,
            _ => Vec::new(),
        };
        Self { method: parts.method, path, headers, client, params, query, body }
    }

    /// From where it came.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The body as it came.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// A header's value, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }

    /// A segment of the path as it came; empty where the route has none of that name.
    #[must_use]
    pub fn segment(&self, name: &str) -> &str {
        self.param(name).unwrap_or_default()
    }

    /// An id in the path. One that is not well formed is, to whoever reads, not there.
    ///
    /// # Errors
    /// 404.
    pub fn id<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.param(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
    }

    /// An id in the path that is to be written: whoever writes is told what is wrong with it.
    ///
    /// # Errors
    /// 400.
    pub fn new_id<T: FromStr<Err = Invalid>>(&self, name: &str) -> Result<T, Error> {
        let text = self.param(name).unwrap_or_default();
        text.parse().map_err(|why: Invalid| {
            Error::ValidationFailed(vec![FieldError::new(format!("/path/{name}"), why.to_string())])
        })
    }

    fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query; given twice, it is wrong.
    ///
    /// # Errors
    /// 400.
    pub fn query<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
        expected: &str,
    ) -> Result<Option<T>, Error> {
        let mut values = self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let Some(value) = values.next() else { return Ok(None) };
        let wrong = || Error::ValidationFailed(vec![FieldError::new(format!("/query/{name}"), expected)]);
        if values.next().is_some() {
            return Err(wrong());
        }
        read(value).map(Some).ok_or_else(wrong)
    }

    /// The body.
    ///
    /// # Errors
    /// 413, 415, 400.
    pub fn json<T: deserr::Deserr<body::FieldErrors>>(&self) -> Result<T, Error> {
        if self.body.len() > body::MAX_BYTES {
            return Err(Error::PayloadTooLarge);
        }
        if !self.body.is_empty() && !is_json(self.header(header::CONTENT_TYPE.as_str())) {
            return Err(Error::UnsupportedMediaType);
        }
        body::read(&self.body)
    }

    /// The body, where one came.
    ///
    /// # Errors
    /// As [`Call::json`].
    pub fn json_if_any<T: deserr::Deserr<body::FieldErrors>>(&self) -> Result<Option<T>, Error> {
        if self.body.is_empty() { Ok(None) } else { self.json().map(Some) }
    }

    /// Which page of a list: `limit` from 1 to 100 (25), and `cursor`.
    ///
    /// # Errors
    /// 400.
    pub fn paging(&self) -> Result<(usize, Option<String>), Error> {
        let limit = |text: &str| text.parse().ok().filter(|n| (1..=100).contains(n));
        let limit = self.query("limit", limit, "Must be from 1 to 100.")?.unwrap_or(25);
        let cursor = self.query("cursor", |text| Some(text.to_owned()), "Must be given once.")?;
        Ok((limit, cursor))
    }

    /// No body, or `{}`.
    ///
    /// # Errors
    /// As [`Call::json`].
    pub fn nothing(&self) -> Result<(), Error> {
        self.json_if_any::<Empty>().map(|_| ())
    }

    /// `Idempotency-Key`: 1–128 printable characters.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub fn idempotency_key(&self) -> Result<Option<String>, Error> {
        let Some(value) = self.headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default();
        let printable = text.bytes().all(|b| (b' '..=b'~').contains(&b)) && text.trim() == text;
        if (1..=128).contains(&text.len()) && printable {
            return Ok(Some(text.to_owned()));
        }
        let why = "Must be 1 to 128 printable characters.";
        Err(Error::ValidationFailed(vec![FieldError::new("/header/Idempotency-Key", why)]))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_request_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
}

/// A UUIDv7: for the invocation, and for the request where no gateway has numbered it.
fn new_id() -> String {
    let mut random = [0; 10];
    // Without randomness the id is a bare time: good enough to find a request by.
    let _ = ring::rand::SystemRandom::new().fill(&mut random);
    let millis = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
}

/// Whether the request came through the edge network: only then its headers are its own.
fn is_through_edge(headers: &HeaderMap, origin_secret: Option<&str>) -> bool {
    let secret = text(headers, ORIGIN_SECRET).unwrap_or_default();
    origin_secret.is_some_and(|expected| expected.as_bytes().ct_eq(secret.as_bytes()).into())
}

/// The caller's country, as the edge network sees it.
fn country(headers: &HeaderMap, origin_secret: Option<&str>) -> Option<Country> {
    let viewer = text(headers, VIEWER_COUNTRY).filter(|_| is_through_edge(headers, origin_secret))?;
    Country::parse(viewer).ok()
}

/// The caller's address: what the edge network says, if it is the edge network, else what the gateway saw.
/// Never `X-Forwarded-For`, whose left end anyone can write.
fn address(headers: &HeaderMap, source: Option<&str>, origin_secret: Option<&str>) -> String {
    let viewer = text(headers, VIEWER_ADDRESS).filter(|_| is_through_edge(headers, origin_secret));
    // `address:port`; an IPv6 address has colons of its own.
    let viewer = viewer.and_then(|value| value.rsplit_once(':')).map(|(address, _)| address.trim_matches(['[', ']']));
    let parsed = viewer.or(source).and_then(|text| text.parse::<std::net::IpAddr>().ok());
    parsed.map_or_else(|| "0.0.0.0".to_owned(), |address| address.to_string())
}

fn is_json(content_type: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    essence
        && parts.all(|part| match part.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
                value.trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            Some(_) => true,
            None => part.is_empty(),
        })
}
