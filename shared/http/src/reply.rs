//! An answer, and how answers and problems become HTTP.

use crate::headers::{for_page, rate_limits, set};
use crate::problem::{Failure, Problem};
use bedside_app::error::Error;
use bedside_app::notes::Notes;
use http::{HeaderName, Response, StatusCode, header};
use lambda_http::Body;
use serde::Serialize;

/// An answer that is not a problem.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    body: Option<String>,
    content_type: &'static str,
    cache: &'static str,
    location: Option<String>,
    replayed: bool,
}

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

impl Reply {
    fn json_of<T: Serialize>(status: StatusCode, body: &T) -> Result<Self, Failure> {
        let body = serde_json::to_string(body).map_err(|why| Error::Internal(why.to_string()))?;
        Ok(Self { status, body: Some(body), content_type: JSON, cache: "no-store", location: None, replayed: false })
    }
    /// 200
    ///
    /// # Errors
    /// 500 when the answer has no JSON form.
    pub fn ok<T: Serialize>(body: &T) -> Result<Self, Failure> {
        Self::json_of(StatusCode::OK, body)
    }
    /// 200 of a text that is JSON already.
    #[must_use]
    pub fn ready(json: &str) -> Self {
        let (status, body) = (StatusCode::OK, Some(json.to_owned()));
        Self { status, body, content_type: JSON, cache: "no-store", location: None, replayed: false }
    }
    /// 201, without an address of its own.
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn recorded<T: Serialize>(body: &T) -> Result<Self, Failure> {
        Self::json_of(StatusCode::CREATED, body)
    }
    /// 201 with `Location`.
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn created<T: Serialize>(location: String, body: &T) -> Result<Self, Failure> {
        Ok(Self { location: Some(location), ..Self::json_of(StatusCode::CREATED, body)? })
    }
    /// 202
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn accepted<T: Serialize>(body: &T) -> Result<Self, Failure> {
        Self::json_of(StatusCode::ACCEPTED, body)
    }
    /// 204
    #[must_use]
    pub const fn no_content() -> Self {
        let (status, content_type) = (StatusCode::NO_CONTENT, "");
        Self { status, body: None, content_type, cache: "no-store", location: None, replayed: false }
    }
    /// An answer that was given before.
    pub(crate) fn replayed(status: u16, location: Option<String>, body: Option<String>, is_problem: bool) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let content_type = match (&body, is_problem) {
            (None, _) => "",
            (Some(_), true) => PROBLEM,
            (Some(_), false) => JSON,
        };
        Self { status, body, content_type, cache: "no-store", location, replayed: true }
    }
    /// What is kept of it: status, `Location`, body.
    pub(crate) fn parts(&self) -> (u16, Option<String>, Option<String>) {
        (self.status.as_u16(), self.location.clone(), self.body.clone())
    }
    /// The same, which anyone may keep for five minutes.
    #[must_use]
    pub const fn kept_five_minutes(mut self) -> Self {
        self.cache = "public, max-age=300";
        self
    }
}

/// The headers that every answer carries.
const COMMON: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The response of one request. `pages`: whether pages of other origins may read it, where their key allows that.
pub(crate) fn respond(result: Result<Reply, Failure>, request_id: &str, notes: &Notes, pages: bool) -> Response<Body> {
    let mut response = match result {
        Ok(reply) => {
            let mut response = of_reply(reply);
            rate_limits(&mut response, notes, None);
            response
        }
        Err(failure) => of_failure(failure, request_id, notes),
    };
    if pages {
        for_page(&mut response, notes);
    }
    finish(response, request_id)
}

/// With the headers that every answer carries.
pub(crate) fn finish(mut response: Response<Body>, request_id: &str) -> Response<Body> {
    for (name, value) in COMMON {
        set(&mut response, name, value);
    }
    set(&mut response, REQUEST_ID, request_id);
    response
}

fn of_reply(reply: Reply) -> Response<Body> {
    let mut response = Response::new(reply.body.map_or(Body::Empty, Body::Text));
    *response.status_mut() = reply.status;
    if !reply.content_type.is_empty() {
        set(&mut response, header::CONTENT_TYPE, reply.content_type);
    }
    set(&mut response, header::CACHE_CONTROL, reply.cache);
    if let Some(location) = reply.location {
        set(&mut response, header::LOCATION, &location);
    }
    if reply.replayed {
        set(&mut response, REPLAYED, "true");
    }
    response
}

fn of_failure(failure: Failure, request_id: &str, notes: &Notes) -> Response<Body> {
    let problem = Problem::of(failure, request_id);
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    set(&mut response, header::CONTENT_TYPE, PROBLEM);
    set(&mut response, header::CACHE_CONTROL, "no-store");
    if let Some(seconds) = problem.retry_after {
        set(&mut response, header::RETRY_AFTER, &seconds.to_string());
    }
    rate_limits(&mut response, notes, problem.retry_after);
    if let Some(scheme) = problem.www_authenticate {
        set(&mut response, header::WWW_AUTHENTICATE, scheme);
    }
    response
}
