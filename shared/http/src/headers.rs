//! Headers that depend on the request's way: how its caller stands with the limits, and which page may read the answer.

use bedside_app::notes::Notes;
use bedside_domain::limit::{Limit, Standing};
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use lambda_http::Body;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const NEAREST: HeaderName = HeaderName::from_static("ratelimit");

/// What a page may send, and what it may read besides the body.
const METHODS: &str = "POST";
const SENT: &str = "authorization, content-type, idempotency-key";
const READ: &str = "x-request-id, retry-after, ratelimit, ratelimit-policy, idempotency-replayed";
/// For how long a browser keeps what it was told, in seconds.
const PREFLIGHT_AGE: &str = "600";

/// Sets a header; a value that is no header value comes from outside: it is left out rather than let through.
pub(crate) fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn policy(limit: Limit) -> String {
    format!("\"{}\";q={};w={}", limit.name, limit.quota, limit.seconds)
}

/// `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers: all limits, and the nearest. A 429 names
/// the limit that refused, if one of them did, and never says another time than its `Retry-After`.
pub(crate) fn rate_limits(response: &mut Response<Body>, notes: &Notes, retry_after: Option<i64>) {
    let limits = notes.limits();
    if limits.is_empty() {
        return;
    }
    let policies: Vec<String> = limits.into_iter().map(policy).collect();
    set(response, POLICY, &policies.join(", "));
    let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let speaks =
        |standing: &Standing| !is_refused || standing.remaining == 0 && Some(standing.resets_in) == retry_after;
    if let Some(Standing { limit, remaining, resets_in }) = notes.nearest().filter(speaks) {
        set(response, NEAREST, &format!("\"{}\";r={remaining};t={resets_in}", limit.name));
    }
}

/// The answer to a page's question whether it may ask. It carries no key: only the form of the origin can be judged.
pub(crate) fn preflight(origin: Option<&str>) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    set(&mut response, header::CACHE_CONTROL, "no-store");
    set(&mut response, header::VARY, "Origin");
    if let Some(origin) = origin.filter(|origin| is_origin(origin)) {
        set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        set(&mut response, header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        set(&mut response, header::ACCESS_CONTROL_ALLOW_HEADERS, SENT);
        set(&mut response, header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
    }
    response
}

/// Lets a page read the answer whose origin its key allows. Never with credentials of the browser's own.
pub(crate) fn for_page(response: &mut Response<Body>, notes: &Notes) {
    if let Some(origin) = notes.origin() {
        set(response, header::ACCESS_CONTROL_ALLOW_ORIGIN, &origin);
        set(response, header::ACCESS_CONTROL_EXPOSE_HEADERS, READ);
        set(response, header::VARY, "Origin");
    }
}

/// A secure origin (RFC 6454, 6.2): https, or a page of the caller's own machine.
fn is_origin(origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let Ok(parsed) = authority.parse::<http::uri::Authority>() else { return false };
    let host = parsed.host();
    let plain = parsed.as_str() == authority && !authority.contains('@') && authority == authority.to_ascii_lowercase();
    let named = !host.is_empty()
        && (host.starts_with('[') || host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)));
    let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    // What is no number of a port is, to the parser, no port at all.
    let after_host = authority.strip_prefix(host).unwrap_or(authority);
    let ported = after_host.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    plain && named && (after_host.is_empty() || ported) && (scheme == "https" || scheme == "http" && loopback)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const A: Limit = Limit::new("number-minute", 1, 60);
    const B: Limit = Limit::new("tenant", 2000, 86_400);

    fn headers(notes: &Notes, status: u16, retry_after: Option<i64>) -> (Option<String>, Option<String>) {
        let mut response = Response::new(Body::Empty);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        rate_limits(&mut response, notes, retry_after);
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (header(POLICY), header(NEAREST))
    }

    #[test]
    fn all_limits_are_named_and_the_nearest_is_told() {
        let notes = Notes::default();
        assert_eq!(headers(&notes, 200, None), (None, None));
        notes.limited_by(&[A, B]);
        let policy = "\"number-minute\";q=1;w=60, \"tenant\";q=2000;w=86400".to_owned();
        assert_eq!(headers(&notes, 200, None), (Some(policy.clone()), None));
        notes.stands(Standing { limit: B, remaining: 7, resets_in: 500 });
        notes.stands(Standing { limit: A, remaining: 0, resets_in: 60 });
        assert_eq!(headers(&notes, 200, None), (Some(policy), Some("\"number-minute\";r=0;t=60".to_owned())));
    }

    #[test]
    fn a_refusal_never_says_two_times() {
        let notes = Notes::default();
        notes.stands(Standing { limit: A, remaining: 0, resets_in: 60 });
        assert_eq!(headers(&notes, 429, Some(3000)).1, None, "refused by something else");
        notes.refused_by(Standing { limit: B, remaining: 0, resets_in: 3000 });
        assert_eq!(headers(&notes, 429, Some(3000)).1, Some("\"tenant\";r=0;t=3000".to_owned()));
    }

    #[test]
    fn an_origin_is_secure_and_nothing_but_an_origin() {
        for good in ["https://lander.example", "https://a.b-c.example:8443", "http://localhost:3000", "http://[::1]:1"]
        {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "null",
            "",
            "http://lander.example",
            "https://",
            "https://a/",
            "https://a b",
            "https://u@a",
            "https://A.example",
            "ftp://localhost",
            "https://a:",
            "https://a:99999",
            "https://a?b",
            "https://*",
            "https://a\u{e9}",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
